"""All routes: accounts, then the two apps."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("assessments.urls")),
    path("", include("ecosystems.urls")),
]
