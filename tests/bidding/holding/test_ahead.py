"""Slot keys made ahead: reserved numbers, one sitting, and a tender that finds its keys already there."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from bidding.holding import ahead, queries, rules
from bidding.holding.models import KeptSlots
from bidding.tender import committees
from bidding.tender import queries as tenders
from bidding.tender.rules import CommitteeState
from ledger.models import Entry
from market.projects import queries as projects
from market.projects import services as project_services
from proofs import holder
from proofs.registry import Registry
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast
from tests.bidding.tender import act
from tests.make import accounts, holding

TS = iso(act.START)


def posting(code: str, number: str, part: str, count: int = rules.SLOTS) -> dict[str, Any]:
    unit = {"tender": number, "lot": "1", "part": part}
    return holder.posting(accounts.signer(code), unit, count, ts=TS)


def keep(code: str, number: str, *parts: str) -> None:
    for part in parts:
        committees.keep_slots(**posting(code, number, part), at=act.START)


def reserved() -> list[str]:
    """One batch, with a roster of three."""
    holding.stand()
    return ahead.reserve(by=SYSTEM, at=act.START)


@pytest.mark.django_db
def test_numbers_are_reserved_in_batches_once_a_roster_stands_and_ticks_may_repeat():
    assert ahead.reserve(by=SYSTEM, at=act.START) == []
    numbers = reserved()

    assert len(set(numbers)) == rules.BATCH
    assert ahead.reserve(by=SYSTEM, at=act.START) == []
    assert sorted(projects.reserved()) == sorted(numbers)
    entry = Entry.objects.get(kind="holding.numbers-reserved")
    assert len(bytes(entry.leaf)) < 1024, "an entry stays small"
    with pytest.raises(Refused, match="numbers.not-system"):
        project_services.reserve_numbers(count=1, by=cast.OPERATOR, at=act.START)


@pytest.mark.django_db
def test_a_draft_takes_a_reserved_number_once_and_finds_one_when_none_is_left():
    numbers = reserved()
    taken = [act.draft().project.number for _ in numbers]

    assert sorted(taken) == sorted(numbers)
    assert projects.reserved() == []
    assert act.draft().project.number not in numbers


@pytest.mark.django_db
def test_a_tender_whose_holders_prepared_has_its_manifest_at_once():
    numbers = reserved()
    for number in numbers:
        for code in holding.HOLDERS:
            keep(code, number, "sheet", "body")
    tender = act.draft()

    committees.request_keys(project_number=tender.project.number, by=cast.OFFICER, at=act.START)

    for part in tender.parts:
        committee = tenders.committee(tender, part)
        assert committee.state == CommitteeState.TRIAL
        assert [member.i for member in committee.members.order_by("i")] == [1, 2, 3]
    book, registry = holder.Book(tender.project.number), Registry()
    for entry in Entry.objects.filter(stream="keys").order_by("seq"):
        d = json.loads(entry.event)["d"]
        if entry.kind == "accounts.key-registered":
            registry.take(d["statement"])
        elif entry.kind.startswith("tender.") and (d.get("number") or d["unit"]["tender"]) == book.number:
            book.take(entry.kind, d)
    for code in holding.HOLDERS:
        kcm, _ = holder.accepted(book, "sheet", me=accounts.signer(code), registry=registry, blob=tenders.published)
        assert kcm.cmh.hex() == tenders.committee(tender, "sheet").cmh


@pytest.mark.django_db
def test_who_comes_late_still_fills_his_place():
    numbers = reserved()
    for code in holding.HOLDERS[:2]:
        for number in numbers:
            keep(code, number, "sheet")
    tender = act.draft()
    number = tender.project.number
    committees.request_keys(project_number=number, by=cast.OFFICER, at=act.START)
    assert tenders.committee(tender, "sheet").state == CommitteeState.WANTED

    keep(cast.NOTARY, number, "sheet")

    assert tenders.committee(tender, "sheet").state == CommitteeState.TRIAL


@pytest.mark.django_db
def test_keys_are_kept_once_and_only_what_was_signed_by_a_standing_holder_for_a_reserved_number():
    number = reserved()[0]
    accounts.key(cast.BUREAU)
    good = posting(cast.NOTARY, number, "sheet")
    other = posting(cast.NOTARY, number, "body")

    def refused(code: str, **changed: Any) -> None:
        with pytest.raises(Refused, match=code):
            committees.keep_slots(**{**good, **changed}, at=act.START)

    refused("keys.not-as-signed", keys=other["keys"])
    refused("keys.malformed", keys="==")
    refused("holding.not-standing-holder", **posting(cast.BUREAU, number, "sheet"))
    refused("holding.not-reserved", **posting(cast.NOTARY, "2026-XXXXXXXX", "sheet"))
    refused("holding.other-unit", **posting(cast.NOTARY, number, "sheet", 8))
    committees.keep_slots(**good, at=act.START)
    committees.keep_slots(**good, at=act.START + timedelta(hours=1))
    assert KeptSlots.objects.count() == Entry.objects.filter(kind="tender.slots-posted").count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        KeptSlots.objects.update(keys="")


@pytest.mark.django_db
def test_the_doors_take_keys_by_signature_and_say_what_is_still_to_make(client):
    number = reserved()[0]
    own = accounts.client_of(holding.keeper(cast.NOTARY))
    assert queries.ahead_of(cast.NOTARY) == (0, rules.BATCH)

    for part in rules.PARTS_AHEAD:
        body = json.dumps(posting(cast.NOTARY, number, part))
        assert client.post("/api/holders/slots", body, content_type="application/json").status_code == 200

    listed = own.get("/api/holders/slots").json()
    assert listed["slots"] == rules.SLOTS
    assert number not in [row["number"] for row in listed["numbers"]]
    assert queries.ahead_of(cast.NOTARY) == (1, rules.BATCH)
    assert accounts.client_of(cast.PROVIDER).get("/api/holders/slots").status_code == 404
    assert client.get("/api/holders/slots").status_code == 401


def test_a_holder_makes_what_the_log_asks_for_and_nothing_twice():
    mine = holder.Ahead("ME")
    mine.take("holding.numbers-reserved", {"numbers": ["A", "B"], "parts": ["sheet", "body"], "slots": 8})
    assert mine.due() == []
    mine.take("holding.standing", {"org": "OTHER", "standing": True})
    mine.take("holding.standing", {"org": "ME", "standing": True})
    mine.take("tender.slots-posted", {"org": "OTHER", "number": "A", "part": "sheet"})
    mine.take("tender.slots-posted", {"org": "ME", "number": "A", "part": "sheet"})
    mine.take("tender.slots-posted", {"org": "ME", "number": "C", "part": "sheet"})

    assert [(unit["tender"], unit["part"], n) for unit, n in mine.due()] == [
        ("A", "body", 8),
        ("B", "sheet", 8),
        ("B", "body", 8),
    ]
    mine.take("tender.keys-wanted", {"number": "B"})
    assert [unit["tender"] for unit, _ in mine.due()] == ["A"]
    mine.take("holding.standing", {"org": "ME", "standing": False})
    assert mine.due() == []
