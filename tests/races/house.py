"""A house of its own process that is killed and started again, and the bidders at its doors.

Of the commands it is asked, `open N` fills a fresh database with N open tenders and signs its bidders in, `auction
NUMBER SECONDS` with an auction that has so long to go; `ahead SECONDS` has it believe that its clock was that far
ahead; `module:function` calls that; every other is one of `manage.py`.
"""

import contextlib
import http.client
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from proofs import envelope, manifest, statement
from proofs.organisation import Organisation
from tests.engines import free_port
from tests.hardening.crashes import fuses

ROOT = Path(__file__).parents[2]
SLOTS = 80
TIMEOUT = 20.0
SAID = "said.txt"  # what the command that runs now has printed
ANOTHER_DAY = 3600.0  # seconds by which a clock is off that is not meant to be right
OFF = "off.txt"  # by how many seconds the machine's clock is off


def environment(data: Path, database_url: str = "") -> dict[str, str]:
    """What the house is told. Batches come often, so that kills meet the sequencer at work too."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("MINGBIAO_")},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MINGBIAO_DATA": str(data),
        "DATABASE_URL": database_url,
        "MINGBIAO_SEALED_EVERY": "0.5",
        "MINGBIAO_PUBLIC_EVERY": "0.1",
    }


class House:
    """`manage.py serve`, to be killed; and what is done in its environment between two of its lives.

    One process has read all the code, and what is asked of it is done by a fork: reading the code twenty times would
    take most of a test's time, and what is killed is a process like any other all the same.
    """

    def __init__(self, told: Mapping[str, str], *, under: Sequence[str] = ()) -> None:
        self.port = free_port()
        self.pid = 0
        self._folder = Path(told["MINGBIAO_DATA"])
        words = [*under, sys.executable, "-m", "tests.races.house"]
        self._parent = subprocess.Popen(
            words, cwd=ROOT, env=dict(told), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, *words: str) -> str:
        """A command in the house's environment; what it prints."""
        self._begin(*words)
        assert self._ended() == 0, f"{words}: {self._said()}"
        return self._said()

    def start(self, door: str = "/healthz") -> None:
        """Start it and wait until it answers; with `/readyz` until it could keep a bid."""
        self._begin("serve", "--port", str(self.port))
        ends = time.monotonic() + 300
        while True:
            assert time.monotonic() < ends, "the house did not start"
            try:
                os.kill(self.pid, 0)
                if ask(self.port, "GET", door)[0] == 200:
                    return
                time.sleep(0.02)
            except ProcessLookupError:
                raise AssertionError(f"the house ended by itself: {self._said()}") from None
            except OSError:
                time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed by us."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._ended()

    def lives(self) -> bool:
        """Whether it still runs."""
        return Path(f"/proc/{self.pid}").exists()

    def freeze(self) -> None:
        """SIGSTOP: it does nothing and notices nothing, its sockets stay."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on where it stood."""
        os.kill(self.pid, signal.SIGCONT)

    def set_clock(self, seconds: float) -> None:
        """From now on its machine's clock is off by so much, through every life."""
        (self._folder / OFF).write_text(str(seconds))

    def close(self) -> None:
        """Kill it for good."""
        self.kill()
        self._parent.communicate(timeout=60)

    def _begin(self, *words: str) -> None:
        assert self._parent.stdin and self._parent.stdout
        self._parent.stdin.write(json.dumps(words) + "\n")
        self._parent.stdin.flush()
        self.pid = int(self._parent.stdout.readline())

    def _ended(self) -> int:
        assert self._parent.stdout
        self.pid = 0
        return int(self._parent.stdout.readline())

    def _said(self) -> str:
        return (self._folder / SAID).read_text()


