"""The desk of a buyer's officer."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from bidding.changes import queries as changes
from bidding.changes.models import Change
from bidding.evaluation import queries as evaluations
from bidding.evaluation.rules import Step
from bidding.guarantees import queries as guarantees
from market.awards import queries as awards
from market.awards.models import Proposal
from market.contracts import queries as made
from market.projects import queries as projects
from market.projects.again import law_of
from market.projects.models import Project
from market.projects.rules import ENDS, T2_CONTRACT, T13_DETERMINATION, TWO_PERSONS, Stage
from market.projects.sides import Work
from market.projects.supermarket import ACCEPTANCE, PUBLICITY
from portal.desk import auctions, buying, contracts, entrusted, keeping, sealed
from portal.desk.duties import Duty
from portal.places import place
from rulebook.actor import Actor
from rulebook.law import Article

QUALIFIED = Article("87号令", "第44条")
STEPS = {
    Step.PANEL: ("组建{terms.panel}", "抽取、通知并确认评委", "panel"),
    Step.REVIEW: ("等待符合性审查", "{terms.panel}正在审查", "evaluation"),
    Step.SCORES: ("等待评分", "{terms.panel}正在评分", "evaluation"),
    Step.DISPUTE: ("等待评审复核", "评委对客观分认定不一致", "evaluation"),
    Step.PRICE: ("开启报价文件", "评审通过名单已公布", "hall"),
    Step.SIGNING: ("等待评审报告", "评委正在签署评审报告", "evaluation"),
}


def duties(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What the officer's own house has to do, project by project."""
    for project, due, law in guarantees.outstanding(viewer):
        why = _("保证金应在法定期限内退还，逾期将标明")
        here = place(project.number, "guarantees")
        yield Duty(
            _("退还{terms.guarantee}").format(terms=project.terms), project.title, why, here, _("去退还"), due, law
        )
    for tender in guarantees.sealed(viewer):
        project, due = tender.project, guarantees.back_by(tender.project)
        why = _("没有{terms.opening}就已结束，按收款账户的记录退还并登记").format(terms=project.terms)
        what, here = _("退还{terms.guarantee}").format(terms=project.terms), place(project.number, "guarantees")
        yield Duty(what, project.title, why, here, _("去退还"), due, project.procedure.refund.law)
    for project in projects.to_buy_again(viewer):
        why = _("分析失败原因、采取措施后重新采购；改用其他方式的须经批准")
        law = law_of(project.procedure, project.category)
        yield Duty(_("重新采购"), project.title, why, place(project.number), _("去办理"), law=law)
    yield from buying.duties(viewer, at=at)
    yield from keeping.duties(viewer, at=at)
    yield from auctions.duties(viewer, at=at)
    yield from sealed.buyer(viewer, at=at)
    yield from sealed.judge(viewer, at=at)
    yield from contracts.duties(viewer, at=at)
    yield from entrusted.letters(viewer)
    over = {Stage.CONTRACTED.value, Stage.COMPLETED.value, Stage.TERMINATED.value, *(stage.value for stage in ENDS)}
    running = projects.of_buyer(viewer).exclude(stage__in=over)
    running = list(running.select_related("tender").prefetch_related("tender__openings"))
    pending, asked = changes.waiting([each.tender for each in running if each.stage == Stage.OPEN and _tendered(each)])
    for project in running:
        bought = project.procedure.selection is not None
        match Stage(project.stage):
            case Stage.DRAFT | Stage.OPEN | Stage.DECIDING if bought:
                pass  # said by `buying`
            case Stage.PROPOSED if bought:
                held = awards.proposal(project)
                yield from (entrusted.whose(project, work, duty, viewer) for work, duty in _publicity(project, held))
                yield entrusted.whose(project, Work.DETERMINE, _publicised(project, held), viewer)
            case Stage.DRAFT if project.unconfirmed and project.approved_at:
                yield entrusted.whose(project, Work.CONFIRM, entrusted.documents(project), viewer)
            case Stage.DRAFT:
                yield entrusted.whose(project, Work.PREPARE, _draft(project, viewer), viewer)
            case Stage.OPEN:
                yield entrusted.whose(project, Work.HOST, _open(project, at), viewer)
                change, questions = pending.get(project.tender.pk), project.tender.pk in asked
                for duty in _changes(project, viewer, change, questions=questions):
                    yield entrusted.whose(project, Work.PREPARE, duty, viewer)
            case Stage.DECIDING:
                yield _deciding(project, viewer)
            case Stage.PROPOSED:
                yield from (entrusted.whose(project, work, duty, viewer) for work, duty in _proposed(project, at=at))
            case Stage.AWARDED if awards.why_not_contract_yet(project):
                award = awards.standing(project)
                by, here = awards.accept_due(project, award, at=at) if award else None, place(project.number, "award")
                why = _("逾期未确认视为放弃，由下一名递补")
                duty = Duty(_("等待中选机构确认"), project.title, why, here, _("查看"), by, ACCEPTANCE, waits=True)
                yield entrusted.whose(project, Work.CONTRACT, duty, viewer)
            case Stage.AWARDED:
                yield entrusted.whose(project, Work.CONTRACT, _contract(project, at=at), viewer)


