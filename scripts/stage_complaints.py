"""Purchases that rest and complaints in each state, for the walk through every page."""

from datetime import datetime, timedelta

from bidding.tender.models import Tender
from market.complaints import services
from market.complaints.models import Challenge, Complaint
from market.complaints.rules import About, Outcome
from market.notices import suspending
from market.projects.models import Project
from market.tickets import services as tickets
from market.tickets.models import Ticket
from market.tickets.rules import COLUMNS
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from tests import cast
from tests.make import bidding, market

NUMBER = "T-2026-060"
Page = tuple[str, Actor, str]


def fill(now: datetime) -> None:
    """One purchase with a question answered, a complaint decided, one accepted that makes it rest."""
    project = market.project(number=NUMBER, notice_ends_at=now - timedelta(days=1))
    bidding.tender(number=NUMBER, project=project, closes_at=now + timedelta(days=9), keys=False)
    for n, who in enumerate((cast.PROVIDER, cast.RIVAL)):
        at = now - timedelta(hours=9 - n)
        step = services.challenge(
            number=NUMBER, about=About.DOCUMENTS, points=["第三章第 2 条的参数只有一家产品满足"], by=who, at=at
        )
        services.answer(public_id=step.public_id, text="参数有三家以上满足，不作调整。", by=cast.OFFICER, at=at)
        made = services.file(
            about=About.DOCUMENTS, number=NUMBER, after=step.public_id, body=cast.BUREAU, points=step.points,
            request="责令修改招标文件", interest="已获取文件的供应商", by=who, at=at,
        )  # fmt: skip
        services.accept(public_id=made.public_id, by=cast.SUPERVISOR, at=at)
        if n == 0:
            services.decide(
                public_id=made.public_id, outcome=Outcome.UNFOUNDED, text="参数有三家以上产品满足。",
                by=cast.SUPERVISOR, at=at,
            )  # fmt: skip
    suspending.suspend(
        number=NUMBER, ground="complaint-b", text="投诉事项须查明", document="河财购〔2026〕7号",
        until=now + timedelta(days=20), matter=str(made.public_id), by=cast.SUPERVISOR, at=now,
    )  # fmt: skip
    services.file(
        about=About.STAFF, subject="某工作人员", body=cast.BUREAU, points=["索要好处费"], request="查处",
        interest="经办人", known_at=now, by=cast.THIRD, at=now,
    )  # fmt: skip
    head = [column.name for column in COLUMNS]
    day = day_in_china(now).isoformat()
    rows = [
        [f"RX{n}", day, "", title, "热线来电反映", "咨询", "", ""] for n, title in enumerate(("开标时间太早", "退款慢"))
    ]
    first, _second = tickets.bring_in(table=[head, *rows], sha256="0" * 64, by=cast.SUPERVISOR, at=now)
    tickets.answer(public_id=first.public_id, result="unfounded", text="时间符合规定。", by=cast.SUPERVISOR, at=now)
    assert Tender.objects.filter(project__in=Project.objects.filter(number=NUMBER)).exists()


def pages() -> list[Page]:
    """Every page of grievances, for whom it is different."""
    accepted = Complaint.objects.get(organisation=cast.YINSHAN, about="documents").get_absolute_url()
    fresh = Complaint.objects.get(about="staff").get_absolute_url()
    step = f"/complaints/steps/{Challenge.objects.filter(organisation=cast.YINSHAN).latest('id').public_id}/"
    about = f"?about=documents&number={NUMBER}"
    decided = Complaint.objects.get(state="decided").get_absolute_url()
    answered, ticket = (f"/tickets/{row.public_id}/" for row in Ticket.objects.order_by("pk"))
    return [
        ("tickets", cast.SUPERVISOR, "/tickets/"),
        ("tickets-import", cast.SUPERVISOR, "/tickets/import/"),
        ("ticket", cast.SUPERVISOR, ticket),
        ("ticket-answered", cast.SUPERVISOR, answered),
        ("complaints-guide", cast.STRANGER, "/complaints/"),
        ("complaints-route", cast.STRANGER, f"/complaints/{about}"),
        ("complaints-decisions", cast.STRANGER, "/complaints/decisions/"),
        ("complaints-own", cast.RIVAL, "/complaints/own/"),
        ("complaints-own", cast.SUPERVISOR, "/complaints/own/"),
        ("complaint", cast.RIVAL, accepted),
        ("complaint", cast.SUPERVISOR, accepted),
        ("complaint", cast.OFFICER, accepted),
        ("complaint-decided", cast.PROVIDER, decided),
        ("complaint-fresh", cast.SUPERVISOR, fresh),
        ("complaint-step", cast.OFFICER, step),
        ("complaint-new", cast.RIVAL, f"/complaints/new/{about}"),
        ("complaint-step-new", cast.RIVAL, f"/complaints/steps/new/{about}"),
        ("suspension", cast.STRANGER, f"/projects/{NUMBER}/suspension/"),
        ("suspension", cast.SUPERVISOR, f"/projects/{NUMBER}/suspension/"),
        ("suspension-none", cast.OFFICER, "/projects/T-2026-001/suspension/"),
    ]
