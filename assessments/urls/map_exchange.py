"""Routes around the causal map: in and out as a file, the template, the list of links, maps side by side."""

from django.urls import URLPattern, path

from assessments.views import map_exchange, map_links

ECOSYSTEM = "o/<slug:organization>/ecosystems/<slug:ecosystem>/"

urlpatterns: list[URLPattern] = [
    path(f"{ECOSYSTEM}map/import/", map_exchange.MapImportView.as_view(), name="map-import"),
    path(f"{ECOSYSTEM}map/export.<str:kind>/", map_exchange.MapExportView.as_view(), name="map-export"),
    path(f"{ECOSYSTEM}map/template/", map_exchange.MapTemplateView.as_view(), name="map-template"),
    path(f"{ECOSYSTEM}map/compare/", map_links.MapCompareView.as_view(), name="map-compare"),
    path(f"{ECOSYSTEM}loops/links/", map_links.MapLinksView.as_view(), name="loops-links"),
]
