"""Routes of the home page."""

from django.urls import URLPattern, path

from assessments.views import home

urlpatterns: list[URLPattern] = [path("o/<slug:organization>/", home.HomeView.as_view(), name="home")]
