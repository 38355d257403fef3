"""A letter from its offer to its end, and one purchase under it: who may do which act, all the way to the contract."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse

from bidding.opening import queries as openings
from bidding.submission import queries as submissions
from bidding.tender import committees, drafting
from bidding.tender import queries as tenders
from bidding.tender import services as publishing
from blacklist.lists import services as lists
from blacklist.lists.models import Inquiry
from blacklist.lists.rules import HEAD
from experts.affiliates import services as affiliates
from experts.affiliates.rules import Bond
from ledger import queries as ledger
from market.agency import queries, services
from market.agency.models import Entrustment
from market.agency.rules import State
from market.awards import confirming
from market.awards import queries as awards
from market.awards import services as award_services
from market.complaints import services as complaints
from market.complaints.rules import About
from market.contracts import queries as contracts
from market.notices import services as notices
from market.notices.models import Notice
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.rules import Stage
from market.projects.sides import Work
from portal.desk import queries as desks
from rulebook.actor import SYSTEM
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.tender import act
from tests.make import accounts, blacklist, holding, market
from tests.make import agency as make
from tests.make.bidding import tender as a_tender

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
START = act.START
LATER = START + cast.HOUR


def refused(code, does, **told):
    with pytest.raises(Refused) as why:
        does(**told)
    assert code in [reason.code for reason in why.value.reasons], why.value.reasons


def whats(viewer, *, at):
    return [(duty.what, duty.waits) for duty in desks.duties(viewer, at=at)]


def test_a_letter_is_agreed_by_two_and_leaves_a_signed_paper():
    accounts.world()
    letter = make.offered()
    one = {"public_id": letter.public_id, "at": cast.NOON}
    refused("project.not-officer", services.agree, **one, contact=make.CONTACT, by=cast.OFFICER)
    for stranger in (cast.OTHER_OFFICER, cast.PROVIDER, cast.STRANGER):
        with pytest.raises(Entrustment.DoesNotExist):
            services.agree(**one, contact=make.CONTACT, by=stranger)
    assert ("答复采购委托", False) in whats(cast.AGENT_OFFICER, at=cast.NOON)

    made = services.agree(**one, contact=make.CONTACT, by=cast.AGENT_OFFICER)

    paper = queries.paper(letter)
    assert queries.one(letter.public_id, viewer=cast.SUPERVISOR).state is State.AGREED
    assert paper is not None and not paper.public
    assert [entry.kind for entry in ledger.entries_after(made.log)] == ["documents.issued"]
    refused("agency.answered", services.agree, **one, contact=make.CONTACT, by=cast.AGENT_OFFICER)
    refused("agency.answered", services.take_back, **one, by=cast.OFFICER)
    assert whats(cast.AGENT_OFFICER, at=cast.NOON) == []


def test_a_banned_agent_is_neither_entrusted_nor_goes_on():
    accounts.world()
    letter = make.agreed()
    waits = make.offered(title="又一份")
    assert [row.pk for row in queries.in_force(cast.AGENT_OFFICER, at=cast.NOON)] == [letter.pk]
    blacklist.sanction(code=cast.AGENT, name=cast.NAMES[cast.AGENT], basis="gp-78")

    refused("blacklist.banned", make.offered)
    refused(
        "blacklist.banned", services.agree, public_id=waits.public_id, contact=make.CONTACT,
        by=cast.AGENT_OFFICER, at=cast.NOON,
    )  # fmt: skip
    assert queries.in_force(cast.AGENT_OFFICER, at=cast.NOON) == []


def drafted(letter):
    """A draft of the agent's officer that lacks nothing."""
    holding.stand(*act.HOLDERS)
    made = drafting.draft(
        facts=act.facts(), terms=act.terms(), letter=letter.public_id, by=cast.AGENT_OFFICER, at=START
    )
    number = made.project.number
    refused("project.not-officer", committees.request_keys, project_number=number, by=cast.OFFICER, at=START)
    act.ready_keys(made, by=cast.AGENT_OFFICER)
    file = {"name": "招标文件.pdf", "file": io.BytesIO(b"%PDF")}
    drafting.add_document(project_number=number, **file, by=cast.AGENT_OFFICER, at=START)
    return number


