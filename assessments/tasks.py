"""Background work: each task loads by id and calls one service. The database says what is due; a lost task is found
again by the sweep."""

import logging

import redis
from celery import shared_task
from django.core.cache import cache
from django.db import OperationalError
from kombu.exceptions import OperationalError as BrokerError

logger = logging.getLogger(__name__)
PREVIEW_WAITS_SECONDS = 30
REHEARSAL_WAITS_SECONDS = 20


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def rescore_wave(wave_id: int) -> bool:
    """Recompute one wave if its scores are stale."""
    from assessments.services.rescore import rescore

    return rescore(wave_id=wave_id)


@shared_task
def sweep_stale_scores() -> int:
    """Take up every wave that a lost wake-up or a killed worker left stale; one that fails does not stop the others."""
    from assessments.services.rescore import rescore
    from assessments.services.scores import stale_waves

    done = 0
    for pk in list(stale_waves().values_list("pk", flat=True)):
        try:
            done += rescore(wave_id=pk)
        except Exception:
            logger.exception("Wave %s could not be rescored", pk)
    return done


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def summarise_ecosystem(ecosystem_id: int) -> bool:
    """Recompute the feedback-loop summaries of an ecosystem if they are stale."""
    from assessments.services.summaries import summarise

    return summarise(ecosystem_id=ecosystem_id)


@shared_task
def sweep_stale_summaries() -> int:
    """Take up every ecosystem that a lost wake-up or a killed worker left behind; one that fails stops no other."""
    from assessments.services.summaries import summarise
    from assessments.services.summary_marks import stale_summaries

    done = 0
    for pk in list(stale_summaries().values_list("ecosystem_id", flat=True)):
        try:
            done += summarise(ecosystem_id=pk)
        except Exception:
            logger.exception("The loops of ecosystem %s could not be summed up", pk)
    return done


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def run_scenario(scenario_id: int) -> bool:
    """Run a scenario that waits."""
    from assessments.services.scenario_runs import run_scenario as run

    return run(scenario_id=scenario_id)


@shared_task
def sweep_scenarios() -> None:
    """Wake the scenarios that a lost wake-up or a killed worker left waiting."""
    from assessments.services.scenario_runs import due_scenarios, wake

    for pk in due_scenarios().values_list("pk", flat=True):
        wake(pk)


