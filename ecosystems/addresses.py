"""Many e-mail addresses typed or pasted at once."""

import re
from dataclasses import dataclass
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ecosystems.delimited import Problem, shorten

MOST_ADDRESSES = 500
PART = re.compile(r'(?:"[^"]*"|<[^>]*>|[^,;])+')
"""What stands between commas and semicolons, except those in quotes and angle brackets."""


@dataclass(frozen=True)
class Address:
    email: str
    name: str


@dataclass(frozen=True)
class Addresses:
    good: tuple[Address, ...]
    problems: tuple[Problem, ...]
    """`Problem.row` is the line."""


def read_addresses(text: str) -> Addresses:
    """Addresses on lines of their own or between commas and semicolons; `Name <address>` gives the name too.

    The same address twice is one. Never raises: what is no address is a problem with its line.
    """
    found: dict[str, Address] = {}
    problems = []
    for line, content in enumerate(text.splitlines(), 1):
        for part in filter(None, map(str.strip, PART.findall(content))):
            name, email = parseaddr(part) if "<" in part else ("", part)
            try:
                validate_email(email)
            except ValidationError:
                message = _("line %(line)d: “%(text)s” is not an e-mail address")
                problems.append(Problem(line, "", message % {"line": line, "text": shorten(part)}))
            else:
                found.setdefault(email.lower(), Address(email.lower(), " ".join(name.split())[:120]))
    if len(found) > MOST_ADDRESSES:
        problems.append(Problem(None, "", _("at most %(limit)d addresses at a time") % {"limit": MOST_ADDRESSES}))
    return Addresses(tuple(found.values()), tuple(problems))
