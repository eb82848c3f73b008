"""What the steps of an agenda ask."""

from assessments.models.activity_plans import Item, RatePlan

OWN = Item("own", "How ready are we?")
EASY = Item("easy", "How easy is it to bring us an idea?", low="very hard", high="very easy")


def test_one_axis_below_several_questions_has_only_words_that_hold_for_all() -> None:
    def ends(*items: Item) -> tuple[str, str]:
        return RatePlan(items=items, low_label="not at all", high_label="fully").common_ends()

    assert ends(OWN) == ("not at all", "fully")
    assert ends(OWN, Item("other", "How sure are we?")) == ("not at all", "fully")
    assert ends(EASY, EASY) == ("very hard", "very easy")
    assert ends(OWN, EASY) == ("", "")
    assert ends() == ("", "")
