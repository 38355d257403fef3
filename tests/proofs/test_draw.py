"""A draw: the known answers, and what a silent, lying or cheating contributor gains (nothing)."""

import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs import draw, lots, sharing
from proofs.draw import BadDraw, Messages, Released, Unfinished, Void
from proofs.organisation import Organisation

VECTOR: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "draw1.json").read_text())


def placed(table: dict[str, Any]) -> dict[int, Any]:
    return {int(place): value for place, value in table.items()}


KNOWN = Messages(
    commits=placed(VECTOR["commits"]),
    deals=placed(VECTOR["deals"]),
    reveals={j: [bytes.fromhex(a) for a in row] for j, row in placed(VECTOR["reveals"]).items()},
)


def test_the_known_draw_comes_to_its_known_seed_and_result() -> None:
    spec = draw.parse_spec(VECTOR["spec"])
    assert spec.sid.hex() == VECTOR["sid"]
    outcome = draw.conclude(spec, VECTOR["pool"], KNOWN)
    assert (outcome.seed.hex(), outcome.result) == (VECTOR["seed"], VECTOR["result"])
    assert lots.ticket(outcome.seed, "IT", "E0001").hex() == VECTOR["ticket_IT_E0001"]
    assert outcome.recovered == ()


def test_the_known_recovery_gives_the_same_seed() -> None:
    spec = draw.parse_spec(VECTOR["spec"])
    reveals = {j: row for j, row in KNOWN.reveals.items() if j != 3}
    keys = [Released(i, 3, bytes.fromhex(sk)) for i, sk in placed(VECTOR["recovery_keys_for_3"]).items()]
    outcome = draw.conclude(spec, VECTOR["pool"], dataclasses.replace(KNOWN, reveals=reveals, keys=keys))
    assert (outcome.seed.hex(), outcome.recovered) == (VECTOR["seed"], (3,))


ID = "T/panel/1"
POOL = [{"cid": f"c{n:02d}", "org": f"o{n % 7}", "strata": ["A"] if n % 3 else ["A", "B"]} for n in range(30)]
STRATA = [{"key": "A", "need": 3, "standby": 2}, {"key": "B", "need": 2, "standby": 1}]


class Ceremony:
    """A draw among m people who each keep their seed, played through the public functions."""

    def __init__(self, m: int) -> None:
        self.people = [Organisation(f"org{i}", 1, bytes([i]) * 32) for i in range(1, m + 1)]
        keys = [(one.org, one.slot_keys(unit={"draw": ID}, role="d", count=m, first=1)) for one in self.people]
        self.spec = draw.parse_spec(draw.build_spec(id=ID, pool=POOL, strata=STRATA, contributors=keys))
        self.secret = {j: [bytes([j, c]) * 16 for c in range(self.spec.t)] for j in range(1, m + 1)}
        deals = {j: draw.make_deal(self.spec, j, row) for j, row in self.secret.items()}
        self.messages = self.over(Messages(reveals=dict(self.secret)), deals)

    def over(self, messages: Messages, deals: dict[int, str]) -> Messages:
        commits = {j: draw.deal_commitment(self.spec, j, deal) for j, deal in deals.items()}
        return dataclasses.replace(messages, deals=deals, commits=commits)

    def key(self, holder: int, dealer: int) -> Released:
        sk = self.people[holder - 1].slot_key(unit={"draw": ID}, role="d", slot=dealer)
        return Released(holder, dealer, sk)

    def conclude(self, messages: Messages) -> draw.Outcome:
        return draw.conclude(self.spec, POOL, messages)

    def cheat(self, j: int, *, holder: int, share: bytes | None = None, mark: bytes | None = None) -> Messages:
        """The messages with dealer j sealing something else to one holder."""
        deal = json.loads(self.messages.deals[j])
        if share is not None:
            other = json.loads(draw.make_deal(self.spec, j, [share] * self.spec.t))
            deal["s"][holder - 1]["e"] = other["s"][holder - 1]["e"]
        if mark is not None:
            deal["s"][holder - 1]["m"] = mark.hex()
        deals = {**self.messages.deals, j: draw.canonical.dumps(deal).decode()}
        return self.over(self.messages, deals)


@pytest.fixture(params=[3, 5, 7])
def ceremony(request: pytest.FixtureRequest) -> Ceremony:
    return Ceremony(request.param)


def without(table: Any, *places: int) -> dict[int, Any]:
    return {j: row for j, row in table.items() if j not in places}


