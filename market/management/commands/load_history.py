"""Load reported transactions into the statistics."""

from typing import Any

from django.core.management.base import BaseCommand

from market.history import services
from rulebook import clock
from rulebook.actor import SYSTEM


class Command(BaseCommand):
    help = "Load the reported transactions that come with the house."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in sorted(services.FILES.glob("*.json")):
            kept = services.load(key=path.stem, by=SYSTEM, at=clock.now())
            self.stdout.write(f"{kept.title}: {kept.transactions.count()}")
