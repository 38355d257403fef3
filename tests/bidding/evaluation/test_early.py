"""A purchase whose panel is drawn before the opening: by whom, when, and called by nobody's decision after it."""

import json
from datetime import timedelta

import pytest
from django.db import transaction

from bidding.evaluation import queries, rules, services, tasks
from bidding.evaluation.models import Evaluation
from bidding.opening.events import HallOpened
from draws.models import Draw
from experts.panels import tasks as panel_tasks
from experts.panels.models import Call, Panel, Seat
from experts.panels.rules import PanelState, SeatState
from ledger import sequencer
from ledger.models import Entry
from ledger.services import record
from market.projects.models import Project
from market.projects.rules import PROCEDURES, Edition, Stage
from rulebook.refusal import Refused
from tests import cast
from tests.cast import DAY, HOUR, NOON
from tests.make import accounts, bidding, draws, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER, STRATA
from tests.make.notifier import running

BEFORE = NOON - HOUR
ROWS = {row.edition: row for row in PROCEDURES.values()}


@pytest.mark.parametrize("edition, by, announced, before, codes", [
    ("87-2017", cast.OFFICER, True, HOUR, []),
    ("87-2017", cast.OFFICER, True, 4 * DAY, []),  # Friday to Tuesday: two working days
    ("87-2017", cast.OFFICER, True, 5 * DAY, ["panel.too-early"]),
    ("87-2017", cast.OFFICER, True, timedelta(), ["panel.early-too-late"]),
    ("87-2017", cast.OFFICER, False, HOUR, ["panel.early-too-late"]),
    ("87-2017", cast.SUPERVISOR, True, HOUR, ["evaluation.not-officer"]),
    ("87-2017", cast.OTHER_OFFICER, True, HOUR, ["evaluation.not-officer"]),
    ("ztb-2019", cast.OFFICER, True, DAY, []),
    ("ztb-2019", cast.OFFICER, True, 2 * DAY, ["panel.too-early"]),
    ("214-2014", cast.OFFICER, True, HOUR, ["panel.never-early"]),
    ("74-quotes-2014", cast.OFFICER, True, HOUR, ["panel.never-early"]),
])  # fmt: skip
@pytest.mark.embedded
def test_an_early_draw_is_the_officers_in_the_last_days_where_the_procedure_knows_it(
    edition, by, announced, before, codes
):
    found = rules.why_not_convene_early(
        by=by, buyer=cast.BUYER, announced=announced, closes_at=NOON, at=NOON - before, row=ROWS[Edition(edition)]
    )
    assert [reason.code for reason in found] == codes
    assert all(reason.law for reason in found if by is cast.OFFICER)


@pytest.mark.embedded
def test_no_purchase_behind_closed_doors_is_drawn_early():
    assert not [row.title for row in ROWS.values() if row.early and row.closed_hall]


def convened(number, **facts):
    asked = {"strata": STRATA, "early": True, "by": cast.OFFICER, "at": BEFORE}
    return services.convene(project_number=number, **asked | facts)


def named(tender):
    """The opening names the bidders, and the log can prove it."""
    Project.objects.update(stage=Stage.DECIDING)
    facts = dict.fromkeys(("closing", "nonce", "live_sha256", "sealed_sha256", "bidders_sha256", "window_ends"), "")
    with transaction.atomic():
        record(HallOpened(stream=tender.project.log, count=3, **facts), at=NOON)
    sequencer.turn(at=NOON)


