"""`./mingbiao up`: the scaled setup on one machine, until Ctrl-C.  `./mingbiao up --status` says what runs where."""

import argparse
import fcntl
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from config.env import ROOT, Env
from config.up import standing
from config.up.engines import Missing
from config.up.front import Front
from config.up.parts import free_port
from config.up.stack import MORE, Numbers, Stack, files
from config.up.supervisor import LOOK, Broken, Supervisor

UNITS = Path("/run/mingbiao")  # where the units of docs/operations.md listen


def say(line: str) -> None:
    """Tell whoever looks on."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)  # noqa: T201


def told() -> argparse.Namespace:
    """What was asked on the command line."""
    asked = argparse.ArgumentParser(prog="./mingbiao up", description=__doc__)
    asked.add_argument("--folder", type=Path, default=ROOT / "var" / "up", help="数据、日志、状态所在的文件夹")
    asked.add_argument("--port", type=int, default=Env().port, help="网站端口；0 为任一空闲端口")
    for name, what in (("pages", "网页进程"), ("sockets", "直播进程"), ("workers", "后台进程"),
                       ("hands", "每个后台进程同时办理的事"), ("sequencers", "排序进程，一个工作，其余待命"),
                       ("per-source", "一个地址同时可有的连接")):  # fmt: skip
        asked.add_argument(f"--{name}", type=int, default=getattr(Numbers, name.replace("-", "_")), help=what)
    asked.add_argument("--tls", type=Path, nargs=2, metavar=("CERT", "KEY"), help="证书与密钥；不给则为 http")
    asked.add_argument("--empty", action="store_true", help="不放入演示人员")
    asked.add_argument("--nginx", type=Path, metavar="DIR", help="只把正式环境的 nginx 配置写入该文件夹")
    asked.add_argument("--status", action="store_true", help="只说明什么在哪里运行")
    return asked.parse_args()


def main() -> int:
    """Start it, watch over it, stop it in order."""
    given = told()
    folder = given.folder.resolve()
    if given.status:
        return standing.show(folder)
    numbers = Numbers(**{name: getattr(given, name) for name in Numbers.__dataclass_fields__})
    tls = tuple(given.tls) if given.tls else None
    if given.nginx:
        print(_written(given.nginx, numbers, tls).write())  # noqa: T201
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{folder} 中已有一套在运行：./mingbiao up --status", file=sys.stderr)  # noqa: T201
            return 1
        run = Path(tempfile.mkdtemp(prefix="mb-up-", dir="/tmp"))  # noqa: S108 (names of socket files are short)
        run.chmod(0o711)
        stack = Stack(
            folder, run, numbers, port=given.port or free_port(), demo=not (given.empty or Env().production),
            tls=tls,
        )  # fmt: skip
        try:
            return _run(stack)
        finally:
            shutil.rmtree(run, ignore_errors=True)


def _written(folder: Path, numbers: Numbers, tls: tuple[Path, Path] | None) -> Front:
    """nginx as an operator has it, with the units of docs/operations.md."""
    folder.mkdir(parents=True, exist_ok=True)
    return Front(
        run=folder.resolve(), log=Path("/var/log/nginx/mingbiao.log"), listen="443" if tls else "80",
        pages=files(UNITS, "pages", numbers.pages), sockets=files(UNITS, "sockets", numbers.sockets),
        static=Env().data.resolve() / "static", most=Env().envelope_limit + MORE,
        per_source=numbers.per_source, tls=tls, user="www-data",
    )  # fmt: skip


def _run(stack: Stack) -> int:
    ready = False
    watcher = Supervisor(stack.folder / "logs", say, lambda: standing.keep(stack, watcher, ready=ready))
    # Ended from outside, it still ends the processes it has started.
    # Of Ctrl-C, too, for a shell lets what it left in the background hear nothing of it.
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, signal.default_int_handler)
    try:
        watcher.start(stack.beneath())
        stack.prepare()
        watcher.start(stack.beside())
        watcher.start(stack.house())
        ready = True
        standing.keep(stack, watcher, ready=True)
        standing.tell(stack, say)
        while True:
            watcher.look()
            time.sleep(LOOK)
    except KeyboardInterrupt:
        say("正在停止")
        return 0
    except (Missing, Broken, RuntimeError) as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201
        return 1
    finally:
        ready = False
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        watcher.stop()


if __name__ == "__main__":
    sys.exit(main())
