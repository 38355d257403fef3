"""Acts by which it is settled whose doing it was that a bid did not open.

Host and trading-centre witness state the cause; where they agree it is decided. The supervisor may decide or overrule.
Silence never blocks: when the time is over the evidence decides, and that is written down.
"""

from datetime import datetime, timedelta

from django.db import transaction

from bidding.opening import blame, doors, events, evidence, hosting, queries, recording, rules
from bidding.opening.blame import OUTCOMES, Cause, How, Side
from bidding.opening.models import CauseDecision, CauseStatement, Opening
from bidding.opening.queries import Standing
from bidding.opening.rules import Act
from bidding.opening.telling import tell
from market.projects import queries as projects
from rulebook.actor import SYSTEM, Actor
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso


@transaction.atomic
def state_cause(
    *, project_number: str, bidder: str, cause: str, reason: str, by: Actor, at: datetime
) -> CauseDecision | None:
    """State, as host or as witness, why a bid did not open; returns the decision when both say the same.

    Refused to everyone else, for a bid that has no such verdict, without a reason, once it is decided, and after the
    record is drawn up.  Law: 电子招标投标办法 第31条.
    """
    standing = doors.hold(project_number, by=by, at=at)
    found = evidence.dossiers(standing).get(bidder)
    decided = found is not None and found.decided is not None
    refuse_if(blame.why_not_state(standing.facts, by=by, failed=found is not None, decided=decided))
    side = blame.side_of(standing.facts, by)
    assert side is not None and found is not None  # the rule has seen to both
    meant, text = _cause(cause), said(reason)
    CauseStatement.objects.create(
        opening=standing.opening, bidder=bidder, side=side.value, cause=meant.value, reason=text, person=by.person,
        at=at,
    )  # fmt: skip
    event = events.CauseStated(
        stream=standing.project.log, org=bidder, side=side.value, by=by.organisation, cause=meant.value, reason=text
    )
    if side is Side.HOST:
        hosting.note(standing, by=by)
    tell(standing.project, event, at=at)
    stated = {other: Cause(one.cause) for other, one in found.stated.items()} | {side: meant}
    common = blame.agreed(stated)
    if common is None:
        return None
    reasons = {other: one.reason for other, one in found.stated.items()} | {side: text}
    both = f"{reasons[Side.HOST]}；{reasons[Side.WITNESS]}" if len(set(reasons.values())) > 1 else text
    return _decide(standing, bidder, common, how=How.AGREED, reason=both, by=by)


@transaction.atomic
def rule_on_cause(
    *, project_number: str, bidder: str, cause: str, reason: str, by: Actor, at: datetime
) -> CauseDecision:
    """Decide as supervisor why a bid did not open, or overrule what was decided.

    Refused to everyone else, for a bid that has no such verdict, without a reason, and after the record is drawn up.
    """
    standing = doors.hold(project_number, by=by, at=at)
    failed = bidder in evidence.failed(standing)
    refuse_if(blame.why_not_rule_on(standing.facts, by=by, failed=failed))
    return _decide(standing, bidder, _cause(cause), how=How.SUPERVISOR, reason=said(reason), by=by)


def begin(standing: Standing) -> None:
    """Every envelope has its verdict: ask for the causes where bids did not open, else draw up the record."""
    opening = queries.opening_of(standing)
    orgs = sorted(evidence.failed(standing))
    if not orgs or not standing.project.procedure.needs_hall:  # without a hall nobody is asked: the evidence is public
        recording.draw_up_record(standing)
        return
    open_still = set(orgs) - set(evidence.decisions(standing))
    procedure = standing.project.procedure
    opening.causes_from = standing.at
    opening.turn_ends = standing.at + timedelta(seconds=procedure.causes if open_still else procedure.overrule)
    opening.save(update_fields=["causes_from", "turn_ends"])
    tell(
        standing.project,
        events.CausesAsked(stream=standing.project.log, orgs=orgs, until=iso(opening.turn_ends)),
        at=standing.at,
    )


@transaction.atomic
def settle(*, project_number: str, by: Actor, at: datetime) -> Opening:
    """When the time is over: decide by the evidence what nobody decided, and draw up the record.

    Refused while the time runs or is paused, when no cause is asked for, and when the purchase has ended.
    """
    standing = queries.stand(projects.hold_published(project_number), at=at)
    done = standing.act is Act.CAUSES and standing.turn_is_over
    refuse_if(rules.why_not_end_turn(standing.facts, Act.CAUSES, done=done))
    for org, found in evidence.dossiers(standing).items():
        if found.decided is None:
            text = "限时内主持人与见证人未达成一致，按在案证据认定"
            _decide(standing, org, found.presumed, how=How.EVIDENCE, reason=text, by=SYSTEM)
    return recording.draw_up_record(standing)


def said(reason: str) -> str:
    """The reason as it is written down."""
    text = " ".join(reason.split())
    if not 1 <= len(text) <= 500:
        raise Refused(Reason("cause.needs-reason", Kind.NOT_VALID, "请写明认定的理由和依据"))
    return text


def _cause(code: str) -> Cause:
    try:
        return Cause(code)
    except ValueError:
        raise Refused(Reason("cause.unknown", Kind.NOT_VALID, "请选择{terms.bidder}原因或其他原因")) from None


def _decide(standing: Standing, bidder: str, cause: Cause, *, how: How, reason: str, by: Actor) -> CauseDecision:
    opening = queries.opening_of(standing)
    decision = CauseDecision.objects.create(
        opening=opening, bidder=bidder, cause=cause.value, how=how.value, reason=reason, person=by.person,
        at=standing.at,
    )  # fmt: skip
    event = events.CauseDecided(
        stream=standing.project.log,
        org=bidder,
        cause=cause.value,
        outcome=OUTCOMES[cause].value,
        how=how.value,
        by=by.organisation,
        reason=reason,
    )
    tell(standing.project, event, at=standing.at)
    soon = standing.at + timedelta(seconds=standing.project.procedure.overrule)
    all_said = set(evidence.failed(standing)) <= set(evidence.decisions(standing))
    if how is not How.EVIDENCE and standing.act is Act.CAUSES and all_said:
        opening.turn_ends = min(opening.turn_ends, soon)
        opening.save(update_fields=["turn_ends"])
    return decision
