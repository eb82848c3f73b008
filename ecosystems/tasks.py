"""Background work of ecosystems: each task calls one service."""

from celery import shared_task


@shared_task(ignore_result=True)
def send_member_invitation(invitation_id: int) -> None:
    from ecosystems.services.invitations import send_invitation

    send_invitation(invitation_id=invitation_id)


@shared_task(ignore_result=True)
def sweep_member_invitations() -> None:
    from ecosystems.services.invitations import send_waiting_invitations

    send_waiting_invitations()
