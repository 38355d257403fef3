"""The desk of a provider. It shows his own bids to himself and nothing about anybody else's."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import pinned_keys
from bidding.guarantees import queries as guarantees
from bidding.opening.models import Acknowledgement, Opening, OpeningUnit, Release
from bidding.sealed.queries import ALONE
from bidding.submission import queries as submissions
from bidding.tender.models import Taking
from intermediaries.registry import queries as providers
from intermediaries.registry.corrections import CORRECTED
from intermediaries.registry.rules import RELEASED, REMIND_BEFORE, State
from market.awards import queries as awards
from market.awards.models import Award
from market.awards.rules import ACCEPTANCE
from market.contracts import queries as made
from market.projects.rules import Stage
from market.projects.supermarket import ENROLMENT, PUBLICITY
from market.selection import queries as choices
from market.selection.models import Enrolment
from market.selection.rules import CHOICE
from portal.desk import auctions, contracts, sealed
from portal.desk.duties import Duty
from portal.places import place
from rulebook.actor import Actor
from rulebook.calendar import CHINA, day_in_china
from rulebook.house import own
from rulebook.law import Article

ENTRY = own(27)
SIGNED = Article("电子签名法", "第13条")


def duties(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What this provider has to do."""
    if not pinned_keys(viewer.organisation):
        yield Duty(
            _("登记单位身份公钥"),
            _("本单位"),
            _("递交文件、解密和签字都要用单位密钥"),
            reverse("accounts:keys"),
            _("去登记"),
            law=SIGNED,
        )
    yield from _in_register(viewer, at=at)
    yield from contracts.duties(viewer, at=at)
    yield from auctions.duties(viewer, at=at)
    yield from sealed.provider(viewer, at=at)
    for tender in guarantees.sealed(viewer):
        project, due = tender.project, guarantees.back_by(tender.project)
        why = _("没有{terms.opening}就已结束；到期没有收到的，与采购人联系，也可以投诉").format(terms=project.terms)
        what, here = _("等待退还{terms.guarantee}").format(terms=project.terms), place(project.number, "guarantees")
        yield Duty(what, project.title, why, here, _("查看"), due, project.procedure.refund.law, waits=True)
    for enrolment in choices.own_under_way(viewer):
        yield from _enrolled(enrolment, at=at)
    taken = Taking.objects.filter(
        organisation=viewer.organisation, tender__project__stage=Stage.OPEN.value, tender__closes_at__gt=at
    )
    for taking in taken.select_related("tender__project"):
        yield _bid(taking, viewer)
    units = OpeningUnit.objects.filter(bid__organisation=viewer.organisation, opening__ended_at__isnull=True)
    units = units.exclude(opening__tender__policy=ALONE)  # no hall: said by `sealed`
    for opening in Opening.objects.filter(units__in=units).select_related("tender__project").distinct():
        yield from _hall(opening, viewer)
    won = Award.objects.filter(organisation=viewer.organisation, declined_at=None, project__stage=Stage.AWARDED.value)
    for award in won.select_related("project"):
        if awards.by_house(award.project) and award.accepted_at is None:
            yield Duty(
                _("确认{terms.award}").format(terms=award.project.terms),
                award.project.title,
                _("逾期未确认视为放弃，由下一名递补"),
                place(award.project.number, "award"),
                _("去确认"),
                awards.accept_due(award.project, award, at=at),
                ACCEPTANCE,
            )
            continue
        by = made.due(award.project, award, at=at)
        if made.waiting(award.project) is not None:
            why, here = _("确认后合同成立并公告；有意见的写明后退回"), place(award.project.number, "award")
            yield Duty(
                _("确认合同"), award.project.title, why, here, _("去确认"), by, award.project.procedure.contract.law
            )
            continue
        yield Duty(
            _("与{terms.buyer}签订合同").format(terms=award.project.terms),
            award.project.title,
            _("贵单位{terms.award}").format(terms=award.project.terms),
            place(award.project.number, "award"),
            _("查看"),
            by,
            award.project.procedure.contract.law,
        )


