"""Prove the whole ledger; exit 1 and one line for each thing that does not hold."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger import audit
from ledger.models import Entry, Log


class Command(BaseCommand):
    help = "Proves streams, leaves, tiles, checkpoints, cosignatures, blobs and the append-only triggers."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for fault in audit.faults():
            found += 1
            self.stdout.write(fault)
        if found:
            raise CommandError(f"{found} fault(s)")
        for log in Log.values:
            self.stdout.write(f"{log}: {Entry.objects.filter(log=log).count()} entries hold")
