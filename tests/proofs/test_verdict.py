"""The verdict on an envelope: one answer for everybody, and the right name beside each fault."""

import io
from dataclasses import replace
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs import canonical, envelope, index, sharing, statement, verdict
from proofs.index import File
from proofs.organisation import Organisation
from proofs.releases import Releases
from proofs.verdict import NotThisEnvelope, Opened, Terms, Verdict
from tests.proofs import sealed
from tests.proofs.sealed import BIDDER, Bid

KCM = sealed.kcm(k=3, n=5)
BID = sealed.bid(committee=KCM, files=[File("投标函.pdf", b"%PDF" * 20_000)])
WITH_RECOVERY = sealed.kcm(k=2, n=3, recovery=(2, 3))
RECOVERABLE = sealed.bid(committee=WITH_RECOVERY, policy="B")
IDENTITIES = {BIDDER.org: {1: BIDDER.key}}


def opened(bid: Bid, released: Releases, **more: object) -> Opened:
    return verdict.open_envelope(bid.source(), bid.kcm.data, released, **more)  # type: ignore[arg-type]


def dealt(bid: Bid, secrets: list[bytes], *, c: bytes) -> Bid:
    """The envelope of a bidder who deals `secrets` but says and seals with c."""
    eid, kcm = bid.header.eid, bid.kcm
    header = envelope.deal(manifest=kcm, slot=2, policy="A", eid=eid, b=bid.half, polynomial=secrets)
    fields = {**header.fields(), "ccm": envelope.half_commitment("c", eid, c).hex()}
    data = canonical.dumps(fields)
    header = envelope.read_header(io.BytesIO(b"SBE1" + len(data).to_bytes(4, "big") + data))
    target = io.BytesIO()
    made = index.build(unit=kcm.unit, eid=eid.hex(), sheet=sealed.SHEET, files=[], by=BIDDER, ts=sealed.TS)
    envelope.write(target, header, envelope.payload_key(eid, bid.half, c), index.plaintext(made, []))
    return replace(bid, data=target.getvalue())


def with_share(bid: Bid, i: int, e: bytes) -> Bid:
    """The envelope with member i's ciphertext replaced, payload sealed anew under the new header."""
    fields = bid.header.fields()
    fields["c"]["s"][i - 1]["e"] = canonical.b64u(e)
    data = canonical.dumps(fields)
    header = envelope.read_header(io.BytesIO(b"SBE1" + len(data).to_bytes(4, "big") + data))
    target = io.BytesIO()
    made = index.build(unit=bid.kcm.unit, eid=header.eid.hex(), sheet=sealed.SHEET, files=[], by=BIDDER, ts=sealed.TS)
    key = envelope.payload_key(header.eid, bid.half, bid.rescue[0])
    envelope.write(target, header, key, index.plaintext(made, []))
    return replace(bid, data=target.getvalue())


def test_every_subset_of_holders_gives_the_same_verdict() -> None:
    subsets = chain.from_iterable(combinations(range(1, 6), size) for size in range(6))

    for subset in subsets:
        expected = Verdict.OK if len(subset) >= 3 else Verdict.INSUFFICIENT
        assert opened(BID, BID.released(subset)).verdict is expected


def test_every_subset_finds_an_inconsistent_dealing() -> None:
    other = [bytes([9]) * 32, bytes([8]) * 32, bytes([7]) * 32]
    cheat = dealt(BID, list(BID.rescue), c=BID.rescue[0])
    fields = cheat.header.fields()
    for i in (4, 5):  # two members get shares of another polynomial, each matching its own commitment
        fields["c"]["s"][i - 1]["m"] = envelope.share_commitment("c", BID.header.eid, i, sharing.share(other, i)).hex()
        from_other = envelope.deal(
            manifest=KCM, slot=2, policy="A", eid=BID.header.eid, b=BID.half, polynomial=other
        ).c.s[i - 1]
        fields["c"]["s"][i - 1]["e"] = canonical.b64u(from_other.e)
    data = canonical.dumps(fields)
    cheat = replace(BID, data=b"SBE1" + len(data).to_bytes(4, "big") + data + bytes(100))

    for subset in combinations(range(1, 6), 3):
        answer = opened(cheat, cheat.released(subset))
        assert (answer.verdict, answer.findings) == (Verdict.BAD_DEAL, ())


