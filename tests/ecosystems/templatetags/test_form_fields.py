import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django import forms
from django.template import Context, Template


class WaveForm(forms.Form):
    name = forms.CharField(help_text="As its <members> call it", max_length=20)
    note = forms.CharField(widget=forms.Textarea, required=False)
    opens = forms.DateField()
    closes = forms.DateTimeField(required=False)
    mode = forms.ChoiceField(choices=[("a", "Anonymous"), ("n", "By name")], widget=forms.RadioSelect, help_text="Hint")
    groups = forms.MultipleChoiceField(
        choices=[(1, "Customers"), (2, "Partners")], widget=forms.CheckboxSelectMultiple, required=False
    )
    rhythm = forms.ChoiceField(choices=[("m", "Monthly"), ("y", "Yearly")])
    agreed = forms.BooleanField(help_text="Said before the first answer")
    people = forms.FileField(required=False)
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mode"].option_hints = {"a": "Nobody can see who said what"}


def render(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


def tree(html):
    """The HTML as XML: Django writes attributes without values and void elements without slashes."""
    for name in ("required", "checked", "selected", "autofocus", "multiple"):
        html = html.replace(f" {name}>", f' {name}="">').replace(f" {name} ", f' {name}="" ')
    html = html.replace("&nbsp;", " ").replace("<br>", "<br/>")

    return ElementTree.fromstring("<r>" + re.sub(r"<input([^>]*)>", r"<input\1/>", html) + "</r>")


@pytest.fixture
def wrong():
    return WaveForm({"name": '"><script>x</script>' + "y" * 30, "opens": "soon", "groups": ["9"]})


@pytest.mark.parametrize("bound", [False, True])
def test_every_control_has_a_label_and_points_at_words_that_exist(bound, wrong):
    root = tree(render("{% error_summary f %}{% fields f %}", f=wrong if bound else WaveForm()))
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {e.get("for") for e in root.iter("label")}
    controls = [e for e in root.iter() if e.tag in ("input", "select", "textarea") and e.get("type") != "hidden"]
    assert {e.get("id") for e in controls} == labelled
    described = [name for e in root.iter() for name in (e.get("aria-describedby") or "").split()]
    assert described
    assert set(described) <= set(ids)
    for e in controls:
        in_list = e.get("name") in ("mode", "groups", "agreed")
        assert in_list or "input" in (e.get("class") or "").split()
    links = {e.get("href").removeprefix("#") for e in root.iter("a")}
    assert links <= {e.get("id") for e in controls}
    assert bool(links) is bound


def test_errors_are_beside_the_field_and_in_the_summary_and_nothing_typed_is_lost(wrong):
    html = render("{% error_summary f %}{% fields f %}", f=wrong)
    root = tree(html)
    (summary,) = [e for e in root.iter("div") if e.get("class") == "error-summary"]
    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1")
    assert summary.find("h2").text == "7 things need your attention"
    assert [a.get("href") for a in summary.iter("a")] == [
        "#id_name",
        "#id_opens",
        "#id_mode_0",
        "#id_groups_0",
        "#id_rhythm",
        "#id_agreed",
    ]
    (name,) = [e for e in root.iter("input") if e.get("name") == "name"]
    assert name.get("value") == '"><script>x</script>' + "y" * 30
    assert name.get("aria-invalid") == "true"
    assert name.get("aria-describedby") == "id_name_helptext id_name_error"
    assert "<script" not in html


def test_dates_use_the_browsers_picker_and_iso_values():
    form = WaveForm(initial={"opens": date(2026, 11, 14)})
    inputs = {e.get("name"): e for e in tree(render("{% fields f %}", f=form)).iter("input")}
    assert (inputs["opens"].get("type"), inputs["opens"].get("value")) == ("date", "2026-11-14")
    assert inputs["closes"].get("type") == "datetime-local"
    assert WaveForm({"opens": "2026-11-14"})["opens"].field.clean("2026-11-14") == date(2026, 11, 14)


def test_radio_options_have_their_own_hints():
    root = tree(render("{% field f.mode %}", f=WaveForm()))
    first, second = root.iter("input")
    assert (first.get("aria-describedby"), second.get("aria-describedby")) == ("id_mode_0_hint", None)
    assert [e.text for e in root.iter("legend")] == ["Mode"]


def test_options_of_the_tag_win_and_reach_the_control():
    root = tree(
        render(
            '{% field f.note label="Why" hint="Short" optional=False class="narrow" autocomplete="off" %}', f=WaveForm()
        )
    )
    assert root.find("div").get("class") == "field narrow"
    assert root.find("div/label").text == "Why"
    assert root.find("div/span").text == "Short"
    assert root.find("div/textarea").get("autocomplete") == "off"
    assert "(optional)" in render("{% field f.note %}", f=WaveForm())
    assert "(optional)" not in render("{% field f.name %}", f=WaveForm())


def test_no_errors_no_summary_and_formsets_say_the_row():
    assert render("{% error_summary f %}", f=WaveForm()).strip() == ""
    assert render("{% error_summary f %}", f=None).strip() == ""
    rows = forms.formset_factory(WaveForm, extra=0)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"}
    html = render("{% error_summary f %}", f=rows(data))
    assert '<a href="#id_form-0-opens">Row 1: Opens: This field is required.</a>' in html


def test_errors_of_the_whole_form_stand_first():
    class Whole(WaveForm):
        def clean(self):
            raise forms.ValidationError("The wave must close after it opens")

    root = tree(render("{% error_summary f %}", f=Whole({"name": "x"})))
    first = next(root.iter("li"))
    assert (first.text, first.find("a")) == ("The wave must close after it opens", None)
