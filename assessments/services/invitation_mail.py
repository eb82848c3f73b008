"""Messages that carry a personal link: written, sent one by one, each at most once."""

import logging
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import About, Anonymity
from assessments.links import no_more_mail_url, personal_url
from assessments.live import bus
from assessments.models import Invitation, Wave
from assessments.selectors.replies import reply_url
from assessments.services.invitations import unsent
from ecosystems.models import User

logger = logging.getLogger(__name__)
CHUNK = 200
PAUSE, PAUSE_SECONDS = "mail:pause", 120
PERMANENT = 500
"""SMTP answers from here on will not change."""
LINK = "{link}"


@dataclass(frozen=True)
class Message:
    """An invitation as its reader gets it; `before` and `after` stand around the link in the HTML version."""

    subject: str
    text: str
    html: str


def message_of(*, wave: Wave, url: str, stop_url: str, name: str = "", is_reminder: bool = False) -> Message:
    """The wave's message with this link, what became of earlier answers, the privacy rule, and how to get no more."""
    subject = " ".join(wave.subject.split())
    before, _link, after = wave.message.partition(LINK)
    reply = reply_url(wave.assessment.ecosystem) if wave.assessment.about == About.SYSTEM else ""
    context = {
        "wave": wave,
        "organization": wave.assessment.organization,
        "ecosystem": wave.assessment.ecosystem,
        "is_anonymous": wave.anonymity == Anonymity.ANONYMOUS,
        "is_reminder": is_reminder,
        "before": before.strip(),
        "after": after.replace(LINK, url).strip(),
        "url": url,
        "stop_url": stop_url,
        "reply_url": f"{settings.PUBLIC_URL}{reply}" if reply else "",
        "name": name,
    }
    return Message(
        subject=_("Reminder: %(subject)s") % {"subject": subject} if is_reminder else subject,
        # plain again: the template escapes nothing, so its output must not count as safe HTML anywhere
        text=render_to_string("emails/invitation.txt", context).strip() + "\n",
        html=render_to_string("emails/invitation.html", context),
    )


def send_due(*, wave_id: int, limit: int = CHUNK) -> bool:
    """Send up to `limit` messages that are due; True if there may be more.

    Each is locked, sent and marked in a transaction of its own, so that two workers never write to the same person,
    and a worker that dies repeats one message at most. A mail server that does not answer ends the run; what was sent
    stays marked. An address that is refused for now is passed over. Raises OSError then, for the task to try again.
    """
    wave = Wave.objects.select_related("assessment__ecosystem__organization").filter(pk=wave_id).first()
    if wave is None:
        return False
    later: dict[int, OSError] = {}
    with get_connection() as connection:
        for _number in range(limit):
            if not _send_next(wave, connection, later):
                break
        else:
            return True
    if later:
        raise next(iter(later.values()))
    return False


def send_due_or_pause(*, wave_id: int) -> bool:
    """Send a chunk of what is due; True if there may be more.

    A mail server that does not answer, or not yet, is left alone for a while, then the sweep goes on: trying again at
    once would only keep the worker from scoring.
    """
    try:
        return send_due(wave_id=wave_id)
    except OSError as problem:
        logger.warning("Messages of wave %s must wait: %s", wave_id, problem)
        bus.connection().set(PAUSE, 1, ex=PAUSE_SECONDS)
        return False


def is_paused() -> bool:
    """The mail server did not answer a moment ago."""
    return bool(bus.connection().exists(PAUSE))


def send_test(*, wave: Wave, to: User) -> None:
    """The message as it is now, to the person who writes it; its link only shows where the real one will be."""
    url = f"{settings.PUBLIC_URL}/"
    message = message_of(wave=wave, url=url, stop_url=url, name=to.name)
    mail = EmailMultiAlternatives(_("Test: %(subject)s") % {"subject": message.subject}, message.text, to=[to.email])
    mail.attach_alternative(message.html, "text/html")
    mail.send()


def _send_next(wave: Wave, connection: BaseEmailBackend, later: dict[int, OSError]) -> bool:
    """Send the next message that is due; False where there is none. Who must wait is put into `later`."""
    with transaction.atomic():
        wave.refresh_from_db(fields=["state", "subject", "message"])
        due = unsent(wave=wave).exclude(pk__in=later).select_for_update(skip_locked=True, of=("self",))
        invitation = due.first()
        if invitation is None:
            return False
        try:
            _mail(wave, invitation, connection).send()
        except smtplib.SMTPRecipientsRefused as refused:
            if any(code < PERMANENT for code, _reason in refused.recipients.values()):
                later[invitation.pk] = refused
                return True
            logger.warning("The mail server refuses the address of invitation %s", invitation.pk)
        except smtplib.SMTPDataError as refused:  # this message, not the server: the others go on
            if refused.smtp_code < PERMANENT:
                later[invitation.pk] = refused
                return True
            logger.warning("The mail server refuses the message of invitation %s", invitation.pk)
        except UnicodeEncodeError:
            logger.warning("The address of invitation %s cannot be written to", invitation.pk)
        Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    return True


def _mail(wave: Wave, invitation: Invitation, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    stop_url = no_more_mail_url(invitation)
    message = message_of(
        wave=wave,
        url=personal_url(invitation),
        stop_url=stop_url,
        name=invitation.name,
        is_reminder=invitation.reminded_at is not None,
    )
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[invitation.email],
        connection=connection,
        headers={"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    mail.attach_alternative(message.html, "text/html")
    return mail
