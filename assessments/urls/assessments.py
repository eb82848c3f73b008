"""Routes of assessments and waves: set-up, people, progress."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
