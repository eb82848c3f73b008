"""The screen in the room of a workshop."""

from django.urls import path

from assessments.views import projectors

urlpatterns = [
    path("projector/<str:token>/", projectors.ProjectorView.as_view(), name="projector"),
    path("projector/<str:token>/state/", projectors.ProjectorStateView.as_view(), name="projector-state"),
]
