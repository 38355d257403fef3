"""What a record's sentences call things: by the edition of the law that its terms pin; never words the record brings.

The rows are those of the house (`market.projects.terms`); a test compares them. An edition that is not here, and a
record without terms, speak as tenders do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Words:
    """One row, as `rulebook.terms.Terms` names them."""

    bidder: str = "投标人"
    bid: str = "投标"
    documents: str = "招标文件"
    deadline: str = "投标截止"
    opening: str = "开标"
    sheet: str = "开标一览表"
    read_out: str = "唱标"
    award: str = "中标"


USUAL = Words()
_CONSULTATION = Words("供应商", "响应", "磋商文件", "提交响应文件截止", "开启", "报价一览表", "开启", "成交")
_NEGOTIATION = replace(_CONSULTATION, documents="谈判文件")
_INQUIRY = replace(_CONSULTATION, documents="询价通知书")
_OFFERING = Words("中介服务机构", "报价", "采购需求", "报价截止", "开启", "报价单", "开启", "中选")
ROWS: Mapping[str, Words] = {
    "214-2014": _CONSULTATION,
    "rehearsal-214": _CONSULTATION,
    "74-talks-2014": _NEGOTIATION,
    "rehearsal-74-talks": _NEGOTIATION,
    "74-quotes-2014": _INQUIRY,
    "rehearsal-74-quotes": _INQUIRY,
    "zjcs-price": _OFFERING,
    "rehearsal-price": _OFFERING,
    "zjcs-merit": _OFFERING,
    "rehearsal-merit": _OFFERING,
}


def of(edition: Any) -> Words:
    """The words of an edition, whatever a record says it is."""
    return ROWS.get(edition, USUAL) if isinstance(edition, str) else USUAL
