from collections.abc import Callable
from typing import Any

import pytest

from assessments.scoring.blueprint import Blueprint, BlueprintError, DimensionSpec, FacetSpec, ItemSpec


def definition() -> dict[str, Any]:
    return {
        "scales": {
            "frequency": {"levels": {1: "Never", 2: "Seldom", 3: "Sometimes", 4: "Often", 5: "Always"}},
            "mood": {"lo": 0, "hi": 4},
            "room": {"lowest": 1, "highest": 10},
        },
        "scoring": {"facet_needs": "half of its items answered"},
        "dimensions": [
            {
                "code": "INN",
                "about": "network",
                "higher_means": "better",
                "weight": 2,
                "facets": [
                    {
                        "code": "INN-FLOW",
                        "items": [
                            {"code": "INN-FLOW-1", "scale": "frequency", "keying": "forward"},
                            {"code": "INN-FLOW-2", "scale": "mood", "keying": "reverse"},
                        ],
                    },
                    {"code": "INN-QUAL", "weight": 3, "needs": 1, "items": [{"code": "INN-QUAL-1", "scale": "room"}]},
                ],
            }
        ],
        "leadership": [
            {
                "code": "CON",
                "about": "network",
                "higher_means": "more of the barrier; lower is better",
                "constructs": [{"code": "CON-COMP", "items": [{"code": "CON-COMP-1", "lo": 1, "hi": 7}]}],
            },
            {
                "code": "MND",
                "about": "leader",
                "constructs": [{"code": "MND-SYST", "items": [{"code": "MND-SYST-1", "scale": "frequency"}]}],
            },
        ],
    }


def test_reads_items_in_document_order() -> None:
    blueprint = Blueprint.from_definition(definition())
    assert blueprint.items == (
        ItemSpec("INN-FLOW-1", "INN-FLOW", 1, 5),
        ItemSpec("INN-FLOW-2", "INN-FLOW", 0, 4, reverse=True),
        ItemSpec("INN-QUAL-1", "INN-QUAL", 1, 10),
        ItemSpec("CON-COMP-1", "CON-COMP", 1, 7),
        ItemSpec("MND-SYST-1", "MND-SYST", 1, 5),
    )
    assert blueprint.column["CON-COMP-1"] == 3


def test_reads_facets_dimensions_and_blocks() -> None:
    blueprint = Blueprint.from_definition(definition())
    assert blueprint.facets == (
        FacetSpec("INN-FLOW", "INN", ("INN-FLOW-1", "INN-FLOW-2")),
        FacetSpec("INN-QUAL", "INN", ("INN-QUAL-1",), weight=3, needs=1),
        FacetSpec("CON-COMP", "CON", ("CON-COMP-1",), barrier=True),
        FacetSpec("MND-SYST", "MND", ("MND-SYST-1",), about="leader"),
    )
    assert blueprint.outcomes == (DimensionSpec("INN", weight=2),)
    assert blueprint.blocks == (DimensionSpec("CON", block=True, barrier=True), DimensionSpec("MND", block=True))
    assert blueprint.facets_of("CON") == (blueprint.facets[2],)


def test_levels_are_whole_steps() -> None:
    assert ItemSpec("A", "F", 0, 4).levels == (0, 1, 2, 3, 4)


def remove_items(given: dict[str, Any]) -> None:
    given["dimensions"], given["leadership"] = [], None


def repeat_item(given: dict[str, Any]) -> None:
    given["leadership"][1]["constructs"][0]["items"][0]["code"] = "INN-FLOW-1"


def turn_scale(given: dict[str, Any]) -> None:
    given["scales"]["mood"] = {"lo": 4, "hi": 0}


def unknown_scale(given: dict[str, Any]) -> None:
    given["dimensions"][0]["facets"][0]["items"][0]["scale"] = "always"


def strange_keying(given: dict[str, Any]) -> None:
    given["dimensions"][0]["facets"][0]["items"][0]["keying"] = "backwards"


def no_code(given: dict[str, Any]) -> None:
    del given["dimensions"][0]["facets"][0]["items"][0]["code"]


def negative_weight(given: dict[str, Any]) -> None:
    given["dimensions"][0]["weight"] = -1


def words_for_a_weight(given: dict[str, Any]) -> None:
    given["dimensions"][0]["facets"][1]["weight"] = "heavy"


def strange_needs(given: dict[str, Any]) -> None:
    given["scoring"]["facet_needs"] = "some"


def too_much_needed(given: dict[str, Any]) -> None:
    given["dimensions"][0]["facets"][1]["needs"] = 1.5


def facets_are_words(given: dict[str, Any]) -> None:
    given["dimensions"][0]["facets"] = "INN-FLOW"


def scale_without_levels(given: dict[str, Any]) -> None:
    given["scales"]["mood"] = {}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (remove_items, "The instrument has no items. Add at least one item to a facet."),
        (repeat_item, "The code INN-FLOW-1 is used by more than one item. Give each item its own code."),
        (turn_scale, "Item INN-FLOW-2: its scale runs from 4 to 0. Put the lower first."),
        (unknown_scale, "Item INN-FLOW-1: there is no scale 'always'."),
        (strange_keying, "Item INN-FLOW-1: keying is 'backwards'; it is forward or reverse."),
        (no_code, "INN-FLOW: an entry has no code."),
        (negative_weight, "The weight of dimension INN is -1. A weight is a number above 0."),
        (words_for_a_weight, "INN-QUAL: weight: 'heavy' is not a number."),
        (strange_needs, "scoring: 'some' is not understood. Write a share such as 0.5."),
        (too_much_needed, "Facet INN-QUAL: needs is 1.5; it is a share above 0 and up to 1."),
        (facets_are_words, "INN: facets: expected a list of entries."),
        (scale_without_levels, "Scale mood has no levels. List them, or give lo and hi."),
    ],
)
def test_bad_definition_is_named(damage: Callable[[dict[str, Any]], None], message: str) -> None:
    given = definition()
    damage(given)
    with pytest.raises(BlueprintError) as problem:
        Blueprint.from_definition(given)
    assert str(problem.value) == message


def test_unknown_dimension_is_named() -> None:
    with pytest.raises(BlueprintError, match=r"^Facet F: there is no dimension D\.$"):
        Blueprint((ItemSpec("A", "F", 1, 5),), (FacetSpec("F", "D", ("A",)),), ())


def test_item_outside_its_facet_is_named() -> None:
    with pytest.raises(BlueprintError, match=r"^Item B is not listed in its facet F\.$"):
        Blueprint(
            (ItemSpec("A", "F", 1, 5), ItemSpec("B", "F", 1, 5)), (FacetSpec("F", "D", ("A",)),), (DimensionSpec("D"),)
        )


def test_facet_with_unknown_item_is_named() -> None:
    with pytest.raises(BlueprintError, match=r"^Facet F lists the item B, which does not exist\.$"):
        Blueprint((ItemSpec("A", "F", 1, 5),), (FacetSpec("F", "D", ("A", "B")),), (DimensionSpec("D"),))
