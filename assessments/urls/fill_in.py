"""Routes of filling in: personal and public links."""

from django.urls import URLPattern, path

from assessments.views import fill_in, fill_in_answers, fill_in_preview, fill_in_public

LINK = "a/<str:token>/"
TRY = "o/<slug:organization>/waves/<int:pk>/try/<slug:group>/"

urlpatterns: list[URLPattern] = [
    path("g/<str:public_key>/", fill_in_public.PublicLinkView.as_view(), name="public-link"),
    path(LINK, fill_in.WelcomeView.as_view(), name="fill-in"),
    path(f"{LINK}answers/", fill_in_answers.AnswersView.as_view(), name="fill-in-answers"),
    path(f"{LINK}review/", fill_in.ReviewView.as_view(), name="fill-in-review"),
    path(f"{LINK}thanks/", fill_in.ThanksView.as_view(), name="fill-in-thanks"),
    path(f"{LINK}<int:section>/", fill_in.SectionView.as_view(), name="fill-in-section"),
    path(TRY, fill_in_preview.TryView.as_view(), name="try"),
    path(f"{TRY}<int:section>/", fill_in_preview.TrySectionView.as_view(), name="try-section"),
    path(f"{TRY}review/", fill_in_preview.TryReviewView.as_view(), name="try-review"),
]
