"""What pages show of a case: to its keepers, to its party, and of what it came to, to everybody."""

from datetime import datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blacklist.cases import files as numbers
from blacklist.cases import forms, process, queries, refusals, rules, words
from blacklist.cases.models import Case, Restriction, Step
from blacklist.cases.process import RULINGS, Act, File, Outcome, State, Terms
from blacklist.cases.refusals import KEEPERS, source_of
from documents.evidence import queries as evidence
from documents.evidence.models import Evidence
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason

__all__ = ["as_data", "document", "line", "listed", "source_of", "told"]

INSIDE = {State.PROPOSED: State.NOTICED, State.DECIDED: State.NOTICED, State.RULING: State.APPEALED}


def listed(row: Restriction) -> dict[str, Any]:
    """A restriction as everybody sees it. Nothing of the case's words, and no purchase, is in it."""
    ground = rules.GROUNDS[row.ground]
    is_person = row.body == rules.Body.PERSON
    return {
        "row": row,
        "name": words.masked(row.name) if is_person else row.name,
        "code": "" if is_person else row.subject,
        "kind": words.KIND_WORDS[rules.Kind(row.kind)],
        "points": row.points,
        "ground": ground.name,
        "family": words.FAMILY_WORDS[ground.family],
        "rule": ground.rule,
        "last_day": day_in_china(row.ends_at) - timedelta(days=1),
    }


def as_data(row: Restriction) -> dict[str, Any]:
    """The same as data."""
    shown = listed(row)
    return {
        "decision_no": row.decision_no,
        "name": shown["name"],
        "code": shown["code"],
        "kind": row.kind,
        "points": row.points,
        "ground": row.ground,
        "rule": str(shown["rule"]),
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "platform_restriction": True,
    }


def line(case: Case, *, viewer: Actor) -> dict[str, Any]:
    """One line of a list of cases. Who only reported it learns where it stands and no more."""
    state = State(case.state)
    keeps = viewer.role in KEEPERS or viewer.role is Role.AUDITOR
    party = viewer.person == case.party_person or (bool(case.party_org) and viewer.organisation == case.party_org)
    return {
        "case": case,
        "name": words.masked(case.name) if case.body == rules.Body.PERSON and not (keeps or party) else case.name,
        "ground": rules.GROUNDS[case.ground].name,
        "state": words.STATE_WORDS[state if keeps else INSIDE.get(state, state)],
        "opens": keeps or (party and case.reported_by != viewer.person),
    }


def _terms(told: Terms) -> list[str]:
    """What terms say, in words."""
    found = [f"{words.KIND_WORDS[rules.Kind.POINTS]} {told.points}"] if told.points else []
    if told.kind:
        found.append(gettext("{kind} {months} 个月").format(kind=words.KIND_WORDS[told.kind], months=told.months))
    return found


def _step(row: Step, *, keeps: bool, files: list[Evidence]) -> dict[str, Any]:
    return {
        "row": row,
        "files": files,
        "act": words.ACT_WORDS[Act(row.act)],
        "outcome": words.OUTCOME_WORDS[Outcome(row.outcome)] if row.outcome else "",
        "terms": _terms(Terms.of(row.terms)),
        "who": row.name if keeps or row.act in (Act.STATED, Act.APPEALED, Act.HEARING_SET, Act.HEARD) else "",
    }


