import json
from decimal import Decimal
from hashlib import sha256

import pytest
from django.db import transaction

from bidding.evaluation import queries, services
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Finding, Step, Vote
from draws.models import Draw
from experts.panels.models import Panel, Seat
from experts.registry.models import Expert
from ledger import sequencer
from ledger.models import Blob, Entry, Log
from market.awards import services as awards
from market.awards.models import Award, Determination, Proposal
from market.notices.models import Notice
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import commitment, lots
from proofs.scoring import why_not_report
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, experts
from tests.make import blacklist as bans
from tests.make import evaluation as make
from tests.make.evaluation import LATER
from tests.make.notifier import expert_of, left_out

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]


person = experts.person_of


def public(kind):
    rows = Entry.objects.filter(log=Log.PUBLIC, kind=kind).order_by("seq")
    return [json.loads(row.event)["d"] for row in rows]


@pytest.mark.both
def test_scenario_1_ends_with_its_numbers_at_the_award_desk():
    evaluation = make.ranked(played=True)

    proposal = Proposal.objects.get()
    found = {bid["org"]: bid for bid in proposal.content["bids"]}
    points = {org: bid["price_points"] for org, bid in found.items()}
    assert points == {cast.HETAO: "29.70", cast.YINSHAN: "30.00", cast.WULIANG: "23.76"}
    assert found[cast.YINSHAN]["rank"] == 1 and found[cast.YINSHAN]["quote"] == "1100000.00"
    assert found[cast.YINSHAN]["adjusted"] == "990000.00" and found[cast.YINSHAN]["total"] == "80.00"
    assert proposal.order == [cast.YINSHAN, cast.HETAO, cast.WULIANG]
    assert not why_not_report(proposal.content)
    assert Project.objects.get().stage == Stage.PROPOSED and evaluation.step == Step.DONE


def test_the_report_is_committed_before_it_is_signed_and_published_by_nobody_here():
    evaluation = make.locked(make.scoring_open())

    (said,) = public("evaluation.reported")
    report = json.loads(evaluation.report)
    assert said["commitment"] == commitment.commit("eval1/report", report, bytes.fromhex(evaluation.report_salt))
    assert not Proposal.objects.exists() and evaluation.step == Step.SIGNING
    assert not Blob.objects.filter(sha256=sha256(evaluation.report.encode()).hexdigest()).exists()


@pytest.mark.both
def test_the_award_notice_names_whom_the_notifier_lets_go_once_the_log_says_that_a_winner_is_determined():
    evaluation = make.ranked()
    number = evaluation.project.number
    winner = Proposal.objects.get().ranked[0].org
    members = {expert_of(seat).number for seat in make.members(evaluation)}

    assert awards.determine(number=number, org=winner, by=cast.OFFICER, at=LATER) is None
    awards.announce_determined(number=number, by=cast.SYSTEM, at=LATER)  # not in the log yet
    assert not Award.objects.exists() and not Seat.objects.filter(expert__isnull=False).exists()
    page = accounts.client_of(cast.OFFICER).get(f"/projects/{number}/award/").content.decode()
    assert "名单解密后" in page and not [name for name in members if name in page]
    with pytest.raises(Refused, match="award.under-way"):
        awards.determine(number=number, org=winner, by=cast.OFFICER, at=LATER)
    sequencer.turn(at=LATER)
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # what became unlawful meanwhile is dropped
        bans.sanction(code=winner, name=cast.NAMES[winner])
        assert awards.announce_determined(number=number, by=cast.SYSTEM, at=LATER) is None
        assert Determination.objects.get().closed_at and not Award.objects.exists()
        (dropped,) = public("market.determination-dropped")
        assert dropped["reasons"] and winner not in json.dumps(dropped)
        raise ZeroDivisionError
    award = awards.announce_determined(number=number, by=cast.SYSTEM, at=LATER)

    told = award.notice.content["experts"]
    assert {row["number"] for row in told} == members
    assert [row["cid"] for row in told] == public("evaluation.seated")[-1]["seats"]
    assert all(lots.masked(row["number"], bytes.fromhex(row["salt"])) == row["cid"] for row in told)
    assert award.determined_by == cast.OFFICER.person and Seat.objects.filter(expert__isnull=False).count() == 5
    assert awards.announce_determined(number=number, by=cast.SYSTEM, at=LATER) is None


