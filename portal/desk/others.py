"""The desks of experts, of the supervision, of the trading centre's witness, of key holders, of operators."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import pinned_keys, troubles
from accounts.reaching.queries import health
from accounts.regions.queries import lies_in
from bidding.holding import queries as roster
from bidding.holding.rules import SEVERAL_HOLDERS
from bidding.opening.models import Acknowledgement, Opening
from bidding.sealed.queries import ALONE
from bidding.tender.models import CommitteeMember, KeyCommittee
from bidding.tender.rules import CommitteeState
from experts.panels import queries as panels
from experts.panels.rules import SeatState
from experts.registry import queries as register
from experts.registry.models import Expert
from experts.registry.rules import POOL_ENTRY, POOL_REVIEW, UNDER_WAY, ApplicationState, Standing
from intermediaries.registry import queries as providers
from intermediaries.registry.corrections import CORRECTED
from intermediaries.registry.rules import RELEASED
from market.projects.models import Project
from market.projects.rules import Stage
from portal.desk import buying, contracts, sealed, watching
from portal.desk.duties import Duty
from portal.places import place
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Refused

CALLED = Article("政府采购评审专家管理办法", "第14条")
ENTRY = own(27)


def expert(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Invitations to answer, panels to sit on, one's own standing. An invitation does not say for what."""
    yield from _in_register(viewer, at=at)
    yield from sealed.judge(viewer, at=at)
    try:
        seats = panels.invitations(viewer)
    except Refused as silent:  # the notifier is away: the rest of the desk is there all the same
        yield Duty(
            _("查看评审邀请"),
            _("评审邀请"),
            silent.reasons[0].sentence(),
            reverse("experts:invitations"),
            _("再试"),
            waits=True,
        )
        return
    for seat in seats:
        if seat.state == SeatState.INVITED:
            here = reverse("experts:invitation", args=[seat.public_id])
            yield Duty(
                _("答复评审邀请"), _("评审邀请"), _("逾时未答复视为不参加"), here, _("去答复"), seat.answer_by, CALLED
            )
        elif seat.state == SeatState.ACCEPTED:
            yield Duty(
                _("等待入席"),
                _("评审邀请"),
                _("已答应参加，评委到齐后开始"),
                reverse("experts:invitations"),
                _("查看"),
                law=CALLED,
                waits=True,
            )
        elif seat.state == SeatState.SEATED:
            yield from _seated(seat.panel.project_number)


