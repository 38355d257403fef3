"""What fails of readiness stands on the operators' desk while it lasts."""

from datetime import datetime

from config.watching.readiness import readiness
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time

WORDS = {"database": "数据库", "clock": "时钟", "sequencer": "日志编排", "storage": "存储"}


class NotReady(Exception):
    """A check of /readyz fails where the ticks run."""


def watch(*, by: Actor, at: datetime) -> None:
    """Put each failing check on the desk, by its name."""
    for name, holds in readiness.now().items():
        with left_for_next_time(f"就绪检查：{WORDS[name]}"):
            if not holds:
                raise NotReady(name)
