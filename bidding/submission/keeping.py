"""What a bidder keeps: his receipts, for the page and for paper."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.queries import name_of
from accounts.templatetags.parts import moment
from bidding.submission import queries
from bidding.tender.models import Tender
from documents import qr
from proofs import note as note_texts
from proofs import receipt as receipt_texts
from proofs.receipt import Receipt
from rulebook.actor import Actor

CHECK = "/verify/receipt/"  # where anyone holding a receipt checks it
PARTS: dict[str, str | Promise] = {
    "sheet": _("开标一览表"), "body": _("商务技术文件"), "tech": _("技术文件"), "price": _("报价文件"),
}  # fmt: skip
WORDS = {"bid": _("{part} 第 {seq} 版"), "withdrawal": _("{part} 撤回（第 {seq} 号）")}


def receipts(tender: Tender, *, viewer: Actor, check: str) -> list[dict[str, Any]]:
    """One's own receipts, oldest first: rows of `my_bid` with what the note says and where its code leads.

    check: the absolute address of CHECK.  The receipt stands behind the `#`, which no browser sends.
    """
    mine = queries.my_bid(tender, viewer=viewer)
    rows = sorted(
        [*mine["versions"], *mine["withdrawals"]], key=lambda row: (row["received_at"], row["part"] == "body")
    )
    return [{**row, "read": _read(row["note"]), "check": f"{check}#{qr.packed(row['note'])}"} for row in rows]


def paper(tender: Tender, kept: list[dict[str, Any]], *, viewer: Actor) -> Mapping[str, Any]:
    """The same as plain values for `bidding/submission/receipts.typ`."""
    return {
        "title": tender.project.title,
        "terms": tender.project.terms.words(),
        "number": tender.project.number,
        "bidder": name_of(viewer.organisation),
        "receipts": [
            {
                "what": str(WORDS[row["what"]]).format(part=PARTS.get(row["part"], row["part"]), seq=row["seq"]),
                "received": moment(row["received_at"]),
                "leaf": row["read"].leaf,
                "proof": str(_("已生成，可在平台下载") if row.get("tlog_proof") else _("截止封存后自动生成")),
                "note": row["note"],
                "code": qr.svg(row["check"]),
            }
            for row in kept
        ],
    }


def _read(note: str) -> Receipt:
    return receipt_texts.parse(note_texts.parse(note).text)
