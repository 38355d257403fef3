"""The one gate of the supermarket: enrolment, a sealed offer and a quote ask it, and the day of choice again."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from accounts.queries import names_of
from blacklist.credit import queries as credit
from blacklist.credit.rules import why_not_enough
from experts.affiliates import queries as affiliates
from intermediaries.registry import queries as registry
from market.projects.gate import why_not_banned
from market.projects.models import Project
from rulebook.calendar import day_in_china
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

EXCLUSION = own(7)
OWN_APPROVAL = Article("优化营商环境条例", "第43条")
TOGETHER = Article("政府采购法实施条例", "第18条")
BOUND = "gate.together"
_DEPARTMENT = "SELECT department_id FROM market_serviceitem WHERE code = %s"


def why_not_take_part(project: Project, *, org: str, at: datetime) -> tuple[Reason, ...]:
    """Everything that stands against a provider's part in a purchase, all at once.

    org: credit code.  The register is asked as it stands on the day: what expired is out, no tick is waited for.
    """
    purchase = project.purchase
    reasons = registry.why_not(org, need=purchase.wanted, on=day_in_china(at))
    reasons += why_not_banned(project, org=org, at=at)
    if least := (purchase.weights or {}).get("least"):
        reasons += why_not_enough(credit.score(org, at=at).value, least=Decimal(str(least)))
    for row in purchase.excluded:
        if row["org"] == org:
            text = "采购公告已公布回避：{reason}"
            reasons += (Reason("gate.excluded", Kind.NOT_YOURS, text, EXCLUSION, {"reason": row["reason"]}),)
    if org in project.side:
        reasons += (Reason("gate.own", Kind.NOT_YOURS, "不得承接本单位委托的服务", EXCLUSION),)
    return reasons + _why_not_independent(project, org, on=day_in_china(at))


def _why_not_independent(project: Project, org: str, *, on: date) -> tuple[Reason, ...]:
    """It belongs neither to who buys, or its agent, nor to who decides the approval the service is for."""
    with connection.cursor() as cursor:
        cursor.execute(_DEPARTMENT, [project.purchase.item])
        found = cursor.fetchone()
    against = {*project.side, found[0] if found else project.buyer_id} - {org}
    tied = {code for pair in affiliates.bound({org, *against}, on=on) if org in pair for code in pair - {org}}
    tied |= affiliates.declared({org}, among=against, on=on).get(org, set())  # against itself its own word will do
    text = "与{name}有控股、管理或者同一负责人的关系，应当回避"
    return tuple(
        Reason("gate.affiliated", Kind.NOT_YOURS, text, OWN_APPROVAL, {"name": name})
        for _, name in sorted(names_of(tied).items())
    )


def why_not_together(orgs: Collection[str], *, on: date) -> dict[str, tuple[Reason, ...]]:
    """Of those that take part in one choice, whoever belongs to another of them: none of these may be chosen.

    Where only one has said so yet, that one is out: by its own word nobody puts out another.
    Asked once all are known, on the day of choice.
    Law: 政府采购法实施条例 第18条.
    """
    found: dict[str, set[str]] = {}
    for pair in affiliates.bound(orgs, on=on):
        for org in pair:
            found.setdefault(org, set()).update(pair - {org})
    both = set(found)
    for org, others in affiliates.declared(orgs, among=orgs, on=on).items():
        found.setdefault(org, set()).update(others)
    names = names_of({other for others in found.values() for other in others})
    text = "与同时参加的{others}有控股、管理或者同一负责人的关系，均不得参加"
    alone = "本机构申报与同时参加的{others}有控股、管理或者同一负责人的关系，应当回避"
    return {
        org: (Reason(BOUND, Kind.NOT_VALID, text if org in both else alone, TOGETHER,
                     {"others": "、".join(sorted(names[other] for other in others))}),)
        for org, others in found.items()
    }  # fmt: skip


def against(project: Project, orgs: Collection[str], *, at: datetime) -> dict[str, tuple[Reason, ...]]:
    """Of all that take part in one choice, each with what stands against it; bonds count among whom nothing else does.

    It names who takes part: for the house alone, until everybody may know that.
    """
    found = {org: why_not_take_part(project, org=org, at=at) for org in orgs}
    return found | why_not_together([org for org, reasons in found.items() if not reasons], on=day_in_china(at))


def unnamed(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The same reasons for whom they concern, while nobody may know yet who else takes part."""
    return tuple(replace(each, values={"others": "另一家机构"}) if each.code == BOUND else each for each in reasons)
