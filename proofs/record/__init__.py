"""Verifying the whole public record of one procurement, offline: what was logged is what happened, and it adds up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from proofs.mirror import Fetch
from proofs.note import Verifier
from proofs.record import full, hall, outcome, room, seating, trail
from proofs.record.archive import Record, read
from proofs.record.checks import Check, run

# Titles speak the words of the record, `proofs.words`.
CHECKS: Mapping[str, tuple[str, Callable[[Record], str]]] = {
    "signature": ("日志签名", trail.signature),
    "witnesses": ("见证签名", trail.witnessed),
    "inclusion": ("日志收录", trail.inclusion),
    "sequence": ("记录完整", trail.sequence),
    "objects": ("附件", trail.objects),
    "notices": ("公告", trail.notices),
    "committees": ("密钥清单", trail.committees),
    "room": ("闭门记录", room.disclosed),
    "closing": ("截止清单", hall.closed),
    "sealed": ("密封递交", hall.sealed_entries),
    "releases": ("开启声明", hall.released),
    "verdicts": ("重新开启", hall.verdicts),
    "opening-record": ("{opening}记录", hall.signed_record),
    "draws": ("随机抽取", outcome.draws),
    "seats": ("评审委员会", seating.seats),
    "report": ("评审报告", outcome.report),
    "sheets": ("评分表", outcome.sheets),
    "award": ("{award}结果", outcome.award),
}


@dataclass(frozen=True)
class Verified:
    """What a record's checks say. authenticated: the log's key was given from outside the record."""

    number: str
    entries: int
    checks: tuple[Check, ...]
    authenticated: bool

    @property
    def holds(self) -> bool:
        """Whether no check failed."""
        return all(check.holds is not False for check in self.checks)

    @property
    def witnessed(self) -> bool:
        """Whether the quorum of witnesses stands behind the log."""
        return any(check.name == "witnesses" and check.holds for check in self.checks)

    def data(self) -> dict[str, Any]:
        """The answer as JSON."""
        return {
            "number": self.number,
            "entries": self.entries,
            "holds": self.holds,
            "authenticated": self.authenticated,
            "witnessed": self.witnessed,
            "checks": [check.data() for check in self.checks],
        }


def verify_full(path: str, *, log: Verifier | None = None, read_log: Fetch | None = None) -> Verified:
    """Check a RECORD-FULL.zip: its public record as `verify` does, and every sealed document in it opened again.

    Raises archive.Unreadable when it is none.
    """
    data = full.public_part(path)
    found = verify(data, log=log, read_log=read_log)
    return replace(found, checks=(*found.checks, full.check(path, read(data))))


def verify(data: bytes, *, log: Verifier | None = None, read_log: Fetch | None = None) -> Verified:
    """Check a RECORD.zip. log: the public log's key as its reader knows it; without it the record's own is taken.

    read_log: the log itself, to see that nothing about the parties' keys is left out; offline nobody can.
    Raises archive.Unreadable when it is no record, OSError when the log cannot be read.
    """
    record = read(data)
    checks = [run(name, title, check, record) for name, (title, check) in CHECKS.items()]
    if read_log is not None:
        checks.append(run("keys", "密钥登记", partial(trail.whole_keys, log=read_log), record))
    if log is not None and log != record.log:
        checks.insert(0, Check("key", False, f"日志公钥：记录出自 {record.log.name}，不是所给的 {log.name} 的公钥"))
    return Verified(record.number, len(record.entries), tuple(checks), log is not None)
