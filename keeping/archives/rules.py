"""Who may have which package, and when one is made. Pure."""

from datetime import timedelta
from enum import StrEnum

from rulebook.actor import Actor, Role
from rulebook.law import Article

QUIET = timedelta(minutes=1)  # nothing more is recorded of an ended procurement for so long before it is packed
LAW = Article("政府采购法", "第42条")


class Level(StrEnum):
    """What a package holds: what is public, or all of it."""

    PUBLIC = "public"
    FULL = "full"


def may_have(level: Level, *, owners: frozenset[str], by: Actor) -> bool:
    """Whether somebody may have a package.  owners: credit codes of the buyer and of the agent that ran it.

    The public one is anybody's. The full one holds what only those see who keep the file by law, and who watch them.
    Law: 政府采购法 第42条 (the purchaser and the agent keep the file); 第65条 and 第68条 (who examines them).
    """
    if level is Level.PUBLIC or by.role in (Role.SUPERVISOR, Role.AUDITOR):
        return True
    return by.role is Role.OFFICER and by.organisation in owners
