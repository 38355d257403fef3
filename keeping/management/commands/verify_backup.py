"""`manage.py verify_backup FROM`: the same as `python -m proofs verify-backup`, which needs nothing of the house."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from proofs.__main__ import main


class Command(BaseCommand):
    help = "核对备份：是否完整、是否本站所签；给出 --key 时逐个解开。与 python -m proofs verify-backup 相同。"

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(main(["verify-backup", *argv[2:]]))

    def handle(self, *args: Any, **options: Any) -> None:
        """Nothing is left to do: its words are read by proofs."""
