"""The forms of steps on which the room votes: ratings, dots, rankings, links and bets."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import ActivityKind
from assessments.forms.agenda import ChoosingForm, StepForm
from assessments.forms.agenda_lines import (
    LONGEST_FACTOR,
    LinesField,
    matched,
    new_key,
    options_of,
    read_line,
    read_pairs,
    written_line,
    written_options,
    written_pairs,
)
from assessments.models import Activity
from assessments.models.activity_plans import (
    SCALES,
    BetPlan,
    DotsPlan,
    Item,
    LinksPlan,
    Option,
    Pair,
    Plan,
    RankingPlan,
    RatePlan,
)
from assessments.selectors.asked_items import Chapter, Named, Question, named_in
from assessments.selectors.link_choices import link_choices
from assessments.selectors.workshops import idea_steps
from ecosystems.forms.fields import choice_field, hint_options, row_field

ROOM_SCALE: Final = (1, 10)


class RateForm(ChoosingForm):
    kind = ActivityKind.RATE
    main = "written"
    groups_apart = True
    written = LinesField(
        longest=300,
        label=gettext_lazy("Questions of your own"),
        help_text=gettext_lazy(
            "One a line. Words for the ends of its own scale can follow: How ready are we? | not at all | fully"
        ),
    )
    scale = forms.ChoiceField(
        label=gettext_lazy("Scale"),
        choices=[(f"{low}-{high}", f"{low} – {high}") for low, high in SCALES],
        initial="1-10",
    )
    low_label = forms.CharField(label=gettext_lazy("Words at the low end"), max_length=60, required=False)
    high_label = forms.CharField(label=gettext_lazy("Words at the high end"), max_length=60, required=False)
    confidence = forms.BooleanField(label=gettext_lazy("Ask how sure people are"), required=False)
    reasons = forms.BooleanField(label=gettext_lazy("Let people say why"), required=False, initial=True)

    def prepare(self) -> None:
        super().prepare()
        choice_field(self, "scale").choices = [
            (f"{low}-{high}", _("%(low)s to %(high)s") % {"low": low, "high": high}) for low, high in SCALES
        ]

    def stored(self) -> dict[str, Any]:
        if self.activity is None:
            return {}
        plan: RatePlan = self.old
        offered = self.offered()
        return {
            "written": "\n".join(written_line(item) for item in plan.items if not item.item),
            "chosen": [item.item for item in plan.items if item.item in offered],
            "scale": f"{plan.lowest}-{plan.highest}",
            **{name: getattr(plan, name) for name in ("low_label", "high_label", "confidence", "reasons")},
        }

    def offered(self) -> dict[str, Question]:
        """Those of the instrument; questions asked so far stay, though they may come from another wave's version."""
        found = {question.item.item: question for chapter in self.chapters for question in chapter.questions}
        gone = {item.item: Question(item, item.facet, is_room=False) for item in self.old.items if item.item}
        return gone | found

    def offers(self, chapter: Chapter) -> list[tuple[str, str, str]]:
        room, asked = _("for a room"), _("from the questionnaire")
        return [
            (one.item.item, one.item.text, f"{one.facet} · {room if one.is_room else asked}")
            for one in chapter.questions
        ]

    def written_items(self, lines: list[str], chosen: list[Item]) -> tuple[Item, ...]:
        """The chosen and the written ones; what was there before keeps its key, its codes and its place."""
        free: list[Item] = [item for item in self.old.items if not item.item]
        taken = {item.key for item in self.old.items} | {item.key for item in chosen}
        typed = [read_line(line) for line in lines]
        written = []
        before: list[Item | None] = matched([line.text for line in typed], free, _text)
        for line, was in zip(typed, before, strict=True):
            kept = was or Item(key=new_key("q", taken), text="")
            written.append(replace(kept, text=line.text, low=line.low, high=line.high))
        order = {item.key: place for place, item in enumerate(self.old.items)}
        return tuple(sorted([*chosen, *written], key=lambda item: order.get(item.key, len(order))))

    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        offered = self.offered()
        before = {item.item: item for item in self.old.items if item.item}
        chosen = [before.get(code, offered[code].item) for code in offered if code in set(cleaned["chosen"])]
        low, high = (int(end) for end in cleaned["scale"].split("-"))
        if (low, high) != ROOM_SCALE and any(offered[item.item].is_room for item in chosen):
            self.add_error("scale", _("Questions made for a room are asked on 1 to 10. Choose that scale."))
        return RatePlan(
            items=self.written_items(cleaned["written"], chosen),
            lowest=low,
            highest=high,
            **{name: cleaned[name] for name in ("low_label", "high_label", "confidence", "reasons")},
        )


