"""Routes of results: the dashboard and what its numbers are made of."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
