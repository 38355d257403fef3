"""What a region's own rule says differently of a procedure: one row a region, an edition and the day it begins. Pure.

A limit of a league or a period of a city is a row here, with its article: of the rows in force on the day, that of the
most specific region which contains the procurement, the newest of that region. A region without a row has the general
one. A project keeps the key of its row, so a changed rule is another row, and a key is never used again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from market.projects.procedure import Edition, Procedure
from market.projects.procedures import procedure_of
from rulebook.law import Article
from rulebook.regions import reaches


@dataclass(frozen=True, eq=False, slots=True)
class Local:
    """One of them.  key: as projects keep it, at most 20 characters.  region: digits.  since: the first day it holds.

    law: the local rule's article, for the law table.  columns: of `Procedure`, selection: of its `Selection`, with what
    stands there instead: whole values as those classes have them, each with its own article.
    """

    key: str
    region: str
    since: date
    law: Article
    columns: Mapping[str, Any] = field(default_factory=dict)
    selection: Mapping[str, Any] = field(default_factory=dict)


# None is known yet: the limits of the leagues and cities are published by each, and enter here with their documents.
ROWS: Mapping[Edition, Sequence[Local]] = {}


def in_force(edition: str, *, region: str, on: date) -> str | None:
    """The key of the local row a procurement of a region is begun under on a day; None where the general one holds."""
    rows = ROWS.get(Edition(edition), ())
    found = [row for row in rows if row.since <= on and reaches(row.region, region)]
    return max(found, key=lambda row: (len(row.region), row.since)).key if found else None


def procedure_at(method: str, edition: str, key: str | None) -> Procedure:
    """The row of a method in an edition as the local row of that key has it. KeyError or ValueError without one."""
    row = procedure_of(method, edition)
    return row if not key else _localised(row, next(each for each in ROWS[row.edition] if each.key == key))


def begun_in(row: Procedure, *, region: str, on: date) -> Procedure:
    """A row as a procurement of a region would be begun under it on a day."""
    return procedure_at(row.method, row.edition, in_force(row.edition, region=region, on=on))


def _localised(row: Procedure, local: Local) -> Procedure:
    told = dict(local.columns)
    if local.selection:
        assert row.selection is not None, "only a row of the supermarket has such columns"
        told["selection"] = replace(row.selection, **local.selection)
    return replace(row, **told)
