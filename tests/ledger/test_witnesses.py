"""Real witnesses, over HTTP: their word is asked for, kept, shown, and heeded."""

import threading
import time
from datetime import timedelta

import pytest
from django.test import override_settings

from ledger import audit, keys, queries, witnesses
from ledger.models import Checkpoint, Cosignature, Log, Witnessed
from ledger.running import Sequencer
from ledger.witnesses import LogRolledBack
from proofs import checkpoint as checkpoints
from proofs import note
from proofs.note import COSIGNATURE, BadNote
from proofs.witness import Witness, serve
from tests.cast import NOON
from tests.conftest import guards_down
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


class Office:
    """A witness in a thread of its own, behind a port."""

    def __init__(self, name: str, folder) -> None:
        self.signer = note.parse_private(note.generate(name), kind=COSIGNATURE)
        logs = [keys.signer(each).verifier for each in ("log", "sealed")]
        self.witness = Witness(self.signer, logs, folder / name, lambda: int(NOON.timestamp()))
        self.server = serve(self.witness, host="127.0.0.1", port=0)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.entry = {"url": f"http://127.0.0.1:{self.server.server_port}/", "vkey": self.witness.vkey}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.witness.close()


@pytest.fixture
def offices(tmp_path):
    """Two witnesses, both needed."""
    found = [Office("bureau.example/w1", tmp_path), Office("centre.example/w2", tmp_path)]
    with override_settings(WITNESSES=[office.entry for office in found], QUORUM=2):
        yield found
    for office in found:
        office.close()


def ask_all() -> list[bool]:
    return [witnesses.ask(witness, Log.PUBLIC, at=NOON) for witness in witnesses.configured()]


def test_a_checkpoint_is_witnessed_when_the_quorum_has_signed(offices):
    entry = make.entry()
    make.sequenced()
    first, second = witnesses.configured()

    assert witnesses.ask(first, Log.PUBLIC, at=NOON)
    assert not queries.covered(entry)
    assert witnesses.ask(second, Log.PUBLIC, at=NOON)

    assert queries.covered(entry)
    head = queries.latest_checkpoint(Log.PUBLIC)
    assert head is not None
    assert head.cosigned
    vkeys = [office.signer.verifier for office in offices]
    policy = checkpoints.quorum_of(vkeys, 2, logs=[keys.signer("log").verifier])
    assert policy.why_not(head.note) == ""


def test_a_witness_is_asked_once_for_each_checkpoint(offices):
    make.entry()
    make.sequenced()

    assert ask_all() == [True, True]
    assert ask_all() == [False, False]
    assert Cosignature.objects.count() == 2


def test_growth_is_proven_to_the_witness(offices):
    for n in range(1, 12):
        for _ in range(n):
            make.entry()
        make.sequenced()
        if n % 3 != 2:
            assert ask_all() == [True, True]

    assert Witnessed.objects.filter(log=Log.PUBLIC).count() == 7
    assert list(audit.faults()) == []


def test_a_witness_who_knows_more_than_we_remember_is_believed_about_his_size(offices):
    make.entry()
    make.sequenced()
    ask_all()
    with guards_down_here():
        Witnessed.objects.all().delete()
        Cosignature.objects.all().delete()
    make.entry()
    make.sequenced()

    assert ask_all() == [True, True]


def test_a_database_set_back_is_noticed(offices):
    for _ in range(3):
        make.entry()
        make.sequenced()
    ask_all()
    with guards_down_here():
        Witnessed.objects.all().delete()
        Cosignature.objects.all().delete()
        Checkpoint.objects.filter(log=Log.PUBLIC, size=3).delete()

    with pytest.raises(LogRolledBack, match="has seen 3 leaves"):
        ask_all()


def test_another_history_is_not_signed(offices):
    make.entry("one history")
    make.sequenced()
    ask_all()
    with guards_down_here():
        for model in (Witnessed, Cosignature, Checkpoint):
            model.objects.all().delete()
        from ledger.models import Edge, Placement

        Placement.objects.all().delete()
        Edge.objects.all().delete()
    make.entry("another")
    make.sequenced()

    assert ask_all() == [False, False]
    assert not Witnessed.objects.exists()


def test_an_answer_that_does_not_verify_is_not_kept(offices):
    make.entry()
    make.sequenced()
    row = Checkpoint.objects.get(log=Log.PUBLIC)
    first, second = witnesses.configured()
    stranger = note.parse_private(note.generate(first.key.name), kind=COSIGNATURE)
    forged = stranger.sign(note.parse(row.note).text, seconds=1).line()

    with pytest.raises(BadNote):
        witnesses.keep(row, first, forged, at=NOON)
    with pytest.raises(BadNote):
        witnesses.keep(row, second, "nothing like it\n", at=NOON)

    assert not Cosignature.objects.exists()


def test_a_witness_who_is_away_is_waited_for_a_moment_and_not_longer(offices):
    make.entry()
    make.sequenced()
    ask_all()
    make.entry()
    make.sequenced(at=NOON + timedelta(seconds=1))
    assert queries.latest_checkpoint(Log.PUBLIC).size == 1

    make.entry()
    make.sequenced(at=NOON + timedelta(seconds=60))

    assert queries.latest_checkpoint(Log.PUBLIC).size == 3


def guards_down_here():
    from django.db import connection

    return guards_down(connection)


@pytest.mark.django_db(transaction=True)
def test_the_running_sequencer_places_and_has_witnessed_what_is_recorded(offices):
    sequencer = Sequencer()
    with override_settings(PUBLIC_EVERY=0.05):
        sequencer.start()
        try:
            entry = make.entry()
            ends, waited = time.monotonic() + 60, threading.Event()
            while not queries.covered(entry) or Witnessed.objects.count() < 2:
                assert time.monotonic() < ends, "not witnessed"
                waited.wait(0.05)
        finally:
            sequencer.stop()

    assert queries.covered(entry)
    assert {row.log for row in Witnessed.objects.all()} == {Log.PUBLIC, Log.SEALED}