class OptionsForm(StepForm):
    """Options that are typed, or the ideas of an earlier step."""

    main = "options"
    groups_apart = True
    options = LinesField(longest=200, label=gettext_lazy("Options"), help_text=gettext_lazy("One a line."))
    source = forms.ModelChoiceField(
        label=gettext_lazy("Or the ideas of a step"),
        queryset=Activity.objects.none(),
        required=False,
        empty_label=gettext_lazy("The options above"),
        help_text=gettext_lazy("They become the options when you open the vote: groups of ideas, and ideas alone."),
    )

    def prepare(self) -> None:
        row_field(self, "source").queryset = idea_steps(self.workshop)

    def stored(self) -> dict[str, Any]:
        if self.activity is None:
            return {}
        return {"options": written_options(self.old.options), "source": self.activity.source_id}

    def given(self, cleaned: Mapping[str, Any]) -> tuple[Option, ...]:
        if cleaned["source"] and cleaned["options"]:
            raise forms.ValidationError(_("Write options or take them from a step, not both."))
        if not cleaned["source"] and len(cleaned["options"]) < 2:
            raise forms.ValidationError(_("Write at least two options, or choose a step that collects ideas."))
        return options_of(cleaned["options"], self.old.options)


class DotsForm(OptionsForm):
    kind = ActivityKind.DOTS
    dots = forms.IntegerField(label=gettext_lazy("Dots a person has"), min_value=1, max_value=20, initial=5)
    most = forms.IntegerField(
        label=gettext_lazy("Of these on one option, at most"), min_value=1, max_value=20, initial=3
    )

    def stored(self) -> dict[str, Any]:
        return {**super().stored(), "dots": self.old.dots, "most": self.old.most} if self.activity else {}

    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        if cleaned["most"] > cleaned["dots"]:
            self.add_error("most", _("Nobody has more than %(dots)s dots to give.") % {"dots": cleaned["dots"]})
            cleaned = {**cleaned, "most": cleaned["dots"]}
        return DotsPlan(options=self.given(cleaned), dots=cleaned["dots"], most=cleaned["most"])


class RankingForm(OptionsForm):
    kind = ActivityKind.RANKING

    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        return RankingPlan(options=self.given(cleaned))


