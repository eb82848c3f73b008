"""Routes of instruments."""

from django.urls import URLPattern, path

from assessments.views.instrument_drafts import (
    InstrumentDraftDeleteView,
    InstrumentDraftStartView,
    InstrumentDraftView,
    InstrumentPublishView,
)
from assessments.views.instrument_imports import InstrumentImportView
from assessments.views.instrument_parts import (
    InstrumentDimensionView,
    InstrumentFacetView,
    InstrumentGeneralView,
    InstrumentItemView,
    InstrumentScaleView,
)
from assessments.views.instruments import (
    InstrumentChangesView,
    InstrumentDownloadView,
    InstrumentDuplicateView,
    InstrumentListView,
    InstrumentView,
)

ALL = "o/<slug:organization>/instruments/"
ONE = ALL + "<int:pk>/"
DRAFT = ONE + "draft/"

urlpatterns: list[URLPattern] = [
    path(ALL, InstrumentListView.as_view(), name="instruments"),
    path(ALL + "import/", InstrumentImportView.as_view(), name="instrument-import"),
    path(ONE, InstrumentView.as_view(), name="instrument"),
    path(ONE + "changes/", InstrumentChangesView.as_view(), name="instrument-changes"),
    path(ONE + "download/", InstrumentDownloadView.as_view(), name="instrument-download"),
    path(ONE + "duplicate/", InstrumentDuplicateView.as_view(), name="instrument-duplicate"),
    path(DRAFT, InstrumentDraftView.as_view(), name="instrument-draft"),
    path(DRAFT + "start/", InstrumentDraftStartView.as_view(), name="instrument-draft-start"),
    path(DRAFT + "publish/", InstrumentPublishView.as_view(), name="instrument-publish"),
    path(DRAFT + "delete/", InstrumentDraftDeleteView.as_view(), name="instrument-draft-delete"),
    path(DRAFT + "general/", InstrumentGeneralView.as_view(), name="instrument-general"),
    path(DRAFT + "new-item/", InstrumentItemView.as_view(), name="instrument-item-new"),
    path(DRAFT + "items/<str:code>/", InstrumentItemView.as_view(), name="instrument-item"),
    path(DRAFT + "new-facet/", InstrumentFacetView.as_view(), name="instrument-facet-new"),
    path(DRAFT + "facets/<str:code>/", InstrumentFacetView.as_view(), name="instrument-facet"),
    path(DRAFT + "new-dimension/", InstrumentDimensionView.as_view(), name="instrument-dimension-new"),
    path(DRAFT + "dimensions/<str:code>/", InstrumentDimensionView.as_view(), name="instrument-dimension"),
    path(DRAFT + "new-scale/", InstrumentScaleView.as_view(), name="instrument-scale-new"),
    path(DRAFT + "scales/<str:code>/", InstrumentScaleView.as_view(), name="instrument-scale"),
]
