"""From report to award, and what happens when a winner steps back or is banned."""

import json

import pytest

from accounts.models import Message
from ledger import blobs
from ledger.models import Entry
from market.awards import queries, services, tasks
from market.awards.models import Award
from market.contracts import services as contracts
from market.notices import services as notices
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical
from rulebook.actor import SYSTEM
from rulebook.refusal import Kind, Reason, Refused
from tests import cast
from tests.make import accounts, market
from tests.make import blacklist as bans
from tests.make.performance import put_forward

pytestmark = pytest.mark.django_db
GROUND = (Reason("test.ground", Kind.NOT_NOW, "全部放弃中标"),)


def proposed() -> Project:
    project = market.project(stage=Stage.DECIDING)
    market.notice(project)
    for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
        accounts.organisation(org)
    services.propose(
        number=project.number, report=market.report(), salt="11" * 32, experts=market.EXPERTS, by=SYSTEM, at=cast.NOON
    )
    return Project.objects.get(pk=project.pk)


def determine(project: Project, org: str, **other) -> Award:
    return services.determine(number=project.number, org=org, **({"by": cast.OFFICER, "at": cast.NOON} | other))


def last(project: Project) -> dict:
    return json.loads(Entry.objects.filter(stream=project.log).order_by("-seq").first().event)


def test_the_award_says_everything_the_law_asks_and_opens_the_commitment():
    project = proposed()

    award = determine(project, cast.YINSHAN)

    entry = last(project)["d"]
    content = award.notice.content
    assert Project.objects.get(pk=project.pk).stage == Stage.AWARDED
    assert (award.amount, entry["amount"], content["winner"]["amount"]) == (award.amount, "1100000.00", "1100000.00")
    assert [each["name"] for each in content["experts"]] == [each["name"] for each in market.EXPERTS]
    assert canonical.parse(blobs.read(entry["report_sha256"])) == market.report()
    assert entry["salt"] == "11" * 32
    assert entry["sha256"] == award.notice.sha256
    assert content["documents"] == []


def test_every_bidder_is_told_its_own_result():
    project = proposed()

    determine(project, cast.YINSHAN)

    told = {message.to_organisation_id: message for message in Message.objects.exclude(to_organisation=cast.BUYER)}
    assert told[cast.YINSHAN].subject.startswith("中标通知书")
    assert "90.70" in told[cast.HETAO].body
    assert "84.76" in told[cast.WULIANG].body


@pytest.mark.embedded
def test_the_report_is_the_buyers_alone_until_the_award():
    project = proposed()

    assert queries.ranking(project, viewer=cast.OFFICER)
    for viewer in (cast.OTHER_OFFICER, cast.PROVIDER, cast.STRANGER, cast.SUPERVISOR):
        assert queries.ranking(project, viewer=viewer) == ()
    determine(project, cast.YINSHAN)
    assert len(queries.ranking(project, viewer=cast.STRANGER)) == 3


@pytest.mark.embedded
def test_the_second_is_not_determined_before_the_first():
    with pytest.raises(Refused, match="award.out-of-order"):
        determine(proposed(), cast.HETAO)


def test_a_winner_that_declines_makes_room_for_the_next_rank():
    project = proposed()
    determine(project, cast.YINSHAN)

    services.decline(number=project.number, reason="无法按期供货", by=cast.RIVAL, at=cast.NOON + cast.HOUR)

    assert last(project)["d"] | {"seq": 0} == {
        "stream": project.log, "seq": 0, "org": cast.YINSHAN, "reason": "无法按期供货", "next": cast.HETAO,
    }  # fmt: skip
    assert Project.objects.get(pk=project.pk).stage == Stage.PROPOSED
    with pytest.raises(Refused, match="award.has-declined"):
        determine(project, cast.YINSHAN, at=cast.NOON + cast.HOUR)
    award = determine(project, cast.HETAO, at=cast.NOON + cast.HOUR)
    assert (award.rank, award.notice.number) == (2, 3)


