"""The causal map of an ecosystem: its drawing, its list, its edits, its versions."""

from django.urls import path

from assessments.views import map_lists, map_versions, maps

MAP = "o/<slug:organization>/ecosystems/<slug:ecosystem>/map/"

urlpatterns = [
    path(MAP, maps.MapView.as_view(), name="map"),
    path(f"{MAP}edits/", maps.MapEditsView.as_view(), name="map-edits"),
    path(f"{MAP}list/", map_lists.MapListView.as_view(), name="map-list"),
    path(f"{MAP}list/factors/new/", map_lists.NewFactorView.as_view(), name="map-factor-new"),
    path(f"{MAP}list/factors/<int:pk>/", map_lists.FactorView.as_view(), name="map-factor"),
    path(f"{MAP}list/links/new/", map_lists.NewLinkView.as_view(), name="map-link-new"),
    path(f"{MAP}list/links/<int:pk>/", map_lists.LinkView.as_view(), name="map-link"),
    path(f"{MAP}versions/", map_versions.MapVersionsView.as_view(), name="map-versions"),
    path(f"{MAP}versions/<int:number>/", map_versions.MapVersionView.as_view(), name="map-version"),
]
