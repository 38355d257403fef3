"""RECORD.zip in the browser says what `python -m proofs verify` says, of an honest record and of a false one."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from proofs import canonical, record, scoring
from proofs.prices import FORMULAS
from proofs.record import archive, checks
from tests.proofs.choices import HONEST
from tests.proofs.choices import LIES as CHOSEN
from tests.proofs.procurement import Procurement
from tests.proofs.rounds import Behind, Quoted
from tests.proofs.test_record import LIES as LOGGED
from tests.proofs.test_record import Owned
from tests.proofs.test_record_again import DRAWN, Again, another_value
from tests.proofs.test_record_early import EARLY, PICKED, Early, picked
from tests.proofs.test_record_two_envelopes import FAILED, earlier, story
from tests.proofs.test_revocation import FORGED, STORIES, revoked

CHECK = """async (data) => {
  const records = await import("/static/proofs/record.js");
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  try {
    const read = await records.read(bytes);
    return (await records.verify(read)).map(({name, holds, text}) => [name, holds, text]);
  } catch (wrong) { return wrong.name; }
}"""

MALFORMED = "数据不合规格"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return archive.write(Procurement(tmp_path_factory.mktemp("whole")).play().record())


def told(page: Page, data: bytes) -> Any:
    return page.evaluate(CHECK, base64.b64encode(data).decode())


def with_member(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    members = archive.unpack(data)
    return archive.pack({**members, name: change(members[name])})


def with_blob(data: bytes, kind: str, key: str, change: Callable[[Any], Any]) -> bytes:
    """A large object replaced under its old name."""
    entry = archive.read(data).one(kind)
    assert entry
    name = f"blobs/{entry.data[key]}"
    return with_member(data, name, lambda old: canonical.dumps(change(json.loads(old))))


def same(page: Page, data: bytes) -> dict[str, bool | None]:
    """What both say of it, line by line; where the data themselves are malformed, each in its own words."""
    python, script = record.verify(data).checks, told(page, data)
    assert [name for name, *_ in script] == [check.name for check in python] == list(record.CHECKS)
    for check, (_, holds, text) in zip(python, script, strict=True):
        assert holds is check.holds, (check, text)
        assert text == check.text or not holds and MALFORMED in check.text and MALFORMED in text, (check.text, text)
    return {check.name: check.holds for check in python}


def test_an_honest_record_holds_in_the_browser_as_on_the_command_line(page: Page, whole: bytes) -> None:
    assert same(page, whole) == dict.fromkeys(record.CHECKS, True)


@pytest.mark.parametrize("last", ["prepare", "close", "open", "draw"])
def test_half_a_story_holds_as_far_as_it_goes(page: Page, tmp_path: Path, last: str) -> None:
    play = Procurement(tmp_path)
    for act in ("prepare", "submit", "close", "open", "draw"):
        getattr(play, act)()
        if act == last:
            break

    assert None in same(page, archive.write(play.record())).values()


def test_two_envelopes_hold_and_a_failed_bidders_opened_price_is_found(page: Page, tmp_path: Path) -> None:
    honest = story(tmp_path / "honest").play()
    assert same(page, archive.write(honest.record())) == dict.fromkeys(record.CHECKS, True)

    false = story(tmp_path / "false")
    for act in ("prepare", "submit", "close", "open", "draw", "admit"):
        getattr(false, act)()
    false.price_session(false.price_of(FAILED))
    assert False in same(page, archive.write(false.record())).values()

    older = earlier(tmp_path / "earlier").play()  # as the first releases told it
    assert same(page, archive.write(older.record())) == dict.fromkeys(record.CHECKS, True)
    unknown = story(tmp_path / "unknown", **{"tech.passed": lambda data: {"passed": [1, 2]}}).play()
    assert told(page, archive.write(unknown.record())) == "NotCanonical"  # in words that name the kind


def test_rounds_of_quotes_and_other_orders_of_ranks_are_checked_line_by_line(page: Page, tmp_path: Path) -> None:
    whole = Quoted(tmp_path / "whole").play()
    assert same(page, archive.write(whole.record())) == dict.fromkeys(record.CHECKS, True)

    behind = Behind(tmp_path / "behind").play()
    assert same(page, archive.write(behind.record())) == dict.fromkeys(record.CHECKS, True)
    left_out = Behind(tmp_path / "left out", room=lambda rows: rows[:3] + rows[4:]).play()
    assert same(page, archive.write(left_out.record()))["room"] is False

    early = Quoted(tmp_path / "early")
    early.respond()
    early.draw()
    early.quote()
    early.evaluate()
    assert same(page, archive.write(early.record()))["report"] is None


def test_a_drawn_coefficient_and_an_earlier_report_are_checked_in_the_browser_as_well(
    page: Page, tmp_path: Path
) -> None:
    honest = Procurement(tmp_path / "honest", scoring=DRAWN).play()
    assert same(page, archive.write(honest.record())) == dict.fromkeys(record.CHECKS, True)
    false = Procurement(tmp_path / "false", scoring=DRAWN, lies={"report": another_value}).play()
    assert same(page, archive.write(false.record()))["report"] is False
    again = Again(tmp_path / "again")  # a panel that judged again shows its earlier report
    assert same(page, archive.write(again.play().record())) == dict.fromkeys(record.CHECKS, True)
    other = Again(tmp_path / "other")
    other.shows = {**Again.first, "seats": 5}
    assert same(page, archive.write(other.play().record()))["report"] is False
    early = Procurement(tmp_path / "early", scoring=DRAWN)
    for act in ("prepare", "submit", "close", "draw_parameters", "open", "draw", "evaluate"):
        getattr(early, act)()
    assert same(page, archive.write(early.record()))["report"] is False


@pytest.mark.parametrize(("kind", "lie", "check"), [
    ("bidding.round-called", lambda told: {**told, "last": False}, "report"),
    ("bidding.round-called", lambda told: {**told, "until": "2026-11-21T09:59:00.000000Z"}, "sealed"),
    ("bidding.round-closed", lambda told: {**told, "closing": "00" * 32}, "closing"),
    ("opening.session-opened", lambda told: {**told, "session": 5}, "releases"),
    ("opening.session-opened", lambda told: {**told, "bidders": told["bidders"][1:]}, "verdicts"),
    ("tech.passed", lambda told: {"passed": told["passed"][1:]}, "verdicts"),
    ("quotes", lambda rows: rows[1:], "verdicts"),
    ("quotes", lambda rows: [{**rows[0], "sheet": {**rows[0]["sheet"], "price": "1.00"}}, *rows[1:]], "verdicts"),
    ("quotes", lambda rows: [{**rows[0], "releases": rows[0]["releases"][:2]}, *rows[1:]], "verdicts"),
])  # fmt: skip
def test_a_lie_about_a_round_is_found_by_both(page: Page, tmp_path: Path, kind: str, lie: Any, check: str) -> None:
    assert same(page, archive.write(Quoted(tmp_path, rounds=1, **{kind: lie}).play().record()))[check] is False


REPORT = """async (data) => {
  const records = await import("/static/proofs/record.js");
  const checks = await import("/static/proofs/record/checks.js");
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const read = await records.read(bytes);
  return checks.run("report", ...records.CHECKS.report, read).then(({holds, text}) => [holds, text]);
}"""
LOOSE = ("不合规格", "not a selection/1")  # what is malformed is so in each one's own words


def test_choices_in_the_supermarket_and_every_lie_about_them_are_told_alike(page: Page, tmp_path: Path) -> None:
    for n, (make, _) in enumerate(HONEST.values()):
        found = same(page, archive.write(make(tmp_path / f"h{n}").play().record()))
        assert found["report"] and False not in found.values()
    for n, (way, lies) in enumerate(CHOSEN):
        data = archive.write(HONEST[way][0](tmp_path / f"l{n}").tells(lies).play().record())
        holds, text = page.evaluate(REPORT, base64.b64encode(data).decode())
        check = checks.run("report", *record.CHECKS["report"], archive.read(data))
        assert check.holds is holds is False, (way, check, text)
        assert text == check.text or any(word in text and word in check.text for word in LOOSE), (check.text, text)


LIES: dict[str, Callable[[bytes], bytes]] = {
    "a byte of a price": lambda data: with_member(
        data, "entries.jsonl", lambda old: old.replace(b'"verdict":"OK"', b'"verdict":"KO"', 1)
    ),
    "an entry left out": lambda data: with_member(data, "entries.jsonl", lambda old: old.split(b"\n", 1)[1]),
    "another checkpoint": lambda data: with_member(
        data, "checkpoint", lambda old: old.replace(b"\n", b"\n1", 1)
    ),
    "another report": lambda data: with_blob(
        data, "market.award-published", "report_sha256", lambda old: {**old, "seats": old["seats"] + 1}
    ),
    "another list": lambda data: with_blob(
        data, "opening.hall-opened", "live_sha256", lambda old: {**old, "live": old["live"][1:]}
    ),
    "a torn zip": lambda data: data[: len(data) // 2],
}  # fmt: skip


def test_the_lies_a_log_itself_tells_are_found_in_the_same_words(page: Page, tmp_path: Path) -> None:
    """Each round tells at once the next lie of every kind there is: every line but the log's own fails in turn."""
    told: dict[str, list[Any]] = {}
    for kind, lie, check in LOGGED:
        if check not in ("closing", "sealed"):
            told.setdefault(kind, []).append(lie)
    failed: set[str] = set()
    for number in range(max(map(len, told.values()))):
        lies = {kind: some[number] for kind, some in told.items() if number < len(some)}
        found = same(page, archive.write(Procurement(tmp_path / str(number), lies=lies).play().record()))
        failed |= {name for name, holds in found.items() if holds is False}
    assert failed >= {check for *_, check in LOGGED} - {"closing", "sealed"}


