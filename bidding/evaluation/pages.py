"""What the pages of an evaluation show, each to the reader it is for."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from bidding.evaluation import afterwards, drafts, matters, negotiation, outside, queries, rules, scoresheet, settled
from bidding.evaluation.chair import Election
from bidding.evaluation.models import Evaluation, Signature
from bidding.evaluation.queries import Member
from bidding.evaluation.recordings import WHAT
from bidding.evaluation.rules import Step
from bidding.opening import queries as openings
from bidding.tender import queries as tenders
from draws import queries as draws
from draws.rules import Phase
from experts.panels import barring, external, selection
from experts.panels import queries as panels
from experts.panels.eligibility import EXCLUSIONS
from experts.panels.listing import still_as_committed
from experts.panels.models import LeftOut, Panel, Struck
from experts.panels.rules import PanelState, SeatState
from experts.panels.selecting import GROUNDS
from experts.panels.words import way_words
from experts.registry import queries as registry
from experts.registry.rules import SPECIALTIES
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.sides import Work
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason

BAR = (
    (frozenset[Step](), _("资格审查")),
    (frozenset({Step.PANEL}), _("评审小组")),
    (frozenset({Step.REVIEW}), _("符合性审查")),
    (frozenset({Step.SCORES, Step.DISPUTE}), _("评分")),
    (frozenset({Step.PRICE, Step.SIGNING, Step.TIE}), _("评审报告")),
)
TALK_BAR = (
    (frozenset({Step.PANEL}), _("评审小组")),
    (frozenset({Step.REVIEW}), _("响应文件审查")),
    (frozenset({Step.TALKS}), _("谈判（磋商）")),
    (frozenset({Step.PRICE}), _("最后报价")),
    (frozenset({Step.SCORES, Step.DISPUTE}), _("评分")),
    (frozenset({Step.SIGNING, Step.TIE}), _("评审报告")),
)
STATE_WORDS = {
    PanelState.DRAWING: (_("抽取中"), "info"),
    PanelState.FIXED: (_("顺序已定，尚未邀请"), "info"),
    PanelState.CALLING: (_("邀请中"), "info"),
    PanelState.SHORT: (_("人数不足，须补抽"), "warn"),
    PanelState.SEATED: (_("已到齐"), "ok"),
}
SEAT_WORDS = {
    SeatState.STANDBY: _("候补"),
    SeatState.INVITED: _("已邀请"),
    SeatState.ACCEPTED: _("已接受"),
    SeatState.DECLINED: _("未参加"),
    SeatState.SEATED: _("已就任"),
    SeatState.RECUSED: _("已回避"),
    SeatState.STRUCK: _("因回避划去"),
}


def bar(project: Project, evaluation: Evaluation | None) -> list[dict[str, object]]:
    """The stage bar of an evaluation; it begins with the panel where the panel judges qualification."""
    stages = BAR[1:] if project.procedure.panel_qualifies else BAR
    if project.procedure.talks:
        stages = TALK_BAR
    if not project.procedure.scores:
        stages = tuple(each for each in stages if Step.SCORES not in each[0])
    step = Step(evaluation.step) if evaluation else None
    if step is Step.FAILED:
        return [{"label": _("废标"), "state": "off"}]
    now = next((n for n, (steps, _label) in enumerate(stages) if step in steps), 0 if step is None else len(stages))
    return [
        {"label": label, "state": "done" if n < now else "now" if n == now else "next"}
        for n, (_steps, label) in enumerate(stages)
    ]


SPECIALTY_ROWS, OWNER_ROWS = 3, 2  # of the form in which a panel is asked for


def panel(project: Project, viewer: Actor, *, at: datetime) -> dict[str, Any]:
    """The panel's page: what everybody may know, what the officer may do, what the supervision body sees."""
    evaluation, row = queries.of(project), panels.panel(project.number)
    draw = draws.latest(project.number, "panel")
    supervises = viewer.role is Role.SUPERVISOR
    officer = project.does(Work.EVALUATE, viewer)
    early = Stage(project.stage) is Stage.OPEN and project.procedure.early is not None
    against = (
        queries.why_not_convene_early(project, by=viewer, at=at)
        if early
        else queries.why_not_convene(project, evaluation, by=viewer)
    )
    return {
        "project": project,
        "early": early,
        "fixed": row is not None and PanelState(row.state) is PanelState.FIXED,
        "panel": row,
        "state": STATE_WORDS[PanelState(row.state)] if row else None,
        "confirmed": panels.confirmed(row) if row else 0,
        "draw": draw,
        "drawing": draw is not None and not draw.over,
        "void": draw is not None and Phase(draw.phase) is Phase.VOID,
        "further": row is not None and PanelState(row.state) is PanelState.SHORT,
        "size": project.procedure.seats_for(project.budget),
        "officer": officer,
        "against": against,
        "specialties": _specialties(),
        "regions": registry.regions(),
        "calls": [
            {**call, "words": SEAT_WORDS[call["state"]], "ways": way_words(call["ways"])} for call in panels.calls(row)
        ]
        if row and supervises
        else [],
        "left_out": _left_out(panels.left_out(row)) if row and supervises else [],
        "struck": _left_out(panels.struck(row)) if row and supervises else [],
        "as_committed": all(still_as_committed(kept) for kept in [*panels.left_out(row), *panels.struck(row)])
        if row and supervises
        else True,
        "owners_wanted": range(panels.owners_wanted(row)) if row else (),
        "law": project.procedure.seats[1],
        **_selected(project, row, officer=officer, supervises=supervises, early=early, against=against),
        "outside": external.of(project.number),
        "outside_looks": external.looks(project.number) if supervises else [],
        "imports": viewer.role is Role.WITNESS and row is None and outside.is_time(project, evaluation),
        "specialty_rows": range(1, SPECIALTY_ROWS + 1),
        "owner_rows": range(1, OWNER_ROWS + 1),
        "supervises": supervises,
    }


