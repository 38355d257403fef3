"""The acts of a draft, said once: what an officer types, what a key holder sends."""

import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bidding.tender import committees, drafting, queries, rules
from bidding.tender.layouts import LAYOUTS, Envelopes
from bidding.tender.models import Tender
from bidding.tender.rules import Factor
from market.projects import services as projects
from proofs import canonical, statement
from rulebook.actor import Actor
from rulebook.times import iso
from tests import cast
from tests.make import accounts, holding

START = datetime.fromisoformat("2026-10-23T09:00:00+08:00")  # Friday
FACTORS = [
    Factor("f1", "技术参数响应", Decimal(40), True, "逐项"),
    Factor("f2", "实施与运维方案", Decimal(30), False, "分档"),
]
HOLDERS = (cast.BUYER, cast.CENTRE, cast.NOTARY)


def facts(**other: Any) -> dict[str, Any]:
    """A lawful purchase of goods, to be published the next Monday."""
    return {
        "title": "城区空气质量自动监测站设备采购",
        "category": "goods",
        "item": "空气质量自动监测站 2 套",
        "demand": "含安装调试。\n一年运维。",
        "budget": Decimal("1300000"),
        "price_cap": Decimal("1280000"),
        "contact_name": "王经办",
        "contact_phone": "0478-8200000",
        "address": "胜利路 1 号",
        "edition": "87-2017",
        "publish_at": START + timedelta(days=3),
    } | other


def terms(**other: Any) -> dict[str, Any]:
    """Its terms: supply for a fortnight, a month to prepare."""
    return {
        "supply_ends_at": START + timedelta(days=17),
        "closes_at": START + timedelta(days=32),
        "price_weight": Decimal(30),
        "small_deduction": Decimal("0.10"),
        "factors": FACTORS,
        "qualifications": ["依法缴纳税收和社会保障资金的良好记录"],
    } | other


def draft(**other: Any) -> Tender:
    """A draft of the buyer's officer."""
    accounts.world()
    return drafting.draft(facts=facts(**other.pop("facts", {})), terms=terms(**other), by=cast.OFFICER, at=START)


def post(tender: Tender, part: str, code: str) -> None:
    """One holder makes its keys for one part."""
    number, unit = tender.project.number, queries.unit(tender, part)
    keys = accounts.signer(code).slot_keys(unit=unit, role="c", count=rules.SLOTS)
    fields = {"unit": unit, "role": "c", "n": rules.SLOTS, "keys_sha256": queries.sha256(keys)}
    said = statement.sign("slots/1", fields, by=accounts.signer(code), ts=iso(START))
    committees.post_slots(project_number=number, part=part, statement=said, keys=canonical.b64u(keys), at=START)


def release(tender: Tender, part: str, code: str, **other: Any) -> dict[str, Any]:
    """One holder's `rel/1` of slot 0."""
    unit, committee = queries.unit(tender, part), queries.committee(tender, part)
    place = next(each["i"] for each in committee.roster if each["org"] == code)
    key = accounts.signer(code).slot_key(unit=unit, role="c", slot=0)
    fields = {
        "unit": unit, "eid": committee.dummy["eid"], "role": "c", "closing": "rehearsal", "i": place, "slot": 0,
        "sk": canonical.b64u(key), **other,
    }  # fmt: skip
    return statement.sign("rel/1", fields, by=accounts.signer(code), ts=iso(START))


def ready_keys(
    tender: Tender, parts: tuple[str, ...] = LAYOUTS[Envelopes.ONE].parts, *, by: Actor = cast.OFFICER
) -> None:
    """The holders are asked, make their keys and open the dummy."""
    holding.stand(*HOLDERS)
    committees.request_keys(project_number=tender.project.number, by=by, at=START)
    for part in parts:
        for code in HOLDERS:
            post(tender, part, code)
        for code in HOLDERS:
            said = release(tender, part, code)
            committees.rehearse_release(project_number=tender.project.number, statement=said, at=START)


def complete() -> Tender:
    """A draft that lacks nothing."""
    tender = draft()
    ready_keys(tender)
    drafting.add_document(
        project_number=tender.project.number, name="招标文件.pdf", file=io.BytesIO(b"%PDF"), by=cast.OFFICER, at=START
    )
    return tender


def scheduled() -> Tender:
    """A draft on its way: approved by the second officer, its minute set."""
    tender = complete()
    number = tender.project.number
    drafting.submit_for_approval(project_number=number, by=cast.OFFICER, at=START)
    projects.approve(number=number, by=cast.APPROVER, at=START)
    drafting.schedule(project_number=number, publish_at=tender.project.publish_at, by=cast.OFFICER, at=START)
    return queries.tender(number)