def test_an_honest_draw_counts_everybody(ceremony: Ceremony) -> None:
    outcome = ceremony.conclude(ceremony.messages)
    assert outcome.counted == outcome.fixed == tuple(range(1, ceremony.spec.m + 1))


def test_silence_after_the_others_revealed_changes_nothing(ceremony: Ceremony) -> None:
    """Any t of the others' keys recover the value, whichever they are."""
    honest = ceremony.conclude(ceremony.messages)
    spec = ceremony.spec
    for first in range(2, spec.m - spec.t + 2):
        keys = [ceremony.key(holder, 1) for holder in range(first, first + spec.t)]
        silent = dataclasses.replace(ceremony.messages, reveals=without(ceremony.messages.reveals, 1), keys=keys)
        outcome = ceremony.conclude(silent)
        assert (outcome.seed, outcome.recovered) == (honest.seed, (1,))


def test_a_lie_at_the_reveal_is_recovered_like_silence(ceremony: Ceremony) -> None:
    honest = ceremony.conclude(ceremony.messages)
    lie = [bytes(32), *ceremony.secret[1][1:]]
    lying = dataclasses.replace(ceremony.messages, reveals={**ceremony.messages.reveals, 1: lie})
    with pytest.raises(Unfinished):
        ceremony.conclude(lying)
    keys = [ceremony.key(holder, 1) for holder in range(2, 2 + ceremony.spec.t)]
    outcome = ceremony.conclude(dataclasses.replace(lying, keys=keys))
    assert (outcome.seed, outcome.recovered) == (honest.seed, (1,))


def test_fewer_than_t_keys_recover_nothing_and_strangers_keys_are_none(ceremony: Ceremony) -> None:
    spec = ceremony.spec
    silent = dataclasses.replace(ceremony.messages, reveals=without(ceremony.messages.reveals, 1))
    few = [ceremony.key(holder, 1) for holder in range(2, 1 + spec.t)]
    false = [Released(holder, 1, bytes([holder]) * 32) for holder in range(1, spec.m + 1)]
    twice = [*few, *few]
    wrong_dealer = [Released(holder, 1, ceremony.key(holder, 2).sk) for holder in range(1, spec.m + 1)]
    for keys in (few, false, twice, wrong_dealer, [*few, *false]):
        with pytest.raises(Unfinished):
            ceremony.conclude(dataclasses.replace(silent, keys=keys))


def test_who_does_not_deal_or_deals_otherwise_is_out(ceremony: Ceremony) -> None:
    other = draw.make_deal(ceremony.spec, 1, [bytes(32)] * ceremony.spec.t)
    for deals in (without(ceremony.messages.deals, 1), {**ceremony.messages.deals, 1: other}):
        messages = dataclasses.replace(ceremony.messages, deals=deals)
        assert 1 not in draw.dealers(ceremony.spec, messages)
        assert ceremony.conclude(messages).counted == tuple(range(2, ceremony.spec.m + 1))


def test_a_committed_but_malformed_deal_is_out(ceremony: Ceremony) -> None:
    text = ceremony.messages.deals[1]
    for deal in (text + " ", text.replace('"j":1', '"j":2'), "", "null", text.replace("deal/1", "deal/2")):
        messages = ceremony.over(ceremony.messages, {**ceremony.messages.deals, 1: deal})
        assert 1 not in draw.dealers(ceremony.spec, messages)


def test_a_proven_bad_share_excludes_the_dealer(ceremony: Ceremony) -> None:
    for messages in (ceremony.cheat(1, holder=2, share=bytes(32)), ceremony.cheat(1, holder=2, mark=bytes(32))):
        complained = dataclasses.replace(messages, complaints=[ceremony.key(2, 1)])
        deal = draw.parse_deal(ceremony.spec, 1, messages.deals[1])
        assert draw.why_not_complain(ceremony.spec, deal, 2, ceremony.key(2, 1).sk) == ""
        assert ceremony.conclude(complained).counted == tuple(range(2, ceremony.spec.m + 1))


def test_a_false_complaint_beside_a_true_one_saves_nobody(ceremony: Ceremony) -> None:
    messages = ceremony.cheat(1, holder=2, share=bytes(32))
    for holders in ((2, 3), (3, 2)):
        complaints = [ceremony.key(holder, 1) for holder in holders]
        assert 1 not in draw.dealers(ceremony.spec, dataclasses.replace(messages, complaints=complaints))


