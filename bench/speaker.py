"""Records stamped entries when told how many, one line of standard input each: a host at work in another process."""

import sys
import time

import django

django.setup()

from django.db import transaction  # noqa: E402

from bench.hall import FILL, STREAM  # noqa: E402
from ledger.services import record  # noqa: E402
from rulebook import clock  # noqa: E402
from tests.make.ledger import Said  # noqa: E402

print("ready", flush=True)
for line in sys.stdin:
    for _ in range(int(line)):
        text = f"{time.monotonic_ns()} {FILL}"
        with transaction.atomic():
            record(Said(STREAM, text), at=clock.now())
