"""What a stack tells of itself: a file in its folder, read by `up --status` and by whoever starts one from outside."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.env import ROOT
from config.up.supervisor import Broken, Supervisor, write

if TYPE_CHECKING:
    from config.up.stack import Stack

FILE = "up.json"
PATIENCE = 600.0  # seconds until it is ready, on a busy machine


def keep(stack: "Stack", watcher: Supervisor, *, ready: bool) -> None:
    """Write down what runs now."""
    parts = {
        name: {"pid": each.process.pid, "where": each.part.where, "again": each.again, "waits": bool(each.due)}
        for name, each in watcher.running.items()
    }
    told = {"base": stack.base, "ready": ready, "told": stack.told, "parts": parts, "pid": os.getpid()}
    write(stack.folder / FILE, told)


def tell(stack: "Stack", say: Callable[[str], None]) -> None:
    """Say where it is, who may sign in, and what to do next."""
    say(f"已启动：{stack.base}/    Ctrl-C 结束")
    say(f"各进程的日志在 {stack.folder / 'logs'}；什么在哪里运行：./mingbiao up --status")
    if stack.demo:
        people = stack.folder / "data" / "demo.json"
        say(f"账号与密码在 {people}；发出的短信、邮件和电话：{stack.told['MINGBIAO_NOTIFIER']}/")
        parties = stack.folder / "parties"
        say(f"演练：BASE_URL={stack.base} CAST={people} PARTIES={parties} ./mingbiao rehearse")


def show(folder: Path) -> int:
    """Print what runs where; 0 when all of it runs."""
    try:
        told = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        print(f"{folder} 中没有运行的系统")  # noqa: T201
        return 1
    well = _alive(told["pid"]) and bool(told["parts"])
    print(told["base"] if well else f"{folder} 中没有运行的系统")  # noqa: T201
    for name, part in told["parts"].items():
        runs = _alive(part["pid"]) and not part["waits"]
        well = well and runs
        again = f"重启 {part['again']} 次" if part["again"] else ""
        print(f"  {name:<14}{'运行' if runs else '停止'}  {part['pid']:<8}{part['where']}  {again}".rstrip())  # noqa: T201
    return 0 if well else 1


def _alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, 0)
        return True
    return False


@dataclass
class Standing:
    """A stack that runs.  base: where it is reached.  told: the environment of its processes."""

    folder: Path
    process: "subprocess.Popen[bytes]"

    @property
    def now(self) -> dict[str, Any]:
        """What it tells of itself at this moment."""
        try:
            return dict(json.loads((self.folder / FILE).read_text()))
        except FileNotFoundError:
            return {"ready": False, "parts": {}}

    @property
    def base(self) -> str:
        return str(self.now["base"])

    @property
    def told(self) -> dict[str, str]:
        return dict(self.now["told"])

    def pid(self, name: str) -> int:
        """The process that a part is now."""
        return int(self.now["parts"][name]["pid"])

    def said(self) -> str:
        """All it has said."""
        return (self.folder / "said.log").read_text(errors="replace")


@contextlib.contextmanager
def standing(folder: Path, *words: str, **environ: str) -> Iterator[Standing]:
    """A stack in a folder, at a free port, for as long as the block lasts.

    words: as on the command line of `up`, `--pages 1` say.  Raises Broken when it does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).unlink(missing_ok=True)
    command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "config.up"]
    given = {key: value for key, value in os.environ.items() if not key.startswith(("MINGBIAO_", "DJANGO_"))}
    given |= {"DATABASE_URL": "", "REDIS_URL": "", **environ}
    with (folder / "said.log").open("ab") as said:
        process = subprocess.Popen(
            [*command, "--folder", str(folder), "--port", "0", *words], cwd=ROOT, env=given, stdout=said, stderr=said
        )
    stack = Standing(folder, process)
    try:
        ends = time.monotonic() + PATIENCE
        while not stack.now["ready"]:
            if process.poll() is not None or time.monotonic() > ends:
                raise Broken(stack.said()[-4_000:])
            time.sleep(0.1)
        yield stack
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