def _selected(
    project: Project, row: Panel | None, *, officer: bool, supervises: bool, early: bool, against: tuple[Reason, ...]
) -> dict[str, Any]:
    """Experts the buyer may pick itself, or proposed to: the officer's and the supervision body's alone."""
    if not officer and not supervises:
        return {"selections": [], "may_select": False}
    found, waits = selection.of(project.number), selection.waiting(project.number)
    wanted, names = panels.still_wanted(row) if row else {}, registry.specialties()
    return {
        "selections": [
            (each, GROUNDS[each.ground], [(names.get(s["key"], s["key"]), s["need"], s["had"]) for s in each.strata])
            for each in found
        ],
        "selecting": waits,
        "selected_members": [(names.get(key, key), number) for key, number in selection.members_of(waits)]
        if waits and supervises
        else [],
        "may_select": officer and not early and not against and not waits
        and project.procedure.self_selection is not None and (row is None or bool(wanted)),
        "selection_grounds": GROUNDS.items(),
        "still_wanted": [(names.get(key, key), need) for key, need in wanted.items()],
    }  # fmt: skip


def _specialties() -> list[tuple[str, str, int]]:
    """Each specialty that has experts, and the house's own, with how many the register has, those with most first."""
    counts = registry.how_many()
    shown = ((key, name) for key, name in registry.specialties().items() if key in counts or key in SPECIALTIES)
    return sorted(((key, name, counts.get(key, 0)) for key, name in shown), key=lambda row: -row[2])


def _left_out(kept: Sequence[LeftOut | Struck]) -> list[tuple[str, int]]:
    """How many were left out of the pools, or struck, for each reason."""
    codes = [row["code"] for each in kept for row in each.rows]
    return [(words, codes.count(code)) for code, (words, _law) in EXCLUSIONS.items() if code in codes]


def evaluation(project: Project, viewer: Actor, *, at: datetime) -> dict[str, Any]:
    """The evaluation's page for the purchaser's officer, a member, or the supervision body.

    Who is about to judge sees whom a ban binds before he does.

    Raises Http404 for everybody else: not found and not visible look the same.
    """
    row = queries.of(project)
    shown = {"project": project, "evaluation": row, "steps": bar(project, row)}
    if (own := queries.member(project, viewer)) is not None and row is not None:
        shown |= member(row, own)
        if shown["view"] in ("sign-in", "declare"):
            shown["against"] = barring.why_not_judge(project.number, viewer.person, at=at)
        return shown | ({"barred": queries.barred(project, at=at)} if shown["view"] == "review" else {})
    if project.is_officer(viewer):
        shown |= officer(project, row, viewer)
        ended = shown["view"] == "qualify" and shown["bids"]
        return shown | ({"barred": queries.barred(project, at=at)} if ended else {})
    if viewer.role is Role.SUPERVISOR:
        return shown | supervisor(project, row)
    raise Http404