def _contract(project: Project, *, at: datetime) -> Duty:
    """A winner is determined: the contract is put before it, and it answers."""
    award, sent, here = awards.standing(project), made.waiting(project), place(project.number, "award")
    by = made.due(project, award, at=at) if award else None
    if sent is not None:
        why = _("对方确认后合同才成立并公告")
        return Duty(_("等待对方确认合同"), project.title, why, here, _("查看"), by, T2_CONTRACT, waits=True)
    why = _("{terms.award}通知发出后应按期签订合同").format(terms=project.terms)
    return Duty(_("提交合同给对方确认"), project.title, why, here, _("去提交"), by, T2_CONTRACT)


def _proposed(project: Project, *, at: datetime) -> Iterator[tuple[Work, Duty]]:
    """The report is there: it is taken where an agent had it made, candidates are published, a winner determined."""
    held, why = awards.proposal(project), _("已收到评审报告，应在法定期限内按顺序确定")
    if held is not None and awards.unconfirmed(project, held):
        yield Work.CONFIRM, entrusted.report(project, held, at=at)
        return
    yield from _publicity(project, held)
    yield (
        Work.DETERMINE,
        Duty(
            _("确定{terms.winner}").format(terms=project.terms), project.title, why, place(project.number, "award"),
            _("去定标"), held.due_at if held else None, T13_DETERMINATION,
        ),
    )  # fmt: skip


def _publicised(project: Project, held: Proposal | None) -> Duty:
    """A result of the supermarket is published and determined by the system itself."""
    publicity, here = awards.publicity(project, of=held), place(project.number, "award")
    ends = publicity.ends_at if publicity else None
    why = _("公示期满、没有未答复的异议，由系统发出中选通知书")
    return Duty(_("等待结果公示期满"), project.title, why, here, _("查看"), ends, PUBLICITY, waits=True)


def _draft(project: Project, viewer: Actor) -> Duty:
    here, edit = place(project.number), place(project.number, "edit")
    if project.submitted_at is None:
        why = project.returned_comment or _("计划公布前须编制完成并经另一人审批")
        return Duty(_("编制采购文件"), project.title, why, edit, _("继续编制"), project.publish_at, TWO_PERSONS)
    if project.approved_at is None:
        own = project.drafted_by == viewer.person
        why = _("编制人不能审批自己的文件") if own else _("已送审，公布前须由另一人审批")
        return Duty(
            _("等待审批") if own else _("审批采购文件"),
            project.title,
            why,
            here,
            _("查看") if own else _("去审批"),
            project.publish_at,
            TWO_PERSONS,
            waits=own,
        )
    if project.scheduled_at is None:
        return Duty(
            _("排定公布时间"),
            project.title,
            _("已经审批，可以排定公布"),
            here,
            _("去排定"),
            project.publish_at,
            project.procedure.preparation.law,
        )
    why = _("到时自动公布，此前可以撤销排定")
    starts = project.procedure.preparation.law
    return Duty(_("等待公布"), project.title, why, here, _("查看"), project.publish_at, starts, waits=True)


