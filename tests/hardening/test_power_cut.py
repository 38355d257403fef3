"""The power is cut at every sync of the disk: no bid acknowledged before is gone, by the strictest disk there is.

`SUBMISSIONS=24` traces a house with strace while bidders hand in (`make harden`) and replays the trace: after every
sync, with nothing of what was not yet synced, all of it, all from the end, and single writes of it, the house's files
are laid out as the cut left them, opened, and asked for every bid acknowledged until then. In every run the replay
itself is tried on traces whose end is known.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from proofs import receipt
from proofs.note import parse as parse_note
from tests import engines
from tests.hardening.crashes.power import TRACE, Call, Disk, Unread, calls, lay_out, left
from tests.races.house import Bidder, House, environment

SUBMISSIONS = int(os.environ.get("SUBMISSIONS", "0"))
EVERY_WHOLE = int(os.environ.get("WHOLE", "40"))  # every so-many-th state is proven whole, by the house's own audit
UNDER = Path("/data")


def disk() -> Disk:
    made = Disk(str(UNDER))
    made.names[made.under] = made.safe[made.under] = None
    return made


def call(name: str, *paths: str, at: float = 0.0, **more: Any) -> Call:
    return Call(name, at, at, tuple(f"/data/{path}".rstrip("/") for path in paths), **more)


def written(made: Disk, name: str, data: bytes, at: float) -> None:
    made.do(call("openat", name, at=at, flags="O_RDWR|O_CREAT"))
    made.do(call("write", name, at=at, data=data, offset=0))


def states(made: Disk) -> dict[str, dict[str, bytes | None]]:
    return {name: made.after(kept) for name, kept in left(made)}


def test_bytes_are_safe_with_their_file_and_a_name_with_its_folder():
    made = disk()
    written(made, "a", b"one", 1)
    assert states(made)["none"] == {"/data": None}
    assert made.do(call("sync", "a", at=2))
    assert states(made)["none"] == {"/data": None}  # bytes without a name
    assert states(made)["all"] == {"/data": None, "/data/a": b"one"}
    made.do(call("sync", "", at=3))
    assert states(made) == {"none": {"/data": None, "/data/a": b"one"}}


def test_a_folder_is_safe_with_the_one_above_it_and_takes_all_with_it():
    made = disk()
    made.do(call("mkdir", "ab", at=1))
    written(made, "ab/f", b"x", 1)
    for path in ("ab/f", "ab"):
        made.do(call("sync", path, at=2))
    assert states(made)["none"] == {"/data": None}
    made.do(call("sync", "", at=3))
    assert states(made)["none"]["/data/ab/f"] == b"x"


def test_writes_that_were_not_synced_come_in_any_order_or_not_at_all():
    made = disk()
    written(made, "a", b"....", 1)
    for path in ("a", ""):
        made.do(call("sync", path, at=2))
    made.do(call("write", "a", at=3, data=b"1", offset=0))
    made.do(call("write", "a", at=4, data=b"2", offset=3))
    made.do(call("write", "a", at=5, data=b"3", offset=0))
    found = {name: state["/data/a"] for name, state in states(made).items()}
    assert found == {
        "none": b"....", "all": b"3..2", "backwards": b"1..2", "only 0": b"1...", "only 1": b"...2",
        "only 2": b"3...", "all but the first": b"3..2",
    }  # fmt: skip
    # What came while the sync lasted is not safe by it.
    made.do(Call("sync", 4.5, 6, ("/data/a",)))
    assert states(made)["none"]["/data/a"] == b"1..2"


def test_a_renamed_or_removed_file_may_be_either_until_its_folder_is_synced():
    made = disk()
    written(made, "draft", b"x", 1)
    for path in ("draft", ""):
        made.do(call("sync", path, at=2))
    made.do(call("link", "draft", "name", at=3))
    made.do(call("unlink", "draft", at=4))
    assert set(states(made)["none"]) == {"/data", "/data/draft"}
    assert set(states(made)["only 1"]) == {"/data"}
    assert set(states(made)["all"]) == {"/data", "/data/name"}


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def test_a_trace_is_read_as_strace_writes_it():
    name = hexed("/data/a")
    lines = [
        f'7 1.5 openat(AT_FDCWD<{hexed("/")}>, "{name}", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 5<{name}>',
        f'7 2.0 pwrite64(5<{name}>, "{hexed("hello")}", 5, 8 <unfinished ...>',
        f"8 2.1 fdatasync(6<{hexed('/elsewhere')}>) = 0",
        "7 2.2 <... pwrite64 resumed>) = 3",
        f"7 2.3 fdatasync(5<{name}>) = 0",
        f'7 2.4 openat(AT_FDCWD<{hexed("/")}>, "{hexed("/data/none")}", O_RDWR|O_CREAT) = -1 EACCES (denied)',
        f'7 2.5 rename("{name}", "{hexed("/data/b")}") = 0',
        "7 2.6 +++ killed by SIGKILL +++",
    ]
    found = list(calls(iter(lines), UNDER))
    assert [(each.name, each.paths[-1]) for each in found] == [
        ("openat", "/data/a"), ("write", "/data/a"), ("sync", "/data/a"), ("rename", "/data/b"),
    ]  # fmt: skip
    assert (found[1].data, found[1].offset, found[1].began, found[1].ended) == (b"hel", 8, 2.0, 2.2)
    with pytest.raises(Unread):
        list(calls(iter([f'7 1.0 pwrite64(5<{name}>, "{hexed("he")}"..., 9, 0) = 9']), UNDER))
    with pytest.raises(Unread):
        list(calls(iter([f"7 1.0 sendfile(5<{name}>, 6<{name}>, NULL, 9) = 9"]), UNDER))


def handed_in(folder: Path, trace: Path) -> list[tuple[float, dict[str, str]]]:
    """A traced house while four bidders hand in: when each receipt was in the bidder's hands, and what it promises."""
    house = House(environment(folder), under=[*TRACE, "-o", str(trace)])
    acknowledged = []
    try:
        house.start("/readyz")
        rows = json.loads((folder / "bidders.json").read_text())
        bidders = [Bidder(row) for row in rows]
        while len(acknowledged) < SUBMISSIONS * 2:
            for bidder in bidders:
                before = len(bidder.receipts)
                bidder.turn(house.port)
                now = time.time()
                for row in bidder.receipts[before:]:
                    told = receipt.parse(parse_note(row["note"]).text)
                    acknowledged.append((now, {"sub": told.what.sub, "leaf": told.leaf}))
    finally:
        house.close()
    return acknowledged


