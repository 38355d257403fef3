"""One line a figure: `name | measured | goal | ok or SHORT | measured against what, on what`."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured ratio or bound, worst and median of its rounds, and the goal it is held to."""

    name: str
    measured: str
    goal: str
    ok: bool
    told: str

    def line(self) -> str:
        return " | ".join((self.name, self.measured, self.goal, "ok" if self.ok else "SHORT", self.told))


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cpu(work: Callable[[], object]) -> float:
    """The same in this process's own CPU time: for arithmetic, where a neighbour on the machine says nothing."""
    start = time.process_time()
    work()
    return time.process_time() - start


def at_most(name: str, ratios: Sequence[float], goal: float, told: str, unit: str = "×") -> Figure:
    """A figure that must not be larger than its goal."""
    median, worst = statistics.median(ratios), max(ratios)
    return Figure(name, f"{median:.2f}{unit} (worst {worst:.2f})", f"≤ {goal:g}{unit}", median <= goal, told)


def at_least(name: str, ratios: Sequence[float], goal: float, told: str, unit: str = "×") -> Figure:
    """A figure that must not be smaller than its goal."""
    median, worst = statistics.median(ratios), min(ratios)
    return Figure(name, f"{median:.2f}{unit} (worst {worst:.2f})", f"≥ {goal:g}{unit}", median >= goal, told)