def test_where_a_revocation_stands_is_judged_alike_and_one_that_is_none_is_found(page: Page, tmp_path: Path) -> None:
    told = Procurement(tmp_path).play()
    for name, who, before, at, found in STORIES:
        answer = same(page, revoked(told, tmp_path / name, before=before, who=who, at=at))
        assert {check for check, holds in answer.items() if holds is False} == found, name
    answer = same(page, revoked(told, tmp_path / "forged", before="tender.terms", said=FORGED))
    assert {check for check, holds in answer.items() if holds is False} == {"sequence"}


@pytest.mark.parametrize(("own", "by_hand"), [(1, False), (2, False), (1, True)])
def test_seats_named_and_called_by_hand_are_told_alike(page: Page, tmp_path: Path, own: int, by_hand: bool) -> None:
    play = Owned(tmp_path)
    play.own, play.by_hand = own, by_hand
    for act in (play.prepare, play.draw, play.evaluate):
        act()
    assert same(page, archive.write(play.record()))["seats"] is ((own, by_hand) == (1, False))


def test_an_order_fixed_before_the_opening_and_a_panel_picked_are_followed_alike(page: Page, tmp_path: Path) -> None:
    for n, fault in enumerate(("", *EARLY)):
        play = Early(tmp_path / str(n))
        play.faults = frozenset({fault})
        assert same(page, archive.write(play.play().record()))["seats"] is (fault == ""), fault
    for n, fault in enumerate(("", *PICKED)):
        assert same(page, picked(tmp_path / f"p{n}", fault))["seats"] is (fault == ""), fault


