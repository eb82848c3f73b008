"""Routes behind the results: what every number is made of, two waves beside each other, and the numbers as a file."""

from django.urls import URLPattern, path

from assessments.views import result_details

RESULTS = "o/<slug:organization>/waves/<int:pk>/results"

urlpatterns: list[URLPattern] = [
    path(f"{RESULTS}.json", result_details.ResultsJson.as_view(), name="results-json"),
    path(f"{RESULTS}/index/", result_details.IndexView.as_view(), name="results-index"),
    path(f"{RESULTS}/compare/", result_details.CompareView.as_view(), name="results-compare"),
    path(f"{RESULTS}/<str:code>/", result_details.CodeView.as_view(), name="results-code"),
    path(f"{RESULTS}/<str:code>/theme/", result_details.ThemeView.as_view(), name="results-theme"),
]
