"""The links of a causal map as a list, and the maps of stakeholder groups side by side."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from assessments.dashboards.map_comparison import map_comparison
from assessments.dashboards.map_links import ORDERS, link_list, votes_on
from assessments.exports.map_files import MAP_FILES
from assessments.selectors.vote_origins import origin_names
from assessments.views.map_exchange import MapPageMixin
from ecosystems.selectors.causal_maps import map_of

A_PAGE = 50


class MapLinksView(MapPageMixin, TemplateView):
    """`?show=` and `?order=` choose and sort, `?votes=` shows the votes on one link as a chart."""

    template_name = "assessments/map_exchange/links.html"

    here = gettext_lazy("Links")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        get = self.request.GET
        found = map_of(self.ecosystem)
        listed = link_list(found, show=get.get("show", ""), order=get.get("order", ""))
        page = Paginator(listed.links, A_PAGE).get_page(get.get("page"))
        return super().get_context_data(
            listed=listed,
            page=page,
            rows=listed.listed(page.object_list, origin_names(found)),
            orders=list(ORDERS.items()),
            asked=get.get("votes", ""),
            chart=votes_on(found, get["votes"]) if get.get("votes") else None,
            factors=len(found.factors),
            total=len(found.links),
            files=list(MAP_FILES.values()),
            **kwargs,
        )


class MapCompareView(MapPageMixin, TemplateView):
    template_name = "assessments/map_exchange/compare.html"

    here = gettext_lazy("Compare maps")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = map_of(self.ecosystem)
        comparison = map_comparison(found)
        page = Paginator(comparison.differences, A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            comparison=comparison, page=page, least=self.organization.min_group_size, total=len(found.links), **kwargs
        )
