"""A database set back does not go live; after two have said what is lost, it does, and witnesses' own people decide."""

import json

import pytest
from django.test import override_settings

from config import timekeeper
from config.watching import readiness
from ledger import golive, keys, queries, recovery, running, setback, witnesses
from ledger.models import Checkpoint, Cosignature, Entry, Log, Placement, Witnessed
from ledger.storage import Unavailable
from proofs.__main__ import main as proofs
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.ledger.test_witnesses import Office, guards_down_here
from tests.make import ledger as make
from tests.make import market

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path):
    """One witness, and the settings that name it."""
    found = Office("bureau.example/w1", tmp_path)
    with override_settings(WITNESSES=[found.entry], QUORUM=1):
        yield found
    found.close()


def grown(*texts: str) -> None:
    """Entries placed one by one, each head signed by the witness."""
    for text in texts:
        make.entry(text)
        make.sequenced()
        for name in (Log.SEALED, Log.PUBLIC):
            witnesses.ask(witnesses.configured()[0], name, at=NOON)


def set_back(to: int) -> None:
    """As an older backup would have it: the newest public entries were never there."""
    from ledger.models import Edge, Stream

    with guards_down_here():
        gone = Checkpoint.objects.filter(log=Log.PUBLIC, size__gt=to)
        for model in (Witnessed, Cosignature):
            model.objects.filter(checkpoint__in=gone).delete()
        gone.delete()
        placed = Placement.objects.filter(log=Log.PUBLIC, index__gte=to)
        numbers = list(placed.values_list("entry_id", flat=True))
        placed.delete()
        Entry.objects.filter(pk__in=numbers).delete()
        Edge.objects.filter(log=Log.PUBLIC, index__gte=to).delete()
        Stream.objects.filter(log=Log.PUBLIC, name="project/T-1").update(last=to)


def losses() -> list[recovery.Loss]:
    return list(golive.losses())


def declare(lost="周一上午的两条公告", by=cast.OPERATOR, auditor=cast.AUDITOR, at=NOON):
    return recovery.declare(losses=losses(), lost=lost, by=by, auditor=auditor, at=at)


def test_a_house_that_holds_what_was_witnessed_starts_and_one_set_back_does_not(office):
    golive.check()  # nothing was ever signed
    grown("one", "two", "three")
    golive.check()
    assert losses() == []
    with pytest.raises(Refused, match=r"ledger\.nothing-lost"):
        declare()

    set_back(1)

    with pytest.raises(golive.LogRolledBack, match="has seen 3 leaves of public, we have 1"):
        golive.check()
    make.entry("another two"), make.sequenced()
    make.entry("another three"), make.sequenced()
    make.entry("another four"), make.sequenced()
    with pytest.raises(golive.LogRolledBack, match="of another history"):
        golive.check()  # as many as he has seen, and more: still not what he has seen


def test_a_witness_who_is_away_holds_up_the_recovery_and_not_the_start(office, settings):
    grown("one")
    settings.WITNESSES = [{**office.entry, "url": "http://127.0.0.1:9/"}]

    golive.check()
    with pytest.raises(OSError):
        losses()


def test_a_copy_found_out_while_the_house_works_takes_nothing_more(office, settings, monkeypatch):
    monkeypatch.setattr(setback, "_found", False)
    for module in (running, timekeeper):  # they tidy up after themselves as threads do
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
    grown("one", "two", "three")
    set_back(1)
    settings.WITNESSES = [{**office.entry, "url": "http://127.0.0.1:9/"}]
    golive.check(signs=True)  # it starts: a witness that is away holds nobody up
    assert make.entry("two again") and make.sequenced() and not setback.is_found()

    settings.WITNESSES, sequencer = [office.entry], running.Sequencer()
    sequencer._cosign(*witnesses.configured())  # he is back

    assert sequencer.stopped.is_set()
    monkeypatch.setattr(setback, "_found", False)  # another process learns it with its next look at the clock's mark
    timekeeper.refresh()
    for tell in (make.entry, make.sealed_entry):
        with pytest.raises(Unavailable):
            tell("three again")
    settings.SEALED_EVERY = 10**9  # however new its batches are
    assert not readiness.sequencer()
    monkeypatch.setattr(setback, "_found", False)
    assert readiness.sequencer()
    timekeeper.refresh()
    settings.WITNESSES = [{**office.entry, "url": "http://127.0.0.1:9/"}]
    golive.check(signs=True)
    assert setback.is_found()  # that he is away again says nothing
    settings.WITNESSES = [office.entry]
    with pytest.raises(golive.LogRolledBack):
        golive.check(signs=True)
    monkeypatch.setattr(setback, "_found", False)  # the process that recovers
    declare()
    golive.check(signs=True)
    timekeeper.refresh()
    assert make.entry("and on")


