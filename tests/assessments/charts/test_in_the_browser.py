"""Charts on a page, in a real browser: the drawing that fits is shown unscaled, and every mark can be reached."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from playwright.sync_api import expect

from tests.assessments.charts.samples import CHARTS, draw

STATIC = Path(__file__).parents[3] / "static"
FOR_THE_WALL = {kind for kind in CHARTS if kind.endswith("_big")}
DRAWING = ":is(.chart-wide, .chart-narrow, .only) > svg.chart:visible"
PAGE = '<!doctype html><html lang="en"><main>{% load ui %}{% figure chart %}</main></html>'


def show(page, chart, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(Template(PAGE).render(Context({"chart": chart})))
    for name in ("tokens", "base", "components", "charts", "utilities"):
        page.add_style_tag(path=STATIC / "css" / f"{name}.css")


@pytest.mark.parametrize("width", [390, 800, 1440])
@pytest.mark.parametrize("kind", sorted(CHARTS.keys() - {"strip_axis", "strip", "spark"} - FOR_THE_WALL))
def test_one_drawing_is_shown_and_its_text_is_not_shrunk(page, kind, width):
    chart = draw(kind)
    show(page, chart, width)
    shown = page.locator(DRAWING)
    expect(shown).to_have_count(1)
    drawn = float(shown.get_attribute("width"))
    assert shown.bounding_box()["width"] == pytest.approx(drawn, rel=0.06)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_real_text_stays_inside_the_drawing(page):
    """The widths that labels are placed by are estimates; here the browser's own font is measured."""
    for kind in sorted(CHARTS.keys() - {"strip_axis"}):
        show(page, draw(kind), 1440)
        outside = page.evaluate(
            """[...document.querySelectorAll("svg.chart")]
            .filter(svg => svg.getBoundingClientRect().width)
            .flatMap(svg => {
              const box = svg.getBoundingClientRect();
              return [...svg.querySelectorAll("text")].filter(text => {
                const own = text.getBoundingClientRect();
                return own.left < box.left - 4 || own.right > box.right + 4;
              }).map(text => text.textContent);
            })"""
        )
        assert outside == [], kind


def test_pointer_and_arrow_keys_say_what_a_mark_says(page):
    show(page, draw("coverage"), 1440)
    page.add_script_tag(path=STATIC / "js" / "charts.js", type="module")
    tip = page.locator(".chart-tip")
    tip.wait_for(state="attached")  # the first thing that the script does
    expect(page.locator(DRAWING)).to_have_attribute("tabindex", "0")
    svg = page.locator(DRAWING)
    svg.locator(".mark").first.hover()
    expect(tip).to_have_text("Innovation impact: 58 of 120")
    svg.focus()
    page.keyboard.press("ArrowRight")
    expect(tip).to_have_text("Ecosystem health: 62 of 120")
    page.keyboard.press("ArrowRight")
    expect(tip).to_have_text("Adaptability: withheld: protects a small group")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(tip).not_to_have_text(re.compile("^$|58 of 120"))  # round to the last
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
