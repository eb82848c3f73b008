"""Routes of scenarios: the list, a new one, one with its acts, several side by side."""

from django.urls import URLPattern, path

from assessments.views import scenarios

SCENARIOS = "o/<slug:organization>/ecosystems/<slug:ecosystem>/scenarios/"

urlpatterns: list[URLPattern] = [
    path(SCENARIOS, scenarios.ScenarioListView.as_view(), name="scenarios"),
    path(f"{SCENARIOS}new/", scenarios.NewScenarioView.as_view(), name="scenario-new"),
    path(f"{SCENARIOS}compare/", scenarios.CompareScenariosView.as_view(), name="scenarios-compare"),
    path(f"{SCENARIOS}<int:pk>/", scenarios.ScenarioView.as_view(), name="scenario"),
    path(f"{SCENARIOS}<int:pk>/guess/", scenarios.GuessView.as_view(), name="scenario-guess"),
    path(f"{SCENARIOS}<int:pk>/delete/", scenarios.DeleteScenarioView.as_view(), name="scenario-delete"),
    path(f"{SCENARIOS}<int:pk>/<str:act>/", scenarios.ScenarioActView.as_view(), name="scenario-act"),
]
