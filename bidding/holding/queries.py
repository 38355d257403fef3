"""Reads of the standing roster: which holders there are, who acts for them, which suit a tender."""

from django.db.models import QuerySet

from accounts.models import IdentityKey, Organisation
from accounts.queries import people
from bidding.holding import rules
from bidding.holding.models import Keeper, KeptSlots, RosterChange, StandingHolder
from bidding.holding.rules import Candidate, Duty
from market.projects import queries as projects
from rulebook.actor import Role


def standing() -> list[StandingHolder]:
    """The roster, the longest standing first."""
    rows = StandingHolder.objects.filter(left_at__isnull=True).select_related("organisation")
    return list(rows.order_by("entered_at", "organisation_id"))


def is_standing(org: str) -> bool:
    """Whether an organisation is on the roster."""
    return StandingHolder.objects.filter(organisation_id=org, left_at__isnull=True).exists()


def candidates(buyer: str) -> list[Candidate]:
    """The roster as a tender of this buyer sees it, the longest standing first."""
    keyed = set(IdentityKey.objects.values_list("organisation_id", flat=True))
    manned = set(Keeper.objects.filter(duty=Duty.MEMBER.value).values_list("organisation", flat=True))
    return [
        Candidate(
            row.organisation_id,
            row.organisation.name,
            rules.side_of(kind=row.organisation.kind, org=row.organisation_id, buyer=buyer),
            row.organisation_id in keyed,
            row.organisation_id in manned,
            row.unattended,
        )
        for row in standing()
    ]


def colleagues(org: str) -> list[tuple[str, str, Duty, bool]]:
    """The people who may act for a holder: public id, name, duty, away."""
    held = {keeper.person_id: keeper for keeper in Keeper.objects.filter(organisation=org)}
    found = []
    for user in people(organisation=org, role=Role.HOLDER).order_by("id"):
        keeper = held.get(user.pk)
        duty = Duty(keeper.duty) if keeper else Duty.NONE
        found.append((str(user.public_id), user.name, duty, bool(keeper and keeper.away)))
    return found


def on_duty(org: str) -> list[str]:
    """Public ids of those who act now: members who are there, else deputies who are there, else everybody."""
    staff = colleagues(org)
    for duty in (Duty.MEMBER, Duty.DEPUTY):
        here = [person for person, _, its, away in staff if its is duty and not away]
        if here:
            return here
    return [person for person, *_ in staff]


def history(org: str) -> QuerySet[RosterChange]:
    """What changed, newest first; for the holder's own people."""
    return RosterChange.objects.filter(organisation=org).order_by("-id")


def kind_of(org: str) -> str:
    """The kind of an organisation. Raises Organisation.DoesNotExist."""
    return str(Organisation.objects.get(code=org).kind)


def to_make(org: str) -> list[dict[str, object]]:
    """What a holder has still to make slot keys for: free reserved numbers, each with its missing parts."""
    kept = set(KeptSlots.objects.filter(organisation=org).values_list("number", "part"))
    found: list[dict[str, object]] = []
    for number in projects.reserved():
        missing = [part for part in rules.PARTS_AHEAD if (number, part) not in kept]
        if missing:
            found.append({"number": number, "parts": missing})
    return found


def ahead_of(org: str) -> tuple[int, int]:
    """For how many free reserved numbers a holder is wholly prepared, and how many there are."""
    free = len(projects.reserved())
    return free - len(to_make(org)), free


def kept(number: str, part: str) -> dict[str, KeptSlots]:
    """The slot keys made ahead for one part, by holder."""
    return {row.organisation: row for row in KeptSlots.objects.filter(number=number, part=part)}
