"""The extract of a directory that comes with the house: sixteen items with their legal bases, to begin from."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("items.json")


@dataclass(frozen=True)
class Brought:
    """An item of the extract.  department: ecology, water, resources, development, emergency or housing."""

    code: str
    department: str
    content: dict[str, Any]


@cache
def items() -> tuple[Brought, ...]:
    """The items of the extract; a bundle comes after its parts."""
    return tuple(Brought(**row) for row in json.loads(FILE.read_text())["items"])
