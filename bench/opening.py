"""Opening bids as large as they come: twenty of 200 MB in the embedded house, watched from the hall.

`python -m bench.opening BIDS MIB` in a house's environment, before it serves, leaves a hall whose bidders and holders
have released everything: the house's own tick opens the rest.
"""

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.figures import Figure, at_most
from bench.site import Serving, environment, run, serving

BIDS, MIB = 20, 2**20
SIZE = int(os.environ.get("SIZE_MB", "200"))
MOST = 400  # MiB of the process that opens, above what it takes when idle
LONGEST = 15.0  # seconds without a new line in the hall
OPENED = re.compile(r'"opening\.verdict"')


def open_20x200() -> Iterator[Figure]:
    """How much memory the opening process takes, and how long the hall hears nothing."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as data:
        told = environment(Path(data))
        run(["manage.py", "migrate", "--verbosity", "0"], told)
        number = json.loads(run(["-m", "bench.opening", str(BIDS), str(SIZE)], told))["number"]
        with serving(told) as house:
            yield from _watched(house, number)


def _watched(house: Serving, number: str) -> Iterator[Figure]:
    from websockets.sync.client import connect

    begin, before, most = time.monotonic(), _memory(house.pid), 0
    seen: list[float] = []
    where = f"127.0.0.1:{house.port}"
    with connect(f"ws://{where}/ws/streams/project/{number}/", origin=f"http://{where}", max_size=None) as hall:
        while len(seen) < 2 * BIDS:
            try:
                frame = hall.recv(timeout=0.2)
            except TimeoutError:
                frame = ""
            seen += [time.monotonic() - begin] * len(OPENED.findall(str(frame)))
            most = max(most, _memory(house.pid))
            assert time.monotonic() - begin < 600, f"{len(seen)} verdicts in ten minutes"
    silence = max(later - earlier for earlier, later in zip([0.0, *seen], seen, strict=False))
    text = f"{BIDS} bids of {SIZE} MB opened in the embedded house, {seen[-1]:.0f} s: its memory above the \
{before / MIB:.0f} MiB it takes idle"
    yield at_most("open-20x200", [(most - before) / MIB], MOST, text, unit=" MiB")
    yield at_most("open-20x200-silence", [silence], LONGEST, "the longest the hall waited for its next line", unit=" s")


def _memory(pid: int) -> int:
    """Anonymous memory a process holds now: pages of files it has mapped belong to nobody."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:"))


def prepared(bids: int, size: int) -> str:
    """A hall with everything released."""
    import django

    django.setup()
    from bidding.opening import services
    from bidding.submission import queries as submissions
    from bidding.submission import services as submission
    from proofs import envelope, index
    from rulebook import clock
    from rulebook.actor import Actor, Role
    from rulebook.credit_code import check_character
    from tests import cast
    from tests.make import accounts, bidding_offers, market

    now = clock.now()
    closes_at = now - timedelta(minutes=10)
    past = dict.fromkeys(("stage_at", "publish_at", "published_at", "approved_at", "submitted_at"), now - cast.DAY)
    project = market.project(number="O-001", notice_ends_at=closes_at - cast.DAY, **past)
    tender = bidding_offers.open_tender(
        number=project.number, project=project, closes_at=closes_at, slots=2 * bids + 2, window=7200
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "投标文件.pdf"
        with file.open("wb") as target:
            target.truncate(size * MIB)
        for n in range(bids):
            start = f"91152900MA1B{n:05d}"
            code = start + check_character(start)
            cast.NAMES[code] = f"第{n}号投标单位"
            accounts.key(code)
            by = Actor(f"00000000-0000-4000-8000-{1000 + n:012d}", Role.PROVIDER, code, "投标人")
            at, subs = closes_at - timedelta(minutes=5), []
            slots = submission.allot_slots(project_number=project.number, by=by, at=at)
            following = submissions.my_bid(tender, viewer=by)["next"]
            for part, slot in slots.items():
                made = submissions.manifests(tender)[part]
                sheet = {"price": "1000000.00", "delivery": "45 日", "small": False, "note": ""}
                sealed = Path(folder) / "sealed"
                with sealed.open("wb") as target:
                    done = envelope.seal(
                        target, by=accounts.signer(code), manifest=made, slot=slot, policy="A",
                        sheet=sheet if part == "sheet" else {},
                        files=[] if part == "sheet" else [index.File(file.name, file)], ts=bidding_offers.iso(at),
                    )  # fmt: skip
                with sealed.open("rb") as source:
                    chunks = iter(lambda source=source: source.read(MIB), b"")
                    submission.store_envelope(project_number=project.number, part=part, chunks=chunks, by=by, at=at)
                fields = {"eid": done.eid, "slot": slot, "cmh": made.cmh.hex(), "env_sha256": done.env_sha256,
                          "size": done.size, **following[part]}  # fmt: skip
                subs.append(bidding_offers.said("sub/1", code, fields, number=project.number, part=part, at=at))
            submission.submit(project_number=project.number, subs=subs, by=by, at=at)
    bidding_offers.closed(tender)
    services.open_hall(project_number=project.number, by=cast.OFFICER, at=closes_at + cast.MINUTE)
    bidding_offers.halves_released(tender)
    _keys(tender)
    return project.number


def _keys(tender: Any) -> None:
    """Two holders release every key; no tick runs here."""
    from bidding.opening import queries as openings
    from tests.cast import MINUTE
    from tests.make import bidding_offers
    from tests.make.bidding import HOLDERS

    at = tender.closes_at + 3 * MINUTE
    standing = openings.stand(tender.project, at=at)
    for holder in HOLDERS[:2]:
        said = [bidding_offers.key(tender, holder, unit.bid, at=at) for unit in standing.units]
        bidding_offers.heard(tender, said, at=at)


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"number": prepared(int(sys.argv[1]), int(sys.argv[2]))}))