def test_the_agent_drafts_and_the_purchaser_confirms_before_anything_is_published():
    accounts.world()
    refused("project.no-letter", drafting.draft, facts=act.facts(), terms=act.terms(), by=cast.AGENT_OFFICER, at=START)
    number = drafted(make.agreed(at=START))
    project = projects.visible(number, viewer=cast.OFFICER)
    assert (project.buyer_id, project.agent_id) == (cast.BUYER, cast.AGENT)
    for stranger in (cast.OTHER_OFFICER, cast.PROVIDER, cast.STRANGER, cast.SUPERVISOR):
        assert not projects.visible_to(stranger).filter(number=number).exists()
    assert ("等待河套招标代理有限公司：编制采购文件", True) in whats(cast.OFFICER, at=START)
    told = {"number": number, "at": START}
    refused("project.not-officer", drafting.submit_for_approval, project_number=number, by=cast.OFFICER, at=START)
    drafting.submit_for_approval(project_number=number, by=cast.AGENT_OFFICER, at=START)
    refused("approval.own-draft", project_services.approve, **told, by=cast.AGENT_OFFICER)
    refused("project.not-officer", project_services.approve, **told, by=cast.APPROVER)
    refused("confirm.not-approved", project_services.confirm_documents, **told, by=cast.OFFICER)
    project_services.approve(**told, by=cast.AGENT_APPROVER)

    schedule = {"project_number": number, "publish_at": project.publish_at, "at": START}
    refused("schedule.not-confirmed", drafting.schedule, **schedule, by=cast.AGENT_OFFICER)
    for other in (cast.AGENT_OFFICER, cast.AGENT_APPROVER, cast.OTHER_OFFICER, cast.SUPERVISOR):
        refused("project.not-officer", project_services.confirm_documents, **told, by=other)
    assert ("确认采购文件", False) in whats(cast.APPROVER, at=START)
    assert ("等待河套市生态环境局：确认采购文件", True) in whats(cast.AGENT_OFFICER, at=START)
    refused("approval.no-comment", project_services.refuse_documents, **told, comment=" ", by=cast.OFFICER)
    project_services.refuse_documents(**told, comment="付款节点写得不清楚", by=cast.OFFICER)
    drafting.submit_for_approval(project_number=number, by=cast.AGENT_OFFICER, at=START)
    project_services.approve(**told, by=cast.AGENT_APPROVER)
    project_services.confirm_documents(**told, by=cast.OFFICER)
    refused("confirm.done", project_services.confirm_documents, **told, by=cast.APPROVER)
    refused("project.not-officer", drafting.schedule, **schedule, by=cast.OFFICER)
    drafting.schedule(**schedule, by=cast.AGENT_OFFICER)

    notice = publishing.publish(project_number=number, by=SYSTEM, at=project.publish_at)

    agent, letter = notice.content["agent"], queries.visible_to(cast.OFFICER).get()
    assert (agent["org"], agent["contact"], agent["payer"]) == (cast.AGENT, "沈代理", "winner")
    assert agent["letter_sha256"] == queries.paper(letter).sha256
    assert notice.content["buyer"]["org"] == cast.BUYER
    kinds = [entry.kind for entry in ledger.entries_after(project.log)]
    assert kinds == ["market.notice-published", "agency.agent-named", "tender.terms"]
    fresh = projects.visible(number, viewer=cast.STRANGER)
    assert openings.hosts(fresh) == {cast.AGENT} and fresh.doer(Work.EVALUATE) == cast.AGENT
    refused("project.not-officer", award_end, number=number, by=cast.AGENT_OFFICER)


def award_end(*, number, by):
    notices.end_by_hand(number=number, to=Stage.CANCELLED, ground="change", facts="采购任务取消", by=by, at=LATER)


