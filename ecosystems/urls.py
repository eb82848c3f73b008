"""Routes of ecosystems."""

from django.urls import URLPattern

app_name = "ecosystems"
urlpatterns: list[URLPattern] = []
