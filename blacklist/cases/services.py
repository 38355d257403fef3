"""Acts of a case: report, take up, dismiss, refer, charge, answer, hear, propose, agree, serve."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Organisation, User
from blacklist.cases import process, refusals, rules
from blacklist.cases.events import (
    CASES,
    CaseDecided,
    CaseHeard,
    CaseLetBe,
    CaseNoticed,
    CaseReported,
    CaseServed,
)
from blacklist.cases.files import Evidence, add, digest, held, number, restrict, tell_party
from blacklist.cases.models import Case, DecisionPaper, Restriction
from blacklist.cases.process import NOTHING, Act, Outcome, Source, State, Terms
from blacklist.cases.queries import region_of
from ledger.services import record
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.jurisdiction import in_region
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen


@transaction.atomic
def report(
    *,
    body: rules.Body,
    subject: str,
    name: str = "",
    party_org: str = "",
    party_person: str = "",
    ground: str,
    occurred_on: date,
    facts: str,
    evidence: Evidence = (),
    project: str = "",
    source: Source,
    by: Actor,
    at: datetime,
) -> Case:
    """Charge an organisation or a person with an act of the catalogue.

    subject: credit code, or keyed hash of an identity number, with the `name` of who bears it and who answers for
    him: his firm `party_org`, or his own account `party_person`.  project: what it happened in; shown to keepers and
    the party alone. It lies where that purchase does.
    Refused when this role does not report, the subject is not bound by the entry agreement, or the act is too old.
    Law: 行政处罚法 第36条.
    """
    region = region_of(project, by=by)
    by = in_region(by, region)
    is_house = body is rules.Body.ORGANISATION
    house = Organisation.objects.filter(code=subject).first() if is_house else None
    answers = User.objects.filter(public_id=party_person or None).exists()
    entered = house is not None or answers or Organisation.objects.filter(code=party_org or None).exists()
    same = Case.objects.filter(subject=subject, ground=ground, occurred_on=occurred_on, project=project)
    refuse_if(
        refusals.why_not_report(
            source=source,
            ground=ground,
            body=body,
            entered=entered,
            own=bool(by.person) and (by.organisation in (subject, party_org) or by.person == party_person),
            known=same.exists(),
            occurred_on=occurred_on,
            facts=facts,
            by=by,
            on=day_in_china(at),
        )
    )
    case = Case.objects.create(
        body=body.value,
        subject=subject,
        name=house.name if house else name,
        party_org=subject if is_house else party_org,
        party_person="" if is_house else party_person,
        ground=ground,
        edition=rules.EDITION,
        source=source.value,
        project=project,
        region=region,
        occurred_on=occurred_on,
        reported_by=by.person,
        reported_at=at,
        state=State.REPORTED.value,
    )
    row = add(case, Act.REPORTED, text=facts, evidence=evidence, by=by, at=at)
    record(CaseReported(stream=CASES, case=str(case.public_id), sha256=digest(case, row)), at=at)
    return case


@transaction.atomic
def take_up(*, public_id: UUID, by: Actor, at: datetime) -> Case:
    """Begin to examine a report. Refused when it is one's own, or taken up already."""
    case, file = held(public_id)
    refuse_if(refusals.why_not_take_up(file, by=by))
    add(case, Act.TAKEN_UP, by=by, at=at)
    case.advance(State.EXAMINING)
    return case


@transaction.atomic
def dismiss(*, public_id: UUID, text: str, by: Actor, at: datetime) -> Case:
    """Let a report be, with the reason. Refused once the party was charged: then two persons decide."""
    case, file = held(public_id)
    refuse_if(refusals.why_not_dismiss(file, text=text, by=by))
    return _let_be(case, Act.DISMISSED, Outcome.DISMISS, text=text, by=by, at=at)


@transaction.atomic
def refer(*, public_id: UUID, text: str, by: Actor, at: datetime) -> Case:
    """Recommend a case to the competent authority, which alone can ban. Refused where no law forbids the act."""
    case, file = held(public_id)
    refuse_if(refusals.why_not_refer(file, text=text, by=by))
    return _let_be(case, Act.REFERRED, Outcome.REFER, text=text, by=by, at=at)


def _let_be(case: Case, act: Act, outcome: Outcome, *, text: str, by: Actor, at: datetime) -> Case:
    row = add(case, act, text=text, outcome=outcome, by=by, at=at)
    case.advance(State.DISMISSED if outcome is Outcome.DISMISS else State.REFERRED)
    told = CaseLetBe(stream=CASES, case=str(case.public_id), outcome=outcome.value, sha256=digest(case, row))
    record(told, at=at)
    return case


@transaction.atomic
def notice(
    *, public_id: UUID, terms: Terms, text: str, evidence: Evidence = (), by: Actor, at: datetime
) -> Case:  # fmt: skip
    """Tell the party what it is charged with, on what evidence and basis, what may follow, and what it may do.

    Opens the window to answer: five working days after today.
    Law: 行政处罚法 第44、45条.
    """
    case, file = held(public_id)
    refuse_if(refusals.why_not_notice(file, terms=terms, text=text, by=by))
    until = process.window(at, process.DEFENCE)
    row = add(case, Act.NOTICED, text=text, evidence=evidence, terms=terms, until=until, by=by, at=at)
    case.advance(State.NOTICED)
    tell_party(case, "平台拟作出处理，请陈述、申辩", at=at)
    told = CaseNoticed(stream=CASES, case=str(case.public_id), until=until, sha256=digest(case, row))
    record(told, at=at)
    return case


