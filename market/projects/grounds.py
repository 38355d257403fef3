"""适用情形: why a purchase may be made without a public tender, and with how few suppliers it may go on then. Pure."""

from market.projects.procedure import Category, Ground
from rulebook.law import Article

CONSULTATION, NOT_TENDERED, BUYING = "政府采购竞争性磋商采购方式管理暂行办法", "74号令", "政府采购法"


_COMPLEX = "技术复杂或者性质特殊，不能确定详细规格或者具体要求"
_NO_TOTAL = "艺术品、专利、专有技术或者数量、时间事先不能确定，不能事先计算出价格总额"
FOR_CONSULTATION = (
    Ground("services", "政府购买服务项目", Article(CONSULTATION, "第3条"), Category.SERVICES,
           (2, Article("财库〔2015〕124号", "全文"))),
    Ground("complex", _COMPLEX, Article(CONSULTATION, "第3条")),
    Ground("no-total", _NO_TOTAL, Article(CONSULTATION, "第3条")),
    Ground("research", "市场竞争不充分的科研项目，以及需要扶持的科技成果转化项目", Article(CONSULTATION, "第3条"),
           None, (2, Article(CONSULTATION, "第21条"))),
)  # fmt: skip
FOR_NEGOTIATION = (
    Ground("failed", "招标后没有供应商投标、没有合格标的，或者重新招标未能成立", Article(BUYING, "第30条")),
    Ground("complex", _COMPLEX, Article(BUYING, "第30条")),
    Ground("urgent", "非采购人所能预见或者拖延的原因，招标所需时间不能满足紧急需要", Article(BUYING, "第30条")),
    Ground("no-total", _NO_TOTAL, Article(BUYING, "第30条")),
    Ground("two-left", "公开招标只有两家投标或者实质性响应，经财政部门批准与该两家谈判",
           Article(NOT_TENDERED, "第27条"), None, (2, Article(NOT_TENDERED, "第27条")), 2),
)  # fmt: skip
