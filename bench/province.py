"""A day of a city, a province and the nation, played against measured costs: `python -m bench.province [NAME=COST …]`.

What is played is arithmetic on assumptions that stand below, each with its reason; what an act costs was measured
(`docs/capacity.md`) and may be given anew, in milliseconds of CPU. Bids are played one by one through as many page
servers as are asked about, for a mean would hide the minute before nine o'clock.
"""

import heapq
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

SEED = 2026
DAY = 8 * 3600.0  # seconds of a working day
# Deadlines are set to round times: so much of a day's openings begins at each (hours since 8:30).
SITTINGS = {0.5: 0.40, 1.0: 0.15, 1.5: 0.10, 6.0: 0.25, 6.5: 0.10}
LAST = 600.0  # seconds before its deadline by which half of a tender's bidders have not yet handed in
GOAL = 2.0  # seconds that 99 of 100 may wait for their receipts


@dataclass(frozen=True)
class Costs:
    """Milliseconds of CPU.  bid: a handing-in, all processes.  page: a page.  frame: an entry to one viewer.
    quote: of an auction.  entry: its place in the log, under the one lock of its stream."""

    bid: float = 30.0
    page: float = 12.0
    frame: float = 0.02
    quote: float = 15.0
    entry: float = 1.5


@dataclass(frozen=True)
class Place:
    """Assumed, for a working day.  tenders: openings; auctions likewise.  readers: pages read by the public."""

    name: str
    tenders: int
    bidders: float
    auctions: int
    viewers: int
    readers: int


# A city of two million opens some dozens a day; the autonomous region has twelve leagues and cities, the nation some
# three hundred and thirty cities. Viewers of one opening: its bidders, three each, and the public.
PLACES = (
    Place("a city", 20, 8, 5, 60, 50_000),
    Place("a province", 240, 8, 60, 60, 600_000),
    Place("the nation", 8_000, 8, 2_000, 60, 20_000_000),
)


@dataclass(frozen=True)
class Played:
    """What came of it.  peak: bids a second in the worst minute.  cores: for bids, halls and pages at that time.
    wait: seconds of 99 of 100 bids with the fewest servers that keep the goal."""

    peak: float
    cores: dict[str, float]
    servers: int
    wait: float


def bids(place: Place, chance: Random) -> list[float]:
    """When each bid of the day is handed in, in order; some before 8:30, at a negative time."""
    starts, weights = list(SITTINGS), list(SITTINGS.values())
    found = []
    for _ in range(place.tenders):
        closes = chance.choices(starts, weights)[0] * 3600
        count = max(3, round(chance.gauss(place.bidders, place.bidders / 3)))
        found += [closes - chance.expovariate(math.log(2) / LAST) for _ in range(count)]
    return sorted(found)


def p99(arrivals: Sequence[float], *, servers: int, seconds: float) -> float:
    """What 99 of 100 wait until they are answered, first come first served, by so many servers."""
    free = [arrivals[0]] * servers
    waits = []
    for at in arrivals:
        done = max(at, heapq.heappop(free)) + seconds
        heapq.heappush(free, done)
        waits.append(done - at)
    return sorted(waits)[int(len(waits) * 0.99) - 1]


def played(place: Place, costs: Costs, chance: Random) -> Played:
    """A day of a place."""
    arrivals = bids(place, chance)
    minutes: dict[int, int] = {}
    for at in arrivals:
        minutes[int(at // 60)] = minutes.get(int(at // 60), 0) + 1
    peak = max(minutes.values()) / 60
    halls = place.tenders * max(SITTINGS.values())  # all that began at nine, every one speaking once a second
    cores = {
        "bids": peak * costs.bid / 1000,
        "halls": halls * place.viewers * costs.frame / 1000,
        "pages": 4 * place.readers / DAY * costs.page / 1000,  # the busiest time reads four times the mean
        "auctions": place.auctions / 4 * 2 * costs.quote / 1000,  # a quarter at once, two quotes a second each
        "log": (peak + halls + place.auctions / 2) * costs.entry / 1000,
    }
    servers, each = 2, costs.bid / 1000  # two, that one may fail
    while (wait := p99(arrivals, servers=servers, seconds=each)) > GOAL:
        servers += 1
    return Played(peak, cores, servers, wait)


def lines(costs: Costs) -> Iterator[str]:
    """The table, as it stands in `docs/capacity.md`."""
    yield "| | bids a second, worst minute | cores: bids | halls | pages | auctions | log | p99 of a bid |"
    yield "|---|---|---|---|---|---|---|---|"
    for place in PLACES:
        one = played(place, costs, Random(SEED))
        cores = " | ".join(f"{value:.2f}" for value in one.cores.values())
        yield f"| {place.name} | {one.peak:.1f} | {cores} | {one.wait:.2f} s on {one.servers} |"


def main(words: Sequence[str]) -> None:
    """Play all places."""
    given = {name: float(value) for name, _, value in (word.partition("=") for word in words)}
    print("\n".join(lines(Costs(**given))))


if __name__ == "__main__":
    main(sys.argv[1:])
