"""Facts as earlier releases wrote them, read in the form they have now. What was logged stays as it was written.

A kind that has been written in more than one way is read in each of them, or refused by name; no third way is guessed.
"""

from collections.abc import Callable, Mapping
from typing import Any

Data = dict[str, Any]


def present(kind: str, data: Data) -> Data:
    """The data of a fact in its present form; the same where it is in it. ValueError for one nobody ever wrote."""
    read = _FORMS.get(kind)
    if read is None:
        return data
    try:
        return read(data)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"{kind} 的写法不属于任何一个版本") from wrong


def _orgs(rows: list[Any]) -> list[str]:
    """Organisations, told alone or each with its name."""
    if all(isinstance(row, str) for row in rows):
        return rows
    return [_text(row["org"]) for row in rows]


def _passed(data: Data) -> Data:
    return {**data, "passed": _orgs(data["passed"])}


def _session(data: Data) -> Data:
    """Once, the bidders of a second session were told with the envelopes that are opened in it."""
    rows = data["bidders"]
    if all(isinstance(row, str) for row in rows):
        return data
    opened = {_text(unit["eid"]): _text(row["org"]) for row in rows for unit in row["parts"].values()}
    return {**data, "bidders": _orgs(rows), "envelopes": opened}


def _done(data: Data) -> Data:
    """Once, every envelope was told in a row of its own."""
    if isinstance(data["released"], Mapping):
        return data
    parts = sorted({_text(row["part"]) for told in ("released", "absent") for row in data[told]})
    by_part = {
        told: {part: [_text(row["eid"]) for row in data[told] if row["part"] == part] for part in parts}
        for told in ("released", "absent")
    }
    return {**data, **by_part}


def _hall(data: Data) -> Data:
    """Once, the bidders stood in the entry itself."""
    return {**data, "count": len(data["bidders"])} if "bidders" in data else data


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


_FORMS: Mapping[str, Callable[[Data], Data]] = {
    "opening.hall-opened": _hall,
    "opening.session-opened": _session,
    "opening.bidders-done": _done,
    "tech.passed": _passed,
}
