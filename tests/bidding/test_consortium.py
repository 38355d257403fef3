"""Consortia: named when the bids are opened and not before, and invalid where the law forbids them."""

import json
from datetime import timedelta

import pytest

from bidding.evaluation import ceremony, queries
from bidding.opening.consortia import Fault, faults
from bidding.opening.queries import opened_bids
from ledger.models import Entry
from market.projects.gate import why_not_banned
from market.projects.models import Project
from proofs import canonical
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HETAO, LANGSHAN, WULIANG, YINSHAN
from tests.make import accounts, bidding_offers, blacklist, experts
from tests.make import evaluation as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.embedded  # who may bid together does not change with the engine


def together(*members, fault=""):
    return {"members": [{"org": org, "name": "x", "work": "y"} for org in members], "agreement": "a", "fault": fault}


def test_whoever_bids_alone_has_nothing_against_him():
    assert faults({HETAO: None, YINSHAN: None}, banned=()) == {}
    assert faults({HETAO: together(LANGSHAN), YINSHAN: None}, banned=()) == {}


def test_whoever_names_another_bidder_makes_his_own_bid_invalid_and_throws_out_nobody():
    found = faults({HETAO: together(LANGSHAN, YINSHAN), LANGSHAN: None, YINSHAN: together(WULIANG)}, banned=())
    assert found == {HETAO: (Fault.TWICE,)}


def test_a_member_of_two_consortia_makes_both_invalid():
    found = faults({HETAO: together(LANGSHAN), YINSHAN: together(LANGSHAN), WULIANG: None}, banned=())
    assert found == {HETAO: (Fault.TWICE,), YINSHAN: (Fault.TWICE,)}


def agreed(*members, without=()):
    said = together(*members)
    for row in said["members"]:
        row["confirmed"] = row["org"] not in without
    return said


def test_for_works_every_bid_concerned_is_invalid_but_nobodys_by_the_word_of_another():
    beside = {HETAO: agreed(LANGSHAN), LANGSHAN: None, YINSHAN: None}
    assert faults(beside, banned=()) == {HETAO: (Fault.TWICE,)}
    assert faults(beside, banned=(), all_invalid=True) == {HETAO: (Fault.TWICE,), LANGSHAN: (Fault.CONCERNED,)}
    two = {HETAO: agreed(LANGSHAN), LANGSHAN: agreed(WULIANG), YINSHAN: agreed(WULIANG)}
    assert faults(two, banned=(), all_invalid=True) == {
        HETAO: (Fault.TWICE,), LANGSHAN: (Fault.TWICE, Fault.CONCERNED), YINSHAN: (Fault.TWICE,),
    }  # fmt: skip
    # A lead cannot throw out a rival by naming it, nor another consortium by naming its member.
    made_up = {HETAO: agreed(LANGSHAN, without=(LANGSHAN,)), LANGSHAN: None, YINSHAN: None}
    assert faults(made_up, banned=(), all_invalid=True) == {HETAO: (Fault.TWICE, Fault.UNCONFIRMED)}
    claimed = {HETAO: agreed(WULIANG, without=(WULIANG,)), YINSHAN: agreed(WULIANG)}
    for all_invalid in (False, True):
        told = faults(claimed, banned=(), all_invalid=all_invalid)
        assert told == {HETAO: (Fault.TWICE, Fault.UNCONFIRMED)}
    unasked = {HETAO: together(LANGSHAN), LANGSHAN: None}  # opened before members said so themselves
    assert faults(unasked, banned=(), all_invalid=True) == {HETAO: (Fault.TWICE,)}


def test_a_banned_member_a_wrong_code_and_a_list_that_cannot_be_read_are_each_named():
    assert faults({HETAO: together(LANGSHAN)}, banned={LANGSHAN}) == {HETAO: (Fault.BANNED,)}
    assert faults({HETAO: together("91152900MA0A00014X")}, banned=()) == {HETAO: (Fault.CODE,)}
    assert faults({HETAO: together(fault="no JSON")}, banned=()) == {HETAO: (Fault.MALFORMED,)}


