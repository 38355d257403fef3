"""A panel at work, with what it asks of a bidder: a part of `scripts.stage`."""

from datetime import datetime

from bidding.evaluation import raising, services
from draws.models import Draw
from experts.panels import queries as panels
from experts.panels import services as seating
from market.projects.models import Project
from rulebook.actor import SYSTEM, Actor
from tests import cast
from tests.cast import MINUTE
from tests.make import accounts, bidding, draws, evaluation, experts, market

Page = tuple[str, Actor, str]  # its name, who looks at it, its address


def fill(project: Project, now: datetime) -> None:
    """The members have reviewed and score; one bidder is asked to clarify, another to confirm a corrected price."""
    at = now - 20 * MINUTE
    row = services.qualify(project_number=project.number, findings=evaluation.findings(project), by=cast.OFFICER, at=at)
    experts.seated(evaluation.convened(row, at=at), at=at, played=False)
    evaluation.reviewed(evaluation.declared(row, at=at), at=at)
    asked = (
        ("clarify", cast.HETAO, {"minutes": 30}, "请说明第三章第 2 条的交货地点。"),
        ("correct", cast.YINSHAN, {"to": "1090000.00", "rule": "words-figures", "minutes": 30}, "大写与小写不一致。"),
    )
    first, *others = [experts.person_of(seat) for seat in evaluation.members(row)]
    for kind, org, facts, text in asked:
        matter = raising.raise_matter(
            project_number=project.number, kind=kind, org=org, text=text, facts=facts, by=first, at=at
        )
        for member in others[:2]:
            raising.vote(project_number=project.number, matter=matter.pk, stage="ask", yes=True, by=member, at=at)
    raising.reply(
        project_number=project.number, matter=matter.pk, text="同意按大写金额修正，小写为笔误。", agreed=True,
        by=cast.RIVAL, at=at,
    )  # fmt: skip


EARLY = "T-2026-021"


def draw_early(now: datetime) -> None:
    """The panel of a purchase that is open for bids is drawn already: its order is fixed, and nobody is asked."""
    shown = market.project(number=EARLY, title="旗档案馆恒温恒湿设备采购", published_at=now - 21 * cast.DAY)
    bidding.tender(number=EARLY, project=shown, closes_at=now + cast.DAY, keys=False)
    for code in (*draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register()
    services.convene(project_number=EARLY, strata=evaluation.STRATA, early=True, by=cast.OFFICER, at=now)
    draws.decided(Draw.objects.get(project_number=EARLY), at=now)
    seating.seat_drawn(project_number=EARLY, by=SYSTEM, at=now)


def pages(number: str) -> list[Page]:
    """Every page of them, for whom it is different."""
    place = f"/projects/{number}"
    member = experts.person_of(panels.seated(number)[0])
    return [
        ("asked", cast.PROVIDER, f"{place}/asked/"),
        ("matters", member, f"{place}/evaluation/matters/"),
        ("scores", member, f"{place}/evaluation/"),
        ("evaluation", cast.SUPERVISOR, f"{place}/evaluation/"),
        ("panel-early", cast.OFFICER, f"/projects/{EARLY}/panel/"),
        ("panel-too-early", cast.OFFICER, "/projects/T-2026-001/panel/"),
        ("clues", cast.SUPERVISOR, "/experts/clues/"),
    ]
