"""One check of a record: its name, whether it holds, and what a person reads."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from proofs.record.archive import Record, Unreadable
from proofs.verdict import NotThisEnvelope

MALFORMED = (ValueError, KeyError, TypeError, AttributeError, LookupError, NotThisEnvelope)


@dataclass(frozen=True)
class Check:
    """holds: None where the procurement has not come that far, so that there is nothing to check."""

    name: str
    holds: bool | None
    text: str

    def line(self) -> str:
        """The check as one line."""
        return {True: "✓ ", False: "✗ ", None: "· "}[self.holds] + self.text

    def data(self) -> dict[str, Any]:
        """The check as JSON."""
        return {"name": self.name, "holds": self.holds, "text": self.text}


class Broken(ValueError):
    """What a check was to find out does not hold."""


class NotYet(Exception):
    """There is nothing to check yet."""


def require(that: bool, text: str) -> None:
    """Raises Broken with the text unless it is so."""
    if not that:
        raise Broken(text)


def run(name: str, title: str, check: Callable[[Record], str], record: Record) -> Check:
    """The outcome of a check: what it says, what is broken, or that data are not what they should be."""
    title = title.format_map(asdict(record.words))
    try:
        return Check(name, True, f"{title}：{check(record)}")
    except NotYet as why:
        return Check(name, None, f"{title}：{why}")
    except (Broken, Unreadable) as wrong:
        return Check(name, False, f"{title}：{wrong}")
    except MALFORMED as wrong:
        return Check(name, False, f"{title}：数据不合规格（{type(wrong).__name__}: {wrong}）")
