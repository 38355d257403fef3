"""What a command answers, and how it is printed."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Unreadable(Exception):
    """The input cannot be read as what it should be: exit code 2."""


@dataclass(frozen=True)
class Answer:
    """holds: exit 0 or 1.  data: the one JSON object of `--json`.  lines: what a person reads instead."""

    holds: bool = True
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer once: as one JSON object, or as its lines (`key: value` where it has none)."""
    if as_json:
        text = json.dumps(answer.data, ensure_ascii=False, sort_keys=True)
    else:
        plain = (
            f"{key}: {v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)}" for key, v in answer.data.items()
        )
        text = "\n".join(answer.lines or plain)
    if text:
        print(text)
        sys.stdout.flush()


def read_bytes(path: str) -> bytes:
    """The bytes of a file (`-`: of standard input). Refused (exit 2) when it cannot be read."""
    return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()


def read_json(path: str) -> Any:
    """A JSON file made by a person: any spacing, but no doubled names and no floats.

    Unreadable when it is not such a JSON text.
    """
    try:
        return json.loads(
            read_bytes(path).decode(), object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float
        )
    except ValueError as wrong:
        raise Unreadable(f"{path}: {wrong}") from wrong


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return made


def _no_float(text: str) -> Any:
    raise ValueError(f"{text}: only integers; write amounts as strings")