def _open(project: Project, at: datetime) -> Duty:
    tender = project.tender
    if at < tender.closes_at:
        why = _("{terms.deadline}前，{terms.bidder}和家数对任何人保密").format(terms=project.terms)
        return Duty(
            _("等待{terms.deadline}").format(terms=project.terms),
            project.title,
            why,
            place(project.number),
            _("查看公告"),
            tender.closes_at,
            project.procedure.preparation.law,
            waits=True,
        )
    why = _("{terms.bid}已截止，封存清单经见证后即可{terms.opening}").format(terms=project.terms)
    return Duty(
        _("主持{terms.opening}").format(terms=project.terms),
        project.title,
        why,
        place(project.number, "hall"),
        _("进入{terms.opening}大厅").format(terms=project.terms),
        tender.closes_at,
        project.procedure.formalities.opened,
    )


def _changes(project: Project, viewer: Actor, waits: Change | None, *, questions: bool) -> Iterator[Duty]:
    """Questions to be answered, and a correction or clarification that waits for its second person."""
    tender = project.tender
    if waits is not None:
        own = waits.proposed_by == viewer.person
        why = _("拟稿人不能审批自己的文件") if own else _("审批后立即公告，并通知已获取文件的供应商")
        what = _("等待审批更正或者澄清") if own else _("审批更正或者澄清")
        here = place(project.number, "changes")
        yield Duty(what, project.title, why, here, _("查看"), tender.closes_at, TWO_PERSONS, waits=own)
    elif questions and project.is_officer(viewer):
        why = _("答复向所有人公开，不显示提问单位")
        law = project.procedure.correction.law
        here = place(project.number, "correct")
        yield Duty(_("答复提问"), project.title, why, here, _("去答复"), tender.closes_at, law)


def _publicity(project: Project, held: Proposal | None) -> Iterator[tuple[Work, Duty]]:
    """Candidates to be published and objections to be answered, before anybody is determined."""
    publicity = awards.publicity(project, of=held)
    starts, here = project.procedure.publicity_starts, place(project.number, "award")
    if publicity is None or held is None:
        return
    if publicity.ends_at is None and starts is not None:
        why = _("收到{terms.evaluation}报告后应在期限内公示").format(terms=project.terms)
        due = starts.due(held.received_at)
        what = _("公示{terms.candidate}").format(terms=project.terms)
        yield Work.DETERMINE, Duty(what, project.title, why, here, _("去公示"), due, starts.law)
    for due in awards.objections_due(project):
        duty = Duty(_("答复异议"), project.title, _("答复前暂停定标"), here, _("去答复"), due, publicity.law)
        yield Work.ANSWER, duty


def _deciding(project: Project, viewer: Actor) -> Duty:
    openings = project.tender.openings.all() if _tendered(project) else ()
    opening = max(openings, key=lambda each: each.session, default=None)
    if opening is not None and opening.ended_at is None:
        duty = Duty(
            _("继续主持{terms.opening}").format(terms=project.terms),
            project.title,
            _("{terms.opening}尚未结束").format(terms=project.terms),
            place(project.number, "hall"),
            _("进入{terms.opening}大厅").format(terms=project.terms),
            opening.turn_ends,
            project.procedure.formalities.opened,
        )
        return entrusted.whose(project, Work.HOST, duty, viewer)
    return entrusted.whose(project, Work.EVALUATE, _evaluating(project), viewer)


def _tendered(project: Project) -> bool:
    return hasattr(project, "tender")


def _evaluating(project: Project) -> Duty:
    evaluation = evaluations.of(project)
    if evaluation is None and project.procedure.panel_qualifies:
        what, why, room = STEPS[Step.PANEL]
        return Duty(
            _(what).format(terms=project.terms),
            project.title,
            _(why).format(terms=project.terms),
            place(project.number, room),
            _("去办理"),
            law=project.procedure.by_lot,
        )
    if evaluation is None:
        return Duty(
            _("资格审查"),
            project.title,
            _("{terms.opening}结束后由{terms.buyer}审查{terms.bidder}资格").format(terms=project.terms),
            place(project.number, "evaluation"),
            _("去审查"),
            law=QUALIFIED,
        )
    what, why, room = STEPS.get(Step(evaluation.step), ("办理评审结果", "评审已经结束", "evaluation"))
    waits = Step(evaluation.step) in {Step.REVIEW, Step.SCORES, Step.DISPUTE, Step.SIGNING}
    return Duty(
        _(what).format(terms=project.terms),
        project.title,
        _(why).format(terms=project.terms),
        place(project.number, room),
        _("查看") if waits else _("去办理"),
        law=project.procedure.by_lot if Step(evaluation.step) is Step.PANEL else project.procedure.criteria,
        waits=waits,
    )
