"""Choosing by tickets: independent of order, uniform, and fair when somebody refuses."""

import hashlib
import hmac
import itertools
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import canonical, lots
from proofs.canonical import NotCanonical
from proofs.lots import Stratum

SEED = hashlib.sha256(b"seed").digest()


def person(number: int, org: str = "", strata: tuple[str, ...] = ("A",)) -> dict[str, object]:
    return {"cid": f"c{number:04d}", "org": org or f"o{number}", "strata": list(strata)}


def cids(part: dict[str, object]) -> list[str]:
    return [*part["chosen"], *part["standby"]]  # type: ignore[misc]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), max_size=40),
    st.integers(0, 6), st.integers(0, 4), st.sampled_from([None, 1, 2]), st.randoms(),
)  # fmt: skip
def test_the_order_of_the_pool_does_not_matter_and_the_limits_hold(people, need, standby, limit, random) -> None:  # type: ignore[no-untyped-def]
    pool = [
        person(n, f"o{org}", tuple(key for key, belongs in (("A", a), ("B", b)) if belongs))
        for n, (org, a, b) in enumerate(people)
    ]
    strata = [Stratum("A", need, standby), Stratum("B", need, standby)]
    result = lots.select(SEED, pool, strata, max_per_org=limit)
    random.shuffle(pool)
    assert lots.select(SEED, pool, strata, max_per_org=limit) == result
    everybody = [cid for part in result for cid in cids(part)]
    assert len(set(everybody)) == len(everybody)
    org = {item["cid"]: item["org"] for item in pool}
    chosen = Counter(org[cid] for part in result for cid in part["chosen"])
    assert limit is None or max(chosen.values(), default=0) <= limit
    for part in result:
        assert len(part["chosen"]) + part["short"] == need
        assert len(part["standby"]) <= standby


@given(st.integers(0, 29))
def test_another_candidate_shifts_nobody(removed: int) -> None:
    """Without one who was not reached, the result is the same; without a chosen one, the next moves up."""
    pool = [person(n) for n in range(30)]
    full = lots.select(SEED, pool, [Stratum("A", 5, 5)])[0]
    less = lots.select(SEED, [p for p in pool if p["cid"] != f"c{removed:04d}"], [Stratum("A", 5, 4)])[0]
    assert cids(less) == [cid for cid in cids(full) if cid != f"c{removed:04d}"][:9]


def test_a_ticket_can_be_checked_alone() -> None:
    part = lots.select(SEED, [person(n) for n in range(30)], [Stratum("A", 30, 0)])[0]
    tickets = [lots.ticket(SEED, "A", cid) for cid in part["chosen"]]
    assert tickets == sorted(tickets)


def z(counts: list[int], expected: float, variance: float, degrees: int) -> float:
    """How many standard deviations χ² lies from its mean, for counts of the given single variance."""
    chi = sum((count - expected) ** 2 for count in counts) / variance
    return (chi - degrees) / math.sqrt(2 * degrees)


def test_the_draw_is_uniform() -> None:
    """12,000 fixed seeds: who is drawn (40 choose 5), in which pairs, and in which order (4!)."""
    runs, people, drawn = 12_000, 40, 5
    pool = [person(n) for n in range(people)]
    included: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    orders: Counter[tuple[str, ...]] = Counter()
    four = [person(n, strata=("F",)) for n in range(4)]
    both = [*pool, *({**item, "cid": f"f{n}"} for n, item in enumerate(four))]
    strata = [Stratum("A", drawn, 0), Stratum("F", 4, 0)]
    for run in range(runs):
        seed = hashlib.sha256(b"uniform %d" % run).digest()
        first, second = lots.select(seed, both, strata)
        included.update(first["chosen"])
        pairs.update(itertools.combinations(sorted(first["chosen"]), 2))
        orders[tuple(second["chosen"])] += 1
    p = drawn / people
    q = drawn * (drawn - 1) / (people * (people - 1))
    names = [item["cid"] for item in pool]
    single = [included[name] for name in names]
    paired = [pairs[pair] for pair in itertools.combinations(names, 2)]
    # The drawn of one run exclude each other, so the counts' common variance is that of sampling without replacement.
    assert abs(z(single, runs * p, runs * p * (1 - p) * people / (people - 1), people - 1)) < 4
    assert abs(z(paired, runs * q, runs * q * (1 - q), len(paired) - 1)) < 4
    assert len(orders) == 24
    assert abs(z(list(orders.values()), runs / 24, runs / 24, 23)) < 4


def test_a_refusal_moves_to_the_next_in_reserve_in_order() -> None:
    pool = [person(n) for n in range(20)]
    result = lots.select(SEED, pool, [Stratum("A", 3, 3)])
    first, second, third = result[0]["chosen"]
    reserve = result[0]["standby"]
    assert lots.seats(result, pool, []) == {"A": [first, second, third]}
    assert lots.seats(result, pool, [second]) == {"A": [first, third, reserve[0]]}
    assert lots.seats(result, pool, [second, reserve[0]]) == {"A": [first, third, reserve[1]]}
    assert lots.seats(result, pool, [reserve[0], second]) == {"A": [first, third, reserve[1]]}
    assert lots.seats(result, pool, [first, second, third, *reserve]) == {"A": []}


def test_a_reserve_of_a_full_organisation_is_passed_over() -> None:
    pool = [person(n, f"o{n % 3}") for n in range(9)]
    result = lots.select(SEED, pool, [Stratum("A", 2, 6)], max_per_org=1)
    org = {item["cid"]: item["org"] for item in pool}
    stays, leaves = result[0]["chosen"]
    seated = lots.seats(result, pool, [leaves], max_per_org=1)["A"]
    assert seated[0] == stays
    assert seated[1] == next(cid for cid in result[0]["standby"] if org[cid] != org[stays])


@pytest.mark.parametrize(
    "pool",
    [[person(2), person(1)], [person(1), person(1)], [{**person(1), "cid": "甲"}], [{**person(1), "cid": "a b"}],
     [{**person(1), "cid": "x" * 65}], [{**person(1), "extra": 1}], [{**person(1), "strata": "A"}],
     [{**person(1), "strata": ["A", "A"]}], [{**person(1), "cid": 7}], {}, None],
)  # fmt: skip
def test_a_pool_has_one_spelling(pool: object) -> None:
    with pytest.raises(NotCanonical):
        lots.pool_sha256(pool)  # type: ignore[arg-type]


def test_the_masked_id_is_an_hmac_anyone_can_repeat() -> None:
    assert lots.masked("E-17", bytes(32)) == hmac.new(bytes(32), b"E-17", hashlib.sha256).hexdigest()
    pool = [{**person(1), "cid": lots.masked("E-17", bytes(32))}]
    assert lots.pool_sha256(pool) == hashlib.sha256(canonical.dumps(pool)).hexdigest()
