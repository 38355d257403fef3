"""The one gate of the supermarket: enrolment, a sealed offer and a quote ask it, and the day of choice again."""

from datetime import datetime

from blacklist import queries as blacklist
from intermediaries.registry import queries as registry
from market.projects.models import Project
from rulebook.calendar import day_in_china
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

EXCLUSION = Article("明标中介服务超市规则", "第7条")


def why_not_take_part(project: Project, *, org: str, at: datetime) -> tuple[Reason, ...]:
    """Everything that stands against a provider's part in a purchase, all at once.

    org: credit code.  The register is asked as it stands on the day: what expired is out, no tick is waited for.
    """
    purchase = project.purchase
    reasons = registry.why_not(org, need=purchase.wanted, on=day_in_china(at))
    reasons += blacklist.why_not_take_part(org, regime=project.procedure.regime, at=at)
    for row in purchase.excluded:
        if row["org"] == org:
            text = "采购公告已公布回避：{reason}"
            reasons += (Reason("gate.excluded", Kind.NOT_YOURS, text, EXCLUSION, {"reason": row["reason"]}),)
    if org == project.buyer_id:
        reasons += (Reason("gate.own", Kind.NOT_YOURS, "不得承接本单位委托的服务", EXCLUSION),)
    return reasons
