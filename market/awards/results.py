"""A bidder's own result, once the award is public: its points for each factor, its rank, or why it did not pass."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from market.awards.models import Award, Proposal
from market.projects.models import Project
from proofs.scoring import mean
from rulebook.actor import Actor, Role
from rulebook.terms import Terms


def own(project: Project, *, viewer: Actor) -> dict[str, Any] | None:
    """The viewer's own result; None for whoever did not bid, and before the award notice.

    Law: 87号令 第69条; 政府采购法实施条例 第43条.
    """
    held = Proposal.objects.filter(project=project, superseded_at=None).first()
    if viewer.role is not Role.PROVIDER or held is None or not Award.objects.filter(project=project).exists():
        return None
    report = held.content
    found = next((bid for bid in report["bids"] if bid["org"] == viewer.organisation), None)
    return found and {**found, "factors": factors(report, found)}


def factors(report: Mapping[str, Any], bid: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each factor with the mean of the points the members gave this bid; none where it was not scored."""
    if "scores" not in bid:  # of a choice in the supermarket: ranks without points
        return []
    given = bid["scores"].values()
    return [
        {"name": factor["name"], "max": factor["max"],
         "points": mean([Decimal(seat[factor["key"]]) for seat in given])}
        for factor in report["scoring"]["factors"]
        if given
    ]  # fmt: skip


def words(report: Mapping[str, Any], bid: Mapping[str, Any], terms: Terms) -> str:
    """The result of one bidder in a sentence, for its letter."""
    if "scores" not in bid:
        rank = f"排名第 {bid['rank']}，依次递补" if bid["rank"] is not None else "；".join(bid["reasons"])
        return f"贵单位参加的{terms.evaluation}已有结果：{rank}。"
    if not bid["compliant"]:
        return f"贵单位未通过评审：{'；'.join(bid['reasons'])}"
    told = [f"{each['name']} {each['points']}/{each['max']}" for each in factors(report, bid)]
    points = "，".join([f"价格 {bid['price_points']}/{report['scoring']['price_weight']}", *told])
    if bid["rank"] is None:
        same = f"与其他{terms.bidder}提供相同品牌产品，不作为{terms.candidate}（87号令 第31条）"
        return f"贵单位总得分 {bid['total']}（{points}），{same}。"
    return f"贵单位总得分 {bid['total']}（{points}），排名第 {bid['rank']}。"
