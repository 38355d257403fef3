"""A record of a purchase that opened by itself: no bidder half, the holders released what was on the closing list."""

from pathlib import Path
from typing import Any

import pytest

from proofs.record import archive, verify
from tests.proofs.procurement import Procurement

pytestmark = pytest.mark.embedded


def played(folder: Path, **facts: Any) -> Procurement:
    made = Procurement(folder, policy="C", **facts)
    made.prepare()
    made.submit()
    made.close()
    made.open()
    return made


def checks(made: Procurement) -> dict[str, tuple[bool | None, str]]:
    found = verify(archive.write(made.record()))
    return {check.name: (check.holds, check.text) for check in found.checks}


def test_every_quote_is_opened_again_from_the_holders_keys_alone(tmp_path: Path) -> None:
    told = checks(played(tmp_path))
    assert not [name for name, (holds, _) in told.items() if holds is False]
    assert told["releases"][0] is True
    assert "截止清单公布之后" in told["releases"][1]
    assert told["verdicts"][0] is True


def test_a_false_price_or_a_turn_of_bidders_is_found(tmp_path: Path) -> None:
    def cheaper(told: dict[str, Any]) -> dict[str, Any]:
        return told | {"sheet": {**told["sheet"], "price": "1.00"}} if told["sheet"] else told

    assert checks(played(tmp_path / "a", lies={"opening.verdict": cheaper}))["verdicts"][0] is False
    made = played(tmp_path / "b")
    made.tell("opening.bidders-done", released={}, absent={}, releases_sha256=made.blob([]))
    assert checks(made)["releases"][0] is False


def test_what_was_not_opened_has_no_verdict_to_hide_behind(tmp_path: Path) -> None:
    def absent(told: dict[str, Any]) -> dict[str, Any]:
        return told | {"verdict": "ABSENT", "sheet": None}

    assert checks(played(tmp_path, lies={"opening.verdict": absent}))["verdicts"][0] is False
