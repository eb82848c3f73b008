"""Routes of filling in: personal and public links."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
