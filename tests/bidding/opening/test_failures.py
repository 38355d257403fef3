"""Where an opening does not go well: whose fault it is, what is done about it, what stays sealed."""

from typing import Any

import pytest

from accounts.models import Message
from bidding.opening import hall, queries, services, unsealing
from bidding.opening.models import Opening
from bidding.opening.tasks import advance_openings
from bidding.submission.models import Bid
from bidding.tender import queries as tenders
from ledger import underway
from ledger.models import Entry
from ledger.queries import entries_after
from market.notices.models import Notice
from market.projects.models import Project
from proofs import canonical
from rulebook import clock
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HETAO, HOUR, LANGSHAN, MINUTE, NOON, OFFICER, SUPERVISOR, SYSTEM, WULIANG, YINSHAN
from tests.make import accounts, stored
from tests.make import bidding_offers as make
from tests.make.bidding import HOLDERS
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
OPENED = NOON + MINUTE
LATER = NOON + 2 * MINUTE
OVER = OPENED + 31 * MINUTE


def refused(tender: Any, statement: Any, *, at: Any = LATER) -> str:
    with pytest.raises(Refused) as told:
        make.heard(tender, [statement], at=at)
    return told.value.reasons[0].code


def story() -> list[str]:
    return [entry.kind for entry in entries_after(f"project/{NUMBER}")]


def told(kind: str) -> list[dict[str, Any]]:
    found = Entry.objects.filter(stream=f"project/{NUMBER}", kind=kind).order_by("seq")
    return [canonical.parse(entry.event.encode())["d"] for entry in found]


def test_late_holders_lead_to_a_rescue_by_the_bidders_themselves():
    tender = make.open_hall()
    make.halves_released(tender)
    make.keys_released(tender, HOLDERS[:1])
    over = LATER + 31 * MINUTE
    advance_openings(by=SYSTEM, at=over)
    assert len(told("opening.rescue-declared")[0]["eids"]) == 6

    rescues = [make.rescue(tender, code, part, at=over) for code in (HETAO, YINSHAN) for part in ("sheet", "body")]
    make.heard(tender, [*rescues, rescues[0]], at=over + MINUTE)
    advance_openings(by=SYSTEM, at=over + MINUTE)
    assert Opening.objects.get().read_out_at is None
    advance_openings(by=SYSTEM, at=over + 32 * MINUTE)

    verdicts = {(one["org"], one["part"]): one["verdict"] for one in told("opening.verdict")}
    assert verdicts[HETAO, "sheet"] == verdicts[YINSHAN, "body"] == "OK"
    assert verdicts[WULIANG, "sheet"] == verdicts[WULIANG, "body"] == "INSUFFICIENT"
    assert Opening.objects.get().read_out_at is None
    advance_openings(by=SYSTEM, at=over + 43 * MINUTE)
    assert Opening.objects.get().read_out_at


def test_a_false_rescue_is_refused():
    tender = make.open_hall()
    make.halves_released(tender)
    over = LATER + 31 * MINUTE
    assert refused(tender, make.rescue(tender, HETAO, "sheet", at=over), at=over) == "hall.not-this-turn"
    advance_openings(by=SYSTEM, at=over)
    right = make.rescue(tender, HETAO, "sheet", at=over)
    fields = {key: value for key, value in right.items() if key not in ("v", "org", "gen", "ts", "sig", "unit")}
    wrong = make.said("rel/1", HETAO, {**fields, "rescue": [canonical.b64u(bytes(32))] * 2}, number=NUMBER)

    assert refused(tender, wrong, at=over) == "rescue.bad"


def test_a_release_that_came_within_the_turn_counts_however_long_it_waits_in_a_house_that_lags():
    tender = make.open_hall()
    make.halves_released(tender, [YINSHAN, WULIANG])
    came = OPENED + 29 * MINUTE
    with underway.Answering(arrived_at=came, at=OVER):
        advance_openings(by=SYSTEM, at=OVER)
        assert not told("opening.bidders-done")
        make.heard(tender, [make.half(tender, HETAO, part, at=came) for part in ("sheet", "body")], at=came)
    advance_openings(by=SYSTEM, at=OVER + MINUTE)

    [done] = told("opening.bidders-done")
    assert not any(done["absent"].values())
    assert underway.oldest(at=OVER + HOUR) is None


