"""The ideas board of a workshop's activity."""

from django.urls import path

from assessments.views import idea_boards

urlpatterns = [
    path(
        "o/<slug:organization>/workshops/<int:pk>/activities/<int:activity>/ideas/",
        idea_boards.IdeasBoardView.as_view(),
        name="ideas-board",
    ),
]
