"""Routes of results: the dashboard and what its numbers are made of."""

from django.urls import URLPattern, path

from assessments.views import results

RESULTS = "o/<slug:organization>/waves/<int:pk>/results/"

urlpatterns: list[URLPattern] = [
    path(RESULTS, results.ResultsView.as_view(), name="results"),
    path(f"{RESULTS}index/", results.ResultsView.as_view(), name="results-index"),
    path(f"{RESULTS}<str:code>/", results.ResultsView.as_view(), name="results-of"),
]
