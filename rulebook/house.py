"""The platform's own rules (明标平台规则): one table of numbered articles, which its page prints and citations lead to.

Where a law or a local rule says something, that is cited instead. A changed article is another row: the old one gets
its `until`, so that whoever acted under it finds the text he acted under. Numbers are never used again.
3x and 4x are negative acts and cases, 5x credit, 6x complaints, 7x decisions of authorities and lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rulebook.law import Article

HOUSE = "明标平台规则"


@dataclass(frozen=True, slots=True)
class Edition:
    """A state of the whole text.  since: the day from which it holds.  changes: what is new in it."""

    name: str
    since: date
    changes: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One article.  since, until: the editions it first stands in, and no longer stands in (empty: in force)."""

    number: int
    title: str
    text: str
    since: str = "2026-1"
    until: str = ""


EDITIONS: tuple[Edition, ...] = (
    Edition(
        "2026-1", date(2026, 11, 1), "首次公布；此前的中介服务超市规则、竞价规则并入本规则，条号按本规则重新编排。"
    ),
)

CLAUSES: tuple[Clause, ...] = (
    Clause(
        1, "适用",
        "在本平台采购、入驻、投标、报名、报价、评审、监督的，遵守本规则。法律、法规、"
        "规章和自治区规定另有规定的，从其规定；"
        "本规则只写明它们留给平台的事项。注册、入驻时勾选同意，即受当时施行的版本约束；版本变更提前公布。",
    ),
    Clause(
        2, "验收期限",
        "业主收到交付后7个工作日内验收，或者写明理由退回。逾期的，迟延记在业主一方，不影响机构的按期记录。",
    ),
    Clause(
        3, "解除合同",
        "一方通知解除合同的，写明理由并附证据；对方在5个工作日内答复，不答复的，合同自期满解除。对方有异议的，"
        "由法院或者仲裁机构认定，平台只记录。解除的通知、理由类别和结果公开。",
    ),
    Clause(
        4, "直接选取的限额",
        "使用财政性资金或者混合资金直接选取的，每次不超过50000元，同一业主同一事项全年累计计算；自有资金不限。"
        "业主写明选定的理由和价格，结果公示，接受异议。",
    ),
    Clause(
        5, "公告和报名",
        "采购公告同时是报名邀请，报名期不少于3个工作日（直接选取除外）。公告写明的条件、公式、参数此后不变。",
    ),
    Clause(
        6, "最少家数",
        "使用财政性资金或者混合资金的，报名或者有效报价不足3家，流标；自有资金的，随机抽取、竞价选取1家可选，"
        "择优、信用择优和反向竞价须有2家。截止前任何人不知道有几家。",
    ),
    Clause(
        7, "回避和排除",
        "机构不得承接与自己有控股、管理、隶属关系的业主的采购。业主要求某机构回避的，理由随公告公布，"
        "只用于回避利害关系。",
    ),
    Clause(
        8, "按价格选取",
        "最低价法取最低的有效报价；参考价法以去掉最高、最低后的平均价乘以当众抽取的系数（0.95、0.96、0.97、"
        "0.98）为参考价，"
        "取最接近的，同样接近的取较低的，再相同的抽签。报价低于其他有效报价平均数60%的，1个工作日内书面说明，"
        "不说明或者说明不成立的不参与选取。说明是否成立，由业主在1个工作日内认定，理由公布；逾期不认定的，视为成立。",
    ),
    Clause(9, "结果公示和异议", "选取结果公示3个工作日。期内可以提出异议，3个工作日内公开答复；答复前不确定中选。"),
    Clause(
        10, "接受和放弃",
        "公示期满由系统确定中选。中选机构3个工作日内接受；不接受或者不答复的，视为放弃，由下一名次递补。",
    ),
    Clause(11, "合同", "中选确定之日起30日内签订合同，合同价等于选定的价格，签订后2个工作日内公布。"),
    Clause(
        12, "选取日再审查和摇号",
        "选取当日对每家重新审查资格、证照、回避和禁入，出局的连同理由公布；其余各家当众摇号，"
        "随机数由多方共同产生，人人可以重算。"
        "后备名次一并摇出。",
    ),
    Clause(
        13, "信用选取的权重",
        "信用分以100分起算，放弃中选每次减10分、最多减40分，评价均值比3星每高（低）一星加（减）5分。"
        "每家的摇号权重按分数列表，摇号前公布；大名单的五分之一留给没有记录的新机构。",
    ),
    Clause(
        14, "流标以后",
        "流标的可以再次公告，条件可以降低，限价不得提高；两次流标的可以改用其他方式，理由随公告公布。",
    ),
    Clause(
        15, "双方互评",
        "合同完成或者解除之日起15日内，双方互评；双方都评完或者期满前，谁也看不到对方的评价。没有评的不补分。",
    ),
    Clause(16, "低分评价", "评2分或者以下的，写明理由并附证据；被评一方可以公开答复。"),
    Clause(
        17, "评价均值",
        "均值等于各项得分之和除以得分个数，只计已完成项目中对方实际作出的评价，四舍五入一次；不补分，不平滑。",
    ),
    Clause(
        18, "择优小组",
        "择优选取由业主组织不少于3人的小组，声明没有利害关系后逐家打分、逐家写明理由，分数和理由公布。",
    ),
    Clause(
        19, "化整为零的预警",
        "同一业主同一事项全年累计超过限额的，公告被拦下，并通知监督部门。监督部门查明后写出结论；结论、"
        "涉及的采购和金额公开，"
        "检查人的内部记录不公开。",
    ),
    Clause(21, "竞价开始前", "反向竞价的起始价、降价幅度、时长、延时和化名规则在第一口报价前公布。"),
    Clause(22, "一口报价", "报价至少比当前最低价低一个降价幅度才有效；先后以服务器写入的次序为准。"),
    Clause(
        23, "时间",
        "报价以到达服务器的时刻判断是否按时。结束前延时窗口内有有效报价的，结束时间顺延，次数以公告为限。",
    ),
    Clause(
        25, "暂停和恢复",
        "业主和监督人员可以对全场暂停；暂停时剩下多少时间，恢复后仍是多少，恢复10秒后重新接受报价。",
    ),
    Clause(
        26, "过低的最后报价",
        "最后报价低于最高限价一半的，1个工作日内说明能够履约；不说明或者说明不成立的不中选。",
    ),
    Clause(
        27, "机构入驻",
        "机构以承诺入驻，即时生效，不设审批；信用代码、资质、人员如实填写，变化后5个工作日内更新，平台抽查，"
        "任何人可以提出异议。"
        "有未了结合同的，了结后方可退出。",
    ),
    Clause(
        28, "个人和企业注册",
        "自然人以姓名和手机号码注册，企业以统一社会信用代码和经办人手机号码注册并作出承诺。号码以短信验证码确认，"
        "验证码10分钟内有效、最多输入5次。公开时姓名只显示姓，号码遮盖中间四位。",
    ),
    Clause(
        60, "业主暂停项目",
        "开启之前，出现须先行查明的情况的，业主可以暂停接下来的程序一次，不超过30日，事由公告并告知监督部门；"
        "监督部门可以决定恢复。暂停期间仍可递交投标、报价和报名，相应期限按暂停的时间顺延。",
    ),
    Clause(
        61, "投诉期间的暂停",
        "中介服务选取的投诉处理期间，监管部门可以书面通知暂停选取、定标、签约和履行，不超过30日；期满自行恢复。",
    ),
    Clause(
        62, "平台受理的投诉",
        "中介服务选取的投诉，自知道之日起15个工作日内提出；公告不公、业主不履约，以及对供应商、机构、专家和工作人员行为的投诉，"
        "公众也可以提出，后几类在60个工作日内。5个工作日内审查，材料不全的一次性告知全部需要补正的内容；受理后30个工作日内决定。"
        "投诉须实名，不公开投诉人；不便实名的，用保护举报人的渠道。",
    ),
    Clause(
        71, "登记机关的决定",
        "禁止参加采购活动由有权机关决定，平台只登记。一名监督人员照决定书登记，另一名监督人员核对确认后生效；停止执行、"
        "恢复执行、撤销、信用修复凭文书同样登记。已登记的决定不修改、不删除；期满次日起自动失效，不影响此后参加。",
    ),
    Clause(
        72, "递交之后的禁入",
        "依法招标和政府采购的投标、响应在递交之后才开始的禁入，不追溯已收到的文件，评审照常进行；但不得确定其中标、成交，"
        "也不得与其签订合同，由排序在后的候选人递补。递交时已在禁入期内的，资格审查不通过。",
    ),
    Clause(
        73, "外部名单",
        "失信被执行人、重大税收违法失信主体、政府采购严重违法失信行为记录名单由一名管理人员导入，另一名核对确认；"
        "资格审查时查询，查询的时间、名单版次的哈希和结果随项目保存。新版次不再列入的，即时不再限制。",
    ),
)  # fmt: skip


def own(number: int) -> Article:
    """The citation of one of the platform's articles.

    >>> str(own(6))
    '明标平台规则 第6条'
    """
    return Article(HOUSE, f"第{number}条")


def clauses(edition: str, *, rows: Sequence[Clause] = CLAUSES, editions: Sequence[Edition] = EDITIONS) -> list[Clause]:
    """The articles of an edition, by number."""
    order = [each.name for each in editions]
    at = order.index(edition)
    stand = [
        row for row in rows if order.index(row.since) <= at and not (row.until and order.index(row.until) <= at)
    ]  # fmt: skip
    return sorted(stand, key=lambda row: row.number)
