"""The demo's page "You said, we did": what is agreed stands there, and everybody may read it."""

from assessments.selectors.replies import offered_commitments
from assessments.services.replies import change_reply_page
from ecosystems.models import Ecosystem, User

INTRO = (
    "Thank you for your answers. Here is what we heard, what we do about it and how far we are. "
    "We ask again after the next season."
)


def switch_on(*, ecosystem: Ecosystem, by: User) -> None:
    agreed = list(offered_commitments(ecosystem).values_list("key", flat=True))
    change_reply_page(ecosystem=ecosystem, by=by, title="", intro=INTRO, is_on=True, offered=agreed, shown=agreed)
