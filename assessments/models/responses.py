"""What people say: drafts while they fill in, responses once they have submitted (rule D3)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Invitation, Wave, WaveGroup


class Draft(models.Model):
    """Somebody filling in: by a personal link (has an invitation) or by a public one. Emptied when submitted."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(WaveGroup, on_delete=models.CASCADE, related_name="drafts")
    invitation = models.OneToOneField(Invitation, null=True, blank=True, on_delete=models.CASCADE, related_name="draft")
    is_submitted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return str(self.key)


class DraftAnswer(models.Model):
    """The latest answer to one item. `revision` is the client's clock in milliseconds: the latest answer wins."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=60)
    value = models.SmallIntegerField(null=True)
    comment = models.TextField(blank=True, max_length=2000)
    revision = models.BigIntegerField(default=0)
    comment_revision = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("answer in a draft")
        verbose_name_plural = _("answers in a draft")
        constraints = [models.UniqueConstraint(fields=["draft", "item"], name="draft_answer_once_per_item")]

    def __str__(self) -> str:
        return f"{self.item}: {self.value}"


class Response(models.Model):
    """What one person said in one wave. Has a random key, no user and no time; named waves alone keep the invitation.

    `values` stand in the order of the wave's `version.item_codes`; NULL: blank or not asked; `CANT_SAY`: can't say.
    `link_values`: effect and delay of each of the wave's `map_links`, in their order; NULL where none is asked about.
    `released`: counted in what has been shown so far (rule D2); while a wave is open it grows in steps.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="responses")
    group = models.ForeignKey(WaveGroup, on_delete=models.CASCADE, related_name="responses")
    values = ArrayField(models.SmallIntegerField(null=True))
    link_values = ArrayField(models.SmallIntegerField(null=True), null=True)
    is_anonymous = models.BooleanField(default=True)
    invitation = models.OneToOneField(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="response"
    )
    released = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(invitation=None), name="response_anonymous_has_no_person"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


class Comment(models.Model):
    """What somebody wrote, stored apart from their answers so that a hint in the text unmasks no rating."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="comments")
    group = models.ForeignKey(WaveGroup, on_delete=models.CASCADE, related_name="comments")
    item = models.CharField(max_length=60)
    text = models.TextField(max_length=2000)
    is_anonymous = models.BooleanField(default=True)
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(invitation=None), name="comment_anonymous_has_no_person"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
