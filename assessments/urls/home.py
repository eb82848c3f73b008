"""Routes of the home page."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
