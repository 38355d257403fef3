"""The life of an import, and who may decide it. Pure."""

from enum import StrEnum

from experts.registry.rules import POOL_REVIEW, why_not_keep_register
from rulebook.actor import Actor
from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason


class ImportState(StrEnum):
    """How far an import is."""

    WAITING = "waiting"  # for a second keeper
    ENTERED = "entered"
    DROPPED = "dropped"


IMPORT_LIFE = Machine(
    {ImportState.WAITING: frozenset({ImportState.ENTERED, ImportState.DROPPED})}, code="expert.import"
)


def why_not_confirm(*, first: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against confirming an import.  first: public id of who put it forward.

    Law: 政府采购评审专家管理办法 第9条.
    """
    if reasons := why_not_keep_register(by=by):
        return reasons
    if first == by.person:
        return (Reason("import.second-person", Kind.NOT_YOURS, "导入须由提交人以外的另一名管理人员复核", POOL_REVIEW),)
    return ()


def why_not_drop(*, note: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against dropping an import: any keeper may, with a reason."""
    if reasons := why_not_keep_register(by=by):
        return reasons
    if not note.strip():
        return (Reason("import.no-note", Kind.NOT_VALID, "作废须写明理由", POOL_REVIEW),)
    return ()
