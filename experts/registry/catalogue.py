"""The catalogue of specialties: data, by edition. In force: the one imported last, else the file beside this module."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import transaction

from documents.sheets import Wrong
from experts.registry.models import CatalogueLine
from experts.registry.rules import SPECIALTIES, why_not_keep_register
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason, Refused, refuse_if

FILE = Path(__file__).with_name("specialties.csv")
HEAD = ("代码", "名称", "上级代码")
MOST_LINES = 20_000
MOST_TOLD = 200


@dataclass(frozen=True)
class Line:
    """A specialty.  parent: key of the wider one, empty at the top."""

    key: str
    name: str
    parent: str = ""


def lines() -> list[Line]:
    """The catalogue in force, in the order of its file."""
    latest = CatalogueLine.objects.order_by("-pk").values("edition")[:1]
    imported = CatalogueLine.objects.filter(edition__in=latest).order_by("pk").values_list("key", "name", "parent")
    found = [Line(*row) for row in imported]
    return found or list(brought())


def names() -> dict[str, str]:
    """Key → name of the catalogue in force."""
    return {line.key: line.name for line in lines()}


@cache
def brought() -> tuple[Line, ...]:
    """The extract that comes with the house."""
    with FILE.open(newline="") as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))
    found, wrong = read(rows)
    if wrong:
        raise ValueError(wrong)
    return tuple(found)


def read(rows: Sequence[Sequence[object]]) -> tuple[list[Line], list[Wrong]]:
    """The lines of a table with its head, and everything that is wrong with it, row by row."""
    if not rows or tuple(_text(cell) for cell in rows[0])[: len(HEAD)] != HEAD:
        return [], [Wrong(1, "", f"首行应为：{'、'.join(HEAD)}")]
    found: list[Line] = []
    wrong: list[Wrong] = []
    first: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        key, name, parent = ([_text(cell) for cell in row] + ["", "", ""])[:3]
        if not (key or name or parent):
            continue
        if not key or len(key) > 20 or not key.isascii() or not key.replace("-", "").isalnum():
            wrong.append(Wrong(number, HEAD[0], "代码应为1至20位字母、数字或连字符"))
        elif key in first:
            wrong.append(Wrong(number, HEAD[0], f"代码与第{first[key]}行重复"))
        if not name or len(name) > 60:
            wrong.append(Wrong(number, HEAD[1], "名称应为1至60个字"))
        first.setdefault(key, number)
        found.append(Line(key, name, parent))
        if len(found) > MOST_LINES:
            return [], [Wrong(number, "", f"超过{MOST_LINES}行")]
    known = {line.key for line in found} | set(SPECIALTIES)
    wrong += [
        Wrong(first[line.key], HEAD[2], f"没有上级代码{line.parent}")
        for line in found
        if line.parent and line.parent not in known
    ]
    if not found and not wrong:
        wrong.append(Wrong(2, "", "没有任何专业"))
    return found, sorted(wrong, key=lambda each: each.row)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


@transaction.atomic
def bring_in(*, edition: str, rows: Sequence[Sequence[object]], by: Actor, at: datetime) -> int:
    """Put another edition of the catalogue in force; the house's short keys stay in it. Returns how many it holds.

    Nothing is imported unless every row is good. Refused with every bad row at once, when it is no keeper, and when
    the edition has no name or is there already.
    """
    refuse_if(why_not_keep_register(by=by))
    if not edition.strip() or CatalogueLine.objects.filter(edition=edition.strip()).exists():
        raise Refused(Reason("catalogue.edition", Kind.NOT_VALID, "目录版次不能为空，也不能与已导入的相同"))
    found, wrong = read(rows)
    refuse_if(told(wrong))
    own = [Line(key, name) for key, name in SPECIALTIES.items() if key not in {line.key for line in found}]
    CatalogueLine.objects.bulk_create(
        CatalogueLine(edition=edition.strip(), key=line.key, name=line.name, parent=line.parent, imported_at=at)
        for line in [*found, *own]
    )
    return len(found) + len(own)


def told(wrong: Iterable[Wrong]) -> tuple[Reason, ...]:
    """Bad rows as the reasons of a refusal."""
    sentence = "第{row}行{column}：{why}"
    return tuple(
        Reason(
            "import.bad-row", Kind.NOT_VALID, sentence, None,
            {"row": each.row, "column": each.column and f"“{each.column}”", "why": each.why},
        )
        for each in list(wrong)[:MOST_TOLD]
    )  # fmt: skip
