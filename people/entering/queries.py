"""Reads about houses that come in."""

import hashlib
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.regions.queries import lies_in
from documents.evidence.models import Evidence
from people.entering import rules
from people.entering.models import Agreement, Applicant
from people.entering.rules import State
from rulebook.actor import Actor, Role

KEEPERS = {Role.OPERATOR: State.WAITING, Role.SECURITY: State.OBJECTED}


def applicant(public_id: UUID) -> Applicant:
    """Who waits outside, for whoever has the address. Raises Applicant.DoesNotExist."""
    return Applicant.objects.get(public_id=public_id)


def waiting(viewer: Actor) -> QuerySet[Applicant]:
    """Those this keeper has to look at, of houses where his office reaches, oldest first; none for anybody else."""
    state = KEEPERS.get(viewer.role)
    found = Applicant.objects.filter(lies_in("code", viewer.region), state=state.value if state else "")
    return found.order_by("came_at")


def held(public_id: UUID, *, viewer: Actor) -> Applicant:
    """One that this keeper may look at, found or not. Raises Applicant.DoesNotExist for anybody else."""
    if viewer.role not in KEEPERS:
        raise Applicant.DoesNotExist
    return Applicant.objects.filter(lies_in("code", viewer.region)).get(public_id=public_id)


def about(row: Applicant) -> str:
    """Under what its document is kept."""
    return f"entry:{row.public_id}"


def may_have(evidence: Evidence, viewer: Actor) -> bool:
    """Who may have a document of a house that comes in: the keepers of the platform alone."""
    if viewer.role not in KEEPERS:
        return False
    here = Applicant.objects.filter(lies_in("code", viewer.region))
    return not viewer.region or here.filter(public_id=evidence.about.partition(":")[2]).exists()


def agreement(code: str) -> Agreement | None:
    """Who signed the agreement in force for a house, None where nobody has."""
    rows = Agreement.objects.filter(organisation_id=code, edition=rules.EDITION)
    return rows.select_related("user").order_by("pk").first()


def next_username(code: str) -> str:
    """What the next person of a house signs in with: the credit code for the first, with a number for the others."""
    taken = set(User.objects.filter(username__startswith=code).values_list("username", flat=True))
    number = 1 + len(taken)
    while (name := code if number == 1 else f"{code}-{number}") in taken:
        number += 1
    return name


def agreement_sha256() -> str:
    """What whoever signs the agreement in force signs."""
    return hashlib.sha256(rules.agreement_text()).hexdigest()
