"""What bidders, holders, witnesses and supervisors are promised at the opening's one door."""

import io
from typing import Any

import pytest

from bidding.opening import conducting, hearing, services
from bidding.opening.models import Acknowledgement, HallObjection, HolderTurn, Opening, OpeningUnit, Release
from bidding.opening.tasks import advance_openings
from bidding.submission.models import Bid
from bidding.tender import queries as tenders
from ledger import blobs, keys
from ledger.models import Entry
from ledger.queries import entries_after
from market.projects.models import Project
from proofs import canonical, commitment, merkle, note, releases
from proofs.verdict import Verdict, open_envelope
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


def test_the_hall_names_every_bidder_with_the_proof_that_each_was_sealed_in_time():
    tender = make.open_hall()

    [said] = told("opening.hall-opened")
    listed = canonical.parse(blobs.read(said["bidders_sha256"]))
    assert said["count"] == 3
    assert not any(isinstance(value, list) for value in said.values())  # the entry is as long for a thousand bidders
    assert {one["name"] for one in listed} == {cast.NAMES[code] for code in (HETAO, YINSHAN, WULIANG)}
    listing = canonical.parse(blobs.read(said["live_sha256"]))
    proofs = canonical.parse(blobs.read(said["sealed_sha256"]))
    [closed] = told("tender.closed")
    assert {one["eid"] for one in listing["live"]} == {one["event"]["d"]["eid"] for one in proofs}
    for one in proofs:
        leaf = commitment.blinded_entry(one["event"], bytes.fromhex(one["nonce"]))
        assert merkle.verify_inclusion(
            index=one["index"],
            size=closed["sealed"]["size"],
            leaf=merkle.leaf_hash(leaf),
            proof=[bytes.fromhex(each) for each in one["proof"]],
            root=bytes.fromhex(closed["sealed"]["root"]),
        )
        assert one["event"]["d"]["received"] < "2026-11-24T04:00:00.000000Z"
        assert one["sub"]["eid"] == one["event"]["d"]["eid"]
    assert Project.objects.get(number=NUMBER).stage == "deciding"
    assert tender.closing.digest == closed["closing"]


def test_presence_is_noted_once():
    tender = make.open_hall()
    here = make.said("present/1", HETAO, {}, number=NUMBER)

    first, again = make.heard(tender, [here, here], at=LATER)

    assert first == again
    assert told("opening.present")[0]["name"] == cast.NAMES[HETAO]
    assert len(told("opening.present")) == 1


def test_a_released_half_gets_a_signed_word_and_the_same_word_again():
    tender = make.open_hall()
    half = make.half(tender, HETAO, "sheet", at=LATER)

    first, again = make.heard(tender, [half, half], at=LATER)

    assert first.note == again.note
    text = note.opened(first.note, keys.verifier("receipts"))
    assert f"releaser {HETAO} gen 1\n" in text
    assert len(told("opening.bidder-released")) == 1
    assert "b" not in told("opening.bidder-released")[0]


def test_what_was_taken_is_answered_again_though_it_ended_its_turn():
    tender = make.open_hall()
    bids = [unit.bid for unit in Opening.objects.get(tender=tender).units.select_related("bid")]
    halves = [make.half(tender, bid.organisation, bid.part, at=LATER) for bid in bids]
    signed = [make.key(tender, who, bid, at=LATER) for who in make.HOLDERS[:2] for bid in bids]

    for turn in (halves, signed):
        heard = make.heard(tender, turn, at=LATER)
        assert [one.note for one in make.heard(tender, turn, at=LATER)] == [one.note for one in heard]
    advance_openings(by=SYSTEM, at=LATER)
    assert [one.note for one in make.heard(tender, signed, at=LATER)] == [one.note for one in heard]
    record = Opening.objects.get(tender=tender).record_sha256
    ack = make.said("ack/1", HETAO, {"record_sha256": record}, number=NUMBER)
    here = make.said("present/1", HETAO, {}, number=NUMBER)
    objection = make.said("obj/1", HETAO, {"text": "唱标价格有误"}, number=NUMBER)
    first = make.heard(tender, [here, ack, objection], at=LATER)
    services.answer_objection(project_number=NUMBER, objection_seq=first[2].entry, text="无误", by=OFFICER, at=LATER)
    services.close_hall(project_number=NUMBER, by=OFFICER, at=LATER, reason="见证人离场")
    assert make.heard(tender, [here, ack, objection], at=LATER) == first