@pytest.mark.parametrize("lie", LIES)
def test_what_the_command_line_refuses_the_browser_refuses(page: Page, whole: bytes, lie: str) -> None:
    data = LIES[lie](whole)
    try:
        assert not record.verify(data).holds
    except archive.Unreadable:
        assert told(page, data) == "NotCanonical"
        return

    assert False in same(page, data).values()


def test_prices_points_and_ranks_come_out_as_the_command_line_has_them(page: Page) -> None:
    """Thirds, halves and ties: exact fractions, two places, half up."""
    factors = [{"key": "tech", "name": "技术", "max": "70", "objective": False}]
    terms = {"price_weight": "30", "price_cap": "2000000", "small_deduction": "0.10", "category": "goods"}
    quotes = [
        ("1000000.00", False),
        ("1100000.00", True),
        ("1250000.00", False),
        ("1000000.01", True),
        ("1100000", True),
    ]
    points = [
        ("66.67", "33.33", "50"),
        ("70", "69.99", "0.01"),
        ("12.5", "12.5", "12.51"),
        ("1", "2", "4"),
        ("70", "69.99", "0.01"),
    ]
    bids = [
        {"org": f"o{n}", "name": f"n{n}", "quote": quote, "small": small, "compliant": True, "reasons": [],
         "scores": {f"s{seat}": {"tech": given} for seat, given in enumerate(points[n])}}
        for n, (quote, small) in enumerate(quotes)
    ]  # fmt: skip
    report = scoring.build_report(number="T", scoring={**terms, "factors": factors}, bids=bids, seats=3)
    ask = """async (report) => (await import("/static/proofs/scoring.js")).whyNotReport(report)"""

    assert page.evaluate(ask, report) == []
    found = [{"policies": ["domestic"]}, {}, {"corrected": {"to": "1240000", "rule": "words-figures"}}, {}, {}]
    for key, row in FORMULAS.items():
        figures = {name: {"k": "0.05", "over": "0.7"}.get(name, "0.3") for name in row.params}
        other = {
            **terms,
            "factors": factors,
            "formula": {"key": key, "params": figures},
            "policies": {"domestic": "0.2"},
        }
        told_of = [{**bid, **more} for bid, more in zip(bids, found, strict=True)]
        made = scoring.build_report(number="T", scoring=other, bids=told_of, seats=3, same_brand=[["o0", "o3"]])
        assert page.evaluate(ask, made) == [], key
        made["bids"][2]["corrected"] = {"to": "1240000", "rule": "a hunch"}
        assert page.evaluate(ask, made) == ["o2: corrected by no known rule"]
    factors, ranks = [{**factors[0], "technical": True}], set()
    for order in (["quote"], ["adjusted", "technical"], ["technical", "total"]):
        other = scoring.build_report(
            number="T", scoring={**terms, "factors": factors, "order": order}, bids=bids, seats=3
        )
        assert page.evaluate(ask, other) == []
        ranks.add(tuple(bid["rank"] for bid in other["bids"]))
    assert len(ranks) > 1
    report["bids"][4] |= dict.fromkeys(("adjusted", "price_points", "total", "rank"))
    report["bids"][4] |= {"compliant": False, "reasons": ["不满足"], "scores": {}}
    report = scoring.build_report(number="T", scoring=report["scoring"], bids=report["bids"], seats=3)
    bid = report["bids"][1]
    wrongs: list[dict[str, Any]] = [
        *({key: str(scoring.decimal(bid[key]) + scoring.CENT)} for key in ("adjusted", "price_points", "total")),
        {"rank": bid["rank"] + 1}, {"quote": "2000000.01"}, {"scores": {}}, {"reasons": ["x"], "compliant": False},
        {"scores": {**bid["scores"], "s1": {}}}, {"scores": {**bid["scores"], "s1": {"tech": "70.01"}}},
        {"compliant": False, "scores": {}}, {"org": report["bids"][4]["org"]},
    ]  # fmt: skip
    for change in wrongs:
        wrong = {**report, "bids": [report["bids"][0], {**bid, **change}, *report["bids"][2:]]}
        python, script = list(scoring.why_not_report(wrong)), page.evaluate(ask, wrong)
        assert python and (script == python or "not a report/1" in python[0] and "not a report/1" in script[0]), change
