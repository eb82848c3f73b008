"""The literal look is the page's look: PAINT and TOKENS against the style sheets, rule by rule."""

import re
from pathlib import Path

import pytest

from assessments.charts.theme import COLOUR_OF, DEEP, PAINT, TOKENS, attributes
from tests.assessments.charts.drawings import parsed
from tests.assessments.charts.samples import CHARTS, draw

CSS = Path(__file__).parents[3] / "static" / "css"
RULE = re.compile(r"^\.chart ([^{}]+?) \{([^}]*)\}", re.M)


def declarations(block):
    return dict(part.strip().split(": ", 1) for part in block.split(";") if part.strip())


def light_tokens():
    source = (CSS / "tokens.css").read_text()
    return dict(re.findall(r"--([\w-]+): (#\w+);", source[: source.index("@media")]))


def chart_rules():
    rules: dict[str, dict[str, str]] = {}
    for selectors, block in RULE.findall((CSS / "charts.css").read_text()):
        for selector in selectors.split(","):
            name = selector.replace(".chart", "").strip().removeprefix(".")
            rules[name] = rules.get(name, {}) | declarations(block)
    return rules


def test_tokens_are_those_of_the_light_page_on_white_paper():
    light = light_tokens() | {"paper": "#ffffff", "surface": "#ffffff"}
    assert dict(TOKENS) == {name: light[name] for name in TOKENS}


@pytest.mark.parametrize("name", [n for n in PAINT if n != "glyph"])
def test_each_mark_is_painted_as_in_the_style_sheet(name):
    def css(value, attribute):
        if value == "deep":
            return "color-mix(in oklab, var(--c) 78%, var(--ink))"
        if attribute in ("fill", "stroke") and value != "none":
            return f"var(--{value})"
        return value

    assert chart_rules()[name] == {attribute: css(value, attribute) for attribute, value in PAINT[name].items()}


def test_colour_classes_mean_the_same_token():
    rules = chart_rules()
    for name, token in COLOUR_OF.items():
        if name.startswith("s-"):
            assert rules[name] == {"--c": f"var(--{token})"}


@pytest.mark.parametrize("kind", sorted(CHARTS))
def test_every_class_drawn_is_in_the_style_sheet(kind):
    chart = draw(kind)
    drawn = {
        name
        for svg in (chart.wide, chart.narrow, *(item.svg for item in chart.key))
        for element in list(parsed(svg).iter())[1:]
        for name in element.get("class", "").split()
    }
    known = {part for rule in chart_rules() for part in re.split(r"[.\s]+", rule)} | set(COLOUR_OF)
    assert drawn - known - {"l", "glyph", "f", "ht0", "ht1", "ht2", "ht3", "ht4", "lt1", "lt2", "lt3", "later"} == set()


def test_deep_colours_are_what_a_browser_mixes(page):
    for name, colour in DEEP.items():
        mixed = page.evaluate(
            """([colour, ink]) => {
              const context = document.createElement("canvas").getContext("2d");
              context.fillStyle = `color-mix(in oklab, ${colour} 78%, ${ink})`;
              context.fillRect(0, 0, 1, 1);
              return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
            }""",
            [TOKENS[name], TOKENS["ink"]],
        )
        assert [int(colour[i : i + 2], 16) for i in (1, 3, 5)] == pytest.approx(mixed, abs=1), name
    assert attributes("fill deep d-ada", "ink") == {"fill": DEEP["ada"]}
    assert attributes("fill deep", "ink") == {"fill": TOKENS["ink"]}
