"""PACKAGE.zip: the archive of one procurement, to be read and checked when the system that made it is gone.

    archive.json   JCS {"v": "archive/1", "number", "title", "level", "ended", "origin", "files": [{"path", "sha256",
                   "size", "what"} …]}; level `public`, or `full` for who is entitled; what: in words, for people
    index.html     the same as a page
    record.zip     the public record; in a full package also record-full.zip, where the procurement was opened
    …              notices, papers, contract, performance: whatever the list names

Nothing else may be in it. Files are stored, not compressed, in the list's order and under one date, so that the same
files make the same bytes.
"""

import hashlib
import html
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from proofs import canonical, record
from proofs.canonical import NotCanonical
from proofs.note import Verifier
from proofs.record.archive import Unreadable
from proofs.record.checks import Check

LIST, INDEX, RECORD, FULL = "archive.json", "index.html", "record.zip", "record-full.zip"
LEVELS = ("public", "full")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PATH = re.compile(r"[a-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?")
_KEYS = ("v", "number", "title", "level", "ended", "origin", "files")
_ROW = ("path", "sha256", "size", "what")
_DAMAGED = (zipfile.BadZipFile, OSError, RuntimeError, KeyError, EOFError, NotCanonical)
PIECE = 1 << 20
_STYLE = (
    "body{font-family:sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}table{border-collapse:collapse;"
    "width:100%}td,th{border:1px solid #bbb;padding:.4rem;text-align:left;overflow-wrap:anywhere}"
)


@dataclass(frozen=True)
class Item:
    """A file to be put in.  source: read from its start.  what: in words."""

    path: str
    what: str
    source: BinaryIO


def write(target: IO[bytes], told: Mapping[str, str], items: Iterable[Item]) -> dict[str, Any]:
    """Write a package; returns its list.  told: number, title, level, ended, origin."""
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for item in items:
            digest, size = hashlib.sha256(), 0
            with archive.open(_member(item.path), "w", force_zip64=True) as member:
                while block := item.source.read(PIECE):
                    member.write(block)
                    digest.update(block)
                    size += len(block)
            listed.append({"path": item.path, "sha256": digest.hexdigest(), "size": size, "what": item.what})
        # The page lists the others; the list lists the page as well.
        made: dict[str, Any] = {"v": "archive/1", **told, "files": listed}
        page = _page(made).encode()
        about = {
            "path": INDEX,
            "sha256": hashlib.sha256(page).hexdigest(),
            "size": len(page),
            "what": "本页：归档包目录",
        }
        made["files"] = [*listed, about]
        archive.writestr(_member(INDEX), page)
        archive.writestr(_member(LIST), canonical.dumps(made))
    return made


@dataclass(frozen=True)
class Verified:
    """What a package's checks say.  checks: one a line.  authenticated: the log's key came from outside."""

    told: Mapping[str, Any]
    sha256: str
    checks: tuple[Check, ...]
    authenticated: bool

    @property
    def holds(self) -> bool:
        return all(check.holds is not False for check in self.checks)


def verify(path: Path, *, log: Verifier | None = None) -> Verified:
    """Check a package: every file is the listed one, nothing is beside them, and its record holds.

    Raises Unreadable where it is none.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            told = _list(archive)
            checks = [_files(archive, told)]
            if checks[0].holds:
                checks += _record(archive, told, log)
    except _DAMAGED as wrong:
        raise Unreadable(f"not an archive package: {wrong}") from wrong
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Verified(told, sha256, tuple(checks), log is not None)


def _list(archive: zipfile.ZipFile) -> dict[str, Any]:
    data = archive.read(LIST)
    told = canonical.require_keys(canonical.parse(data), _KEYS, "archive")
    if canonical.dumps(told) != data or told["v"] != "archive/1" or told["level"] not in LEVELS:
        raise NotCanonical("archive.json: not archive/1")
    for row in told["files"]:
        canonical.require_keys(row, _ROW, "archive.files")
        if not _PATH.fullmatch(row["path"]):
            raise NotCanonical(f"archive.json: {row['path']} is no path of a package")
    return told


def _files(archive: zipfile.ZipFile, told: Mapping[str, Any]) -> Check:
    """Every file against the list, a piece at a time; and that there is no other, none twice."""
    listed = [row["path"] for row in told["files"]] + [LIST]
    there = archive.namelist()
    if sorted(there) != sorted(listed) or len(set(there)) != len(there):
        wrong = sorted(set(there) ^ set(listed)) or ["有重复的文件"]
        return Check("files", False, f"文件：与清单不符（{'、'.join(wrong)}）")
    for row in told["files"]:
        digest, size = hashlib.sha256(), 0
        with archive.open(row["path"]) as member:
            while block := member.read(PIECE):
                digest.update(block)
                size += len(block)
        if (digest.hexdigest(), size) != (row["sha256"], row["size"]):
            return Check("files", False, f"文件：{row['path']}（{row['what']}）不是清单所列的那一份")
    if page := next((row for row in told["files"] if row["path"] == INDEX), None):
        rest = {**told, "files": [row for row in told["files"] if row is not page]}
        if archive.read(INDEX) != _page(rest).encode():
            return Check("files", False, "文件：目录页与清单不是一回事")
    return Check("files", True, f"文件：{len(told['files'])} 个，逐个与清单的 SHA-256 相符，没有多余")


def _record(archive: zipfile.ZipFile, told: Mapping[str, Any], log: Verifier | None) -> list[Check]:
    paths = {row["path"] for row in told["files"]}
    if RECORD not in paths:
        return [Check("record", False, "记录：缺少 record.zip")]
    if FULL in paths:
        with tempfile.NamedTemporaryFile() as copy, archive.open(FULL) as member:
            while block := member.read(PIECE):
                copy.write(block)
            copy.flush()
            found = record.verify_full(copy.name, log=log)
    else:
        found = record.verify(archive.read(RECORD), log=log)
    own = Check("number", found.number == told["number"], f"记录：属于 {found.number}")
    return [own, *found.checks]


def _member(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.external_attr = 0o644 << 16
    return info


def _page(told: Mapping[str, Any]) -> str:
    """The list as a page that any browser shows, from a folder, without a script."""
    rows = "".join(
        f'<tr><td><a href="{html.escape(row["path"])}">{html.escape(row["path"])}</a></td>'
        f"<td>{html.escape(row['what'])}</td><td>{row['size']}</td><td><code>{row['sha256']}</code></td></tr>"
        for row in told["files"]
    )
    level = "完整归档包（含依法封存、仅限有权人员查阅的内容）" if told["level"] == "full" else "公开归档包"
    title, number = html.escape(told["title"]), html.escape(told["number"])
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title} · 归档包</title><style>{_STYLE}</style>"
        f"<h1>{title}</h1><p>项目编号 {number} · {level} · 采购活动结束于 {html.escape(told['ended'])}</p>"
        "<p>核验（不需要本系统）：<code>python -m proofs verify-archive PACKAGE.zip</code>。"
        f"日志：{html.escape(told['origin'])}</p>"
        "<table><thead><tr><th>文件</th><th>是什么</th><th>字节</th><th>SHA-256</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></html>"
    )
