"""Make the index of notices anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from market.notices import index


class Command(BaseCommand):
    help = "Make the full-text index of notices anew from the notices: after a restore, or when its words change."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            self.stdout.write(str(index.rebuild()))
