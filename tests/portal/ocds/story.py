"""The public story of a purchase as facts, from its notice to its last payment, with the objects they name."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from portal.ocds import mapping
from portal.ocds.story import TOLD
from rulebook.times import iso
from tests import cast
from tests.cast import HOUR, NOON

NUMBER = "T-2026-700"
BUYER = {"org": cast.BUYER, "name": cast.NAMES[cast.BUYER], "address": "胜利路 1 号", "contact": "王经办", "phone": "1"}
THREE = (cast.HETAO, cast.YINSHAN, cast.WULIANG)
PRICES = dict(zip(THREE, ("980000.00", "1000000.50", "1100000.00"), strict=True))
WHO = [{"org": org, "name": cast.NAMES[org]} for org in THREE]


class Story:
    """Facts in their order, each made of itself and of what it names."""

    def __init__(self, number: str = NUMBER) -> None:
        self.number, self.blobs = number, dict[str, Any]()
        self.facts: list[tuple[str, dict[str, Any]]] = []

    def say(self, kind: str, **data: Any) -> None:
        self.facts.append((kind, data))

    def keep(self, value: Any) -> str:
        sha256 = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
        self.blobs[sha256] = value
        return sha256

    def notice(self, type: str, **content: Any) -> None:
        number = 1 + sum(kind == "market.notice-published" for kind, _ in self.facts)
        head = {"type": type, "notice": number, "title": "空气站设备采购", "buyer": BUYER, "edition": "87-2017"}
        told = {**head, "project": self.number, "published_at": iso(NOON), **content}
        self.say("market.notice-published", sha256=self.keep(told), notice=number, type=type)

    def told(self) -> Iterator[mapping.Fact]:
        for seq, (kind, data) in enumerate(self.facts, 1):
            earlier = self.facts[: seq - 1]
            yield mapping.Fact(
                number=self.number, seq=seq, at=NOON + seq * HOUR, kind=kind, data=data, read=self.blobs.__getitem__,
                before=lambda kind, rows=earlier: [data for said, data in rows if said == kind],
                prefix="ocds-000000", site="https://mingbiao.example",
            )  # fmt: skip

    def releases(self) -> list[dict[str, Any]]:
        return [made for fact in self.told() if (made := mapping.release(fact, TOLD)) is not None]


CALL = {
    "method": "公开招标", "category": "goods", "item": "空气质量自动监测设备", "demand": "三套", "budget": "1200000.00",
    "price_cap": "1150000.00", "qualifications": ["具有独立承担民事责任的能力"], "supply": {"until": iso(NOON)},
    "documents": [{"name": "招标文件.pdf", "size": 9, "sha256": "a" * 64}], "deadline": iso(NOON + timedelta(days=20)),
    "opening": {"at": iso(NOON + timedelta(days=20)), "place": "/"},
    "batch": {"number": "B-1", "lot": 2, "most": 1},
}  # fmt: skip


def tender() -> Story:
    """A tender that comes to a contract which is fulfilled."""
    told = Story()
    told.notice("tender", **CALL, agent={"org": cast.AGENT, "name": cast.NAMES[cast.AGENT]})
    later = iso(NOON + timedelta(days=25))
    told.notice(
        "correction", text="", answers=[{"question": "何时验收？", "answer": "到货后。"}], may_affect=True,
        deadline=later,
        differences=[{"place": "第三章", "was": "30 日", "now": "60 日"}],
        documents=[{"name": "招标文件.pdf", "size": 9, "sha256": "b" * 64, "version": 2, "replaces": "a" * 64}],
    )  # fmt: skip
    told.notice("clarification", text="按原文件", answers=[{"question": "几套？", "answer": "三套。"}], differences=[],
                documents=[], may_affect=False, deadline=later)  # fmt: skip
    told.notice(
        "suspension", ground="处理投诉", law="政府采购法 第57条", text="查明", document="1", body="局", until=later
    )
    told.notice("resumption", text="已查明", started_at=iso(NOON), ended_at=iso(NOON))
    told.say("opening.hall-opened", bidders_sha256=told.keep(WHO), count=3)
    for org in THREE:
        told.say("opening.verdict", org=org, part="sheet", sheet={"price": PRICES[org]}, verdict="OK")
        told.say("opening.verdict", org=org, part="body", sheet=None, verdict="OK")
    told.say("opening.cause-decided", org=cast.WULIANG, outcome="withdrawn")
    told.say(
        "evaluation.qualified", results=[{**who, "passed": who["org"] != cast.YINSHAN, "reasons": []} for who in WHO]
    )
    told.notice("candidates", candidates=[{**who, "rank": n, "amount": PRICES[who["org"]], "total": "90"}
                                          for n, who in enumerate(WHO[:2], 1)], publicity="3日")  # fmt: skip
    for org in THREE[:2]:
        winner = {"org": org, "name": cast.NAMES[org], "rank": 1, "amount": PRICES[org]}
        told.notice("award", winner=winner, items=[{"name": "设备", "amount": PRICES[org]}], experts=[], documents=[],
                    report_sha256="c" * 64)  # fmt: skip
        if org == cast.HETAO:
            told.say("market.award-declined", org=org, reason="产能不足", next=cast.YINSHAN)
    told.notice("contract", provider=WHO[1], amount=PRICES[cast.YINSHAN], signed_on="2026-12-28", late_reason="")
    told.say("market.contract-recorded", org=cast.YINSHAN, amount=PRICES[cast.YINSHAN], signed_on="2026-12-28")
    for version in (1, 2):
        lines = [{"number": n, "what": f"成果{n}", "due_on": f"2027-0{n}-10", "amount": "500000.25"} for n in (1, 2)]
        told.say(
            "performance.plan-agreed", version=version, amount="1000000.50", was="", reason="延期", milestones=lines
        )
    told.say("performance.inspected", milestone=1, attempt=1, accepted=False, days_late=0)
    told.say("performance.inspected", milestone=1, attempt=2, accepted=True, days_late=0)
    told.say("performance.payment-recorded", amount="500000.25", paid_on="2027-02-01")
    told.say("performance.completed", amount="1000000.50", days_late=0)
    return told


def purchase() -> Story:
    """Purchases in the supermarket, the way they are chosen one after the other."""
    told = Story("2026-ABCDEFGH")
    told.notice(
        "tender", edition="zjcs-direct", method="直接选取", category="services", item="竣工测绘", demand="一栋",
        documents=[], attachments=[], price_cap="18000.00",
        deadline=iso(NOON), selects_at=iso(NOON + HOUR), again="2026-HGFEDCBA",
        service={"code": "NM-CH-001", "name": "竣工测绘", "version": 1, "sha256": "d" * 64},
        need={"qualifications": [{"kind": "测绘资质", "grade": "乙级"}], "staff": [{"kind": "测绘师", "count": 1}],
              "other": []},
    )  # fmt: skip
    told.say("selection.entrants-published", sha256=told.keep({"live": WHO}), count=3)
    rows = [{**who, "quote": PRICES[who["org"]], "reasons": []} for who in WHO]
    told.say("sealed.quotes-fixed", rows=rows, formula={})
    told.say("auction.quoted", alias="01", price="88000.00", number=1)
    told.say("auction.quoted", alias="01", price="87000.00", number=2)
    told.say(
        "auction.ended", revealed=[{"alias": "01", **WHO[0]}, {"alias": "02", **WHO[1]}], quotes=2, best="87000.00"
    )
    rounds = [{"org": cast.HETAO, "part": "sheet", "sheet": {"price": price}} for price in ("3.00", "2.00", "1.00")]
    room = [{"event": {"t": "opening.verdict", "d": each}} for each in rounds]
    told.say("opening.room-disclosed", sha256=told.keep(room), count=3)
    told.say("performance.termination-ended", side="buyer", outcome="rejected")
    told.say("performance.termination-ended", side="buyer", outcome="agreed")
    told.notice("cancellation", reasons=[{"text": "预算取消", "law": "政府采购法 第36条"}])
    return told


def failed() -> Story:
    """A tender nobody may open."""
    told = Story("T-2026-701")
    told.notice("tender", **CALL, again={"project": "T-2026-699", "analysis": "条件过高"})
    told.notice("failure", reasons=[{"text": "投标人不足 3 家", "law": "87号令 第41条"}])
    return told
