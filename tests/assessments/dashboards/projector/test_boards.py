"""How texts are laid into columns and pages that can be read from the back."""

from datetime import date

from assessments.dashboards.projector.boards import (
    GAP,
    LINES,
    Board,
    Column,
    Note,
    commitment_boards,
    idea_boards,
    reason_boards,
)
from assessments.selectors.shown_rooms import ShownCluster, ShownCommitment, ShownIdea, ShownReason


def ideas(*texts: str, cluster: int | None = None) -> tuple[ShownIdea, ...]:
    return tuple(ShownIdea(str(number), text, cluster) for number, text in enumerate(texts))


def test_clusters_stand_side_by_side_in_order_and_the_rest_comes_last() -> None:
    found = idea_boards(
        [
            ShownCluster("Suppliers", ideas("One supplier", "No plan")),
            ShownCluster("Who decides", ideas("Nobody knows")),
            ShownCluster("", ideas("Too many forms")),
        ]
    )
    assert found == (
        Board(
            (
                Column("Suppliers", (Note("One supplier"), Note("No plan"))),
                Column("Who decides", (Note("Nobody knows"),)),
                Column("", (Note("Too many forms"),)),
            )
        ),
    )


def test_a_long_cluster_goes_on_in_the_next_column_and_nothing_is_lost() -> None:
    texts = [f"Idea {number}" for number in range(30)]
    columns = [column for board in idea_boards([ShownCluster("Suppliers", ideas(*texts))]) for column in board.columns]
    assert [(column.title, column.goes_on) for column in columns] == [
        ("Suppliers", False),
        ("Suppliers", True),
        ("Suppliers", True),
        ("Suppliers", True),
    ]
    assert [note.text for column in columns for note in column.notes] == texts
    assert all(sum(note.lines for note in column.notes) <= LINES + GAP for column in columns)


def test_more_than_three_columns_turn_the_page() -> None:
    found = idea_boards([ShownCluster(name, ideas("One")) for name in "ABCDEFG"])
    assert [[column.title for column in board.columns] for board in found] == [list("ABC"), list("DEF"), ["G"]]


def test_texts_without_clusters_are_spread_over_one_page_where_they_fit() -> None:
    [board] = reason_boards(ShownReason("ready", f"Reason {number}") for number in range(7))
    assert [len(column.notes) for column in board.columns] == [3, 3, 1]
    assert board.is_roomy


def test_a_text_longer_than_a_column_stands_alone() -> None:
    long = "word " * 200
    [board] = reason_boards([ShownReason("ready", "Short"), ShownReason("ready", long), ShownReason("ready", "Last")])
    assert [[note.text for note in column.notes] for column in board.columns] == [
        ["“Short”"],
        [f"“{long}”"],
        ["“Last”"],
    ]
    assert not board.is_roomy


def test_what_says_the_same_stands_below_and_takes_room() -> None:
    idea = ShownIdea("1", "One supplier", None, also=("Only one supplier",))
    [board] = idea_boards([ShownCluster("", (idea,))])
    [note] = board.columns[0].notes
    assert (note.also, note.lines) == (("Only one supplier",), 2 + GAP)


def test_a_commitment_says_who_until_when_and_that_it_is_only_proposed() -> None:
    [board] = commitment_boards(
        [
            ShownCommitment("Ask two suppliers", "Mira", date(2027, 3, 1), "Response to change", True),
            ShownCommitment("Visit them", "", None, "", False),
        ]
    )
    assert [note for column in board.columns for note in column.notes] == [
        Note("Ask two suppliers", "Mira · until 1 March · Response to change · proposed"),
        Note("Visit them", ""),
    ]


def test_nothing_makes_no_page() -> None:
    assert idea_boards([]) == reason_boards([]) == commitment_boards([]) == ()
