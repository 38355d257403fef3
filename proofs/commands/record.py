"""verify: everything in a procurement's record, one line each."""

import argparse
from pathlib import Path

from proofs import checkpoint, note, package
from proofs import record as records
from proofs.commands.answer import Answer, read_bytes
from proofs.commands.inputs import reading
from proofs.commands.log import over_http
from proofs.record import full


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    parser = commands.add_parser("verify", help="check a procurement's whole record offline")
    parser.add_argument("record", metavar="RECORD.zip")
    parser.add_argument("--vkey", help="the public log's key, as you know it from elsewhere")
    parser.add_argument("--url", metavar="BASE", help="read the site's whole log as well: is a key's end left out?")
    parser.set_defaults(run=verify)

    parser = commands.add_parser("verify-archive", help="check the archive package of a procurement offline")
    parser.add_argument("package", metavar="PACKAGE.zip")
    parser.add_argument("--vkey", help="the public log's key, as you know it from elsewhere")
    parser.set_defaults(run=verify_archive)


def verify(arguments: argparse.Namespace) -> Answer:
    """Every check of the record, a line each; it holds when none fails."""
    with reading("--vkey"):
        log = checkpoint.parse_vkey_of(arguments.vkey.strip(), note.ED25519) if arguments.vkey else None
    read_log = over_http(arguments.url) if arguments.url else None
    with reading(arguments.record):
        if full.is_full(arguments.record):
            found = records.verify_full(arguments.record, log=log, read_log=read_log)
        else:
            found = records.verify(read_bytes(arguments.record), log=log, read_log=read_log)
    lines = [f"项目 {found.number}：{found.entries} 条公开记录", *(check.line() for check in found.checks)]
    if not found.authenticated:
        lines.append("· unauthenticated：未给出日志公钥（--vkey），以记录自带的公钥核对")
    if read_log is None:
        lines.append("· offline：没有读取网站的日志（--url），记录如果漏放了密钥的吊销，离线看不出")
    lines.append("结论：全部相符" if found.holds else "结论：不相符")
    return Answer(found.holds, found.data(), tuple(lines))


def verify_archive(arguments: argparse.Namespace) -> Answer:
    """Every file of the package against its list, and every check of the record in it."""
    with reading("--vkey"):
        log = checkpoint.parse_vkey_of(arguments.vkey.strip(), note.ED25519) if arguments.vkey else None
    with reading(arguments.package):
        found = package.verify(Path(arguments.package), log=log)
    level = {"public": "公开归档包", "full": "完整归档包"}[found.told["level"]]
    lines = [f"{level}：项目 {found.told['number']}，{len(found.told['files'])} 个文件", f"SHA-256 {found.sha256}"]
    lines += [check.line() for check in found.checks]
    if not found.authenticated:
        lines.append("· unauthenticated：未给出日志公钥（--vkey），以包内记录自带的公钥核对")
    lines.append("结论：全部相符" if found.holds else "结论：不相符")
    data = {"number": found.told["number"], "level": found.told["level"], "sha256": found.sha256, "holds": found.holds,
            "authenticated": found.authenticated, "checks": [check.data() for check in found.checks]}  # fmt: skip
    return Answer(found.holds, data, tuple(lines))
