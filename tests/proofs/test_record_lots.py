"""A record of one lot of a batch: who ranks first may be passed over only for lots won up to the terms' limit."""

from pathlib import Path
from typing import Any

import pytest

from proofs import record
from proofs.record import archive
from tests.proofs.procurement import Procurement

BATCH = {"number": "B-1", "lot": 2, "most": 1}


def played(folder: Path, over: list[dict[str, Any]], batch: dict[str, Any] | None = None) -> str | None:
    """What is wrong with an award to the second in rank, those before him passed over like this."""
    told: dict[str, Any] = {}

    def report(made: dict[str, Any]) -> dict[str, Any]:
        told["second"] = next(bid for bid in made["bids"] if bid["rank"] == 2)
        told["first"] = next(bid for bid in made["bids"] if bid["rank"] == 1)
        return made

    def award(data: dict[str, Any]) -> dict[str, Any]:
        won = {key: told["second"][key] for key in ("org", "name", "rank")} | {"amount": told["second"]["quote"]}
        rows = [{"org": told["first"]["org"], **row} for row in over]
        return {**data, **won, "passed_over": rows}

    def contract(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "org": told["second"]["org"], "amount": told["second"]["quote"]}

    terms = (lambda data: {**data, "batch": batch}) if batch else (lambda data: data)
    lies = {"report": report, "tender.terms": terms, "market.award-published": award,
            "market.contract-recorded": contract}  # fmt: skip
    checks = record.verify(archive.write(Procurement(folder, lies=lies).play().record())).checks
    assert not [check.name for check in checks if check.holds is False and check.name != "award"]
    return next((check.text for check in checks if check.holds is False), None)


def test_who_has_won_another_lot_up_to_the_limit_is_passed_over(tmp_path: Path) -> None:
    assert played(tmp_path, [{"why": "lots", "numbers": ["L-1"]}], BATCH) is None


@pytest.mark.parametrize(
    ("over", "batch"),
    [
        ([], BATCH),
        ([{"why": "lots", "numbers": []}], BATCH),
        ([{"why": "lots", "numbers": ["T-2026-001"]}], BATCH),
        ([{"why": "lots", "numbers": ["L-1"]}], None),
        ([{"why": "lots", "numbers": ["L-1"]}], {**BATCH, "most": 2}),
        ([{"why": "lots", "numbers": ["L-1"]}], {**BATCH, "most": 0}),
        ([{"why": "liked", "numbers": []}], BATCH),
    ],
)
def test_nobody_is_passed_over_for_less(tmp_path: Path, over: list[dict[str, Any]], batch: dict[str, Any]) -> None:
    assert played(tmp_path, over, batch) is not None