def _in_register(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What the register of providers waits for: a promise to be signed, certificates that end."""
    row = providers.own(viewer)
    if row is not None and row.state == State.LISTED:
        why = _("贵单位已在名录中，签署承诺书后才能参加选取")
        yield Duty(_("签署承诺书"), _("中介服务"), why, reverse("intermediaries:enter"), _("去签署"), law=ENTRY)
    for each in providers.own_corrections(row) if row is not None else []:
        if not each.said:
            ends = datetime.combine(each.due_on + timedelta(days=1), time.min, tzinfo=CHINA)
            why = _("改正后请说明；期满由平台复查，结论公布")
            here = reverse("intermediaries:me")
            yield Duty(_("限期改正"), each.check_row.subject, why, here, _("去说明"), ends, CORRECTED)
    for claim in providers.claims_against(row) if row is not None else []:
        if not claim.objection:
            ends = datetime.combine(claim.due_on + timedelta(days=1), time.min, tzinfo=CHINA)
            why = _("期满不提出异议的，次日解除登记")
            here = reverse("intermediaries:me")
            yield Duty(_("答复离职声明"), claim.person.name, why, here, _("去答复"), ends, RELEASED)
    for what, day in providers.own_ending(viewer, on=day_in_china(at), within=REMIND_BEFORE):
        ends = datetime.combine(day + timedelta(days=1), time.min, tzinfo=CHINA)
        why = _("到期次日起不再计入资格")
        yield Duty(_("延续资质、证书"), what, why, reverse("intermediaries:me"), _("去更新"), ends, CHOICE)


def _enrolled(enrolment: Enrolment, *, at: datetime) -> Iterator[Duty]:
    """What an enrolment waits for, step by step; nothing depends on anybody else's."""
    project = enrolment.project
    purchase, choice = project.purchase, reverse("market:choice", args=[project.number])
    if project.stage == Stage.PROPOSED:
        why = _("结果公示期内可以提出异议，期满由系统确定")
        yield Duty(
            _("查看选取结果"), project.title, why, place(project.number, "award"), _("查看"), law=PUBLICITY, waits=True
        )
    elif at < purchase.closes_at:
        here, why = reverse("market:enrol", args=[project.number]), _("已报名，截止前可以撤回；谁报了名只有本单位知道")
        yield Duty(
            _("等待报名截止"), project.title, why, here, _("查看回执"), purchase.closes_at, ENROLMENT, waits=True
        )
    elif not purchase.auction:  # an auction has its own line
        why = _("选取当日再核一次资格，过程人人可以核验")
        yield Duty(_("等待选取"), project.title, why, choice, _("查看"), purchase.selects_at, CHOICE, waits=True)


def _bid(taking: Taking, viewer: Actor) -> Duty:
    project, closes_at = taking.tender.project, taking.tender.closes_at
    bids, _gone = submissions.own_rows(taking.tender, viewer=viewer)
    room = place(project.number, "bid")
    if bids:
        why = _("已有回执；截止前可以替换或撤回")
        return Duty(
            _("等待{terms.deadline}").format(terms=project.terms),
            project.title,
            why,
            room,
            _("查看我的{terms.bid}").format(terms=project.terms),
            closes_at,
            project.procedure.formalities.changed,
            waits=True,
        )
    return Duty(
        _("递交{terms.file}").format(terms=project.terms),
        project.title,
        _("截止时刻送达为准，晚到一律拒收"),
        room,
        _("编制并递交"),
        closes_at,
        project.procedure.formalities.late,
    )


def _hall(opening: Opening, viewer: Actor) -> Iterator[Duty]:
    project = opening.tender.project
    hall = place(project.number, "hall")
    own = OpeningUnit.objects.filter(opening=opening, bid__organisation=viewer.organisation)
    released = Release.objects.filter(unit__in=own, role=Release.Role.BIDDER, good=True).count()
    if opening.bidders_done_at is None and released < own.count():
        yield Duty(
            _("到场并解密"),
            project.title,
            _("逾时未解密的，视为撤销{terms.bid}").format(terms=project.terms),
            hall,
            _("进入{terms.opening}大厅").format(terms=project.terms),
            opening.turn_ends,
            project.procedure.formalities.decrypted,
        )
    signed = Acknowledgement.objects.filter(opening=opening, organisation=viewer.organisation).exists()
    if opening.read_out_at is not None and not signed:
        yield Duty(
            _("确认{terms.opening}记录").format(terms=project.terms),
            project.title,
            _("报价已{terms.read_out}，请核对后签字或提出异议").format(terms=project.terms),
            hall,
            _("进入{terms.opening}大厅").format(terms=project.terms),
            law=project.procedure.formalities.recorded,
        )
