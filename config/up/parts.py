"""A part of the stack: one process, how it is started, when it can be used, how it is asked to end."""

import contextlib
import pwd
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """words: its command line.  told: its environment, on top of ours.  where: what it is reached at, for people.

    ready: whether it can be used.  ends: the signal that asks it to end in order, and so many seconds it is given to.
    sockets: files it listens on, which one that was killed leaves behind.  user: who it runs as where we are root.
    """

    name: str
    words: tuple[str, ...]
    ready: Callable[[], bool]
    told: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    ends: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    sockets: tuple[Path, ...] = ()
    user: str = ""

    @property
    def kind(self) -> str:
        """Those of one kind are alike: `pages-1` and `pages-2`."""
        return self.name.partition("-")[0]

    def command(self) -> list[str]:
        """As it is started: it ends with whoever started it, even when that one is killed."""
        return [*as_user(self.user), "--pdeathsig", self.ends.name.removeprefix("SIG"), *self.words]


def as_user(user: str) -> list[str]:
    """What a command line begins with to run as somebody else, who is named only where we are root."""
    if not user:
        return ["setpriv"]
    who = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups"]


def always() -> bool:
    """Ready as soon as it runs."""
    return True


def listens(where: tuple[str, int] | Path) -> Callable[[], bool]:
    """Whether somebody takes connections at a port or a socket file."""

    def asked() -> bool:
        family = socket.AF_UNIX if isinstance(where, Path) else socket.AF_INET
        with contextlib.closing(socket.socket(family)) as probe, contextlib.suppress(OSError):
            probe.settimeout(1)
            probe.connect(str(where) if isinstance(where, Path) else where)
            return True
        return False

    return asked


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
