"""What is on record about a bid that did not open: for whoever has to say whose doing it was, and for everyone else."""

from collections.abc import Mapping
from dataclasses import dataclass

from bidding.opening import blame, queries
from bidding.opening.blame import Cause, Evidence, Side
from bidding.opening.models import (
    CauseDecision,
    CauseStatement,
    FailedAttempt,
    HolderTurn,
    Incident,
    IncidentReport,
    OpeningUnit,
    Release,
)
from bidding.opening.queries import Standing


@dataclass(frozen=True)
class Dossier:
    """One bid that did not open: its units, what was tried, what was said, what was decided.

    holders: how many holders released for its parts, of how many that were needed, by part.
    """

    org: str
    name: str
    units: tuple[OpeningUnit, ...]
    attempts: tuple[FailedAttempt, ...]
    releases: tuple[Release, ...]
    holders: Mapping[str, tuple[int, int]]
    incidents: tuple[Incident, ...]
    evidence: Evidence
    stated: Mapping[Side, CauseStatement]
    decided: CauseDecision | None

    @property
    def presumed(self) -> Cause:
        """What the evidence says by itself."""
        return blame.by_evidence(self.evidence)


def failed(standing: Standing) -> dict[str, list[OpeningUnit]]:
    """The units of every bidder whose bid certainly did not open."""
    units: dict[str, list[OpeningUnit]] = {}
    for unit in standing.units:
        units.setdefault(unit.bid.organisation, []).append(unit)
    return {org: own for org, own in units.items() if blame.is_failed(tuple(unit.verdict for unit in own))}


def dossiers(standing: Standing) -> dict[str, Dossier]:
    """Every bid that did not open, with what is on record about it; by its bidder's code."""
    found = failed(standing)
    if not found:
        return {}
    opening = queries.opening_of(standing)
    units = [unit for own in found.values() for unit in own]
    attempts = list(FailedAttempt.objects.filter(unit__in=units).order_by("at"))
    releases = list(Release.objects.filter(unit__in=units).exclude(role=Release.Role.HOLDER).order_by("received_at"))
    stated = list(CauseStatement.objects.filter(opening=opening).order_by("pk"))
    decided = list(CauseDecision.objects.filter(opening=opening).order_by("pk"))
    incidents = tuple(Incident.objects.filter(tender=standing.tender).order_by("since"))
    turns = list(HolderTurn.objects.filter(opening=opening))
    needed = {member.committee.part: member.committee.k for member in queries.holders(standing.tender)}
    told = {}
    for org, own in found.items():
        keys = {unit.pk for unit in own}
        parts = {unit.bid.part for unit in own}
        told[org] = Dossier(
            org=org,
            name=own[0].bid.name,
            units=tuple(own),
            attempts=tuple(one for one in attempts if one.unit_id in keys),
            releases=tuple(one for one in releases if one.unit_id in keys),
            holders={part: (sum(turn.part == part for turn in turns), needed.get(part, 0)) for part in sorted(parts)},
            incidents=incidents,
            evidence=Evidence(
                verdicts=tuple(unit.verdict for unit in own),
                findings=tuple(finding for unit in own for finding in unit.findings),
                outage=any(_in_bidders_turn(standing, one) for one in incidents),
            ),
            stated={Side(one.side): one for one in stated if one.bidder == org},
            decided=next((one for one in reversed(decided) if one.bidder == org), None),
        )
    return told


def unconfirmed(standing: Standing) -> list[IncidentReport]:
    """Outages that were reported and that nobody else has confirmed yet."""
    confirmed = Incident.objects.filter(tender=standing.tender).values("number")
    return list(IncidentReport.objects.filter(tender=standing.tender).exclude(number__in=confirmed).order_by("at"))


def decisions(standing: Standing) -> dict[str, CauseDecision]:
    """The decision that stands for every bidder, by code; the newest counts."""
    if standing.opening is None:
        return {}
    return {one.bidder: one for one in CauseDecision.objects.filter(opening=standing.opening).order_by("pk")}


def _in_bidders_turn(standing: Standing, incident: Incident) -> bool:
    opening = queries.opening_of(standing)
    ended = opening.bidders_done_at or standing.at
    return incident.since < ended and incident.until > opening.opened_at
