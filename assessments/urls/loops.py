"""Routes of an ecosystem's feedback loops."""

from django.urls import URLPattern, path

from assessments.views import loops

LOOPS = "o/<slug:organization>/ecosystems/<slug:ecosystem>/loops/"

urlpatterns: list[URLPattern] = [
    path("o/<slug:organization>/loops/", loops.LoopsHomeView.as_view(), name="loops-home"),
    path(LOOPS, loops.LoopsView.as_view(), name="loops"),
    path(f"{LOOPS}signals/<int:pk>/<slug:act>/", loops.SignalActView.as_view(), name="signal-act"),
    path(f"{LOOPS}<str:members>/", loops.LoopView.as_view(), name="loop"),
]
