"""Which groups were heard: of those that the network serves, how many have a result that may be shown (rule S8)."""

from dataclasses import dataclass
from typing import Final

from assessments.dashboards.material import Material
from assessments.scoring.absent import Reason
from assessments.scoring.results import Score
from assessments.selectors.waves import groups_not_invited

INDICATOR: Final = "{dimension}-EV-HEARD"


@dataclass(frozen=True, slots=True)
class GroupsHeard:
    """`not_invited`: groups of the network that the wave did not ask, by name."""

    name: str
    heard: int
    of: int
    not_invited: str


def groups_heard(material: Material, row: Score) -> GroupsHeard | None:
    """None where the dimension has no such indicator, and while the wave is open.

    A group counts where its result stands on the page: whether it is small itself or protects another is told nowhere.
    """
    wanted = INDICATOR.format(dimension=row.code)
    indicator = next((one for one in material.text.evidence.get(row.code, ()) if one.code == wanted), None)
    cells = tuple(row.groups.values())
    is_asked = any(cell.reason is not Reason.NOT_ASKED for cell in cells)
    if indicator is None or material.is_360 or material.results.live or not is_asked:
        return None
    missing = groups_not_invited(material.wave)
    return GroupsHeard(
        name=indicator.name,
        heard=sum(cell.value is not None for cell in cells),
        of=len(cells) + len(missing),
        not_invited=", ".join(missing),
    )