def test_a_damaged_file_is_the_platforms_fault_and_its_bidders_copy_restores_it(monkeypatch):
    tender = make.open_hall()
    bid = Bid.objects.get(organisation=HETAO, part="body")
    copy = stored.envelope(bid.env_sha256).read_bytes()
    stored.envelope(bid.env_sha256).write_bytes(copy[:-1] + bytes([copy[-1] ^ 1]))
    make.halves_released(tender)
    make.keys_released(tender)
    make.advance_openings(by=SYSTEM, at=LATER + MINUTE)

    assert [one["org"] for one in told("opening.envelope-damaged")] == [HETAO]
    assert len(told("opening.verdict")) == 5

    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: LATER + 2 * MINUTE)

    def restore(data: bytes, by=cast.PROVIDER) -> int:
        door = f"/api/projects/{NUMBER}/my-copies/{bid.env_sha256}"
        return accounts.client_of(by).put(door, data, content_type="application/octet-stream").status_code

    place = f"/projects/{NUMBER}/bid/copies/"

    def wanted(by=cast.PROVIDER) -> tuple[str, ...]:
        seen = accounts.client_of(by)
        hall = seen.get(f"/projects/{NUMBER}/hall/actions").content.decode()
        found = seen.get(place).context["copies"]
        assert {row["sub"]["org"] for row in found.rows} <= {by.organisation}
        assert ("请补传标书原件" in hall) is bool(found.wanted)
        return found.wanted

    assert (wanted(), wanted(cast.RIVAL), wanted(OFFICER)) == ((bid.env_sha256,), (), ())
    assert [one.to_organisation_id for one in Message.objects.filter(link=place)] == [HETAO]
    assert [restore(copy[:-1]), restore(copy, cast.RIVAL), restore(copy, OFFICER)] == [422, 409, 409]
    stored.envelope(bid.env_sha256).unlink()
    lost = accounts.client_of(cast.PROVIDER).get(f"/api/projects/{NUMBER}/my-bid/{bid.env_sha256}")
    assert lost.status_code == 409 and lost.json()["reasons"][0]["code"] == "copy.lost"
    assert restore(copy) == 204
    assert not wanted()
    make.advance_openings(by=SYSTEM, at=LATER + 3 * MINUTE)
    assert {one["verdict"] for one in told("opening.verdict")} == {"OK"}


def test_large_envelopes_are_told_one_by_one_and_a_damaged_one_holds_up_no_other(monkeypatch):
    monkeypatch.setattr(unsealing, "AT_A_TIME", 1)
    tender = make.open_hall()
    lost = Bid.objects.get(organisation=HETAO, part="sheet")
    make.halves_released(tender)
    stored.envelope(lost.env_sha256).unlink()
    make.keys_released(tender)

    for decided in range(1, 6):
        assert len(told("opening.verdict")) == decided
        assert not told("opening.causes-asked")
        advance_openings(by=SYSTEM, at=LATER + MINUTE)
    assert len(told("opening.verdict")) == 5
    advance_openings(by=SYSTEM, at=LATER + 31 * MINUTE)
    assert [one["eids"] for one in told("opening.rescue-declared")] == [[lost.eid]]


def test_a_file_that_cannot_be_restored_ends_as_the_platforms_fault():
    tender = make.open_hall()
    bid = Bid.objects.get(organisation=HETAO, part="sheet")
    stored.envelope(bid.env_sha256).unlink()
    half = [make.half(tender, HETAO, "body", at=LATER)]
    make.halves_released(tender, [YINSHAN, WULIANG])
    make.heard(tender, half, at=LATER)
    advance_openings(by=SYSTEM, at=OVER)
    make.keys_released(tender, at=OVER)

    verdicts = {(one["org"], one["part"]): one["verdict"] for one in told("opening.verdict")}
    assert verdicts[HETAO, "body"] == "OK"
    advance_openings(by=SYSTEM, at=OVER + 31 * MINUTE)
    advance_openings(by=SYSTEM, at=OVER + 63 * MINUTE)
    [last] = [one for one in told("opening.verdict") if one["org"] == HETAO and one["part"] == "sheet"]
    assert (last["verdict"], last["findings"]) == ("INSUFFICIENT", ["ENVELOPE_LOST"])


