"""Reads of an evaluation. Members see their own work, the officer and the supervision body counts, others nothing."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from bidding.evaluation.grounds import GROUNDS, LEFT, ONCE, SILENT
from bidding.evaluation.grounds import words as words_of_ground
from bidding.evaluation.models import Declaration, Evaluation, Leaving, Review, Rollback, Sheet, SheetVersion, Signature
from bidding.evaluation.rules import (
    REPLACEABLE,
    Step,
    Vote,
    why_not_read_bodies,
)
from bidding.evaluation.rules import why_not_convene as convene_rule
from bidding.evaluation.rules import why_not_convene_early as early_rule
from bidding.evaluation.scoresheet import disagreements, outliers
from bidding.opening import queries as openings
from bidding.opening.barred import Barred
from bidding.opening.barred import told as barred_of
from bidding.opening.consortia import Fault, faults, members_of
from bidding.opening.opened import OpenedFile
from bidding.opening.queries import OpenedBid
from bidding.submission import queries as submission
from bidding.tender import queries as tenders
from experts.panels import queries as panels
from experts.panels.models import Seat
from experts.panels.rules import PanelState, why_not_call
from market.agency import conflicts
from market.projects import standing
from market.projects.gate import why_not_reviewed
from market.projects.models import Project
from market.projects.policies import NAMES, SET_ASIDE, STATED_IN
from market.projects.rules import Stage
from market.projects.sides import Work
from rulebook.actor import Actor
from rulebook.law import Article
from rulebook.refusal import Reason, refuse_if


def of(project: Project) -> Evaluation | None:
    """The project's evaluation, None before the qualification review."""
    return Evaluation.objects.filter(project=project).first()


def hold(project: Project) -> Evaluation:
    """The evaluation of a project that is held. Raises Evaluation.DoesNotExist."""
    return Evaluation.objects.select_for_update().get(project=project)


def conditions(project: Project) -> list[dict[str, Any]]:
    """The qualification conditions of the tender, and that of a purchase set aside for small and medium firms."""
    tender = tenders.tender(project.number)
    found = [{"key": str(place), "text": text} for place, text in enumerate(tender.qualifications, 1)]
    aside = SET_ASIDE in (tender.policies or {})
    return [*found, {"key": SET_ASIDE, "text": f"{NAMES[SET_ASIDE]}：提供{STATED_IN}"}] if aside else found


def effective(project: Project) -> list[OpenedBid]:
    """The bids that opened."""
    return [bid for bid in openings.opened_bids(tenders.tender(project.number)) if bid.effective]


def wanted_findings(project: Project) -> list[tuple[str, str]]:
    """Every (organisation, condition) the purchaser must judge."""
    return [(bid.org, str(c["key"])) for bid in effective(project) for c in conditions(project)]


def bids(evaluation: Evaluation) -> list[OpenedBid]:
    """What the panel judges, in the order of the codes: the bids of those the purchaser found qualified, or all."""
    if evaluation.project.procedure.panel_qualifies:
        return effective(evaluation.project)
    passed = set(evaluation.qualifications.filter(passed=True).values_list("org", flat=True))
    return [bid for bid in effective(evaluation.project) if bid.org in passed]


def orgs_of(project: Project) -> list[str]:
    """The organisations whose bids the panel judges; none before there is an evaluation."""
    evaluation = of(project)
    return [bid.org for bid in bids(evaluation)] if evaluation else []


def compliant(evaluation: Evaluation) -> list[OpenedBid]:
    """The bids that stood the compliance review: what is scored."""
    return [bid for bid in bids(evaluation) if evaluation.compliance.get(bid.org, {}).get("compliant")]


def grounds(project: Project) -> dict[str, tuple[str, Article]]:
    """On which grounds a member may find a bid invalid: each in words, with its article."""
    row = project.procedure
    return {key: (each.words(row.terms), each.law or row.invalid) for key, each in GROUNDS[row.regime].items()}


def ground_words(project: Project, key: str) -> str:
    """A ground as the report states it."""
    row = project.procedure
    said = words_of_ground(key, regime=row.regime, terms=row.terms)
    return f"{said}（{row.together.once}）" if key in ONCE else said


