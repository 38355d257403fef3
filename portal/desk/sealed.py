"""The lines of a desk about sealed quotes that open by themselves: for who quoted, who buys, and who judges for him."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bidding.sealed import queries, rescuing, rules
from bidding.sealed.models import Judge, LowQuote
from bidding.sealed.rules import CHOICE, FEW, PANEL
from bidding.tender.models import Tender
from market.awards import queries as awards
from market.projects.rules import Stage
from market.projects.supermarket import PUBLICITY
from portal.desk.duties import Duty
from portal.places import place
from proofs.merit import FEWEST
from rulebook.actor import Actor
from rulebook.law import Article


def provider(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What one's own quote waits for, step by step, or asks for; before the opening nothing depends on others'."""
    for tender in queries.own_offers(viewer):
        project, asked = tender.project, queries.own_low(tender, viewer=viewer)
        if project.stage == Stage.PROPOSED:
            publicity, here = awards.publicity(project), place(project.number, "award")
            why, ends = _("结果公示期内可以提出异议，期满由系统确定"), publicity.ends_at if publicity else None
            yield Duty(_("查看选取结果"), project.title, why, here, _("查看"), ends, PUBLICITY, waits=True)
        elif project.stage == Stage.OPEN and at < tender.closes_at:
            here = reverse("bidding:offer", args=[project.number])
            why = _("报价已密封递交，截止前可以替换或撤回；谁报了价、有几家，对任何人保密")
            yield Duty(_("等待报价截止"), project.title, why, here, _("查看回执"), tender.closes_at, FEW, waits=True)
        elif (opened := _opened(tender, viewer)) is not None:
            yield opened
        elif asked and rules.is_pending(asked, at=at):
            yield _own_low(tender, asked)
        else:
            yield _result(tender, viewer)


def _own_low(tender: Tender, asked: LowQuote) -> Duty:
    title, here = tender.project.title, reverse("bidding:offers", args=[tender.project.number])
    if asked.answered_at is None:
        why = _("报价明显低于其他报价，逾期未说明的不参与选取；说明随即公布")
        return Duty(_("说明报价"), title, why, here, _("去说明"), asked.due_at, CHOICE)
    why = _("已作出说明；业主逾期未认定的，视为成立")
    return Duty(_("等待认定报价说明"), title, why, here, _("查看"), asked.judge_by, CHOICE, waits=True)


def _result(tender: Tender, viewer: Actor) -> Duty:
    here, held = reverse("bidding:offers", args=[tender.project.number]), queries.fixed(tender)
    counts = viewer.organisation in queries.to_assess(held)
    why = _("报价已开启，按公告的办法选取") if counts else _("本单位的报价不参与选取，原因已公布")
    return Duty(_("等待选取结果"), tender.project.title, why, here, _("查看报价"), law=_article(tender), waits=True)


