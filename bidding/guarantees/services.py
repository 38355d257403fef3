"""Acts on guarantees: one comes free before the result; that one went back is noted."""

from datetime import date, datetime

from django.db import transaction

from accounts import inbox
from bidding.guarantees import queries
from bidding.guarantees.models import Freed, Refund
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from market.projects import queries as projects
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


def free(*, tender: Tender, org: str, at: datetime) -> None:
    """Owe a bidder who has left lawfully its guarantee from now on, if it left one; within the act of leaving.

    Law: 财库〔2014〕214号 第22条.
    """
    if tender.guarantee is not None:
        Freed.objects.create(tender=tender, organisation=org, at=at)


@transaction.atomic
def note_refund(*, project_number: str, org: str, on: date, by: Actor, at: datetime) -> Refund:
    """Note that a bidder's guarantee went back on a day, and tell the bidder.

    org: `queries.ALL` where the purchase ended before its bids were opened: nobody is told, for nobody is named.
    Refused for anyone but the buyer's officer, for whoever left none, twice, and for a day to come.
    Law: 政府采购法实施条例 第33条; 招标投标法实施条例 第57条.
    """
    project = projects.hold(project_number)
    tender = tenders.tender(project_number)
    refuse_if(queries.why_not_refund(tender, org=org, on=on, by=by, at=at))
    noted = Refund.objects.create(tender=tender, organisation=org, refunded_on=on, noted_by=by.person, noted_at=at)
    if org == queries.ALL:
        return noted
    inbox.post(
        to_organisation=org,
        subject=f"{project.terms.guarantee}已退还：{project.title}",
        body=f"{project.buyer.name}登记于 {on.isoformat()} 退还；未收到的，请与其联系。",
        link=f"/projects/{project_number}/guarantees/",
        at=at,
    )
    return noted
