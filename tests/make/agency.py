"""Letters of authorisation, offered and agreed through their acts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from market.agency import queries, services
from market.agency.models import Entrustment
from market.agency.rules import Terms
from market.projects.models import Project
from market.projects.sides import ENTRUSTABLE
from rulebook.calendar import day_in_china
from tests import cast

TITLE = "生态环境局年度采购代理"
PDF = b"%PDF-1.7\nagreement\n%%EOF\n"
CONTACT = {"contact_name": "沈代理", "contact_phone": "0478-8300000", "address": "河套市胜利路 9 号"}


def terms(*, at: datetime = cast.NOON, **other: Any) -> Terms:
    """Everything that may be entrusted, for goods and services up to ten million, from a year before to one after."""
    on = day_in_china(at)
    told: dict[str, Any] = {
        "title": TITLE, "works": frozenset(work.value for work in ENTRUSTABLE),
        "categories": frozenset({"goods", "services"}), "most": Decimal("10000000.00"), "single": False,
        "first": date(on.year - 1, on.month, 1), "last": date(on.year + 1, on.month, 1),
        "fee": "按中标金额的 1.2% 收取", "payer": "winner", "contact": "王经办", "phone": "0478-8200000",
        "address": "河套市胜利路 1 号",
    }  # fmt: skip
    return Terms(**(told | other))


def offered(*, at: datetime = cast.NOON, agent: str = cast.AGENT, **other: Any) -> Entrustment:
    """A letter of the cast's buyer that its agent has not answered."""
    told = {"terms": terms(at=at, **other), "file": PDF, "name": "委托代理协议.pdf"}
    return services.offer(agent=agent, **told, by=cast.OFFICER, at=at)


def agreed(*, at: datetime = cast.NOON, **other: Any) -> Entrustment:
    """One that is in force."""
    letter = offered(at=at, **other)
    return services.agree(public_id=letter.public_id, contact=CONTACT, by=cast.AGENT_OFFICER, at=at)


def entrust(project: Project, letter: Entrustment, *, confirmed: bool = True) -> Project:
    """A project that its agent began under this letter, drafted and approved by its two officers."""
    letter = queries.one(letter.public_id, viewer=cast.OFFICER)
    project.agent_id, project.mandate = letter.agent_id, queries.mandate(letter).as_json()
    project.officer = project.drafted_by = cast.AGENT_OFFICER.person
    if project.approved_at:
        project.approved_by = cast.AGENT_APPROVER.person
        if confirmed:
            project.confirmed_by, project.confirmed_at = cast.OFFICER.person, project.approved_at
    project.save()
    return project
