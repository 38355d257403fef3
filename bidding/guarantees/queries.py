"""Reads of guarantees: all for the buyer's officers once the bids were named, its own for a bidder, none for others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from bidding.guarantees import rules
from bidding.guarantees.models import Freed, Refund
from bidding.opening import queries as openings
from bidding.submission.models import Bid
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from market.awards import queries as awards
from market.contracts import queries as contracts
from market.notices.words import FORMS
from market.projects.models import Project
from market.projects.rules import ENDS
from market.projects.sides import Work
from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA
from rulebook.law import Article
from rulebook.refusal import Reason

ALL = ""  # in place of a bidder: every one of them, unnamed


@dataclass(frozen=True)
class Owed:
    """One bidder's guarantee.  due: until when it goes back, None while unknown.  refunded_on: when it went back.

    given: as the opened bid says it; empty where it says nothing that can be read.
    """

    org: str
    name: str
    won: bool
    due: datetime | None
    refunded_on: date | None
    given: Mapping[str, Any]

    @property
    def form(self) -> str:
        """Its form in words."""
        return str(FORMS.get(self.given.get("kind", ""), ""))

    def overdue(self, at: datetime) -> bool:
        """It should have gone back by now."""
        return self.refunded_on is None and self.due is not None and at >= self.due


def owed(tender: Tender) -> list[Owed]:
    """The guarantees of all who were named at the opening; none where none was asked, or nobody was named."""
    if tender.guarantee is None:
        return []
    project = tender.project
    award, contract = awards.standing(project), contracts.of(project)
    back = dict(Refund.objects.filter(tender=tender).values_list("organisation", "refunded_on"))
    left = dict(Freed.objects.filter(tender=tender).values_list("organisation", "at"))
    signed = datetime.combine(contract.signed_on, time(), CHINA) if contract else None
    found = []
    for bid in openings.opened_bids(tender):
        won = award is not None and award.organisation == bid.org
        due = rules.refund_due(
            procedure=project.procedure, won=won, awarded_at=award.determined_at if award else None,
            contracted_at=signed, ended_at=project.stage_at if project.ended else None, left_at=left.get(bid.org),
        )  # fmt: skip
        given = bid.guarantee if bid.guarantee and "kind" in bid.guarantee else {}
        found.append(Owed(bid.org, bid.name, won, due, back.get(bid.org), given))
    return found


def sealed_for_good(tender: Tender) -> datetime | None:
    """Until when the guarantees go back of a purchase that ended before its bids were opened; None for every other.

    Who gave one stays sealed with the bids: only they themselves and the account they were paid to know.
    """
    if tender.guarantee is None or tender.project.published_at is None or tender.openings.exists():
        return None
    return back_by(tender.project)


def back_by(project: Project) -> datetime | None:
    """Until when they go back of a purchase that is known to have ended unopened."""
    return project.procedure.refund.due(project.stage_at) if project.ended else None


def all_back(tender: Tender) -> date | None:
    """When all of them were noted to have gone back at once."""
    return Refund.objects.filter(tender=tender, organisation=ALL).values_list("refunded_on", flat=True).first()


def sealed(viewer: Actor) -> list[Tender]:
    """Purchases that ended unopened whose guarantees the viewer's house has not noted as given back.

    For a bidder those it had a bid in: that is its own to know, and nobody else's.
    """
    ended = {"project__stage__in": [each.value for each in ENDS], "project__published_at__isnull": False}
    found = Tender.objects.filter(**ended, openings=None).exclude(guarantee=None).exclude(refunds__organisation=ALL)
    found = found.select_related("project__buyer", "project__agent")
    if viewer.role is Role.PROVIDER and viewer.organisation:
        return list(found.filter(Exists(Bid.objects.filter(tender=OuterRef("pk"), organisation=viewer.organisation))))
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        return []
    own = Q(project__buyer_id=viewer.organisation) | Q(project__agent_id=viewer.organisation)
    return [tender for tender in found.filter(own) if tender.project.does(Work.HOST, viewer)]


def seen(project: Project, *, viewer: Actor) -> list[Owed]:
    """What this viewer may see of it. Raises Tender.DoesNotExist for everybody who may see nothing."""
    tender = tenders.tender(project.number)
    found = owed(tender)
    if not project.is_officer(viewer):
        found = [each for each in found if viewer.role is Role.PROVIDER and each.org == viewer.organisation]
        if not found and tender not in sealed(viewer):
            raise Tender.DoesNotExist
    return found


def why_not_refund(tender: Tender, *, org: str, on: date, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against noting a refund now."""
    listed = owed(tender)
    return rules.why_not_refund(
        buyer=tender.project.doer(Work.HOST),
        owed={each.org for each in listed} | ({ALL} if sealed_for_good(tender) else set()),
        done={each.org for each in listed if each.refunded_on} | ({ALL} if all_back(tender) else set()),
        org=org,
        on=on,
        by=by,
        at=at,
    )


def outstanding(viewer: Actor) -> Iterator[tuple[Project, datetime, Article]]:
    """For an officer's desk: purchases of the own house with guarantees to give back, and until when the first."""
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        return
    own = Q(project__buyer_id=viewer.organisation) | Q(project__agent_id=viewer.organisation)
    asked = Tender.objects.filter(own).exclude(guarantee=None)
    # Tenders all of whose bidders have theirs back are not looked at one by one, however many there were.
    asked = asked.annotate(
        named=Count("openings__units__bid__organisation", distinct=True), back=Count("refunds", distinct=True)
    ).filter(named__gt=F("back"))
    for tender in asked.select_related("project"):
        if not tender.project.does(Work.HOST, viewer):
            continue
        dues = [each.due for each in owed(tender) if each.due and each.refunded_on is None]
        if dues:
            yield tender.project, min(dues), tender.project.procedure.refund.law
