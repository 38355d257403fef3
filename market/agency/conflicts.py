"""Who may not bid because it belongs to whoever runs the purchase: asked of both, the purchaser and its agent."""

from collections.abc import Collection, Mapping
from datetime import datetime

from accounts.queries import names_of
from experts.affiliates import queries as affiliates
from market.projects.models import Project
from rulebook.calendar import day_in_china
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

AGENTS = Article("招标投标法实施条例", "第13条")
BUYERS = Article("招标投标法实施条例", "第34条")
ASKS_BUYER = "A"  # the regime whose law keeps out whoever belongs to the one who invites
TEXT = "与{name}有控股、管理或者同一负责人的关系，不得参加其组织的采购"


def why_not_bid(project: Project, orgs: Collection[str], *, at: datetime) -> dict[str, tuple[Reason, ...]]:
    """Of these organisations, each that may not bid here, with its reasons. Nobody is asked where there is no agent and
    the law says nothing of the purchaser's own.

    Law: 招标投标法实施条例 第13条, 第34条; 政府采购法 第18条 (to verify for agents under it).
    """
    against: dict[str, Article] = {}
    if project.procedure.regime == ASKS_BUYER:
        against[project.buyer_id] = BUYERS
    if project.agent_id:
        against[project.agent_id] = AGENTS
    if not against or not orgs:
        return {}
    on, found = day_in_china(at), {org: {org} & set(against) for org in orgs}
    for pair in affiliates.bound({*orgs, *against}, on=on):
        for org in pair & set(orgs):
            found[org] |= (pair - {org}) & set(against)
    for org, others in affiliates.declared(orgs, among=against, on=on).items():
        found[org] |= others  # against itself its own word will do
    names = names_of(set(against)) if any(found.values()) else {}
    return {
        org: tuple(
            Reason("agency.affiliated", Kind.NOT_YOURS, TEXT, against[code], {"name": names[code]})
            for code in sorted(tied)
        )
        for org, tied in found.items() if tied
    }  # fmt: skip


def why_not_reviewed(
    project: Project, bids: Mapping[str, Collection[str]], *, at: datetime
) -> dict[str, tuple[Reason, ...]]:
    """Bidder ↦ reasons against it or whoever stands with it.  bids: bidder ↦ the members its opened bid names."""
    asked = {org for bidder, members in bids.items() for org in (bidder, *members)}
    found = why_not_bid(project, asked, at=at)
    told = {
        bidder: tuple(reason for org in (bidder, *members) for reason in found.get(org, ()))
        for bidder, members in bids.items()
    }
    return {bidder: reasons for bidder, reasons in told.items() if reasons}
