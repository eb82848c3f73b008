"""Routes of ecosystems."""

from django.urls import path

from ecosystems.views import account, start, theme

app_name = "ecosystems"
urlpatterns = [
    path("", start.StartView.as_view(), name="start"),
    path("theme/", theme.choose_theme, name="theme"),
    path("account/", account.AccountView.as_view(), name="account"),
]