@transaction.atomic
def state(*, public_id: UUID, text: str, evidence: Evidence = (), by: Actor, at: datetime) -> Case:
    """Answer a charge. Refused when it is not the party, or its time is over."""
    case, file = held(public_id)
    refuse_if(refusals.why_not_state(file, text=text, by=by, at=at))
    add(case, Act.STATED, text=text, evidence=evidence, by=by, at=at)
    return case


@transaction.atomic
def ask_hearing(*, public_id: UUID, by: Actor, at: datetime) -> Case:
    """Ask for a hearing, within the window. Nothing is decided before it.

    Law: 行政处罚法 第63、64条.
    """
    case, file = held(public_id)
    refuse_if(refusals.why_not_ask_hearing(file, by=by, at=at))
    add(case, Act.HEARING_ASKED, by=by, at=at)
    case.advance(State.HEARING)
    return case


@transaction.atomic
def set_hearing(*, public_id: UUID, when: datetime, place: str, by: Actor, at: datetime) -> Case:
    """Call the hearing and chair it; again while it has not been held. Refused when it is too soon, or one examined.

    Law: 行政处罚法 第63、64条.
    """
    case, file = held(public_id)
    refuse_if(refusals.why_not_set_hearing(file, when=when, by=by, at=at))
    add(case, Act.HEARING_SET, text=place, until=when, by=by, at=at)
    tell_party(case, "听证已定于" + f"{when.astimezone(rules.CHINA):%Y-%m-%d %H:%M}", at=at)
    return case


@transaction.atomic
def record_hearing(*, public_id: UUID, text: str, evidence: Evidence = (), by: Actor, at: datetime) -> Case:
    """Write down what was said at the hearing, or that the party stayed away. By its chair, once it has begun."""
    case, file = held(public_id)
    refuse_if(refusals.why_not_record_hearing(file, text=text, by=by, at=at))
    row = add(case, Act.HEARD, text=text, evidence=evidence, by=by, at=at)
    record(CaseHeard(stream=CASES, case=str(case.public_id), sha256=digest(case, row)), at=at)
    return case


@transaction.atomic
def propose(
    *, public_id: UUID, outcome: Outcome, terms: Terms = NOTHING, text: str, evidence: Evidence = (), by: Actor,
    at: datetime,
) -> Case:  # fmt: skip
    """Propose how a case ends: after the whole time to answer and the hearing that was asked for.

    Law: 行政处罚法 第44、45条.
    """
    case, file = held(public_id)
    refuse_if(refusals.why_not_propose(file, outcome=outcome, terms=terms, text=text, by=by, at=at))
    told = {"outcome": outcome, "terms": terms if outcome is Outcome.RESTRICT else NOTHING}
    add(case, Act.PROPOSED, round=file.round + 1, text=text, evidence=evidence, **told, by=by, at=at)
    case.advance(State.PROPOSED)
    return case


@transaction.atomic
def second(*, public_id: UUID, agrees: bool, text: str = "", seen: str | None = None, by: Actor, at: datetime) -> Case:
    """Agree to what another proposed, or send it back.  seen: the proposal that was read, by its round.

    Refused when one proposed it, reported it or is the party's, and when it is another proposal than was read.

    Law: 行政处罚法 第57条.
    """
    case, file = held(public_id)
    refuse_if(refusals.why_not_second(file, by=by))
    told = file.proposal
    if told is None or told.outcome in process.RULINGS:
        raise ValueError("a ruling is seconded with appeals.second_ruling")
    refuse_if(why_not_seen(seen, stands=told.round))
    act = Act.AGREED if agrees else Act.RETURNED
    row = add(case, act, round=told.round, text=text, outcome=told.outcome, terms=told.terms, by=by, at=at)
    case.advance(process.ENDS[told.outcome] if agrees else told.was)
    if agrees:
        if told.outcome is not Outcome.RESTRICT:
            tell_party(case, "平台案件已有处理结果", at=at)
        made = CaseDecided(
            stream=CASES,
            case=str(case.public_id),
            decision_no=number(case, at=at),
            outcome=told.outcome.value,
            sha256=digest(case, row),
        )
        record(made, at=at)
    return case


@transaction.atomic
def serve(*, public_id: UUID, by: Actor, at: datetime) -> list[Restriction]:
    """Serve a decision on the party; what it decides binds from tomorrow on. Late service is told to be late.

    Law: 行政处罚法 第61条.
    """
    case, file = held(public_id)
    refuse_if(refusals.why_not_serve(file, by=by))
    late = file.decided_at is not None and at >= process.window(file.decided_at, process.SERVE_IN)
    add(case, Act.SERVED, until=process.window(at, process.APPEAL_IN), by=by, at=at)
    case.advance(State.SERVED)
    rows = restrict(case, process.made(file, served_at=at), file=file)
    DecisionPaper.objects.create(case=case)  # signed and issued by a tick: nobody waits for a printer
    tell_party(case, "平台处理决定书已送达", at=at)
    record(
        CaseServed(
            stream=CASES,
            case=str(case.public_id),
            decision_no=rows[0].decision_no,
            late=late,
            restrictions=[
                {"kind": row.kind, "from": row.starts_at.isoformat(), "to": row.ends_at.isoformat()} for row in rows
            ],
        ),
        at=at,
    )
    return rows
