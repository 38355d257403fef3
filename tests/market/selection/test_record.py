"""The public record of a choice by lot: a stranger checks it without us, and what was changed does not hold."""

import json
from dataclasses import replace

import pytest

from market.awards import tasks
from market.projects.rules import Stage
from market.purchases.models import Purchase
from market.selection import queries
from portal.record import queries as records
from proofs import canonical
from proofs import record as verifier
from proofs.record import archive, enrolled
from proofs.record.checks import Broken
from rulebook.actor import SYSTEM
from tests import cast
from tests.make import accounts, choices, purchases
from tests.make import draws as lots
from tests.make.ledger import sequenced

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_the_record_of_a_choice_by_lot_is_checked_by_anyone():
    accounts.world()
    accounts.keys()
    row = purchases.published(edition="zjcs-random", at=cast.NOON - 20 * cast.DAY, closes_at=choices.CLOSES,
                              selects_at=choices.SELECTS)  # fmt: skip
    for serial, firm in enumerate(choices.FIRMS[:3], start=1):
        purchases.able(firm, serial=serial, at=cast.NOON - 2 * cast.DAY)
    project = choices.closed(Purchase.objects.get(pk=row.pk).project, *choices.FIRMS[:3])
    assert project.stage == Stage.OPEN
    lots.settled(choices.chosen(project), at=choices.SELECTS)
    choices.tasks.choose(by=SYSTEM, at=choices.SELECTS + cast.MINUTE)
    tasks.deem_determined(by=SYSTEM, at=choices.SELECTS + 10 * cast.DAY)
    sequenced(at=choices.SELECTS + 10 * cast.DAY)

    data = records.record_of(project.number)
    found = verifier.verify(data)

    said = {check.name: (check.holds, check.text) for check in found.checks}
    assert [text for holds, text in said.values() if holds is False] == []
    assert {name for name, (holds, _) in said.items() if holds} >= {
        "signature", "inclusion", "sequence", "objects", "notices", "draws", "report", "award",
    }  # fmt: skip
    assert "3 家进入抽取" in said["report"][1]
    whole = archive.read(data)
    report = queries_report(whole)
    assert enrolled.report(whole, report)
    for changed in forgeries(report):
        with pytest.raises(Broken):
            enrolled.report(whole, changed)
    listed = next(entry for entry in whole.entries if entry.kind == "selection.entrants-published").data["sha256"]
    told = canonical.parse(whole.blob(listed))
    fewer = canonical.dumps({**told, "live": told["live"][1:]})
    with pytest.raises(Broken):
        enrolled.report(replace(whole, blobs={**whole.blobs, listed: fewer}), report)
    assert queries.entrants(project)


def queries_report(record: archive.Record) -> dict:
    award = next(entry for entry in record.entries if entry.kind == "market.award-published")
    return canonical.parse_object(record.blob(award.data["report_sha256"]))


def forgeries(report: dict) -> list[dict]:
    basis = report["basis"]
    ranked = json.loads(json.dumps(report))
    ranked["bids"] = ranked["bids"][1:]
    return [
        {**report, "basis": {**basis, "seed": "00" * 32}},
        {**report, "basis": {**basis, "draw": "P-1/provider/9"}},
        {**report, "basis": {**basis, "pool": basis["pool"][1:]}},
        {**report, "basis": {**basis, "picked": cast.HETAO, "reason": "熟"}},
        ranked,
    ]