def scoring(project: Project) -> dict[str, Any]:
    """The scoring as the terms have it."""
    return tenders.tender(project.number).scoring


def factors(project: Project) -> list[dict[str, Any]]:
    """The factors members score; the price is arithmetic."""
    return list(scoring(project)["factors"])


def cap(project: Project) -> Decimal:
    """The highest admissible quote in yuan."""
    return Decimal(str(scoring(project)["price_cap"]))


def consortium_faults(project: Project, *, at: datetime) -> dict[str, tuple[Fault, ...]]:
    """Bidder ↦ what is against his bid because of who bids together; asked of everybody named at the opening."""
    tender = tenders.tender(project.number)
    named = {bid.org: bid.consortium for bid in openings.opened_bids(tender)}
    came, asked = submission.received(tender), {}
    for lead, consortium in named.items():
        asked |= {org: min(came[lead], asked.get(org, came[lead])) for org in members_of(consortium)}
    out = why_not_reviewed(project, asked, at=at) if asked else {}
    return faults(named, banned=set(out), all_invalid=project.procedure.together.all_invalid)


def bans(project: Project, *, at: datetime) -> dict[str, tuple[Reason, ...]]:
    """Bidder ↦ the decisions that keep him out at the review: those that bound when his bid came in, or as the row of
    the regime says. What began later is the award's to refuse. And his bonds with who buys or acts for it, or those of
    whoever he bids with.

    Law: 明标平台规则 第72条; 招标投标法实施条例 第13条, 第34条.
    """
    came = submission.received(tenders.tender(project.number))
    bids = effective(project)
    found = why_not_reviewed(project, {bid.org: came[bid.org] for bid in bids}, at=at)
    beside = standing.beside(project)
    tied = conflicts.why_not_reviewed(project, {bid.org: beside.get(bid.org, ()) for bid in bids}, at=at)
    return {org: found.get(org, ()) + tied.get(org, ()) for org in {*found, *tied}}


def barred(project: Project, *, at: datetime) -> list[Barred]:
    """Whom a ban binds, himself or whoever he bids with: for those who are about to judge, before they do."""
    found = effective(project)
    return barred_of(project, found, submission.received(tenders.tender(project.number)), at=at) if found else []


def judged_before_price(project: Project) -> bool:
    """Whether the panel judges and scores before any price is known."""
    return tenders.tender(project.number).layout.judged_before_price


def prices_open(evaluation: Evaluation) -> bool:
    """Whether the panel knows the prices it compares: from the opening on, or once the price session, of a negotiation
    that of the last quotes, has ended."""
    tender = tenders.tender(evaluation.project.number)
    if not tender.layout.judged_before_price:
        return True
    last = not tender.layout.rounds or tender.rounds.filter(last=True).exists()
    return last and openings.is_finished(tender)


def prices_judged_late(evaluation: Evaluation) -> bool:
    """Whether the report is there with prices nobody knew before, and nobody has signed it yet."""
    if Step(evaluation.step) is not Step.SIGNING or not judged_before_price(evaluation.project):
        return False
    return not progress(evaluation)["signed"] and rollback_asked(evaluation) is None


def going_on(evaluation: Evaluation) -> set[str]:
    """Who still takes part in a negotiation."""
    return {bid.org for bid in compliant(evaluation)}


def dropped_out(evaluation: Evaluation) -> dict[str, str]:
    """Organisation ↦ why it no longer takes part in a negotiation: it left, or did not quote in the latest round."""
    left = dict.fromkeys(Leaving.objects.filter(evaluation=evaluation).values_list("org", flat=True), LEFT)
    tender = tenders.tender(evaluation.project.number)
    if not tender.layout.rounds or not tender.rounds.exists() or not openings.is_finished(tender):
        return left
    quoted = openings.quoted_last(tender)
    return {bid.org: SILENT for bid in bids(evaluation) if bid.org not in quoted} | left


