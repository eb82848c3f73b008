"""The facilitator's screen of a workshop."""

from django.urls import path

from assessments.views import consoles

urlpatterns = [
    path("o/<slug:organization>/workshops/<int:pk>/console/", consoles.ConsoleView.as_view(), name="console"),
    path(
        "o/<slug:organization>/workshops/<int:pk>/console/people/",
        consoles.PeopleView.as_view(),
        name="console-people",
    ),
    path(
        "o/<slug:organization>/workshops/<int:pk>/console/<slug:act>/",
        consoles.ActView.as_view(),
        name="console-act",
    ),
]