def test_a_false_complaint_excludes_nobody(ceremony: Ceremony) -> None:
    honest = ceremony.conclude(ceremony.messages)
    for complaint in (
        ceremony.key(2, 1),
        Released(2, 1, bytes(32)),
        Released(9, 1, bytes(32)),
        Released(2, 9, bytes(32)),
    ):
        outcome = ceremony.conclude(dataclasses.replace(ceremony.messages, complaints=[complaint]))
        assert (outcome.seed, outcome.fixed) == (honest.seed, honest.fixed)


def test_a_cheat_nobody_complained_of_cannot_decide_later(ceremony: Ceremony) -> None:
    """One who dealt shares that fit no polynomial falls out whether he reveals or stays silent."""
    spec = ceremony.spec
    row = [bytes([7, c]) * 16 for c in range(spec.t)]
    mark = draw.share_mark(spec.sid, 1, 2, sharing.share(row, 2))
    messages = ceremony.cheat(1, holder=2, share=row[0], mark=mark)
    keys = [ceremony.key(holder, 1) for holder in range(1, spec.m + 1)]
    revealed = dataclasses.replace(messages, keys=keys)
    silent = dataclasses.replace(revealed, reveals=without(messages.reveals, 1))
    assert ceremony.conclude(revealed).counted == tuple(range(2, spec.m + 1))
    assert ceremony.conclude(revealed).seed == ceremony.conclude(silent).seed


def test_too_few_dealers_make_the_draw_void(ceremony: Ceremony) -> None:
    few = without(ceremony.messages.deals, *range(1, ceremony.spec.t + 1))
    with pytest.raises(Void):
        ceremony.conclude(dataclasses.replace(ceremony.messages, deals=few))


def test_a_share_sealed_in_one_draw_opens_in_no_other() -> None:
    one = Ceremony(3)
    deal = draw.parse_deal(one.spec, 1, one.messages.deals[1])
    assert draw.open_share(one.spec, deal, 2, one.key(2, 1).sk) == sharing.share(one.secret[1], 2)
    moved = dataclasses.replace(deal, sealed=(deal.sealed[1], deal.sealed[1], deal.sealed[2]))
    assert draw.open_share(one.spec, moved, 1, one.key(1, 1).sk) is None


@pytest.mark.parametrize(
    ("path", "value"),
    [(("t",), 1), (("t",), 3), (("v",), "draw/2"), (("contributors",), []), (("strata",), []), (("max_per_org",), 0),
     (("contributors", 0, "i"), 2), (("contributors", 1, "id"), "platform"), (("extra",), 1), (("beacon",), {}),
     (("contributors", 0, "keys"), "AAAA"), (("strata", 0, "need"), True), (("strata", 0, "key"), "IT"),
     (("strata", 0, "key"), "a\0b"), (("pool_sha256",), "00")],
)  # fmt: skip
def test_a_malformed_specification_is_refused(path: tuple[Any, ...], value: Any) -> None:
    changed: Any = copy.deepcopy(VECTOR["spec"])
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(BadDraw):
        draw.parse_spec(changed)


def test_an_even_number_of_contributors_is_refused() -> None:
    with pytest.raises(BadDraw, match="contributors"):
        draw.parse_spec({**VECTOR["spec"], "contributors": VECTOR["spec"]["contributors"][:2]})


def test_another_pool_is_refused() -> None:
    with pytest.raises(BadDraw, match="pool"):
        draw.conclude(draw.parse_spec(VECTOR["spec"]), VECTOR["pool"][1:], KNOWN)


def test_a_beacon_counts_exactly_where_it_is_named() -> None:
    one = Ceremony(3)
    values = {1: bytes(32)}
    named = dataclasses.replace(one.spec, beacon={"chain": "x", "round": 1})
    assert draw.seed(named, values, bytes(32)) != draw.seed(named, values, bytes([1]) * 32)
    for spec, randomness in ((named, None), (one.spec, bytes(32))):
        with pytest.raises(BadDraw, match="beacon"):
            draw.seed(spec, values, randomness)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=2), min_size=3, max_size=3))
def test_any_values_are_recovered_as_they_are_revealed(rows: list[list[bytes]]) -> None:
    one = Ceremony(3)
    deals = {j: draw.make_deal(one.spec, j, row) for j, row in enumerate(rows, start=1)}
    reveals = dict(enumerate(rows, start=1))
    full = one.over(Messages(reveals=reveals), deals)
    part = dataclasses.replace(full, reveals={1: rows[0]}, keys=[one.key(i, j) for i in (1, 3) for j in (2, 3)])
    assert one.conclude(full).seed == one.conclude(part).seed
