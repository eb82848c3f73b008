"""The parties of an ecosystem: one by one, or many from a table."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystems.delimited import Column, Problem, Row, Table, read_table, shorten
from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem, Stakeholder, User
from ecosystems.services import audit

MOST_ROWS = 20_000
MOST_BYTES = 2_000_000
"""Of UTF-8; with the blanks that a browser adds at line ends it still fits into a form."""
GROUP_WORDS = {
    StakeholderGroup.CUSTOMERS: "customer client clients consumer consumers buyer buyers user users",
    StakeholderGroup.EMPLOYEES: "employee staff worker workers colleague colleagues team",
    StakeholderGroup.PARTNERS: "partner supplier suppliers",
    StakeholderGroup.COMMUNITIES: "community neighbour neighbours neighbor neighbors citizen citizens public",
}
"""Other words that tables use for the four groups."""


class StakeholderRefused(Exception):
    """The message is for the person who tried."""


def group_named(text: str) -> StakeholderGroup:
    """The group that a word in a table means, in any case; ValueError names the four."""
    word = text.strip().casefold()
    for group in StakeholderGroup:
        if word in {group.value, str(group.label).casefold(), *GROUP_WORDS[group].split()}:
            return group
    labels = [str(group.label).lower() for group in StakeholderGroup]
    raise ValueError(
        _("there is no group “%(text)s”: use %(groups)s or %(last)s")
        % {"text": shorten(text), "groups": ", ".join(labels[:-1]), "last": labels[-1]}
    )


def email_in_table(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as wrong:
        raise ValueError(_("“%(text)s” is not an e-mail address") % {"text": shorten(text)}) from wrong
    return text.lower()


COLUMNS = (
    Column(
        "name", gettext_lazy("name"), synonyms=("stakeholder", "party", "organization", "organisation"), max_length=120
    ),
    Column("group", gettext_lazy("group"), synonyms=("stakeholder group", "audience", "type"), parse=group_named),
    Column(
        "email",
        gettext_lazy("e-mail"),
        synonyms=("mail", "e-mail address", "mail address"),
        required=False,
        unique=True,
        max_length=254,
        parse=email_in_table,
    ),
    Column("note", gettext_lazy("note"), synonyms=("notes", "comment", "remark"), required=False, max_length=300),
)


@dataclass(frozen=True)
class StakeholderImport:
    """What a table would do; nothing is saved yet."""

    table: Table
    new: tuple[Row, ...]
    known: tuple[Row, ...]
    """Rows whose e-mail, or name within the group, is already in the ecosystem: they are left as they are."""

    @property
    def can_be_saved(self) -> bool:
        return self.table.is_good and bool(self.new)

    @property
    def count_by_group(self) -> dict[StakeholderGroup, int]:
        return {group: sum(row["group"] == group for row in self.new) for group in StakeholderGroup}


class ImportRefused(Exception):
    """The table has problems: they are in `checked`."""

    def __init__(self, checked: StakeholderImport) -> None:
        super().__init__()
        self.checked = checked


def check_import(*, ecosystem: Ecosystem, data: bytes | str) -> StakeholderImport:
    """Read the table and compare it with itself and with the ecosystem; two queries at most."""
    table = read_table(data, columns=COLUMNS, max_rows=MOST_ROWS, max_bytes=MOST_BYTES)
    table = table.with_problems(_twins(table))
    emails, names = set(), set()
    for email, group, name in ecosystem.stakeholders.values_list("email", "group", "name"):
        emails.add(email.lower())
        names.add((group, name.casefold()))
    known: list[Row] = []
    new: list[Row] = []
    for row in table.rows:
        here = (row["email"] or "-") in emails or (row["group"], (row["name"] or "").casefold()) in names
        (known if here else new).append(row)
    return StakeholderImport(table, tuple(new), tuple(known))


def _twins(table: Table) -> list[Problem]:
    """Rows without e-mail that name the same party of the same group as an earlier row."""
    first: dict[tuple[str, str], int] = {}
    problems = []
    for row in table.rows:
        if row["name"] and row["group"]:
            earlier = first.setdefault((row["group"], row["name"].casefold()), row.number)
            if earlier != row.number and not row["email"]:
                message = _("“%(name)s” is also in row %(row)d") % {"name": shorten(row["name"]), "row": earlier}
                problems.append(Problem(row.number, "name", message))
    return problems


@transaction.atomic
def import_stakeholders(*, ecosystem: Ecosystem, data: bytes | str, by: User) -> int:
    """Add every new row of the table, or nothing. Returns how many; raises ImportRefused."""
    _hold(ecosystem)
    checked = check_import(ecosystem=ecosystem, data=data)
    if not checked.table.is_good:
        raise ImportRefused(checked)
    Stakeholder.objects.bulk_create(
        (
            Stakeholder(
                ecosystem=ecosystem,
                group=row["group"],
                name=row["name"],
                email=row["email"] or "",
                note=row["note"] or "",
            )
            for row in checked.new
        ),
        batch_size=2_000,
    )
    audit.record(
        organization=ecosystem.organization,
        actor=by,
        action="stakeholders.imported",
        subject=ecosystem.name,
        details={"count": len(checked.new)},
    )
    return len(checked.new)


def _hold(ecosystem: Ecosystem) -> None:
    """Let nobody else add parties until the end of the transaction: a table is compared with those that are there."""
    Ecosystem.objects.select_for_update(no_key=True).get(pk=ecosystem.pk)


def save_stakeholder(
    *, ecosystem: Ecosystem, group: StakeholderGroup, name: str, email: str, note: str, by: User, pk: int | None = None
) -> Stakeholder:
    """Add a party, or change the one with this key. Raises StakeholderRefused when the e-mail is taken."""
    stakeholder = ecosystem.stakeholders.get(pk=pk) if pk else Stakeholder(ecosystem=ecosystem)
    stakeholder.group, stakeholder.name, stakeholder.email, stakeholder.note = group, name, email.lower(), note
    try:
        with transaction.atomic():
            _hold(ecosystem)
            stakeholder.save()
            audit.record(
                organization=ecosystem.organization,
                actor=by,
                action="stakeholder.changed" if pk else "stakeholder.added",
                subject=name,
            )
    except IntegrityError as taken:
        raise StakeholderRefused(_("Another stakeholder of this ecosystem has this e-mail address.")) from taken
    return stakeholder


@transaction.atomic
def delete_stakeholder(*, stakeholder: Stakeholder, by: User) -> None:
    """Take the party out; answers given stay, since they hold no person."""
    ecosystem = stakeholder.ecosystem
    audit.record(organization=ecosystem.organization, actor=by, action="stakeholder.deleted", subject=stakeholder.name)
    stakeholder.delete()
