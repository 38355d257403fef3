"""Quotes far below the others: they are explained, the buyer takes the explanation or not, and says why."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import inbox
from bidding.sealed import events, queries, rules
from bidding.sealed.models import LowQuote
from bidding.tender.models import Tender
from ledger.services import record
from market.projects import queries as projects
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import Reason, refuse_if
from rulebook.times import iso


def ask(tender: Tender, rows: Sequence[dict[str, Any]], *, at: datetime) -> None:
    """Ask whoever quoted far below the others why he can; nobody is chosen before he has said so or let it pass."""
    row = tender.project.procedure.selection
    if row is None or row.low is None:
        return
    share, within = row.low
    standing = [each for each in rows if not each["reasons"]]
    least = rules.low_bound([Decimal(each["quote"]) for each in standing], share)
    for each in standing:
        if least is None or Decimal(each["quote"]) >= least:
            continue
        due = within.due(at)
        LowQuote.objects.create(tender=tender, organisation=each["org"], least=least, asked_at=at, due_at=due)
        told = {"org": each["org"], "name": each["name"], "quote": each["quote"]}
        record(events.ExplanationAsked(stream=tender.project.log, least=str(least), until=iso(due), **told), at=at)
        inbox.post(
            topic=inbox.Topic.TODAY,
            to_organisation=each["org"], to_role=Role.PROVIDER, subject=f"请说明报价理由：{tender.project.title}",
            body="贵单位的报价明显低于其他报价。请在期限内说明能够按该价格履行的理由；逾期未说明的，报价不予采用。说明随结果公布。",
            link=f"/purchases/{tender.project.number}/offers/", at=at,
        )  # fmt: skip


@transaction.atomic
def explain(*, project_number: str, text: str, by: Actor, at: datetime) -> LowQuote:
    """Say why one can do the work at so low a price; published at once.

    Refused for whoever was not asked, late, and twice.  Law: 明标平台规则 第8条.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    asked = queries.own_low(tender, viewer=by)
    refuse_if(
        rules.why_not_explain(
            org=by.organisation, asked=asked is not None, answered=bool(asked and asked.answered_at),
            due_at=asked.due_at if asked else None, text=text, by=by, at=at,
        )
    )  # fmt: skip
    assert asked is not None  # the gate of who is behind us
    row = project.procedure.selection
    asked.text, asked.answered_at = text.strip(), at
    asked.judge_by = row.low[1].due(at) if row and row.low else at
    asked.save(update_fields=["text", "answered_at", "judge_by"])
    name = queries.named(tender, by.organisation)
    record(events.QuoteExplained(stream=project.log, org=by.organisation, name=name, text=asked.text), at=at)
    inbox.post(
        topic=inbox.Topic.TODAY,
        to_organisation=project.buyer_id, to_role=Role.OFFICER, subject=f"请认定报价说明：{project.title}",
        body=f"{name} 已说明报价理由。请在期限内认定是否成立并写明理由，理由随即公布；逾期不认定的，视为成立。",
        link=f"/purchases/{project.number}/offers/", at=at,
    )  # fmt: skip
    return asked


@transaction.atomic
def judge(*, project_number: str, org: str, accepted: bool, reason: str, by: Actor, at: datetime) -> LowQuote:
    """Take an explanation, or do not, with the reason; published at once, and whoever is not believed may not win.

    Refused to everybody but the buyer's officer, before there is one, twice, once its time is over, and without a
    reason.  Law: 明标平台规则 第8条.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    asked = queries.low_of(tender, org)
    refuse_if(rules.why_not_judge_low(asked, is_officer=project.is_officer(by), reason=reason, at=at))
    assert asked is not None  # the rule has seen to it
    return _judged(tender, asked, accepted=accepted, reason=reason.strip(), by=by, at=at)


def _judged(tender: Tender, asked: LowQuote, *, accepted: bool, reason: str, by: Actor, at: datetime) -> LowQuote:
    asked.accepted, asked.reason, asked.judged_by, asked.judged_at = accepted, reason, by.person, at
    asked.save(update_fields=["accepted", "reason", "judged_by", "judged_at"])
    told = {"org": asked.organisation, "name": queries.named(tender, asked.organisation)}
    record(events.ExplanationJudged(stream=tender.project.log, accepted=accepted, reason=reason, **told), at=at)
    return asked


def settled(tender: Tender, *, at: datetime) -> dict[str, Reason] | None:
    """Who may not win for his low quote, and why; None while an explanation or the word on one may still come.

    What the buyer left unanswered in its time is taken: its silence is nobody's loss.  The caller holds the project.
    """
    rows = queries.low(tender)
    if any(rules.is_pending(each, at=at) for each in rows):
        return None
    for each in rows:
        if each.answered_at and each.judged_at is None:
            _judged(tender, each, accepted=True, reason=rules.TAKEN, by=SYSTEM, at=at)
    return {each.organisation: rules.why_low_is_out(each) for each in rows if not each.accepted}
