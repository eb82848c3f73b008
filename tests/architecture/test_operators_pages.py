"""What an operator can look at: people and organizations, never what somebody answered."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories.people import make_invitation, make_user

PRIVATE = {"Response", "Draft", "DraftAnswer", "Comment", "Invitation"}


def test_answers_and_who_gave_them_are_not_there():
    registered = {model.__name__ for model in admin.site._registry if model._meta.app_label == "assessments"}
    assert registered & PRIVATE == set()
    assert {model.__name__ for model in apps.get_app_config("assessments").get_models()} >= PRIVATE


@pytest.mark.parametrize(
    "model", ["user", "organization", "ecosystem", "stakeholder", "memberinvitation", "auditevent"]
)
def test_operator_reads_and_adds_nothing(organization, ecosystem, admin, model):
    invitation = make_invitation(organization)
    operator = make_user()
    operator.is_staff = operator.is_superuser = True
    operator.save()
    client = Client()
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse(f"admin:ecosystems_{model}_changelist"))
    assert page.status_code == 200
    assert client.get(reverse(f"admin:ecosystems_{model}_add")).status_code == 403
    if model == "memberinvitation":
        detail = client.get(reverse("admin:ecosystems_memberinvitation_change", args=[invitation.pk]))
        assert str(invitation.key) not in detail.content.decode()
