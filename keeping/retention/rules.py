"""How long what is kept, and why something may not be deleted yet. Pure.

One table for everybody to read: what the law has kept, what the house forgets by itself, and what nobody can delete.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

YEARS = 15  # from the end of the procurement
LAW = Article("政府采购法", "第42条")
COOL_OFF = timedelta(days=1)  # between the second person's word and the deletion: long enough for a running backup
SHORTEST = 6  # characters of a reason
WATCHERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Term:
    """How long one kind of thing is kept.  term, since, how: in words.  tick: what forgets it, where a tick does.

    sure: the article was looked up; otherwise the page says that it is to be verified.
    """

    what: str
    term: str
    since: str
    how: str
    law: Article | None = None
    tick: str = ""
    sure: bool = False


TERMS: tuple[Term, ...] = (
    Term("政府采购项目的采购文件：公告、采购文件、投标（响应）文件、评审、合同、质疑投诉处理", "至少 15 年", "采购结束",
         "由采购人经办人提出、监督或审计人员确认后删除内容，摘要与删除记录留存", LAW, sure=True),
    Term("工程建设项目招标投标的资料", "至少 15 年（本站从严，与政府采购一致）", "采购结束", "同上",
         Article("招标投标电子文件归档规范", "第1条", "DA/T 103-2024")),
    Term("中介服务超市选取项目的资料", "至少 15 年", "采购结束", "同上", LAW),
    Term("从未开启的投标文件（流标等）", "密封保存，至少 15 年", "采购结束", "任何人不得开启；到期按同一程序删除密文",
         LAW),
    Term("透明日志、台账、签名与检查点", "永久", "记入时", "数据库拒绝修改和删除；不含个人信息原文"),
    Term("已公布的公告、公开附件和公开归档包", "永久", "公布时", "不删除"),
    Term("登录会话", "12 小时", "登录", "到期自动删除", tick="accounts.sessions.tasks.forget"),
    Term("用过的浏览器（新设备提醒用）", "400 天", "最后一次使用", "到期自动删除",
         tick="accounts.sessions.tasks.forget"),
    Term("登录失败次数、验证码发送次数、未确认的注册", "不再计数即删", "发生时", "自动删除",
         Article("个人信息保护法", "第19条"), tick="accounts.tasks.forget_attempts"),
    Term("未确认的手机号和邮箱", "确认期限届满", "填写时", "自动删除", Article("个人信息保护法", "第19条"),
         tick="accounts.reaching.tasks.forget_unconfirmed"),
    Term("未完成的上传", "7 天不再续传，或投标截止", "最后一段", "自动删除",
         tick="bidding.submission.tasks.forget_uploads"),
    Term("递交时留下的网络痕迹", "与投标文件一同密封、一同删除", "采购结束", "随投标文件",
         Article("个人信息保护法", "第19条")),
    Term("专家个人信息", "在册期间及其评审项目保存期内", "离册", "加密保存，销毁密钥即不可读",
         Article("个人信息保护法", "第19条")),
    Term("密封线索", "只存密文和日期", "收到时", "只有收到线索的两个单位能读", Article("明标平台规则", "第88条")),
)  # fmt: skip


def ends_on(ended_on: date, *, years: int = YEARS) -> date:
    """The first day on which it need not be kept any longer; of 29 February the first of March."""
    try:
        return ended_on.replace(year=ended_on.year + years)
    except ValueError:
        return date(ended_on.year + years, 3, 1)


def why_not_delete(
    *, ended_on: date | None, holds: int, pending: int, on: date, owners: frozenset[str], by: Actor
) -> tuple[Reason, ...]:
    """Reasons against deleting what is kept of a procurement: who, then when, then what.

    ended_on: None while it goes on.  holds: orders to keep it.  pending: complaints and cases about it that are open.
    owners: the houses that keep its file.
    Law: 政府采购法 第42条.
    """
    if by.role is not Role.OFFICER or by.organisation not in owners:
        return (Reason("keeping.not-owner", Kind.NOT_YOURS, "仅采购人（或其代理机构）的经办人可提出"),)
    if ended_on is None:
        return (Reason("keeping.going-on", Kind.NOT_NOW, "采购活动尚未结束", LAW),)
    reasons: tuple[Reason, ...] = ()
    if on < (until := ends_on(ended_on)):
        text = "采购文件自采购结束之日起至少保存{years}年，{until}前不得删除"
        reasons += (Reason("keeping.term", Kind.NOT_NOW, text, LAW, {"years": YEARS, "until": until.isoformat()}),)
    if holds:
        reasons += (Reason("keeping.held", Kind.NOT_NOW, "监督或审计部门要求继续保存，解除前不得删除"),)
    if pending:
        reasons += (Reason("keeping.pending", Kind.NOT_NOW, "有投诉或案件尚未办结，办结前不得删除"),)
    return reasons


def why_not_confirm(*, waits: bool, reasons: tuple[Reason, ...], by: Actor) -> tuple[Reason, ...]:
    """Reasons against confirming a deletion.  reasons: why it may not be proposed today, were it proposed anew."""
    if by.role not in WATCHERS:
        return (Reason("keeping.not-watcher", Kind.NOT_YOURS, "仅监督人员或审计人员可确认"),)
    if not waits:
        return (Reason("keeping.nothing-waits", Kind.NOT_NOW, "没有待确认或待执行的删除"),)
    return reasons


def why_not_withdraw(*, waits: bool, owners: frozenset[str], by: Actor) -> tuple[Reason, ...]:
    """Reasons against calling a deletion off: for who keeps the file and who watches, while it has not happened."""
    if by.role not in WATCHERS and (by.role is not Role.OFFICER or by.organisation not in owners):
        return (Reason("keeping.not-concerned", Kind.NOT_YOURS, "仅采购人、监督人员或审计人员可撤回"),)
    if not waits:
        return (Reason("keeping.nothing-waits", Kind.NOT_NOW, "没有待确认或待执行的删除"),)
    return ()


def why_not_hold(*, reason: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against ordering that something is kept, or against lifting that order."""
    if by.role not in WATCHERS:
        return (Reason("keeping.not-holding", Kind.NOT_YOURS, "仅监督人员或审计人员可要求继续保存"),)
    if len(reason.strip()) < SHORTEST:
        return (Reason("keeping.reason", Kind.NOT_VALID, "请写明理由（至少 6 个字）"),)
    return ()