def test_two_left_are_not_opened_and_stay_sealed_for_good():
    tender = make.open_tender()
    for bidder, price in zip(make.BIDDERS[:3], make.PRICES, strict=False):
        make.sealed_bid(tender, bidder, price=price)
    make.withdrawn(tender, cast.THIRD)
    closing = make.closed(tender)
    assert queries.few_closing(tender, viewer=OFFICER, at=OPENED) is None
    given = queries.few_closing(tender, viewer=SUPERVISOR, at=OPENED)
    assert given["list"] == closing.listing
    assert len(given["sealed"]) == 4

    few = make.said("few/1", cast.BUREAU, {"closing": given["closing"], "min": 3}, number=NUMBER)
    assert refused(tender, make.said("few/1", HETAO, {"closing": given["closing"], "min": 3}, number=NUMBER)) == (
        "few.not-supervisor"
    )
    with pytest.raises(Refused):
        services.declare_too_few(project_number=NUMBER, by=OFFICER, at=LATER)
    make.heard(tender, [few, few], at=LATER)
    services.declare_too_few(project_number=NUMBER, by=OFFICER, at=LATER)

    assert Project.objects.get(number=NUMBER).stage == "failed"
    assert told("opening.not-opened")[0]["min"] == 3
    [why] = hall.picture(queries.stand(Project.objects.get(number=NUMBER), at=LATER), seq=1).reasons
    assert (why.code, str(why.law)) == ("hall.too-few-bids", "87号令 第41条")
    everything = "".join(Entry.objects.filter(log="public", stream=tender.project.log).values_list("event", flat=True))
    everything += "".join(Notice.objects.values_list("text", flat=True))
    for code in (HETAO, YINSHAN, WULIANG):
        assert code not in everything
        assert cast.NAMES[code] not in everything
    assert queries.few_closing(tenders.tender(NUMBER), viewer=SUPERVISOR, at=LATER) is None
    with pytest.raises(Refused):
        services.open_hall(project_number=NUMBER, by=OFFICER, at=LATER)


def test_the_supervisor_gets_no_list_before_the_deadline_or_when_there_are_enough():
    tender = make.open_tender()
    make.sealed_bid(tender)
    assert queries.few_closing(tender, viewer=SUPERVISOR, at=NOON - HOUR) is None

    for bidder in make.BIDDERS[1:3]:
        make.sealed_bid(tender, bidder)
    make.closed(tender)
    assert queries.few_closing(tender, viewer=SUPERVISOR, at=OPENED) is None


def test_fewer_than_three_opened_fail_the_project_after_the_record():
    tender = make.open_hall()
    make.halves_released(tender, [HETAO, YINSHAN])
    advance_openings(by=SYSTEM, at=OVER)
    make.keys_released(tender, at=OVER)

    with pytest.raises(Refused) as told_why:
        services.end_in_failure(project_number=NUMBER, by=OFFICER, at=OVER + MINUTE)
    assert told_why.value.reasons[0].code == "hall.causes-open"
    settled = OVER + 11 * MINUTE
    advance_openings(by=SYSTEM, at=settled)
    with pytest.raises(Refused) as told_why:
        services.close_hall(project_number=NUMBER, by=OFFICER, at=settled)
    assert told_why.value.reasons[0].code == "hall.too-few-effective"
    services.end_in_failure(project_number=NUMBER, by=OFFICER, at=settled)

    assert Project.objects.get(number=NUMBER).stage == "failed"
    assert story()[-1] == "market.notice-published"
    said = Notice.objects.get(type="failure").text
    assert "视为撤销 1 家" in said
    assert cast.NAMES[WULIANG] not in said


def test_an_absent_bidder_is_absent_and_the_others_go_on():
    tender = make.open_hall(4)
    make.halves_released(tender, [HETAO, YINSHAN, WULIANG])
    advance_openings(by=SYSTEM, at=OVER - 2 * MINUTE)
    assert "opening.bidders-done" not in story()
    advance_openings(by=SYSTEM, at=OVER)
    make.keys_released(tender, at=OVER)

    absent = told("opening.bidders-done")[0]["absent"]
    assert {part: len(eids) for part, eids in absent.items()} == {"sheet": 1, "body": 1}
    verdicts = {(one["org"], one["part"]): one["verdict"] for one in told("opening.verdict")}
    assert verdicts[LANGSHAN, "sheet"] == verdicts[LANGSHAN, "body"] == "ABSENT"
    assert sorted(verdicts.values()).count("OK") == 6
    sheet = Bid.objects.get(organisation=LANGSHAN, part="sheet")
    assert not stored.path_of(sheet.env_sha256).exists()