def test_a_member_that_did_not_say_so_itself_makes_the_bid_invalid_that_names_it():
    said = together(LANGSHAN, cast.COLLEGE)
    said["members"][0]["confirmed"] = True
    assert faults({HETAO: said}, banned=()) == {}
    said["members"][1]["confirmed"] = False
    assert faults({HETAO: said, LANGSHAN: None}, banned=()) == {HETAO: (Fault.TWICE, Fault.UNCONFIRMED)}


AGREEMENT = b"%PDF agreed"


def consent(member, *, part="body", lead=HETAO, agreement=AGREEMENT, number=NUMBER, by=""):
    """A member's own word, signed with its key, or somebody else's."""
    fields = {"lead": lead, "agreement_sha256": canonical.sha256(agreement).hex()}
    said = bidding_offers.said("con/1", by or member, fields, number=number, part=part)
    return {**said, "org": member}


def files(*members, part="body", **other):
    rows = [{"org": org, "name": cast.NAMES[org], "work": "安装"} for org in members]
    told = {"v": "consortium/1", "agreement": "联合体协议.pdf", "members": rows}
    for org in members:
        accounts.key(org)
    said = [(f"consent-{org}.json", json.dumps([consent(org, part=part, **other)]).encode()) for org in members]
    sealed = [("consortium.json", json.dumps(told).encode()), ("联合体协议.pdf", AGREEMENT), ("技术方案.txt", b"x")]
    return [*sealed, *said]


def judged(*members, envelopes="one", banned="", **other):
    """Four bids, the first by a lead with these members; the panel finds nothing against anybody."""
    tender = bidding_offers.open_tender(envelopes=envelopes)
    for place, (bidder, price) in enumerate(zip(bidding_offers.BIDDERS, bidding_offers.PRICES, strict=True)):
        part = "tech" if envelopes == "two" else "body"
        more = {"files": files(*members, part=part, **other)} if place == 0 else {}
        bidding_offers.sealed_bid(tender, bidder, price=price, **more)
    assert not Entry.objects.filter(kind="opening.consortium").exists()
    bidding_offers.closed(tender)
    start = tender.closes_at + timedelta(minutes=1)
    bidding_offers.services.open_hall(project_number=tender.project.number, by=cast.OFFICER, at=start)
    bidding_offers.halves_released(tender)
    bidding_offers.keys_released(tender)
    orgs = [bidder.organisation for bidder in bidding_offers.BIDDERS]
    bidding_offers.session_ended(tender, orgs, at=tender.closes_at + timedelta(minutes=4))
    if banned:
        blacklist.sanction(code=banned, name=cast.NAMES[banned])
    project = tender.project
    if banned:
        with pytest.raises(Refused, match=r"blacklist\.banned"):
            make.services.qualify(
                project_number=project.number, findings=make.findings(project), by=cast.OFFICER, at=make.LATER
            )
    failing = {HETAO: "联合体成员处于禁入期"} if banned else None
    evaluation = make.services.qualify(
        project_number=project.number, findings=make.findings(project, failing), by=cast.OFFICER, at=make.LATER
    )
    experts.seated(make.convened(evaluation), at=make.LATER, played=False)
    return tender, make.reviewed(make.declared(evaluation))


@pytest.mark.django_db
@pytest.mark.parametrize("envelopes", ["one", "two"])
def test_the_members_are_named_at_the_opening_and_the_bid_is_judged_like_any_other(envelopes):
    tender, evaluation = judged(cast.COLLEGE, envelopes=envelopes)

    [entry] = Entry.objects.filter(kind="opening.consortium")
    said = json.loads(entry.event)["d"]
    assert (said["org"], [one["org"] for one in said["members"]], said["fault"]) == (HETAO, [cast.COLLEGE], False)
    assert {bid.org for bid in queries.compliant(evaluation)} == {HETAO, YINSHAN, WULIANG, LANGSHAN}
    assert ceremony.employers_to_avoid(tender.project, at=cast.NOON)[cast.COLLEGE] == "employer-of-bidder"


