"""What the pages of a panel's matters show: to its members, and to the one bidder who is asked."""

from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from bidding.evaluation import matters, queries, settled
from bidding.evaluation.matters import ASK, ASKED, JUDGE, OF_PRICE, Matter, Raised
from bidding.evaluation.models import Evaluation
from bidding.evaluation.panel_models import MatterVote, PanelMatter
from bidding.evaluation.rules import Step
from market.projects.models import Project
from market.projects.policies import GRANTED, NAMES
from proofs.scoring import CORRECTIONS
from rulebook.actor import Actor, Role

WORDS = {
    Matter.CLARIFY: _("请{terms.bidder}澄清"),
    Matter.CORRECT: _("修正报价"),
    Matter.EXPLAIN: _("请说明报价偏低"),
    Matter.SAME_BRAND: _("认定提供相同品牌产品"),
    Matter.POLICY: _("给予政策价格扣除"),
}


def panel(project: Project, viewer: Actor) -> dict[str, Any]:
    """The matters as a member sees them: his own votes, what is decided, what he may raise.

    Raises Http404 for everybody else, and before his declaration.
    """
    row, own = queries.of(project), queries.member(project, viewer)
    if row is None or own is None or not own.declared:
        raise Http404
    bids = queries.bids(row)
    names = {bid.org: bid.name for bid in bids}
    priced = queries.prices_open(row)
    known = matters.ARTICLES[project.procedure.regime]
    quotes = {bid.org: bid.quote for bid in bids if bid.quote} if priced else {}
    signs = matters.low_price_signs(quotes, cap=queries.cap(project))
    shares = queries.scoring(project).get("policies", {})
    voted = set(MatterVote.objects.filter(matter__evaluation=row, seat=own.seat).values_list("matter_id", "stage"))
    kinds = [
        {"kind": kind.value, "words": WORDS[kind], "law": law}
        for kind, law in known.items()
        if (priced or kind not in OF_PRICE) and (kind is not Matter.POLICY or GRANTED & set(shares))
    ]
    return {
        "project": project,
        "own": own,
        "bids": bids,
        "open": Step(row.step) in matters.MOMENTS or queries.prices_judged_late(row),
        "rows": [_shown(each, names, voted) for each in reversed(settled.matters(row))],
        "kinds": kinds,
        "may": {entry["kind"] for entry in kinds},
        "corrections": CORRECTIONS,
        "policies": [(key, NAMES[key], Decimal(share) * 100) for key, share in shares.items() if key in GRANTED],
        "signs": [(names[org], found) for org, found in signs.items()],
        "minutes": matters.MINUTES,
    }


def _shown(row: PanelMatter, names: dict[str, str], voted: set[tuple[int, str]]) -> dict[str, Any]:
    """voted: on which matters, and at which stage, the reader has."""
    raised = row.raised
    stage = raised.waits_for if raised.waits_for in (ASK, JUDGE) else ""
    orgs = row.facts.get("orgs", [row.org])
    return {
        "row": row,
        "words": WORDS[raised.kind],
        "whose": "、".join(names.get(org, org) for org in orgs),
        "rule": CORRECTIONS.get(row.facts.get("rule", ""), ""),
        "policy": NAMES.get(row.facts.get("policy", ""), ""),
        "stage": stage,
        "judging": stage == JUDGE,
        "may_vote": bool(stage) and (row.pk, stage) not in voted,
        "state": _state(raised),
    }


def _state(raised: Raised) -> Any:
    if raised.carried is None:
        return _("表决中")
    if not raised.carried:
        return _("未通过")
    if raised.kind not in ASKED:
        return _("已通过")
    if raised.waits_for == "bidder":
        return _("等待{terms.bidder}答复")
    if not raised.answered:
        return _("逾期未答复")
    if raised.kind is Matter.CORRECT:
        return _("{terms.bidder}已确认") if raised.agreed else _("{terms.bidder}不确认，{terms.bid}无效")
    if raised.kind is Matter.EXPLAIN and raised.upheld is not None:
        return _("说明不成立，{terms.bid}无效") if raised.upheld else _("说明成立")
    return _("已答复")


def bidder(project: Project, viewer: Actor) -> dict[str, Any]:
    """What the viewer's organisation was asked. Raises Http404 for everybody else, and where nothing was."""
    row: Evaluation | None = queries.of(project)
    if row is None or viewer.role is not Role.PROVIDER:
        raise Http404
    asked = settled.asked_of(row, viewer.organisation)
    if not asked:
        raise Http404
    rows = [
        {"row": each, "words": WORDS[each.raised.kind], "rule": CORRECTIONS.get(each.facts.get("rule", ""), ""),
         "waits": each.raised.waits_for == "bidder", "correct": each.kind == Matter.CORRECT,
         "law": matters.ARTICLES[project.procedure.regime][each.raised.kind]}
        for each in asked
    ]  # fmt: skip
    return {"project": project, "rows": rows}
