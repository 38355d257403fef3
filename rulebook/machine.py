"""A life as a table: which state may follow which."""

from collections.abc import Mapping
from enum import Enum
from typing import Generic, TypeVar

from rulebook.refusal import Kind, Reason

S = TypeVar("S", bound=Enum)


class Machine(Generic[S]):
    """The allowed moves between the states of one life.

    moves: from each state, where it may go; a state that is not a key, or has an empty set, is final.
    code: prefix of the reasons it gives, such as `project.stage`.
    """

    def __init__(self, moves: Mapping[S, frozenset[S]], *, code: str) -> None:
        self.moves: Mapping[S, frozenset[S]] = dict(moves)
        self.code = code

    def why_not(self, frm: S, to: S) -> tuple[Reason, ...]:
        """Reasons against moving from one state to another; staying is a move like any other."""
        if to in self.moves.get(frm, frozenset()):
            return ()
        values = {"frm": label(frm), "to": label(to)}
        return (Reason(f"{self.code}-not-now", Kind.NOT_NOW, "现处于“{frm}”，不能转为“{to}”", None, values),)

    def is_final(self, state: S) -> bool:
        """Nothing follows this state."""
        return not self.moves.get(state)

    def states(self) -> frozenset[S]:
        """Every state named in the table."""
        return frozenset(self.moves).union(*self.moves.values())


def label(state: Enum) -> object:
    """What people call a state: its label if it has one, else its value."""
    return getattr(state, "label", state.value)
