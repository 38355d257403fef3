"""`manage.py restore FROM --key KEYFILE`: a backup into an empty place; `--keys FILE`: the keys of the house."""

import getpass
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keeping.backups import services
from keeping.backups.database import Unable
from ledger import golive
from proofs import backup, checkpoint, keyfile, note
from proofs.backup import Damaged
from proofs.canonical import NotCanonical
from proofs.keyfile import WrongPassphrase
from proofs.note import BadNote


class Command(BaseCommand):
    help = "恢复：只恢复到空处，逐个核对哈希；见证方见证过的比恢复出来的多时，本站不会启动，须先声明丢失（recover）。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", metavar="FROM", type=Path, help="备份所在；与 --keys 同用时为密钥备份文件")
        parser.add_argument("--keys", action="store_true", help="恢复密钥，而不是数据")
        parser.add_argument("--key", metavar="KEYFILE", type=Path, required=True, help="解开备份的密钥文件")
        parser.add_argument("--passphrase-file", type=Path, help="从文件首行读口令，不提示")
        parser.add_argument("--at", metavar="STAMP", default="", help="恢复到哪一个快照（默认最近的）")
        parser.add_argument("--files-there", action="store_true", help="文件库还在、只丢了数据库：逐个核对，缺的补上")
        parser.add_argument("--vkey", default="", help="本站备份公钥，防止备份被人调换；备份时打印过")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        began = time.monotonic()
        try:
            key = _key(options["key"], options["passphrase_file"])
            if options["keys"]:
                self.stdout.write(f"已恢复：{'、'.join(services.restore_keys(sealed=folder, key=key))}")
                return
            vkey = checkpoint.parse_vkey_of(options["vkey"], note.ED25519) if options["vkey"] else services.verifier()
            if vkey is None:
                self.stdout.write("· unauthenticated：没有本站备份公钥（--vkey，或先恢复密钥），不能断定备份出自本站")
            found = backup.read(folder, stamp=options["at"], key=vkey)
            services.restore(found=found, key=key, say=self.stdout.write, files_there=options["files_there"])
        except (services.Refusing, Unable, Damaged, NotCanonical, BadNote, WrongPassphrase, OSError) as error:
            raise CommandError(str(error)) from error
        gone = list(services.missing(found=found))
        for each in gone:
            self.stdout.write(f"✗ {each}")
        behind = self._behind()
        self.stdout.write(f"{time.monotonic() - began:.1f} 秒")
        if gone:
            raise CommandError(f"{len(gone)} 处缺失")
        if behind:
            raise CommandError("恢复出来的日志落后于见证方：本站不会启动。先找更新的备份；没有，则两人执行 recover")
        self.stdout.write("恢复完整，与各见证方一致：可以启动")

    def _behind(self) -> bool:
        """Whether a witness has signed more; says so, and says who could not be asked."""
        try:
            losses = list(golive.losses())
        except OSError as error:
            self.stdout.write(f"· 有见证方没有应答（{error}）：启动时会再问")
            return False
        for each in losses:
            self.stdout.write(f"✗ {each.witness} 已见证 {each.log} 日志 {each.seen} 条，恢复出来 {each.held} 条")
        return bool(losses)


def _key(path: Path, passphrase: Path | None) -> bytes:
    said = passphrase.read_text().splitlines()[0] if passphrase else getpass.getpass("口令：")
    return backup.reading_key(keyfile.unseal(path.read_text().removesuffix("\n"), said))
