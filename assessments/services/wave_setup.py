"""Setting up a wave: what is asked of whom, when, and under which privacy rules."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import Anonymity, GroupKind, Rhythm, WaveState
from assessments.models import Assessment, InstrumentVersion, Invitation, Wave, WaveGroup
from assessments.selectors.plans import offers_of
from assessments.services.assessments import create_assessment
from assessments.services.waves import NotReady, WaveProblem, locked, today, usual_title
from ecosystems.models import User
from ecosystems.services import audit

MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}
USUAL_LENGTH = timedelta(days=14)
COPIED = ("anonymity", "min_group_size", "comment_min_group_size", "live_results", "subject", "message")
COPIED_OF_GROUPS = ("position", "key", "label", "kind", "audience", "form", "weight", "public_link_on", "expected")
PRIVACY = frozenset({"anonymity", "min_group_size", "comment_min_group_size", "live_results"})


class Promised(WaveProblem):
    """People have been told the privacy rules in their invitation, so these may only become stricter."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The wave is open: people have been told these privacy rules. "
                "Until the first answer they can be made stricter, never looser."
            )
        )


class PrivacyFixed(WaveProblem):
    def __init__(self) -> None:
        super().__init__(_("The privacy rules are fixed since the first answer. They cannot be changed for this wave."))


@transaction.atomic
def start_assessment(*, by: User | None, **assessment: Any) -> Wave:
    """Make an assessment (see `create_assessment`) and its first wave, both or neither."""
    return create_wave(assessment=create_assessment(by=by, **assessment), by=by)


@transaction.atomic
def create_wave(*, assessment: Assessment, by: User | None, now: datetime | None = None) -> Wave:
    """The next wave of an assessment: the usual set-up, or a copy of the last wave's with its people.

    Dates follow the rhythm. Raises NotReady where the instrument has no published version.
    """
    assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    version = assessment.instrument.versions.exclude(published_at=None).order_by("-number").first()
    if version is None:
        raise NotReady((_("The instrument has no published version. Publish it first."),))
    day = timezone.localdate(now)
    last = assessment.waves.filter(is_imported=False).order_by("-number").first()
    opens_on, closes_on = _dates(last, Rhythm(assessment.rhythm), day)
    organization = assessment.organization
    setup: dict[str, Any] = {
        "min_group_size": organization.min_group_size,
        "comment_min_group_size": organization.comment_min_group_size,
        "subject": _("A few minutes for %(ecosystem)s") % {"ecosystem": assessment.ecosystem.name},
        "message": usual_message(assessment),
    }
    if last is not None:
        setup = {name: getattr(last, name) for name in COPIED}
        # the organization may have become stricter since
        setup["min_group_size"] = max(last.min_group_size, organization.min_group_size)
        setup["comment_min_group_size"] = max(
            last.comment_min_group_size, organization.comment_min_group_size, setup["min_group_size"]
        )
    number = (assessment.waves.aggregate(last=Max("number"))["last"] or 0) + 1
    wave = Wave.objects.create(
        assessment=assessment,
        number=number,
        title=usual_title(opens_on),
        version=version,
        opens_on=opens_on,
        closes_on=closes_on,
        **setup,
    )
    if last is None:
        set_groups(
            wave=wave, forms={offer.key: offer.usual for offer in offers_of(assessment=assessment, version=version)}
        )
    else:
        _copy_groups(last, wave)
    audit.record(organization=organization, actor=by, action="wave.created", subject=wave)
    return wave


@transaction.atomic
def change_wave(*, wave: Wave, by: User | None, **changes: Any) -> Wave:
    """Change the set-up: title, version, dates, subject, message, and until the first answer the privacy rules.

    Once the wave is open these may only become stricter. Raises PrivacyFixed, Promised; WaveProblem for a closed wave,
    and for another version of an open one.
    """
    wave = locked(wave)
    if wave.state == WaveState.CLOSED:
        raise WaveProblem(_("This wave is closed. Its set-up stays as it was."))
    changed = {name: value for name, value in changes.items() if getattr(wave, name) != value}
    if PRIVACY & set(changed) and wave.privacy_frozen:
        raise PrivacyFixed
    if wave.state == WaveState.OPEN and _loosens(wave, changed):
        raise Promised
    if "version" in changed and wave.state != WaveState.DRAFT:
        raise WaveProblem(_("This wave is open: its questions stay as they are."))
    if (
        wave.state == WaveState.OPEN
        and "closes_on" in changed
        and (not changes["closes_on"] or changes["closes_on"] < today())
    ):
        raise WaveProblem(_("The closing day must be today or later."))
    for name, value in changed.items():
        setattr(wave, name, value)
    if wave.opens_on and wave.closes_on and wave.closes_on < wave.opens_on:
        raise WaveProblem(_("The closing day must not be before the opening day."))
    if wave.comment_min_group_size < wave.min_group_size:
        raise WaveProblem(_("Comments need at least as large a group as scores."))
    if changed:
        wave.save(update_fields=list(changed))
        audit.record(
            organization=wave.assessment.organization,
            actor=by,
            action="wave.changed",
            subject=wave,
            details={name: str(changed[name]) for name in sorted(changed) if name not in ("subject", "message")},
        )
    return wave


