"""Price and technical documents in two envelopes: who fails the technical judgement is never opened."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from bidding.evaluation import prices
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from bidding.evaluation.tasks import rank_prices
from bidding.opening import queries, sessions
from bidding.opening.models import Admission, Opening, OpeningUnit, Release
from bidding.opening.rules import Act
from bidding.submission.models import Bid
from bidding.tender.models import Tender
from ledger.models import Entry
from market.awards import queries as awards
from market.projects.models import Project
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.evaluation import test_matters as matters
from tests.cast import HETAO, LANGSHAN, MINUTE, WULIANG, YINSHAN
from tests.make import accounts, bidding_offers, experts, stored
from tests.make import evaluation as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.embedded,
]  # in which order envelopes are opened does not change with the engine
LATER = make.LATER
SECOND = LATER + timedelta(hours=1)


def told(kind: str) -> list[dict]:
    return [json.loads(entry.event)["d"] for entry in Entry.objects.filter(kind=kind).order_by("seq")]


def judged(*, failing: str = LANGSHAN) -> tuple[Tender, Evaluation]:
    """Four sealed in two envelopes; the panel found one technically insufficient, and has locked its points."""
    evaluation = make.qualified(4, played=True, envelopes="two")
    experts.seated(make.convened(evaluation), at=LATER)
    tender = evaluation.project.tender
    make.declared(evaluation)
    make.reviewed(evaluation, {failing: "requirements"})
    make.locked(evaluation)
    return tender, evaluation


def released(tender: Tender, code: str, part: str = "price") -> dict:
    """The half a bidder would release, whether or not he is asked for it."""
    bid = Bid.objects.get(tender=tender, organisation=code, part=part)
    half = bidding_offers.accounts.signer(code).half(
        unit={"tender": tender.project.number, "lot": "1", "part": part},
        cmh=bytes.fromhex(tender.committees.get(part=part).cmh), slot=bid.slot, eid=bytes.fromhex(bid.eid),
    )  # fmt: skip
    fields = {"eid": bid.eid, "role": "b", "closing": tender.closing.digest,
              "b": bidding_offers.canonical.b64u(half)}  # fmt: skip
    return bidding_offers.said("rel/1", code, fields, number=tender.project.number, part=part, at=SECOND)


def refused(tender: Tender, statement: dict) -> str:
    with pytest.raises(Refused) as refusal:
        bidding_offers.heard(tender, [statement], at=SECOND)
    return refusal.value.reasons[0].code


def test_names_are_read_out_first_and_prices_only_of_those_who_passed():
    tender, evaluation = judged()

    assert Step(evaluation.step) is Step.PRICE
    [passed] = told("tech.passed")
    assert passed["passed"] == sorted((HETAO, YINSHAN, WULIANG))
    assert all(one["sheet"] is None and one["part"] == "tech" for one in told("opening.verdict"))

    bidding_offers.next_session(tender, at=SECOND)
    rank_prices(by=cast.SYSTEM, at=SECOND)
    evaluation.refresh_from_db()
    settle_the_prices(evaluation)
    make.signed(evaluation)
    with pytest.raises(Refused, match="matter.not-the-moment"):
        matters.raises(evaluation, "explain", org=HETAO)

    assert {(one["org"], one["part"]) for one in told("opening.verdict")[4:]} == {
        (org, "price") for org in (HETAO, YINSHAN, WULIANG)
    }
    ranked = {bid.org: bid for bid in awards.proposal(evaluation.project).ranked}
    assert set(ranked) == {HETAO, YINSHAN, WULIANG} and ranked[YINSHAN].quote == Decimal("1100000.00")
    report = json.loads(evaluation.report)
    [out] = [bid for bid in report["bids"] if bid["org"] == LANGSHAN]
    assert (out["quote"], out["compliant"], out["rank"]) == (None, False, None)
    assert [bid["price_points"] for bid in report["bids"] if bid["org"] == YINSHAN] == ["30.00"]


def settle_the_prices(evaluation: Evaluation) -> None:
    """Prices nobody knew before are explained and corrected while nobody has signed; then the report is made anew."""
    first = evaluation.commitment
    low = matters.asked(evaluation, "explain", org=HETAO)
    with pytest.raises(Refused, match="report.matter-open"):
        make.signs(evaluation, make.members(evaluation)[0])
    matters.replies(evaluation, low, text="有现货")
    matters.votes(evaluation, low, False, False, False, stage="judge")
    assert told("evaluation.price-settled") == []  # it holds, and nothing changes
    fixed = {"to": "1260000.00", "rule": "words-figures", "minutes": 30}
    row = matters.asked(evaluation, "correct", org=WULIANG, **fixed)
    page = accounts.client_of(experts.person_of(make.members(evaluation)[0]))
    number = evaluation.project.number
    assert "评审事项" in page.get(reverse("bidding:evaluation", args=[number])).content.decode()
    matters.replies(evaluation, row, by=cast.THIRD, agreed=True)
    found = matters.report(evaluation)
    assert found[WULIANG]["corrected"]["to"] == "1260000.00" and Step(evaluation.step) is Step.SIGNING
    assert [each["before"] for each in told("evaluation.price-settled")] == [first]
    assert [each["commitment"] for each in told("evaluation.reported")] == [first, evaluation.commitment]


def test_what_a_failed_bidder_sealed_is_never_opened():
    tender, _ = judged()
    sealed = Bid.objects.get(tender=tender, organisation=LANGSHAN, part="price")
    bidding_offers.next_session(tender, at=SECOND)
    rank_prices(by=cast.SYSTEM, at=SECOND)

    assert not OpeningUnit.objects.filter(bid=sealed).exists()
    assert not Release.objects.filter(unit__bid=sealed).exists()
    assert sealed.eid not in json.dumps([told(kind) for kind in ("opening.bidders-done", "opening.verdict")])
    assert not stored.path_of(sealed.env_sha256).exists()
    assert not any(unit.files for unit in OpeningUnit.objects.filter(bid__organisation=LANGSHAN, bid__part="price"))


def test_nobody_releases_a_price_before_it_is_on_record_who_passed():
    evaluation = make.qualified(4, played=True, envelopes="two")
    tender = evaluation.project.tender

    assert queries.stand(tender.project, at=SECOND).act is Act.BETWEEN
    assert refused(tender, released(tender, HETAO)) == "hall.between"
    with pytest.raises(Refused, match="hall.between"):
        sessions.open_session(project_number=tender.project.number, by=cast.OFFICER, at=SECOND)
    assert not told("tech.passed") and not Admission.objects.exists()


def test_in_the_price_session_a_failed_bidder_is_none_and_holders_give_no_key_of_his():
    tender, _ = judged()
    sessions.open_session(project_number=tender.project.number, by=cast.OFFICER, at=SECOND)

    assert refused(tender, released(tender, LANGSHAN)) == "hall.not-bidder"
    bidding_offers.halves_released(tender, at=SECOND)
    sealed = Bid.objects.get(tender=tender, organisation=LANGSHAN, part="price")
    assert refused(tender, bidding_offers.key(tender, cast.NOTARY, sealed, at=SECOND)) == "release.not-released"


def test_only_the_host_opens_the_second_session_and_only_once():
    tender, _ = judged()
    number = tender.project.number
    for other in (cast.SUPERVISOR, cast.PROVIDER):
        with pytest.raises(Refused, match="hall.not-officer"):
            sessions.open_session(project_number=number, by=other, at=SECOND)
    sessions.open_session(project_number=number, by=cast.OFFICER, at=SECOND)
    with pytest.raises(Refused):
        sessions.open_session(project_number=number, by=cast.OFFICER, at=SECOND)
    assert list(Opening.objects.order_by("session").values_list("session", flat=True)) == [1, 2]


def test_the_price_session_needs_as_many_as_its_law_wants_to_be_judged_not_as_many_as_to_be_opened():
    tender, _ = judged()
    assert queries.stand(tender.project, at=SECOND).facts.min_bids == 3
    tender.project.edition = "ztb-2019"
    tender.project.save()
    assert queries.stand(tender.project, at=SECOND).facts.min_bids == 1


def test_prices_are_not_ranked_while_they_are_sealed():
    tender, evaluation = judged()
    with pytest.raises(Refused, match="prices.sealed"):
        prices.rank_prices(project_number=tender.project.number, by=cast.SYSTEM, at=SECOND)
    rank_prices(by=cast.SYSTEM, at=SECOND)
    evaluation.refresh_from_db()
    assert Step(evaluation.step) is Step.PRICE


def test_who_stays_away_from_the_price_session_drops_out_and_too_few_end_it():
    tender, evaluation = judged()
    sessions.open_session(project_number=tender.project.number, by=cast.OFFICER, at=SECOND)
    bidding_offers.halves_released(tender, [HETAO, YINSHAN], at=SECOND)
    over = SECOND + timedelta(seconds=tender.window + tender.drain)
    bidding_offers.advance_openings(by=cast.SYSTEM, at=over)
    bidding_offers.keys_released(tender, at=over)
    over += timedelta(hours=2)  # whose doing it was is settled
    bidding_offers.advance_openings(by=cast.SYSTEM, at=over)
    bidding_offers.services.end_in_failure(project_number=tender.project.number, by=cast.OFFICER, at=over + MINUTE)
    rank_prices(by=cast.SYSTEM, at=over + MINUTE)

    evaluation.refresh_from_db()
    assert Step(evaluation.step) is Step.FAILED and Project.objects.get().stage == "failed"


def test_the_hall_leads_the_host_from_one_session_to_the_next_and_shows_who_stays_shut():
    tender, _ = judged()
    number = tender.project.number
    client = accounts.client_of(cast.OFFICER)

    before = client.get(f"/projects/{number}/hall/").content.decode()
    assert "第 2 场（共 2 场）：报价文件" in before and "开启下一信封" in before and "未通过评审，永远封存" in before
    assert "接手主持" not in before and 'id="hall-talk"' not in before
    assert client.post(f"/projects/{number}/hall/next-session").status_code == 302
    after = accounts.client_of(cast.PROVIDER).get(f"/projects/{number}/hall/").content.decode()
    assert "按报价和评审得分排出名次" in client.get(f"/projects/{number}/hall/").content.decode()
    assert 'data-session="2"' in after and "开启下一信封" not in after
