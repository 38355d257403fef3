"""What the pages and the sheet of one version show, put together from reads."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
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
    """What stands on the one-time notice sheet, as plain values for paper; what its fonts cannot set is on the page.

    In the reader's language; in Chinese where the fonts of paper do not hold its script.
    """
    if not typesetting.sets(_("一次性告知单")):
        with override(settings.LANGUAGE_CODE):
            return sheet(row, address=address, on=on)
    rows = version(row, address=address, on=on)["rows"]
    name = row.content.get("name_mn", "")
    if name and typesetting.sets(name):
        rows.insert(1, (_("蒙古文名称"), [name]))
    if not typesetting.sets("\n".join(line for _label, lines in rows for line in lines)):
        rows = [(label, [line if typesetting.sets(line) else NOT_ON_PAPER for line in lines]) for label, lines in rows]
    return {
        "title": row.name, "number": row.item.code, "department": row.item.department.name, "rows": rows,
        "check": address, "code": qr.svg(address), "sha256": row.sha256, "words": _frame(row),
    }  # fmt: skip


def _frame(row: ItemVersion) -> dict[str, str]:
    """What the sheet says of itself, in the language it is read in."""
    version = _("第 %(n)s 版，%(day)s 起生效") % {"n": row.number, "day": row.effective_from.isoformat()}
    return {
        "lang": (get_language() or settings.LANGUAGE_CODE)[:2], "sheet": _("一次性告知单"), "version": version,
        "code": _("通往本事项网页的二维码"), "none": _("无"), "end": _("除以上所列外，不再要求其他条件和材料。"),
        "page": _("第 {here} 页，共 {all} 页"), "scan": _("扫码核验："), "digest": _("数据摘要（SHA-256）："),
    }  # fmt: skip
