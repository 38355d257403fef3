"""Reads of who keeps a house's key."""

from dataclasses import dataclass

from django.db.models import Max

from accounts.models import IdentityKey, Organisation, User
from accounts.rules import Kind
from people.colleagues.queries import administers, administrators
from people.custody import rules
from people.custody.models import Custodian, Drill
from people.custody.rules import FEWEST
from rulebook.actor import Actor
from rulebook.refusal import Reason


@dataclass(frozen=True)
class Keeping:
    """One custodian.  drilled: he has opened his copy of the newest generation."""

    row: Custodian
    user: User
    drilled: bool


@dataclass(frozen=True)
class Custody:
    """How a house keeps its key.  gen: the newest generation, 0 for none."""

    gen: int
    keepers: tuple[Keeping, ...]

    @property
    def drilled(self) -> int:
        """How many can open their copy."""
        return sum(each.drilled for each in self.keepers)

    @property
    def lacks(self) -> bool:
        """A key that fewer than two persons have shown they can open."""
        return bool(self.gen) and self.drilled < FEWEST


def custody(code: str) -> Custody:
    """Who keeps the newest key of a house."""
    gen = IdentityKey.objects.filter(organisation_id=code).aggregate(newest=Max("gen"))["newest"] or 0
    rows = Custodian.objects.filter(organisation_id=code, ended_at=None, user__is_active=True)
    rows = rows.select_related("user").order_by("pk")
    done = set(Drill.objects.filter(custodian__in=rows, gen=gen).values_list("custodian_id", flat=True))
    return Custody(gen, tuple(Keeping(row, row.user, row.pk in done) for row in rows))


def keepers(code: str) -> list[User]:
    """Who is told of what becomes of a house's key: its administrators and custodians, each once."""
    found = {user.pk: user for user in administrators(code)}
    found |= {each.user.pk: each.user for each in custody(code).keepers}
    return list(found.values())


def why_not_revoke(by: Actor) -> tuple[Reason, ...]:
    """Reasons against this person's ending a generation of his house's key."""
    keeps = Custodian.objects.filter(user__public_id=by.person or None, ended_at=None, user__is_active=True)
    alone = Organisation.objects.filter(code=by.organisation, kind=Kind.CITIZEN).exists()
    return rules.why_not_revoke(administers=administers(by), keeps=keeps.exists(), alone=alone, by=by)
