"""A revoked generation signs nothing more, and what it signed before holds: by the log, for everybody who reads it."""

import json
from copy import copy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from proofs import __main__ as command_line
from proofs import canonical, keyfile, organisation, record, statement
from proofs.canonical import NotCanonical
from proofs.merkle import Tree
from proofs.organisation import Organisation
from proofs.record import archive
from proofs.registry import UNDER_WAY, Registry
from tests.proofs.logged import MemoryLog
from tests.proofs.procurement import BEFORE, BIDDERS, CONTRIBUTORS, HOLDERS, Procurement

TS = "2026-11-21T08:00:00.000000Z"
AT = statement.timestamp(TS)
LONG_BEFORE, JUST_BEFORE = "2026-11-21T07:59:00.000000Z", "2026-11-21T07:59:50.000000Z"
STOLEN = BIDDERS[0]
LATER = Organisation(STOLEN.org, 2, bytes(range(32)))


def registration(who: Organisation, *, by: Organisation | None = None) -> dict[str, Any]:
    said = {"v": "idk/1", "org": who.org, "gen": who.gen, "ts": TS, "key": canonical.b64u(who.key), "not_before": TS}
    return {**said, "sig": canonical.b64u((by or who).sign(statement.message(said)))}


def revocation(revokes: int = 1, *, by: Organisation = LATER) -> dict[str, Any]:
    return statement.sign("idr/1", {"revokes": revokes}, by=by, ts=TS)


FORGED = {**revocation(), "sig": revocation(2)["sig"]}


def known(*keys: Organisation) -> Registry:
    made = Registry()
    for who in keys or (STOLEN, LATER):
        assert made.take(registration(who))
    return made


def test_any_generation_that_stands_ends_another_and_nobody_else() -> None:
    other = Organisation("ANOTHER", 2, bytes(32))
    for said in (None, {}, registration(LATER), FORGED, revocation(3), revocation(by=replace(other, org=STOLEN.org)),
                 revocation(by=other)):  # fmt: skip
        assert not known().revoke(said, at=AT), said
    assert not known(STOLEN).revoke(revocation(), at=AT)  # the later one is not registered
    registry = known()
    assert registry.revoke(revocation(), at=AT, index=7)
    assert not registry.revoke(revocation(), at=AT, index=8)  # once
    assert not registry.revoke(revocation(2, by=STOLEN), at=AT, index=9)  # the thief's answer
    assert known().revoke(revocation(by=STOLEN), at=AT)  # a key may say of itself that it is stolen
    third = Organisation(STOLEN.org, 3, bytes([3]) * 32)
    assert registry.take(registration(third))  # in person
    gone = known()
    assert gone.revoke(revocation(2, by=STOLEN), at=AT)
    assert not gone.take(registration(third, by=LATER))  # a revoked generation registers none after it


def test_the_place_in_the_log_decides_and_where_there_is_none_the_instant() -> None:
    registry, said = known(), revocation(by=STOLEN)
    assert registry.stood(said) and registry.revoke(revocation(), at=AT, index=7)
    assert [registry.stood(said, at=AT, index=index) for index in (6, 7, 8)] == [True, False, False]
    late = AT + UNDER_WAY
    assert registry.stood(said, at=late - timedelta(microseconds=1)) and not registry.stood(said, at=late)
    assert not registry.stood(said)
    assert registry.signed(said) and registry.stood(revocation(), index=8)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Procurement:
    return Procurement(tmp_path_factory.mktemp("told")).play()


def revoked(told: Procurement, folder: Path, **story: Any) -> bytes:
    """The record of that procurement, so told."""
    return archive.write(retold(told, folder, **story).record())


def retold(told: Procurement, folder: Path, *, before: str, who: Organisation = STOLEN, at: str = BEFORE,
           said: Any = None) -> Procurement:  # fmt: skip
    """That procurement with a generation revoked before the first entry of a kind.  said: or a lie."""
    play, log = copy(told), MemoryLog(folder / "log")
    log.signer, log.witness_key = told.log.signer, told.log.witness_key
    log.witness = type(told.log.witness)(log.witness_key, [log.signer.verifier], folder / "again", lambda: 1)
    log.entries, log.tree, log.at, play.log = [], Tree(), at, log
    later, turn = replace(LATER, org=who.org), f'"t":"{before}"'.encode()
    for leaf in told.log.entries:
        if turn in leaf and "keys" not in log.seq:
            log.tell("keys", "accounts.key-registered", statement=registration(later, by=who))
            log.tell("keys", "accounts.key-revoked", statement=said or revocation(by=later))
        log.append(leaf)
    return play