def test_beyond_the_letter_nothing_is_handed_in():
    accounts.world()
    letter = make.agreed(at=START, categories=frozenset({"services"}), most=act.facts()["budget"] - 1, single=True)
    number = drafted(letter)

    for code in ("agency.other-category", "agency.over-most"):
        refused(code, drafting.submit_for_approval, project_number=number, by=cast.AGENT_OFFICER, at=START)
    again = {"facts": act.facts(), "terms": act.terms(), "letter": letter.public_id, "at": START}
    refused("agency.used", drafting.draft, **again, by=cast.AGENT_OFFICER)
    refused("project.not-officer", drafting.draft, **again, by=cast.OFFICER)


def proposed(letter, *, number="T-2026-900", **facts):
    project = make.entrust(market.project(number=number, stage=Stage.PROPOSED, **facts), letter)
    market.notice(project)
    market.proposal(project)
    return project


def test_the_purchaser_takes_the_report_and_determines_and_makes_the_contract():
    accounts.world()
    letter = make.agreed()
    project = proposed(letter)
    told = {"number": project.number, "at": cast.NOON + cast.HOUR}
    first = awards.ranking(project, viewer=cast.AGENT_OFFICER)[0].org
    assert ("确认评标报告", False) in whats(cast.OFFICER, at=told["at"])
    assert ("等待河套市生态环境局：确认评标报告", True) in whats(cast.AGENT_OFFICER, at=told["at"])

    refused("award.unconfirmed", award_services.determine, **told, org=first, by=cast.OFFICER)
    for other in (cast.AGENT_OFFICER, cast.OTHER_OFFICER, cast.PROVIDER):
        refused("project.not-officer", award_services.determine, **told, org=first, by=other)
        refused("project.not-officer", confirming.confirm_report, **told, by=other)
    buyer, desk = accounts.client_of(cast.APPROVER), f"/projects/{project.number}/award/"
    door = reverse("market:confirm_report", args=[project.number])
    for read in ({}, {"seen": "2"}):  # of nothing, or of another
        assert "读过的内容已被修改" in buyer.post(door, read).content.decode()
    assert buyer.post(door, accounts.seen_on(buyer.get(desk), door)).status_code == 302
    refused("report.confirmed", confirming.confirm_report, **told, by=cast.OFFICER)
    award_services.determine(**told, org=first, by=cast.OFFICER)

    notice = Notice.objects.get(project=project, type="award")
    assert (notice.content["buyer"]["org"], notice.content["agent"]["org"]) == (cast.BUYER, cast.AGENT)
    assert notice.content["agent"]["fee"] == letter.fee
    project.refresh_from_db()
    contract = {"amount": awards.standing(project).amount, "payment": "验收后", "delivery": "三个月", "late_reason": ""}
    assert contracts.why_not_propose(project, **contract, by=cast.OFFICER, at=told["at"]) == ()
    shut = contracts.why_not_propose(project, **contract, by=cast.AGENT_OFFICER, at=told["at"])
    assert [reason.code for reason in shut] == ["project.not-officer"]
    assert "market.report-confirmed" in [entry.kind for entry in ledger.entries_after(project.log)]


def test_silence_still_lets_the_law_determine_the_first_in_turn():
    accounts.world()
    project = proposed(make.agreed())
    due = awards.due(awards.proposal(project), at=cast.NOON)

    assert awards.why_not_determine(
        project, org=awards.ranking(project, viewer=cast.OFFICER)[0].org, by=SYSTEM, at=due
    ) == ()  # fmt: skip


def test_challenges_go_to_who_may_answer_them():
    accounts.world()
    all_of_it = make.agreed()
    some = make.agreed(title="不含答复", works=frozenset({"prepare", "host", "evaluate"}))
    for number, letter, answers, not_he in (
        ("T-1", all_of_it, cast.AGENT_OFFICER, cast.OFFICER), ("T-2", some, cast.OFFICER, cast.AGENT_OFFICER),
    ):  # fmt: skip
        project = make.entrust(market.project(number=number, published_at=cast.NOON - cast.DAY), letter)
        market.notice(project)
        told = {"about": About.DOCUMENTS, "points": ["资格条件不合理"], "known_at": cast.NOON - cast.DAY}
        step = complaints.challenge(number=number, **told, by=cast.PROVIDER, at=cast.NOON)
        answer = {"public_id": step.public_id, "text": "已修改", "at": cast.NOON}
        refused("project.not-officer", complaints.answer, **answer, by=not_he)
        assert complaints.answer(**answer, by=answers).answered_by == answers.person


