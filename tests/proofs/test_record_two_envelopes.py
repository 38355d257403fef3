"""A record of two envelopes: the price of whoever failed the technical judgement is never opened, or it is found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofs import record
from proofs.record import archive
from tests.proofs.procurement import BIDDERS, Procurement, Unit

FAILED = BIDDERS[0].org


class Played(Procurement):
    """Technical envelopes are opened and judged, then the prices of those who passed."""

    def play(self) -> "Played":
        self.prepare()
        self.submit()
        self.close()
        self.open()
        self.draw()
        self.admit()
        self.price_session()
        self.evaluate()
        return self

    def admit(self) -> None:
        passed = [who.org for who in self.bidders if who.org != self.failed]
        self.tell("tech.passed", passed=passed)

    def price_session(self, *others: Unit) -> None:
        units = [unit for unit in self.units if unit.part == "price" and unit.who.org != self.failed]
        units += others
        listed = [unit.who.org for unit in units]
        self.tell("opening.session-opened", session=2, closing=self.closing, bidders=listed, window_ends="")
        self.session(units)

    def price_of(self, org: str) -> Unit:
        return next(unit for unit in self.units if unit.part == "price" and unit.who.org == org)


def story(folder: Path, **lies: Any) -> Played:
    return Played(folder, parts=("tech", "price"), failed=FAILED, lies=lies)


def broken(play: Procurement) -> dict[str, str]:
    checks = record.verify(archive.write(play.record())).checks
    return {check.name: check.text for check in checks if check.holds is False}


def test_an_honest_record_of_two_envelopes_holds(tmp_path: Path) -> None:
    play = story(tmp_path).play()

    assert broken(play) == {}
    assert play.price_of(FAILED).sub["env_sha256"] not in play.record().blobs


def test_it_holds_between_the_sessions_and_before_anybody_passed(tmp_path: Path) -> None:
    play = story(tmp_path)
    for act in ("prepare", "submit", "close", "open", "admit"):
        getattr(play, act)()
    assert broken(play) == {}


def test_a_failed_bidders_price_that_was_opened_is_found(tmp_path: Path) -> None:
    play = story(tmp_path)
    for act in ("prepare", "submit", "close", "open", "draw", "admit"):
        getattr(play, act)()
    play.price_session(play.price_of(FAILED))
    play.evaluate()

    found = broken(play)
    assert {"releases", "verdicts", "opening-record"} <= set(found)
    assert "不是公布通过技术评审的投标人" in found["verdicts"]


def test_a_verdict_on_a_failed_bidders_price_beside_the_session_is_found(tmp_path: Path) -> None:
    play = story(tmp_path)
    play.play()
    unit = play.price_of(FAILED)
    play.tell("opening.verdict", org=FAILED, part="price", eid=unit.eid, verdict="OK", findings=[],
              env_sha256=unit.sub["env_sha256"], sheet=play._sheet(unit))  # fmt: skip

    assert "不得开启" in broken(play)["verdicts"]


def test_a_key_of_a_failed_bidders_price_among_the_releases_is_found(tmp_path: Path) -> None:
    play = story(tmp_path)
    for act in ("prepare", "submit", "close", "open", "draw", "admit"):
        getattr(play, act)()
    stolen = play.price_of(FAILED)
    real = play._slot_key

    def with_his(holder: Any, i: int, unit: Unit) -> dict[str, Any]:
        last = unit.part == "price" and unit is play.price_of(BIDDERS[1].org)
        return real(holder, i, stolen if last else unit)

    play._slot_key = with_his  # type: ignore[method-assign]
    play.price_session()

    assert "不得开启" in broken(play)["releases"]


def without_passed(told: dict[str, Any]) -> dict[str, Any]:
    return {"passed": told["passed"][1:]}


def with_failed(told: dict[str, Any]) -> dict[str, Any]:
    return {"passed": [*told["passed"], FAILED]}


@pytest.mark.parametrize(
    ("kind", "lie", "check"),
    [
        ("tech.passed", without_passed, "verdicts"),
        ("tech.passed", with_failed, "verdicts"),
        ("opening.session-opened", lambda told: {**told, "closing": "00" * 32}, "releases"),
        ("opening.session-opened", lambda told: {**told, "bidders": told["bidders"][1:]}, "releases"),
    ],
)
def test_a_lie_about_who_passed_is_found(
    tmp_path: Path, kind: str, lie: Callable[[dict[str, Any]], dict[str, Any]], check: str
) -> None:
    assert check in broken(story(tmp_path, **{kind: lie}).play())


def test_prices_opened_before_it_was_published_who_passed_are_found(tmp_path: Path) -> None:
    play = story(tmp_path)
    for act in ("prepare", "submit", "close", "open", "draw", "price_session", "admit", "evaluate"):
        getattr(play, act)()
    assert "公布通过名单之前" in broken(play)["releases"]


def test_a_price_read_out_with_the_technical_envelopes_is_found(tmp_path: Path) -> None:
    play = story(tmp_path)
    for act in ("prepare", "submit", "close"):
        getattr(play, act)()
    real = play.session
    play.session = lambda units, absent="": real(play.units, absent)  # type: ignore[method-assign]
    play.open()
    assert {"releases", "verdicts"} <= set(broken(play))
