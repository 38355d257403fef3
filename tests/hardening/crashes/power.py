"""What a power cut leaves of a folder: the writes of a traced process, and which of them a disk must still have.

The strictest reading of POSIX: bytes are safe once their file is synced, a name once its folder is, and whatever was
not may be there, or not, in any order. A trace is made by `strace` (`TRACE`); `replay` goes through it boundary by
boundary.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,ftruncate,fallocate,fsync,fdatasync,rename,renameat,renameat2,"
    "unlink,unlinkat,link,linkat,mkdir,mkdirat,rmdir,sendfile,copy_file_range"
)
TRACE = (
    "strace",
    "-f",
    "--seccomp-bpf",
    "-ttt",
    "-y",
    "-xx",
    "-s",
    "20000000",
    "-qq",
    "-e",
    f"trace={CALLS}",
    "-e",
    "signal=none",
)
_LINE = re.compile(r"(?P<pid>\d+) +(?P<time>\d+\.\d+) (?P<rest>.*)", re.DOTALL)
_CALL = re.compile(r"(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+)", re.DOTALL)
_FD = re.compile(r"(?:AT_FDCWD|-?\d+)<(?P<path>[^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


class Unread(ValueError):
    """A trace says something that is not understood: what would follow from it proves nothing."""


@dataclass(frozen=True)
class Call:
    """One system call that went well.  began, ended: seconds since 1970.  paths: absolute, in its order.

    result: what it answered.  offset: of a write, -1 where the file's end or place decides.
    """

    name: str
    began: float
    ended: float
    paths: tuple[str, ...]
    data: bytes = b""
    offset: int = -1
    size: int = 0
    flags: str = ""


def calls(lines: Iterator[str], under: Path) -> Iterator[Call]:
    """The calls of a trace that concern this folder, in the order in which they ended."""
    begun: dict[str, tuple[float, str]] = {}
    inside = str(under)
    for line in lines:
        matched = _LINE.match(line.rstrip("\n"))
        if matched is None or matched["rest"].startswith(("+++", "---")):
            continue
        pid, time, rest = matched["pid"], float(matched["time"]), matched["rest"]
        began = time
        if rest.endswith("<unfinished ...>"):
            begun[pid] = (time, rest.removesuffix("<unfinished ...>"))
            continue
        if rest.startswith("<... "):
            began, head = begun.pop(pid)
            rest = head + rest.partition(" resumed>")[2]
        done = _CALL.match(rest)
        if done is None or int(done["result"]) < 0:
            continue
        found = _read(done["name"], done["args"], int(done["result"]), began, time)
        if found and any(path.startswith(inside) for path in found.paths):
            yield found


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _read(name: str, args: str, result: int, began: float, ended: float) -> Call | None:
    folders = [_decoded(f["path"]).decode() if f["path"].startswith("\\x") else f["path"] for f in _FD.finditer(args)]
    texts = [(_decoded(found[1]), found[2]) for found in _TEXT.finditer(_FD.sub("", args))]
    if any(cut for _, cut in texts):
        raise Unread(f"{name}: its data are cut short in the trace")
    if name in ("openat", "open", "creat"):
        flags = args.rpartition('"')[2]
        if name != "creat" and "O_CREAT" not in flags and "O_TRUNC" not in flags:
            return None
        where = _joined(folders, texts[0][0])
        return Call(name, began, ended, (where,), flags=flags)
    if name in ("write", "pwrite64"):
        data = texts[0][0][:result]
        offset = int(args.rpartition(",")[2]) if name == "pwrite64" else -1
        return Call("write", began, ended, tuple(folders[:1]), data=data, offset=offset)
    if name in ("fsync", "fdatasync"):
        return Call("sync", began, ended, tuple(folders[:1]))
    if name == "ftruncate":
        return Call("truncate", began, ended, tuple(folders[:1]), size=int(args.rpartition(",")[2]))
    if name.startswith(("rename", "link")):
        names = [_joined(folders[n : n + 1] if name.endswith(("at", "at2")) else [], text[0])
                 for n, text in enumerate(texts)]  # fmt: skip
        return Call("rename" if name.startswith("rename") else "link", began, ended, tuple(names))
    if name.startswith(("unlink", "rmdir", "mkdir")):
        kind = "mkdir" if name.startswith("mkdir") else "unlink"
        return Call(kind, began, ended, (_joined(folders[:1] if name.endswith("at") else [], texts[0][0]),))
    if name == "fallocate":
        return None  # it grows a file by zeros; SQLite does so for its index alone
    if folders:
        raise Unread(f"{name}({args[:200]}) is not understood")
    return None


def _joined(folders: list[str], name: bytes) -> str:
    text = name.decode()
    return text if text.startswith("/") or not folders else os.path.normpath(f"{folders[0]}/{text}")


@dataclass
class File:
    """safe: bytes that are on the disk.  now: bytes as processes see them.

    pending: changes not synced yet, each with when it was done.
    """

    safe: bytearray
    now: bytearray
    pending: list[tuple[float, Callable[[bytearray], None]]] = field(default_factory=list)
    place: int = 0


@dataclass
class Disk:
    """Files and names of one folder.  names: as processes see them; safe: as they are on the disk.

    pending: changes of names not synced yet: (when, folder, change of `safe`).
    """

    under: str
    names: dict[str, "File | None"] = field(default_factory=dict)  # None: a folder
    safe: dict[str, "File | None"] = field(default_factory=dict)
    pending: list[tuple[float, str, Callable[[dict[str, "File | None"]], None]]] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path, under: Path) -> "Disk":
        """As it lay before, every byte of it safe.  folder: the copy; under: what it was called when it was traced."""
        disk = cls(str(under))
        disk.names[disk.under] = None
        for path in sorted(folder.rglob("*")):
            name = str(under / path.relative_to(folder))
            data = path.read_bytes() if path.is_file() else b""
            disk.names[name] = File(bytearray(data), bytearray(data)) if path.is_file() else None
        disk.safe = dict(disk.names)
        return disk

    def do(self, call: Call) -> bool:
        """One call; True where it was a sync: what was before it is safe from its end on."""
        path = call.paths[0]
        if call.name == "sync":
            self._sync(path, call.began)
            return True
        if call.name in ("openat", "open", "creat"):
            self._opened(call)
        elif call.name == "mkdir":
            self._named(path, None, call.ended)
        elif call.name == "unlink":
            self.names.pop(path, None)
            self._pend(call.ended, path, lambda names: names.pop(path, None) and None)
        elif call.name in ("rename", "link"):
            self._moved(call)
        elif isinstance(file := self.names.get(path), File):
            self._changed(file, call)
        return False

    def _opened(self, call: Call) -> None:
        path = call.paths[0]
        if not path.startswith(self.under):
            return
        if path not in self.names:
            self._named(path, File(bytearray(), bytearray()), call.ended)
        elif "O_TRUNC" in call.flags and isinstance(file := self.names[path], File):
            self._apply(file, call.ended, lambda data: data.__delitem__(slice(0, None)))
        if isinstance(file := self.names[path], File):
            file.place = len(file.now) if "O_APPEND" in call.flags else 0

    def _pend(self, when: float, path: str, change: Callable[[dict[str, File | None]], None]) -> None:
        self.pending.append((when, os.path.dirname(path), change))

    def _named(self, path: str, file: File | None, when: float) -> None:
        self.names[path] = file
        self._pend(when, path, lambda names: names.__setitem__(path, file))

    def _moved(self, call: Call) -> None:
        source, target = call.paths
        file = self.names.get(source)
        self.names[target] = file
        if call.name == "rename":
            self.names.pop(source, None)

        def moved(names: dict[str, File | None]) -> None:
            names[target] = file
            if call.name == "rename":
                names.pop(source, None)

        self._pend(call.ended, target, moved)

    def _changed(self, file: File, call: Call) -> None:
        if call.name == "truncate":
            size = call.size
            self._apply(file, call.ended, lambda data: _cut(data, size))
            return
        at, data = (file.place if call.offset < 0 else call.offset), call.data
        file.place = at + len(data) if call.offset < 0 else file.place
        self._apply(file, call.ended, lambda kept: _put(kept, at, data))

    @staticmethod
    def _apply(file: File, when: float, change: Callable[[bytearray], None]) -> None:
        change(file.now)
        file.pending.append((when, change))

    def _sync(self, path: str, began: float) -> None:
        """What was done before the sync began is safe: of what came while it lasted nobody knows."""
        if isinstance(file := self.names.get(path), File):
            later = [each for each in file.pending if each[0] > began]
            for _, change in file.pending[: len(file.pending) - len(later)]:
                change(file.safe)
            file.pending = later
            return
        kept = []
        for when, folder, named in self.pending:
            if folder == path and when <= began:
                named(self.safe)
            else:
                kept.append((when, folder, named))
        self.pending = kept

    def unsynced(self) -> list["Change"]:
        """Every change that a cut now may take or leave: of names first, then of bytes, each in its order."""
        found = [Change(None, named) for _, _, named in self.pending]
        for file in {id(file): file for file in self.names.values() if isinstance(file, File)}.values():
            found += [Change(file, change) for _, change in file.pending]
        return found

    def after(self, kept: list["Change"]) -> dict[str, bytes | None]:
        """path ↦ bytes (None of a folder) after a cut that leaves just these changes; without what nothing leads to."""
        names, bytes_of = dict(self.safe), dict[int, bytearray]()
        for change in kept:
            if change.file is None:
                change.apply(names)
            else:
                data = bytes_of.setdefault(id(change.file), bytearray(change.file.safe))
                change.apply(data)
        found: dict[str, bytes | None] = {}
        for path in sorted(names):
            file = names[path]
            if path == self.under or os.path.dirname(path) in found:
                found[path] = None if file is None else bytes(bytes_of.get(id(file), file.safe))
        return found


@dataclass(frozen=True)
class Change:
    """One change that is not safe: of a file's bytes, or of names where `file` is None."""

    file: File | None
    apply: Callable[..., None]


def _cut(data: bytearray, size: int) -> None:
    if size <= len(data):
        del data[size:]
    else:
        data.extend(bytes(size - len(data)))


def _put(data: bytearray, at: int, what: bytes) -> None:
    if len(data) < at:
        data.extend(bytes(at - len(data)))
    data[at : at + len(what)] = what


def left(disk: Disk, most: int = 6) -> Iterator[tuple[str, list[Change]]]:
    """What a cut may leave of the unsynced: nothing, all, all from the end, and each alone (so many of them)."""
    pending = disk.unsynced()
    yield "none", []
    if not pending:
        return
    yield "all", pending
    if len(pending) > 1:
        yield "backwards", pending[::-1]
        step = max(1, len(pending) // most)
        for n in range(0, len(pending), step):
            yield f"only {n}", [pending[n]]
        yield "all but the first", pending[1:]


def lay_out(state: dict[str, bytes | None], under: str, folder: Path) -> None:
    """Write such a state into a folder."""
    for path, data in state.items():
        place = folder / os.path.relpath(path, under)
        if data is None:
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.write_bytes(data)
