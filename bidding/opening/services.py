"""Acts of the host, the supervisor and the clock at an opening."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from bidding.opening import copies, doors, events, evidence, few, hosting, queries, recording, rules
from bidding.opening.blame import Cause
from bidding.opening.models import FewStatement, HallObjection, Opening, OpeningUnit
from bidding.opening.queries import Standing
from bidding.opening.rules import Act
from bidding.opening.telling import shut_doors, tell
from bidding.submission import envelopes
from bidding.submission import queries as submissions
from ledger.services import publish_blob
from market.notices import services as notices
from market.projects import queries as projects
from market.projects import services as project_services
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso


@transaction.atomic
def open_hall(*, project_number: str, by: Actor, at: datetime) -> Opening:
    """Open the hall: from here the bidders' names are public, with the proof that each was sealed in time.

    Refused when it is not the host, not closed and witnessed yet, already open, or there are too few bids.
    Law: 招标投标法 第34条, 招标投标法实施条例 第44条, 电子招标投标办法 第30条.
    """
    standing = doors.hold(project_number, by=by, at=at)
    project = standing.project
    refuse_if(rules.why_not_open(standing.facts, by=by))
    tender, closing = standing.tender, standing.closing
    assert closing is not None  # the gate of when is behind us
    live = submissions.live(tender)
    opening = Opening.objects.create(
        tender=tender,
        opened_by=by.person,
        opened_at=at,
        turn_ends=at + timedelta(seconds=tender.window),
    )
    OpeningUnit.objects.bulk_create(
        OpeningUnit(opening=opening, bid=bid.parts[part]) for bid in live for part in tender.layout.sessions[0]
    )
    bidders = [
        {
            "org": bid.org,
            "name": bid.name,
            "gen": bid.gen,
            "parts": {
                part: {
                    "eid": row.eid,
                    "slot": row.slot,
                    "env_sha256": row.env_sha256,
                    "sub_sha256": row.sub_sha256,
                }
                for part, row in bid.parts.items()
            },
        }
        for bid in live
    ]
    event = events.HallOpened(
        stream=project.log,
        closing=closing.digest,
        nonce=bytes(closing.nonce).hex(),
        live_sha256=publish_blob(closing.listing.encode()),
        sealed_sha256=publish_blob(canonical.dumps(queries.sealed_proofs(tender))),
        bidders_sha256=publish_blob(canonical.dumps(bidders)),
        count=len(live),
        window_ends=iso(opening.turn_ends),
    )
    project_services.decide(project=project, at=at)
    hosting.note(standing, by=by)
    tell(project, event, at=at)
    shut_doors(project, session=1, closing=closing.digest, at=at)
    return opening


@transaction.atomic
def sign_few(*, project_number: str, said: dict[str, object], by: Actor, at: datetime) -> FewStatement:
    """Keep the supervisor's signed word that there are too few; the same word again changes nothing.

    Refused when it is not the supervisor's, there are enough, or it speaks of another list.
    Law: 招标投标法实施条例 第44条.
    """
    project = projects.hold_published(project_number)
    standing = queries.stand(project, at=at)
    reasons = rules.why_not_sign_few(
        standing.facts,
        supervises=by.role is Role.SUPERVISOR,
        closing=str(said["closing"]),
        least=int(str(said["min"])),
    )
    refuse_if(reasons)
    text = canonical.dumps(said).decode()
    kept, _ = FewStatement.objects.get_or_create(
        closing=standing.closing, defaults={"organisation": by.organisation, "statement": text, "at": at}
    )
    return kept


@transaction.atomic
def declare_too_few(*, project_number: str, by: Actor, at: datetime) -> None:
    """Declare that the tender is not opened: it fails, and nothing says who or how many had bid.

    Refused when it is not the host, there are enough, or the supervisor has not signed.
    Law: 招标投标法实施条例 第44条.
    """
    standing = doors.hold(project_number, by=by, at=at)
    project = standing.project
    refuse_if(rules.why_not_declare_too_few(standing.facts, by=by))
    signed = FewStatement.objects.get(closing=standing.closing)
    least = standing.tender.min_bids
    hosting.note(standing, by=by)
    notices.fail(number=project.number, reasons=(few.too_few(least, standing.facts.laws.too_few),), by=by, at=at)
    statement = canonical.parse_object(signed.statement.encode())
    tell(standing.project, events.NotOpened(stream=project.log, min=least, statement=statement), at=at)


@transaction.atomic
def answer_objection(*, project_number: str, objection_seq: int, text: str, by: Actor, at: datetime) -> HallObjection:
    """Answer an objection on the spot, for the record.

    Refused when it is not the host, or it was answered.  Law: 招标投标法实施条例 第44条.
    """
    standing = doors.hold(project_number, by=by, at=at)
    project = standing.project
    objection = HallObjection.objects.get(opening=standing.opening, entry__seq=objection_seq)
    refuse_if(rules.why_not_answer(standing.facts, by=by, answered=objection.answered_at is not None))
    answer = _said(text, code="objection.needs-answer", why="请写明答复内容")
    objection.answer, objection.answered_at = answer, at
    objection.save(update_fields=["answer", "answered_at"])
    event = events.ObjectionAnswered(
        stream=project.log, org=by.organisation, text=answer, objection_seq=objection.entry.seq
    )
    hosting.note(standing, by=by)
    tell(standing.project, event, at=at)
    return objection


@transaction.atomic
def close_hall(*, project_number: str, by: Actor, at: datetime, reason: str = "") -> Opening:
    """End the opening and hand the bids to evaluation. Whoever is absent or silent accepts the record.

    reason: why the witness's signature is not waited for; asked for where it is missing.
    Refused when it is not the host, a verdict is missing, an objection is unanswered, or too few bids opened.
    Law: 87号令 第42条, 电子招标投标办法 第32条.
    """
    standing = doors.hold(project_number, by=by, at=at)
    why = " ".join(reason.split())[:500]
    refuse_if(rules.why_not_end(standing.facts, by=by, reason=why))
    hosting.note(standing, by=by)
    return _end(standing, reason="" if standing.facts.witnessed else why)


@transaction.atomic
def end_in_failure(*, project_number: str, by: Actor, at: datetime) -> Opening:
    """End the opening because too few bids could be opened: the project fails.

    Refused when it is not the host, a verdict is missing, or enough bids opened.
    Law: 87号令 第43条.
    """
    standing = doors.hold(project_number, by=by, at=at)
    project = standing.project
    refuse_if(rules.why_not_end_in_failure(standing.facts, by=by))
    hosting.note(standing, by=by)
    opening = _end(standing)
    decided = [Cause(one.cause) for one in evidence.decisions(standing).values()]
    failed = few.too_few_effective(standing.tender.min_bids, standing.facts.few.law)
    told = decided.count(Cause.BIDDER), decided.count(Cause.OTHER)
    why = few.by_cause(*told, standing.facts.laws.undone)
    notices.fail(number=project.number, reasons=(failed, why) if decided else (failed,), by=by, at=at)
    return opening


@transaction.atomic
def end_bidders_turn(*, project_number: str, by: Actor, at: datetime) -> Opening:
    """Note that the bidders' turn is over, once all have released or its time and the drain are past.

    Refused when it is not the bidders' turn, it still runs or is paused, and when the purchase has ended.
    Law: 电子招标投标办法 第31条.
    """
    standing = queries.stand(projects.hold_published(project_number), at=at)
    done = standing.act is Act.BIDDERS and (standing.turn_is_over or len(standing.released) == len(standing.units))
    refuse_if(rules.why_not_end_turn(standing.facts, Act.BIDDERS, done=done))
    return recording.note_bidders_done(standing)


def restore_envelope(*, project_number: str, sha256: str, chunks: Iterable[bytes], by: Actor, at: datetime) -> None:
    """Put a bidder's own copy in the place of a stored file that was damaged; its hash is the one on his receipt.

    Refused when the hash is another, or nothing of his is damaged.  Spec: docs/proofs.md, failure cases.
    """
    standing = queries.stand(projects.visible(project_number, viewer=by), at=at)
    _damaged(standing, sha256, by=by)
    received = envelopes.receive(chunks, limit=settings.ENVELOPE_LIMIT, unsealed=standing.facts.laws.unsealed)
    try:
        if received.sha256 != sha256:
            raise Refused(Reason("restore.other-file", Kind.NOT_VALID, "上传的文件与回执记载的摘要不一致"))
        envelopes.keep(received, again=True)
        with transaction.atomic():
            standing = queries.stand(projects.hold_published(project_number), at=at)
            unit = _damaged(standing, sha256, by=by)
            unit.damaged_at = None
            unit.save(update_fields=["damaged_at"])
            event = events.EnvelopeRestored(stream=standing.project.log, **queries.named(unit), env_sha256=sha256)
            tell(standing.project, event, at=at)
    finally:
        envelopes.discard(received)


def _damaged(standing: Standing, sha256: str, *, by: Actor) -> OpeningUnit:
    """The bidder's own damaged unit with this hash; another's looks like none."""
    if sha256 in copies.wanted(standing, viewer=by):
        return next(unit for unit in standing.units if unit.bid.env_sha256 == sha256)
    raise Refused(Reason("restore.nothing", Kind.NOT_NOW, "没有需要补传的{terms.file}"))


def _end(standing: Standing, *, reason: str = "") -> Opening:
    opening = queries.opening_of(standing)
    opening.ended_at = standing.at
    opening.save(update_fields=["ended_at"])
    tell(
        standing.project,
        events.OpeningEnded(stream=standing.project.log, record_sha256=opening.record_sha256, reason=reason),
        at=standing.at,
    )
    return opening


def _said(text: str, *, code: str, why: str) -> str:
    """What a person wrote, without blanks around it."""
    said = " ".join(text.split())
    if not 1 <= len(said) <= 500:
        raise Refused(Reason(code, Kind.NOT_VALID, why))
    return said
