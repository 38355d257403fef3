"""A log's key is changed: nobody who pinned the old one is lost on the way, and a stranger's key is never taken."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from ledger import audit, golive, keys, receipts, witnesses
from ledger.models import Log
from ledger.sequencer import newest_checkpoint
from proofs import checkpoint as checkpoints
from proofs import handover, note
from proofs.note import BadNote
from proofs.witness import Witness
from tests.cast import NOON
from tests.ledger.test_witnesses import Office
from tests.make import ledger as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def house(tmp_path):
    """Keys of its own, and a witness that pinned them."""
    with override_settings(KEYS=tmp_path / "keys"):
        office = Office("bureau.example/w1", tmp_path)
        with override_settings(WITNESSES=[office.entry], QUORUM=1):
            yield office
        office.close()


def grown(text: str):
    make.entry(text), make.sequenced()
    return witnesses.ask(witnesses.configured()[0], Log.PUBLIC, at=NOON)


def test_a_log_goes_on_under_a_new_key_and_nobody_who_pinned_the_old_one_is_lost(house, client):
    assert grown("one")
    old, said = keys.verifier("log"), StringIO()
    assert client.get("/log/handovers").status_code == 404

    call_command("hand_over_key", "log", stdout=said)

    new = keys.verifier("log")
    assert new != old and handover.opened(client.get("/log/handovers").content.decode()) == (old, new)
    assert client.get("/log/vkey").content.decode().strip() == new.vkey and new.vkey in said.getvalue()
    golive.check(signs=True)  # before the next checkpoint, too
    assert grown("two")  # the witness, which knows the old key alone, goes on
    both = newest_checkpoint(Log.PUBLIC).note
    assert checkpoints.opened(both, old) == checkpoints.opened(both, new)
    with pytest.raises(CommandError, match="finish the last"):
        call_command("hand_over_key", "log")

    names = [new, keys.verifier("sealed")]
    house.witness.close()  # its people start it with the new key, on the memory it has
    house.witness = Witness(house.signer, names, house.witness._state, lambda: int(NOON.timestamp()))
    call_command("hand_over_key", "log", "--finish", stdout=StringIO())
    make.entry("three"), make.sequenced()
    last = newest_checkpoint(Log.PUBLIC).note
    assert house.witness.add_checkpoint("\n".join(["old 0", "", last])).status == 409  # known, and further on
    with pytest.raises(BadNote):
        checkpoints.opened(last, old)
    golive.check(signs=True)
    assert list(audit.faults()) == []  # what the old key signed still holds
    with pytest.raises(CommandError):
        call_command("hand_over_key", "log", "--finish")


def test_receipts_go_on_under_a_new_key_and_older_ones_are_still_its_houses(house):
    before = receipts.sign("receipt/v1\n")
    first = keys.verifier("receipts")
    call_command("hand_over_key", "receipts", stdout=StringIO())
    call_command("hand_over_key", "receipts", "--finish", stdout=StringIO())
    call_command("hand_over_key", "receipts", stdout=StringIO())

    assert keys.signed_by("receipts", before) == first
    assert keys.signed_by("receipts", receipts.sign("receipt/v1\n")) == keys.verifier("receipts")
    assert [each.vkey for each in handover.chain(keys.handovers("receipts"), first=first)] == [
        each.vkey for each in keys.verifiers("receipts")[::-1]
    ]
    assert len(keys.verifiers("receipts")) == 3


def test_no_note_leads_to_a_key_that_the_old_one_did_not_name(house, tmp_path):
    make.entry("one"), make.sequenced()
    old, thief = keys.signer("log"), note.parse_private(note.generate(keys.origin(Log.PUBLIC)))
    good = handover.made(old, thief, seconds=1)
    alone = note.sign(note.parse(good).text, [thief])
    for wrong in (alone, note.sign(note.parse(good).text, [old]), good.replace("handover/1", "handover/2"), good[:-9]):
        with pytest.raises(BadNote):
            handover.opened(wrong)
    with pytest.raises(BadNote):
        handover.made(old, old, seconds=1)
    with pytest.raises(BadNote):
        list(handover.chain([good], first=thief.verifier))

    (tmp_path / "keys" / "log.handover.0001").write_text(good)  # put there, while the key is still the old one
    with pytest.raises(golive.KeysMissing):
        golive.keys_are_here()


def test_a_hand_over_that_broke_off_is_gone_on_with(house, monkeypatch):
    make.entry("one"), make.sequenced()
    old = keys.verifier("log")

    def breaks(*_):
        raise OSError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(keys.os, "replace", breaks)
        with pytest.raises(OSError, match="power"):
            keys.hand_over("log", seconds=1)
    assert keys.signer("log").verifier == old

    assert handover.opened(keys.hand_over("log", seconds=2)) == (old, keys.verifier("log"))
    golive.keys_are_here()
    assert len(keys.handovers("log")) == 1
