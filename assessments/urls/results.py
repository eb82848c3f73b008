"""Routes of results: the dashboard; what its numbers are made of is in `result_details`."""

from django.urls import URLPattern, path

from assessments.views import results

RESULTS = "o/<slug:organization>/waves/<int:pk>/results/"

urlpatterns: list[URLPattern] = [
    path(RESULTS, results.ResultsView.as_view(), name="results"),
]
