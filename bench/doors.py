"""Whether the time of an answer tells who has an account: run inside a house of its own, by `bench.house.doors`.

Prints, for each door, the chance that a known name's answer took longer than an unknown one's: a half tells nothing.
"""

import json
import os
import sys
import time
from collections.abc import Mapping

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.test import Client  # noqa: E402

from tests import cast  # noqa: E402
from tests.make import accounts  # noqa: E402

TURNS = 60
WORD = "correct horse battery staple"
DOORS = {
    "sign-in": ("/accounts/login/", lambda name: {"username": name, "password": "wrong"}),
    "lost": ("/accounts/lost/", lambda name: {"username": name, "code": "0" * 20, "fresh": WORD}),
}


def taken(door: str, told: Mapping[str, str], source: str) -> float:
    """Seconds one answer takes, to somebody who comes from a network of his own."""
    client = Client(REMOTE_ADDR=source)
    start = time.perf_counter()
    client.post(door, told)
    return time.perf_counter() - start


def longer(known: list[float], unknown: list[float]) -> float:
    """The share of pairs in which the known one took longer (the area under the curve of who guesses by time)."""
    pairs = [(a > b) + (a == b) / 2 for a in known for b in unknown]
    return sum(pairs) / len(pairs)


def main() -> None:
    """Known and unknown in turn, the order changing, so that a busy machine is busy for both."""
    accounts.user(cast.PROVIDER, password=WORD)
    found = {}
    for name, (address, form) in DOORS.items():
        times: dict[str, list[float]] = {accounts.username_of(cast.PROVIDER): [], "nobody-here": []}
        for turn in range(TURNS + 5):
            for who in sorted(times, reverse=bool(turn % 2)):
                spent = taken(address, form(who), f"10.{turn}.{len(who)}.1")
                if turn >= 5:
                    times[who].append(spent)
        found[name] = longer(*times.values())
    json.dump({"ratios": found, "floor": TURNS}, sys.stdout)


if __name__ == "__main__":
    main()
