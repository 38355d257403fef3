"""What a bidder is promised when he seals, hands in, replaces and takes back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from bidding.submission import queries, services
from bidding.submission.models import Bid, Closing, LateBid, StoredEnvelope, Withdrawal
from bidding.submission.tasks import close_bidding
from bidding.tender import queries as tenders
from bidding.tender.models import Slot
from ledger import keys, underway
from ledger.models import Entry, Log, Underway
from ledger.queries import entries_after
from proofs import canonical, commitment, merkle, note, receipt
from proofs import closing as closings
from rulebook.refusal import Refused
from tests import cast, final
from tests.cast import HETAO, HOUR, MINUTE, NOON, OFFICER, PROVIDER, RIVAL, SYSTEM
from tests.make import bidding_offers as make
from tests.make import blacklist, stored
from tests.make.ledger import sequenced
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
EARLY = NOON - HOUR
SAVEPOINT = 2  # a test is a transaction itself, so an act's own is a point in it


@pytest.fixture
def tender():
    return make.open_tender()


def submit(subs: list[Any], *, by=PROVIDER, at=EARLY) -> list[Bid]:
    return services.submit(project_number=NUMBER, subs=subs, by=by, at=at)


def upload(data: bytes, *, part="sheet", by=PROVIDER, at=EARLY) -> StoredEnvelope:
    return services.store_envelope(project_number=NUMBER, part=part, chunks=[data], by=by, at=at)


def code_of(refused: Any) -> str:
    return refused.value.reasons[0].code


def test_a_receipt_is_signed_and_opens_its_entry_in_the_sealed_log(tender):
    rows = make.sealed_bid(tender)

    for row, told in zip(rows, queries.receipts(rows), strict=True):
        read = receipt.opened(told["note"], keys.verifier("receipts"))
        leaf = commitment.blinded_entry(canonical.parse(told["event"].encode()), bytes.fromhex(told["nonce"]))
        assert read.leaf == merkle.leaf_hash(leaf).hex()
        assert (read.bidder, read.what.eid, read.what.envelope, read.what.sub) == (
            HETAO, row.eid, row.env_sha256, row.sub_sha256,
        )  # fmt: skip
        assert read.received == "2026-11-24T03:00:00.000000Z"


def test_nothing_of_a_bid_is_in_the_public_log_or_countable_in_its_receipt(tender):
    rows = make.sealed_bid(tender)

    assert not Entry.objects.filter(log=Log.PUBLIC, stream=tender.project.log).exists()
    events = [canonical.parse(told["event"].encode())["d"] for told in queries.receipts(rows)]
    assert all("seq" not in event for event in events)


def test_the_same_statements_again_get_the_same_receipts_even_after_the_deadline(tender):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    first = submit(subs)

    again = submit(subs, at=NOON + HOUR)

    assert [row.receipt for row in again] == [row.receipt for row in first]
    assert Bid.objects.count() == 2


def test_a_replacement_counts_and_the_replaced_version_stays(tender):
    make.sealed_bid(tender, price="1000000.00")
    second = make.sealed_bid(tender, price="990000.00", at=NOON - MINUTE)

    [live] = queries.live(tender)
    assert {row.pk for row in live.parts.values()} == {row.pk for row in second}
    assert Bid.objects.count() == 4
    assert len({row.eid for row in Bid.objects.all()}) == 4
    assert len({(row.part, row.slot) for row in Bid.objects.all()}) == 4


def test_a_withdrawal_is_receipted_and_a_new_bid_may_follow(tender):
    make.sealed_bid(tender)
    sheet = next(row for row in make.withdrawn(tender, PROVIDER) if row.part == "sheet")

    read = receipt.opened(sheet.receipt, keys.verifier("receipts"))
    assert (read.what.eid, read.what.seq) == (sheet.bid.eid, 2)
    assert queries.live(tender) == []
    [bid, _] = make.sealed_bid(tender, at=NOON - TICK)
    assert (bid.version, bid.replaces) == (3, "")
    assert [one.org for one in queries.live(tender)] == [HETAO]


def test_what_arrives_at_the_deadline_is_refused_with_a_signed_refusal_that_is_logged(tender):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)

    with pytest.raises(Refused) as refused:
        submit(subs, at=NOON)

    assert code_of(refused) == "bid.late"
    text = note.opened(str(refused.value.reasons[0].values["refusal"]), keys.verifier("receipts"))
    assert "received 2026-11-24T04:00:00.000000Z\ndeadline 2026-11-24T04:00:00.000000Z\n" in text
    late = LateBid.objects.select_related("entry").get()
    assert late.entry.log == Log.SEALED
    assert f"leaf sha256:{merkle.leaf_hash(bytes(late.entry.leaf)).hex()}" in text
    assert not Bid.objects.exists()


def test_handing_in_costs_few_statements_and_refusing_what_is_late_fewer(tender, django_assert_max_num_queries):
    """All bidders do it at the same instant, one after the other under one lock."""
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)

    with django_assert_max_num_queries(10 + SAVEPOINT), pytest.raises(Refused, match="bid.late"):
        submit(subs, at=NOON)
    with django_assert_max_num_queries(11 + SAVEPOINT):
        submit(subs)


def test_the_same_late_statements_get_the_same_refusal(tender):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    told = []
    for at in (NOON, NOON + HOUR):
        with pytest.raises(Refused) as refused:
            submit(subs, at=at)
        told.append(refused.value.reasons[0].values["refusal"])

    assert told[0] == told[1]
    assert LateBid.objects.count() == 1


def test_the_last_microsecond_is_in_time_while_the_drain_runs(tender):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    close_bidding(by=SYSTEM, at=NOON + timedelta(seconds=14))

    assert submit(subs, at=NOON - TICK)


def test_a_bid_that_came_in_time_counts_however_long_it_waits_in_a_house_that_lags(tender):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    over = NOON + timedelta(seconds=15)
    with underway.Answering(arrived_at=NOON - TICK, at=over):  # in this process, behind all that came before it
        close_bidding(by=SYSTEM, at=over)
        assert not Closing.objects.exists()
        assert submit(subs, at=NOON - TICK)
    close_bidding(by=SYSTEM, at=over + timedelta(seconds=2))  # another may wait behind the one just taken up
    assert not Closing.objects.exists()
    Underway.objects.create(process="another", oldest=NOON - TICK, told_at=over)
    later = over + timedelta(seconds=4)
    close_bidding(by=SYSTEM, at=later)
    assert not Closing.objects.exists()  # nor while another process lags

    with underway.Answering(arrived_at=NOON, at=later):  # what comes at the deadline is late, and holds up nothing
        close_bidding(by=SYSTEM, at=over + timedelta(seconds=6))

    assert {bid.eid for bid in Bid.objects.all()} == set(re.findall(r'"eid":"(\w+)"', Closing.objects.get().listing))
    assert underway.oldest(at=over + HOUR) is None


def test_what_was_stamped_in_time_but_comes_after_the_drain_is_refused_as_an_outage(tender):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    make.closed(tender)

    with pytest.raises(Refused) as refused:
        submit(subs, at=NOON - TICK)

    assert code_of(refused) == "bid.drained"
    assert "code bid.drained" in str(refused.value.reasons[0].values["refusal"])
    assert queries.live(tender) == []


def test_a_banned_provider_is_refused_and_nothing_is_recorded(tender):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    blacklist.sanction(code=HETAO)
    entries = Entry.objects.count()

    with pytest.raises(Refused) as refused:
        submit(subs)

    assert code_of(refused).startswith("blacklist.")
    assert not Bid.objects.exists()
    assert Entry.objects.count() == entries


def test_an_unencrypted_file_is_refused_and_not_stored(tender):
    services.allot_slots(project_number=tender.project.number, by=PROVIDER, at=EARLY)
    for data in (b"%PDF-1.7 1000000.00", b"", b"SB", b"SBE1", b"SBE1\0\0\0\xff{}"):
        with pytest.raises(Refused) as refused:
            upload(data)
        assert code_of(refused) in ("envelope.not-sealed", "envelope.malformed")

    assert not StoredEnvelope.objects.exists()
    assert not list(stored.envelope("00").parent.parent.glob("*/*.pdf"))


def test_an_envelope_over_the_limit_is_refused_while_it_comes_in(tender, settings):
    settings.ENVELOPE_LIMIT = 50_000
    slots = services.allot_slots(project_number=tender.project.number, by=PROVIDER, at=EARLY)
    data, _ = make.sealed(tender, HETAO, "sheet", slots["sheet"], sheet={"price": "1.00"}, at=EARLY)

    with pytest.raises(Refused) as refused:
        upload(data)

    assert code_of(refused) == "envelope.too-large"
    assert not list((stored.envelope("00").parent.parent.parent / "incoming").iterdir())


def test_a_truncated_envelope_is_refused(tender):
    slots = services.allot_slots(project_number=tender.project.number, by=PROVIDER, at=EARLY)
    data, _ = make.sealed(tender, HETAO, "sheet", slots["sheet"], sheet={"price": "1.00"}, at=EARLY)

    for length in (9, 500, len(data) - 65_600):
        with pytest.raises(Refused) as refused:
            upload(data[:length])
        assert code_of(refused) == "envelope.malformed"


def test_an_envelope_cut_in_its_payload_never_becomes_a_bid(tender):
    [sheet, body] = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    kept = StoredEnvelope.objects.get(part="sheet")
    cut = upload(stored.envelope(kept.sha256).read_bytes()[:-1])

    with pytest.raises(Refused) as refused:
        submit([{**sheet, "env_sha256": cut.sha256, "size": cut.size}, body])
    assert code_of(refused) == "statement.bad-signature"


def test_a_copy_of_a_rivals_envelope_is_refused_without_saying_whose_it_is(tender):
    slots = services.allot_slots(project_number=tender.project.number, by=RIVAL, at=EARLY)
    data, _ = make.sealed(tender, RIVAL.organisation, "sheet", slots["sheet"], sheet={"price": "1.00"}, at=EARLY)
    services.allot_slots(project_number=tender.project.number, by=PROVIDER, at=EARLY)

    with pytest.raises(Refused) as refused:
        upload(data)

    assert code_of(refused) == "bid.slot"
    assert RIVAL.organisation not in str(refused.value)


def test_an_envelope_for_another_part_or_tender_is_refused(tender):
    slots = services.allot_slots(project_number=tender.project.number, by=PROVIDER, at=EARLY)
    data, _ = make.sealed(tender, HETAO, "sheet", slots["sheet"], sheet={"price": "1.00"}, at=EARLY)

    with pytest.raises(Refused) as refused:
        upload(data, part="body")
    assert code_of(refused) == "envelope.other-terms"
    with pytest.raises(Refused) as refused:
        upload(data, part="price")
    assert code_of(refused) == "bid.parts"


def test_a_statement_of_another_or_for_another_tender_is_refused(tender):
    [sheet, body] = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    other = {key: value for key, value in sheet.items() if key not in ("v", "org", "gen", "ts", "sig", "unit")}

    with pytest.raises(Refused) as refused:
        submit([make.said("sub/1", HETAO, other, number="2026-ANDERE", at=EARLY), body])
    assert code_of(refused) == "bid.other-terms"
    with pytest.raises(Refused) as refused:
        submit([make.said("sub/1", RIVAL.organisation, other, number=tender.project.number, at=EARLY), body])
    assert code_of(refused) == "bid.not-own"
    with pytest.raises(Refused) as refused:
        submit([sheet, body], by=RIVAL)
    assert code_of(refused) == "bid.not-own"


def test_nonsense_is_refused_and_never_an_error(tender):
    for subs in ([], [{}], [{"v": "sub/1"}], [{"v": 3}], [{"v": "wd/1"}] * 9):
        with pytest.raises(Refused):
            submit(subs)


def test_half_a_bid_is_no_bid(tender):
    [sheet, _] = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)

    with pytest.raises(Refused) as refused:
        submit([sheet])

    assert code_of(refused) == "bid.part-missing"


def test_slots_are_given_again_until_used_and_never_twice(tender):
    def slots(by):
        return services.allot_slots(project_number=tender.project.number, by=by, at=EARLY)

    first = slots(PROVIDER)
    assert slots(PROVIDER) == first
    make.sealed_bid(tender)
    second, rival = slots(PROVIDER), slots(RIVAL)
    assert len({one["sheet"] for one in (first, second, rival)}) == 3
    assert not Slot.objects.filter(number=0).exists()


def test_a_bidder_cannot_use_up_the_slots(tender):
    for _ in range(16):
        make.sealed_bid(tender)

    with pytest.raises(Refused):
        make.sealed_bid(tender)


def test_a_bidder_sees_his_own_bid_and_nobody_elses(tender):
    mine = make.sealed_bid(tender)
    make.sealed_bid(tender, RIVAL, price="2.00")

    told = queries.my_bid(tender, viewer=PROVIDER)
    assert {one["eid"] for one in told["versions"]} == {row.eid for row in mine}
    for viewer in (OFFICER, cast.SUPERVISOR, cast.WITNESS, cast.STRANGER):
        assert queries.my_bid(tender, viewer=viewer) == {"versions": [], "withdrawals": [], "next": {}}
        with pytest.raises(StoredEnvelope.DoesNotExist):
            queries.own_envelope(tender, mine[0].env_sha256, viewer=viewer)
    with pytest.raises(StoredEnvelope.DoesNotExist):
        queries.own_envelope(tender, mine[0].env_sha256, viewer=RIVAL)


def test_the_database_refuses_a_late_row_and_any_change(tender):
    [row, _] = make.sealed_bid(tender)
    changes = [
        f"UPDATE bidding_bid SET received_at = closes_at WHERE id = {row.pk}",
        f"DELETE FROM bidding_bid WHERE id = {row.pk}",
    ]
    for sql in changes:
        with final.refused(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    late = {field.name: getattr(row, field.name) for field in Bid._meta.fields if field.name not in ("id", "entry")}
    entry = Withdrawal._meta.get_field("entry").related_model.objects.exclude(pk=row.entry_id).first()
    fresh = {**late, "eid": "e", "env_sha256": "x", "sub_sha256": "y", "slot": 200, "version": 9, "entry": entry}
    with pytest.raises(IntegrityError), transaction.atomic():
        Bid.objects.create(**{**fresh, "received_at": NOON})


def test_closing_commits_to_the_live_list_and_tells_nothing_of_it(tender):
    make.sealed_bid(tender)
    make.sealed_bid(tender, RIVAL, price="2.00")
    make.sealed_bid(tender, price="3.00")
    make.withdrawn(tender, RIVAL)
    assert queries.how_many(tender) == len(queries.live(tender)) == 1

    closing = make.closed(tender)

    [entry] = entries_after(tender.project.log)
    assert entry.kind == "tender.closed"
    told = canonical.parse(entry.event.encode())["d"]
    assert set(told) == {"stream", "seq", "closing", "sealed", "note"}
    assert told["closing"] == closings.commitment(bytes(closing.nonce), closing.listing.encode())
    listing = closings.parse(closing.listing.encode())
    assert {one["eid"] for one in listing["live"]} == {row.eid for row in queries.live(tender)[0].parts.values()}
    assert HETAO not in entry.event


def test_the_list_is_announced_only_under_a_signed_checkpoint_that_holds_it(tender):
    make.sealed_bid(tender)
    at = NOON + timedelta(seconds=15)

    close_bidding(by=SYSTEM, at=at)
    close_bidding(by=SYSTEM, at=at)
    assert entries_after(tender.project.log) == []

    sequenced(at=at)
    close_bidding(by=SYSTEM, at=at)
    assert [entry.kind for entry in entries_after(tender.project.log)] == ["tender.closed"]
    close_bidding(by=SYSTEM, at=at + HOUR)
    assert Closing.objects.count() == len(entries_after(tender.project.log)) == 1


def test_where_witnesses_are_set_nothing_is_announced_before_their_quorum(tender, settings):
    settings.QUORUM = 1
    make.sealed_bid(tender)

    make.closed(tender)

    assert entries_after(tender.project.log) == []


def test_after_the_closing_each_bidder_gets_his_own_proof(tender):
    make.sealed_bid(tender)
    assert "inclusion" not in queries.my_bid(tender, viewer=PROVIDER)["versions"][0]

    make.closed(tender)

    for told in queries.my_bid(tender, viewer=PROVIDER)["versions"]:
        place = told["inclusion"]
        leaf = commitment.blinded_entry(canonical.parse(told["event"].encode()), bytes.fromhex(told["nonce"]))
        assert told["tlog_proof"]
        assert merkle.leaf_hash(leaf)
        assert place["index"] < place["size"]


def test_the_committees_parts_are_the_parts_of_a_bid(tender):
    assert list(tenders.committees(tender)) == ["sheet", "body"]
