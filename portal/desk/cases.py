"""What the platform's own cases want of their keepers, and of the party they are about."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from blacklist.cases import process, queries, refusals, rules
from blacklist.cases.models import Case
from blacklist.cases.process import File, State
from blacklist.cases.rules import GROUNDS
from blacklist.cases.words import KIND_WORDS
from portal.desk.duties import Duty
from rulebook.actor import Actor
from rulebook.calendar import day_in_china


def keeper(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Cases to be moved on, by whom it may be: nobody keeps what he reported, nobody seconds himself."""
    for case, file in queries.open_cases(viewer, at=at):
        if refusals.why_not_keep(file, by=viewer):
            continue
        if file.repairs and (file.repair is None or file.repair.by != viewer.person):
            yield _duty(case, _("审核信用修复申请"), _("当事人申请修复"), process.repair_due(file))
        what = _next(file, viewer=viewer, at=at)
        if what:
            waits = file.state is State.NOTICED and file.defence_until is not None and at < file.defence_until
            by = file.defence_until if waits else process.due(file)
            yield _duty(case, what, _("平台案件在办"), by, waits=waits)


def _next(file: File, *, viewer: Actor, at: datetime) -> str:
    match file.state:
        case State.REPORTED:
            return _("核查报告")
        case State.EXAMINING:
            return _("核查后告知、移送或者不予处理") if viewer.person == file.examiner else ""
        case State.NOTICED:
            return _("陈述、申辩期满后提出处理意见")
        case State.HEARING if file.heard:
            return _("听证后提出处理意见")
        case State.HEARING if file.hearing_at is None:
            return _("通知听证") if viewer.person != file.examiner else ""
        case State.HEARING:
            return _("主持并记录听证") if viewer.person == file.chair else ""
        case State.PROPOSED | State.RULING:
            return "" if refusals.why_not_second(file, by=viewer) else _("复核处理意见")
        case State.DECIDED:
            return _("送达处理决定")
        case State.APPEALED:
            return "" if viewer.person in file.signers else _("审理申诉")
    return ""


def party(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What is said against oneself, and until when it may be answered or appealed."""
    for case, file in queries.open_of_party(viewer):
        if file.state in (State.NOTICED, State.HEARING) and file.defence_until and at < file.defence_until:
            yield _duty(case, _("陈述、申辩"), _("平台拟作出处理"), file.defence_until)
        elif file.state is State.HEARING and file.hearing_at and not file.heard:
            yield _duty(case, _("参加听证"), _("已通知听证"), file.hearing_at)
        elif file.state is State.SERVED and file.appeal_until and at < file.appeal_until:
            yield _duty(case, _("不服的可以申诉"), _("处理决定已送达"), file.appeal_until, waits=True)
        elif file.state in (State.APPEALED, State.RULING):
            yield _duty(case, _("等待申诉处理"), _("由未参与原决定的两人处理"), process.due(file), waits=True)
        yield from _repairs(case, file, at=at)


def _repairs(case: Case, file: File, *, at: datetime) -> Iterator[Duty]:
    if file.repairs:
        yield _duty(case, _("等待信用修复审核"), _("已申请修复"), process.repair_due(file), waits=True)
    on = day_in_china(at)
    for row in case.restrictions.all():
        if str(row.public_id) in file.repairs or not rules.in_force(row, at=at):
            continue
        if refusals.repair_from(row.ground, starts_at=row.starts_at) <= on:
            yield _duty(case, _("可以申请信用修复"), KIND_WORDS[rules.Kind(row.kind)], None, waits=True)


def _duty(case: Case, what: str, why: str, by: datetime | None, *, waits: bool = False) -> Duty:
    about = f"{case.name} {GROUNDS[case.ground].name}"
    here = reverse("blacklist:case", args=[case.public_id])
    return Duty(what, about, why, here, _("打开案件"), by, GROUNDS[case.ground].law, waits)
