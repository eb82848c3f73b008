"""Routes of importing a wave of answers."""

from django.urls import URLPattern, path

from assessments.views.imports import WaveUploadProgressView, WaveUploadView

urlpatterns: list[URLPattern] = [
    path("o/<slug:organization>/ecosystems/<slug:ecosystem>/import/", WaveUploadView.as_view(), name="wave-upload-new"),
    path("o/<slug:organization>/imports/new/", WaveUploadView.as_view(), name="wave-upload-start"),
    path("o/<slug:organization>/imports/<int:pk>/", WaveUploadProgressView.as_view(), name="wave-upload"),
]