def test_a_wrong_half_is_refused_and_the_right_one_still_taken():
    tender = make.open_hall()
    half = make.half(tender, HETAO, "sheet", at=LATER)
    fields = {key: value for key, value in half.items() if key not in ("v", "org", "gen", "ts", "sig", "unit")}
    wrong = make.said("rel/1", HETAO, {**fields, "b": canonical.b64u(bytes(32))}, number=NUMBER)

    assert refused(tender, wrong) == "release.bad-half"
    make.heard(tender, [half], at=LATER)
    assert Release.objects.count() == 1


def test_a_rivals_envelope_and_one_that_never_was_get_the_same_answer():
    tender = make.open_hall()
    half = make.half(tender, HETAO, "sheet", at=LATER)
    fields = {key: value for key, value in half.items() if key not in ("v", "org", "gen", "ts", "sig", "unit")}
    stolen = make.said("rel/1", YINSHAN, fields, number=NUMBER)
    invented = make.said("rel/1", YINSHAN, {**fields, "eid": "00" * 16}, number=NUMBER)

    assert refused(tender, stolen) == refused(tender, invented) == "release.not-own"


def test_nobody_who_did_not_bid_releases_or_objects():
    tender = make.open_hall()
    half = make.half(tender, HETAO, "sheet", at=LATER)
    fields = {key: value for key, value in half.items() if key not in ("v", "org", "gen", "ts", "sig", "unit")}

    assert refused(tender, make.said("rel/1", LANGSHAN, fields, number=NUMBER)) == "hall.not-bidder"
    assert refused(tender, make.said("obj/1", LANGSHAN, {"text": "异议"}, number=NUMBER)) == "hall.not-bidder"
    assert refused(tender, make.said("present/1", LANGSHAN, {}, number=NUMBER)) == "hall.not-bidder"


def test_one_bidders_objections_that_wait_for_an_answer_are_not_endless():
    tender = make.open_hall()
    several = [make.said("obj/1", HETAO, {"text": f"异议 {n}"}, number=NUMBER) for n in range(6)]
    make.heard(tender, several[:5], at=LATER)

    assert refused(tender, several[5]) == "objection.too-many"
    make.heard(tender, [several[0], make.said("obj/1", YINSHAN, {"text": "异议"}, number=NUMBER)], at=LATER)
    [first, *_] = Entry.objects.filter(kind="opening.objected").order_by("seq")
    services.answer_objection(project_number=NUMBER, objection_seq=first.seq, text="不成立", by=OFFICER, at=LATER)
    make.heard(tender, [several[5]], at=LATER)


def test_a_half_after_the_turn_is_too_late():
    tender = make.open_hall()

    assert refused(tender, make.half(tender, HETAO, "sheet", at=LATER), at=OPENED + 30 * MINUTE) == "release.too-late"


def test_when_all_have_released_the_halves_of_what_is_read_out_are_published_together():
    tender = make.open_hall()
    make.halves_released(tender)

    [done] = told("opening.bidders-done")
    shown = canonical.parse(blobs.read(done["releases_sha256"]))
    assert (sum(map(len, done["released"].values())), done["absent"]) == (6, {"sheet": [], "body": []})
    assert [one["unit"]["part"] for one in shown] == ["sheet"] * 3
    bodies = Release.objects.filter(unit__bid__part="body", role="b")
    everything = "".join(Entry.objects.values_list("event", flat=True))
    assert all(canonical.parse(row.statement.encode())["b"] not in everything for row in bodies)


def test_a_holder_is_refused_before_the_bidders_are_done():
    tender = make.open_hall()
    make.halves_released(tender, [HETAO])
    bid = Bid.objects.get(organisation=HETAO, part="sheet")

    assert refused(tender, make.key(tender, cast.CENTRE, bid, at=LATER)) == "hall.not-this-turn"


def test_a_holder_releases_only_what_its_bidder_released():
    tender = make.open_hall(4)
    make.halves_released(tender, [HETAO, YINSHAN, WULIANG])
    advance_openings(by=SYSTEM, at=OVER)
    absent = Bid.objects.get(organisation=LANGSHAN, part="sheet")

    assert refused(tender, make.key(tender, cast.CENTRE, absent, at=OVER), at=OVER) == "release.not-released"
    assert not Release.objects.filter(unit__bid=absent).exists()


