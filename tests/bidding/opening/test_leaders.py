"""Who would lead the project: sealed with the bid, asked about as a person, on no more projects than the row allows."""

import json
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bidding.opening import queries as openings
from bidding.opening.barred import told
from bidding.submission import queries as submissions
from ledger.models import Entry
from market.awards import queries as awards
from market.awards.models import Award
from market.awards.rules import Candidate
from market.projects import standing
from market.projects.gate import why_not_banned
from market.projects.leading import why_not_lead
from market.projects.models import Project, StandsWith
from market.projects.rules import Stage
from proofs import leader
from proofs.canonical import NotCanonical
from tests import cast
from tests.cast import HETAO, NOON, WULIANG, YINSHAN
from tests.make import bidding_offers, blacklist, market, registry

pytestmark = pytest.mark.embedded

NUMBERS = {HETAO: registry.id_number(1), YINSHAN: registry.id_number(2)}
SAID = {"v": "leader/1", "name": "巴特尔", "id_number": NUMBERS[HETAO], "certificate": "一级注册建造师 蒙1502026"}


@pytest.mark.embedded
@pytest.mark.parametrize("other", [{"v": "leader/2"}, {"name": ""}, {"id_number": "1" * 19}, {"more": 1}])
def test_what_is_spelt_otherwise_names_no_leader(other):
    assert leader.parse(json.dumps(SAID).encode()).name == "巴特尔"
    with pytest.raises(NotCanonical):
        leader.parse(json.dumps(SAID | other).encode())


@pytest.mark.embedded
def test_one_leader_leads_as_many_running_projects_as_the_row_of_the_regime_allows():
    assert why_not_lead(regime="A", name="巴特尔", running=()) == ()
    [reason] = why_not_lead(regime="A", name="巴特尔", running=("W-1",))
    assert (reason.code, str(reason.law)) == ("leader.busy", "注册建造师管理规定 第21条")
    assert not any(why_not_lead(regime=regime, name="巴特尔", running=("W-1",) * 9) for regime in "BCD")


def files(org):
    said = json.dumps(SAID | {"id_number": NUMBERS[org]}).encode() if org in NUMBERS else b"{}"
    return [("技术方案.txt", b"x"), ("leader.json", said)]


@pytest.mark.django_db
def test_a_leader_is_known_by_a_hash_once_the_bid_is_open_and_every_gate_after_asks_about_him(monkeypatch):
    project = market.project(edition="ztb-2019", category="works")
    tender = bidding_offers.open_tender(project=project, leader={"certificate": "一级注册建造师"})
    for bidder in bidding_offers.BIDDERS[:3]:
        bidding_offers.sealed_bid(tender, bidder, files=files(bidder.organisation))
    assert not StandsWith.objects.exists() and standing.leaders(project) == {}
    bidding_offers.closed(tender)
    start = tender.closes_at + cast.MINUTE
    bidding_offers.services.open_hall(project_number=project.number, by=cast.OFFICER, at=start)
    bidding_offers.halves_released(tender)
    bidding_offers.keys_released(tender)
    project.refresh_from_db()

    rows = StandsWith.objects.order_by("org")
    assert [(row.org, row.kind, row.name) for row in rows] == [
        (HETAO, "leader", "巴特尔"),
        (YINSHAN, "leader", "巴特尔"),
    ]
    assert rows[0].key != rows[1].key and not any(NUMBERS[HETAO] in str(vars(row)) for row in rows)
    assert not any(NUMBERS[HETAO] in entry.event for entry in Entry.objects.all())
    assert [path.name for path in openings.files_of(tender, HETAO)] == ["技术方案.txt"]

    def shown():
        bids = openings.opened_bids(tender)
        return {each.org: each for each in told(project, bids, submissions.received(tender), at=NOON)}

    assert [reason.code for reason in shown()[WULIANG].leader] == ["leader.none"] and set(shown()) == {WULIANG}

    # a ban on the leader alone: shown at the read-out and the review, refused at the award and the contract
    row = blacklist.person(NUMBERS[HETAO])
    assert [reason.code for reason in shown()[HETAO].counting] == ["blacklist.banned"]
    assert why_not_banned(project, org=HETAO, at=NOON) and not why_not_banned(project, org=YINSHAN, at=NOON)
    blacklist.followed(row.public_id, "annulled")
    assert not why_not_banned(project, org=HETAO, at=NOON) and HETAO not in shown()

    # he runs another project of the same law: one too many, until that is completed
    other = market.project(number="W-2", edition="ztb-2019", category="works", stage=Stage.CONTRACTED)
    notice = market.notice(other)
    Award.objects.create(project=other, notice=notice, organisation=HETAO, name="河套", amount="1.00",
                         determined_at=NOON, rank=1)  # fmt: skip
    StandsWith.objects.create(project=other, org=HETAO, key=rows[0].key, kind="leader", name="巴特尔", at=NOON)
    assert [reason.code for reason in shown()[HETAO].leader] == ["leader.busy"]
    ranked = (Candidate(1, 1, HETAO, "河套", Decimal(1), "90"),)
    assert [reason.code for reason in awards.bans(project, ranked, at=NOON)[HETAO]] == ["leader.busy"]
    next_in_turn = Candidate(2, 2, YINSHAN, "阴山", Decimal(1), "80")
    with monkeypatch.context() as desk:
        desk.setattr(awards, "proposal", lambda _: SimpleNamespace(ranked=(*ranked, next_in_turn)))
        [over] = awards.passed_over(project, next_in_turn, at=NOON)
        assert over == {"org": HETAO, "why": "leader", "numbers": []}
    Project.objects.filter(number="W-2").update(stage=Stage.COMPLETED)
    assert HETAO not in shown() and awards.bans(project, ranked, at=NOON)[HETAO] == ()
