"""Tenders with their key holders: everything a bid can be sealed to."""

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.files.base import ContentFile

from bidding.tender import queries, rules
from bidding.tender.models import CommitteeMember, Document, KeyCommittee, Slot, Tender
from bidding.tender.rules import CommitteeState
from ledger.services import publish_blob
from market.notices.rules import Type
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical, manifest, statement
from rulebook.times import iso
from tests import cast
from tests.make import accounts, holding, market
from tests.make.worlds import made_once

HOLDERS = (cast.BUYER, cast.CENTRE, cast.NOTARY)
SLOTS = 24  # fewer than in life: making keys is slow
FACTORS = [{**factor, "standard": "按招标文件评分细则"} for factor in market.SCORING["factors"]]
QUALIFICATIONS = [
    "具有独立承担民事责任的能力",
    "依法缴纳税收和社会保障资金的良好记录",
    "未被列入政府采购严重违法失信行为记录名单",
]
CLOSES = cast.NOON


@made_once
def tender(
    *,
    number: str = market.NUMBER,
    stage: Stage = Stage.OPEN,
    closes_at: datetime = CLOSES,
    slots: int = SLOTS,
    keys: bool = True,
    project: Project | None = None,
    older: bool = False,
    **other: Any,
) -> Tender:
    """A tender closing at noon, with manifests of the three holders, a document and its notice unless it is a draft.

    older: published before halls could be closed.

    The holders' key files are `accounts.signer(code)`, so anyone in a test can seal, and open, for real.
    """
    project = project or market.project(number=number, stage=stage)
    facts: dict[str, Any] = {
        "supply_ends_at": closes_at - cast.DAY,
        "closes_at": closes_at,
        "drain": project.procedure.drain,
        "window": project.procedure.window,
        "min_bids": project.procedure.min_competitors,
        "policy": project.procedure.policy,
        "price_weight": Decimal("30.00"),
        "small_deduction": Decimal("0.10"),
        "factors": FACTORS,
        "qualifications": QUALIFICATIONS,
    }
    made = Tender.objects.create(project=project, **(facts | other))
    document(made)
    if keys:
        for part in made.parts:
            committee(made, part, slots=slots)
    if project.stage != Stage.DRAFT:
        made.terms = rules.terms(
            units={part: each.cmh for part, each in queries.committees(made).items()},
            closes_at=made.closes_at,
            drain=made.drain,
            window=made.window,
            least=made.min_bids,
            edition=project.edition,
            scoring=made.scoring,
            witnesses=[],
            quorum=0,
            batch=queries.batch(made),
            rounds=made.layout.rounds,
            closed_hall=made.project.procedure.closed_hall is not None and not older,
            policy=made.policy,
        )
        made.terms_sha256 = queries.sha256(canonical.dumps(made.terms))
        made.save()
        period = {"notice_period": project.procedure.notice.words, "notice_ends_at": iso(project.notice_ends_at)}
        market.notice(project, type=Type.TENDER, content={**period, **queries.notice_content(made)})
    return made


def document(tender: Tender, name: str = "招标文件.pdf", data: bytes = b"%PDF-1.7 tender") -> Document:
    """One document; published if the tender is."""
    if tender.project.stage != Stage.DRAFT:
        publish_blob(data)
    return Document.objects.create(
        tender=tender, name=name, size=len(data), sha256=queries.sha256(data),
        file=ContentFile(data, name="document"), added_at=tender.project.drafted_at,
    )  # fmt: skip


@cache
def slot_keys(code: str, number: str, part: str, slots: int) -> bytes:
    """A holder's public slot keys."""
    return accounts.signer(code).slot_keys(unit=rules.unit(number, part), role="c", count=slots)


def slots_statement(code: str, number: str, part: str, slots: int) -> dict[str, Any]:
    """A holder's `slots/1` over them."""
    keys = slot_keys(code, number, part, slots)
    fields = {"unit": rules.unit(number, part), "role": "c", "n": slots, "keys_sha256": queries.sha256(keys)}
    return statement.sign("slots/1", fields, by=accounts.signer(code), ts=iso(market.PUBLISHED - cast.DAY))


def committee(tender: Tender, part: str, *, slots: int = SLOTS) -> KeyCommittee:
    """The key holders of a part, ready."""
    number, at = tender.project.number, market.PUBLISHED - cast.DAY
    holding.stand(*HOLDERS)
    posted = [(code, slot_keys(code, number, part, slots)) for code in HOLDERS]
    made = manifest.build(unit=rules.unit(number, part), k=rules.THRESHOLD, members=posted)
    row = KeyCommittee.objects.create(
        tender=tender, part=part, k=rules.THRESHOLD, n=len(HOLDERS), slots=slots,
        roster=[{"i": i, "org": code} for i, code in enumerate(HOLDERS, start=1)],
        state=CommitteeState.READY.value, cmh=publish_blob(made.data), asked_at=at, ready_at=at,
    )  # fmt: skip
    for i, (code, keys) in enumerate(posted, start=1):
        CommitteeMember.objects.create(
            committee=row, i=i, organisation=code, keys=canonical.b64u(keys),
            statement=slots_statement(code, number, part, slots), posted_at=at,
        )  # fmt: skip
    return row


def slot(tender: Tender, part: str, org: str, number: int, *, at: datetime = cast.NOON - cast.HOUR) -> Slot:
    """A slot allotted to a bidder."""
    return Slot.objects.create(
        committee=queries.committee(tender, part), number=number, allotted_to=org, allotted_at=at
    )