@transaction.atomic
def set_groups(*, wave: Wave, forms: Mapping[str, str], by: User | None = None) -> None:
    """Say which groups are asked with which form: `{group key: form}`; a group that is not named is not asked.

    Only while the wave is in preparation. Raises WaveProblem where a group that has people would go.
    """
    wave = locked(wave)
    if wave.state != WaveState.DRAFT:
        raise WaveProblem(_("Groups and forms are fixed when a wave opens."))
    offers = {offer.key: offer for offer in offers_of(assessment=wave.assessment, version=wave.version)}
    for key, form in forms.items():
        if key not in offers or form not in {offer.form for offer in offers[key].forms}:
            raise WaveProblem(
                _("This version does not ask “%(group)s” with “%(form)s”.") % {"group": key, "form": form}
            )
    gone = wave.groups.exclude(key__in=forms)
    for group in gone.filter(invitations__isnull=False).distinct():
        raise WaveProblem(_("“%(group)s” has people. Remove them first.") % {"group": group.label})
    gone.delete()
    there = {group.key: group for group in wave.groups.all()}
    for position, key in enumerate(key for key in offers if key in forms):
        offer = offers[key]
        group = there.get(key) or WaveGroup(wave=wave, key=key)
        group.position, group.label, group.kind = position, offer.label, offer.kind
        group.audience, group.form = key, forms[key]
        group.save()


@transaction.atomic
def set_up_questions(
    *, wave: Wave, title: str, version: InstrumentVersion, forms: Mapping[str, str], by: User | None
) -> None:
    """Title, version and groups of a wave in preparation, all or none. Raises WaveProblem."""
    wave = change_wave(wave=wave, by=by, title=title, version=version)
    set_groups(wave=wave, forms=forms, by=by)


@transaction.atomic
def set_public_link(*, group: WaveGroup, on: bool, expected: int | None, by: User | None = None) -> WaveGroup:
    """Switch a group's public link on or off, and say how many people have it. A leader's own view has none."""
    if locked(group.wave).state == WaveState.CLOSED:
        raise WaveProblem(_("This wave is closed."))
    if on and group.kind == GroupKind.SELF:
        raise WaveProblem(_("This group is one person: a personal link is needed."))
    group.public_link_on, group.expected = on, expected
    group.save(update_fields=["public_link_on", "expected"])
    return group


def usual_message(assessment: Assessment) -> str:
    """The first wave's message, to be changed at will."""
    if assessment.leader:
        about = _("How do you experience working with %(name)s?") % {"name": assessment.leader.name}
    else:
        about = _("How does %(name)s work for you?") % {"name": assessment.ecosystem.name}
    return _("%(about)s Your view counts. You need no password.\n\n{link}\n\nThank you.") % {"about": about}


def _loosens(wave: Wave, changed: Mapping[str, Any]) -> bool:
    """Whether people would be promised less than they are now."""
    return (
        changed.get("anonymity") == Anonymity.NAMED
        or changed.get("live_results", False)
        or any(changed.get(name, size) < size for name, size in _minimums(wave).items())
    )


def _minimums(wave: Wave) -> dict[str, int]:
    return {name: getattr(wave, name) for name in ("min_group_size", "comment_min_group_size")}


def _dates(last: Wave | None, rhythm: Rhythm, day: date) -> tuple[date, date]:
    length = USUAL_LENGTH
    opens = day
    if last is not None and last.opens_on:
        if last.closes_on:
            length = max(last.closes_on - last.opens_on, timedelta(days=1))
        opens = max(_months_later(last.opens_on, MONTHS.get(rhythm, 0)), day)
    return opens, opens + length


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _copy_groups(last: Wave, wave: Wave) -> None:
    """The same groups, forms, links and people, as far as the current version still asks them."""
    offered = {
        (offer.key, form.form)
        for offer in offers_of(assessment=wave.assessment, version=wave.version)
        for form in offer.forms
    }
    for old in last.groups.prefetch_related("invitations"):
        if (old.audience, old.form) not in offered:
            continue
        group = WaveGroup.objects.create(
            wave=wave,
            **{name: getattr(old, name) for name in COPIED_OF_GROUPS},
        )
        Invitation.objects.bulk_create(
            [
                Invitation(
                    group=group,
                    email=person.email,
                    name=person.name,
                    user_id=person.user_id,
                    stakeholder_id=person.stakeholder_id,
                    mail_stopped=person.mail_stopped,
                )
                for person in old.invitations.all()
            ],
            batch_size=1_000,
        )
