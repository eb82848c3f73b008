"""Routes of workshops before and after they run: the list, preparing, agendas."""

from django.urls import URLPattern, path

from assessments.views import agenda, talking_points, workshop_more, workshops

WORKSHOPS = "o/<slug:organization>/workshops/"
WORKSHOP = f"{WORKSHOPS}<int:pk>/"
STEP = f"{WORKSHOP}steps/<int:activity>/"
AGENDAS = f"{WORKSHOPS}agendas/"

urlpatterns: list[URLPattern] = [
    path(WORKSHOPS, workshops.WorkshopListView.as_view(), name="workshops"),
    path(f"{WORKSHOPS}new/", workshops.WorkshopCreateView.as_view(), name="workshop-new"),
    path(AGENDAS, workshop_more.KeptAgendasView.as_view(), name="kept-agendas"),
    path(f"{AGENDAS}<int:pk>/", workshop_more.KeptAgendaView.as_view(), name="kept-agenda"),
    path(f"{AGENDAS}<int:pk>/delete/", workshop_more.KeptAgendaDeleteView.as_view(), name="kept-agenda-delete"),
    path(WORKSHOP, workshops.WorkshopView.as_view(), name="workshop"),
    path(f"{WORKSHOP}change/", workshops.WorkshopChangeView.as_view(), name="workshop-change"),
    path(f"{WORKSHOP}privacy/", workshops.WorkshopPrivacyView.as_view(), name="workshop-privacy"),
    path(f"{WORKSHOP}open/", workshops.OpenDoorsView.as_view(), name="workshop-open"),
    path(f"{WORKSHOP}rehearse/", workshops.RehearseView.as_view(), name="workshop-rehearse"),
    path(f"{WORKSHOP}people/", workshop_more.HelpersView.as_view(), name="workshop-helpers"),
    path(f"{WORKSHOP}duplicate/", workshop_more.DuplicateView.as_view(), name="workshop-duplicate"),
    path(f"{WORKSHOP}keep-agenda/", workshop_more.KeepAgendaView.as_view(), name="workshop-keep-agenda"),
    path(f"{WORKSHOP}poster/", workshop_more.WorkshopPosterView.as_view(), name="workshop-poster"),
    path(f"{WORKSHOP}delete/", workshop_more.WorkshopDeleteView.as_view(), name="workshop-delete"),
    path(f"{WORKSHOP}add-agenda/", agenda.AgendaAddView.as_view(), name="agenda-add"),
    path(f"{WORKSHOP}steps/new/", agenda.StepAddView.as_view(), name="activity-new"),
    path(STEP, agenda.StepView.as_view(), name="activity"),
    path(f"{STEP}move/", agenda.StepMoveView.as_view(), name="activity-move"),
    path(f"{STEP}remove/", agenda.StepRemoveView.as_view(), name="activity-remove"),
    path(
        "o/<slug:organization>/waves/<int:pk>/talking-points/<str:code>/",
        talking_points.TalkingPointView.as_view(),
        name="talking-point",
    ),
]