@pytest.mark.django_db
def test_a_member_that_bids_alone_as_well_makes_the_bid_that_names_it_invalid_whatever_the_panel_says():
    tender, evaluation = judged(LANGSHAN)

    assert {bid.org for bid in opened_bids(tender) if bid.effective} == {HETAO, YINSHAN, WULIANG, LANGSHAN}
    found = {org: one["compliant"] for org, one in evaluation.compliance.items()}
    assert found == {HETAO: False, LANGSHAN: True, YINSHAN: True, WULIANG: True}
    [said] = evaluation.compliance[HETAO]["reasons"]
    assert said == "联合体各方又单独投标，或者参加了另一联合体（政府采购法实施条例 第22条）"
    Project.objects.update(edition="ztb-2019", category="works")  # the same bids, for works
    works = Project.objects.get()
    told = {org: [queries.ground_words(works, fault) for fault in found]
            for org, found in queries.consortium_faults(works, at=cast.NOON).items()}  # fmt: skip
    assert told == {
        HETAO: ["联合体各方又单独投标，或者参加了另一联合体（招标投标法实施条例 第37条）"],
        LANGSHAN: ["以自己名义投标，又是另一联合体的成员，相关投标均无效（招标投标法实施条例 第37条）"],
    }


@pytest.mark.django_db
def test_a_lead_that_names_a_member_against_its_will_is_found_out_at_the_opening(client):
    tender, evaluation = judged(cast.COLLEGE, by=HETAO)  # the lead signed in its stead

    assert evaluation.compliance[HETAO] == {
        "compliant": False, "reasons": ["联合体成员没有以自己的密钥确认参加本联合体"],
    }  # fmt: skip
    [entry] = Entry.objects.filter(kind="opening.consortium")
    assert json.loads(entry.event)["d"]["members"][0]["confirmed"] is False
    assert "河套学院（未确认）" in client.get(f"/projects/{tender.project.number}/hall/fragment").content.decode()
    page = accounts.client_of(cast.RIVAL).get(f"/projects/{NUMBER}/bid/consent/").content.decode()
    assert 'data-is-provider="1"' in page and '"part": "body"' in page and "《政府采购法》第24条" in page
    Project.objects.update(edition="ztb-2019", category="works")
    page = accounts.client_of(cast.RIVAL).get(f"/projects/{NUMBER}/bid/consent/").content.decode()
    assert "《招标投标法》第31条" in page and "政府采购法" not in page
    assert client.get(f"/projects/{NUMBER}/bid/consent/").status_code == 302


@pytest.mark.django_db
def test_a_list_of_members_that_nothing_can_read_holds_up_no_opening():
    tender = bidding_offers.open_tender()
    bidding_offers.sealed_bid(tender, bidding_offers.BIDDERS[0], files=[("consortium.json", b"[" * 60_000)])
    for bidder in bidding_offers.BIDDERS[1:]:
        bidding_offers.sealed_bid(tender, bidder)
    bidding_offers.closed(tender)
    at = tender.closes_at + timedelta(minutes=1)
    bidding_offers.services.open_hall(project_number=tender.project.number, by=cast.OFFICER, at=at)
    bidding_offers.halves_released(tender)
    bidding_offers.keys_released(tender)
    bidding_offers.session_ended(
        tender, [bidder.organisation for bidder in bidding_offers.BIDDERS], at=tender.closes_at + timedelta(minutes=4)
    )

    assert all(bid.effective for bid in opened_bids(tender))
    [entry] = Entry.objects.filter(kind="opening.consortium")
    assert json.loads(entry.event)["d"]["fault"] is True


@pytest.mark.django_db
def test_a_member_under_a_ban_keeps_the_bid_out_and_the_hall_names_the_members(client):
    tender, evaluation = judged(cast.COLLEGE, banned=cast.COLLEGE)

    assert HETAO not in evaluation.compliance and len(queries.compliant(evaluation)) == 3
    assert why_not_banned(Project.objects.get(), org=HETAO, at=cast.NOON)  # the gate of the award and of the contract
    Project.objects.update(edition="ztb-2019", category="works")
    blacklist.sanction(code=cast.COLLEGE, basis="zb-54", decision_no="河罚9号")
    found = queries.consortium_faults(Project.objects.get(), at=cast.NOON)
    assert found == {HETAO: (Fault.BANNED,)}
    assert cast.NAMES[cast.COLLEGE] in client.get(f"/projects/{tender.project.number}/hall/fragment").content.decode()
