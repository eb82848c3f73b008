"""Routes of the minutes of workshops."""

from django.urls import URLPattern, path

from assessments.views import minutes

urlpatterns: list[URLPattern] = [
    path("o/<slug:organization>/workshops/<int:pk>/minutes/", minutes.MinutesView.as_view(), name="minutes"),
    path("minutes/<str:token>/", minutes.MinutesByLinkView.as_view(), name="minutes-by-link"),
]