def _doors(file: File, *, viewer: Actor, at: datetime) -> list[tuple[str, tuple[Reason, ...], Any, Any]]:
    """The acts that belong to where the case stands: name, reasons against, form, words. Gates of who and when only."""
    ok, by = "经过", viewer
    charge = rules.GROUNDS[file.ground]
    full = Terms(charge.points)
    last = process.first_hearing(at)
    found: list[tuple[str, tuple[Reason, ...], Any, Any]] = []

    def door(name: str, against: tuple[Reason, ...], form: Any, label: Any) -> None:
        found.append((name, tuple(each for each in against if each.kind != "not-valid"), form, label))

    keeps, party = by.role in KEEPERS, not refusals.why_not_be_party(file, by=by)
    match file.state:
        case State.REPORTED if keeps:
            door("take-up", refusals.why_not_take_up(file, by=by), None, _("开始核查"))
        case State.EXAMINING if keeps:
            told = refusals.why_not_notice(file, terms=full, text=ok, by=by)
            door("notice", told, forms.Charge, _("告知当事人"))
            if charge.law is not None:
                door("refer", refusals.why_not_refer(file, text=ok, by=by), forms.Words, _("移送主管部门"))
        case State.NOTICED | State.HEARING if party:
            told = refusals.why_not_state(file, text=ok, by=by, at=at)
            door("state", told, forms.Statement, _("提交陈述、申辩"))
            if not file.hearing_asked and process.may_be_heard(file):
                door("ask-hearing", refusals.why_not_ask_hearing(file, by=by, at=at), None, _("申请听证"))
        case State.NOTICED | State.HEARING if keeps:
            if file.hearing_asked and not file.heard:
                told = refusals.why_not_set_hearing(file, when=last, by=by, at=at)
                door("set-hearing", told, forms.Hearing, _("通知听证"))
                told = refusals.why_not_record_hearing(file, text=ok, by=by, at=at)
                door("record-hearing", told, forms.Statement, _("记录听证"))
            told = refusals.why_not_propose(file, outcome=Outcome.DISMISS, terms=full, text=ok, by=by, at=at)
            door("propose", told, forms.Proposal, _("提出处理意见"))
        case State.PROPOSED if keeps:
            door("second", refusals.why_not_second(file, by=by), forms.Second, _("复核"))
        case State.DECIDED if keeps:
            door("serve", refusals.why_not_serve(file, by=by), None, _("送达当事人"))
        case State.SERVED if party:
            told = refusals.why_not_appeal(file, text=ok, by=by, at=at)
            door("appeal", told, forms.Statement, _("申诉"))
        case State.APPEALED if keeps:
            told = refusals.why_not_rule(file, outcome=Outcome.UPHELD, terms=full, text=ok, by=by)
            door("propose-ruling", told, forms.Ruling, _("提出申诉处理意见"))
        case State.RULING if keeps:
            door("second-ruling", refusals.why_not_second(file, by=by), forms.Second, _("复核申诉处理意见"))
    if keeps and file.state in (State.REPORTED, State.EXAMINING):
        door("dismiss", refusals.why_not_dismiss(file, text=ok, by=by), forms.Words, _("不予处理"))
    if keeps and file.repair is not None:
        told = refusals.why_not_second_repair(file, by=by)
        door("second-repair", told, forms.Second, _("复核修复意见"))
    return found


