"""A record of two envelopes: the price of whoever failed the technical judgement is never opened, or it is found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofs import canonical, record
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


class Earlier(Played):
    """The same procurement as the first releases told it: rows with names, and the hall's list in the entry itself."""

    def tell(self, kind: str, **data: Any) -> None:
        if kind == "opening.hall-opened":
            listed = canonical.parse(self.blobs.pop(data.pop("bidders_sha256")))
            self.units_of = {row["org"]: row["parts"] for row in listed}
            data = {**data, "bidders": listed}
            del data["count"]
        elif kind == "tech.passed":
            data = {"passed": [{"org": org, "name": "某公司"} for org in data["passed"]]}
        elif kind == "opening.session-opened":
            prices = {org: {"price": {"eid": self.units_of[org]["price"]["eid"]}} for org in data["bidders"]}
            rows = [{"org": org, "name": "某公司", "parts": parts} for org, parts in prices.items()]
            data = {**data, "bidders": rows}
        elif kind == "opening.bidders-done":
            owner = {unit.eid: unit.who.org for unit in self.units}
            for told in ("released", "absent"):
                rows = [(part, eid) for part, eids in data[told].items() for eid in eids]
                data[told] = [{"org": owner[eid], "part": part, "eid": eid} for part, eid in rows]
        super().tell(kind, **data)


def earlier(folder: Path, **lies: Any) -> Earlier:
    return Earlier(folder, parts=("tech", "price"), failed=FAILED, lies=lies)


def test_a_record_told_by_an_earlier_release_holds_and_a_lie_in_its_forms_is_found(tmp_path: Path) -> None:
    assert broken(earlier(tmp_path / "honest").play()) == {}

    def other(data: dict[str, Any]) -> dict[str, Any]:
        first, *rest = data["bidders"]
        return {**data, "bidders": [{**first, "parts": {"price": {"eid": "0" * 32}}}, *rest]}

    found = broken(earlier(tmp_path / "false", **{"opening.session-opened": other}).play())
    assert "开启的报价文件与截止时的清单不符" in found["verdicts"]


def test_a_form_nobody_ever_wrote_is_refused_by_the_name_of_its_kind(tmp_path: Path) -> None:
    unknown = story(tmp_path, **{"tech.passed": lambda data: {"passed": [1, 2]}}).play()

    with pytest.raises(archive.Unreadable, match="tech.passed 的写法不属于任何一个版本"):
        record.verify(archive.write(unknown.record()))