def wake_mail(wave_id: int) -> None:
    """Ask a worker to send the messages of a wave that are due; without a broker the sweep finds them."""
    try:
        send_mail_of_wave.apply_async((wave_id,), retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning(
            "No wake-up for the mail of wave %s: the broker does not answer; the sweep will find it", wave_id
        )


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def send_mail_of_wave(wave_id: int) -> None:
    """Send one chunk of a wave's messages, and ask for the next."""
    from assessments.services.invitation_mail import send_due_or_pause

    if send_due_or_pause(wave_id=wave_id):
        wake_mail(wave_id)


@shared_task
def sweep_unsent_mail() -> None:
    """Wake the mail of every open wave that has messages due."""
    from assessments.services.invitation_mail import is_paused
    from assessments.services.invitations import waves_with_unsent_mail

    if is_paused():
        return
    for pk in waves_with_unsent_mail().values_list("pk", flat=True):
        wake_mail(pk)


@shared_task
def sweep_due_waves() -> int:
    """Close the waves whose closing day is over."""
    from assessments.services.waves import close_due_waves

    return close_due_waves()


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def advance_upload(upload_id: int) -> bool:
    """Check or import an uploaded file of answers, whichever is due."""
    from assessments.services.wave_uploads import advance_upload as advance

    return advance(upload_id=upload_id)


@shared_task
def sweep_uploads() -> None:
    """Wake the uploads that a lost wake-up or a killed worker left waiting, and delete the old ones."""
    from assessments.services.wave_uploads import due_uploads, forget_old_uploads, wake

    for pk in due_uploads().values_list("pk", flat=True):
        wake(pk)
    forget_old_uploads()


def wake_preview(round_id: int) -> None:
    """Have a worker look at the preview of a round in a second; any number of calls until then cost one look.

    A lost wake-up only lets the preview stay behind, and the next vote wakes it.
    """
    try:
        if cache.add(waiting_key(round_id), 1, timeout=PREVIEW_WAITS_SECONDS):
            advance_preview.apply_async((round_id,), countdown=1, retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up for the preview of round %s: Redis does not answer", round_id)


def waiting_key(round_id: int) -> str:
    """In the cache while a look at the preview of a round is on its way."""
    return f"preview:{round_id}"


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def advance_preview(round_id: int) -> bool:
    """Take and show what may be shown to the facilitator of an open round."""
    from assessments.services.previews import advance_preview as advance

    return advance(round_id=round_id)


def wake_rehearsal(round_id: int, *, seconds: int = 1) -> None:
    """Have the invented people of a rehearsal answer soon; without a broker the sweep finds the round."""
    try:
        if cache.add(rehearsal_key(round_id), 1, timeout=REHEARSAL_WAITS_SECONDS):
            rehearse_round.apply_async((round_id,), countdown=seconds, retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up for the rehearsal of round %s; the sweep will find it", round_id)


def rehearsal_key(round_id: int) -> str:
    """In the cache while the invented people of a round are about to be asked."""
    return f"rehearsal:{round_id}"


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def rehearse_round(round_id: int) -> None:
    """Let some of the invented people answer, and come back for the others."""
    from assessments.services.rehearsals import act

    seconds = act(round_id=round_id)
    if seconds is not None:
        wake_rehearsal(round_id, seconds=seconds)


@shared_task
def sweep_rehearsals() -> None:
    """Wake the rounds of rehearsals that a lost wake-up or a killed worker left without answers."""
    from assessments.services.rehearsals import waiting_rounds

    for pk in waiting_rounds():
        wake_rehearsal(pk)


def wake_minutes(workshop_id: int) -> None:
    """Ask a worker to send the minutes of a workshop; without a broker the sweep finds them."""
    try:
        send_minutes_of_workshop.apply_async((workshop_id,), retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up for the minutes of workshop %s; the sweep will find them", workshop_id)


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def send_minutes_of_workshop(workshop_id: int) -> None:
    """Send one chunk of a workshop's minutes, and ask for the next."""
    from assessments.services.minutes_mail import send_due_or_pause

    if send_due_or_pause(workshop_id=workshop_id):
        wake_minutes(workshop_id)


@shared_task
def sweep_minutes() -> None:
    """Wake the minutes that are due, and forget the addresses to which they went."""
    from assessments.services.invitation_mail import is_paused
    from assessments.services.minutes_mail import forget_addresses, workshops_with_unsent_minutes

    forget_addresses()
    if is_paused():
        return
    for pk in workshops_with_unsent_minutes():
        wake_minutes(pk)


def wake_reminders() -> None:
    """Ask a worker to remind owners of what they promised; without a broker the sweep finds them."""
    try:
        send_reminders.apply_async((), retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up for the reminders of commitments; the sweep will find them")


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def send_reminders() -> None:
    """Send one chunk of the reminders that are due, and ask for the next."""
    from assessments.services.reminders import send_due_or_pause

    if send_due_or_pause():
        wake_reminders()


@shared_task
def sweep_reminders() -> None:
    """Wake the reminders of commitments that are due today, and forget who was reminded some time ago."""
    from assessments.services.invitation_mail import is_paused
    from assessments.services.reminders import due_reminders, forget_days

    forget_days()
    if not is_paused() and due_reminders():
        wake_reminders()


def wake_seal(workshop_id: int) -> None:
    """Ask a worker to seal a workshop that has ended; without a broker the sweep finds it."""
    try:
        seal_workshop.apply_async((workshop_id,), retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up to seal workshop %s; the sweep will find it", workshop_id)


@shared_task(autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True)
def seal_workshop(workshop_id: int) -> bool:
    """Cut what was said in an anonymous workshop from who said it."""
    from assessments.services.wrap_up import seal_ended

    return seal_ended(workshop_id=workshop_id)


@shared_task
def sweep_workshops() -> int:
    """End what was left open, seal what has ended, delete what is not kept for long; one that fails stops no other."""
    from assessments.services.workshop_expiry import delete_old_rehearsals, end_left_open, forget_old_seats, left_open
    from assessments.services.wrap_up import seal_ended, unsealed

    done = 0
    for finish, due in ((end_left_open, left_open()), (seal_ended, unsealed())):
        for pk in due:
            try:
                done += finish(workshop_id=pk)
            except Exception:
                logger.exception("Workshop %s could not be ended or sealed", pk)
    return done + forget_old_seats() + delete_old_rehearsals()