def officer(project: Project, row: Evaluation | None, viewer: Actor) -> dict[str, Any]:
    """The purchaser's side: the qualification form, then how far it is."""
    if row is not None:
        return {"view": "officer", "findings": queries.finding_rows(row), "progress": queries.progress(row),
                "panel": panels.panel(project.number), "failed": Step(row.step) is Step.FAILED,
                "done": Step(row.step) is Step.DONE, "rollbacks": list(row.rollbacks.order_by("pk")),
                "signing": Step(row.step) is Step.SIGNING,
                "again": Step(row.step) is Step.DONE and Stage(project.stage) is Stage.PROPOSED,
                "grounds": rules.ROLLBACKS if Step(row.step) is Step.SIGNING else rules.REEVALUATIONS,
                "recordings": list(row.recordings.order_by("pk")), "recorded": WHAT,
                **(talks(row) if project.procedure.talks else {})}  # fmt: skip
    if project.procedure.panel_qualifies:
        return {"view": "officer", "findings": [], "panel": None}
    tender = tenders.tender(project.number)
    ended = openings.is_over(tender)
    against = rules.why_not_qualify(
        by=viewer, buyer=project.doer(Work.EVALUATE), deciding=Stage(project.stage) is Stage.DECIDING, hall_ended=ended,
        reviewed=False, wanted=(), findings=(),
    )  # fmt: skip
    return {
        "view": "qualify",
        "against": against,
        "conditions": queries.conditions(project),
        "bids": queries.effective(project) if ended else [],
    }


def supervisor(project: Project, row: Evaluation | None) -> dict[str, Any]:
    """The supervision body's side: counts and conspicuous sums, nothing to change but a member who cannot go on."""
    return {
        "view": "supervisor",
        "findings": queries.finding_rows(row) if row else [],
        "progress": queries.progress(row) if row else None,
        "panel": panels.panel(project.number),
        "unusual": queries.unusual(row) if row else (),
        "seats": [s.seat_no for s in panels.seated(project.number)] if row else [],
        **(talks(row) if row and project.procedure.talks else {}),
        "rollbacks": list(row.rollbacks.order_by("pk")) if row else [],
        "recordings": list(row.recordings.order_by("pk")) if row else [],
        "recorded": WHAT,
        "appraisals": afterwards.appraisals(row) if row else [],
        "done": bool(row) and Step(row.step) is Step.DONE,
        "rollback": queries.rollback_asked(row) if row else None,
        "signing": bool(row) and Step(row.step) is Step.SIGNING,
        "against_excuse": rules.why_not_vacate(step=Step(row.step)) if row else (),
        "dissents": list(Signature.objects.filter(evaluation=row).exclude(dissent="").values_list("dissent", flat=True))
        if row and Step(row.step) in (Step.TIE, Step.DONE)
        else [],
    }


def member(row: Evaluation, own: Member) -> dict[str, Any]:
    """A member's side: what he is to do now, or that others are not there yet. Never how many."""
    step = Step(row.step)
    shown: dict[str, Any] = {
        "own": own,
        "bids": queries.bids(row),
        "may_leave": not rules.why_not_vacate(step=step),
        "files": {bid.org: _files(row, bid.org) for bid in queries.bids(row)}
        if own.declared and queries.works(row)
        else {},
    }
    shown |= {
        "signed_in": settled.signed_in(own.seat),
        "matters_open": step in matters.MOMENTS or queries.prices_judged_late(row),
    }
    if not shown["signed_in"] and not own.declared:
        return shown | {"view": "sign-in", "bids": []}
    if not own.declared:
        return shown | {"view": "declare"}
    stands = settled.chosen(row)
    if stands.leader is None and step in rules.REPLACEABLE:
        return shown | elect(row, own, stands)
    shown["leads"] = stands.leader == own.seat.pk
    if step is Step.REVIEW and not own.reviewed:
        opinions, saved_at = drafts.kept(own)
        return shown | {"view": "review", "grounds": queries.grounds(row.project), "cap": queries.cap(row.project),
                        "opinions": opinions, "saved_at": saved_at}  # fmt: skip
    if step is Step.TALKS or (step is Step.PRICE and row.project.procedure.talks):
        return shown | {"view": "talks", **talks(row), "against_round": settled.why_not_call_round(row, own)}
    if step in rules.SCORABLE and not own.locked:
        return shown | grid(row, own)
    if step is Step.DISPUTE:
        return shown | {"view": "dispute", "disputes": disputes(row)}
    if step is Step.SIGNING and not own.signed:
        names = {bid.org: bid.name for bid in queries.bids(row)}
        return shown | {"view": "sign", "report": report(row), "unusual": queries.unusual(row),
                        "far_off": [names[org] for org in queries.far_off(row, own.seat)],
                        "may_correct": not queries.progress(row)["signed"],
                        "rollbacks": list(row.rollbacks.order_by("pk"))}  # fmt: skip
    return shown | {"view": "waiting", "finished": step in (Step.DONE, Step.FAILED), "failed": step is Step.FAILED}