# When it came, whose it was, which entry it precedes, what it says of the time, which checks find something.
STORIES: list[tuple[str, Organisation, str, str, set[str]]] = [
    ("its holder was never needed again", HOLDERS[2], "market.notice-published", BEFORE, set()),
    ("its bid came later", STOLEN, "tender.terms", LONG_BEFORE, {"sealed", "releases", "opening-record"}),
    ("its bid was under way", STOLEN, "tender.closed", JUST_BEFORE, {"releases", "opening-record"}),
    ("it was releasing", STOLEN, "opening.bidders-done", BEFORE, {"opening-record"}),
    ("its holder had not signed its keys", HOLDERS[0], "tender.slots-posted", BEFORE,
     {"committees", "releases"}),
    ("its share of a draw came later", CONTRIBUTORS[0], "draw.fixed", BEFORE, {"draws"}),
    ("all was over", STOLEN, "opening.ended", BEFORE, set()),
]  # fmt: skip


def broken(data: bytes, **more: Any) -> set[str]:
    return {check.name for check in record.verify(data, **more).checks if check.holds is False}


@pytest.mark.parametrize(("who", "before", "at", "found"), [each[1:] for each in STORIES], ids=[e[0] for e in STORIES])
def test_a_record_holds_with_what_came_before_and_not_with_what_came_after(
    told: Procurement, tmp_path: Path, who: Organisation, before: str, at: str, found: set[str]
) -> None:
    assert broken(revoked(told, tmp_path, before=before, who=who, at=at)) == found


def test_a_revocation_that_is_none_is_found_and_ends_nothing(told: Procurement, tmp_path: Path) -> None:
    assert broken(revoked(told, tmp_path, before="tender.terms", said=FORGED)) == {"sequence"}


def test_a_revocation_that_is_left_out_is_found_in_the_log_and_nowhere_else(told: Procurement, tmp_path: Path) -> None:
    play = retold(told, tmp_path, before="opening.bidders-done")
    whole, log = play.record(), play.log.read
    ends = [entry for entry in whole.keys if entry.kind == "accounts.key-revoked"]
    lie = archive.write(replace(whole, keys=tuple(entry for entry in whole.keys if entry not in ends)))

    assert broken(lie) == set()
    assert broken(lie, read_log=log) == {"keys"}
    assert broken(archive.write(whole), read_log=log) == {"opening-record"}
    assert "keys" in broken(archive.write(whole), read_log=MemoryLog(tmp_path / "another").read)


def test_a_later_generation_signs_for_what_a_revoked_one_opens() -> None:
    both = organisation.succeeded(STOLEN, LATER)
    unit = {"tender": "T-1", "lot": "1", "part": "sheet"}
    assert both.slot_key(unit=unit, role="c", slot=1) == STOLEN.slot_key(unit=unit, role="c", slot=1)
    said = statement.sign("present/1", {"unit": unit}, by=both, ts=TS)
    assert said["gen"] == 2 and statement.verify(said, LATER.key) and both.key == LATER.key
    for by in (STOLEN, replace(LATER, org="ANOTHER")):
        with pytest.raises(NotCanonical):
            organisation.succeeded(LATER if by is STOLEN else STOLEN, by)


def test_the_command_line_begins_a_generation_and_ends_the_one_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    word = tmp_path / "word"
    word.write_text("a long enough word")
    for who in (STOLEN, LATER):
        (tmp_path / f"{who.gen}.key").write_text(keyfile.seal(who, word.read_text()))
    (tmp_path / "idr.json").write_text('{"v": "idr/1", "revokes": 1}')
    old, new = (str(tmp_path / f"{gen}.key") for gen in (1, 2))
    own = ["--passphrase-file", str(word), "--json"]
    other = ["--statement", "--signed-by", old, "--signed-by-passphrase-file", str(word)]

    assert command_line.main(["identity", new, *other, *own]) == 0
    registered = json.loads(capsys.readouterr().out)
    assert command_line.main(["sign", new, str(tmp_path / "idr.json"), *own]) == 0
    registry = known(STOLEN)
    assert statement.verify(registered, STOLEN.key) and registry.take(registered)
    assert registry.revoke(json.loads(capsys.readouterr().out), at=AT)
