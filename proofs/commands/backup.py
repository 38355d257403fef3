"""backup-key, verify-backup: whom a backup is sealed to, and whether it is whole, without the house."""

import argparse
from pathlib import Path

from proofs import backup, canonical, checkpoint, note
from proofs.backup import DATABASE, Damaged
from proofs.commands.answer import Answer
from proofs.commands.inputs import add_passphrase, open_keyfile, reading


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    parser = commands.add_parser("backup-key", help="print the public key backups are sealed to")
    parser.add_argument("keyfile", metavar="KEYFILE")
    add_passphrase(parser)
    parser.set_defaults(run=backup_key)

    parser = commands.add_parser("verify-backup", help="check a backup: whole, genuine and, with its key, readable")
    parser.add_argument("folder", metavar="FROM")
    parser.add_argument("--at", metavar="STAMP", default="", help="a snapshot (default: the newest)")
    parser.add_argument("--vkey", help="the house's key for backups, as you know it from elsewhere")
    parser.add_argument("--key", metavar="KEYFILE", dest="keyfile", help="opens everything in it as well")
    add_passphrase(parser)
    parser.set_defaults(run=verify_backup)


def backup_key(arguments: argparse.Namespace) -> Answer:
    """The public half, for `MINGBIAO_BACKUP_KEY`."""
    key = canonical.b64u(backup.recipient(open_keyfile(arguments.keyfile, arguments)))
    return Answer(data={"key": key}, lines=(key,))


def verify_backup(arguments: argparse.Namespace) -> Answer:
    """Every sealed file against the signed list; with the key every plaintext against its own hash."""
    with reading("--vkey"):
        vkey = checkpoint.parse_vkey_of(arguments.vkey.strip(), note.ED25519) if arguments.vkey else None
    key = backup.reading_key(open_keyfile(arguments.keyfile, arguments)) if arguments.keyfile else None
    try:
        found = backup.read(Path(arguments.folder), stamp=arguments.at, key=vkey)
        faults = list(backup.faults(found))
        size = sum(size for _sha256, size in found.sealed.values())
        if key is not None and not faults:
            size = _opened(found, key)
    except Damaged as wrong:
        return Answer(False, {"holds": False, "faults": [str(wrong)]}, (f"✗ {wrong}",))
    data = {"holds": not faults, "faults": faults, "stamp": found.stamp, "at": found.said.at,
            "files": len(found.sealed), "opened": key is not None, "authenticated": vkey is not None}  # fmt: skip
    lines = [f"备份 {found.stamp}：{found.said.origin}，{found.said.engine}，{len(found.sealed)} 个文件，{size} 字节"]
    lines += [f"  {name} 日志 {head.split(chr(10))[1]} 条" for name, head in sorted(found.said.heads.items()) if head]
    lines += [f"✗ {fault}" for fault in faults]
    if key is None:
        lines.append("· 未给出密钥文件（--key）：只核对了密文，没有解开")
    if vkey is None:
        lines.append("· unauthenticated：未给出备份公钥（--vkey），不能断定出自本站")
    lines.append("结论：不完整" if faults else "结论：完整")
    return Answer(not faults, data, tuple(lines))


def _opened(found: backup.Backup, key: bytes) -> int:
    """Open all of it. Returns bytes of plaintext; Damaged at the first that is not what was backed up."""
    size = 0
    with (found.place / DATABASE).open("rb") as source:
        for block in backup.unsealed(source, key, what=DATABASE):
            size += len(block)
    for name, (sha256, length) in backup.names(found, key).items():
        with backup.kept_file(found, name, sha256, key):
            size += length
    return size
