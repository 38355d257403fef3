"""What the pages and the sheet of one version show, put together from reads."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from documents import qr, typesetting
from market.catalogue import queries, words
from market.catalogue.models import ItemVersion


def version(row: ItemVersion, *, address: str, on: date) -> dict[str, Any]:
    """What every page of a version shows.  address: of the item, for its code on paper."""
    content = row.content
    parts = queries.names(content.get("parts", ()), on=on)
    return {
        "nav": "catalogue", "version": row, "content": content, "rows": words.rows(content, parts=parts),
        "type_words": words.type_words(row.type), "withdrawn_words": words.WITHDRAWN_WORDS, "address": address,
    }  # fmt: skip


NOT_ON_PAPER = "（见网页）"


def sheet(row: ItemVersion, *, address: str, on: date) -> dict[str, Any]:
    """What stands on the one-time notice sheet, as plain values for paper; what its fonts cannot set is on the page."""
    rows = version(row, address=address, on=on)["rows"]
    name = row.content.get("name_mn", "")
    if name and typesetting.sets(name):
        rows.insert(1, (_("蒙古文名称"), [name]))
    if not typesetting.sets("\n".join(line for _label, lines in rows for line in lines)):
        rows = [(label, [line if typesetting.sets(line) else NOT_ON_PAPER for line in lines]) for label, lines in rows]
    return {
        "title": row.name, "number": row.item.code, "version": str(row.number), "from": row.effective_from.isoformat(),
        "department": row.item.department.name, "rows": rows,
        "check": address, "code": qr.svg(address), "sha256": row.sha256,
    }  # fmt: skip
