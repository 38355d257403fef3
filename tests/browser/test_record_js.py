"""RECORD.zip in the browser says what `python -m proofs verify` says, of an honest record and of a false one."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from proofs import canonical, record, scoring
from proofs.prices import FORMULAS
from proofs.record import archive
from tests.proofs.procurement import Procurement
from tests.proofs.test_record_two_envelopes import FAILED, story

CHECK = """async (data) => {
  const records = await import("/static/proofs/record.js");
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  try {
    const read = await records.read(bytes);
    const found = await records.verify(read);
    return Object.fromEntries(found.map(({name, holds, why}) => [name, holds === false ? why : holds]));
  } catch (wrong) { return wrong.name; }
}"""


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


def test_an_honest_record_holds_in_the_browser_as_on_the_command_line(page: Page, whole: bytes) -> None:
    found = told(page, whole)

    assert found == dict.fromkeys(found, True)
    assert set(found) <= set(record.CHECKS) and len(found) == 12


def test_half_a_story_holds_as_far_as_it_goes(page: Page, tmp_path) -> None:
    play = Procurement(tmp_path)
    for act in ("prepare", "submit", "close"):
        getattr(play, act)()
    data = archive.write(play.record())

    python = {check.name: check.holds for check in record.verify(data).checks}
    assert told(page, data) == {name: python[name] for name in told(page, data)}


def test_two_envelopes_hold_and_a_failed_bidders_opened_price_is_found(page: Page, tmp_path) -> None:
    honest = story(tmp_path / "honest").play()
    found = told(page, archive.write(honest.record()))
    assert found == dict.fromkeys(found, True)

    false = story(tmp_path / "false")
    for act in ("prepare", "submit", "close", "open", "draw", "admit"):
        getattr(false, act)()
    false.price_session(false.price_of(FAILED))
    data = archive.write(false.record())
    python = {check.name for check in record.verify(data).checks if check.holds is False}
    said = {name for name, holds in told(page, data).items() if isinstance(holds, str)}
    assert said and said <= python


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


@pytest.mark.parametrize("lie", LIES)
def test_what_the_command_line_refuses_the_browser_refuses(page: Page, whole: bytes, lie: str) -> None:
    data = LIES[lie](whole)
    try:
        assert not record.verify(data).holds
    except archive.Unreadable:
        assert told(page, data) == "NotCanonical"
        return

    found = told(page, data)
    assert any(isinstance(said, str) for said in found.values()), found


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
    for key in ("adjusted", "price_points", "total"):
        wrong = json.loads(json.dumps(report))
        wrong["bids"][1][key] = str(scoring.decimal(wrong["bids"][1][key]) + scoring.CENT)
        assert [fault.split(" ")[1] for fault in page.evaluate(ask, wrong)] == [key]
    wrong = json.loads(json.dumps(report))
    wrong["bids"][1]["rank"] += 1
    assert len(page.evaluate(ask, wrong)) == 1
