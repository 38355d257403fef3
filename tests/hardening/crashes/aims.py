"""Where the next kill falls: at the phase that was hit least, and there at the moment that was: the counts stay even.

A phase whose acts have run out in one world is left to the next.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.hardening.crashes.dice import Dice
from tests.hardening.crashes.fuses import MOMENTS

AGAIN = 2  # so often in a row a phase may be missed before its world is said to have no more of it


@dataclass
class Aims:
    """hits: (phase, moment) ↦ how often a house has died there.  missed: how often in a row a phase was not reached."""

    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def next(self, phases: Sequence[str], dice: Dice) -> tuple[str, str]:
        """The phase and the moment that were hit least; the dice choose where several were."""
        left = [name for name in phases if self.missed[name] < AGAIN] or phases
        phase = min(left, key=lambda name: (self.of(name), self.missed[name], dice.below(1000)))
        return phase, min(MOMENTS, key=lambda moment: (self.hits[phase, moment], dice.below(1000)))

    def of(self, phase: str) -> int:
        """How often a house has died in a phase."""
        return sum(self.hits[phase, moment] for moment in MOMENTS)

    def note(self, phase: str, moment: str, *, hit: bool) -> None:
        """How a kill went."""
        if hit:
            self.hits[phase, moment] += 1
            self.missed[phase] = 0
        else:
            self.missed[phase] += 1

    def of_another_world(self) -> "Aims":
        """The same counts, and every phase may be reached again."""
        return Aims(Counter(self.hits))

    @classmethod
    def kept(cls, file: Path | None) -> "Aims":
        """What an earlier run has left in a file."""
        if file is None or not file.exists():
            return cls()
        rows = {tuple(name.split()): count for name, count in json.loads(file.read_text()).items()}
        return cls(Counter(rows))  # type: ignore[arg-type]

    def keep(self, file: Path) -> None:
        """Leave it for the next run."""
        file.write_text(json.dumps({" ".join(place): count for place, count in sorted(self.hits.items())}))
