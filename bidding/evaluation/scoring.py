"""Acts on the score sheets and the report: save, lock, reopen, sign, hand in."""

from datetime import datetime

from bidding.evaluation import events, prices, queries, reporting, rules, scoresheet
from bidding.evaluation.handing_in import finish
from bidding.evaluation.models import Evaluation, Sheet, SheetVersion, Signature
from bidding.evaluation.queries import Member
from bidding.evaluation.rules import Step
from bidding.evaluation.scoresheet import Scores
from bidding.evaluation.settled import Settled
from experts.panels import queries as panels
from ledger.services import record
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.stops import Act
from notifier.asking import asks_first
from proofs import canonical, commitment
from rulebook.actor import Actor
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen


def own_place(project: Project, by: Actor) -> tuple[Evaluation, Member]:
    """The evaluation and the actor's own place in it. Evaluation.DoesNotExist for everybody else."""
    own = queries.member(project, by)
    if own is None:
        raise Evaluation.DoesNotExist
    return queries.hold(project), own


def _merged(before: Scores, cells: Scores) -> dict[str, dict[str, str]]:
    """The sheet with these cells written over it, points in one spelling; an empty cell is cleared."""
    merged = {org: dict(points) for org, points in before.items()}
    for org, points in cells.items():
        for key, text in points.items():
            merged.setdefault(org, {})[key] = scoresheet.spelled(text) if text.strip() else ""
    return merged


@asks_first
def save_scores(*, project_number: str, cells: Scores, by: Actor, at: datetime) -> Sheet:
    """Save cells of one's own sheet as a draft; cells not named stay as they are.

    Refused when one is not a member or has not declared, before scoring, after the lock, or when points are out of
    range or step. In a dispute nothing but the disputed cells may change.
    Law: 87号令 第55条, 第64条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = own_place(project, by)
    step = Step(evaluation.step)
    orgs = [bid.org for bid in queries.compliant(evaluation)]
    refuse_if(
        scoresheet.why_not_write(
            cells, seat=own.seat.seat_no, declared=own.declared, step=step, locked=own.locked, orgs=orgs,
            factors=queries.factors(project), laws=project.procedure,
        )
    )  # fmt: skip
    sheet = own.sheet or Sheet(evaluation=evaluation, seat=own.seat)
    before, merged = sheet.scores, _merged(sheet.scores, cells)
    if sheet.version:
        cells_open = queries.open_cells(evaluation, sheet)
        refuse_if(scoresheet.why_not_correct(merged, before=before, open_cells=cells_open, laws=project.procedure))
    sheet.scores, sheet.saved_at = merged, at
    if sheet.pk is None:
        return Sheet.objects.create(evaluation=evaluation, seat=own.seat, scores=merged, saved_at=at)
    sheet.save(update_fields=["scores", "saved_at"])
    return sheet


def save_and_lock(*, project_number: str, cells: Scores, confirmed: bool, by: Actor, at: datetime) -> Sheet:
    """Save what the form holds, then lock. What was saved stays saved when the lock is refused."""
    project = projects.visible(project_number, viewer=by)
    own = queries.member(project, by)
    if cells and not (own and own.locked):
        save_scores(project_number=project_number, cells=cells, by=by, at=at)
    return lock_sheet(project_number=project_number, confirmed=confirmed, by=by, at=at)


@asks_first
def lock_sheet(*, project_number: str, confirmed: bool, by: Actor, at: datetime) -> Sheet:
    """Lock one's own sheet for good; when the last has, the commitments become public and the sheets are summed.

    Locking a locked sheet changes nothing.
    Refused while the purchase is suspended, when it is not complete or not confirmed.
    Law: 87号令 第55条, 第64条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = own_place(project, by)
    if own.locked and own.sheet is not None:
        return own.sheet
    refuse_if(projects.why_not_go_on(project, Act.JUDGING, at=at))
    orgs = [bid.org for bid in queries.compliant(evaluation)]
    refuse_if(
        scoresheet.why_not_lock(
            own.sheet.scores if own.sheet else {}, seat=own.seat.seat_no, declared=own.declared,
            step=Step(evaluation.step), locked=own.locked, orgs=orgs, factors=queries.factors(project),
            confirmed=confirmed, laws=project.procedure,
        )
    )  # fmt: skip
    sheet = own.sheet
    assert sheet is not None  # a complete sheet has been saved
    why = sheet.correcting
    sheet.scores = {org: sheet.scores[org] for org in orgs}
    sheet.version, sheet.locked_at, sheet.correcting = sheet.version + 1, at, ""
    content, salt, sheet.commitment = _committed(project.number, own.seat.seat_no, sheet)
    sheet.save(update_fields=["scores", "version", "locked_at", "correcting", "commitment"])
    SheetVersion.objects.create(
        sheet=sheet, version=sheet.version, content=content, salt=salt, commitment=sheet.commitment, why=why,
        locked_at=at,
    )  # fmt: skip
    record(events.SheetSealed(stream=project.log, seat=own.seat.seat_no, commitment=sheet.commitment), at=at)
    if Step(evaluation.step) is Step.DISPUTE:
        corrected = events.SheetCorrected(stream=project.log, seat=own.seat.seat_no, commitment=sheet.commitment)
        record(corrected, at=at)
    conclude(evaluation, at=at)
    return sheet


