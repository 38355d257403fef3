"""Whether the time of an answer tells who or what is here: run inside a house of its own, by `bench.house.doors`.

Prints, for each door of `tests.make.doors`, the chance that the answer about what is there took longer than the one
about what is not: a half tells nothing.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from rulebook import clock  # noqa: E402
from tests.make.doors import House, Knock  # noqa: E402

# So many that chance alone leaves 0.40–0.60 once in 2,000 doors: with 40 it did at one door in eight.
TURNS, UNMEASURED = 200, 4


def taken(knock: Knock, source: str) -> float:
    """Seconds one answer takes, to somebody who comes from a network of his own."""
    start = time.perf_counter()
    knock.answer(source=source)
    return time.perf_counter() - start


def longer(known: list[float], unknown: list[float]) -> float:
    """The share of pairs in which the known one took longer (the area under the curve of who guesses by time)."""
    pairs = [(a > b) + (a == b) / 2 for a in known for b in unknown]
    return sum(pairs) / len(pairs)


def main() -> None:
    """Known and unknown in turn, the order changing, so that a busy machine is busy for both."""
    house, found = House(clock.now()), {}
    for place, (name, door) in enumerate(house.doors.items()):
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(TURNS + UNMEASURED):
            house.now = clock.now()
            knocks = {known: door(turn, known) for known in times}
            for known in sorted(times, reverse=bool(turn % 2)):
                spent = taken(knocks[known], f"10.{place}{int(known)}.{turn}.1")
                if turn >= UNMEASURED:
                    times[known].append(spent)
        found[name] = longer(times[True], times[False])
    json.dump({"ratios": found, "floor": TURNS}, sys.stdout)


if __name__ == "__main__":
    main()
