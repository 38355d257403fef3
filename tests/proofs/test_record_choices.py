"""The record of a choice in the supermarket: an honest one holds, and every lie in it is found by its report's line."""

from pathlib import Path

import pytest

from proofs import record
from proofs.record import archive
from tests.proofs.choices import HONEST, LIES, Auctioned, Lie, cheaper

pytestmark = pytest.mark.embedded


def lines(made: record.archive.Record) -> dict[str, tuple[bool | None, str]]:
    return {check.name: (check.holds, check.text) for check in record.verify(archive.write(made)).checks}


@pytest.mark.parametrize("way", HONEST)
def test_an_honest_choice_holds(tmp_path: Path, way: str) -> None:
    make, says = HONEST[way]
    found = lines(make(tmp_path).play().record())

    assert [text for holds, text in found.values() if holds is False] == []
    assert says in found["report"][1] and found["report"][0] and found["award"][0]


@pytest.mark.parametrize("number", range(len(LIES)))
def test_a_lie_about_a_choice_is_found(tmp_path: Path, number: int) -> None:
    way, lies = LIES[number]
    assert lines(HONEST[way][0](tmp_path).tells(lies).play().record())["report"][0] is False


def test_an_auction_is_checked_before_there_is_a_result(tmp_path: Path) -> None:
    holds, text = lines(Auctioned(tmp_path / "true", halted=True).play().record())["report"]
    assert holds is None and "5 次报价逐次重放相符" in text
    told: dict[str, Lie] = {"entries": cheaper}
    assert lines(Auctioned(tmp_path / "false", lies=told, halted=True).play().record())["report"][0] is False
