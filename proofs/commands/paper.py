"""verify-paper: a PDF somebody holds is the one whose hash a procurement's record has."""

import argparse
import hashlib

from proofs import checkpoint, note
from proofs.commands.answer import Answer, read_bytes
from proofs.commands.inputs import reading
from proofs.record import CHECKS
from proofs.record.archive import read
from proofs.record.checks import Check, run

# Entries that say a paper is public or was issued, each with its `sha256`.
KINDS = ("documents.issued", "papers.printed", "papers.scan-filed", "market.contract-proposed")
RESTS_ON = ("signature", "witnesses", "inclusion", "sequence")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    parser = commands.add_parser("verify-paper", help="check that a PDF is the one a procurement's record names")
    parser.add_argument("file", metavar="FILE.pdf")
    parser.add_argument("--record", required=True, metavar="RECORD.zip")
    parser.add_argument("--vkey", help="the public log's key, as you know it from elsewhere")
    parser.set_defaults(run=verify_paper)


def verify_paper(arguments: argparse.Namespace) -> Answer:
    """It holds when an entry names the file's hash, and that entry is in the log as the record shows it."""
    sha256 = hashlib.sha256(read_bytes(arguments.file)).hexdigest()
    with reading("--vkey"):
        log = checkpoint.parse_vkey_of(arguments.vkey.strip(), note.ED25519) if arguments.vkey else None
    with reading(arguments.record):
        record = read(read_bytes(arguments.record))
    checks = [run(name, *CHECKS[name], record) for name in RESTS_ON]
    if log is not None and log != record.log:
        checks.append(Check("key", False, f"日志公钥：记录出自 {record.log.name}，不是所给的 {log.name} 的公钥"))
    named = [entry for entry in record.of(*KINDS) if entry.data.get("sha256") == sha256]
    holds = bool(named) and all(check.holds is not False for check in checks)
    said = [
        f"✓ 第 {entry.data['seq']} 条 {entry.kind}：{entry.data.get('title', '')} {entry.event['ts']}"
        for entry in named
    ] or ["✗ 记录里没有这个文件的摘要：不是签发的那一份，或者被改动过"]
    lines = (f"SHA-256 {sha256}", *said, *(check.line() for check in checks),
             "结论：相符" if holds else "结论：不相符")  # fmt: skip
    data = {"sha256": sha256, "number": record.number, "holds": holds, "seqs": [entry.data["seq"] for entry in named]}
    return Answer(holds, data, lines)