def _in_register(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What the register of experts waits for."""
    mine = Expert.objects.filter(user__public_id=viewer.person).first()
    if mine is None:
        row = register.own_application(viewer)
        waits = row is not None and ApplicationState(row.state) in UNDER_WAY
        about = _("您还不在专家库中")
        yield Duty(
            _("申请入库"),
            about,
            _("本人申请，两名管理人员审核"),
            reverse("experts:apply"),
            _("去办理"),
            law=POOL_ENTRY,
            waits=waits,
        )
    elif mine.review_due_on is not None and mine.review_due_on < day_in_china(at) and mine.state != Standing.LEFT:
        yield Duty(
            _("年度复核已逾期"), mine.number, _("复核前不参加抽取"), reverse("experts:me"), _("查看"), law=POOL_REVIEW
        )


def _applications(viewer: Actor) -> Iterator[Duty]:
    for row in register.waiting_applications(viewer):
        here = reverse("experts:application", args=[row.public_id])
        yield Duty(
            _("审核专家入库申请"), row.employer_name, _("初审和复核由两人办理"), here, _("去审核"), law=POOL_REVIEW
        )


def _imports(viewer: Actor) -> Iterator[Duty]:
    for row in register.waiting_imports(viewer):
        here = reverse("experts:staged", args=[row.public_id])
        told = _("{n}名专家").format(n=row.rows)
        yield Duty(_("复核专家导入"), told, _("提交和复核由两人办理"), here, _("去复核"), law=POOL_REVIEW)


def _providers(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Objections to providers' data that nobody has found on, and imports that wait for this keeper."""
    here = reverse("intermediaries:register")
    for row in providers.open_objections(viewer)[:20]:
        yield Duty(_("核查机构信息异议"), row.provider.organisation.name, _("结论将公布"), here, _("去核查"), law=ENTRY)
    for row in providers.corrections(viewer, due_by=day_in_china(at) - timedelta(days=1))[:20]:
        yield Duty(_("复查改正情况"), row.check_row.provider.organisation.name, _("改正期满，结论将公布"), here,
                   _("去复查"), law=CORRECTED)  # fmt: skip
    for claim in providers.disputed(viewer)[:20]:
        why = _("原机构有异议，由平台核查后决定")
        yield Duty(_("决定离职声明"), claim.person.name, why, here, _("去决定"), law=RELEASED)
    for staged in providers.staged(viewer).exclude(staged_by=viewer.person):
        yield Duty(_("核对名录导入"), staged.name, _("须由另一人核对后确认"), here, _("去核对"), law=ENTRY)


def _seated(number: str) -> Iterator[Duty]:
    project = Project.objects.filter(number=number, stage=Stage.DECIDING.value).first()
    if project is not None:
        yield Duty(
            _("评审"),
            project.title,
            _("您是本项目{terms.panel}成员，评审情况保密").format(terms=project.terms),
            place(number, "evaluation"),
            _("进入评审"),
            law=project.procedure.criteria,
        )


def supervisor(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Openings to watch, panels whose pool waits for the supervision's word, applications of experts."""
    yield from _applications(viewer)
    yield from _imports(viewer)
    yield from _providers(viewer, at=at)
    yield from contracts.supervision(viewer, at=at)
    yield from buying.alerts(viewer)
    yield from watching.alerts(viewer)
    yield from watching.tips(viewer, at=at)
    for opening in _halls(viewer):
        project = opening.tender.project
        what = (
            _("{terms.opening}已暂停").format(terms=project.terms)
            if opening.paused_at
            else _("监督{terms.opening}").format(terms=project.terms)
        )
        yield Duty(
            what,
            project.title,
            _("{terms.opening}正在进行").format(terms=project.terms),
            place(project.number, "hall"),
            _("进入{terms.opening}大厅").format(terms=project.terms),
            opening.turn_ends,
            project.procedure.formalities.opened,
        )
    closed = Project.objects.filter(stage=Stage.OPEN.value, tender__closes_at__lte=at).select_related("tender")
    closed = closed.filter(lies_in("buyer_id", viewer.region)).exclude(
        tender__policy=ALONE
    )  # opens by itself, without a hall
    for project in closed.order_by("tender__closes_at"):
        yield Duty(
            _("查看{terms.closing}情况").format(terms=project.terms),
            project.title,
            _("{terms.bid}已截止，等待{terms.opening}").format(terms=project.terms),
            place(project.number, "hall"),
            _("进入{terms.opening}大厅").format(terms=project.terms),
            project.tender.closes_at,
            project.procedure.formalities.opened,
        )


def witness(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Openings to watch and opening records to countersign."""
    for opening in _halls(viewer):
        project = opening.tender.project
        signed = Acknowledgement.objects.filter(opening=opening, organisation=viewer.organisation).exists()
        ready = opening.read_out_at is not None and not signed
        yield Duty(
            _("见证签字") if ready else _("见证{terms.opening}").format(terms=project.terms),
            project.title,
            _("{terms.read_out}已完成，请核对{terms.opening}记录并签字").format(terms=project.terms)
            if ready
            else _("{terms.opening}正在进行").format(terms=project.terms),
            place(project.number, "hall"),
            _("进入{terms.opening}大厅").format(terms=project.terms),
            opening.turn_ends,
            project.procedure.formalities.recorded,
            waits=not ready,
        )


def holder(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Slot keys to make, halls that wait for this holder's keys. The key itself never comes near this page."""
    if not pinned_keys(viewer.organisation):
        yield Duty(
            _("登记单位身份公钥"),
            _("本单位"),
            _("持钥须先登记公钥"),
            reverse("accounts:keys"),
            _("去登记"),
            law=SEVERAL_HOLDERS,
        )
    if not roster.is_standing(viewer.organisation):
        yield Duty(
            _("加入常设名册"),
            _("本单位"),
            _("指定经手人和替补后加入，才会被项目选用"),
            reverse("bidding:roster"),
            _("去办理"),
            law=SEVERAL_HOLDERS,
        )
    wanted = KeyCommittee.objects.filter(state=CommitteeState.WANTED.value).select_related("tender__project")
    for committee in wanted.order_by("tender__project__publish_at", "part"):
        if any(each["org"] == viewer.organisation for each in committee.roster):
            yield Duty(
                _("提交{terms.opening}公钥").format(terms=committee.tender.project.terms),
                committee.tender.project.number,
                _("由持钥程序在本单位电脑上生成并提交"),
                reverse("portal:release_desk"),
                _("去办理"),
                committee.tender.project.publish_at,
                committee.tender.project.procedure.formalities.decrypted,
            )
    held = CommitteeMember.objects.filter(organisation=viewer.organisation, committee__tender__openings__isnull=False)
    for opening in _running().filter(tender__committees__members__in=held).distinct():
        project = opening.tender.project
        if opening.bidders_done_at is not None and opening.read_out_at is None:
            yield Duty(
                _("释放{terms.opening}密钥").format(terms=project.terms),
                project.title,
                _("{terms.bidder}解密已结束，由持钥程序核对后释放").format(terms=project.terms),
                reverse("portal:release_desk"),
                _("去释放"),
                opening.turn_ends,
                project.procedure.formalities.decrypted,
            )


def operator(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What the house should have done by itself and could not, applications of experts."""
    yield from _applications(viewer)
    yield from _imports(viewer)
    yield from _providers(viewer, at=at)
    if viewer.region:
        return  # what the house as a whole could not do is for those who reach all of it
    for each in health(at=at):
        if each.failing or each.late:
            why = each.failing.fault if each.failing else _("有提醒等了半小时以上")
            since = each.failing.failing_since if each.failing else None
            yield Duty(_("处理提醒通道故障"), each.words, why, reverse("accounts:gateways"), _("查看"), since)
    for trouble in troubles(at=at):
        yield Duty(
            _("处理定时动作故障"),
            trouble.what or trouble.tick,
            _("{tick} 出错 {times} 次：{fault}，详见运行日志").format(
                tick=trouble.tick, times=trouble.times, fault=trouble.fault
            ),
            reverse("accounts:inbox"),
            _("查看站内信"),
            trouble.first_at,
        )


def _halls(viewer: Actor):
    """Openings in a hall where the viewer's office reaches; those that go by themselves have none."""
    return _running().filter(lies_in("tender__project__buyer_id", viewer.region)).exclude(tender__policy=ALONE)


def _running():
    found = Opening.objects.filter(ended_at__isnull=True, tender__project__stage=Stage.DECIDING.value)
    return found.select_related("tender__project").order_by("turn_ends")
