"""What people call the loops of a causal map."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.services.summary_marks import mark_summaries_stale
from ecosystems.models import Ecosystem, LoopName, User
from ecosystems.selectors.causal_maps import BETWEEN_MEMBERS, map_of, members_key
from ecosystems.services import audit
from ecosystems.services.map_problems import MapProblem, OutOfRange
from ecosystems.services.map_sheet import clean_name
from ecosystems.services.map_writing import locked_map

LONGEST_NAME = 80
LONGEST_NOTE = 300
LONGEST_MEMBERS = 400


class LoopGone(MapProblem):
    """These factors form no loop on the map."""

    def __init__(self) -> None:
        super().__init__(_("These factors no longer form a loop. Go back to the loops, and choose one."))


@transaction.atomic
def name_loop(*, ecosystem: Ecosystem, members: str, by: User | None, name: str, note: str = "") -> LoopName | None:
    """Call a loop so; without a name it is called by its strongest members again.

    `members` are the keys of its factors in the order of influence, from any of them on. Raises LoopGone, OutOfRange.
    """
    locked_map(ecosystem=ecosystem)  # a name is given to a loop that is there
    members = canonical(members)
    name, note = clean_name(name), clean_name(note)
    if len(name) > LONGEST_NAME:
        raise OutOfRange(_("Shorten the name to %(most)s characters or fewer.") % {"most": LONGEST_NAME})
    if len(note) > LONGEST_NOTE:
        raise OutOfRange(_("Shorten the note to %(most)s characters or fewer.") % {"most": LONGEST_NOTE})
    if not name:
        named = None
        gone = LoopName.objects.filter(ecosystem=ecosystem, members=members).first()
        if gone is None:
            return None
        gone.delete()
        audit.record(organization=ecosystem.organization, actor=by, action="loop.unnamed", subject=gone)
    elif not is_loop(ecosystem, members):
        raise LoopGone
    elif len(members) > LONGEST_MEMBERS:
        raise OutOfRange(_("This loop has too many factors to be named. Name a shorter one."))
    else:
        named, _made = LoopName.objects.update_or_create(
            ecosystem=ecosystem, members=members, defaults={"name": name, "note": note}
        )
        audit.record(organization=ecosystem.organization, actor=by, action="loop.named", subject=named)
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    return named


def canonical(members: str) -> str:
    """From the alphabetically first member on, as `find_loops` tells loops."""
    keys = members.split(BETWEEN_MEMBERS)
    first = keys.index(min(keys))
    return members_key([*keys[first:], *keys[:first]])


def is_loop(ecosystem: Ecosystem, members: str) -> bool:
    """Whether each member moves the next one, and the last the first, on the map as it is drawn."""
    keys = members.split(BETWEEN_MEMBERS)
    pairs = {link.pair for link in map_of(ecosystem).held}
    around = zip(keys, [*keys[1:], keys[0]], strict=True)
    return len(keys) > 1 and len(set(keys)) == len(keys) and all(pair in pairs for pair in around)
