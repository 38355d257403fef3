"""Real engines for the tests: the parts of `./mingbiao up`, started here one by one and stopped with the run."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from config.up import engines
from config.up.parts import Part, free_port
from config.up.supervisor import Supervisor

__all__ = [
    "Breakable",
    "begin",
    "beside",
    "free_port",
    "home",
    "memory",
    "postgres",
    "redis",
    "running",
    "s3",
    "scripts",
    "tables",
]

ROLES = ("mingbiao_run", "mingbiao_read")
ROOT = Path(__file__).resolve().parent.parent
SQLITE = "mingbiao.sqlite3"  # the name of the tables in the folder of a house
SHM, ROOM = "/dev/shm", 3 << 30  # noqa: S108 (bytes: several times what the tests have there at once)


@contextlib.contextmanager
def running(part: Part, folder: Path) -> Iterator[None]:
    """A part of a stack by itself, for as long as the block lasts. What it says lies in the folder."""
    watcher = Supervisor(folder / "logs", say=lambda line: None)
    try:
        watcher.start([part])
        yield
    finally:
        watcher.stop()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server of its own; yields its DATABASE_URL, leaves nothing behind."""
    with home("mb-pg-") as folder:
        part, url = engines.postgres(folder, folder)
        with running(part, folder):
            with psycopg.connect(url, autocommit=True) as connection:
                for role in ROLES:  # the migrations that follow give them their rights
                    connection.execute(f"CREATE ROLE {role} LOGIN")
            yield url


@contextlib.contextmanager
def home(prefix: str) -> Iterator[Path]:
    """A folder with a short name, for the names of socket files are; as root PostgreSQL runs as another user."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=memory() or "/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def memory() -> str:
    """Where files lie in memory, if there is room for those of all tests: there a commit waits for no disk."""
    if os.access(SHM, os.W_OK) and shutil.disk_usage(SHM).free > ROOM:
        return SHM
    return ""


def beside(url: str, *, role: str = "") -> str:
    """A new database on the same server, with the empty tables where this run has made them; its URL.

    role: who signs in there, instead of the owner of the tables.
    """
    name, made = f"beside_{secrets.token_hex(4)}", urlsplit(os.environ.get("TEST_TABLES", "")).path[1:]
    create, ends = f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{made}"' if made else ""), time.monotonic() + 60
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            try:
                connection.execute(create)
                break
            except psycopg.errors.ObjectInUse:  # somebody still looks at the empty tables
                if time.monotonic() > ends:
                    raise
    told = urlsplit(url)._replace(path=f"/{name}")
    return (told._replace(netloc=f"{role}@") if role else told).geturl()


def tables() -> str:
    """The file with the empty tables on SQLite, made once for each set of migrations: they take 9 s of CPU."""
    written = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        written.update(path.read_bytes())
    return str(_made_once(f"tables-{written.hexdigest()[:16]}.sqlite3", ["manage.py", "migrate", "-v", "0"], SQLITE))


def scripts() -> Path:
    """The folder of static files as a house collects them, made once for each state of them: they take 4 s of CPU."""
    written = hashlib.sha256((ROOT / "config" / "static.py").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        told = path.stat()
        written.update(f"{path} {told.st_size} {told.st_mtime_ns}".encode())
    collect = "import django; django.setup(); from config import static; static.collect()"
    return _made_once(f"static-{written.hexdigest()[:16]}", ["-c", collect], "static")


def _made_once(name: str, command: list[str], made_as: str) -> Path:
    """What a command makes in the folder of a house on SQLite, kept under this name; what was kept before it goes."""
    made = ROOT / ".cache" / name
    made.parent.mkdir(exist_ok=True)
    sort = name.partition("-")[0]
    with open(made.parent / f"{sort}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with tempfile.TemporaryDirectory(prefix=f"mb-{sort}-") as folder:
                own = {"MINGBIAO_DATA": folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings"}
                subprocess.run([sys.executable, *command], cwd=ROOT, env=os.environ | own, check=True)
                for earlier in made.parent.glob(f"{sort}-*"):
                    shutil.rmtree(earlier) if earlier.is_dir() else earlier.unlink()
                shutil.move(f"{folder}/{made_as}", made)
    return made


def begin(folder: Path) -> Path:
    """A folder for a house: its static files collected, and the empty tables of SQLite."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(scripts(), folder / "static", dirs_exist_ok=True)
    made = os.environ.get("TEST_TABLES", "")
    if not urlsplit(made).scheme:
        shutil.copy(made or tables(), folder / SQLITE)
    return folder


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis server of its own; yields its REDIS_URL."""
    with home("mb-redis-") as folder:
        part, url = engines.redis(folder, free_port())
        with running(part, folder):
            yield url


@contextlib.contextmanager
def s3() -> Iterator[dict[str, str]]:
    """An S3 stand-in of its own, without a bucket; yields what `MINGBIAO_S3_*` has to say to use it."""
    with home("mb-s3-") as folder:
        part, told = engines.s3(free_port())
        with running(part, folder):
            yield told


def _lives(pid: str) -> bool:
    """Whether it runs: one that has ended and was not asked about yet does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class Breakable:
    """PostgreSQL and Redis servers of its own that can be killed while a house stands on them.

    url, redis_url: where they are found, the same before and after.
    """

    def __init__(self) -> None:
        self._home = contextlib.ExitStack()
        folder = self._home.enter_context(home("mb-break-"))
        self._watcher = Supervisor(folder / "logs", say=lambda line: None)
        self._home.callback(self._watcher.stop)
        postgres, self.url = engines.postgres(folder, folder)
        redis, self.redis_url = engines.redis(folder, free_port())
        self._watcher.start([postgres, redis])

    def crash_postgres(self, *, gone: float) -> None:
        """Its processes are told to drop everything at once; it comes back from its log so many seconds later."""
        self._crash("postgres", signal.SIGQUIT, gone)

    def kill_postgres(self, *, gone: float) -> None:
        """SIGKILL to all its processes, as where the machine has run out of memory; it comes back from its log."""
        server = self._watcher.running["postgres"].process.pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        os.kill(server, signal.SIGKILL)
        for child in map(int, children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        ends = time.monotonic() + 30
        while any(_lives(child) for child in children):
            if time.monotonic() > ends:
                raise RuntimeError("a process of PostgreSQL does not end")
            time.sleep(0.01)
        self._crash("postgres", signal.SIGKILL, gone)

    def crash_redis(self, *, gone: float) -> None:
        """SIGKILL, and an empty one in its place so many seconds later."""
        self._crash("redis", signal.SIGKILL, gone)

    def _crash(self, name: str, how: signal.Signals, gone: float) -> None:
        running = self._watcher.running[name]
        running.process.send_signal(how)
        running.process.wait(60)
        time.sleep(gone)
        self._watcher.start([running.part])

    def close(self) -> None:
        """Stop both, leave nothing behind."""
        self._home.close()