def ready(**facts):
    tender = bidding.tender(keys=False)
    Project.objects.update(**facts)
    tender.project.refresh_from_db()
    for code in (*draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    return tender


def kinds():
    return [e.kind for e in Entry.objects.filter(kind__startswith="evaluation.").order_by("seq")]


def look(tender, actor):
    return accounts.client_of(actor).get(f"/projects/{tender.project.number}/panel/").content.decode()


@pytest.mark.django_db
def test_the_order_is_fixed_before_the_opening_and_called_by_after_the_review_without_anybodys_decision(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: BEFORE)
    tender = ready()
    number = tender.project.number
    experts.register(14)
    of_bidder = experts.expert(20, employer=cast.HETAO)
    assert 'name="early" value="yes"' in look(tender, cast.OFFICER)
    assert "发起抽取" not in look(tender, cast.PROVIDER)
    with pytest.raises(Refused, match="panel.before-qualification"):
        convened(number, early=False)
    client = accounts.client_of(cast.OFFICER)
    asked = {"early": "yes", "specialty": "A-it", "seats": "5"}
    assert client.post(f"/projects/{number}/panel/call", asked).status_code == 302
    panel = Panel.objects.get()
    with pytest.raises(Refused, match="panel.called"):
        convened(number)
    draw = draws.settled(Draw.objects.get(), at=BEFORE)
    assert len(draw.pool) == 15 and not Evaluation.objects.exists()  # who bids is left out of nothing

    def tick(at):
        panel_tasks.call_drawn(by=cast.SYSTEM, at=at)
        tasks.call_fixed(by=cast.SYSTEM, at=at)
        panel.refresh_from_db()
        return PanelState(panel.state)

    assert tick(BEFORE) is tick(BEFORE) is PanelState.FIXED and not Seat.objects.exists()
    assert kinds() == ["evaluation.drawn-early", "evaluation.left-out"]
    page = look(tender, cast.STRANGER)
    assert "顺序已定，尚未邀请" in page and "谁也没有被邀请" in page and "发起抽取" not in look(tender, cast.OFFICER)

    named(tender)
    assert tick(NOON) is PanelState.FIXED  # the review comes before the panel
    project = make.opened_by_hand(tender)
    make.services.qualify(project_number=number, findings=make.findings(project), by=cast.OFFICER, at=LATER)
    assert tick(LATER) is tick(LATER) is PanelState.CALLING

    struck = set(panel.seats.filter(state=SeatState.STRUCK).values_list("cid", flat=True))
    (mask,) = [
        row["cid"]
        for row in running().store.rows([row["cid"] for row in draw.pool])
        if row["number"] == of_bidder.number
    ]
    line = {cid for row in draw.result for cid in [*row["chosen"], *row["standby"]]}
    assert struck == {mask} & line and len(experts.invited(panel)) == 5
    assert Call.objects.filter(channel="sms").count() == 5
    assert kinds()[-1] == "evaluation.struck" and Evaluation.objects.get().step == "panel"
    assert "因回避划去" in look(tender, cast.SUPERVISOR) or not struck
    assert "与当时写入日志的承诺一致" in look(tender, cast.SUPERVISOR) or not struck
    assert "因回避划去" not in look(tender, cast.OFFICER)
    record_page = accounts.client_of(cast.STRANGER).get(f"/projects/{number}/log/").content.decode()
    assert "先固定顺序" in record_page and "从固定的顺序中划去" in record_page
    experts.seated(panel, at=LATER)
    evaluation = make.declared(Evaluation.objects.get())
    assert evaluation.step == "review" and queries.progress(evaluation)


@pytest.mark.embedded
@pytest.mark.django_db
def test_where_the_panel_judges_qualification_it_is_called_once_the_opening_has_ended():
    tender = ready(edition="ztb-2019", category="works")
    number = tender.project.number
    experts.register()
    with pytest.raises(Refused, match="panel.too-early"):
        convened(number, at=NOON - 2 * DAY)
    convened(number)
    draws.settled(Draw.objects.get(), at=BEFORE)
    panel_tasks.call_drawn(by=cast.SYSTEM, at=BEFORE)
    named(tender)
    tasks.call_fixed(by=cast.SYSTEM, at=NOON)
    assert Panel.objects.get().state == PanelState.FIXED
    make.opened_by_hand(tender)
    tasks.call_fixed(by=cast.SYSTEM, at=LATER)
    assert Panel.objects.get().state == PanelState.CALLING and Evaluation.objects.get().step == "panel"


@pytest.mark.embedded
@pytest.mark.django_db
def test_an_early_draw_that_lapsed_is_made_good_after_the_opening_with_a_reason():
    tender = ready()
    number = tender.project.number
    experts.register()
    convened(number)
    named(tender)
    tasks.call_fixed(by=cast.SYSTEM, at=NOON)
    assert Panel.objects.get().state == PanelState.SHORT
    with pytest.raises(Refused, match="panel.early-too-late"):
        convened(number, reason="开标前未抽完", at=NOON)
    make.opened_by_hand(tender)
    make.services.qualify(project_number=number, findings=make.findings(tender.project), by=cast.OFFICER, at=LATER)
    panel = convened(number, early=False, reason="开标前未抽完", at=LATER)
    assert (panel.early, panel.draw_id) == (False, f"{number}/panel/2")
    said = [json.loads(e.event)["d"] for e in Entry.objects.filter(kind="evaluation.early-lapsed")]
    assert [row["draw"] for row in said] == [f"{number}/panel/1"]