def test_when_all_have_declined_the_purchase_fails():
    project = proposed()
    for org in (cast.YINSHAN, cast.HETAO, cast.WULIANG):
        determine(project, org)
        services.decline(number=project.number, reason="放弃", by=cast.OFFICER, at=cast.NOON)

    assert last(project)["d"]["next"] is None
    notices.fail(number=project.number, reasons=GROUND, by=cast.OFFICER, at=cast.NOON)
    assert Project.objects.get(pk=project.pk).stage == Stage.FAILED


def test_a_ban_between_opening_and_award_lets_the_next_rank_win():
    project = proposed()
    bans.sanction(code=cast.YINSHAN)

    with pytest.raises(Refused, match="blacklist."):
        determine(project, cast.YINSHAN)

    assert determine(project, cast.HETAO).rank == 2


def test_silence_is_the_first_rank_after_five_working_days_and_a_reason_stops_that():
    project = proposed()
    due = queries.proposal(project).due_at

    tasks.deem_determined(by=SYSTEM, at=due - cast.MINUTE)
    assert not Award.objects.exists()
    services.explain_delay(number=project.number, text="正在核实业绩", by=cast.OFFICER, at=cast.NOON)
    tasks.deem_determined(by=SYSTEM, at=due)
    assert not Award.objects.exists()


def test_silence_alone_determines_the_first_rank():
    project = proposed()

    tasks.deem_determined(by=SYSTEM, at=queries.proposal(project).due_at)

    assert Award.objects.get().organisation == cast.YINSHAN


@pytest.mark.embedded
def test_a_report_that_does_not_add_up_is_not_taken_in():
    project = market.project(stage=Stage.DECIDING)
    report = market.report()
    report["bids"][0]["total"] = "99.99"

    with pytest.raises(ValueError, match="total"):
        services.propose(number=project.number, report=report, salt="11" * 32, experts=[], by=SYSTEM, at=cast.NOON)


def contract(project: Project, *, at=cast.NOON + cast.HOUR, **other):
    """The buyer puts it forward, the winner says yes."""
    put_forward(project.number, at=at, **other)
    return contracts.confirm(number=project.number, by=cast.RIVAL, at=at)


def test_the_contract_is_made_at_the_quote_and_announced():
    project = proposed()
    determine(project, cast.YINSHAN)

    made = contract(project)

    assert str(made.amount) == "1100000.00"
    assert Project.objects.get(pk=project.pk).stage == Stage.CONTRACTED
    assert last(project)["t"] == "market.contract-recorded"
    assert made.notice.content["provider"]["org"] == cast.YINSHAN


@pytest.mark.embedded
def test_the_adjusted_price_is_no_contract_price():
    project = proposed()
    determine(project, cast.YINSHAN)

    with pytest.raises(Refused, match="contract.other-amount"):
        contract(project, amount="990000.00")


def test_a_contract_after_thirty_days_says_why():
    project = proposed()
    determine(project, cast.YINSHAN)
    late = cast.NOON + 40 * cast.DAY

    with pytest.raises(Refused, match="contract.late"):
        contract(project, at=late)
    put_forward(project.number, at=cast.NOON)  # in time, and then the winner lets the days pass
    with pytest.raises(Refused, match="contract.late"):
        contracts.confirm(number=project.number, by=cast.RIVAL, at=late)
    made = contracts.confirm(number=project.number, late_reason="质疑处理", by=cast.RIVAL, at=late)
    assert made.notice.content["late_reason"] == "质疑处理"


def test_a_banned_winner_gets_no_contract():
    project = proposed()
    determine(project, cast.YINSHAN)
    put_forward(project.number)
    bans.sanction(code=cast.YINSHAN)

    with pytest.raises(Refused, match="blacklist."):
        contracts.confirm(number=project.number, by=cast.RIVAL, at=cast.NOON)
    contracts.take_back(number=project.number, by=cast.OFFICER, at=cast.NOON)
    with pytest.raises(Refused, match="blacklist."):
        put_forward(project.number)


@pytest.mark.embedded
def test_there_is_no_contract_without_an_award():
    with pytest.raises(Refused, match="project.stage-not-now"):
        contract(proposed())
