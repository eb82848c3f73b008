"""Acts that cross each other, in threads with connections of their own: one counts, none is lost, none fails."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import InvitationStatus, WaveState
from assessments.models import Assessment, Comment, Draft, DraftAnswer, Invitation, Response, Wave
from assessments.services.drafts import AlreadySubmitted, NotOpen
from assessments.services.responses import submit_draft
from assessments.services.wave_imports import import_wave
from assessments.services.waves import WaveProblem, close_wave, open_wave
from ecosystems.enums import Role
from ecosystems.models import Ecosystem, Membership, Organization, User
from ecosystems.services.people import LastAdmin, change_role
from tests.at_once import at_once
from tests.factories.assessments import make_open_wave, make_wave
from tests.factories.fill_in import codes_of, give, make_draft
from tests.factories.instruments import make_instrument
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(found: list[object]) -> list[str]:
    return sorted(type(one).__name__ for one in found)


def test_a_draft_submitted_in_four_tabs_is_one_response(ecosystem: Ecosystem) -> None:
    draft = make_draft(make_open_wave(ecosystem))
    give(draft, dict.fromkeys(codes_of(draft)[:3], 2))
    found = at_once(*[lambda: submit_draft(draft=Draft.objects.get(pk=draft.pk))] * 4)
    assert kinds(found) == [AlreadySubmitted.__name__] * 3 + ["NoneType"]
    assert (Response.objects.count(), DraftAnswer.objects.count(), Comment.objects.count()) == (1, 0, 0)


def test_who_submits_while_the_wave_closes_is_counted_or_told(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem)
    drafts = [make_draft(wave) for _ in range(6)]
    for draft in drafts:
        give(draft, dict.fromkeys(codes_of(draft)[:3], 2))
    submits = [lambda draft=draft: submit_draft(draft=draft) for draft in drafts]
    found = at_once(*submits[:3], lambda: close_wave(wave=wave, by=None), *submits[3:])
    told = [one for one in found if isinstance(one, NotOpen)]
    assert len(found) - len(told) - 1 == Response.objects.count()
    assert {type(one) for one in found} <= {type(None), Wave, NotOpen}
    marked = Invitation.objects.filter(group__wave=wave, status=InvitationStatus.SUBMITTED).count()
    assert marked == Response.objects.count() == Draft.objects.filter(is_submitted=True).count()
    kept = 3 * Draft.objects.filter(is_submitted=False).count()
    assert DraftAnswer.objects.count() == kept


def test_a_wave_opens_once(ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, people=1)
    found = at_once(*[lambda: open_wave(wave=wave, by=None)] * 3)
    assert kinds(found) == ["Wave", WaveProblem.__name__, WaveProblem.__name__]


def test_two_admins_who_demote_each_other_leave_one(organization: Organization) -> None:
    first, second = (make_member(organization, Role.ADMIN) for _ in range(2))
    of = {user.pk: Membership.objects.get(user=user) for user in (first, second)}
    found = at_once(
        lambda: change_role(membership=of[first.pk], role=Role.VIEWER, by=second),
        lambda: change_role(membership=of[second.pk], role=Role.VIEWER, by=first),
    )
    assert kinds(found) == [LastAdmin.__name__, "Membership"]
    assert organization.memberships.filter(role=Role.ADMIN).count() == 1


def test_two_files_imported_at_once_are_two_waves_of_one_assessment(
    organization: Organization, ecosystem: Ecosystem, tmp_path: Path
) -> None:
    version = make_instrument(organization)
    file = tmp_path / "answers.csv"
    code = version.item_codes[0]
    file.write_text(f"{code}\n" + "3\n" * 20)
    found = at_once(*[lambda: import_wave(path=file, version=version, ecosystem=ecosystem)] * 3)
    assert kinds(found) == ["Wave"] * 3, found
    assert sorted(Assessment.objects.get().waves.values_list("number", flat=True)) == [1, 2, 3]


def test_what_somebody_else_deletes_at_the_same_moment_is_not_found(
    ecosystem: Ecosystem, admin: User, client_of: Callable[[User], Client]
) -> None:
    member = make_member(ecosystem.organization, Role.VIEWER)
    slug = ecosystem.organization.slug
    pages = [
        reverse("assessments:wave-delete", args=[slug, make_wave(ecosystem).pk]),
        reverse("ecosystems:member-remove", args=[slug, member.memberships.get().pk]),
    ]
    for url in pages:
        browsers = [client_of(admin) for _ in range(4)]
        found = at_once(*[lambda browser=browser, url=url: browser.post(url).status_code for browser in browsers])
        assert sorted(found, key=str) == [302, 404, 404, 404], (url, found)  # type: ignore[arg-type]


def test_answers_to_a_wave_that_is_deleted_meanwhile_are_gone_not_an_error(
    ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assessments.views import fill_in
    from tests.factories.fill_in import token_of

    draft = make_draft(make_open_wave(ecosystem))
    give(draft, dict.fromkeys(codes_of(draft)[:1], 2))
    url = reverse("assessments:fill-in-review", args=[token_of(draft)])
    original = fill_in.submit_draft

    def deleted_just_before(*, draft: Draft) -> None:
        Wave.objects.all().delete()
        original(draft=draft)

    monkeypatch.setattr(fill_in, "submit_draft", deleted_just_before)
    assert Client().get(url).status_code == 200
    browser = Client()
    browser.get(url)
    answer = browser.post(url)
    assert answer.status_code == 410
    assert not Wave.objects.filter(state=WaveState.OPEN).exists()
