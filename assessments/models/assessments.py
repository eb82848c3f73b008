"""An instrument asked of an ecosystem, again and again."""

import secrets
import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.enums import About, Anonymity, GroupKind, InvitationStatus, Rhythm, WaveState
from assessments.models.asked_links import AskedLink, read_links
from assessments.models.instruments import Instrument, InstrumentVersion
from ecosystems.models import Ecosystem, Organization, Stakeholder


class Assessment(models.Model):
    """What is asked of whom, of the system or of one leader (360°)."""

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="assessments")
    name = models.CharField(_("name"), max_length=120)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="assessments")
    about = models.CharField(_("about"), max_length=8, choices=About, default=About.SYSTEM)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="own_assessments"
    )
    shared_with = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="shared_assessments")
    """Whom the leader of a 360° lets see the results."""
    rhythm = models.CharField(_("rhythm"), max_length=12, choices=Rhythm, default=Rhythm.HALF_YEARLY)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(about=About.SYSTEM, leader=None) | Q(about=About.LEADER, leader__isnull=False),
                name="assessment_names_its_leader",
            ),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="assessment_rhythm_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("assessments:assessment", args=[self.organization.slug, self.pk])

    @property
    def organization(self) -> Organization:
        return self.ecosystem.organization


class Wave(models.Model):
    """One round of an assessment: opens, closes, is scored.

    Privacy rules are fixed by the first answer (`privacy_frozen`). The three `scores_*` fields are the stale mark: what
    must be recomputed is said in the transaction of the write; a worker takes the lease and catches up.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="waves")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="waves")
    state = models.CharField(_("state"), max_length=8, choices=WaveState, default=WaveState.DRAFT)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    anonymity = models.CharField(_("anonymity"), max_length=10, choices=Anonymity, default=Anonymity.ANONYMOUS)
    min_group_size = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[MinValueValidator(Organization.SMALLEST_GROUP)]
    )
    comment_min_group_size = models.PositiveSmallIntegerField(
        _("smallest group whose comments are shown"),
        default=8,
        validators=[MinValueValidator(Organization.SMALLEST_GROUP)],
    )
    live_results = models.BooleanField(_("show results while open"), default=True)
    privacy_frozen = models.BooleanField(_("privacy rules are fixed"), default=False, editable=False)
    results_shown = models.BooleanField(_("results have been shown"), default=False, editable=False)

    subject = models.CharField(_("subject"), max_length=160, blank=True)
    message = models.TextField(_("message"), max_length=4000, blank=True)
    is_imported = models.BooleanField(_("imported from a file"), default=False, editable=False)
    map_links = models.JSONField(_("links of the causal map that are asked about"), default=list, editable=False)
    """Read as `asked_links`; fixed when the wave opens, so that answers stand in their order."""
    created_at = models.DateTimeField(auto_now_add=True)

    scores_version = models.PositiveBigIntegerField(default=0, editable=False)
    scores_done_version = models.PositiveBigIntegerField(default=0, editable=False)
    scores_lease_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["assessment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="wave_number_once_per_assessment"),
            models.CheckConstraint(condition=Q(state__in=WaveState.values), name="wave_state_known"),
            models.CheckConstraint(condition=Q(anonymity__in=Anonymity.values), name="wave_anonymity_known"),
            models.CheckConstraint(condition=Q(min_group_size__gte=3), name="wave_min_group_size_at_least_3"),
            models.CheckConstraint(
                condition=Q(comment_min_group_size__gte=F("min_group_size")),
                name="wave_comments_need_at_least_the_group_minimum",
            ),
            models.CheckConstraint(
                condition=Q(scores_done_version__lte=F("scores_version")), name="wave_scores_not_ahead_of_answers"
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
                name="wave_closes_after_it_opens",
            ),
        ]
        indexes = [
            models.Index(
                fields=["scores_lease_until"],
                condition=~Q(scores_version=F("scores_done_version")),
                name="wave_stale_scores",
            ),
            models.Index(fields=["closes_on"], condition=Q(state="open"), name="wave_open_by_closing_day"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessments:wave", args=[self.assessment.organization.slug, self.pk])

    @property
    def asked_links(self) -> tuple[AskedLink, ...]:
        return read_links(self.map_links)

    @property
    def is_stale(self) -> bool:
        return self.scores_done_version < self.scores_version


def new_public_key() -> str:
    """A key for a public link: 96 random bits, URL-safe."""
    return secrets.token_urlsafe(12)


class WaveGroup(models.Model):
    """A group that a wave asks: who they are, which form they get, and their public link."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="groups")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.CharField(_("key"), max_length=60)
    label = models.CharField(_("label"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=GroupKind, default=GroupKind.STAKEHOLDER)
    audience = models.CharField(_("audience"), max_length=40)
    """Whose wording is used: an audience of the instrument."""
    form = models.CharField(_("form"), max_length=40)
    weight = models.FloatField(_("weight in the stakeholder view"), default=1.0)
    public_key = models.CharField(max_length=40, unique=True, default=new_public_key, editable=False)
    public_link_on = models.BooleanField(_("public link"), default=False)
    expected = models.PositiveIntegerField(_("how many people have the public link"), null=True, blank=True)

    class Meta:
        verbose_name = _("group of a wave")
        verbose_name_plural = _("groups of a wave")
        ordering = ["wave", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "key"], name="wave_group_key_once_per_wave"),
            models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="wave_group_kind_known"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="wave_group_weight_positive"),
        ]

    def __str__(self) -> str:
        return self.label


class Invitation(models.Model):
    """One person asked by a personal link. Says whether they took part, never what they said, never when (rule D3).

    The link holds the key and a signature; the table alone does not give a working link.
    """

    group = models.ForeignKey(WaveGroup, on_delete=models.CASCADE, related_name="invitations")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    stakeholder = models.ForeignKey(
        Stakeholder, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    status = models.CharField(max_length=10, choices=InvitationStatus, default=InvitationStatus.INVITED)
    mail_stopped = models.BooleanField(_("wants no more e-mail"), default=False)
    """Apart from the status, so that stopping somebody's e-mail never tells whether they had answered."""
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["group", "name", "email", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "email"], condition=~Q(email=""), name="invitation_email_once_per_group"
            ),
            models.CheckConstraint(condition=Q(status__in=InvitationStatus.values), name="invitation_status_known"),
        ]
        indexes = [models.Index(fields=["group", "status"], name="invitation_by_status")]

    def __str__(self) -> str:
        return self.name or self.email or str(self.key)
