"""Routes of importing a wave of answers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
