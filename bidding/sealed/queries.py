"""Reads of sealed quotes that open by themselves; before the opening there is nothing to read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from bidding.opening import queries as openings
from bidding.opening.models import Opening
from bidding.sealed import rules
from bidding.sealed.models import Assessment, FixedQuotes, Judge, LowQuote
from bidding.submission import queries as submissions
from bidding.submission.models import Bid
from bidding.tender import queries as tenders
from bidding.tender import rules as tender_rules
from bidding.tender.models import Tender
from bidding.tender.rules import CommitteeState
from draws import queries as draws
from draws.models import Draw
from draws.rules import Phase
from ledger import queries as ledger
from market.awards import queries as awards
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.stops import Act
from proofs import quotes
from rulebook.actor import Actor, Role
from rulebook.rows import if_any

ALONE = tender_rules.WITHOUT_HALVES


def tender(number: str) -> Tender:
    """The tender of a purchase that opens by itself. Raises Tender.DoesNotExist for every other project."""
    return Tender.objects.select_related("project", "project__buyer", "project__purchase").get(
        project__number=number, policy=ALONE
    )


def to_prepare() -> list[str]:
    """Approved purchases with sealed offers that are not published: they want key holders, or their minute."""
    waiting = Project.objects.filter(stage=Stage.DRAFT.value, approved_at__isnull=False, purchase__isnull=False)
    return [each.number for each in if_any(waiting.order_by("approved_at")) if each.procedure.policy == ALONE]


def to_publish(at: datetime) -> list[str]:
    """Numbers whose minute has come and whose key holders have proven that they open."""
    found = Tender.objects.filter(
        policy=ALONE, project__stage=Stage.DRAFT.value, project__scheduled_at__isnull=False, project__publish_at__lte=at
    ).select_related("project")
    return [each.project.number for each in if_any(found) if is_keyed(each)]


def is_keyed(tender: Tender) -> bool:
    """Whether the key holders of every part have opened the trial."""
    made = tenders.committees(tender)
    return set(made) == set(tender.parts) and all(each.state == CommitteeState.READY for each in made.values())


def to_open() -> list[str]:
    """Numbers whose list is closed and that are not opened."""
    found = Tender.objects.filter(policy=ALONE, project__stage=Stage.OPEN.value, closing__entry__isnull=False)
    return list(found.order_by("closes_at").values_list("project__number", flat=True))


def to_end() -> list[str]:
    """Numbers of which every envelope has its verdict, and that are not ended."""
    found = Opening.objects.filter(tender__policy=ALONE, read_out_at__isnull=False, ended_at=None)
    return list(found.values_list("tender__project__number", flat=True))


def to_choose() -> list[str]:
    """Numbers whose opening has ended and of which nobody is proposed yet."""
    found = Tender.objects.filter(policy=ALONE, project__stage=Stage.DECIDING.value, openings__ended_at__isnull=False)
    return list(found.values_list("project__number", flat=True))


def is_announced(tender: Tender) -> bool:
    """Whether the closing is in the log, cosigned where witnesses are set."""
    closing = submissions.closing(tender)
    return bool(closing and closing.entry and ledger.covered(closing.entry, cosigned=settings.QUORUM > 0))


def fixed(tender: Tender) -> FixedQuotes | None:
    """The quotes as they were fixed after the opening."""
    return FixedQuotes.objects.filter(tender=tender).first()


def low(tender: Tender) -> list[LowQuote]:
    """The quotes that must be explained."""
    return list(LowQuote.objects.filter(tender=tender).order_by("organisation"))


def low_of(tender: Tender, org: str) -> LowQuote | None:
    """The quote of an organisation that must be explained."""
    return LowQuote.objects.filter(tender=tender, organisation=org).first()


def named(tender: Tender, org: str) -> str:
    """The name under which an organisation's quote was fixed."""
    held = fixed(tender)
    return next((str(row["name"]) for row in held.rows if row["org"] == org), "") if held else ""


def draw_of(tender: Tender, purpose: str) -> Draw | None:
    """The newest draw of the coefficient, or among equals."""
    return draws.latest(tender.project.number, purpose)


