"""The tenant, and who may do what in it."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ecosystems.enums import Role


class Organization(models.Model):
    """A tenant: people, roles and privacy rules; the steward of its ecosystems (rule D1 for the minimum sizes)."""

    SMALLEST_GROUP = 3

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    min_group_size = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[MinValueValidator(SMALLEST_GROUP)]
    )
    comment_min_group_size = models.PositiveSmallIntegerField(
        _("smallest group whose comments are shown"), default=8, validators=[MinValueValidator(SMALLEST_GROUP)]
    )
    is_demo = models.BooleanField(_("holds demo data"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Membership",
        through_fields=("organization", "user"),
        related_name="organizations",
    )

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(min_group_size__gte=3), name="organization_min_group_size_at_least_3"),
            models.CheckConstraint(
                condition=Q(comment_min_group_size__gte=F("min_group_size")),
                name="organization_comments_need_at_least_the_group_minimum",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("assessments:home", args=[self.slug])


class Membership(models.Model):
    """A person's role in one organization."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="membership_once_per_organization"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.get_role_display()}"


class MemberInvitation(models.Model):
    """An e-mailed offer of a role; the link carries a signed key, the table only the key."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="member_invitations")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    """Empty: the e-mail is still to be sent, now or by the sweep."""
    refused = models.BooleanField(_("refused by the mail server"), default=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation to a role")
        verbose_name_plural = _("invitations to a role")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="member_invitation_one_open_per_email",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="member_invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organization}"
