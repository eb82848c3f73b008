"""A number that cannot be computed is absent, with a reason; it is never 0 and never NaN."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a number is absent. The value is a stable code; pages turn it into a sentence."""

    TOO_FEW_ANSWERS = "too_few_answers"
    TOO_FEW_ITEMS = "too_few_items"
    TOO_FEW_GROUPS = "too_few_groups"
    TOO_FEW_RATERS = "too_few_raters"
    TOO_FEW_LEVELS = "too_few_levels"
    NO_VARIANCE = "no_variance"
    CONSTANT_ITEM = "constant_item"
    INCONSISTENT_COVARIANCES = "inconsistent_covariances"
    NO_CONVERGENCE = "no_convergence"
    ONLY_GROUPS_OF_ONE = "only_groups_of_one"
    BEYOND_CHANCE_LIMIT = "beyond_chance_limit"
    NO_PUBLISHED_NULL = "no_published_null"
    NO_PREDICTORS = "no_predictors"
    MORE_PREDICTORS_THAN_ANSWERS = "more_predictors_than_answers"
    TOO_MANY_PREDICTORS = "too_many_predictors"
    CONSTANT_OUTCOME = "constant_outcome"
    CONSTANT_PREDICTOR = "constant_predictor"
    COLLINEAR_PREDICTORS = "collinear_predictors"
    NO_COMMON_GROUPS = "no_common_groups"
    UNUSABLE_RELIABILITY = "unusable_reliability"
    NOT_ASKED = "not_asked"
    NO_ANSWERS = "no_answers"
    NO_GROUP_SHOWN = "no_group_shown"
    SINGLE_ANSWER = "single_answer"
    ALL_EQUAL = "all_equal"
    AFTER_CLOSING = "after_closing"
    MISSING_DIMENSION = "missing_dimension"
    TOO_FEW_DIMENSIONS = "too_few_dimensions"
    NO_COMMON_FACETS = "no_common_facets"
    NO_OWN_VIEW = "no_own_view"
    NO_LEADERSHIP = "no_leadership"
    MIXED_SCALES = "mixed_scales"
    NEEDS_TWO_WAVES = "needs_two_waves"


@dataclass(frozen=True, slots=True)
class Absent:
    """
    Stands where a number would stand.

    `needs` and `have` count what the rule asks for and what there was; `names` are the culprits (items, predictors,
    groups) as the caller named them, or their positions from 0 where it gave no names.
    """

    reason: Reason
    needs: int | None = None
    have: int | None = None
    names: tuple[str, ...] = ()