def draws_of(tender: Tender) -> list[Draw | None]:
    """The newest draw of the coefficient, and among equals."""
    return [draw_of(tender, quotes.COEFFICIENT), draw_of(tender, quotes.TIE)]


def drawn(draw: Draw | None) -> list[list[str]]:
    """What a settled draw brought, each stratum in its order; empty before it is settled."""
    if draw is None or Phase(draw.phase) is not Phase.SETTLED:
        return []
    told = draws.result_by_stratum(draw)
    return [[*told[row["key"]]["chosen"], *told[row["key"]]["standby"]] for row in draw.strata]


@dataclass(frozen=True)
class Outcome:
    """What everybody sees of opened quotes.  rows: as fixed, best first once ranked.  basis: once nothing is to draw.

    waits: what the choice waits for, in words' code: explanations, coefficient, tie; empty once it is made.
    """

    rows: list[dict[str, Any]]
    basis: dict[str, Any] | None
    draws: list[Draw]
    low: list[dict[str, Any]]  # those who were asked to explain: {"name", "row": LowQuote, "pending"}
    waits: str
    trimmed: list[str]  # names left out of a reference price


def outcome(tender: Tender, *, at: datetime) -> Outcome | None:
    """The opened quotes and how the choice follows; None before they are fixed."""
    held = fixed(tender)
    if held is None:
        return None
    found = draws_of(tender)
    told = _basis(tender)
    rank = {bid["org"]: bid["rank"] for bid in told["bids"]} if told else {}
    why = {bid["org"]: bid["reasons"] for bid in told["bids"]} if told else {}
    basis = told["basis"] if told else None
    far = (basis or {}).get("distances", {})
    rates = _rates(tender)
    rows = [
        {
            **row,
            "rate": rates.get(row["org"], ""),
            "rank": rank.get(row["org"]),
            "why": why.get(row["org"], []),
            "distance": far.get(row["org"], ""),
            "points": _points(basis or {}, row["org"]),
        }
        for row in held.rows
    ]
    rows.sort(key=lambda row: (row["rank"] is None, row["rank"] or 0, row["org"]))
    waits = ""
    if told is None:
        pending = any(rules.is_pending(each, at=at) for each in low(tender))
        panel = tender.project.procedure.needs_panel and not any(found)
        waits = "explanations" if pending else "panel" if panel else "lots"
    names = {row["org"]: row["name"] for row in held.rows}
    trimmed = [names[org] for org in (basis or {}).get("trimmed", [])]
    explained = [
        {"name": names[each.organisation], "row": each, "pending": rules.is_pending(each, at=at)}
        for each in low(tender)
    ]
    return Outcome(rows, basis, [each for each in found if each], explained, waits, trimmed)


def _rates(tender: Tender) -> dict[str, str]:
    """By which rate off the cap each opened quote was put; nobody's where amounts were asked for."""
    if not tender.project.purchase.rate:
        return {}
    return {bid.org: str(bid.sheet.get("rate", "")) for bid in openings.opened_bids(tender)}


def _points(basis: dict[str, Any], org: str) -> list[dict[str, Any]]:
    """What each judge gave a provider, with his reasons, once that is published."""
    seats = basis.get("scores", {}).get(org, {})
    return [
        {"name": judge["name"], "points": list(seats[str(judge["seat"])].values()),
         "reason": basis["reasons"][org][str(judge["seat"])]}
        for judge in basis.get("judges", ()) if str(judge["seat"]) in seats
    ]  # fmt: skip


def _basis(tender: Tender) -> dict[str, Any] | None:
    row = awards.proposal(tender.project)
    return dict(row.content) if row else None


def own_low(tender: Tender, *, viewer: Actor) -> LowQuote | None:
    """The viewer's own quote that he is asked to explain."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return None
    return LowQuote.objects.filter(tender=tender, organisation=viewer.organisation).first()


def judge(tender: Tender, *, viewer: Actor) -> Judge | None:
    """The viewer's own seat on the owner's panel."""
    return Judge.objects.filter(tender=tender, person=viewer.person).first() if viewer.person else None


def seat_of(judge: Judge) -> int:
    """A judge's seat, 1 first, in the order in which they were named."""
    return Judge.objects.filter(tender=judge.tender, pk__lte=judge.pk).count()


