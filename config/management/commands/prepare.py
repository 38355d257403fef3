"""What the processes of the scaled setup stand on, made before any of them starts."""

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import demo, engine, static
from ledger import keys


class Command(BaseCommand):
    help = "备好数据表、静态文件和日志密钥；以 JSON 说出两个日志的公钥。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--demo", action="store_true", help="并登记演示人员")

    def handle(self, *args: Any, **options: Any) -> None:
        if weak := engine.weaknesses():
            raise CommandError(f"a power cut could lose what was acknowledged: {weak}")
        if options["demo"]:
            try:
                demo.prepare()
            except demo.NotForReal as error:
                raise CommandError(str(error)) from error
        else:
            call_command("migrate", verbosity=0, interactive=False)
        static.collect()
        settings.DATA.mkdir(parents=True, exist_ok=True)
        logs = [keys.signer(name).verifier.vkey for name in keys.NAMES.values()]
        self.stdout.write(json.dumps({"logs": logs}))
