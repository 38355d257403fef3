"""Keys are lost: any n−k of them and it still opens; fewer than k left and its bidder rescues it; a wrong one is named.

Every committee of three to seven and every threshold; every set of holders of the two sizes on which it turns.
"""

from dataclasses import replace
from itertools import combinations

import pytest

from proofs import envelope
from proofs.releases import Releases
from proofs.verdict import Opened, Terms, Verdict, open_envelope
from tests.proofs import sealed
from tests.proofs.sealed import BIDDER, Bid
from tests.proofs.test_verdict import with_share

TABLES = [(k, n) for n in range(3, 8) for k in range(2, n + 1)]


def opened(bid: Bid, released: Releases) -> Opened:
    return open_envelope(
        bid.source(), bid.kcm.data, released, terms=Terms(cmh=bid.kcm.cmh, policy="A"), sub=bid.sub,
        identities={BIDDER.org: {1: BIDDER.key}},
    )  # fmt: skip


@pytest.mark.parametrize(("k", "n"), TABLES)
def test_any_k_open_and_any_fewer_leave_it_to_the_rescue(k: int, n: int) -> None:
    bid = sealed.bid(committee=sealed.kcm(k=k, n=n))
    everyone = range(1, n + 1)

    for left in combinations(everyone, k):
        assert opened(bid, bid.released(left)).verdict is Verdict.OK, f"{left} of {n} should open"
    for left in combinations(everyone, k - 1):
        assert opened(bid, bid.released(left)).verdict is Verdict.INSUFFICIENT, f"{left} of {n} should not"
    few = bid.released(tuple(everyone)[: k - 1])
    assert opened(bid, Releases(b=few.b, c=few.c, rescue=bid.rescue)).verdict is Verdict.OK
    assert opened(bid, Releases(b=few.b, rescue=bid.rescue)).verdict is Verdict.OK


@pytest.mark.parametrize(("k", "n"), TABLES)
def test_whoever_gives_a_wrong_key_is_named_and_costs_nothing_while_k_others_are_good(k: int, n: int) -> None:
    bid = sealed.bid(committee=sealed.kcm(k=k, n=n))
    for wrong in range(1, n + 1):
        others = [i for i in range(1, n + 1) if i != wrong]
        keys = {i: bid.key(i) for i in others[:k]} | {wrong: bytes([9]) * 32}
        told = opened(bid, Releases(b=bid.half, c=keys))

        assert told.verdict is (Verdict.OK if len(others) >= k else Verdict.INSUFFICIENT)
        assert [finding for finding in told.findings if finding[0] == "WRONG_KEY"] == [named(wrong)]


def named(i: int) -> tuple[object, ...]:
    return ("WRONG_KEY", "c", i)


@pytest.mark.parametrize(("k", "n"), TABLES)
def test_every_wrong_share_is_named_as_the_bidders_by_every_set_that_meets_it(k: int, n: int) -> None:
    """Both what no key opens, and what opens well and is another share than the one committed to."""
    whole = sealed.bid(committee=sealed.kcm(k=k, n=n))
    header, polynomial = whole.header, [bytes([9 + at]) * 32 for at in range(k)]
    other = envelope.deal(
        manifest=whole.kcm, slot=header.slot, policy="A", eid=header.eid, b=whole.half, polynomial=polynomial
    )
    for wrong in range(1, n + 1):
        bid = with_share(whole, wrong, other.c.s[wrong - 1].e if wrong % 2 else bytes(80))
        for left in {tuple(range(1, n + 1)), *(combinations(range(1, n + 1), k) if wrong == n else ())}:
            told = open_envelope(bid.source(), bid.kcm.data, bid.released(left))

            good = len(set(left) - {wrong})
            assert told.verdict is (Verdict.OK if good >= k else Verdict.INSUFFICIENT), left
            named_share = [finding for finding in told.findings if finding[0] == "BAD_SHARE"]
            assert named_share == ([("BAD_SHARE", "c", wrong)] if wrong in left else []), left


def test_no_changed_byte_of_the_header_opens_whichever_it_is() -> None:
    bid = sealed.bid(committee=sealed.kcm(k=2, n=3))
    released = bid.released([1, 2])
    for at in range(len(bid.header.prefix)):
        data = bytearray(bid.data)
        data[at] ^= 1
        told = open_envelope(replace(bid, data=bytes(data)).source(), bid.kcm.data, released)

        assert told.verdict is not Verdict.OK, f"byte {at}"
