"""Choosing a provider directly: the buyer names one, with a price and its reasons; the result is published like any."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import Organisation
from accounts.queries import name_of
from ledger.services import record
from market.awards import services as awards
from market.awards.models import Proposal
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.models import Project
from market.projects.rules import Fund, why_not_officer
from market.projects.stops import Act
from market.purchases import queries as purchases
from market.purchases import rules
from market.selection.events import ChosenDirectly
from market.selection.gate import why_not_take_part
from rulebook.actor import Actor
from rulebook.money import yuan
from rulebook.refusal import Kind, Reason, refuse_if


def why_not_pick(
    project: Project, *, org: str, amount: Decimal, reason: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against choosing this provider now.  org: credit code, empty while none is named.  amount: yuan."""
    row = project.purchase
    if rests := projects.why_not_go_on(project, Act.CHOICE, at=at):
        return why_not_officer(buyer=project.buyer_id, by=by) or rests
    against = why_not_take_part(project, org=org, at=at) if org else ()
    if org and not Organisation.objects.filter(code=org).exists():
        against = (Reason("direct.unknown", Kind.NOT_VALID, "名录中没有这家机构"),)
    return rules.why_not_pick(
        project=project, procedure=project.procedure, amount=amount, cap=project.price_cap,
        price_known=row.price_known or purchases.fixed(row, at=at), reason=reason, against=against,
        split=purchases.split(row, amount=amount, at=at), by=by,
    )  # fmt: skip


@transaction.atomic
def pick(*, number: str, org: str, amount: Decimal, reason: str, by: Actor, at: datetime) -> Proposal:
    """Choose one provider at a price. The result goes to the award desk, is published, and may be objected to.

    Refused for anyone but the buyer's officer, twice, above the announced price, without a reason, for a provider that
    may not take part today, and where the year's sum passes the limit.
    """
    project = projects.hold(number)
    amount = yuan(amount)
    refuse_if(why_not_pick(project, org=org or "-", amount=amount, reason=reason, by=by, at=at))
    row = project.purchase
    selection = project.procedure.selection
    assert selection is not None  # the rule refuses every other procedure
    limit = selection.limit[0][Fund(row.fund)]
    row.direct = {"org": org, "amount": str(amount), "reason": reason.strip()}
    row.save(update_fields=["direct"])
    project_services.decide(project=project, at=at)
    report = {
        "v": "selection/1", "number": number, "method": project.method,
        "basis": {
            "fund": row.fund, "price_cap": str(project.price_cap), "limit": "" if limit is None else str(limit),
            "reason": reason.strip(),
            "earlier": [{"number": each.number, "amount": str(each.amount)} for each in purchases.earlier(row, at=at)],
        },
        "bids": [{"org": org, "name": name_of(org), "quote": str(amount), "rank": 1, "compliant": True, "reasons": []}],
    }  # fmt: skip
    held = awards.propose(number=number, report=report, by=by, at=at)
    event = ChosenDirectly(
        stream=project.log, org=org, name=name_of(org), amount=str(amount), reason=row.direct["reason"]
    )  # fmt: skip
    record(event, at=at)
    return held
