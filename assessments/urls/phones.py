"""Routes of the page that a phone in a workshop holds."""

from django.urls import path

from assessments.views import phones

urlpatterns = [
    path("w/<str:token>/", phones.PhoneView.as_view(), name="phone"),
    path("w/<str:token>/state/", phones.StateView.as_view(), name="room-state"),
    path("w/<str:token>/own/", phones.OwnView.as_view(), name="room-own"),
    path("w/<str:token>/minutes/", phones.MinutesView.as_view(), name="room-minutes"),
]