def test_a_secret_other_than_the_committed_one_is_the_bidders_fault() -> None:
    cheat = dealt(BID, list(BID.rescue), c=bytes(32))

    for subset in combinations(range(1, 6), 3):
        assert opened(cheat, cheat.released(subset)).verdict is Verdict.CCM
    assert opened(cheat, Releases(b=BID.half, rescue=BID.rescue)).verdict is Verdict.CCM


def test_garbage_for_one_member_is_named_and_ignored_if_enough_others_are_good() -> None:
    cheat = with_share(BID, 2, bytes(80))

    enough = opened(cheat, cheat.released([1, 2, 3, 5]))
    too_few = opened(cheat, cheat.released([1, 2, 3]))

    assert (enough.verdict, enough.findings[0]) == (Verdict.OK, ("BAD_SHARE", "c", 2))
    assert (too_few.verdict, too_few.findings) == (Verdict.INSUFFICIENT, (("BAD_SHARE", "c", 2),))


def test_a_wrong_key_is_its_members_fault_and_the_others_suffice() -> None:
    released = BID.released([1, 3, 5])
    released = replace(released, c={**released.c, 2: bytes([1]) * 32})

    answer = opened(BID, released, identities=IDENTITIES, sub=BID.sub)

    assert (answer.verdict, answer.findings) == (Verdict.OK, (("WRONG_KEY", "c", 2),))


def test_an_absent_bidder_and_a_wrong_half_under_policy_a() -> None:
    assert opened(BID, BID.released([1, 2, 3], b=False)).verdict is Verdict.ABSENT
    assert opened(BID, replace(BID.released([1, 2, 3]), b=bytes(32))).verdict is Verdict.BAD_BIDDER_HALF


def test_an_absent_bidders_half_is_recovered_under_policy_b_by_every_subset() -> None:
    for subset in combinations(range(1, 4), 2):
        assert opened(RECOVERABLE, RECOVERABLE.released([1, 2], subset, b=False)).verdict is Verdict.OK
    assert opened(RECOVERABLE, RECOVERABLE.released([1, 2], [3], b=False)).verdict is Verdict.ABSENT


def test_a_dishonest_recovery_dealing_is_proven_to_be_the_bidders() -> None:
    bid = RECOVERABLE
    honest, context = bid.header, bid.header.eid
    other = envelope.deal(manifest=bid.kcm, slot=2, policy="B", eid=context, b=bytes(32), polynomial=bid.rescue)
    data = canonical.dumps({**honest.fields(), "r": other.fields()["r"]})
    cheat = replace(bid, data=b"SBE1" + len(data).to_bytes(4, "big") + data + bytes(100))

    for subset in combinations(range(1, 4), 2):
        answer = opened(cheat, cheat.released([1, 2], subset, b=False))
        assert (answer.verdict, answer.findings) == (Verdict.BAD_DEAL, (("BAD_DEAL", "r"),))


def test_under_policy_c_it_opens_without_a_bidder_half() -> None:
    bid = sealed.bid(committee=KCM, policy="C")

    assert opened(bid, bid.released([1, 2, 3], b=False)).verdict is Verdict.OK
    assert opened(bid, bid.released([1, 2], b=False)).verdict is Verdict.INSUFFICIENT


def test_a_rescue_opens_and_a_wrong_rescue_is_refused() -> None:
    wrong = (*BID.rescue[:2], bytes(32))

    assert opened(BID, Releases(b=BID.half, rescue=BID.rescue)).verdict is Verdict.OK
    assert opened(BID, Releases(b=BID.half, rescue=wrong)).verdict is Verdict.BAD_RESCUE
    assert opened(BID, Releases(b=BID.half, rescue=BID.rescue[:2])).verdict is Verdict.BAD_RESCUE


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(BID.data) - 1), bit=st.integers(0, 7))
def test_no_changed_bit_opens_and_the_closing_manifest_frames_nobody(at: int, bit: int) -> None:
    data = bytearray(BID.data)
    data[at] ^= 1 << bit
    changed, released = replace(BID, data=bytes(data)), BID.released([1, 3, 5])

    answer = opened(changed, released)

    assert answer.verdict is not Verdict.OK
    if at >= len(BID.header.prefix):
        assert (answer.verdict, answer.findings) == (Verdict.PAYLOAD, ())
    with pytest.raises(NotThisEnvelope):
        opened(changed, released, env_sha256=BID.sub["env_sha256"])


