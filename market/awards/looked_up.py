"""Who is determined is looked up once more, on that day, in the lists a law wants asked; the answer is kept."""

from datetime import datetime

from accounts import inbox
from blacklist.lists import queries, services
from blacklist.lists.rules import Gate
from market.awards.rules import Candidate
from market.projects import standing
from market.projects.models import Project
from rulebook.actor import SYSTEM, Role


def look_up(project: Project, chosen: Candidate, *, at: datetime) -> None:
    """Look up the winner and whoever bids with it, within the act of the award; the buyer hears of whoever is listed.

    Nobody is kept out by it: that is the buyer's to look at before it signs.
    Law: 明标平台规则 第73条.
    """
    bodies = {chosen.org: chosen.name, **standing.members(project).get(chosen.org, {})}
    regime = project.procedure.regime
    services.look_up(about=project.log, gate=Gate.AWARD, bodies=bodies, regime=regime, by=SYSTEM, at=at)
    asked = queries.inquiries(project.log).filter(gate=Gate.AWARD.value, code__in=bodies, asked_at=at)
    if listed := [row.name for row in asked if row.listed]:
        inbox.post(
            topic=inbox.Topic.DUTY, to_organisation=project.buyer_id, to_role=Role.OFFICER,
            subject=f"{project.terms.award}当日查询到信用记录：{project.title}",
            body=f"{'、'.join(listed)}在法律要求查询的名单上。请在签订合同前核实，查询记录已留存。",
            link=f"/projects/{project.number}/inquiries/", at=at,
        )  # fmt: skip