def test_who_is_no_holder_releases_no_key():
    tender = make.open_hall()
    make.halves_released(tender)
    bid = Bid.objects.get(organisation=HETAO, part="sheet")
    fields = {key: value for key, value in make.key(tender, cast.CENTRE, bid, at=LATER).items()
              if key not in ("v", "org", "gen", "ts", "sig", "unit")}  # fmt: skip

    assert refused(tender, make.said("rel/1", cast.BUREAU, fields, number=NUMBER)) == "release.not-holder"
    assert refused(tender, make.said("rel/1", cast.BUYER, fields, number=NUMBER)) == "release.not-holder"


def test_a_wrong_key_is_refused_kept_and_its_holder_named_with_evidence_anyone_can_rerun():
    tender = make.open_hall()
    make.halves_released(tender)
    bid = Bid.objects.get(organisation=HETAO, part="sheet")
    wrong = make.key(tender, cast.BUYER, bid, at=LATER, slot=999)

    assert refused(tender, wrong) == "release.wrong-key"
    assert Release.objects.get(good=False).organisation == cast.BUYER
    make.keys_released(tender, HOLDERS[1:])

    verdicts = {(one["org"], one["part"]): one for one in told("opening.verdict")}
    assert len(verdicts) == 6
    assert {one["verdict"] for one in verdicts.values()} == {"OK"}
    assert verdicts[HETAO, "sheet"]["findings"] == ["WRONG_KEY(1)"]
    spoken = [one for turn in told("opening.holder-released") if turn["part"] == "sheet"
              for one in canonical.parse(blobs.read(turn["releases_sha256"]))]  # fmt: skip
    halves = canonical.parse(blobs.read(told("opening.bidders-done")[0]["releases_sha256"]))
    opened = open_envelope(
        io.BytesIO(blobs.read(bid.env_sha256)),
        tenders.kcm_bytes(tenders.committee(tender, "sheet")),
        releases.from_statements([*halves, *spoken], bid.eid),
    )
    assert (opened.verdict, opened.sheet["price"]) == (Verdict.OK, "1000000.00")
    assert ("WRONG_KEY", "c", 1) in opened.findings


def test_a_wrong_key_that_opens_another_slot_is_never_shown():
    tender = make.open_hall()
    make.halves_released(tender)
    bid = Bid.objects.get(organisation=HETAO, part="sheet")
    other = Bid.objects.get(organisation=YINSHAN, part="sheet")
    wrong = make.key(tender, cast.BUYER, bid, at=LATER, slot=other.slot)

    assert refused(tender, wrong) == "release.wrong-key"
    make.keys_released(tender, HOLDERS[1:])

    assert not HolderTurn.objects.filter(organisation=cast.BUYER).exists()
    assert told("opening.verdict")[0]["verdict"] == "OK"


def test_a_wrong_key_can_be_set_right():
    tender = make.open_hall()
    make.halves_released(tender)
    bid = Bid.objects.get(organisation=HETAO, part="sheet")
    assert refused(tender, make.key(tender, cast.BUYER, bid, at=LATER, slot=999)) == "release.wrong-key"

    make.keys_released(tender, HOLDERS[:2])

    assert {one["verdict"] for one in told("opening.verdict")} == {"OK"}
    assert all(one["findings"] == [] for one in told("opening.verdict"))


def test_nothing_opens_with_fewer_keys_than_the_threshold():
    tender = make.open_hall()
    make.halves_released(tender)
    make.keys_released(tender, HOLDERS[:1])

    assert "opening.verdict" not in story()
    assert not OpeningUnit.objects.exclude(verdict="").exists()


def test_what_is_read_out_is_public_and_the_body_is_not():
    make.read_out_tender()

    for said in told("opening.verdict"):
        if said["part"] == "sheet":
            assert said["sheet"]["price"]
            assert blobs.read(said["env_sha256"])
        else:
            assert said["sheet"] is None
            assert not stored.path_of(said["env_sha256"]).exists()
    bodies = [turn for turn in told("opening.holder-released") if turn["part"] == "body"]
    row = HolderTurn.objects.filter(part="body").first()
    rows = Release.objects.filter(role="c", member=row.member, unit__bid__part="body").order_by("unit__bid__eid")
    spoken = [canonical.parse(one.statement.encode()) for one in rows]
    assert len(bodies) == 2
    assert commitment.matches(row.releases_sha256, commitment.RELEASE, spoken, bytes(row.salt))