@settings(max_examples=30, deadline=None)
@given(length=st.integers(0, len(BID.data) - 1))
def test_no_shortened_envelope_opens(length: int) -> None:
    answer = opened(replace(BID, data=BID.data[:length]), BID.released([1, 3, 5]))

    assert answer.verdict in (Verdict.HEADER, Verdict.PAYLOAD)


@pytest.mark.parametrize("other", [sealed.kcm(k=3, n=5, part="price"), sealed.kcm(k=3, n=5, tender="T-2")])
def test_an_envelope_replayed_into_another_unit_is_refused(other: object) -> None:
    answer = verdict.open_envelope(BID.source(), other.data, BID.released([1, 2, 3]))  # type: ignore[attr-defined]

    assert answer.verdict is Verdict.MANIFEST


def test_a_header_moved_to_another_slot_or_a_lower_threshold_does_not_open() -> None:
    for edit in ({"slot": 3}, {"slot": 0}, {"slot": 99}, {"pol": "C"}, {"cmh": "00" * 32}):
        data = canonical.dumps({**BID.header.fields(), **edit})
        edited = b"SBE1" + len(data).to_bytes(4, "big") + data + BID.data[len(BID.header.prefix) :]
        assert opened(replace(BID, data=edited), BID.released([1, 2, 3])).verdict is not Verdict.OK


def test_the_terms_pin_policy_and_manifest_and_slot_0_is_the_trial_openings() -> None:
    released = BID.released([1, 2, 3])
    trial = envelope.seal(
        target := io.BytesIO(),
        by=BIDDER,
        manifest=KCM,
        slot=0,
        policy="A",
        sheet={},
        files=[],
        ts=sealed.TS,
        rehearsal=True,
    )
    dummy = replace(BID, data=target.getvalue())

    assert trial.header.slot == 0
    assert opened(BID, released, terms=Terms(policy="C")).verdict is Verdict.HEADER
    assert opened(BID, released, terms=Terms(cmh=bytes(32))).verdict is Verdict.MANIFEST
    assert opened(BID, released, terms=Terms(cmh=KCM.cmh, policy="A")).verdict is Verdict.OK
    assert opened(dummy, dummy.released([1, 2, 3])).verdict is Verdict.HEADER
    assert opened(dummy, dummy.released([1, 2, 3]), terms=Terms(rehearsal=True)).verdict is Verdict.OK


def test_someone_elses_signature_inside_is_refused() -> None:
    stranger = Organisation(BIDDER.org, 1, bytes(32))
    released = BID.released([1, 2, 3])

    assert opened(BID, released, identities={BIDDER.org: {1: stranger.key}}).verdict is Verdict.SIGNATURE
    assert opened(BID, released, identities={}).verdict is Verdict.SIGNATURE
    other = statement.sign(
        "sub/1",
        {k: v for k, v in BID.sub.items() if k not in ("v", "org", "gen", "ts", "sig")},
        by=Organisation("91530000000000008W", 1, bytes(32)),
        ts=sealed.TS,
    )
    assert opened(BID, released, sub=other).verdict is Verdict.SIGNATURE


def test_without_trusted_keys_it_says_so() -> None:
    assert opened(BID, BID.released([1, 2, 3])).findings == ("unauthenticated",)
    assert opened(BID, BID.released([1, 2, 3]), identities=IDENTITIES, sub=BID.sub).findings == ()


def test_a_sub_is_verified_unless_its_caller_has_done_so() -> None:
    released, forged = BID.released([1, 2, 3]), {**BID.sub, "sig": canonical.b64u(bytes(64))}

    assert opened(BID, released, identities=IDENTITIES, sub=forged).verdict is Verdict.SIGNATURE
    assert opened(BID, released, identities=IDENTITIES, sub=forged, sub_signed=True).verdict is Verdict.OK
