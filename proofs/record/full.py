"""RECORD-FULL.zip: the public record as it is, and beside it what only those entitled are given.

`record.zip`, byte for byte the public one; `full.json` = {"v": "full/1", "number", "units": [{"eid", "releases":
[rel/1 …]}]}; `envelopes/<sha256>`, the sealed documents these releases open. Of a bidder's own, only his.
"""

import shutil
import zipfile
from tempfile import TemporaryFile
from typing import Any

from proofs import canonical, releases
from proofs.record.archive import READ_OUT, Record, Unreadable
from proofs.record.checks import Check, require, run
from proofs.verdict import Terms, open_envelope

RECORD, FILE, FOLDER = "record.zip", "full.json", "envelopes/"
MOST_BYTES = 64 * 2**20


def is_full(path: str) -> bool:
    """Whether a file is a full record and not the public one alone."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as source:
        return RECORD in source.namelist()


def public_part(path: str) -> bytes:
    """The public record within. Raises Unreadable where there is none."""
    try:
        with zipfile.ZipFile(path) as source:
            return source.read(RECORD)
    except (KeyError, OSError, zipfile.BadZipFile) as wrong:
        raise Unreadable(f"no full record: {wrong}") from wrong


def check(path: str, record: Record) -> Check:
    """Every sealed document in the file opens again to the verdict that was logged, and nothing else is in it."""
    with zipfile.ZipFile(path) as source:
        return run("full", "完整记录", lambda public: _reopened(source, public), record)


def _reopened(source: zipfile.ZipFile, record: Record) -> str:
    require(source.getinfo(FILE).file_size <= MOST_BYTES, "完整记录的目录过大")
    told = canonical.require_keys(canonical.parse(source.read(FILE)), ("v", "number", "units"), "full")
    require((told["v"], told["number"]) == ("full/1", record.number), "完整记录属于别的项目")
    logged = {
        entry.data["eid"]: entry.data for entry in record.of("opening.verdict") if entry.data["part"] not in READ_OUT
    }
    named = {RECORD, FILE}
    for unit in told["units"]:
        canonical.require_keys(unit, ("eid", "releases"), "full.unit")
        data = logged.pop(unit["eid"], None)
        require(data is not None, "完整记录里有没有公布结论的密封件，或者同一密封件出现两次")
        assert data is not None
        named.add(FOLDER + data["env_sha256"])
        require(
            _verdict(source, record, data, unit["releases"]) == data["verdict"], f"{data['org']} 重新开启的结论不同"
        )
    require(set(source.namelist()) == named and len(source.namelist()) == len(named), "完整记录里有多余的文件")
    return f"{len(told['units'])} 份技术文件由封存的密文重新开启，结论与公布相同"


def _verdict(source: zipfile.ZipFile, record: Record, data: dict[str, Any], said: list[dict[str, Any]]) -> str:
    terms, sub = record.terms, record.submitted[data["eid"]]
    cmh = terms["units"][data["part"]]
    with TemporaryFile() as copy:  # a member of an archive cannot be read backwards without reading it anew
        with source.open(FOLDER + data["env_sha256"]) as packed:
            shutil.copyfileobj(packed, copy)
        copy.seek(0)
        opened = open_envelope(
            copy,
            record.blob(cmh),
            releases.from_statements(said, data["eid"]),
            terms=Terms(cmh=bytes.fromhex(cmh), policy=terms["pol"]),
            env_sha256=data["env_sha256"],
            sub=sub,
            sub_signed=record.registry.signed(sub),
            identities=record.registry.keys,
        )
        try:
            return str(opened.verdict)
        finally:
            opened.close()
