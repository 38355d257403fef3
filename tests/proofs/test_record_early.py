"""A panel drawn before the opening, as the record tells it: whose order it followed, and when it was struck from."""

from pathlib import Path

import pytest

from proofs import lots
from proofs.record import archive
from tests.proofs.procurement import NUMBER, Procurement
from tests.proofs.test_record import broken


class Early(Procurement):
    """The panel is drawn before the opening; after it one of the chosen is struck, and the next in the order sits.

    faults: what goes otherwise than it must.
    """

    faults: frozenset[str] = frozenset()

    def play(self) -> "Early":
        self.prepare()
        self.submit()
        if "after the opening" in self.faults:
            self.close()
            self.open()
        if "announced late" not in self.faults:
            self.tell("evaluation.drawn-early", draw=f"{NUMBER}/panel/1")
        self.draw()
        if "announced late" in self.faults:
            self.tell("evaluation.drawn-early", draw=f"{NUMBER}/panel/1")
        if "struck before" in self.faults:
            self.strike()
        if "after the opening" not in self.faults:
            self.close()
            self.open()
        if not self.faults & {"struck before", "never struck"}:
            self.strike()
        self.evaluate()
        return self

    def strike(self) -> None:
        gone, *stay = self.chosen
        told = ["ab" * 32] if "a stranger" in self.faults else [gone]
        self.tell("evaluation.struck", draw=f"{NUMBER}/panel/1", seats=told, commitment="ab" * 32)
        if "struck twice" in self.faults:
            self.tell("evaluation.struck", draw=f"{NUMBER}/panel/1", seats=told, commitment="ab" * 32)
        following, *standby = self.standby[:: -1 if "by hand" in self.faults else 1]
        self.chosen, self.standby = [*stay, following], standby


EARLY = ("after the opening", "announced late", "struck before", "never struck", "a stranger", "struck twice",
         "by hand")  # fmt: skip


@pytest.mark.parametrize("fault", ["", *EARLY])
def test_an_order_fixed_before_the_opening_is_struck_after_it_and_the_next_in_it_sits(
    tmp_path: Path, fault: str
) -> None:
    play = Early(tmp_path)
    play.faults = frozenset({fault})
    assert ("seats" in broken(archive.write(play.play().record()))) is bool(fault)


class Picked(Procurement):
    """The buyer picked the panel itself: with a reason, without one, or among those who were drawn as well."""

    fault = ""

    def evaluate(self) -> None:
        seats = self.chosen if self.fault == "drawn" else [f"{n:064x}" for n in range(3)]
        told = {"seats": seats, "ground": "special", "reason": "" if self.fault == "no reason" else "技术复杂",
                "law": "政府采购评审专家管理办法 第13条", "evidence_sha256": "ab" * 32, "strata": []}  # fmt: skip
        if self.fault != "unsaid":
            self.tell("evaluation.self-selected", **told)
        if self.fault == "by hand":
            self.tell("evaluation.replaced", **{"out": seats[0], "in": "cd" * 32, "reason": "declined"})
            seats = sorted([*seats[1:], "cd" * 32])
        self.tell("evaluation.seated", seats=seats)


PICKED = ("no reason", "drawn", "unsaid", "by hand")


def picked(folder: Path, fault: str) -> bytes:
    play = Picked(folder)
    play.fault = fault
    play.prepare()
    if fault == "drawn":
        play.draw()
    play.evaluate()
    return archive.write(play.record())


@pytest.mark.parametrize("fault", ["", *PICKED])
def test_who_was_picked_sits_only_with_a_reason_on_the_record(tmp_path: Path, fault: str) -> None:
    assert ("seats" in broken(picked(tmp_path, fault))) is bool(fault)


def test_all_who_are_struck_leave_before_a_place_is_filled_and_nobody_else_moves() -> None:
    pool = [{"cid": cid, "org": org, "strata": ["A"]} for cid, org in zip("abcdefg", "XYZXYVW", strict=True)]
    result = [{"key": "A", "chosen": ["a", "b", "c"], "standby": ["d", "e", "f", "g"]}]

    def asked(*struck: str, most: int | None = 1) -> list[str]:
        return lots.after_striking(result, pool, struck, max_per_org=most)["A"]

    assert asked() == ["a", "b", "c"]
    assert asked("a") == ["b", "c", "d"] and asked("c") == ["a", "b", "f"]  # two of one employer never sit
    assert asked("a", "b") == ["c", "d", "e"] and asked("a", "d") == ["b", "c", "f"]
    assert asked("c", most=None) == ["a", "b", "d"]
    assert asked(*"abcdef") == ["g"] and asked(*"abcdefg") == []
