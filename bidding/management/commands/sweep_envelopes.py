"""Delete envelopes that no row names: their upload broke off between the storage and the table."""

from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand

from bidding.submission import envelopes
from bidding.submission.models import StoredEnvelope
from ledger import storage
from rulebook import clock

RESTS = timedelta(days=7)  # nobody is writing its row any more
AT_ONCE = 500


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        before, gone, locked = clock.now() - RESTS, 0, 0
        old = (each.name for each in storage.store().listed(f"{envelopes.FOLDER}/") if each.at < before)
        while names := list(islice(old, AT_ONCE)):
            named = {name.rpartition("/")[2]: name for name in names}
            kept = StoredEnvelope.objects.filter(sha256__in=named).values_list("sha256", flat=True)
            for sha256 in sorted(set(named) - set(kept)):
                try:
                    storage.store().forget(named[sha256])
                    gone += 1
                except storage.Locked:
                    locked += 1
        self.stdout.write(f"{gone} deleted, {locked} kept by the storage until their time is over")
