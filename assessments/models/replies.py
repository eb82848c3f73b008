"""The page "You said, we did": what follows from what people said, for everybody who was asked."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystems.models import Ecosystem


def new_reply_key() -> str:
    """The key of the page's address: 96 random bits, URL-safe."""
    return secrets.token_urlsafe(12)


class ReplyPage(models.Model):
    """One for an ecosystem; whoever has its address reads it without logging in, while it is on."""

    ecosystem = models.OneToOneField(Ecosystem, on_delete=models.CASCADE, related_name="reply_page")
    key = models.CharField(max_length=40, unique=True, default=new_reply_key, editable=False)
    is_on = models.BooleanField(_("can be read by everybody who has the address"), default=False)
    title = models.CharField(_("title"), max_length=120, blank=True)
    intro = models.TextField(_("what it says first"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("reply page")
        verbose_name_plural = _("reply pages")

    def __str__(self) -> str:
        return self.title or str(self.ecosystem)
