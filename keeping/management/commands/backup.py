"""`manage.py backup TO`: one consistent, sealed, signed snapshot; `--keys TO`: the keys, to another place."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from keeping.backups import services
from keeping.backups.database import Unable
from proofs import canonical
from rulebook import clock


class Command(BaseCommand):
    help = "备份：数据库、文件和日志为一个加密并签名的快照；密钥用 --keys 另存他处。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", metavar="TO", type=Path)
        parser.add_argument("--keys", action="store_true", help="只备份密钥，存到不放备份的地方")

    def handle(self, *args: Any, folder: Path, keys: bool, **options: Any) -> None:
        to = recipient()
        began = time.monotonic()
        try:
            if keys:
                place = services.make_keys(folder=folder, to=to, at=clock.now())
                self.stdout.write(f"密钥已加密存入 {place}；不要与备份放在一处")
                return
            made = services.make(folder=folder, to=to, at=clock.now())
        except (services.Refusing, Unable, OSError) as error:
            raise CommandError(str(error)) from error
        key = services.verifier()
        self.stdout.write(
            f"{made.stamp}：{made.files} 个文件（新 {made.fresh} 个），写入 {made.size} 字节，"
            f"{time.monotonic() - began:.1f} 秒"
        )
        self.stdout.write(
            f"核对：python -m proofs verify-backup {folder} --vkey {key.vkey if key else ''} --key KEYFILE"
        )


def recipient() -> bytes:
    """Whom backups are sealed to. CommandError where nobody is named."""
    if not settings.BACKUP_KEY:
        told = "MINGBIAO_BACKUP_KEY 未设置：先用 python -m proofs keygen 做密钥文件，再以 backup-key 取其公钥"
        raise CommandError(told)
    try:
        return canonical.b64u_bytes(settings.BACKUP_KEY, "MINGBIAO_BACKUP_KEY", length=32)
    except canonical.NotCanonical as wrong:
        raise CommandError(str(wrong)) from wrong
