"""What the processes of the scaled setup stand on, made before any of them starts."""

import json
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config import demo, engine, static
from ledger import keys


class Command(BaseCommand):
    help = "备好数据表、角色、文件库、静态文件和日志密钥；以 JSON 说出两个日志的公钥和各进程的数据库角色。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--origin", default=settings.SITE, help="网页的地址，浏览器由此向文件库提交")
        parser.add_argument("--demo", action="store_true", help="并登记演示人员")

    def handle(self, *args: Any, **options: Any) -> None:
        if weak := engine.weaknesses():
            raise CommandError(f"a power cut could lose what was acknowledged: {weak}")
        if settings.S3["bucket"]:
            call_command("storage", "prepare", "--origin", options["origin"], stdout=StringIO())
        if options["demo"]:
            try:
                demo.prepare()
            except demo.NotForReal as error:
                raise CommandError(str(error)) from error
        else:
            call_command("migrate", verbosity=0, interactive=False)
        static.collect()
        settings.DATA.mkdir(parents=True, exist_ok=True)
        role = ""
        if connection.vendor == "postgresql" and _makes_roles():
            call_command("grant", make=True, stdout=StringIO())
            role = settings.RUN_ROLE
        logs = [keys.signer(name).verifier.vkey for name in keys.NAMES.values()]
        self.stdout.write(json.dumps({"logs": logs, "role": role}))


def _makes_roles() -> bool:
    """Whether we may make roles on this server; who may not has had them made (docs/operations.md)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])
