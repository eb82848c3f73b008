"""Why a phone cannot join or say something in a workshop, in words for the person who holds it."""

from django.utils.translation import gettext as _

from assessments.enums import RoundState


class RoomProblem(Exception):
    """`reason` is for the phone's script."""

    reason = ""


class SeatGone(RoomProblem):
    """The workshop was deleted, or the seat expired."""

    reason = "gone"

    def __init__(self) -> None:
        super().__init__(_("This seat does not exist any more. Join the workshop again with its code."))


class SeatRemoved(RoomProblem):
    reason = "removed"

    def __init__(self) -> None:
        super().__init__(
            _(
                "A facilitator took this phone out of the room, so nothing more can be sent. "
                "Ask them to let you in again."
            )
        )


class NotCounted(RoomProblem):
    reason = "not-counted"

    def __init__(self) -> None:
        super().__init__(_("This is a facilitator’s phone. It shows what the room sees, and does not vote."))


class NotThisRoom(RoomProblem):
    reason = "other-round"

    def __init__(self) -> None:
        super().__init__(_("This was meant for another step. Look at the screen again and answer what it asks now."))


class Ended(RoomProblem):
    reason = "ended"

    def __init__(self) -> None:
        super().__init__(_("This workshop has ended, so nothing more can be sent."))


class RoundNotOpen(RoomProblem):
    """`state`: how far the round is."""

    reason = "closed"

    def __init__(self, state: RoundState) -> None:
        self.state = state
        super().__init__(
            _("This round is not open yet. Send again when it opens.")
            if state == RoundState.PENDING
            else _("The round closed before this arrived, so it was not counted.")
        )


class NotOpenYet(RoomProblem):
    reason = "not-open"

    def __init__(self) -> None:
        super().__init__(_("The doors of this workshop are not open yet. Try again when the facilitator opens them."))


class Locked(RoomProblem):
    reason = "locked"

    def __init__(self) -> None:
        super().__init__(_("The facilitator has closed the doors. Ask them to let you in, then try again."))


class RoomFull(RoomProblem):
    reason = "full"

    def __init__(self) -> None:
        super().__init__(_("The room is full. Ask the facilitator whether you can share a phone with somebody."))


class ManyAtOnce(RoomProblem):
    reason = "many"

    def __init__(self) -> None:
        super().__init__(_("Very many phones are joining at this moment. Wait a few seconds, then press Join again."))


class NameNeeded(RoomProblem):
    reason = "name"

    def __init__(self) -> None:
        super().__init__(_("Say who you are: in this workshop everybody speaks by name."))


class NameTooLong(RoomProblem):
    reason = "name"

    def __init__(self, most: int) -> None:
        super().__init__(_("Shorten your name to %(most)s characters or fewer.") % {"most": most})


class GroupNeeded(RoomProblem):
    reason = "group"

    def __init__(self) -> None:
        super().__init__(_("Choose the group you belong to."))
