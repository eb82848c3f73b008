"""The options of a vote on what the room has written: taken when its first round opens, and fixed from then on."""

from typing import Final

from django.utils.translation import gettext as _

from assessments.enums import GIVEN_WHOLE
from assessments.models import Activity, Idea
from assessments.models.activity_plans import MOST_OPTIONS, DotsPlan, Option, RankingPlan
from assessments.services.acts import StageProblem

FEWEST_OPTIONS: Final = 2


def fix_options(activity: Activity) -> None:
    """Write the options of a vote with dots or a ranking into its settings, unless they are there.

    Each cluster is one option, and so is each idea outside clusters; what is hidden, parked or merged into another
    is none. Raises StageProblem for fewer than two options or too many. Call it with the workshop locked.
    """
    if activity.kind not in GIVEN_WHOLE:
        return
    options = _own(activity)
    if not options and activity.source_id:
        options = _from_ideas(activity.source_id)
        _check_number(options)
        activity.settings = {**activity.settings, "options": [_stored(option) for option in options]}
        activity.save(update_fields=["settings"])
    _check_number(options)


def _own(activity: Activity) -> tuple[Option, ...]:
    plan = activity.plan
    return plan.options if isinstance(plan, DotsPlan | RankingPlan) else ()


def _from_ideas(source: int) -> tuple[Option, ...]:
    ideas = Idea.objects.filter(activity_id=source, is_shown=True, is_parked=False, merged_into=None)
    clusters, alone = {}, []
    for idea in ideas.select_related("cluster").order_by("cluster__position", "cluster_id", "order", "key"):
        if idea.cluster is None:
            alone.append(Option(key=str(idea.key), text=idea.text))
        else:
            clusters[idea.cluster.pk] = Option(key=f"cluster-{idea.cluster.pk}", text=idea.cluster.title)
    return (*clusters.values(), *alone)


def _stored(option: Option) -> dict[str, str]:
    return {"key": option.key, "text": option.text}


def _check_number(options: tuple[Option, ...]) -> None:
    if len(options) < FEWEST_OPTIONS:
        raise StageProblem(
            _("There are fewer than two options to choose from. Add some to this step, or reveal the ideas first.")
        )
    if len(options) > MOST_OPTIONS:
        raise StageProblem(
            _("%(count)s options are too many to choose from. Group or park ideas until %(most)s are left.")
            % {"count": len(options), "most": MOST_OPTIONS}
        )
