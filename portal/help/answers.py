"""The answers to what people ask at each stage. No number and no article is typed here: the tables say them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from market.awards.rules import ACCEPTANCE
from market.projects import again, endings, stops
from market.projects.periods import Period
from market.projects.procedure import Procedure
from market.projects.procedures import PROCEDURES, TWO_PERSONS
from market.projects.rules import Stage
from market.projects.spoken import length
from rulebook.actor import Role
from rulebook.law import Article

Row = tuple[str, str, Article | None]  # which purchases, what holds, its article
REAL = [row for row in PROCEDURES.values() if row.for_real]
TENDERS = [row for row in REAL if row.selection is None]
SERVICES = [row for row in REAL if row.selection is not None]


@dataclass(frozen=True)
class Answer:
    """One question and its answer.  rows: what differs by procedure.  href, link: where to do or read it."""

    key: str
    ask: str
    text: str
    rows: tuple[Row, ...] = ()
    href: str = ""
    link: str = ""


def table(found: Iterable[tuple[Procedure, str, Article | None]]) -> tuple[Row, ...]:
    """One line for procedures in which the same holds by the same article."""
    told: dict[tuple[str, Article | None], list[str]] = {}
    for row, words, law in found:
        told.setdefault((words, law), []).append(_(row.title))
    return tuple(("、".join(titles), words, law) for (words, law), titles in told.items())


def periods(pick: Callable[[Procedure], Period | None], rows: Iterable[Procedure] = TENDERS) -> tuple[Row, ...]:
    """A period of each procedure that has it."""
    found = [(row, pick(row)) for row in rows]
    return table((row, length(period.words), period.law) for row, period in found if period is not None)


def correcting() -> Answer:
    """How a published tender is corrected, and what that does to the deadline."""
    text = _(
        "本单位一人起草、另一人审批，审批后立即公告、免费，所有人看到同样的内容；系统逐一通知已获取文件的单位，不显示名称。"
        "可能影响编制的，更正到截止至少要有下列时间，不够的必须顺延；截止时间只能往后移。"
    )
    return Answer("correct", _("公告以后发现文件有错，怎么办？"), text, periods(lambda row: row.correction))


def asking() -> Answer:
    text = _("截止前在项目的“答疑与更正”里提出。提问单位对任何人保密，答复向所有人公开。应在截止之前至少留出：")
    return Answer("ask", _("对采购文件有疑问，怎么提？"), text, periods(lambda row: row.questions))


def times() -> Answer:
    text = _("从发布之日的次日起算；最后一日是法定休假日的，顺延到下一个工作日。")
    return Answer("times", _("从公告到截止，至少要留多久？"), text, periods(lambda row: row.preparation))


def supplying() -> Answer:
    text = _("公告即可下载，免费，不用报名，不用审批。获取后有带签名的回执，更正会通知到您。至少提供：")
    return Answer("documents", _("采购文件怎么获取，提供多久？"), text, periods(lambda row: row.supply))


def two_persons() -> Answer:
    text = _("编制人不能审批自己的项目，由本单位另一名经办人审批；没有审批，到点也不会发布。")
    return Answer("approve", _("谁来审批？"), text, ((_("全部项目"), _("两人"), TWO_PERSONS),))


def deposit() -> Answer:
    text = _("可以不收。收的，不得超过：")
    told = (
        (row, _("采购预算的 {share}%").format(share=_percent(row.guarantee[0])), row.guarantee[1]) for row in TENDERS
    )
    return Answer("guarantee", _("保证金最多收多少？"), text, table(told))


def refunding() -> Answer:
    text = _("没有中标的、项目失败或者终止的，应在下列时间内退还。逾期的，经办人的工作台和本单位的页面都会标明。")
    return Answer("refund", _("保证金什么时候退？"), text, periods(lambda row: row.refund))


def suspending(role: Role) -> Answer:
    """Who may let a purchase rest, for how long, and what rests."""
    found = [each for each in stops.GROUNDS if role in (Role.STRANGER, each.orders)]
    rows = tuple(
        (_(each.words), _("不超过 {period}").format(period=length(each.most.words)), each.law) for each in found
    )
    text = _(
        "暂停立即公告，写明依据和最迟到何时。暂停期间仍可递交，内容照样密封；开启、评审、定标、签约都等到恢复，"
        "相应的期限顺延。到了公告的时间自行恢复。"
    )
    return Answer("suspend", _("项目可以暂停吗？由谁、多久？"), text, rows)


def ending() -> Answer:
    """On which grounds a buyer may terminate."""
    found = [
        (row, _(each.words).format(terms=row.terms), each.article(row))
        for row in REAL
        for each in endings.possible(row, to=Stage.CANCELLED)
    ]
    text = _(
        "只有法律写明的情形才可以终止。终止立即公告理由并报告监督部门；没有开启的永远不再开启，保证金按期退还，"
        "系统逐一通知已获取文件、报名或者递交的单位，互相看不到还有谁。终止以后不能恢复。"
    )
    return Answer("end", _("不再采购了，可以终止吗？"), text, table(found))


def buying_again() -> Answer:
    """What failing leads to, and what is taken over."""
    text = _(
        "在失败项目的页面点“重新采购”：生成相互链接的新项目，先写明失败的原因和改正的措施，随公告公布。沿用：{carried}。"
        "不沿用：{left}。法律没有因重新采购而缩短的期限，各期限重新完整计算。改用其他方式的，须经批准并写明文号。"
    ).format(carried="、".join(again.CARRIED), left="、".join(again.LEFT))
    rows = table((row, _("重新采购"), again.law_of(row, "")) for row in TENDERS)
    return Answer("again", _("流标（废标）以后怎么办？"), text, rows)


def too_few() -> Answer:
    told = ((row, _("不足 {n} 家，不予开启").format(n=row.min_competitors), row.least_competitors) for row in TENDERS)
    text = _("截止前谁也不知道有几家。截止后由封存清单认定，不足的不开启，名称和内容永远不公开。")
    return Answer("few", _("家数不够会怎样？"), text, table(told))


def changing() -> Answer:
    told = ((row, _("截止前可以替换、撤回"), row.formalities.changed) for row in TENDERS)
    text = _("以服务器收到完整请求的时间为准，截止的那一刻已经太晚。替换以后旧的一版不再算数，每一版都有回执。")
    return Answer("change", _("递交以后还能改吗？最后一秒到的算不算？"), text, table(told))


def decrypting() -> Answer:
    told = (
        (row, _("{n} 分钟内解密").format(n=row.window // 60), row.formalities.undone)
        for row in TENDERS if row.formalities.undone
    )  # fmt: skip
    text = _("逾时没有解密，又说不出平台原因的，按撤销处理；平台原因的，用回执和自己保存的文件补救，不算您的过错。")
    return Answer("decrypt", _("没有到场解密会怎样？"), text, table(told))


def after_correction() -> Answer:
    text = _(
        "公告里列出每处变化的前后对照，文件有新旧两版。已经递交的仍然有效；变化影响您的，在新的截止时间前替换。"
        "项目暂停、恢复的，不需要重新递交。"
    )
    return Answer("corrected", _("文件更正了，已经递交的要重新递交吗？"), text, periods(lambda row: row.correction))


def objecting() -> Answer:
    words = _("{period}内提出{remedy}")
    told = [
        (row, words.format(period=length(row.objection.words), remedy=_(row.remedy)), row.objection.law)
        for row in TENDERS
    ]
    text = _("自知道或者应当知道之日起算。先向采购单位提出，不满意或者逾期不答复的，再投诉。")
    return Answer("object", _("对文件、过程或者结果有意见，怎么办？"), text, table(told), "/complaints/", _("我有意见"))


def determining() -> Answer:
    text = _("收到评审报告后应在下列时间内按顺序确定；有公示的，公示期满、没有未答复的异议才能确定。")
    return Answer("determine", _("多久之内要定标？"), text, periods(lambda row: row.determination))


def contracting() -> Answer:
    text = _("一方提交、对方确认，合同才成立，随即公告。不签的，按放弃处理。")
    return Answer("contract", _("多久之内要签合同？"), text, periods(lambda row: row.contract, REAL))


def accepting() -> Answer:
    text = _("逾期没有答复的视为放弃，由下一名递补。")
    rows = periods(lambda row: row.selection.accept if row.selection else None, SERVICES)
    return Answer("accept", _("中选以后要做什么？"), text, rows or ((_("中介服务"), "", ACCEPTANCE),))


def enrolling() -> Answer:
    text = _("从公告到报名截止至少有下列时间。谁报了名、有几家，截止前对任何人保密；每次报名都有回执，截止前可以撤回。")
    rows = periods(lambda row: row.selection.enrolment if row.selection else None, SERVICES)
    return Answer("enrol", _("中介服务怎样报名？"), text, rows)


def choosing() -> Answer:
    told = ((row, _(row.selection.says), row.selection.least[1]) for row in SERVICES if row.selection)
    text = _("选事项、写要求、选方式三步即可；个人也可以采购。")
    there = ("/purchases/new/", _("采购中介服务"))
    return Answer("ways", _("中介服务有哪几种选法？"), text, table(told), *there)


def judging() -> Answer:
    told = ((row, _("公布的标准"), row.criteria) for row in TENDERS)
    text = _("只按公布的标准打分，写明理由。签署报告以前可以复核本人的评分；签署以后，只有下列情形可以重新评审。")
    return Answer("judge", _("评审时按什么打分，打错了怎么办？"), text, table(told)
                  + table((row, _("重新评审"), row.recheck) for row in TENDERS))  # fmt: skip


def drawn() -> Answer:
    told = ((row, _("随机抽取"), row.by_lot) for row in TENDERS)
    text = _("邀请不写项目名称；答应以后才知道评什么。有利害关系的必须回避，退出后由候补递补。")
    return Answer("drawn", _("我是怎样被抽中的？"), text, table(told), "/experts/invitations/", _("评审邀请"))


def opening() -> Answer:
    told = ((row, _("到点公开开启"), row.formalities.opened) for row in TENDERS if row.formalities.opened)
    text = _("截止时封存日志的检查点经见证人签名，清单不能增减；够约定家数的保管人各出一份钥匙，才能开启。")
    return Answer("open", _("开启时要做什么？"), text, table(told), "/verify/", _("核验"))


def verifying() -> Answer:
    text = _("回执、抽取、报名名单、公开记录、签发的文书，放进核验页就行：在浏览器里核对，不上传；也可以离线核对。")
    return Answer("verify", _("怎样知道没有人动过手脚？"), text, (), "/verify/", _("去核验"))


def tipping() -> Answer:
    text = _("可以不留姓名。内容在您的浏览器里加密，只有您选定的两个单位能打开。")
    return Answer("tip", _("发现问题，向谁举报？"), text, (), "/tips/", _("密封举报"))


def _percent(share: Decimal) -> str:
    return f"{share * 100:f}".rstrip("0").rstrip(".")