def _committed(number: str, seat: int, sheet: Sheet) -> tuple[str, str, str]:
    """A sheet's content, a fresh salt, and H("eval1/sheet\\0" ‖ salt ‖ content) in hex."""
    said = {"v": "sheet/1", "number": number, "seat": seat, "version": sheet.version, "scores": sheet.scores}
    salt = commitment.fresh()
    return canonical.dumps(said).decode(), salt.hex(), commitment.commit(commitment.SHEET, said, salt)


def conclude(evaluation: Evaluation, *, told: Settled | None = None, at: datetime) -> None:
    """Once every sheet is locked: say so for all at once, then agree on the objective factors or report.

    told: what the matters made of the bids, where the act has read it.
    """
    told = told or Settled(evaluation)
    project = evaluation.project
    seats = panels.seated(project.number)
    locked = list(Sheet.objects.filter(seat__in=seats, locked_at__isnull=False).select_related("seat"))
    if len(locked) < len(seats) or not seats or told.waiting:
        return
    if Step(evaluation.step) is Step.SCORES:
        for sheet in sorted(locked, key=lambda sheet: sheet.seat.seat_no):
            record(events.SheetLocked(stream=project.log, seat=sheet.seat.seat_no, commitment=sheet.commitment), at=at)
    if queries.disputed(evaluation):
        if Step(evaluation.step) is Step.SCORES:
            evaluation.advance(Step.DISPUTE, at=at)
        return
    if queries.judged_before_price(project) and not project.procedure.talks:
        prices.admit(evaluation, at=at)
    else:
        reporting.report(evaluation, told=told, at=at)


@asks_first
def reopen_sheet(*, project_number: str, reason: str, by: Actor, at: datetime) -> Sheet:
    """Take up one's locked sheet again where the sheets differ on an objective factor, or where one's own sum lies far
    from the others' and nobody has signed yet; the report is then built anew.

    The reason is logged; only the disputed cells, or those of the far-off bids, can then change.
    Refused without a dispute or a reason.
    Law: 87号令 第64条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = own_place(project, by)
    refuse_if(
        scoresheet.why_not_reopen(
            seat=own.seat.seat_no, step=Step(evaluation.step), locked=own.locked, reason=reason, laws=project.procedure,
            unusual=bool(queries.far_off(evaluation, own.seat)), signed=queries.progress(evaluation)["signed"] > 0,
        )
    )  # fmt: skip
    if Step(evaluation.step) is Step.SIGNING:
        evaluation.advance(Step.DISPUTE, at=at)
    sheet = own.sheet
    assert sheet is not None  # only a locked sheet is reopened
    sheet.locked_at, sheet.correcting = None, reason.strip()
    sheet.save(update_fields=["locked_at", "correcting"])
    record(events.SheetReopened(stream=project.log, seat=own.seat.seat_no, reason=reason.strip()), at=at)
    return sheet


@asks_first
def sign_report(
    *, project_number: str, dissent: str = "", explanation: str = "", refuses: bool = False, seen: str | None = None,
    by: Actor, at: datetime,
) -> Signature:  # fmt: skip
    """Sign the report, with one's dissent if one has any; when the last has signed it goes to the buyer.

    seen: the commitment to the report that was read.  explanation: of a sum far from the others'.  refuses: to sign;
    who does and writes no dissent counts as agreeing.
    Refused while the purchase is suspended, before there is a report, twice, while it is asked to score again, without
    an explanation where one is due, where the report was built anew since it was read, and to everybody who is not a
    member.
    Law: 政府采购法实施条例 第41条; 87号令 第61条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = own_place(project, by)
    refuse_if(projects.why_not_go_on(project, Act.JUDGING, at=at))
    refuse_if(
        rules.why_not_sign(
            seat=own.seat.seat_no, step=Step(evaluation.step), signed=own.signed, dissent=dissent,
            unusual=queries.far_off(evaluation, own.seat) if Step(evaluation.step) is Step.SIGNING else (),
            explanation=explanation, asked=queries.rollback_asked(evaluation) is not None,
            waits=Settled(evaluation).waiting,
        )
        or why_not_seen(seen, stands=evaluation.commitment)
    )  # fmt: skip
    row = Signature.objects.create(
        evaluation=evaluation, seat=own.seat, round=queries.report_round(evaluation), dissent=dissent.strip(),
        explanation=explanation.strip(), refused=refuses, at=at,
    )  # fmt: skip
    finish_if_signed(evaluation, at=at)
    return row


def finish_if_signed(evaluation: Evaluation, *, at: datetime) -> None:
    """Hand the report in once the last has signed it or refused to. The caller holds the project."""
    told = queries.progress(evaluation)
    if told["signed"] == told["seats"]:
        finish(evaluation=evaluation, at=at)
