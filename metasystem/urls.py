"""All routes: accounts, then the two apps."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("operator/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("assessments.urls")),
    path("", include("ecosystems.urls")),
]