def test_a_log_that_is_late_or_unwitnessed_takes_what_comes(settings):
    settings.WITNESSES, settings.QUORUM = [{"url": "http://127.0.0.1:9/", "vkey": "x"}], 1
    assert make.entry("one") and not readiness.sequencer()


def test_all_is_gone_and_the_keys_are_there(office):
    grown("one")
    with guards_down_here():
        from ledger.models import Edge

        for model in (Witnessed, Cosignature, Checkpoint, Placement, Edge):
            model.objects.all().delete()

    with pytest.raises(golive.LogRolledBack, match="we have 0"):
        golive.check()


def test_without_its_keys_a_log_is_not_gone_on_with(settings, tmp_path):
    make.entry(), make.sequenced()
    golive.keys_are_here()
    settings.KEYS = tmp_path / "keys"

    with pytest.raises(golive.KeysMissing):
        golive.check(signs=True)
    keys.signer("log"), keys.signer("sealed")  # as a start without the check would make them
    with pytest.raises(golive.KeysMissing):
        golive.check(signs=True)


def test_two_say_what_is_lost_and_the_witness_goes_on_when_its_own_people_let_it(office, client, tmp_path, capsys):
    grown("one", "two", "three")
    set_back(1)
    for pair in ((cast.OPERATOR, cast.OPERATOR), (cast.AUDITOR, cast.OPERATOR), (cast.SECURITY, cast.AUDITOR)):
        with pytest.raises(Refused, match=r"ledger\.recovery-two"):
            declare(by=pair[0], auditor=pair[1])
    with pytest.raises(Refused, match=r"ledger\.recovery-account"):
        declare(lost="不知道")
    assert not Entry.objects.filter(stream=queries.RECOVERY).exists()

    found = losses()
    told = tmp_path / "recovery.json"
    entry = recovery.declare(losses=found, lost="周一上午的两条公告", by=cast.OPERATOR, auditor=cast.AUDITOR, at=NOON)
    told.write_text(json.dumps(recovery.statement(found)))

    (loss,) = queries.facts_of(entry)["losses"]
    assert (loss["seen"], loss["held"], loss["witness"]) == (3, 1, "bureau.example/w1")
    golive.check(signs=True)
    make.sequenced()
    (witness,) = witnesses.configured()
    assert not witnesses.ask(witness, Log.PUBLIC, at=NOON) and not queries.covered(entry)  # live, and unwitnessed
    market.project()
    assert "周一上午的两条公告" in client.get(f"/projects/{market.NUMBER}/log/").content.decode()

    logs = [word for name in ("log", "sealed") for word in ("--log", keys.verifier(name).vkey)]
    words = ["witness-recover", str(told), "--state", str(tmp_path / "bureau.example/w1"), *logs]
    assert proofs(words) == 2  # it runs: whoever keeps it stops it first
    office.close()
    assert proofs(words) == 0 and "3 → 1" in capsys.readouterr().out
    assert proofs(words) == 1  # once
    assert [path.name for path in (tmp_path / "bureau.example/w1").glob("*.lost-3.json")]
    back = Office("bureau.example/w1", tmp_path)
    with override_settings(WITNESSES=[back.entry], QUORUM=1):
        (witness,) = witnesses.configured()
        try:
            assert witnesses.ask(witness, Log.PUBLIC, at=NOON.replace(minute=5))
            assert queries.covered(entry)
            golive.check(signs=True)
            set_back(1)
            with pytest.raises(golive.LogRolledBack):
                golive.check(signs=True)  # one loss was declared, not the next
        finally:
            back.close()
