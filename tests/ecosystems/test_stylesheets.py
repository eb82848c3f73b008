"""The style sheets hold what they promise: one dark list, readable colours, nothing a phone of 2021 cannot read."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
SPLIT = re.split(r"(?=@media)", TOKENS)


def tokens(block):
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block))


LIGHT = tokens(SPLIT[0])
DARK = [tokens(block) for block in SPLIT[1:3]]


def test_both_dark_lists_are_the_same_and_name_known_tokens():
    assert DARK[0] == DARK[1]
    assert set(DARK[0]) <= set(LIGHT)
    coloured = {name for name, value in LIGHT.items() if value.startswith("#") or "rgb" in value}
    assert set(DARK[0]) == coloured


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *((ink, paper, 4.5) for ink in ("ink", "ink-2", "ink-3") for paper in ("paper", "surface", "sunken")),
    *(("accent", paper, 4.5) for paper in ("paper", "surface", "accent-wash")),
    ("accent-ink", "accent", 4.5),
    *((state, f"{state}-wash", 4.5) for state in ("good", "warn", "bad")),
    *((mark, "paper", 3) for mark in ("inn", "eco", "ada", "sta", "sus", "line-strong", "warn", "bad")),
    *(("ink", f"h{i}", 4.5) for i in range(5)),
    *(("accent-ink", f"h{i}", 4.5) for i in (5, 6)),
    *(("l-on", f"l{i}", 4.5) for i in (0, 4)),
    *(("ink", f"l{i}", 4.5) for i in (1, 2, 3)),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_can_be_told_apart(theme, front, back, least):
    values = LIGHT if theme == "light" else LIGHT | DARK[0]
    assert contrast(values[front], values[back]) >= least


@pytest.mark.parametrize("name", ["tokens", "base", "components", "forms", "utilities"])
def test_the_fill_in_page_needs_no_recent_css(name):
    source = re.sub(r"/\*.*?\*/", "", (CSS / f"{name}.css").read_text(), flags=re.S)
    for recent in ("light-dark(", "@layer", "color-mix(", ":has(", "&", "@scope"):
        assert recent not in source
    depth = 0
    for line in source.splitlines():  # nesting: a rule opened inside a rule that is not an at-rule
        opened = line.strip().endswith("{") and not line.strip().startswith("@")
        assert not (opened and depth), line
        depth += (1 if opened else 0) - (1 if line.strip() == "}" and depth else 0)
    for line in source.splitlines():
        if "dvh" in line:
            assert "vh;" in line.split("dvh")[0]


def test_every_token_used_exists():
    used = {name for path in CSS.glob("*.css") for name in re.findall(r"var\(--([\w-]+)", path.read_text())}
    assert used - set(LIGHT) - {"c", "gap"} == set()
