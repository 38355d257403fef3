"""Chance that can be played again: the same seed falls the same way."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Numbers that follow from a seed alone; whoever has the seed has the run."""

    def __init__(self, *seed: object) -> None:
        self._seed, self._thrown = "/".join(map(str, seed)), 0

    def below(self, end: int) -> int:
        """0, 1, … end - 1."""
        self._thrown += 1
        digest = hashlib.sha256(f"{self._seed}#{self._thrown}".encode()).digest()
        return int.from_bytes(digest[:8]) % end

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.below(1_000_000) / 1_000_000

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]
