"""Who gets what at every address: one entry a route name; a route without an entry fails test_routes.py.

    "assessments:wave": Route(members(200), members(405), kwargs=lambda scene: {"pk": scene.wave.pk}),

The first outcome is that of GET, the second that of an empty POST (default: nobody may post). `kwargs` are those
besides `organization`. Every route below `/o/<organization>/` with further kwargs is also asked for another
organization's object and must answer 404, unless it says `shared=True`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from assessments.enums import ActivityKind
from assessments.links import invitation_token, minutes_token, no_more_mail_token, seat_token
from assessments.models.activity_plans import IdeasPlan
from assessments.projector_links import projector_path
from assessments.services.drafts import start_draft
from assessments.services.replies import change_reply_page
from ecosystems.links import join_token
from tests.architecture.scene import Scene
from tests.factories.workshops import make_activity

LOGIN = "the log-in page"
Answer = int | str
"""A status, LOGIN, or the start of the address that a redirect goes to."""


@dataclass(frozen=True)
class Outcome:
    admin: Answer
    facilitator: Answer
    leader: Answer
    viewer: Answer
    outsider: Answer
    nobody: Answer

    def items(self) -> list[tuple[str, Answer]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]


def members(ok: Answer) -> Outcome:
    """Every member of the organization."""
    return Outcome(ok, ok, ok, ok, 404, LOGIN)


def leaders(ok: Answer) -> Outcome:
    return Outcome(ok, ok, ok, 403, 404, LOGIN)


def facilitators(ok: Answer) -> Outcome:
    return Outcome(ok, ok, 403, 403, 404, LOGIN)


def admins(ok: Answer) -> Outcome:
    return Outcome(ok, 403, 403, 403, 404, LOGIN)


def people(ok: Answer, nobody: Answer = LOGIN) -> Outcome:
    """Everybody with an account, whatever their organization."""
    return Outcome(ok, ok, ok, ok, ok, nobody)


def everybody(ok: Answer) -> Outcome:
    return Outcome(ok, ok, ok, ok, ok, ok)


@dataclass(frozen=True)
class Route:
    get: Outcome
    post: Outcome | None = None
    """None: 405 for all who may get, the same as GET for the others."""
    kwargs: Callable[[Scene], Mapping[str, Any]] = lambda scene: {}
    shared: bool = False
    """The object does not belong to the organization in the address."""


def workshop(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.workshop.pk}


def step(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.workshop.pk, "activity": scene.activity.pk}


def kept_agenda(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.kept_agenda.pk}


def ended_workshop(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.ended_workshop.pk}


def minutes_link(scene: Scene) -> dict[str, Any]:
    return {"token": minutes_token(scene.ended_workshop)}


def act_on_workshop(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.workshop.pk, "act": "lock"}


def membership_of_another(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.other_member.memberships.get().pk}


def ecosystem(scene: Scene) -> dict[str, Any]:
    return {"ecosystem": scene.ecosystem.slug}


def stakeholder(scene: Scene) -> dict[str, Any]:
    return {"ecosystem": scene.ecosystem.slug, "pk": scene.stakeholder.pk}


def commitment(scene: Scene) -> dict[str, Any]:
    return {"ecosystem": scene.ecosystem.slug, "key": scene.commitment.key}


def act_on_commitment(scene: Scene) -> dict[str, Any]:
    return {**commitment(scene), "act": "take-up"}


def upload(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.upload.pk}


def assessment(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.assessment.pk}


def wave(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.wave.pk}


def code_of_wave(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.wave.pk, "code": "INN"}


def wave_group(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.wave.pk, "group": "customers"}


def people_of_wave(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.wave.pk, "group": scene.wave.groups.get(key="customers").pk}


def public_link(scene: Scene) -> dict[str, Any]:
    return {"public_key": scene.wave.groups.get(key="customers").public_key}


def link(scene: Scene) -> dict[str, Any]:
    return {"token": invitation_token(scene.asked)}


def started_link(scene: Scene) -> dict[str, Any]:
    start_draft(group=scene.asked.group, invitation=scene.asked)
    return link(scene)


def section_of_link(scene: Scene) -> dict[str, Any]:
    return {**started_link(scene), "section": 1}


def ideas_board(scene: Scene) -> dict[str, Any]:
    activity = make_activity(scene.workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), current=False)
    return {**workshop(scene), "activity": activity.pk}


def projector(scene: Scene) -> dict[str, Any]:
    return {"token": projector_path(scene.workshop).split("/")[2]}


def seat(scene: Scene) -> dict[str, Any]:
    return {"token": seat_token(scene.seat)}


def section_of_trial(scene: Scene) -> dict[str, Any]:
    return {**wave_group(scene), "section": 1}


def reply_page(scene: Scene) -> dict[str, Any]:
    return {"key": change_reply_page(ecosystem=scene.ecosystem, by=None, title="", intro="", is_on=True).key}


def scenario(scene: Scene) -> dict[str, Any]:
    return {**ecosystem(scene), "pk": scene.scenario.pk}


def map_factor(scene: Scene) -> dict[str, Any]:
    return {**ecosystem(scene), "pk": scene.drawn_link.source_id}


def map_link(scene: Scene) -> dict[str, Any]:
    return {**ecosystem(scene), "pk": scene.drawn_link.pk}


def loop(scene: Scene) -> dict[str, Any]:
    return {**ecosystem(scene), "members": scene.loop}


def act_on_signal(scene: Scene) -> dict[str, Any]:
    return {**ecosystem(scene), "pk": scene.signal.pk, "act": "reopen"}


def map_version(scene: Scene) -> dict[str, Any]:
    return {**ecosystem(scene), "number": scene.map_version.number}


HOME = "/o/"
PASSWORD_AGAIN = "/accounts/reauthenticate/"
"""Being logged in is not enough to change what protects the account."""


def instrument(scene: Scene) -> Mapping[str, Any]:
    return {"pk": scene.instrument_draft.instrument_id}


def part_of_instrument(code: str) -> Callable[[Scene], Mapping[str, Any]]:
    return lambda scene: {**instrument(scene), "code": code}


ROUTES: dict[str, Route] = {
    # start, theme, account
    "ecosystems:start": Route(people(HOME, nobody=200)),
    "ecosystems:theme": Route(everybody(405), everybody("/")),
    "ecosystems:demo-login": Route(everybody(405), everybody(404)),
    "ecosystems:account": Route(people(200), people(200)),
    "ecosystems:organization-new": Route(people(200), people(200)),
    "ecosystems:join": Route(
        Outcome(403, 403, 403, 403, 403, 200),
        Outcome(403, 403, 403, 403, 403, 200),
        kwargs=lambda scene: {"token": join_token(scene.elsewhere.invitation.key)},
    ),
    # one organization: settings and people
    "ecosystems:settings": Route(admins(200), admins(200)),
    "ecosystems:audit": Route(admins(200)),
    "ecosystems:people": Route(facilitators(200)),
    "ecosystems:invite": Route(admins(200), admins(200)),
    "ecosystems:member": Route(admins(200), admins(200), kwargs=membership_of_another),
    "ecosystems:member-remove": Route(admins(200), admins(HOME), kwargs=membership_of_another),
    "ecosystems:member-invitation": Route(
        admins(405), admins(HOME), kwargs=lambda scene: {"pk": scene.invitation.pk, "act": "resend"}
    ),
    # ecosystems and their stakeholders
    "ecosystems:ecosystems": Route(members(200)),
    "ecosystems:ecosystem-new": Route(facilitators(200), facilitators(200)),
    "ecosystems:ecosystem": Route(members(200), kwargs=ecosystem),
    "ecosystems:ecosystem-edit": Route(facilitators(200), facilitators(200), kwargs=ecosystem),
    "ecosystems:stakeholder-add": Route(facilitators(200), facilitators(200), kwargs=ecosystem),
    "ecosystems:stakeholders-import": Route(facilitators(200), facilitators(200), kwargs=ecosystem),
    "ecosystems:stakeholders-export": Route(facilitators(200), kwargs=ecosystem),
    "ecosystems:stakeholder": Route(facilitators(200), facilitators(200), kwargs=stakeholder),
    "ecosystems:stakeholder-delete": Route(facilitators(200), facilitators(HOME), kwargs=stakeholder),
    # instruments
    "assessments:instruments": Route(facilitators(200)),
    "assessments:instrument-import": Route(admins(200), admins(200)),
    "assessments:instrument": Route(facilitators(200), kwargs=instrument),
    "assessments:instrument-changes": Route(facilitators(200), kwargs=instrument),
    "assessments:instrument-download": Route(facilitators(200), kwargs=instrument),
    "assessments:instrument-duplicate": Route(admins(200), admins(200), kwargs=instrument),
    "assessments:instrument-draft": Route(admins(200), admins(HOME), kwargs=instrument),
    "assessments:instrument-draft-start": Route(admins(405), admins(HOME), kwargs=instrument),
    "assessments:instrument-publish": Route(admins(200), admins(HOME), kwargs=instrument),
    "assessments:instrument-draft-delete": Route(admins(200), admins(HOME), kwargs=instrument),
    "assessments:instrument-general": Route(admins(200), admins(200), kwargs=instrument),
    "assessments:instrument-item-new": Route(admins(200), admins(200), kwargs=instrument),
    "assessments:instrument-item": Route(admins(200), admins(200), kwargs=part_of_instrument("A1")),
    "assessments:instrument-facet-new": Route(admins(200), admins(200), kwargs=instrument),
    "assessments:instrument-facet": Route(admins(200), admins(200), kwargs=part_of_instrument("FA")),
    "assessments:instrument-dimension-new": Route(admins(200), admins(200), kwargs=instrument),
    "assessments:instrument-dimension": Route(admins(200), admins(200), kwargs=part_of_instrument("INN")),
    "assessments:instrument-scale-new": Route(admins(200), admins(200), kwargs=instrument),
    "assessments:instrument-scale": Route(admins(200), admins(200), kwargs=part_of_instrument("five")),
    # home, assessments, waves and their people
    "assessments:home": Route(members(200)),
    "assessments:assessments": Route(members(200)),
    "assessments:assessment-new": Route(facilitators(200), facilitators(200)),
    "assessments:assessment": Route(members(200), kwargs=assessment),
    "assessments:assessment-change": Route(facilitators(200), facilitators(200), kwargs=assessment),
    "assessments:assessment-sharing": Route(
        Outcome(403, 403, 403, 403, 404, LOGIN), Outcome(403, 403, 403, 403, 404, LOGIN), kwargs=assessment
    ),
    "assessments:next-wave": Route(facilitators(405), facilitators(HOME), kwargs=assessment),
    "assessments:wave": Route(facilitators(200), facilitators(200), kwargs=wave),
    "assessments:results": Route(members(200), kwargs=wave),
    "assessments:results-json": Route(members(200), kwargs=wave),
    "assessments:results-index": Route(members(HOME), kwargs=wave),
    "assessments:results-code": Route(members(HOME), kwargs=code_of_wave),
    "assessments:results-theme": Route(members(HOME), leaders(HOME), kwargs=code_of_wave),
    "assessments:results-compare": Route(members(HOME), kwargs=wave),
    "assessments:wave-questions": Route(facilitators(200), facilitators(200), kwargs=wave),
    "assessments:wave-map-links": Route(facilitators(200), facilitators(200), kwargs=wave),
    "assessments:wave-evidence": Route(facilitators(200), facilitators(HOME), kwargs=wave),
    "assessments:wave-privacy": Route(facilitators(200), facilitators(200), kwargs=wave),
    "assessments:wave-preview": Route(facilitators(200), kwargs=wave),
    "assessments:wave-test-mail": Route(facilitators(405), facilitators(HOME), kwargs=wave),
    "assessments:wave-open": Route(facilitators(200), facilitators(200), kwargs=wave),
    "assessments:wave-close": Route(facilitators(200), facilitators(HOME), kwargs=wave),
    "assessments:wave-reopen": Route(facilitators(200), facilitators(200), kwargs=wave),
    "assessments:wave-remind": Route(facilitators(200), facilitators(HOME), kwargs=wave),
    "assessments:wave-delete": Route(admins(200), admins(200), kwargs=wave),
    "assessments:wave-people": Route(facilitators(200), kwargs=people_of_wave),
    "assessments:wave-people-add": Route(facilitators(200), facilitators(200), kwargs=people_of_wave),
    "assessments:wave-people-known": Route(facilitators(405), facilitators(HOME), kwargs=people_of_wave),
    "assessments:wave-people-act": Route(facilitators(405), facilitators(HOME), kwargs=people_of_wave),
    "assessments:wave-public-link": Route(facilitators(200), facilitators(HOME), kwargs=people_of_wave),
    "assessments:wave-poster": Route(facilitators(200), kwargs=people_of_wave),
    "assessments:wave-links": Route(facilitators(405), facilitators(200), kwargs=people_of_wave),
    "assessments:no-more-mail": Route(
        everybody(200), everybody(200), kwargs=lambda scene: {"token": no_more_mail_token(scene.asked)}
    ),
    # logging in (django-allauth)
    "account_login": Route(people("/", nobody=200), people("/", nobody=200)),
    "account_logout": Route(people(200, nobody="/"), people("/", nobody="/")),
    "account_inactive": Route(everybody(200)),
    "account_signup": Route(people("/", nobody=200), people("/", nobody=200)),
    "account_reauthenticate": Route(people(200), people(200)),
    "account_email": Route(people(200), people("/accounts/email/")),
    "account_email_verification_sent": Route(everybody(200)),
    "account_change_password": Route(people(200), people(200)),
    "account_set_password": Route(people("/accounts/password/change/"), people("/accounts/password/change/")),
    "account_reset_password": Route(everybody(200), everybody(200)),
    "account_reset_password_done": Route(everybody(200)),
    "account_reset_password_from_key": Route(
        everybody(200), everybody(200), kwargs=lambda scene: {"uidb36": "1", "key": "x"}
    ),
    "account_reset_password_from_key_done": Route(everybody(200)),
    "account_confirm_email": Route(everybody(200), everybody(404), kwargs=lambda scene: {"key": "x"}),
    "account_confirm_login_code": Route(people("/", nobody=LOGIN), people("/", nobody=LOGIN)),
    # the second step and passkeys (django-allauth)
    "mfa_index": Route(people(200)),
    "mfa_authenticate": Route(people("/", nobody=LOGIN), people("/", nobody=LOGIN)),
    "mfa_reauthenticate": Route(people(PASSWORD_AGAIN), people(PASSWORD_AGAIN)),
    "mfa_activate_totp": Route(people(PASSWORD_AGAIN), people(PASSWORD_AGAIN)),
    "mfa_deactivate_totp": Route(people(404), people(404)),
    "mfa_view_recovery_codes": Route(people(404), people(405)),
    "mfa_generate_recovery_codes": Route(people(PASSWORD_AGAIN), people(PASSWORD_AGAIN)),
    "mfa_download_recovery_codes": Route(people(404)),
    "mfa_list_webauthn": Route(people(200)),
    "mfa_add_webauthn": Route(people(PASSWORD_AGAIN), people(PASSWORD_AGAIN)),
    "mfa_remove_webauthn": Route(people(PASSWORD_AGAIN), people(PASSWORD_AGAIN), kwargs=lambda scene: {"pk": 1}),
    "mfa_edit_webauthn": Route(people(PASSWORD_AGAIN), people(PASSWORD_AGAIN), kwargs=lambda scene: {"pk": 1}),
    "mfa_reauthenticate_webauthn": Route(people(PASSWORD_AGAIN), people(PASSWORD_AGAIN)),
    "mfa_login_webauthn": Route(people("/", nobody=LOGIN), people("/", nobody=LOGIN)),
    # filling in: whoever holds the link
    "assessments:wave-upload-new": Route(facilitators(200), facilitators(200), kwargs=ecosystem),
    "assessments:wave-upload-start": Route(facilitators(200), facilitators(200)),
    "assessments:wave-upload": Route(facilitators(200), facilitators(HOME), kwargs=upload),
    "assessments:public-link": Route(everybody(200), everybody("/a/"), kwargs=public_link),
    "assessments:fill-in": Route(everybody(200), everybody("/a/"), kwargs=link),
    "assessments:fill-in-answers": Route(everybody(200), everybody(400), kwargs=started_link),
    "assessments:fill-in-section": Route(everybody(200), everybody(422), kwargs=section_of_link),
    "assessments:fill-in-review": Route(everybody(200), everybody(422), kwargs=started_link),
    "assessments:fill-in-thanks": Route(everybody("/a/"), everybody("/a/"), kwargs=started_link),
    # workshops: the list, preparing, agendas
    "assessments:workshops": Route(members(200)),
    "assessments:workshop-new": Route(facilitators(200), facilitators(200)),
    "assessments:kept-agendas": Route(facilitators(200)),
    "assessments:kept-agenda": Route(facilitators(200), facilitators(200), kwargs=kept_agenda),
    "assessments:kept-agenda-delete": Route(facilitators(200), facilitators(HOME), kwargs=kept_agenda),
    "assessments:workshop": Route(facilitators(200), kwargs=workshop),
    "assessments:workshop-change": Route(facilitators(200), facilitators(200), kwargs=workshop),
    "assessments:workshop-privacy": Route(facilitators(200), facilitators(200), kwargs=workshop),
    "assessments:workshop-open": Route(facilitators(405), facilitators(HOME), kwargs=workshop),
    "assessments:workshop-rehearse": Route(facilitators(405), facilitators(HOME), kwargs=workshop),
    "assessments:talking-point": Route(facilitators(200), facilitators(200), kwargs=code_of_wave),
    "assessments:workshop-helpers": Route(facilitators(200), facilitators(HOME), kwargs=workshop),
    "assessments:workshop-duplicate": Route(facilitators(200), facilitators(200), kwargs=workshop),
    "assessments:workshop-keep-agenda": Route(facilitators(200), facilitators(200), kwargs=workshop),
    "assessments:workshop-poster": Route(facilitators(200), kwargs=workshop),
    "assessments:workshop-delete": Route(facilitators(200), facilitators(200), kwargs=workshop),
    "assessments:agenda-add": Route(facilitators(200), facilitators(200), kwargs=workshop),
    "assessments:activity-new": Route(facilitators(200), facilitators(HOME), kwargs=workshop),
    "assessments:activity": Route(facilitators(200), facilitators(200), kwargs=step),
    "assessments:activity-move": Route(facilitators(405), facilitators(HOME), kwargs=step),
    "assessments:activity-remove": Route(facilitators(200), facilitators(200), kwargs=step),
    # workshops: the facilitators' screen
    "assessments:console": Route(facilitators(200), kwargs=workshop),
    "assessments:console-people": Route(facilitators(200), kwargs=workshop),
    "assessments:console-act": Route(facilitators(405), facilitators(HOME), kwargs=act_on_workshop),
    # workshops: the minutes
    "assessments:minutes": Route(members(200), kwargs=ended_workshop),
    "assessments:minutes-by-link": Route(everybody(200), kwargs=minutes_link),
    # workshops: joining, and what phones send
    "assessments:join": Route(everybody(200), everybody(422)),
    "assessments:join-code": Route(everybody(422), everybody(422), kwargs=lambda scene: {"code": "no-code"}),
    "assessments:join-link": Route(everybody(200), everybody(403), kwargs=lambda scene: {"key": scene.workshop.key}),
    "assessments:room-votes": Route(everybody(405), everybody(400), kwargs=seat),
    "assessments:room-ideas": Route(everybody(405), everybody(400), kwargs=seat),
    "assessments:room-commitments": Route(everybody(405), everybody(400), kwargs=seat),
    "assessments:room-move": Route(everybody(200), kwargs=seat),
    "assessments:phone": Route(everybody(200), everybody(405), kwargs=seat),
    "assessments:room-state": Route(everybody(200), everybody(405), kwargs=seat),
    "assessments:room-own": Route(everybody(200), everybody(405), kwargs=seat),
    "assessments:room-minutes": Route(everybody("/w/"), everybody(422), kwargs=seat),
    "assessments:ideas-board": Route(facilitators(200), facilitators(404), kwargs=ideas_board),
    # workshops: the screen in the room
    "assessments:projector": Route(everybody(200), kwargs=projector),
    "assessments:projector-state": Route(everybody(200), kwargs=projector),
    "assessments:try": Route(facilitators(200), facilitators(HOME), kwargs=wave_group),
    "assessments:try-section": Route(facilitators(200), facilitators(422), kwargs=section_of_trial),
    "assessments:try-review": Route(facilitators(200), kwargs=wave_group),
    # the causal map in and out, its links, groups side by side
    "assessments:map-import": Route(facilitators(200), facilitators(200), kwargs=ecosystem),
    "assessments:map-template": Route(facilitators(200), facilitators(HOME), kwargs=ecosystem),
    "assessments:map-export": Route(members(200), kwargs=lambda scene: {**ecosystem(scene), "kind": "graphml"}),
    "assessments:map-compare": Route(members(200), kwargs=ecosystem),
    "assessments:loops-links": Route(members(200), kwargs=ecosystem),
    # what becomes of the answers
    "assessments:reply-page": Route(facilitators(200), facilitators(HOME), kwargs=ecosystem),
    "assessments:reply-address": Route(facilitators(405), facilitators(HOME), kwargs=ecosystem),
    "assessments:said-and-done": Route(everybody(200), kwargs=reply_page),
    # scenarios
    "assessments:scenarios": Route(members(200), kwargs=ecosystem),
    "assessments:scenario-new": Route(leaders(200), leaders(200), kwargs=ecosystem),
    "assessments:scenarios-compare": Route(members(200), kwargs=ecosystem),
    "assessments:scenario": Route(members(200), kwargs=scenario),
    "assessments:scenario-guess": Route(members(200), members(200), kwargs=scenario),
    "assessments:scenario-delete": Route(facilitators(200), facilitators(HOME), kwargs=scenario),
    "assessments:scenario-act": Route(
        members(405), facilitators(HOME), kwargs=lambda scene: {**scenario(scene), "act": "cancel"}
    ),
    # feedback loops
    "assessments:loops-home": Route(members(200)),
    "assessments:loops": Route(members(200), kwargs=ecosystem),
    "assessments:loop": Route(members(200), facilitators(HOME), kwargs=loop),
    "assessments:signal-act": Route(facilitators(405), facilitators(HOME), kwargs=act_on_signal),
    # the causal map: drawing, list, versions
    "assessments:map": Route(members(200), kwargs=ecosystem),
    "assessments:commitments": Route(members(200), kwargs=ecosystem),
    "assessments:commitment-new": Route(leaders(200), leaders(200), kwargs=ecosystem),
    "assessments:commitment": Route(members(200), kwargs=commitment),
    "assessments:commitment-edit": Route(facilitators(200), facilitators(200), kwargs=commitment),
    "assessments:commitment-act": Route(members(405), facilitators(HOME), kwargs=act_on_commitment),
    "assessments:map-edits": Route(facilitators(405), facilitators(HOME), kwargs=ecosystem),
    "assessments:map-list": Route(members(200), kwargs=ecosystem),
    "assessments:map-factor-new": Route(facilitators(200), facilitators(200), kwargs=ecosystem),
    "assessments:map-factor": Route(facilitators(200), facilitators(200), kwargs=map_factor),
    "assessments:map-link-new": Route(facilitators(200), facilitators(200), kwargs=ecosystem),
    "assessments:map-link": Route(facilitators(200), facilitators(200), kwargs=map_link),
    "assessments:map-versions": Route(members(200), facilitators(200), kwargs=ecosystem),
    "assessments:map-version": Route(members(200), facilitators(HOME), kwargs=map_version),
}