def ask(port: int, method: str, path: str, body: bytes | None = None, cookies: str = "") -> tuple[int, bytes]:
    """One request on a connection of its own. OSError when it is cut."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    headers = {"Cookie": cookies, "X-CSRFToken": "t" * 32, "Content-Type": "application/json"}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as cut:
        raise OSError(str(cut)) from cut
    finally:
        connection.close()


class Bidder:
    """One bidder of one tender, who hands in version after version and keeps every receipt.

    handed: the submission whose answer never came; it is sent again, word for word, after the house is back.
    """

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.number, self.org, self.cookies = row["number"], row["org"], row["cookies"]
        self.closes_at = str(row.get("closes_at", ""))
        self.key = Organisation(row["org"], 1, bytes.fromhex(row["seed"]))
        self.manifests = {part: manifest.parse(text.encode()) for part, text in row["manifests"].items()}
        self.receipts: list[dict[str, Any]] = []
        self.handed: bytes | None = None
        self.full = False

    def prepare(self, port: int) -> None:
        """Seal and upload one more version."""
        slots = json.loads(self._ask(port, "POST", "slots", b"{}"))
        following = json.loads(self._ask(port, "GET", "my-bid"))["next"]
        subs = [self._sealed(port, part, slot, following[part]) for part, slot in slots.items()]
        self.handed = json.dumps({"subs": subs}).encode()

    def turn(self, port: int) -> None:
        """Hand in one more version. OSError when the house is cut off; what was not answered is kept."""
        if self.handed is None:
            self.prepare(port)
        answer = json.loads(self._ask(port, "POST", "bids", self.handed))
        self.receipts += answer["receipts"]
        self.full = len(self.receipts) >= 2 * 16
        self.handed = None

    def _sealed(self, port: int, part: str, slot: int, following: Mapping[str, Any]) -> dict[str, Any]:
        target, made = io.BytesIO(), self.manifests[part]
        ts = "2026-11-21T08:00:00.000000Z"
        sheet = {"price": "1000000.00", "delivery": "45 日", "small": False, "note": ""} if part == "sheet" else {}
        done = envelope.seal(target, by=self.key, manifest=made, slot=slot, policy="A", sheet=sheet, files=[], ts=ts)
        self._ask(port, "PUT", f"envelopes/{part}", target.getvalue())
        fields = {
            "unit": dict(made.unit), "eid": done.eid, "slot": slot, "cmh": made.cmh.hex(),
            "env_sha256": done.env_sha256, "size": done.size, **following,
        }  # fmt: skip
        return statement.sign("sub/1", fields, by=self.key, ts=ts)

    def _ask(self, port: int, method: str, path: str, body: bytes | None = None) -> bytes:
        status, told = ask(port, method, f"/api/projects/{self.number}/{path}", body, self.cookies)
        assert status == 200, f"{method} {path}: {status} {told[:500]!r}"
        return told


def _open(count: int, *, first: int = 0, seconds: float = 5 * 86_400) -> list[dict[str, Any]]:
    """N open tenders with their bidders' keys and sessions, in the database of this process.

    first: the number of the first.  seconds: until they are closed.
    """
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from bidding.tender import queries as tenders
    from config.sessions import SessionStore
    from rulebook import clock
    from tests.cast import DAY
    from tests.make import accounts, bidding, bidding_offers, market

    now = clock.now()
    cookies = {}
    for actor in bidding_offers.BIDDERS:
        user = accounts.user(actor)
        accounts.key(actor.organisation)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies[actor.organisation] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={'t' * 32}"
    rows = []
    for n in range(first, first + count):
        number = f"K-{n:03d}"
        past = dict.fromkeys(("stage_at", "publish_at", "published_at", "approved_at", "submitted_at"), now - DAY)
        project = market.project(number=number, notice_ends_at=now + DAY, **past)
        tender = bidding.tender(number=number, project=project, closes_at=now + timedelta(seconds=seconds), slots=SLOTS)
        kcm = {part: tenders.kcm_bytes(made).decode() for part, made in tenders.committees(tender).items()}
        for org, cookie in cookies.items():
            seed = accounts.signer(org).seed.hex()
            rows.append({"number": number, "org": org, "cookies": cookie, "seed": seed, "manifests": kcm,
                         "closes_at": tender.closes_at.isoformat()})  # fmt: skip
    return rows


def _auction(number: str, seconds: float) -> dict[str, Any]:
    """An auction that ends in so many seconds unless a quote moves it; sessions of its bidders and its owner."""
    from bidding.auction.queries import called_seq
    from rulebook import clock
    from tests import cast
    from tests.make import accounts, auctions

    begins = clock.now() + timedelta(seconds=seconds - 60)
    terms = auctions.TERMS | {"minutes": 1, "window": 2, "most": 2, "step": "1.00"}
    made = auctions.called(number, closes_at=begins - cast.MINUTE, auction=terms)
    cookies = {}
    for actor in (cast.OFFICER, *auctions.BIDDERS):
        session = accounts.client_of(actor).cookies["sessionid"].value
        cookies[actor.organisation] = f"sessionid={session}; csrftoken={'t' * 32}"
    return {"number": number, "buyer": cast.BUYER, "cookies": cookies, "after": called_seq(made) - 1}


def _ahead(seconds: float) -> None:
    """The mark of the clock, as a machine leaves it whose clock was ahead and is now set right."""
    from ledger.models import HighWater
    from rulebook import clock

    HighWater.objects.update(at=clock.now() + timedelta(seconds=seconds))


def _do(words: list[str], stdout: IO[str]) -> None:
    from django.core.management import call_command

    own = {
        "open": lambda: _open(int(words[1])),
        "auction": lambda: _auction(words[1], float(words[2])),
        "ahead": lambda: _ahead(float(words[1])),
    }
    if words[0] in own:
        json.dump(own[words[0]](), stdout)
    elif ":" in words[0]:
        module, _, name = words[0].partition(":")
        json.dump(getattr(import_module(module), name)(*words[1:]), stdout)
    else:
        call_command(*words, stdout=stdout)


def _off(folder: Path) -> float:
    """By how much this machine's clock is off."""
    try:
        return float((folder / OFF).read_text() or 0)
    except FileNotFoundError:
        return 0.0


def _take_the_database_along(folder: Path) -> None:
    """Where a world lies on another day, its database's clock is on that day too; it has no clock to be set."""
    timekeeper = import_module("config.timekeeper")
    beyond = timekeeper.beyond

    def on_that_day(theirs: datetime, **told: datetime) -> timedelta:
        off = _off(folder)
        return beyond(theirs + timedelta(seconds=off if abs(off) > ANOTHER_DAY else 0), **told)  # type: ignore[no-any-return]

    timekeeper.beyond = on_that_day


def _stand_by(folder: Path) -> None:
    """Do each command that comes in a fork of its own: its number, then how it ended, go back."""
    import_module("config.urls")
    import_module("config.management.commands.serve")
    import_module("rulebook.clock").system = lambda: datetime.now(UTC) + timedelta(seconds=_off(folder))
    _take_the_database_along(folder)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            with (folder / SAID).open("w") as said:
                os.dup2(said.fileno(), 2)
                fuses.tie(folder)
                _do(json.loads(line), said)
            os._exit(0)
        print(pid, flush=True)  # noqa: T201
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    import django
    from django.conf import settings

    django.setup()
    settings.DATA.mkdir(parents=True, exist_ok=True)
    _stand_by(settings.DATA)