def elect(row: Evaluation, own: Member, stands: Election) -> dict[str, Any]:
    """The round of votes for a leader that is on: seats by number, nothing of how others voted."""
    voted = row.leader_votes.filter(seat=own.seat, round=stands.round).exists()
    numbers = [seat.seat_no for seat in panels.seated(row.project.number) if seat.pk in stands.standing]
    return {"view": "waiting" if voted else "elect", "round": stands.round, "standing": numbers}


def talks(row: Evaluation) -> dict[str, Any]:
    """The negotiation as the panel, the purchaser's officer and the supervision body see it."""
    names = {bid.org: bid.name for bid in queries.bids(row)}
    notes = [{"name": names.get(note.org, note.org), "text": note.text, "at": note.at}
             for note in row.talk_notes.order_by("pk")]  # fmt: skip
    left = [{"name": names.get(each.org, each.org), "at": each.at} for each in row.leavings.order_by("pk")]
    tender = tenders.tender(row.project.number)
    return {
        "talking": Step(row.step) is Step.TALKS,
        "suppliers": [(bid.org, bid.name) for bid in queries.compliant(row)],
        "notes": notes,
        "changes": list(row.terms_changes.order_by("pk")),
        "left": left,
        "round": tender.rounds.order_by("number").last(),
    }


def talk_of_supplier(project: Project, viewer: Actor) -> dict[str, Any]:
    """A supplier's own side of the negotiation. Nothing on it tells of others: not who, not how many, not whether.

    Raises Http404 for everybody else, and before there is a negotiation.
    """
    row = queries.of(project)
    if row is None or viewer.role is not Role.PROVIDER or not project.procedure.talks:
        raise Http404
    if viewer.organisation not in {bid.org for bid in queries.bids(row)} or not row.compliance:
        raise Http404
    takes_part = viewer.organisation in queries.going_on(row)
    told = [change for change in row.terms_changes.order_by("pk") if viewer.organisation in change.told_to]
    return {
        "project": project,
        "takes_part": takes_part,
        "reasons": row.compliance[viewer.organisation]["reasons"],
        "changes": told,
        "quoting": Step(row.step) is Step.PRICE,
        "against": negotiation.why_not_leave(step=Step(row.step), takes_part=takes_part, by=viewer),
    }


def _files(row: Evaluation, org: str) -> list[tuple[str, str]]:
    """(part, name) of a bid's opened documents."""
    return [(file.part, file.name) for file in openings.files_of(tenders.tender(row.project.number), org)]


def grid(row: Evaluation, own: Member) -> dict[str, Any]:
    """The score sheet: a row for each factor, a column for each bid."""
    bids = queries.compliant(row)
    scores = own.sheet.scores if own.sheet else {}
    sheet = own.sheet
    allowed = queries.open_cells(row, sheet) if sheet is not None and sheet.version else None
    lines = []
    for factor in queries.factors(row.project):
        key = str(factor["key"])
        cells = [
            {"org": bid.org, "name": bid.name, "value": scores.get(bid.org, {}).get(key, ""),
             "open": allowed is None or (bid.org, key) in allowed}
            for bid in bids
        ]  # fmt: skip
        lines.append({"factor": factor, "step": str(scoresheet.factor_step(factor)), "cells": cells})
    left = sum(1 for line in lines for cell in line["cells"] if not cell["value"])
    return {"view": "scores", "lines": lines, "columns": bids, "left": left, "sheet": sheet,
            "correcting": allowed is not None}  # fmt: skip


def disputes(row: Evaluation) -> list[dict[str, Any]]:
    """Each disputed cell with what every seat gave: only these, the rest stays each member's own."""
    names = {bid.org: bid.name for bid in queries.compliant(row)}
    factors = {str(f["key"]): f["name"] for f in queries.factors(row.project)}
    last = queries.last_by_seat(row)
    return [
        {"bid": names[org], "factor": factors[key],
         "points": [(seat, sheet[org][key]) for seat, sheet in sorted(last.items())]}
        for org, key in queries.disputed(row)
    ]  # fmt: skip


def report(row: Evaluation) -> dict[str, Any]:
    """The report as it is signed, best rank first."""
    told = json.loads(row.report)
    bids = sorted(told["bids"], key=lambda bid: (bid["rank"] or 99, bid["org"]))
    for bid in bids:
        bid["seats"] = [
            (seat, sum((Decimal(points) for points in given.values()), Decimal(0)))
            for seat, given in sorted(bid["scores"].items())
        ]
    return {**told, "bids": bids}
