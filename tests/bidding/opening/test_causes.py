"""Whose doing it was that a bid did not open: said by host and witness, ruled on by the supervisor."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bidding.opening import blame, causes, rules
from bidding.opening.blame import Cause, Evidence, Side
from bidding.opening.few import FEW_PATHS
from bidding.opening.models import CauseDecision, Opening
from bidding.opening.rules import Act, Facts
from bidding.opening.tasks import advance_openings
from ledger import blobs
from ledger.models import Entry
from proofs import canonical
from rulebook import clock
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast
from tests.cast import (
    BUYER,
    HETAO,
    LANGSHAN,
    MINUTE,
    NOON,
    OFFICER,
    OTHER_OFFICER,
    PROVIDER,
    SUPERVISOR,
    SYSTEM,
    WITNESS,
    WULIANG,
    YINSHAN,
)
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.embedded

LATER = NOON + 2 * MINUTE
OVER = NOON + 32 * MINUTE
ASKED = Facts(act=Act.CAUSES, hosts=frozenset({BUYER}), bidders=frozenset({HETAO}))
HALL = f"/projects/{NUMBER}/hall/"


def told(kind: str) -> list[dict[str, Any]]:
    found = Entry.objects.filter(stream=f"project/{NUMBER}", kind=kind).order_by("seq")
    return [canonical.parse(entry.event.encode())["d"] for entry in found]


def codes(reasons: Any) -> list[str]:
    return [reason.code for reason in reasons]


def one_absent() -> Any:
    """Four bids; the fourth bidder stayed away, the others are open."""
    tender = make.open_hall(4)
    make.halves_released(tender, [HETAO, YINSHAN, WULIANG])
    advance_openings(by=SYSTEM, at=OVER)
    make.keys_released(tender, at=OVER)
    return tender


def stated(by: Any, cause: str = "bidder", *, at: Any = OVER + MINUTE, reason: str = "未到场，电话无人接听") -> Any:
    return causes.state_cause(project_number=NUMBER, bidder=LANGSHAN, cause=cause, reason=reason, by=by, at=at)


@pytest.mark.parametrize(
    ("evidence", "cause"),
    [
        (Evidence(("ABSENT", "ABSENT")), Cause.BIDDER),
        (Evidence(("ABSENT", "ABSENT"), outage=True), Cause.OTHER),
        (Evidence(("INSUFFICIENT", "OK")), Cause.OTHER),
        (Evidence(("INSUFFICIENT",), ("WRONG_KEY(1)",)), Cause.OTHER),
        (Evidence(("INSUFFICIENT",), ("BAD_SHARE(1)",)), Cause.BIDDER),
        (Evidence(("INSUFFICIENT", "ABSENT"), ("ENVELOPE_LOST",)), Cause.OTHER),
        (Evidence(("INVALID:PAYLOAD", "OK")), Cause.BIDDER),
        (Evidence(("INVALID:PAYLOAD", "OK"), outage=True), Cause.BIDDER),
        (Evidence(("ABSENT", "INSUFFICIENT")), Cause.BIDDER),
    ],
)
def test_the_evidence_speaks_by_itself(evidence, cause):
    assert blame.by_evidence(evidence) is cause


def test_two_sides_agree_or_nothing_is_agreed():
    assert blame.agreed({Side.HOST: Cause.OTHER, Side.WITNESS: Cause.OTHER}) is Cause.OTHER
    assert blame.agreed({Side.HOST: Cause.OTHER, Side.WITNESS: Cause.BIDDER}) is None
    assert blame.agreed({Side.HOST: Cause.OTHER}) is None


def test_only_host_and_witness_state_and_only_the_supervisor_rules():
    def state(by: Any, facts: Facts = ASKED, *, failed: bool = True, decided: bool = False) -> list[str]:
        return codes(blame.why_not_state(facts, by=by, failed=failed, decided=decided))

    assert state(OFFICER) == state(WITNESS) == []
    for by in (OTHER_OFFICER, PROVIDER, SUPERVISOR):
        assert state(by) == state(by, failed=False) == ["cause.not-yours"]
    assert state(OFFICER, failed=False) == ["cause.not-failed"]
    assert state(OFFICER, decided=True) == ["cause.decided"]
    assert state(OFFICER, replace(ASKED, paused=True)) == ["hall.paused"]
    assert state(OFFICER, replace(ASKED, act=Act.RECORD)) == ["cause.recorded"]
    assert state(OFFICER, replace(ASKED, act=Act.CLOSED)) == ["cause.not-failed"]
    assert codes(blame.why_not_rule_on(ASKED, by=OFFICER, failed=True)) == ["cause.not-supervisor"]
    assert blame.why_not_rule_on(ASKED, by=SUPERVISOR, failed=True) == ()


def test_the_path_of_too_few_is_a_row_of_the_regime():
    works = Facts(act=Act.RECORD, hosts=frozenset({BUYER}), effective=2, few=FEW_PATHS["A"])
    assert rules.why_not_end(works, by=OFFICER) == ()
    assert codes(rules.why_not_end_in_failure(works, by=OFFICER)) == ["hall.panel-decides"]
    none = replace(works, effective=0)
    assert codes(rules.why_not_end(none, by=OFFICER)) == ["hall.too-few-effective"]
    assert rules.why_not_end_in_failure(none, by=OFFICER) == ()
    tender = replace(works, few=FEW_PATHS["B"])
    assert codes(rules.why_not_end(tender, by=OFFICER)) == ["hall.too-few-effective"]
    assert rules.why_not_end_in_failure(tender, by=OFFICER) == ()


@pytest.mark.django_db
def test_host_and_witness_agree_and_the_supervisor_still_overrules_before_the_record():
    tender = one_absent()
    [asked] = told("opening.causes-asked")
    assert asked["orgs"] == [LANGSHAN]
    assert stated(OFFICER) is None
    decision = stated(WITNESS, reason="系统中无任何释放记录")
    assert (decision.cause, decision.how) == ("bidder", "agreed")
    with pytest.raises(Refused) as why:
        stated(OFFICER, "other")
    assert why.value.reasons[0].code == "cause.decided"

    causes.rule_on_cause(
        project_number=NUMBER, bidder=LANGSHAN, cause="other", reason="该单位所在地当日断网，有运营商证明",
        by=SUPERVISOR, at=OVER + MINUTE,
    )  # fmt: skip
    advance_openings(by=SYSTEM, at=OVER + 3 * MINUTE)

    says = [(one["cause"], one["outcome"], one["how"]) for one in told("opening.cause-decided")]
    assert says == [("bidder", "revoked", "agreed"), ("other", "withdrawn", "supervisor")]
    drawn = canonical.parse(blobs.read(Opening.objects.get(tender=tender).record_sha256))
    outcomes = {one["org"]: one.get("not_opened", {}).get("outcome") for one in drawn["bidders"]}
    assert outcomes == {HETAO: None, YINSHAN: None, WULIANG: None, LANGSHAN: "withdrawn"}
    with pytest.raises(Refused) as why:
        causes.rule_on_cause(project_number=NUMBER, bidder=LANGSHAN, cause="bidder", reason="x", by=SUPERVISOR,
                             at=OVER + 4 * MINUTE)  # fmt: skip
    assert why.value.reasons[0].code == "cause.recorded"


@pytest.mark.django_db
def test_silence_and_disagreement_never_block_and_the_default_is_written_down():
    tender = one_absent()
    stated(OFFICER, "bidder")
    assert stated(WITNESS, "other") is None
    advance_openings(by=SYSTEM, at=OVER + 10 * MINUTE)
    assert Opening.objects.get(tender=tender).read_out_at is None

    advance_openings(by=SYSTEM, at=OVER + 11 * MINUTE)
    advance_openings(by=SYSTEM, at=OVER + 12 * MINUTE)

    [decided] = told("opening.cause-decided")
    assert (decided["how"], decided["outcome"], decided["by"]) == ("evidence", "revoked", "")
    assert Opening.objects.get(tender=tender).read_out_at
    with pytest.raises(IntegrityError), transaction.atomic():
        CauseDecision.objects.update(cause="other")


@pytest.mark.django_db
def test_a_reason_is_asked_and_a_bid_that_opened_has_no_cause():
    one_absent()
    for fields in ({"reason": " "}, {"cause": "weather"}):
        with pytest.raises(Refused):
            stated(OFFICER, **fields)
    with pytest.raises(Refused) as why:
        causes.state_cause(project_number=NUMBER, bidder=HETAO, cause="bidder", reason="x", by=OFFICER,
                           at=OVER + MINUTE)  # fmt: skip
    assert why.value.reasons[0].code == "cause.not-failed"
    assert not told("opening.cause-stated")


@pytest.mark.django_db
def test_what_was_tried_is_on_record_and_only_the_first_few_times():
    tender = make.open_hall()
    half = make.half(tender, HETAO, "sheet", at=LATER)
    fields = {key: value for key, value in half.items() if key not in ("v", "org", "gen", "ts", "sig", "unit")}
    wrong = make.said("rel/1", HETAO, {**fields, "b": canonical.b64u(bytes(32))}, number=NUMBER)
    for _ in range(blame.ATTEMPTS_KEPT + 2):
        with pytest.raises(Refused):
            make.heard(tender, [wrong], at=LATER)
    assert [one["code"] for one in told("opening.attempt-failed")] == ["BAD_BIDDER_HALF"] * blame.ATTEMPTS_KEPT
    assert "b" not in told("opening.attempt-failed")[0]

    make.heard(tender, [half], at=LATER)
    assert len(told("opening.bidder-released")) == 1


@pytest.mark.django_db
def test_the_page_shows_the_evidence_to_all_and_the_form_to_those_who_decide(monkeypatch):
    one_absent()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: OVER + MINUTE)
    bystander = Client().get(HALL).content.decode()
    assert f'data-unopened="{LANGSHAN}"' in bystander
    assert "本环节内没有收到开标一览表的有效解密凭据" in bystander
    assert "原因待认定" in bystander and "监督人员可改变认定" not in bystander
    assert 'id="hall-causes"' not in bystander
    for by, mark in (
        (OFFICER, "认定未能开启的原因"),
        (WITNESS, "认定未能开启的原因"),
        (SUPERVISOR, "裁定未能开启的原因"),
    ):
        assert mark in accounts.client_of(by).get(HALL).content.decode()
    assert 'id="hall-causes"' not in accounts.client_of(PROVIDER).get(HALL).content.decode()

    said = {"cause": "bidder", "reason": "未到场"}
    assert accounts.client_of(PROVIDER).post(f"{HALL}causes/{LANGSHAN}", said).status_code == 403
    for by in (OFFICER, WITNESS):
        assert accounts.client_of(by).post(f"{HALL}causes/{LANGSHAN}", said).status_code == 302
    seen = Client().get(HALL).content.decode()
    assert "监督人员可改变认定，剩余" in seen  # and the time that is left, for the record waits for it
    assert iso(Opening.objects.get().turn_ends)[:19] in seen
    assert "投标人原因 · 视为撤销其投标文件" in seen
    assert "认定为投标人原因，视为撤销其投标文件（主持人与见证人意见一致）：未到场" in seen
    assert cast.NAMES[LANGSHAN] in seen
