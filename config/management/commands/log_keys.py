"""Make the keys of the logs and of the receipts where there are none, and print their public halves."""

from typing import Any

from django.core.management.base import BaseCommand

from ledger import keys


class Command(BaseCommand):
    help = "Prints the vkeys of both logs and of the receipts, making the keys on first use."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in (*keys.NAMES.values(), keys.RECEIPTS):
            self.stdout.write(keys.signer(name).verifier.vkey)