def judges_told(tender: Tender) -> tuple[int, int]:
    """How many may judge, and how many have not said yet whether they may."""
    rows = list(Judge.objects.filter(tender=tender))
    return sum(bool(row.declared_at) and not row.recused for row in rows), sum(not row.declared_at for row in rows)


def panel_due(tender: Tender, *, at: datetime) -> datetime | None:
    """When the panel's time is over, later by as long as the purchase rested; None before the quotes are fixed."""
    held, row = fixed(tender), tender.project.procedure.selection
    if held is None or row is None or row.panel is None:
        return None
    return projects.rested(tender.project, row.panel.due(held.at), since=held.at, act=Act.JUDGING, at=at)


def is_panel_over(tender: Tender, *, at: datetime) -> bool:
    """Whether its panel may do nothing any more: it is late, or there is nothing left to choose."""
    due = panel_due(tender, at=at)
    return due is not None and (at >= due or tender.project.stage != Stage.DECIDING)


def judged_by(people: Collection[str]) -> list[str]:
    """The purchases not decided yet on whose panel one of these people is."""
    waiting = [Stage.OPEN, Stage.DECIDING]
    rows = Judge.objects.filter(person__in=list(people), recused=False, tender__project__stage__in=waiting)
    return list(rows.values_list("tender__project__number", flat=True).distinct())


def has_begun(tender: Tender) -> bool:
    """Whether somebody has given points."""
    return Assessment.objects.filter(judge__tender=tender).exists()


def to_assess(held: FixedQuotes | None) -> list[str]:
    """Whose quotes stand and are judged."""
    return [row["org"] for row in held.rows if not row["reasons"]] if held else []


def price_weight(tender: Tender) -> Decimal:
    """Points of 100 the price can earn: what the factors leave."""
    return Decimal(100) - sum((Decimal(str(each["max"])) for each in tender.factors), Decimal())


def coefficients(tender: Tender) -> list[str]:
    """The values a coefficient is drawn from: the notice's, else the row's."""
    named = (tender.project.purchase.formula or {}).get("params", {}).get("coefficients")
    row = tender.project.procedure.selection
    return sorted(named or (row.coefficients if row else ()))


def formula(tender: Tender) -> str:
    """By which formula is chosen."""
    return rules.formula_of(tender.project.purchase.formula)


def own_offers(viewer: Actor) -> list[Tender]:
    """Purchases under way for which the viewer's own quote is handed in and not taken back; nobody else's are read."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return []
    under_way = [each.value for each in (Stage.OPEN, Stage.DECIDING, Stage.PROPOSED)]
    own = Bid.objects.filter(
        organisation=viewer.organisation, tender__policy=ALONE, tender__project__stage__in=under_way
    )
    newest = {
        (tender, part): gone is None
        for tender, part, gone in own.order_by("version").values_list("tender_id", "part", "withdrawal")
    }
    stands = {tender for tender, _part in newest} - {tender for (tender, _part), live in newest.items() if not live}
    return list(_desk().filter(pk__in=stands).order_by("closes_at"))


def of_buyer(viewer: Actor) -> list[Tender]:
    """Published purchases with sealed quotes of the viewer's own house of which nobody is proposed yet."""
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        return []
    waiting = [Stage.OPEN.value, Stage.DECIDING.value]
    found = _desk().filter(project__buyer_id=viewer.organisation, project__stage__in=waiting)
    return list(found.order_by("closes_at"))


def seats(viewer: Actor) -> list[Judge]:
    """The viewer's own seats on owners' panels of which nobody is proposed yet, and in which he may judge."""
    waiting = [Stage.OPEN.value, Stage.DECIDING.value]
    rows = Judge.objects.filter(person=viewer.person, recused=False, tender__project__stage__in=waiting)
    return list(rows.select_related("tender__project__purchase").order_by("tender__closes_at")) if viewer.person else []


def opening(tender: Tender) -> Opening | None:
    """The opening that runs or is over; None before it."""
    return Opening.objects.filter(tender=tender).first()


def _desk() -> QuerySet[Tender]:
    return Tender.objects.filter(policy=ALONE).select_related("project__buyer", "project__purchase")
