"""Routes of an ecosystem's commitments."""

from django.urls import URLPattern, path

from assessments.views import commitment_pages, commitments

COMMITMENTS = "o/<slug:organization>/ecosystems/<slug:ecosystem>/commitments/"
COMMITMENT = f"{COMMITMENTS}<uuid:key>/"

urlpatterns: list[URLPattern] = [
    path(COMMITMENTS, commitments.CommitmentsView.as_view(), name="commitments"),
    path(f"{COMMITMENTS}new/", commitments.CommitmentNewView.as_view(), name="commitment-new"),
    path(COMMITMENT, commitment_pages.CommitmentView.as_view(), name="commitment"),
    path(f"{COMMITMENT}edit/", commitments.CommitmentEditView.as_view(), name="commitment-edit"),
    path(f"{COMMITMENT}<slug:act>/", commitment_pages.CommitmentActView.as_view(), name="commitment-act"),
]
