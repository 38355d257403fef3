"""A purchase rests: every gate asks, everybody reads why, and afterwards it goes on with its clocks shifted."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import Message
from bidding.changes import tasks as changes
from bidding.evaluation import services as evaluation
from bidding.evaluation.models import Evaluation
from bidding.opening import services as openings
from bidding.tender.models import Tender
from market.awards import queries as awards
from market.awards import services as award_desk
from market.awards import tasks as award_ticks
from market.contracts import services as contracts
from market.notices import suspending, tasks
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects.models import Suspension
from market.projects.rules import Stage
from market.selection import direct
from market.selection import services as selection
from rulebook.actor import SYSTEM
from rulebook.calendar import CHINA
from rulebook.refusal import Refused
from tests import cast, final
from tests.cast import DAY, HOUR, MINUTE, NOON
from tests.make import accounts, bidding, bidding_offers, choices, market, performance
from tests.make import evaluation as panels
from tests.make.performance import put_forward

pytestmark = pytest.mark.django_db
ORDER = {"ground": "complaint-b", "text": "投诉事项须查明", "document": "河财购〔2026〕7号", "until": NOON + 10 * DAY}


def suspend(number=market.NUMBER, *, by=cast.SUPERVISOR, at=NOON, **other):
    accounts.user(cast.SUPERVISOR)
    return suspending.suspend(number=number, **(ORDER | other), by=by, at=at)


def resume(number=market.NUMBER, *, at, by=cast.SUPERVISOR):
    return suspending.resume(number=number, text="投诉已处理，不影响采购结果", by=by, at=at)


def test_nobody_is_determined_and_nothing_signed_while_it_rests_and_the_buyer_loses_no_day():
    project = market.project(stage=Stage.PROPOSED)
    market.notice(project)
    held = market.proposal(project)
    due = held.due_at
    suspend(at=NOON + HOUR)

    with pytest.raises(Refused, match="project.suspended"):
        award_desk.determine(number=project.number, org=cast.YINSHAN, by=cast.OFFICER, at=NOON + 2 * HOUR)
    award_ticks.deem_determined(by=SYSTEM, at=due + MINUTE)
    assert awards.standing(project) is None  # its days were not over: they rest

    resume(at=NOON + HOUR + 3 * DAY)
    award_ticks.deem_determined(by=SYSTEM, at=due + 3 * DAY - MINUTE)
    assert awards.standing(project) is None
    award_desk.determine(number=project.number, org=cast.YINSHAN, by=cast.OFFICER, at=due + 3 * DAY - MINUTE)

    award = awards.standing(project)
    signed = award.determined_at + HOUR
    suspending.suspend(number=project.number, ground="question", text="质疑待答复", until=signed + 5 * DAY,
                       by=cast.OFFICER, at=signed)  # fmt: skip
    with pytest.raises(Refused, match="project.suspended"):
        put_forward(project.number, at=signed + HOUR)
    resume(at=signed + 4 * DAY)
    late = project.procedure.contract.due(award.determined_at) + 3 * DAY
    put_forward(project.number, at=late)
    contracts.confirm(number=project.number, by=cast.RIVAL, at=late)  # in time: four days rested


@pytest.mark.embedded
def test_a_rest_that_was_over_before_a_winner_declined_gives_the_buyer_no_more_days():
    project = market.project(stage=Stage.PROPOSED)
    market.notice(project)
    market.proposal(project)
    suspend(at=NOON + HOUR)
    resume(at=NOON + HOUR + 3 * DAY)
    at = NOON + 4 * DAY
    award_desk.determine(number=project.number, org=cast.YINSHAN, by=cast.OFFICER, at=at)
    award_desk.decline(number=project.number, reason="产能不足", by=cast.RIVAL, at=at)

    held = awards.proposal(project)
    assert awards.due(held, at=at) == held.due_at == project.procedure.determination.due(at)


@pytest.mark.embedded
def test_the_hall_stays_shut_and_opens_when_it_goes_on():
    tender = bidding_offers.closed_tender()
    number = tender.project.number
    suspend(number, at=NOON + HOUR)
    with pytest.raises(Refused) as told:
        openings.open_hall(project_number=number, by=cast.OFFICER, at=NOON + 2 * HOUR)
    assert [reason.code for reason in told.value.reasons] == ["project.suspended"]
    with pytest.raises(Refused, match="hall.not-officer"):
        openings.open_hall(project_number=number, by=cast.OTHER_OFFICER, at=NOON + 2 * HOUR)
    resume(number, at=NOON + 3 * HOUR)
    assert openings.open_hall(project_number=number, by=cast.OFFICER, at=NOON + 3 * HOUR).opened_at


def test_a_deadline_goes_on_by_as_long_as_it_rested_and_everybody_is_told_once():
    tender = bidding.tender(closes_at=NOON + 5 * DAY, keys=False)
    suspend(tender.project.number)
    changes.keep_deadlines(by=SYSTEM, at=NOON + HOUR)
    assert Tender.objects.get().closes_at == NOON + 5 * DAY
    resume(tender.project.number, at=NOON + 2 * DAY)
    for _ in range(2):
        changes.keep_deadlines(by=SYSTEM, at=NOON + 2 * DAY)
    assert Tender.objects.get().closes_at == NOON + 7 * DAY
    told = [each.type for each in Notice.objects.order_by("number")]
    assert told == [Type.TENDER, Type.SUSPENSION, Type.RESUMPTION, Type.CORRECTION]

    suspend(tender.project.number, at=NOON + 7 * DAY - 5 * MINUTE, until=NOON + 8 * DAY)
    changes.keep_deadlines(by=SYSTEM, at=NOON + 7 * DAY - 4 * MINUTE)
    moved = Tender.objects.get().closes_at
    assert moved == NOON + 8 * DAY + 5 * MINUTE
    tasks.resume_over(by=SYSTEM, at=NOON + 8 * DAY - timedelta(seconds=1))
    assert Suspension.objects.filter(ended_at=None).exists()
    tasks.resume_over(by=SYSTEM, at=NOON + 8 * DAY + MINUTE)
    changes.keep_deadlines(by=SYSTEM, at=NOON + 8 * DAY + MINUTE)
    assert Suspension.objects.latest("id").ended_at == NOON + 8 * DAY
    assert Tender.objects.get().closes_at == moved


@pytest.mark.embedded
def test_no_lot_is_drawn_while_it_rests_and_then_the_choice_goes_on():
    project = choices.closed(choices.open_choice(), *choices.FIRMS)
    suspend(project.number, ground="complaint-d", at=NOON + 2 * MINUTE)
    assert choices.chosen(project) is None
    with pytest.raises(Refused, match="project.suspended"):
        selection.choose(number=project.number, by=SYSTEM, at=choices.SELECTS)
    resume(project.number, at=choices.SELECTS + HOUR)
    assert choices.chosen(project, at=choices.SELECTS + HOUR) is not None


@pytest.mark.embedded
def test_every_other_gate_rests_too_and_says_so_before_anything_is_looked_at():
    contract = performance.agreed(number="T-C", at=NOON - DAY)
    named = market.purchase(edition="zjcs-direct", number="D-2").project
    market.notice(named)
    judged = market.project(number="T-J", stage=Stage.DECIDING)
    bidding.tender(number="T-J", project=judged, keys=False)
    Evaluation.objects.create(project=judged, step="panel", step_since=NOON, qualified_at=NOON)
    later = NOON + HOUR
    acts = {
        "D-2": lambda: direct.pick(
            number="D-2", org=cast.HETAO, amount=Decimal(3000), reason="比较三家报价后选定。",
            by=cast.OFFICER, at=later,
        ),
        "T-J": lambda: evaluation.convene(
            project_number="T-J", strata=[("A-it", 5)], by=cast.OFFICER, at=later),
        "T-J report": lambda: award_desk.propose(
            number="T-J", report=market.report("T-J"), by=SYSTEM, at=later),
        "T-C": lambda: performance.handed(contract, 1, at=later),
    }  # fmt: skip

    def held_up(act):
        try:
            with transaction.atomic():
                act()
                transaction.set_rollback(True)
        except Refused as refused:
            return [reason.code for reason in refused.reasons] == ["project.suspended"]
        return False

    assert not any(held_up(act) for act in acts.values())
    for number, ground in (("D-2", "complaint-d"), ("T-J", "complaint-b"), ("T-C", "complaint-b")):
        suspend(number, ground=ground)
    assert all(held_up(act) for act in acts.values()), {name: held_up(act) for name, act in acts.items()}
    for number in ("D-2", "T-J", "T-C"):
        resume(number, at=NOON + HOUR / 2)
    assert not any(held_up(act) for act in acts.values())


def test_a_sitting_panel_rests_as_well_and_goes_on_where_it_was():
    running, at = panels.declared(panels.seated()), panels.LATER
    number, until = running.project.number, panels.LATER + 10 * DAY

    for goes_on in (panels.reviewed, panels.locked, lambda panel: panels.signs(panel, panels.members(panel)[0])):
        suspend(number, at=at, until=until)
        with pytest.raises(Refused) as told:
            goes_on(running)
        assert [reason.code for reason in told.value.reasons] == ["project.suspended"]
        resume(number, at=at)
        goes_on(running)


def test_a_rest_is_announced_without_a_name_and_its_record_is_final():
    project = market.project()
    market.notice(project)
    row = suspend(matter="00000000-0000-4000-8000-00000000abcd")
    content = row.notice.content
    assert (content["law"], content["body"]) == ("政府采购法 第57条", cast.NAMES[cast.BUREAU])
    assert row.matter not in row.notice.text
    assert Message.objects.filter(to_organisation_id=cast.BUYER).exists()
    with pytest.raises(Refused, match="suspension.standing"):
        suspend()
    for change in ({"until": NOON + 99 * DAY}, {"text": "别的"}):
        with final.refused(), transaction.atomic():
            Suspension.objects.update(**change)
    resume(at=NOON + DAY)
    with final.refused(), transaction.atomic():
        Suspension.objects.update(ended_at=NOON + 9 * DAY)
    with pytest.raises(Refused, match="suspension.none"):
        resume(at=NOON + 2 * DAY)


@pytest.mark.embedded
def test_everybody_reads_the_page_and_only_those_who_may_find_the_doors(client):
    project = market.project()
    market.notice(project)
    page = f"/projects/{project.number}/suspension/"
    form = {"ground": "own", "text": "采购需求须查明", "until": f"{datetime.now(CHINA) + DAY:%Y-%m-%dT%H:%M:%S}"}
    assert "没有暂停" in client.get(page).content.decode()
    client.force_login(accounts.user(cast.PROVIDER))
    assert client.post(page + "suspend", form).status_code == 404
    client.force_login(accounts.user(cast.OTHER_OFFICER))
    assert client.post(page + "suspend", form).status_code == 404
    client.force_login(accounts.user(cast.OFFICER))
    assert client.post(page + "suspend", form | {"text": ""}).status_code == 422
    accounts.user(cast.SUPERVISOR)
    assert client.post(page + "suspend", form).status_code == 302
    told = client.get(page).content.decode()
    assert "采购需求须查明" in told and "恢复并公告" in told
    assert "本项目暂停中" in client.get(f"/projects/{project.number}/award/").content.decode()
    client.logout()
    assert "恢复并公告" not in client.get(page).content.decode()
    assert client.get(Suspension.objects.get().notice.get_absolute_url()).status_code == 200
    client.force_login(accounts.user(cast.SUPERVISOR))
    assert client.post(page + "resume", {"text": "已查明"}).status_code == 302
    assert Suspension.objects.get().ended_at
    assert client.get(f"/projects/{project.number}/notices/3/").status_code == 200
