"""Routes of the page "You said, we did"."""

from django.urls import URLPattern, path

from assessments.views import replies

REPLY = "o/<slug:organization>/ecosystems/<slug:ecosystem>/reply/"

urlpatterns: list[URLPattern] = [
    path(REPLY, replies.ReplyPageView.as_view(), name="reply-page"),
    path(f"{REPLY}address/", replies.ReplyAddressView.as_view(), name="reply-address"),
    path("said/<slug:key>/", replies.SaidAndDoneView.as_view(), name="said-and-done"),
]
