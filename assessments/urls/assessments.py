"""Routes of assessments and waves: set-up, people, progress."""

from django.urls import URLPattern, path

from assessments.views import assessments, evidence, people, wave_links, waves

ASSESSMENTS = "o/<slug:organization>/assessments/"
WAVE = "o/<slug:organization>/waves/<int:pk>/"
GROUP = f"{WAVE}groups/<int:group>/"

urlpatterns: list[URLPattern] = [
    path(ASSESSMENTS, assessments.AssessmentListView.as_view(), name="assessments"),
    path(f"{ASSESSMENTS}new/", assessments.AssessmentCreateView.as_view(), name="assessment-new"),
    path(f"{ASSESSMENTS}<int:pk>/", assessments.AssessmentView.as_view(), name="assessment"),
    path(f"{ASSESSMENTS}<int:pk>/change/", assessments.AssessmentChangeView.as_view(), name="assessment-change"),
    path(f"{ASSESSMENTS}<int:pk>/sharing/", assessments.SharingView.as_view(), name="assessment-sharing"),
    path(f"{ASSESSMENTS}<int:pk>/next-wave/", assessments.NextWaveView.as_view(), name="next-wave"),
    path(WAVE, waves.WaveView.as_view(), name="wave"),
    path(f"{WAVE}questions/", waves.WaveQuestionsView.as_view(), name="wave-questions"),
    path(f"{WAVE}map-links/", wave_links.WaveLinksView.as_view(), name="wave-map-links"),
    path(f"{WAVE}evidence/", evidence.EvidenceView.as_view(), name="wave-evidence"),
    path(f"{WAVE}privacy/", waves.WavePrivacyView.as_view(), name="wave-privacy"),
    path(f"{WAVE}preview/", waves.PreviewView.as_view(), name="wave-preview"),
    path(f"{WAVE}test-mail/", waves.TestMailView.as_view(), name="wave-test-mail"),
    path(f"{WAVE}open/", waves.OpenView.as_view(), name="wave-open"),
    path(f"{WAVE}close/", waves.CloseView.as_view(), name="wave-close"),
    path(f"{WAVE}reopen/", waves.ReopenView.as_view(), name="wave-reopen"),
    path(f"{WAVE}remind/", waves.RemindView.as_view(), name="wave-remind"),
    path(f"{WAVE}delete/", waves.DeleteView.as_view(), name="wave-delete"),
    path(GROUP, people.PeopleView.as_view(), name="wave-people"),
    path(f"{GROUP}add/", people.AddPeopleView.as_view(), name="wave-people-add"),
    path(f"{GROUP}add-known/", people.AddKnownView.as_view(), name="wave-people-known"),
    path(f"{GROUP}act/", people.PeopleActView.as_view(), name="wave-people-act"),
    path(f"{GROUP}public-link/", people.PublicLinkView.as_view(), name="wave-public-link"),
    path(f"{GROUP}poster/", people.PosterView.as_view(), name="wave-poster"),
    path(f"{GROUP}links/", people.LinksView.as_view(), name="wave-links"),
    path("no-more-mail/<str:token>/", people.NoMoreMailView.as_view(), name="no-more-mail"),
]