def test_a_pause_stops_the_clock_and_what_was_left_is_left():
    tender = make.open_hall()
    conducting.pause(project_number=NUMBER, reason="网络故障", by=SUPERVISOR, at=OPENED + 29 * MINUTE)

    assert refused(tender, make.half(tender, HETAO, "sheet", at=LATER), at=OPENED + 29 * MINUTE) == "hall.paused"
    advance_openings(by=SYSTEM, at=OPENED + 5 * HOUR)
    assert "opening.bidders-done" not in story()

    conducting.resume(project_number=NUMBER, by=SUPERVISOR, at=OPENED + 89 * MINUTE)
    assert told("opening.resumed")[0]["window_ends"] == "2026-11-24T05:31:00.000000Z"
    make.heard(tender, [make.half(tender, HETAO, "sheet", at=LATER)], at=OPENED + 90 * MINUTE - MINUTE / 60)
    advance_openings(by=SYSTEM, at=OPENED + 91 * MINUTE)
    assert "opening.bidders-done" in story()


def test_the_record_is_signed_by_bidders_witness_and_host_once_each():
    tender = make.opened_tender()
    record = Opening.objects.get(tender=tender).record_sha256

    roles = sorted(Acknowledgement.objects.values_list("role", flat=True))
    assert roles == ["bidder"] * 3 + ["host", "witness"]
    drawn_up = canonical.parse(blobs.read(record))
    assert [one["sheet"]["price"] for one in drawn_up["bidders"]] == ["1000000.00", "1100000.00", "1250000.00"]
    assert told("opening.ended")[0]["record_sha256"] == record


def test_only_the_drawn_up_record_is_signed_and_only_by_its_signatories():
    tender = make.read_out_tender()
    record = Opening.objects.get(tender=tender).record_sha256

    def ack(code: str, sha256: str) -> Any:
        return make.said("ack/1", code, {"record_sha256": sha256}, number=NUMBER)

    assert refused(tender, ack(HETAO, "00" * 32)) == "record.other"
    assert refused(tender, ack(cast.NOTARY, record)) == "record.not-signatory"
    first, again = make.heard(tender, [ack(HETAO, record), ack(HETAO, record)], at=LATER)
    assert first == again


def test_an_objection_must_be_answered_before_the_end():
    tender = make.read_out_tender()
    objection = make.said("obj/1", HETAO, {"text": "唱标价格有误"}, number=NUMBER)
    first, again = make.heard(tender, [objection, objection], at=LATER)
    assert first == again

    with pytest.raises(Refused) as told_why:
        services.close_hall(project_number=NUMBER, by=OFFICER, at=LATER, reason="见证人离场")
    assert told_why.value.reasons[0].code == "hall.objections-open"
    services.answer_objection(project_number=NUMBER, objection_seq=first.entry, text="核对无误", by=OFFICER, at=LATER)
    with pytest.raises(Refused):
        services.answer_objection(project_number=NUMBER, objection_seq=first.entry, text="x", by=OFFICER, at=LATER)
    services.close_hall(project_number=NUMBER, by=OFFICER, at=LATER, reason="见证人离场")
    assert HallObjection.objects.get().answer == "核对无误"
    assert tender.project.log


def test_nonsense_is_refused_and_never_an_error():
    make.open_hall()
    nonsense = [
        {}, {"v": "rel/1"}, {"v": "sub/1"}, {"v": 5}, {"v": "rel/1", "role": "b"}, {"v": ["rel/1"]}, [], None, "x",
    ]  # fmt: skip

    for statement in nonsense:
        with pytest.raises(Refused):
            hearing.hear(project_number=NUMBER, statement=statement, at=LATER)


def test_a_lost_envelope_is_the_houses_fault_and_what_was_said_can_be_said_again():
    tender = make.open_hall()
    unit = OpeningUnit.objects.filter(bid__organisation=HETAO).first()
    path = stored.envelope(unit.bid.env_sha256)
    kept = path.rename(path.with_suffix(".lost"))
    said = make.half(tender, HETAO, unit.bid.part, at=LATER)

    assert refused(tender, said) == "hall.envelope-gone"
    assert not Release.objects.exists()

    kept.rename(path)
    make.heard(tender, [said], at=LATER)
    assert Release.objects.get().unit == unit


def test_a_statement_for_another_tender_is_refused():
    tender = make.open_hall()

    assert refused(tender, make.said("present/1", HETAO, {}, number="T-OTHER")) == "statement.other-tender"


def test_a_forged_signature_is_refused():
    tender = make.open_hall()
    said = make.said("present/1", HETAO, {}, number=NUMBER)

    assert refused(tender, {**said, "org": YINSHAN}) == "statement.bad-signature"
    accounts.organisation(cast.COLLEGE)
    assert refused(tender, {**said, "org": cast.COLLEGE}) == "statement.unknown-key"