def _restriction(row: Restriction, file: File, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    binding = rules.in_force(row, at=at)
    about = str(row.public_id)
    told: dict[str, Any] = {**listed(row), "binding": binding, "ended": words.ENDED_WORDS.get(row.ended_because, "")}
    told["stayed"] = row.stayed_at is not None and row.resumed_at is None and row.ended_at is None
    told["repair_from"] = refusals.repair_from(row.ground, starts_at=row.starts_at)
    told["asked"] = about in file.repairs
    if not refusals.why_not_be_party(file, by=viewer) and binding and not told["asked"]:
        told["against"] = refusals.why_not_ask_repair(
            file, about=about, starts_at=row.starts_at, binding=binding, duty_done="已经纠正", promise=True, by=viewer,
            at=at,
        )  # fmt: skip
        told["repair"] = forms.Repair(initial={"restriction": about}, auto_id=f"repair-{row.pk}-%s")
    if viewer.role in KEEPERS and told["asked"] and file.repair is None:
        told["finding"] = forms.RepairFinding(initial={"restriction": about}, auto_id=f"finding-{row.pk}-%s")
        told["against"] = refusals.why_not_keep(file, by=viewer)
    return told


def _proposed(file: File, door: str) -> str:
    """By what a second person names the proposal his page shows."""
    told = file.repair if door == "second-repair" else file.proposal
    return str(told.round) if told else ""


def _has_files(file: File, *, viewer: Actor) -> bool:
    return not refusals.why_not_keep(file, by=viewer) or not refusals.why_not_be_party(file, by=viewer)


def told(
    case: Case, file: File, *, viewer: Actor, at: datetime, wrong: tuple[str, django_forms.Form] | None = None
) -> dict[str, Any]:  # fmt: skip
    """All a case's page shows to this viewer.  wrong: the act whose form could not be read, as it was filled in."""
    keeps = viewer.role in KEEPERS or viewer.role is Role.AUDITOR
    rows = list(case.steps.order_by("seq"))
    state = file.state if keeps else INSIDE.get(file.state, file.state)
    seen = rows if keeps else queries.told_to_party(rows, file)
    files = evidence.of_all(queries.about(case, row.seq) for row in seen) if _has_files(file, viewer=viewer) else {}
    doors = []
    for name, against, shape, label in _doors(file, viewer=viewer, at=at):
        read = {"seen": _proposed(file, name)}
        form = wrong[1] if wrong and wrong[0] == name else shape(auto_id=f"{name}-%s", initial=read) if shape else None
        url = reverse("blacklist:case_act", args=[case.public_id, name])
        doors.append({"name": name, "against": against, "form": form, "label": label, "url": url})
    ground = rules.GROUNDS[case.ground]
    return {
        "case": case,
        "file": file,
        "keeps": keeps,
        "state": words.STATE_WORDS[state],
        "ground": ground,
        "family": words.FAMILY_WORDS[ground.family],
        "source": words.SOURCE_WORDS[process.Source(case.source)],
        "charge": _terms(file.charge),
        "may_be_heard": process.may_be_heard(file),
        "due": process.due(file) if keeps or file.state is State.SERVED else None,
        "late": keeps and (until := process.due(file)) is not None and at >= until,
        "steps": [
            _step(row, keeps=keeps, files=files.get(queries.about(case, row.seq), []))
            for row in (rows if keeps else queries.told_to_party(rows, file))
        ],
        "restrictions": [_restriction(row, file, viewer=viewer, at=at) for row in case.restrictions.order_by("id")],
        "doors": doors,
        "wrong": wrong[1] if wrong else None,
        "decided": file.decided_at is not None and (keeps or file.served_at is not None),
        "form": wrong[1] if wrong else None,
    }


def document(case: Case, file: File) -> dict[str, Any]:
    """The six items of a decision: party, facts and evidence, kind and basis, performance, remedy, organ and day.

    Law: 行政处罚法 第59条.
    """
    rows = list(case.steps.order_by("seq"))
    notice = next(row for row in rows if row.act == Act.NOTICED)
    first = next(row.round for row in rows if row.act == Act.AGREED and row.outcome not in RULINGS)
    signed = [row for row in rows if row.round == first and row.act in (Act.PROPOSED, Act.AGREED)]
    return {
        "notice": notice,
        "proposal": signed[0],
        "signers": [row.name for row in signed],
        "statements": [row for row in rows if row.act in (Act.STATED, Act.HEARD)],
        "outcome": words.OUTCOME_WORDS[Outcome(signed[0].outcome)],
        "terms": _terms(Terms.of(signed[0].terms)),
        "ground": rules.GROUNDS[case.ground],
        "restrictions": [listed(row) for row in case.restrictions.filter(round=first).order_by("id")],
        "decided_at": file.decided_at,
        "served_at": file.served_at,
        "appeal_until": file.appeal_until,
        "decision_no": numbers.number(case, at=file.decided_at) if file.decided_at else "",
        "name": words.masked(case.name) if case.body == rules.Body.PERSON else case.name,
    }
