"""How votes on links are read, on the phones of a room and in surveys alike."""

from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY


def effect_words() -> dict[int, str]:
    """How a vote on a link is read, by its value."""
    return {
        3: _("raises it strongly"),
        2: _("raises it clearly"),
        1: _("raises it a little"),
        0: _("has no effect"),
        -1: _("lowers it a little"),
        -2: _("lowers it clearly"),
        -3: _("lowers it strongly"),
        CANT_SAY: _("can’t say"),
    }


def delay_words() -> dict[int, str]:
    return {0: _("at once"), 1: _("within months"), 2: _("after a year or more")}
