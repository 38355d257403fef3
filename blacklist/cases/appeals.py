"""Acts after a decision: appeal and ruling, request for repair and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from blacklist.cases import process, refusals, rules
from blacklist.cases.events import CASES, CaseAppealed, CaseRepaired, CaseRuled
from blacklist.cases.files import Evidence, add, digest, held, number, restrict, tell_party
from blacklist.cases.models import Case, Restriction
from blacklist.cases.process import NOTHING, Act, Outcome, State, Terms
from ledger.services import record
from rulebook.actor import Actor
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen


@transaction.atomic
def appeal(*, public_id: UUID, text: str, evidence: Evidence = (), by: Actor, at: datetime) -> Case:
    """Appeal against a served decision: what the row says is put off from now on, until two others have ruled."""
    case, file = held(public_id)
    refuse_if(refusals.why_not_appeal(file, text=text, by=by, at=at))
    add(case, Act.APPEALED, text=text, evidence=evidence, by=by, at=at)
    case.advance(State.APPEALED)
    stayed = [row for row in _unended(case) if process.is_stayed_by_appeal(rules.Kind(row.kind))]
    for row in stayed:
        row.stayed_at = at
        row.save(update_fields=["stayed_at"])
    told = CaseAppealed(
        stream=CASES,
        case=str(case.public_id),
        decision_no=number(case, at=file.decided_at or at),
        stayed=[row.kind for row in stayed],
    )
    record(told, at=at)
    return case


@transaction.atomic
def propose_ruling(
    *, public_id: UUID, outcome: Outcome, terms: Terms = NOTHING, text: str, evidence: Evidence = (), by: Actor,
    at: datetime,
) -> Case:  # fmt: skip
    """Propose what becomes of an appeal: upheld, lighter, or annulled. By nobody who signed the decision."""
    case, file = held(public_id)
    refuse_if(refusals.why_not_rule(file, outcome=outcome, terms=terms, text=text, by=by))
    told = {"outcome": outcome, "terms": terms if outcome is Outcome.CHANGED else NOTHING}
    add(case, Act.PROPOSED, round=file.round + 1, text=text, evidence=evidence, **told, by=by, at=at)
    case.advance(State.RULING)
    return case


@transaction.atomic
def second_ruling(
    *, public_id: UUID, agrees: bool, text: str = "", seen: str | None = None, by: Actor, at: datetime
) -> Case:
    """Agree to a proposed ruling, which takes effect at once, or send it back.  seen: as for `services.second`."""
    case, file = held(public_id)
    refuse_if(refusals.why_not_second(file, by=by))
    told = file.proposal
    if told is None or told.outcome not in process.RULINGS:
        raise ValueError("a decision is seconded with services.second")
    refuse_if(why_not_seen(seen, stands=told.round))
    act = Act.AGREED if agrees else Act.RETURNED
    row = add(case, act, round=told.round, text=text, outcome=told.outcome, terms=told.terms, by=by, at=at)
    case.advance(State.CLOSED if agrees else told.was)
    if not agrees:
        return case
    if told.outcome is Outcome.UPHELD:
        for restriction in _unended(case):
            if restriction.stayed_at is not None:
                restriction.resumed_at = at
                restriction.save(update_fields=["resumed_at"])
    else:
        _end(_unended(case), told.outcome, at=at)
    if told.outcome is Outcome.CHANGED:
        now = process.after(file, process.Step(Act.AGREED, by.person, at))
        restrict(case, process.remade(now), file=now)
    tell_party(case, "申诉已有结果", at=at)
    ruled = CaseRuled(
        stream=CASES,
        case=str(case.public_id),
        decision_no=number(case, at=file.decided_at or at),
        outcome=told.outcome.value,
        sha256=digest(case, row),
    )
    record(ruled, at=at)
    return case


@transaction.atomic
def ask_repair(
    *, restriction: UUID, duty_done: str, promise: bool, evidence: Evidence = (), by: Actor, at: datetime
) -> Case:  # fmt: skip
    """Ask for a restriction to be repaired: after its least time, corrected, the duty done, with a public promise.

    Law: 信用修复管理办法.
    """
    row = Restriction.objects.select_related("case").get(public_id=restriction)
    case, file = held(row.case.public_id)
    refuse_if(
        refusals.why_not_ask_repair(
            file,
            about=str(restriction),
            starts_at=row.starts_at,
            binding=rules.in_force(row, at=at),
            duty_done=duty_done,
            promise=promise,
            by=by,
            at=at,
        )
    )
    add(case, Act.REPAIR_ASKED, text=duty_done, evidence=evidence, about=str(restriction), by=by, at=at)
    return case


@transaction.atomic
def propose_repair(*, restriction: UUID, outcome: Outcome, text: str, by: Actor, at: datetime) -> Case:
    """Propose what becomes of a request for repair."""
    case, file = held(Restriction.objects.select_related("case").get(public_id=restriction).case.public_id)
    about = str(restriction)
    refuse_if(refusals.why_not_propose_repair(file, about=about, outcome=outcome, text=text, by=by))
    add(case, Act.PROPOSED, round=file.round + 1, text=text, outcome=outcome, about=about, by=by, at=at)
    return case


@transaction.atomic
def second_repair(
    *, public_id: UUID, agrees: bool, text: str = "", seen: str | None = None, by: Actor, at: datetime
) -> Case:
    """Agree to a proposed repair: the restriction is gone from show and gates this instant, and what its subject
    promised is published. Or send it back.  seen: as for `services.second`.

    Law: 信用修复管理办法.
    """
    case, file = held(public_id)
    refuse_if(refusals.why_not_second_repair(file, by=by))
    told = file.repair
    if told is None:
        raise ValueError("no repair is proposed")
    refuse_if(why_not_seen(seen, stands=told.round))
    act = Act.AGREED if agrees else Act.RETURNED
    row = add(case, act, round=told.round, text=text, outcome=told.outcome, about=told.about, by=by, at=at)
    if not agrees:
        return case
    if told.outcome is Outcome.REPAIRED:
        _end([each for each in _unended(case) if str(each.public_id) == told.about], told.outcome, at=at)
    tell_party(case, "信用修复申请已有结果", at=at)
    repaired = CaseRepaired(
        stream=CASES,
        case=str(case.public_id),
        restriction=told.about,
        outcome=told.outcome.value,
        sha256=digest(case, row),
        promise=rules.PROMISE if told.outcome is Outcome.REPAIRED else "",
    )
    record(repaired, at=at)
    return case


def _unended(case: Case) -> list[Restriction]:
    return list(case.restrictions.filter(ended_at=None).order_by("id"))


def _end(rows: Sequence[Restriction], outcome: Outcome, *, at: datetime) -> None:
    for row in rows:
        row.ended_at, row.ended_because = at, process.ENDED[outcome]
        row.save(update_fields=["ended_at", "ended_because"])
