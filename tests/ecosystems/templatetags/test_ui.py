"""The design system's tags, rendered; charts through a stand-in of their shape, since ecosystems knows no charts."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

HOSTILE = "<script>alert('x')</script>"
SAFE = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"


def render(source, **context):
    return " ".join(Template("{% load ui %}" + source).render(Context(context)).split())


def test_stylesheets_in_order_with_utilities_last():
    html = render('{% stylesheets "workshop" %}')
    names = [part.split(".css")[0].split(".")[0] for part in html.split("css/")[1:]]
    assert names == ["tokens", "base", "components", "forms", "charts", "workshop", "utilities"]
    with pytest.raises(TemplateSyntaxError, match="nonsense"):
        render('{% stylesheets "nonsense" %}')


@pytest.mark.parametrize(
    "source",
    [
        '{% brand "/" x %}',
        "{% breadcrumb crumbs %}",
        '{% breadcrumb x "/" x %}',
        "{% stepper steps current=1 label=x %}",
        "{% progress 1 2 x %}",
        "{% banner %}{{ x }}{% endbanner %}",
        "{% empty_state x %}{{ x }}{% endempty_state %}",
        "{% stat x x of=x note=x url=x link=x %}",
        "{% stat x None reason=x %}",
        "{% delta 1 since=x %}",
        "{% delta None since=x reason=x %}",
        "{% delta_words None reason=x %}",
        "{% absent x %}",
        "{% badge x x %}",
        "{% glyph x %}{{ x }}",
        "{% dimension x x %}",
    ],
)
def test_every_text_is_escaped(source):
    html = render(source, x=HOSTILE, crumbs=[(HOSTILE, HOSTILE), (HOSTILE, None)], steps=[HOSTILE])
    assert SAFE in html
    assert "<script" not in html


def test_breadcrumb_ends_at_the_page_itself():
    html = render('{% breadcrumb "Home" "/" "Wave 4" %}')
    assert html == (
        '<nav aria-label="Breadcrumb"><ol class="breadcrumb"> <li><a href="/">Home</a></li> '
        '<li aria-current="page">Wave 4</li> </ol></nav>'
    )
    assert render("{% breadcrumb c %}", c=[]) == ""


def test_stepper_marks_done_and_current():
    html = render("{% stepper s current=2 %}", s=["A", ("B", "/b"), "C"])
    assert html == (
        '<ol class="stepper" aria-label="Steps"> <li class="done"><span>A</span></li> '
        '<li aria-current="step"><span><a href="/b">B</a></span></li> <li><span>C</span></li> </ol>'
    )


@pytest.mark.parametrize(("value", "maximum", "shown"), [(3, 5, ("3", "5")), (9, 5, ("5", "5")), (0, 0, ("0", "1"))])
def test_progress_stays_within_its_whole(value, maximum, shown):
    html = render('{% progress v m "w" %}', v=value, m=maximum)
    assert html == f'<progress value="{shown[0]}" max="{shown[1]}" aria-label="w"></progress>'


def test_unknown_icon_names_itself():
    with pytest.raises(TemplateSyntaxError, match="“nope” is not one of"):
        render('{% icon "nope" %}')


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("{{ 57.5|score }}", "58"),
        ("{{ v|signed:1 }}", "−3.3"),
        ("{{ none|score }}|{{ none|signed }}", "|"),
        ("{% interval 10.2 25 %}", '<span dir="ltr" class="nowrap">10 to 25</span>'),
        ("{% interval -2 14 digits=1 sign=True %}", '<span dir="ltr" class="nowrap">−2.0 to +14.0</span>'),
        ("{% interval none 3 %}", '<span class="muted">no interval</span>'),
        ("{% withheld %}", '<span class="withheld">withheld: protects a small group</span>'),
        (
            "{% withheld short=True %}",
            '<span class="withheld">withheld<span class="visually-hidden">: protects a small group</span></span>',
        ),
    ],
)
def test_numbers(source, html):
    assert render(source, v=-3.25, none=None) == html


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (5.2, 1, 9, "▲ +5 clear change"),
        (-5.2, -9, 1, "▼ −5 could be chance"),
        (0.2, -1, 1, "= 0 could be chance"),
        (5.2, None, None, "▲ +5 interval unknown"),
    ],
)
def test_delta_says_whether_the_change_is_real(value, low, high, words):
    html = render("{% delta_words v low=low high=high %}", v=value, low=low, high=high)
    text = html.replace('<span class="nowrap"><b dir="ltr">', "").replace("</b></span>", "")
    assert text.replace('<span class="muted">', "").replace("<span>", "").replace("</span>", "") == words
    assert ("muted" in html) is ("clear" not in words)


def test_stat_without_a_number_says_why_and_never_zero():
    assert '<span class="muted">one dimension is missing</span>' in render(
        '{% stat "G" None reason="one dimension is missing" %}'
    )
    withheld = render('{% stat "G" None reason="withheld" %}')
    assert '<span class="withheld">withheld: protects a small group</span>' in withheld
    assert "value" not in withheld
    assert '<span class="value">0</span>' in render('{% stat "G" 0 %}')


def test_messages_are_banners_by_level():
    messages = [Message(constants.SUCCESS, "Saved"), Message(constants.ERROR, HOSTILE)]
    html = render("{% message_list m %}", m=messages)
    assert 'class="banner good"' in html
    assert 'class="banner bad"' in html
    assert SAFE in html
    assert render("{% message_list m %}", m=[]) == ""


def test_pagination_keeps_the_query_and_marks_the_page():
    request = RequestFactory().get("/", {"q": "a&b", "page": "2"})
    page = Paginator(range(250), 10).page(2)
    html = render("{% pagination page %}", page=page, request=request)
    assert '<span aria-current="page">2</span>' in html
    assert 'href="?q=a%26b&amp;page=3"' in html
    assert "11 to 20 of 250" in html
    assert render("{% pagination page %}", page=Paginator(range(3), 10).page(1), request=request) == ""


@dataclass
class Cell:
    text: str
    withheld: bool = False
    absent: bool = False


def drawn(width=540, narrow="<svg>narrow</svg>"):
    rows = ((Cell("A"), Cell("58"), Cell("w", withheld=True), Cell("needs two waves", absent=True), Cell(HOSTILE)),)
    return SimpleNamespace(
        spec=SimpleNamespace(title="Who <b>", description="d", columns=("", "x", "y", "z", "q"), rows=rows),
        wide="<svg>wide</svg>",
        narrow=narrow,
        wide_width=width,
        key=(SimpleNamespace(svg="<svg>k</svg>", label="all <groups>"),),
    )


def test_figure_has_heading_both_drawings_key_and_table():
    html = render('{% figure c sub="Ring" id="gap" level=2 class="x" %}', c=drawn())
    assert '<figure class="figure wide-m x" id="gap">' in html
    assert "<h2>Who &lt;b&gt;</h2><p>Ring</p>" in html
    assert '<div class="chart-wide"><svg>wide</svg></div><div class="chart-narrow"><svg>narrow</svg></div>' in html
    assert '<ul class="key"><li><svg>k</svg>all &lt;groups&gt;</li></ul>' in html
    assert '<th scope="row">A</th><td class="num">58</td>' in html
    assert '<td class="num"><span class="withheld">withheld: protects a small group</span></td>' in html
    assert '<td class="num"><span class="muted">needs two waves</span></td>' in html
    assert SAFE in html
    assert "<details" not in render("{% figure c table=False %}", c=drawn())


@pytest.mark.parametrize(
    ("width", "size"), [(340, "mid"), (420, "mid"), (560, "wide-m"), (760, "wide-l"), (4000, "wide-l")]
)
def test_figure_shows_the_wide_drawing_only_where_it_fits(width, size):
    html = render("{% figure c %}", c=drawn(width))
    assert f'class="figure {size}"' in html
    assert ("chart-scroll" in html) is (width > 800)


def test_one_drawing_is_shown_once():
    assert render("{% figure c %}", c=drawn(narrow="<svg>wide</svg>")).count("<svg>wide</svg>") == 1
