"""From the scoring's cells to the charts' values, and why a number is absent, in words."""

from django.utils.translation import gettext as _

from assessments.charts.spec import WITHHELD, Missing, Score, Value
from assessments.scoring.absent import Reason
from assessments.scoring.results import Cell, Difference


def chart_value(cell: Cell, *, counted: bool = True) -> Value:
    """What a chart draws for a cell; `counted` False leaves the n out where it stands elsewhere."""
    if cell.withheld:
        return WITHHELD
    if cell.value is None:
        return Missing(reason_words(cell.reason))
    return Score(cell.value, cell.low, cell.high, cell.n if counted else None)


def difference_value(difference: Difference) -> Value:
    if difference.withheld:
        return WITHHELD
    if difference.value is None:
        return Missing(reason_words(difference.reason))
    return Score(difference.value, difference.low, difference.high)


def reason_words(reason: Reason | None) -> str:
    """Short enough for a cell; starts in lower case, without a full stop."""
    words = {
        Reason.TOO_FEW_ANSWERS: _("too few answers"),
        Reason.TOO_FEW_ITEMS: _("needs two questions"),
        Reason.TOO_FEW_GROUPS: _("needs two groups"),
        Reason.TOO_FEW_RATERS: _("too few people"),
        Reason.TOO_FEW_LEVELS: _("too few answers to choose from"),
        Reason.NO_VARIANCE: _("everybody answered the same"),
        Reason.CONSTANT_ITEM: _("everybody answered one question the same"),
        Reason.INCONSISTENT_COVARIANCES: _("too many blanks to compute it"),
        Reason.NO_CONVERGENCE: _("the computation did not settle"),
        Reason.ONLY_GROUPS_OF_ONE: _("every group is one person"),
        Reason.BEYOND_CHANCE_LIMIT: _("answers differ more than by chance"),
        Reason.NO_PUBLISHED_NULL: _("no comparison exists for this scale"),
        Reason.NO_PREDICTORS: _("leadership was not asked"),
        Reason.MORE_PREDICTORS_THAN_ANSWERS: _("fewer answers than leadership topics"),
        Reason.TOO_MANY_PREDICTORS: _("too many leadership topics"),
        Reason.CONSTANT_OUTCOME: _("all scores are the same"),
        Reason.CONSTANT_PREDICTOR: _("everybody answered a leadership topic the same"),
        Reason.COLLINEAR_PREDICTORS: _("two leadership topics cannot be told apart"),
        Reason.NO_COMMON_GROUPS: _("no group is in both"),
        Reason.UNUSABLE_RELIABILITY: _("not measured reliably enough"),
        Reason.NOT_ASKED: _("not asked"),
        Reason.NO_ANSWERS: _("no answers yet"),
        Reason.NO_GROUP_SHOWN: _("no group is large enough to be shown"),
        Reason.SINGLE_ANSWER: _("one answer"),
        Reason.ALL_EQUAL: _("everybody answered the same"),
        Reason.AFTER_CLOSING: _("shown after the wave has closed"),
        Reason.MISSING_DIMENSION: _("needs all five dimensions"),
        Reason.TOO_FEW_DIMENSIONS: _("needs two dimensions"),
        Reason.NO_COMMON_FACETS: _("were not asked the same"),
        Reason.NO_OWN_VIEW: _("leaders were not asked"),
        Reason.NO_LEADERSHIP: _("leadership was not asked"),
        Reason.MIXED_SCALES: _("questions with different answers"),
        Reason.NEEDS_TWO_WAVES: _("needs two waves"),
    }
    return words[reason] if reason else _("not available")
