"""What the scaled setup is made of, and in which order."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.env import ROOT, Env
from config.up import engines
from config.up.front import Front
from config.up.parts import Part, always, free_port, listens
from proofs import note

BIN = Path(sys.executable).parent
WITNESS = "cosigner.example"
BANNER = "试运行：所有各方都由同一操作者启动，仅用于试用"
MORE = 2**20  # bytes a body may be longer than the largest envelope
SOCKETS = (  # as `manage.py serve` has them, as far as they are about sockets
    "--lifespan", "off", "--loop", "uvloop", "--ws", "config.connections:Socket", "--ws-max-size", "16384",
    "--ws-per-message-deflate", "false", "--no-proxy-headers", "--no-server-header", "--no-access-log",
    "--log-level", "warning", "--timeout-graceful-shutdown", "3",
)  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """How many processes of each kind.  hands: tasks a Celery worker does at once.

    per_source: connections that one address may have at once.
    """

    pages: int = 2
    sockets: int = 2
    workers: int = 1
    hands: int = 2
    sequencers: int = 2
    per_source: int = 1000


def files(folder: Path, kind: str, count: int) -> list[Path]:
    """The files that so many servers of a kind listen on."""
    return [folder / f"{kind}-{number}.sock" for number in range(1, count + 1)]


class Stack:
    """One stack in a folder: its data, its logs, what it is told.  run: the folder of its socket files."""

    def __init__(self, folder: Path, run: Path, numbers: Numbers, *, port: int, demo: bool,
                 tls: tuple[Path, Path] | None = None) -> None:  # fmt: skip
        self.folder, self.run, self.numbers, self.port, self.demo, self.tls = folder, run, numbers, port, demo, tls
        self.env = Env()
        self.base = f"{'https' if tls else 'http'}://{self.env.host}:{port}"
        self.witness_port, self.notifier_port = free_port(), free_port()
        self.told: dict[str, str] = {}
        self.logs: list[str] = []  # the keys of the two logs

    def beneath(self) -> list[Part]:
        """The engines, those that are not given from elsewhere."""
        parts = []
        database, redis = self.env.database_url, self.env.redis_url
        if not database:
            postgres, database = engines.postgres(self.folder, self.run)
            parts.append(postgres)
        if not redis:
            part, redis = engines.redis(self.folder / "redis", free_port())
            parts.append(part)
        storage: dict[str, str] = {}
        if not self.env.s3_bucket:
            part, storage = engines.s3(free_port())
            parts.append(part)
        self.told = self._environment(database, redis) | storage
        return parts

    def prepare(self) -> None:
        """Tables, roles, files, keys of the logs, in a demo people; from here on nobody is the database's owner."""
        words = [sys.executable, "manage.py", "prepare", "--origin", self.base, *(["--demo"] if self.demo else [])]
        done = subprocess.run(words, cwd=ROOT, env={**os.environ, **self.told}, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"manage.py prepare: {done.stderr[-3_000:]}")
        answer = json.loads(done.stdout)
        self.logs = list(answer["logs"])
        owners = urlsplit(self.told["DATABASE_URL"])
        if answer["role"] and not owners.password:  # one let in without a password is let in as the other, too
            where = f"{answer['role']}@{owners.netloc.rpartition('@')[2]}"
            self.told["DATABASE_URL"] = owners._replace(netloc=where).geturl()

    def house(self) -> list[Part]:
        """All processes of ours, nginx last; in the order of their start."""
        return [*self._sequencers(), *self._background(), *self._servers(), self._front()]

    def _environment(self, database: str, redis: str) -> dict[str, str]:
        key = self.folder / "witness" / "key"
        if not key.exists():
            key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            key.touch(mode=0o600)
            key.write_text(note.generate(WITNESS) + "\n")
        vkey = note.parse_private(key.read_text(), kind=note.COSIGNATURE).verifier.vkey
        told = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MINGBIAO_DATA": str(self.folder / "data"),
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "PORT": str(self.port),
            "MALLOC_ARENA_MAX": "2",  # an arena for each of many threads is one for each to leave holes in
            "MINGBIAO_PROXIES": '[""]',
            "MINGBIAO_WITNESSES": json.dumps([{"url": f"http://127.0.0.1:{self.witness_port}", "vkey": vkey}]),
            "MINGBIAO_QUORUM": "1",
            "MINGBIAO_NOTIFIER": f"http://127.0.0.1:{self.notifier_port}",
            "MINGBIAO_NOTIFIER_TOKEN": str(self.folder / "notifier" / "token"),
        }
        return told | ({"MINGBIAO_BANNER": BANNER} if self.demo else {})

    def _part(self, name: str, *words: str, **more: Any) -> Part:
        return Part(name, words, more.pop("ready", always), told=self.told, **more)

    def beside(self) -> Iterator[Part]:
        """Who is asked before anything of the house starts, and who calls people: neither knows the house."""
        state, port = self.folder / "witness" / "state", self.witness_port
        words = ["--key", str(self.folder / "witness" / "key"), "--name", WITNESS, "--port", str(port)]
        words += [word for vkey in self.logs for word in ("--log", vkey)]
        yield self._part(
            "witness", sys.executable, "-m", "proofs", "witness", *words, "--state", str(state),
            ready=listens(("127.0.0.1", port)), where=f"127.0.0.1:{port}",
        )  # fmt: skip
        port = self.notifier_port
        words = ["--folder", str(self.folder / "notifier"), "--port", str(port), "--log", self.logs[0]]
        yield self._part(
            "notifier", sys.executable, "-m", "notifier", *words, *(["--show"] if self.demo else []),
            ready=listens(("127.0.0.1", port)), where=f"127.0.0.1:{port}",
        )  # fmt: skip

    def _sequencers(self) -> Iterator[Part]:
        """One sequencer works, the others wait for it to be gone."""
        for number in range(1, self.numbers.sequencers + 1):
            yield self._part(f"sequencer-{number}", sys.executable, "manage.py", "sequence")

    def _background(self) -> Iterator[Part]:
        celery = (str(BIN / "celery"), "--quiet", "-A", "config.celery")
        for number in range(1, self.numbers.workers + 1):
            words = ["--concurrency", str(self.numbers.hands), "--hostname", f"{number}@%h", "--loglevel", "WARNING"]
            # A tick is short and the next is soon there: nothing is held back for one worker alone.
            words += ["--prefetch-multiplier", "1", "--without-gossip", "--without-mingle", "--without-heartbeat"]
            yield self._part(f"worker-{number}", *celery, "worker", *words)
        schedule = self.folder / "beat" / "schedule"
        schedule.parent.mkdir(parents=True, exist_ok=True)
        if self.env.metrics:
            yield self._part("metrics", sys.executable, "manage.py", "metrics", where=self.env.metrics)
        yield self._part("beat", *celery, "beat", "--schedule", str(schedule), "--loglevel", "WARNING", "--pidfile=")

    def _servers(self) -> Iterator[Part]:
        words = ["--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "1", "--backlog", "2048"]
        words += ["--blocking-threads", str(self.env.threads), "--log-level", "warning", "--uds-permissions", "660"]
        for file in files(self.run, "pages", self.numbers.pages):
            yield self._part(
                file.stem, str(BIN / "granian"), *words, "--uds", str(file), "config.scaled:pages",
                ready=listens(file), where=str(file), sockets=(file,),
            )  # fmt: skip
        for file in files(self.run, "sockets", self.numbers.sockets):
            yield self._part(
                file.stem, str(BIN / "uvicorn"), *SOCKETS, "--uds", str(file), "config.scaled:sockets",
                ready=listens(file), where=str(file), sockets=(file,),
            )  # fmt: skip

    def _front(self) -> Part:
        front = Front(
            run=self.run, log=self.folder / "logs" / "requests.log", listen=f"{self.env.host}:{self.port}",
            static=self.folder / "data" / "static",
            pages=files(self.run, "pages", self.numbers.pages),
            sockets=files(self.run, "sockets", self.numbers.sockets),
            most=self.env.envelope_limit + MORE, per_source=self.numbers.per_source, tls=self.tls,
            user="root" if os.geteuid() == 0 else "",
        )  # fmt: skip
        return engines.nginx(front.write(), port=self.port)
