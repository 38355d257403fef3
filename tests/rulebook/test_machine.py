"""A life moves along its table and nowhere else."""

from enum import Enum

from rulebook.machine import Machine
from rulebook.refusal import Kind


class Door(Enum):
    OPEN = "open"
    SHUT = "shut"
    GONE = "gone"


class Labelled(Enum):
    HERE = "here"

    @property
    def label(self) -> str:
        return "在此"


LIFE = Machine({Door.OPEN: frozenset({Door.SHUT}), Door.SHUT: frozenset({Door.OPEN, Door.GONE})}, code="door.state")


def test_a_move_in_the_table_is_allowed():
    assert LIFE.why_not(Door.OPEN, Door.SHUT) == ()


def test_any_other_move_is_refused_in_words():
    (reason,) = LIFE.why_not(Door.OPEN, Door.GONE)

    assert (reason.code, reason.kind) == ("door.state-not-now", Kind.NOT_NOW)
    assert reason.sentence() == "现处于“open”，不能转为“gone”"
    assert LIFE.why_not(Door.OPEN, Door.OPEN)
    assert LIFE.why_not(Door.GONE, Door.OPEN)


def test_a_state_is_called_by_its_label():
    (reason,) = Machine({Labelled.HERE: frozenset()}, code="x").why_not(Labelled.HERE, Labelled.HERE)

    assert "在此" in reason.sentence()


def test_a_state_without_a_way_out_is_final():
    assert LIFE.is_final(Door.GONE)
    assert not LIFE.is_final(Door.SHUT)
    assert LIFE.states() == set(Door)
