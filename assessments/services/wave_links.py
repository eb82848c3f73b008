"""Which links of the causal map a wave asks about: chosen while it is prepared, fixed when it opens."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import About, WaveState
from assessments.models import Wave
from assessments.models.asked_links import AskedLink
from assessments.services.waves import WaveProblem, locked
from ecosystems.models import Factor, User
from ecosystems.services import audit

MOST_LINKS: Final = 12


class LinksFixed(WaveProblem):
    def __init__(self) -> None:
        super().__init__(_("What is asked about links is fixed when a wave opens."))


class TooManyLinks(WaveProblem):
    def __init__(self) -> None:
        super().__init__(_("A wave asks about up to %(most)s links. Choose fewer.") % {"most": MOST_LINKS})


class LinkNotThere(WaveProblem):
    def __init__(self) -> None:
        super().__init__(
            _("A link that you chose is not on the map any more: one of its factors was taken off. Choose again.")
        )


@transaction.atomic
def choose_links(*, wave: Wave, pairs: Iterable[tuple[int, int]], by: User | None) -> Wave:
    """Let the wave ask about these links, source and target, in this order.

    Raises LinksFixed, TooManyLinks, LinkNotThere, WaveProblem.
    """
    wave = locked(wave)
    if wave.state != WaveState.DRAFT:
        raise LinksFixed
    if wave.assessment.about != About.SYSTEM:
        raise WaveProblem(_("A 360° asks about one leader, not about the causal map."))
    chosen = list(dict.fromkeys(pairs))
    if len(chosen) > MOST_LINKS:
        raise TooManyLinks
    on_map = Factor.objects.filter(ecosystem=wave.assessment.ecosystem, on_map=True)
    names = dict(on_map.filter(pk__in={end for pair in chosen for end in pair}).values_list("pk", "name"))
    if any(source == target or not {source, target} <= names.keys() for source, target in chosen):
        raise LinkNotThere
    wave.map_links = [[*AskedLink(source, target, names[source], names[target])] for source, target in chosen]
    wave.save(update_fields=["map_links"])
    audit.record(
        organization=wave.assessment.organization,
        actor=by,
        action="wave.changed",
        subject=wave,
        details={"links": str(len(chosen))},
    )
    return wave