def test_whoever_belongs_to_the_agent_does_not_bid():
    accounts.world()
    made = a_tender(number="T-3", closes_at=cast.NOON)
    make.entrust(made.project, make.agreed())
    since = (cast.NOON - 400 * cast.DAY).date()
    row = affiliates.declare(
        bond=Bond.HOLDING, one=cast.AGENT, one_name=cast.NAMES[cast.AGENT], other=cast.HETAO,
        other_name=cast.NAMES[cast.HETAO], since=since, until=None, basis="工商登记", by=cast.SUPERVISOR, at=cast.NOON,
    )  # fmt: skip
    affiliates.agree(affiliation=row, by=cast.PROVIDER, at=cast.NOON)

    tender, at = submissions.offered("T-3"), cast.NOON - cast.HOUR
    against = submissions.why_not_bid(tender, by=cast.PROVIDER, at=at)

    assert [reason.code for reason in against] == ["agency.affiliated"]
    assert submissions.why_not_bid(tender, by=cast.RIVAL, at=at) == ()
    assert tenders.own("T-3", viewer=cast.AGENT_OFFICER).pk == made.pk


def test_a_letter_ends_forward_only_and_open_purchases_go_on_with_who_is_named():
    accounts.world()
    leaving, following = make.agreed(), make.agreed(title="接手", works=frozenset({"prepare", "host"}))
    done = make.entrust(market.project(number="T-4", stage=Stage.COMPLETED), leaving)
    one = make.entrust(market.project(number="T-5"), leaving)
    two = make.entrust(market.project(number="T-6", stage=Stage.DRAFT, submitted_at=cast.NOON), leaving)
    told = {"public_id": leaving.public_id, "reason": "服务期内多次延误", "at": cast.NOON + timedelta(hours=1)}
    own = str(following.public_id)
    refused("agency.no-successor", services.end, **told, successors={"T-5": "self"}, by=cast.OFFICER)
    refused("agency.no-successor", services.end, **told, successors={"T-5": own, "T-6": "nobody"}, by=cast.OFFICER)
    refused("agency.running", services.end, **told, successors={}, by=cast.AGENT_OFFICER)

    services.end(**told, successors={"T-5": own, "T-6": "self"}, by=cast.OFFICER)

    for project in (done, one, two):
        project.refresh_from_db()
    assert done.mandate["letter"] == str(leaving.public_id)
    assert (one.mandate["letter"], one.doer(Work.EVALUATE)) == (own, cast.BUYER)
    assert (two.agent_id, two.mandate, two.submitted_at) == (None, {}, None)
    assert [entry.kind for entry in ledger.entries_after(one.log)] == ["agency.agent-named"]
    assert not projects.visible_to(cast.AGENT_OFFICER).filter(number="T-6").exists()
    refused("agency.not-agreed", services.end, **told, successors={}, by=cast.OFFICER)


def test_an_agent_is_looked_up_before_it_is_entrusted():
    accounts.world()
    line = ["某公司", cast.HETAO, "", "", "2026-03-01", ""]
    issue = lists.stage(
        key="procurement", source="中国政府采购网", as_of=day_in_china(cast.NOON), file_name="名单.xlsx",
        sha256="a" * 64, table=[list(HEAD), line], by=cast.SUPERVISOR, at=cast.NOON,
    )  # fmt: skip
    lists.confirm(public_id=issue.public_id, by=cast.SECOND_SUPERVISOR, at=cast.NOON)

    letter = make.offered()

    found = Inquiry.objects.get(about=letter.log)
    assert (found.gate, found.code, found.listed) == ("entrust", cast.AGENT, False)