class LinksForm(ChoosingForm):
    kind = ActivityKind.LINKS
    main = "pairs"
    groups_apart = True
    on_map = forms.MultipleChoiceField(
        label=gettext_lazy("From the causal map"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Links of which an answer would tell most. The room's votes count for them on the map."),
    )
    pairs = LinesField(
        longest=2 * LONGEST_FACTOR + 10,
        rows=6,
        label=gettext_lazy("Links to ask about"),
        help_text=gettext_lazy("One a line, the cause first: Trust → Open talk. Typed as -> it is the same."),
    )
    factors = LinesField(
        longest=LONGEST_FACTOR,
        rows=3,
        label=gettext_lazy("Factors to ask about in all directions"),
        help_text=gettext_lazy(
            "One a line, together with those chosen above: each pair of them is asked both ways. Three make 6 links, "
            "five make 20, which is the most for one step."
        ),
    )
    delays = forms.BooleanField(label=gettext_lazy("Ask how late the effect comes"), required=False, initial=True)

    def prepare(self) -> None:
        super().prepare()
        asked = {_ends(pair.source, pair.target) for pair in self.old.pairs}
        links = [one for one in link_choices(self.workshop.ecosystem) if one.why and _ends(*one.ends) not in asked]
        self.links = {one.key: one for one in links}
        if not links:
            del self.fields["on_map"]
            return
        field = choice_field(self, "on_map")
        field.choices = [(one.key, one.name) for one in links]
        field.error_messages["invalid_choice"] = _(
            "This link is not among the map's links any more, or was voted on. Write it below instead."
        )
        hint_options(self, "on_map", {one.key: one.why for one in links})

    def stored(self) -> dict[str, Any]:
        return {"pairs": written_pairs(self.old.pairs), "delays": self.old.delays} if self.activity else {}

    def offered(self) -> dict[str, Named]:
        return named_in(self.chapters)

    def offers(self, chapter: Chapter) -> list[tuple[str, str, str]]:
        return _names(chapter)

    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        named = self.offered()
        wanted = [self.links[key].ends for key in cleaned.get("on_map", ())] + read_pairs(cleaned["pairs"])
        around = [*(named[code].name[:LONGEST_FACTOR] for code in cleaned["chosen"]), *cleaned["factors"]]
        if len(around) == 1:
            raise forms.ValidationError(_("A link needs two factors. Choose or write another one, or write the link."))
        wanted += [(one, other) for one in around for other in around if one.casefold() != other.casefold()]
        codes = {one.name[:LONGEST_FACTOR].casefold(): code for code, one in named.items()}
        taken = {pair.key for pair in self.old.pairs}
        before = {_ends(pair.source, pair.target): pair for pair in self.old.pairs}
        pairs: dict[tuple[str, str], Pair] = {}
        for source, target in wanted:
            ends = _ends(source, target)
            if ends in pairs:
                continue
            pairs[ends] = Pair(
                key=before[ends].key if ends in before else new_key("p", taken),
                source=source,
                target=target,
                source_facet=codes.get(ends[0], ""),
                target_facet=codes.get(ends[1], ""),
            )
        return LinksPlan(pairs=tuple(pairs.values()), delays=cleaned["delays"])


class BetForm(ChoosingForm):
    kind = ActivityKind.BET
    main = "written"
    groups_apart = True
    written = LinesField(
        longest=300, label=gettext_lazy("What is guessed"), help_text=gettext_lazy("One a line, in your own words.")
    )
    lowest = forms.IntegerField(label=gettext_lazy("Lowest guess"), initial=0)
    highest = forms.IntegerField(label=gettext_lazy("Highest guess"), initial=100)
    unit = forms.CharField(
        label=gettext_lazy("Unit"), max_length=20, required=False, help_text=gettext_lazy("For example, points")
    )

    def stored(self) -> dict[str, Any]:
        if self.activity is None:
            return {}
        offered = self.offered()
        return {
            "written": "\n".join(item.text for item in self.old.items if item.key not in offered),
            "chosen": [item.key for item in self.old.items if item.key in offered],
            **{name: getattr(self.old, name) for name in ("lowest", "highest", "unit")},
        }

    def offered(self) -> dict[str, Named]:
        return named_in(self.chapters)

    def offers(self, chapter: Chapter) -> list[tuple[str, str, str]]:
        return _names(chapter)

    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        named, before = self.offered(), {item.key: item for item in self.old.items}
        dimensions = {
            facet.code: chapter.code for chapter in self.chapters for facet in chapter.facets if chapter.is_dimension
        }
        chosen = [
            before.get(code)
            or Item(
                key=code,
                text=named[code].name,
                facet="" if named[code].is_dimension else code,
                dimension=code if named[code].is_dimension else dimensions.get(code, ""),
            )
            for code in named
            if code in set(cleaned["chosen"])
        ]
        free: list[Item] = [item for item in self.old.items if item.key not in named]
        taken = set(before) | set(named)
        written = []
        was_there: list[Item | None] = matched(cleaned["written"], free, _text)
        for line, was in zip(cleaned["written"], was_there, strict=True):
            written.append(replace(was, text=line) if was else Item(key=new_key("b", taken), text=line))
        order = {item.key: place for place, item in enumerate(self.old.items)}
        items = tuple(sorted([*chosen, *written], key=lambda item: order.get(item.key, len(order))))
        return BetPlan(
            items=items,
            lowest=cleaned["lowest"],
            highest=cleaned["highest"],
            unit=cleaned["unit"],
            outcomes=self.old.outcomes,
        )


def _names(chapter: Chapter) -> list[tuple[str, str, str]]:
    whole = [(chapter.code, chapter.name, _("the whole dimension"))] if chapter.is_dimension else []
    return [*whole, *((facet.code, facet.name, facet.about) for facet in chapter.facets)]


def _ends(source: str, target: str) -> tuple[str, str]:
    return source.casefold(), target.casefold()


def _text(item: Item) -> str:
    return item.text
