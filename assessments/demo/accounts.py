"""The people of the demo who have an account."""

from dataclasses import dataclass

from ecosystems.enums import Role

PASSWORD = "rivermark demo"  # noqa: S105 - of a demo that is only made in demo mode
ORGANIZATION = "Rivermark Growers’ Cooperative"
SLUG = "rivermark-growers-cooperative"


@dataclass(frozen=True)
class Account:
    name: str
    role: Role

    @property
    def email(self) -> str:
        return self.name.lower().translate(str.maketrans("čéśäö ", "cesao.")) + "@example.org"


ADMIN = Account("Ana Kovač", Role.ADMIN)
FACILITATOR = Account("Priya Nair", Role.FACILITATOR)
LEADER = Account("Marta Lindqvist", Role.LEADER)
VIEWER = Account("Tomas Berg", Role.VIEWER)
OTHER_LEADERS = tuple(
    Account(name, Role.LEADER)
    for name in (
        "Lena Brandt",
        "Amadou Diallo",
        "Sofia Ricci",
        "Jonas Holt",
        "Grace Mwangi",
        "Pavel Novak",
        "Ines Duarte",
        "Samir Haddad",
        "Ruth Okafor",
        "Karl Winther",
    )
)
ACCOUNTS = (ADMIN, FACILITATOR, LEADER, VIEWER, *OTHER_LEADERS)


def account_lines() -> list[str]:
    """The accounts to name on the start line, by role."""
    return [f"{account.role.label.lower()} {account.email}" for account in (ADMIN, FACILITATOR, LEADER)]
