"""Records stamped entries when told how many, one line of standard input each: a host at work in another process.

A line may name another stream after the number.
"""

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
    count, *named = line.split()
    stream = named[0] if named else STREAM
    for _ in range(int(count)):
        text = f"{time.monotonic_ns()} {FILL}"
        with transaction.atomic():
            record(Said(stream, text), at=clock.now())
