"""Keeps the parts of a stack running: who ends by himself is started again, a little later each time."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from config.up.parts import Part

FIRST, LONGEST = 0.2, 10.0  # seconds before a part is started again: at first, and at most
STEADY = 30.0  # seconds after which one that ran is taken to run
LOOK = 0.1  # seconds between looks
STARTING = 300.0  # seconds a part is given until it can be used


class Broken(RuntimeError):
    """A part cannot be brought to run."""


@dataclass
class Running:
    """A part and the process that it is now.  again: how often it was started again; due: when it is to be."""

    part: Part
    process: "subprocess.Popen[bytes]"
    since: float
    again: int = 0
    pause: float = FIRST
    due: float = 0.0


class Supervisor:
    """The processes of a stack, in the order in which they were started.

    log: the folder of what each of them says.  say: tells people.  kept: called whenever a process has changed.
    """

    def __init__(self, log: Path, say: Callable[[str], None], kept: Callable[[], None] = lambda: None) -> None:
        self.running: dict[str, Running] = {}
        self._log, self._say, self._kept = log, say, kept
        log.mkdir(parents=True, exist_ok=True)

    def start(self, parts: Iterable[Part]) -> None:
        """Start these, at once; then wait until each can be used. Broken when one ends, or takes too long."""
        begun = [Running(part, self._spawn(part), time.monotonic()) for part in parts]
        self.running |= {each.part.name: each for each in begun}
        self._kept()
        ends = time.monotonic() + STARTING
        waited = begun
        while waited:
            for each in waited:
                if each.process.poll() is not None or time.monotonic() > ends:
                    raise Broken(f"{each.part.name} 未能启动：{self.last_words(each.part.name)}")
            waited = [each for each in waited if not each.part.ready()]
            time.sleep(LOOK / 2)

    def look(self) -> None:
        """Whoever has ended is started again when his pause is over."""
        for each in self.running.values():
            if each.due:
                if time.monotonic() >= each.due:
                    self._again(each)
            elif (code := each.process.poll()) is not None:
                self._ended(each, code)

    def stop(self) -> None:
        """End all, kind by kind, the last started first; whoever does not end in time is killed."""
        for _, alike in groupby(reversed(self.running.values()), key=lambda each: each.part.kind):
            self._end(list(alike))
        self.running.clear()
        self._kept()

    def last_words(self, name: str) -> str:
        """The end of what a part said."""
        return (self._log / f"{name}.log").read_text(errors="replace")[-1_500:].strip()

    def _ended(self, each: Running, code: int) -> None:
        """Note that it has ended; what it had started itself goes with it."""
        _kill(each.process.pid)
        if time.monotonic() - each.since > STEADY:
            each.pause = FIRST
        each.due = time.monotonic() + each.pause
        how = signal.Signals(-code).name if code < 0 else f"返回 {code}"
        self._say(f"{each.part.name} 意外结束（{how}），{each.pause:.1f} 秒后重新启动")
        each.pause = min(LONGEST, each.pause * 2)
        self._kept()

    def _again(self, each: Running) -> None:
        each.process, each.since, each.due = self._spawn(each.part), time.monotonic(), 0.0
        each.again += 1
        self._say(f"{each.part.name} 已重新启动（第 {each.again} 次），进程 {each.process.pid}")
        self._kept()

    def _spawn(self, part: Part) -> "subprocess.Popen[bytes]":
        for file in part.sockets:
            file.unlink(missing_ok=True)
        with (self._log / f"{part.name}.log").open("ab") as log:
            return subprocess.Popen(
                part.command(), env={**os.environ, **part.told}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # Ctrl-C is for us: we say who ends when
            )  # fmt: skip

    def _end(self, alike: list[Running]) -> None:
        for each in alike:
            if each.process.poll() is None:
                each.process.send_signal(each.part.ends)
        ends = time.monotonic() + max(each.part.patience for each in alike)
        for each in alike:
            with contextlib.suppress(subprocess.TimeoutExpired):
                each.process.wait(max(0.0, ends - time.monotonic()))
            _kill(each.process.pid)
            each.process.wait()


def _kill(group: int) -> None:
    """Kill what is left of a part and of what it had started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def write(path: Path, told: object) -> None:
    """Put something into a file that is there whole or not at all, for its owner alone."""
    draft = path.with_name(f".{path.name}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(told, ensure_ascii=False, indent=1))
    draft.replace(path)