def why_not_convene(
    project: Project, evaluation: Evaluation | None, *, called: bool = False, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against calling the panel now (or, when nobody is left to ask, drawing further).

    called: whether there is one already is not asked.
    """
    if evaluation is None:
        begun = project.procedure.panel_qualifies and openings.is_over(tenders.tender(project.number))
    else:
        begun = Step(evaluation.step) in REPLACEABLE
    deciding = Stage(project.stage) is Stage.DECIDING
    if shut := convene_rule(
        by=by, buyer=project.doer(Work.EVALUATE), qualified=begun, deciding=deciding, row=project.procedure
    ):
        return shut
    return () if called else _called_already(project)


def _called_already(project: Project) -> tuple[Reason, ...]:
    panel = panels.panel(project.number)
    if panel is not None and PanelState(panel.state) is not PanelState.SHORT:
        return why_not_call(state=PanelState(panel.state), reason="", law=project.procedure.by_lot)
    return ()


def why_not_convene_early(project: Project, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against drawing the panel before the opening, now."""
    return early_rule(
        by=by, buyer=project.doer(Work.EVALUATE), announced=Stage(project.stage) is Stage.OPEN,
        closes_at=tenders.tender(project.number).closes_at, at=at, row=project.procedure,
    ) or _called_already(project)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """The viewer's own place in an evaluation."""

    seat: Seat
    declared: bool
    reviewed: bool
    sheet: Sheet | None
    signed: bool

    @property
    def locked(self) -> bool:
        return self.sheet is not None and self.sheet.locked_at is not None


def member(project: Project, viewer: Actor) -> Member | None:
    """The viewer as a member of this panel; None for everybody else."""
    seat = panels.seat_of(project.number, viewer)
    if seat is None:
        return None
    return Member(
        seat=seat,
        declared=Declaration.objects.filter(seat=seat).exists(),
        reviewed=Review.objects.filter(seat=seat).exists(),
        sheet=Sheet.objects.filter(seat=seat).first(),
        signed=Signature.objects.filter(seat=seat, round=report_round(of(project))).exists(),
    )


def works(evaluation: Evaluation) -> bool:
    """Whether the panel still has something to do."""
    return Step(evaluation.step) not in (Step.DONE, Step.FAILED)


def body_files(project: Project, org: str, viewer: Actor) -> list[OpenedFile]:
    """The opened documents of one bid, for a member who has declared that he has no conflict, while the panel works.

    Refused before the declaration. Raises Evaluation.DoesNotExist for everybody else, for bids not judged, and once
    the report has gone out: what was lent for the review is given back.
    """
    evaluation, own = of(project), member(project, viewer)
    if evaluation is None or own is None or org not in {bid.org for bid in bids(evaluation)} or not works(evaluation):
        raise Evaluation.DoesNotExist
    refuse_if(why_not_read_bodies(seat=own.seat.seat_no, declared=own.declared))
    return openings.files_of(tenders.tender(project.number), org)


def votes(evaluation: Evaluation, seats: list[Seat]) -> dict[str, list[Vote]]:
    """All members' views by bid; only complete once each of these seats has handed in."""
    found: dict[str, list[Vote]] = {}
    for review in Review.objects.filter(evaluation=evaluation, seat__in=seats):
        for vote in review.votes:
            found.setdefault(vote["org"], []).append(
                Vote(vote["org"], vote["compliant"], tuple(vote["grounds"]), vote["note"])
            )
    return found


def sheets(evaluation: Evaluation) -> dict[int, dict[str, dict[str, str]]]:
    """Locked sheets of the seats taken, by seat number: what was written down when each was locked last."""
    return _as_locked(evaluation, sheet__locked_at__isnull=False)


def last_scores(sheet: Sheet) -> dict[str, dict[str, str]]:
    """What a sheet said when it was last locked."""
    return _scores(max(sheet.versions.all(), key=lambda version: version.version))


def last_by_seat(evaluation: Evaluation) -> dict[int, dict[str, dict[str, str]]]:
    """What every member's sheet said when it was last locked, by seat number; it may be open again."""
    return _as_locked(evaluation)


def _as_locked(evaluation: Evaluation, **only: Any) -> dict[int, dict[str, dict[str, str]]]:
    seats = panels.seated(evaluation.project.number)
    later = SheetVersion.objects.filter(sheet=OuterRef("sheet"), version__gt=OuterRef("version"))
    rows = SheetVersion.objects.filter(~Exists(later), sheet__seat__in=seats, **only).select_related("sheet__seat")
    return {row.sheet.seat.seat_no: _scores(row) for row in rows}


def _scores(row: SheetVersion) -> dict[str, dict[str, str]]:
    return dict(json.loads(row.content)["scores"])


def disputed(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """(organisation, factor) of the objective factors on which the last locked sheets differ."""
    orgs = [bid.org for bid in compliant(evaluation)]
    return disagreements(last_by_seat(evaluation), orgs=orgs, factors=factors(evaluation.project))


def open_cells(evaluation: Evaluation, sheet: Sheet) -> set[tuple[str, str]]:
    """Which cells of a sheet that was locked before may change: the disputed ones, or a newly compliant bid's."""
    if Step(evaluation.step) is Step.DISPUTE:
        return set(disputed(evaluation)) | {
            (org, str(factor["key"]))
            for org in far_off(evaluation, sheet.seat)
            for factor in factors(evaluation.project)
        }
    before = last_scores(sheet)
    again = Rollback.objects.filter(evaluation=evaluation, approved=True).order_by("pk").last()
    anew = again is not None and sheet.versions.filter(locked_at__gt=again.decided_at).first() is None
    orgs = [bid.org for bid in compliant(evaluation) if anew or bid.org not in before]
    return {(org, str(factor["key"])) for org in orgs for factor in factors(evaluation.project)}


def far_off(evaluation: Evaluation, seat: Seat) -> list[str]:
    """The bids to which the last locked sum of a seat lies far from the panel's median."""
    orgs = [bid.org for bid in compliant(evaluation)]
    last = {number: sheet for number, sheet in last_by_seat(evaluation).items() if set(orgs) <= set(sheet)}
    found = outliers(last, orgs=orgs, factors=factors(evaluation.project)) if last else ()
    return [org for number, org in found if number == seat.seat_no]


def report_round(evaluation: Evaluation | None) -> int:
    """Which report is signed now: the first, or the one after so many rollbacks."""
    return 1 + Rollback.objects.filter(evaluation=evaluation, approved=True).count()


def rollback_asked(evaluation: Evaluation) -> Rollback | None:
    """The application that waits for a decision."""
    return Rollback.objects.filter(evaluation=evaluation, approved=None).first()


def progress(evaluation: Evaluation) -> dict[str, int]:
    """How many of the members have declared, reviewed, locked and signed: for the officer and the supervision body.

    Never for a member: how far others are is not his to know before all are there.
    """
    seats = panels.seated(evaluation.project.number)
    return {
        "seats": len(seats),
        "declared": Declaration.objects.filter(seat__in=seats).count(),
        "reviewed": Review.objects.filter(seat__in=seats).count(),
        "locked": Sheet.objects.filter(seat__in=seats, locked_at__isnull=False).count(),
        "signed": Signature.objects.filter(seat__in=seats, round=report_round(evaluation)).count(),
    }


def unusual(evaluation: Evaluation) -> tuple[tuple[int, str], ...]:
    """Sums far from the median, once all have locked: for the supervision body."""
    if Step(evaluation.step) not in (Step.DISPUTE, Step.PRICE, Step.SIGNING, Step.TIE, Step.DONE):
        return ()
    orgs = [bid.org for bid in compliant(evaluation)]
    locked = sheets(evaluation)  # none where the lowest price wins, or quotes come before the points
    return outliers(locked, orgs=orgs, factors=factors(evaluation.project)) if locked else ()


def finding_rows(evaluation: Evaluation) -> list[dict[str, Any]]:
    """The qualification review as everyone may read it."""
    return [
        {"org": q.org, "name": q.name, "passed": q.passed,
         "reasons": [f["reason"] for f in q.findings if not f["passed"]]}
        for q in evaluation.qualifications.order_by("org")
    ]  # fmt: skip
