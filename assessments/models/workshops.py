"""Live sessions: the workshop, its breakout groups, agendas kept for reuse, and what is written for the minutes."""

import secrets
import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.enums import Anonymity, NoteKind, WorkshopState
from assessments.models.assessments import Wave
from ecosystems.models import Ecosystem, Organization


def new_join_key() -> str:
    """The key in a QR code or link: 96 random bits, URL-safe."""
    return secrets.token_urlsafe(12)


class Workshop(models.Model):
    """A live session of an ecosystem's people: an agenda of activities that everybody is led through together.

    `version` grows with every act of a facilitator; open screens follow it. The privacy rules (anonymity, group
    sizes, preview) are told to everybody who joins, and fixed from the first seat on (rule D1).
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="workshops")
    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="workshops")
    title = models.CharField(_("title"), max_length=120)
    purpose = models.TextField(_("what it is for"), blank=True, max_length=2000)
    state = models.CharField(_("state"), max_length=6, choices=WorkshopState, default=WorkshopState.DRAFT)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    wave = models.ForeignKey(
        Wave, null=True, blank=True, on_delete=models.SET_NULL, related_name="workshops", verbose_name=_("wave")
    )
    """The wave whose results are talked about, if any."""
    key = models.CharField(max_length=40, unique=True, default=new_join_key, editable=False)
    code = models.CharField(_("join code"), max_length=24, unique=True, editable=False)
    """As said aloud: `KELP-OTTER-42`; see `assessments.join_codes`."""

    anonymity = models.CharField(_("anonymity"), max_length=10, choices=Anonymity, default=Anonymity.ANONYMOUS)
    asks_group = models.BooleanField(_("ask for the stakeholder group"), default=False)
    preview = models.BooleanField(_("the facilitator sees answers while they come"), default=False)
    min_group_size = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[MinValueValidator(Organization.SMALLEST_GROUP)]
    )
    comment_min_group_size = models.PositiveSmallIntegerField(
        _("smallest group whose comments are shown"),
        default=8,
        validators=[MinValueValidator(Organization.SMALLEST_GROUP)],
    )
    is_locked = models.BooleanField(_("nobody else can join"), default=False)
    is_sealed = models.BooleanField(default=False, editable=False)
    """The link between seats and what they said has been cut (anonymous workshops, at the end)."""
    took_part = models.PositiveIntegerField(null=True, editable=False)
    """How many people were asked, noted at the end: the seats themselves are deleted later."""
    ended_itself = models.BooleanField(default=False, editable=False)
    """Nobody ended it: no facilitator had done anything for long."""
    rehearsal_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="rehearsals", editable=False
    )

    step = models.ForeignKey(
        "assessments.Activity", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    version = models.PositiveBigIntegerField(default=1, editable=False)
    co_facilitators = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="workshops_helped")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    active_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When a facilitator last did something; workshops left open are ended by this."""
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    """Who did it, for another facilitator who pressed a moment later."""

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WorkshopState.values), name="workshop_state_known"),
            models.CheckConstraint(condition=Q(anonymity__in=Anonymity.values), name="workshop_anonymity_known"),
            models.CheckConstraint(condition=Q(min_group_size__gte=3), name="workshop_min_group_size_at_least_3"),
            models.CheckConstraint(
                condition=Q(comment_min_group_size__gte=F("min_group_size")),
                name="workshop_comments_need_at_least_the_group_minimum",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False), name="workshop_ended_has_its_time"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="workshop_by_organization"),
            models.Index(fields=["active_at"], condition=Q(state__in=["lobby", "live"]), name="workshop_idle"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessments:workshop", args=[self.organization.slug, self.pk])

    @property
    def is_anonymous(self) -> bool:
        return self.anonymity == Anonymity.ANONYMOUS

    @property
    def is_rehearsal(self) -> bool:
        return self.rehearsal_of_id is not None

    @property
    def is_open(self) -> bool:
        """People can be in it: the doors are open or it is live."""
        return self.state in (WorkshopState.LOBBY, WorkshopState.LIVE)

    @property
    def shown_from(self) -> int:
        """How many people must stand behind a result: the minimum, or 1 where everybody speaks by name (rule D1)."""
        return self.min_group_size if self.is_anonymous else 1

    @property
    def comments_shown_from(self) -> int:
        return self.comment_min_group_size if self.is_anonymous else 1


class Breakout(models.Model):
    """A group that talks and votes by itself, before the whole room does."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="breakouts")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("breakout group")
        verbose_name_plural = _("breakout groups")
        ordering = ["workshop", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["workshop", "label"], name="breakout_label_once_per_workshop")]

    def __str__(self) -> str:
        return self.label


class AgendaTemplate(models.Model):
    """An agenda that an organization uses again. `agenda`: a list of activities as in `Activity`, without rounds."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="agenda_templates")
    title = models.CharField(_("title"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    agenda = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("template of an agenda")
        verbose_name_plural = _("templates of agendas")
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["organization", "title"], name="agenda_template_title_once")]

    def __str__(self) -> str:
        return self.title


class WorkshopNote(models.Model):
    """What a facilitator wrote down: said in the room, or decided. Goes into the minutes."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="notes")
    activity = models.ForeignKey(
        "assessments.Activity", null=True, blank=True, on_delete=models.SET_NULL, related_name="written"
    )
    kind = models.CharField(max_length=8, choices=NoteKind, default=NoteKind.NOTE)
    text = models.CharField(_("text"), max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("note of a workshop")
        verbose_name_plural = _("notes of a workshop")
        ordering = ["created_at"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=NoteKind.values), name="workshop_note_kind_known")]

    def __str__(self) -> str:
        return self.text[:60]


class MinutesRequest(models.Model):
    """An address to which the minutes are sent. Stands apart from seats, so that it names nobody's answers."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="minutes_requests")
    email = models.EmailField(_("e-mail"))
    sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("request for the minutes")
        verbose_name_plural = _("requests for the minutes")
        constraints = [models.UniqueConstraint(fields=["workshop", "email"], name="minutes_request_once_per_address")]

    def __str__(self) -> str:
        return self.email
