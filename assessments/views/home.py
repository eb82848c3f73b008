"""The home page: what needs the viewer now, and what happened lately."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from assessments.dashboards.home import index_card
from assessments.dashboards.loops.brief import loops_brief
from assessments.permissions import may_run
from assessments.selectors.commitments import left_behind, own_commitments, standing_of
from assessments.selectors.home import home_of
from assessments.selectors.summaries import newest_in
from assessments.selectors.workshops import at_home
from assessments.services.scores import OpenedAgain, mark_results_shown
from ecosystems.views.base import OrganizationView


class HomeView(OrganizationView, TemplateView):
    section = "home"
    template_name = "assessments/home/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        card = index_card(self.viewer)
        try:
            for wave in card.final_waves if card else ():
                mark_results_shown(wave=wave)
        except OpenedAgain:
            card = None
        summed = newest_in(self.organization)
        loops = loops_brief(summed, standing=standing_of(summed.wave.assessment.ecosystem) if summed else None)
        try:
            for wave in loops.waves if loops else ():
                mark_results_shown(wave=wave)
        except OpenedAgain:
            loops = None
        hour = timezone.localtime().hour
        home = home_of(self.viewer)
        ownerless = left_behind(self.organization) if may_run(self.viewer) else ()
        promised, today = own_commitments(self.viewer), timezone.localdate()
        late = sum(one.due_on is not None and one.due_on < today for one in promised)
        return super().get_context_data(
            home=home,
            needs=home.needs + late + len(ownerless),
            commitments=promised,
            left_behind=ownerless,
            today=today,
            workshops=at_home(self.viewer),
            hour=hour,
            card=card,
            loops=loops,
            **kwargs,
        )