def missing(state: dict[str, bytes | None], promised: list[dict[str, str]], at: Path) -> list[str]:
    """What is not as promised in such a state: bids with their entries and envelopes; and a damaged database."""
    shutil.rmtree(at, ignore_errors=True)
    lay_out({path: data for path, data in state.items() if "sqlite3" in path or data is None}, str(UNDER), at)
    database = sqlite3.connect(at / "mingbiao.sqlite3")
    try:
        if (whole := database.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            return [f"the database is damaged: {whole[:200]}"]
        bids = dict(database.execute("SELECT sub_sha256, env_sha256 FROM bidding_bid"))
        leaves = {hashlib.sha256(b"\0" + leaf).hexdigest() for (leaf,) in database.execute(
            "SELECT leaf FROM ledger_entry WHERE kind = 'bidding.bid-sealed'")}  # fmt: skip
    finally:
        database.close()
    files = {Path(path).name: data for path, data in state.items() if data is not None and "/envelopes/" in path}
    found = []
    for one in promised:
        envelope = files.get(bids.get(one["sub"], ""))
        if one["sub"] not in bids or one["leaf"] not in leaves:
            found.append(f"{one['sub'][:12]}: acknowledged, and gone")
        elif envelope is None or hashlib.sha256(envelope).hexdigest() != bids[one["sub"]]:
            found.append(f"{one['sub'][:12]}: its envelope is gone")
    return found


if SUBMISSIONS:

    @pytest.mark.embedded
    @pytest.mark.timeout(7200)
    def test_no_acknowledged_bid_is_lost_by_a_power_cut(tmp_path, capsys):
        folder, before, after = engines.begin(tmp_path / "data"), tmp_path / "before", tmp_path / "after"
        first = House(environment(folder))
        try:
            first.run("migrate", "--verbosity", "0")
            (folder / "bidders.json").write_text(first.run("open", str(1 + SUBMISSIONS // 40)))
        finally:
            first.close()
        shutil.copytree(folder, before)
        acknowledged = handed_in(folder, tmp_path / "trace")
        states, faults = replayed(tmp_path / "trace", folder, before, after, acknowledged)
        with capsys.disabled():
            sys.stdout.write(
                f"\npower cut: {len(acknowledged) // 2} submissions, {dict(states)}, {len(faults)} wrong\n"
            )
        assert faults == [], "\n".join(faults[:40])
        assert states["syncs"] > 2 * len(acknowledged)


def replayed(trace: Path, folder: Path, before: Path, after: Path, acknowledged: Any) -> tuple[Counter[str], list[str]]:
    """Every state after every sync, and what was missing in one of them."""
    made, counts, faults = Disk.of(before, folder), Counter[str](), []
    made_of = list(calls(trace.open(), folder))
    ends = [each.ended for each in made_of if each.name == "sync"]
    whole = House(environment(after))
    try:
        for each in made_of:
            if each.name == "sync":
                until = ends[counts["syncs"]]  # this one may not have come to its end
                promised = [told for when, told in acknowledged if when < until]
                for name, kept in left(made):
                    counts["states"] += 1
                    state = {path.replace(str(folder), str(UNDER), 1): data
                             for path, data in made.after(kept).items()}  # fmt: skip
                    found = missing(state, promised, after)
                    if not found and counts["states"] % EVERY_WHOLE == 0:
                        counts["audited"] += 1
                        lay_out(state, str(UNDER), after)
                        try:
                            whole.run("fsck_ledger")
                        except AssertionError as faulty:
                            found.append(str(faulty)[-700:])
                    faults += [f"before sync {counts['syncs']} of {each.paths[0]}, {name}: {one}" for one in found]
                counts["syncs"] += 1
            made.do(each)
    finally:
        whole.close()
    return counts, faults