# Qualification


def test_qualification_needs_the_hall_to_have_ended():
    tender = make.bidding_offers.read_out_tender()

    with pytest.raises(Refused, match="qualification.hall-not-ended"):
        services.qualify(
            project_number=tender.project.number, findings=make.findings(tender.project), by=cast.OFFICER, at=LATER
        )


@pytest.mark.parametrize("by", [cast.OTHER_OFFICER, cast.SUPERVISOR, cast.PROVIDER, cast.EXPERT, cast.STRANGER])
def test_qualification_is_the_purchasers(by):
    project = make.opened()

    with pytest.raises(Refused, match="evaluation.not-officer"):
        services.qualify(project_number=project.number, findings=make.findings(project), by=by, at=LATER)


@pytest.mark.both
def test_every_condition_of_every_bidder_is_judged_and_a_failure_has_its_reason():
    project = make.opened()
    complete = make.findings(project)
    for findings, code in (
        (complete[1:], "qualification.incomplete"),
        ([*complete, complete[0]], "qualification.incomplete"),
        ([*complete[1:], Finding(cast.HETAO, "9", True)], "qualification.incomplete"),
        ([Finding(complete[0].org, complete[0].key, None), *complete[1:]], "qualification.incomplete"),
        ([Finding(complete[0].org, complete[0].key, False, " "), *complete[1:]], "qualification.without-reason"),
        ([Finding(complete[0].org, complete[0].key, False, "长" * 501), *complete[1:]],
         "qualification.reason-too-long"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            services.qualify(project_number=project.number, findings=findings, by=cast.OFFICER, at=LATER)
    assert not Evaluation.objects.exists()


@pytest.mark.both
def test_two_qualified_end_the_purchase_with_the_article():
    evaluation = make.qualified(failing={cast.HETAO: "营业执照已吊销"})

    assert evaluation.step == Step.FAILED and Project.objects.get().stage == Stage.FAILED
    notice = json.loads(Notice.objects.get(type="failure").text)
    assert "87号令 第44条" in str(notice["reasons"])
    (said,) = public("evaluation.qualified")
    assert [(r["org"], r["passed"]) for r in said["results"]] == sorted(
        [(cast.HETAO, False), (cast.YINSHAN, True), (cast.WULIANG, True)]
    )


def test_an_unqualified_fourth_is_not_judged_by_the_panel():
    evaluation = make.qualified(4, failing={cast.HETAO: "未提供纳税证明"})

    assert evaluation.step == Step.PANEL
    assert [bid.org for bid in queries.bids(evaluation)] == sorted([cast.YINSHAN, cast.WULIANG, cast.LANGSHAN])


def test_qualification_is_done_once():
    evaluation = make.qualified()

    with pytest.raises(Refused, match="qualification.done"):
        services.qualify(
            project_number=evaluation.project.number, findings=make.findings(evaluation.project), by=cast.OFFICER,
            at=LATER,
        )  # fmt: skip


# The panel


def test_the_panel_is_called_after_qualification_only():
    project = make.opened()

    with pytest.raises(Refused, match="panel.before-qualification"):
        services.convene(project_number=project.number, strata=make.STRATA, by=cast.OFFICER, at=LATER)


def test_the_pool_leaves_out_the_buyers_the_bidders_and_the_supervisions_people():
    evaluation = make.qualified()
    accounts.world()
    for n, code in enumerate((cast.BUYER, cast.HETAO, cast.YINSHAN, cast.WULIANG, cast.BUREAU, cast.AGENT)):
        experts.expert(30 + n, employer=code)

    make.convened(evaluation)

    assert left_out() == {
        "expert-030": "employer-of-buyer", "expert-031": "employer-of-bidder", "expert-032": "employer-of-bidder",
        "expert-033": "employer-of-bidder", "expert-034": "employer-supervises", "expert-035": "employer-of-agent",
    }  # fmt: skip


@pytest.mark.parametrize("strata, code", [
    ([], "panel.strata"), ([("A-it", 4)], "panel.size"), ([("A-it", 6)], "panel.even"),
    ([("nothing", 5)], "panel.strata"), ([("A-it", 3), ("A-it", 2)], "panel.strata"), ([("A-it", 0)], "panel.strata"),
])  # fmt: skip
def test_a_panel_has_the_seats_the_law_wants(strata, code):
    evaluation = make.qualified()

    with pytest.raises(Refused, match=code):
        services.convene(project_number=evaluation.project.number, strata=strata, by=cast.OFFICER, at=LATER)


def test_a_big_budget_wants_seven():
    evaluation = make.qualified()
    Project.objects.update(budget=Decimal("10000000.00"))

    with pytest.raises(Refused, match="至少7人"):
        services.convene(project_number=evaluation.project.number, strata=make.STRATA, by=cast.OFFICER, at=LATER)


# Declaration and recusal


def test_nobody_reads_a_bid_before_he_has_declared():
    evaluation = make.seated()
    who = person(make.members(evaluation)[0])

    with pytest.raises(Refused, match="evaluation.not-declared"):
        queries.body_files(evaluation.project, cast.HETAO, who)
    services.declare(project_number=make.signed_in(evaluation).project.number, by=who, at=LATER)

    (file,) = queries.body_files(evaluation.project, cast.HETAO, who)
    assert file.name == "技术方案.txt"


def test_only_members_read_the_bids():
    evaluation = make.declared(make.seated())

    for viewer in (cast.OFFICER, cast.SUPERVISOR, cast.RIVAL, cast.PROVIDER, cast.STRANGER):
        with pytest.raises(Evaluation.DoesNotExist):
            queries.body_files(evaluation.project, cast.HETAO, viewer)


def test_an_expert_who_is_not_on_the_panel_reads_nothing():
    evaluation = make.declared(make.seated())
    sitting = {expert_of(seat).pk for seat in make.members(evaluation)}
    outsider = Expert.objects.exclude(pk__in=sitting).first().user.as_actor()

    with pytest.raises(Evaluation.DoesNotExist):
        queries.body_files(evaluation.project, cast.HETAO, outsider)
    with pytest.raises(Evaluation.DoesNotExist):
        services.declare(project_number=evaluation.project.number, by=outsider, at=LATER)


def test_the_review_begins_when_all_have_declared():
    evaluation = make.signed_in(make.seated())
    *first, last = make.members(evaluation)
    for seat in first:
        services.declare(project_number=evaluation.project.number, by=person(seat), at=LATER)
    evaluation.refresh_from_db()
    assert evaluation.step == Step.PANEL
    with pytest.raises(Refused, match="review.not-the-moment"):
        services.review(project_number=evaluation.project.number, votes=make.votes(evaluation),
                        by=person(first[0]), at=LATER)  # fmt: skip

    services.declare(project_number=evaluation.project.number, by=person(last), at=LATER)

    evaluation.refresh_from_db()
    assert evaluation.step == Step.REVIEW


@pytest.mark.both
def test_scenario_8_a_member_who_works_for_a_bidder_is_replaced_by_the_next_standby():
    evaluation = make.seated()
    gone = make.members(evaluation)[2]

    services.recuse(project_number=evaluation.project.number, reason="现任职于投标人", by=person(gone), at=LATER)

    panel = Panel.objects.get()
    (following,) = experts.invited(panel)
    assert following.cid == Draw.objects.get().result[0]["standby"][0]
    experts.answers(following, at=LATER)
    make.declared(evaluation)
    assert evaluation.step == Step.REVIEW
    with pytest.raises(Evaluation.DoesNotExist):
        services.declare(project_number=evaluation.project.number, by=person(gone), at=LATER)


@pytest.mark.both
def test_what_a_replaced_member_said_is_void_and_the_others_stand():
    evaluation = make.scoring_open()
    seats = make.members(evaluation)
    for seat in seats[:4]:
        make.locks(evaluation, seat)

    services.recuse(project_number=evaluation.project.number, reason="发现利害关系", by=person(seats[0]), at=LATER)
    (following,) = experts.invited(Panel.objects.get())
    experts.answers(following, at=LATER)
    make.reviewed(make.declared(evaluation))

    assert evaluation.step == Step.SCORES
    assert queries.progress(evaluation)["locked"] == 3
    for seat in make.members(evaluation):
        if not queries.member(evaluation.project, person(seat)).locked:
            make.locks(evaluation, seat)
    evaluation.refresh_from_db()
    assert evaluation.step == Step.SIGNING and json.loads(evaluation.report)["seats"] == 5


@pytest.mark.both
def test_the_supervision_body_excuses_a_member_and_nobody_else_does():
    evaluation = make.seated()
    number = evaluation.project.number
    for by in (cast.OFFICER, cast.PROVIDER, person(make.members(evaluation)[1])):
        with pytest.raises(Refused, match="seat.not-own"):
            services.excuse(project_number=number, seat_no=1, reason="突发疾病", by=by, at=LATER)

    services.excuse(project_number=number, seat_no=1, reason="突发疾病", by=cast.SUPERVISOR, at=LATER)

    assert len(make.members(evaluation)) == 4
    with pytest.raises(Seat.DoesNotExist):
        services.excuse(project_number=number, seat_no=1, reason="突发疾病", by=cast.SUPERVISOR, at=LATER)


def test_nobody_leaves_once_the_report_is_built():
    evaluation = make.locked(make.scoring_open())

    with pytest.raises(Refused, match="evaluation.over"):
        services.recuse(project_number=evaluation.project.number, reason="x",
                        by=person(make.members(evaluation)[0]), at=LATER)  # fmt: skip


# Compliance


def test_the_majority_decides_and_the_grounds_are_kept():
    evaluation = make.declared(make.seated(4))
    number = evaluation.project.number
    for n, seat in enumerate(make.members(evaluation)):
        against = {cast.HETAO: "unsigned"} if n < 3 else {cast.YINSHAN: "conditions"} if n == 3 else {}
        services.review(project_number=number, votes=make.votes(evaluation, against), by=person(seat), at=LATER)

    evaluation.refresh_from_db()
    assert [bid.org for bid in queries.compliant(evaluation)] == sorted([cast.YINSHAN, cast.WULIANG, cast.LANGSHAN])
    assert evaluation.compliance[cast.HETAO]["reasons"] == ["投标文件未按招标文件要求签署、盖章", "见投标文件第3页"]


def test_a_quote_over_the_cap_is_invalid_whatever_the_votes_say():
    evaluation = make.scoring_open(4, prices=("1000000.00", "1100000.00", "1250000.00", "1280000.01"))

    assert cast.LANGSHAN not in [bid.org for bid in queries.compliant(evaluation)]


def test_two_compliant_end_the_purchase_as_the_law_says():
    evaluation = make.reviewed(make.declared(make.seated()), {cast.HETAO: "requirements"})

    assert evaluation.step == Step.FAILED and Project.objects.get().stage == Stage.FAILED
    assert "政府采购法 第36条" in str(json.loads(Notice.objects.get(type="failure").text)["reasons"])


def test_a_review_is_whole_and_gives_grounds():
    evaluation = make.declared(make.seated())
    who = person(make.members(evaluation)[0])
    first, *others = votes = make.votes(evaluation)

    for wrong, code in (
        (others, "review.incomplete"),
        ([*votes, first], "review.incomplete"),
        ([Vote(first.org, None), *others], "review.incomplete"),
        ([Vote(first.org, False, (), "x"), *others], "review.without-ground"),
        ([Vote(first.org, False, ("over-cap",), "x"), *others], "review.without-ground"),
        ([Vote(first.org, False, ("other",), " "), *others], "review.without-note"),
    ):
        with pytest.raises(Refused, match=code):
            services.review(project_number=evaluation.project.number, votes=wrong, by=who, at=LATER)