def buyer(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What one's own purchases wait for from the deadline until somebody is proposed."""
    for tender in queries.of_buyer(viewer):
        if at < tender.closes_at:
            continue  # said by `buying`
        project = tender.project
        if (opened := _opened(tender, viewer)) is not None:
            yield opened
        elif project.procedure.needs_panel:
            yield _panel(tender, at=at)
        elif pending := [each for each in queries.low(tender) if rules.is_pending(each, at=at)]:
            yield from (_low(tender, each) for each in pending)
        else:
            why, here = (
                _("系统按公告的办法选取；需要抽取的，当众抽取"),
                reverse("bidding:offers", args=[project.number]),
            )
            by = _announced(tender, at=at)
            yield Duty(_("等待选取"), project.title, why, here, _("查看报价"), by, CHOICE, waits=True)


def _low(tender: Tender, asked: LowQuote) -> Duty:
    here = reverse("bidding:offers", args=[tender.project.number])
    about = f"{tender.project.title} · {queries.named(tender, asked.organisation)}"
    if asked.answered_at is None:
        why = _("报价明显低于其他报价，逾期未说明的不参与选取")
        return Duty(_("等待机构说明报价"), about, why, here, _("查看"), asked.due_at, CHOICE, waits=True)
    why = _("采纳或者不采纳都要写明理由，随即公布；逾期未认定的，视为成立")
    return Duty(_("认定报价说明"), about, why, here, _("去认定"), asked.judge_by, CHOICE)


def _panel(tender: Tender, *, at: datetime) -> Duty:
    """What a choice by merit waits for: its panel, the panel's words on what ties them, the points."""
    project, here, by = tender.project, _room(tender), _announced(tender, at=at)
    able, silent = queries.judges_told(tender)
    if able + silent < FEWEST:
        why = _("报价和方案已经开启，由不少于 {least} 人的小组评审；没有回避的现有 {n} 人").format(
            least=FEWEST, n=able + silent
        )
        return Duty(_("组织评审小组"), project.title, why, here, _("去组织"), by, PANEL)
    if silent:
        why = _("还有 {n} 人没有声明，都声明以后才能打分").format(n=silent)
        return Duty(_("等待评审小组声明回避"), project.title, why, here, _("查看"), by, PANEL, waits=True)
    why = _("每名成员逐家打分、写明理由，全部打完后由系统排名")
    return Duty(_("等待评审小组打分"), project.title, why, here, _("查看"), by, PANEL, waits=True)


def judge(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What a member of an owner's panel has to do: say what ties him to whom, then points for each with reasons."""
    for seat in queries.seats(viewer):
        yield _seat(seat, at=at)


def _seat(seat: Judge, *, at: datetime) -> Duty:
    tender, title = seat.tender, seat.tender.project.title
    here, held, by = _room(tender), queries.fixed(tender), _announced(tender, at=at)
    if held is None:
        why = _("开启以后才知道有哪些机构；届时先声明回避情况，再逐家打分")
        return Duty(_("等待开启后评审"), title, why, here, _("查看"), by, PANEL, waits=True)
    if seat.declared_at is None:
        why = _("您是业主评审小组成员；有没有需要回避的情形，声明以后才能打分")
        return Duty(_("声明回避情况"), title, why, here, _("去声明"), by, PANEL)
    able, silent = queries.judges_told(tender)
    if silent or able < FEWEST:
        why = _("不少于 {least} 人且都声明回避情况以后，方可打分").format(least=FEWEST)
        return Duty(_("等待其他成员声明"), title, why, here, _("查看"), by, PANEL, waits=True)
    left = len(queries.to_assess(held)) - seat.assessments.count()
    if left:
        why = _("还有 {n} 家没有打分；逐家写明理由，分数和理由随结果公布").format(n=left)
        return Duty(_("逐家打分"), title, why, here, _("去打分"), by, PANEL)
    why = _("您已打完；全部成员打完后由系统排名")
    return Duty(_("等待其他成员打分"), title, why, here, _("查看"), by, PANEL, waits=True)


def _opened(tender: Tender, viewer: Actor) -> Duty | None:
    """The wait for the envelopes between the deadline and the fixed quotes; the same for everybody but who may rescue
    his own."""
    if queries.fixed(tender) is not None:
        return None
    opening = queries.opening(tender)
    here = reverse("bidding:offers", args=[tender.project.number])
    if (rescue := rescuing.of(tender, viewer=viewer)) is not None:
        if rescue.asks_viewer:
            why = _("密钥保管单位没有放足钥匙；用本单位的密钥文件自行解开，逾期未解开的不参与选取")
            return Duty(_("自行解开报价"), tender.project.title, why, here, _("去解开"), rescue.until, CHOICE)
        why = _("密钥保管单位没有放足钥匙，报价的机构可以自行解开；全部解开或者到期，一起公布")
        return Duty(_("等待自行解开"), tender.project.title, why, here, _("查看"), rescue.until, CHOICE, waits=True)
    why = _("已截止；封存清单经见证后，由持钥单位自动开启，不用谁来点")
    by = opening.turn_ends if opening else None
    return Duty(_("等待报价开启"), tender.project.title, why, here, _("查看"), by, FEW, waits=True)


def _article(tender: Tender) -> Article:
    return PANEL if tender.project.procedure.needs_panel else CHOICE


def _announced(tender: Tender, *, at: datetime) -> datetime | None:
    """The time of the choice as it was announced; None once it has passed: no rule sets another."""
    selects_at: datetime = tender.project.purchase.selects_at
    return selects_at if at < selects_at else None


def _room(tender: Tender) -> str:
    return reverse("bidding:owner_panel", args=[tender.project.number])
