"""`manage.py seed_demo [--json]`: people the demo world once, and say who lives in it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import demo


class Command(BaseCommand):
    help = "演示：登记单位、人员和专家，并列出账号。只做一次，再次运行只列出。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            world = demo.people()
        except demo.NotForReal as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(world, ensure_ascii=False))
            return
        for user in world["users"]:
            self.stdout.write(f"{user['role']:<12}{user['username']:<16}{user['password']}  {user['name']}")
