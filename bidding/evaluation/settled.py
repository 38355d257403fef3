"""Reads of what a panel settled: its leader, and what its matters make of the bids."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from bidding.evaluation import negotiation, queries
from bidding.evaluation.chair import Election, election
from bidding.evaluation.matters import Matter
from bidding.evaluation.models import Evaluation
from bidding.evaluation.panel_models import LeaderVote, MatterVote, PanelMatter, SignIn
from bidding.evaluation.queries import Member
from bidding.evaluation.rules import Step
from bidding.opening.queries import OpenedBid
from experts.panels import queries as panels
from experts.panels.models import Seat
from rulebook.refusal import Reason


def signed_in(seat: Seat) -> bool:
    """Whether whoever sits there has signed in."""
    return SignIn.objects.filter(seat=seat).exists()


def chosen(evaluation: Evaluation) -> Election:
    """Where the election of the leader stands; seats by row."""
    rounds: dict[int, dict[int, int]] = {}
    for vote in LeaderVote.objects.filter(evaluation=evaluation).order_by("round"):
        rounds.setdefault(vote.round, {})[vote.seat_id] = vote.choice_id
    seats = panels.seated(evaluation.project.number)
    return election(list(rounds.values()), seats={seat.pk for seat in seats}, barred=panels.owners(seats))


def why_not_call_round(evaluation: Evaluation, own: Member) -> tuple[Reason, ...]:
    """Reasons why this member cannot call for sealed quotes now."""
    return negotiation.why_not_call_round(
        seat=own.seat.seat_no, leads=chosen(evaluation).leader == own.seat.pk, step=Step(evaluation.step),
        going_on=queries.going_on(evaluation), noted=set(evaluation.talk_notes.values_list("org", flat=True)),
        waiting=evaluation.terms_changes.filter(confirmed_at=None).count(),
        first=not evaluation.project.tender.rounds.exists(),
    )  # fmt: skip


def matters(evaluation: Evaluation) -> list[PanelMatter]:
    """Every matter raised, in order."""
    return list(PanelMatter.objects.filter(evaluation=evaluation).order_by("pk"))


def votes(matter: PanelMatter, stage: str, *, seats: Collection[Seat]) -> list[bool]:
    """The votes of those who sit now.  seats: theirs."""
    return list(MatterVote.objects.filter(matter=matter, stage=stage, seat__in=seats).values_list("yes", flat=True))


class Settled:
    """What the panel's matters make of the bids. They are read once, so an act asks it all of one and the same."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.rows = matters(evaluation)

    @property
    def waiting(self) -> bool:
        """Whether something is open that the report would have to know."""
        return any(row.raised.waits_for for row in self.rows)

    @property
    def invalid(self) -> dict[str, str]:
        """Organisation ↦ the ground on which a matter made its bid invalid."""
        return {row.org: ground for row in self.rows if (ground := row.raised.makes_invalid)}

    @property
    def corrected(self) -> dict[str, dict[str, str]]:
        """Organisation ↦ the price it agreed to have corrected: {"to": yuan, "rule"}."""
        return {
            row.org: {"to": row.facts["to"], "rule": row.facts["rule"]}
            for row in self.rows
            if row.kind == Matter.CORRECT and row.carried and row.agreed
        }

    @property
    def granted(self) -> dict[str, list[str]]:
        """Organisation ↦ the policies granted to it."""
        found: dict[str, list[str]] = {}
        for row in self.rows:
            if row.kind == Matter.POLICY and row.carried:
                found.setdefault(row.org, []).append(row.facts["policy"])
        return {org: sorted(keys) for org, keys in found.items()}

    def same_brand(self) -> list[list[str]]:
        """The groups of bids of one brand that stand now, two or more each."""
        stand = {bid.org for bid in queries.compliant(self.evaluation)}
        rows = [row.facts["orgs"] for row in self.rows if row.kind == Matter.SAME_BRAND and row.carried]
        return [group for orgs in rows if len(group := sorted(set(orgs) & stand)) > 1]

    def bidders(self) -> int:
        """How many bidders stand now; those of one brand count as one.  Law: 87号令 第31条."""
        return len(queries.compliant(self.evaluation)) - sum(len(group) - 1 for group in self.same_brand())


def price(bid: OpenedBid, corrections: Mapping[str, Mapping[str, str]]) -> Decimal | None:
    """The price a bid is compared at: as corrected, or as it was read out.  corrections: `Settled.corrected`."""
    found = corrections.get(bid.org)
    return Decimal(found["to"]) if found else bid.quote


def asked_of(evaluation: Evaluation, org: str) -> list[PanelMatter]:
    """What a bidder was asked, newest first."""
    found: Any = PanelMatter.objects.filter(evaluation=evaluation, org=org, due_at__isnull=False)
    return list(found.order_by("-pk"))
