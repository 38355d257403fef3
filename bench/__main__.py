"""`python -m bench [NAME …]`: every figure but `soak` with its hours, or those named; prints one line each."""

import sys
from collections.abc import Sequence
from importlib import import_module

# Each module is read when its figure is asked for: some set Django up.
FIGURES = {
    "submit": "house.submit",
    "record": "house.record",
    "directory": "house.directory",
    "search": "house.search",
    "home": "house.home",
    "gate": "house.gate",
    "doors": "house.doors",
    "monitors": "house.monitors",
    "fanout-2000": "hall.fanout_2000",
    "fanout-5000": "hall.fanout_5000",
    "burst": "hall.burst",
    "join-storm": "hall.join_storm",
    "rush": "rush.scaled",
    "rush-held": "rush.scaled_held",
    "rush-sqlite": "rush.embedded",
    "rush-sqlite-held": "rush.embedded_held",
    "stack-fanout-2000": "stack.fanout",
    "viewers-20000": "stack.crowd",
    "stack-rush": "stack.rush_and_faults",
    "http": "stack.pages",
    "auction": "auction.auction",
    "open-50": "arithmetic.open_50",
    "open-20x200": "opening.open_20x200",
    "verify": "arithmetic.verify",
    "seal": "browser.seal",
    "draw-100k": "arithmetic.draw_100k",
    "draw-100k-browser": "browser.draw_100k",
    "rank": "arithmetic.rank",
    "screen": "clues.screen",
    "restore": "restoring.restore",
    "soak": "soak.soak",
}
LONG = {"soak"}  # hours: when it is asked for by name


def main(words: Sequence[str]) -> int:
    """Measure. 2 when a name is unknown, else 0: a figure that falls short says so itself."""
    names = [word.removeprefix("ONLY=") for word in words] or [name for name in FIGURES if name not in LONG]
    if unknown := [name for name in names if name not in FIGURES]:
        print(f"unknown: {' '.join(unknown)}; there are {' '.join(FIGURES)}", file=sys.stderr)
        return 2
    for name in names:
        module, function = FIGURES[name].split(".")
        for figure in getattr(import_module(f"bench.{module}"), function)():
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
