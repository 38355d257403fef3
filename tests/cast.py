"""Who plays in the tests, and when. Credit codes are well formed and belong to nobody."""

from datetime import UTC, datetime, timedelta

from rulebook.actor import STRANGER, SYSTEM, Actor, Role

__all__ = ["STRANGER", "SYSTEM"]

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Tuesday 12:00 in Beijing
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# Organisations: credit code → name.
BUYER = "11152900MB1A00001N"
OTHER_BUYER = "11152900MB1A000066"
AGENT = "91152900MA0A00007Q"
CENTRE = "12152900MB1A00002N"
NOTARY = "12152900MB1A00003R"
PLATFORM = "91152900MA0A00004F"
BUREAU = "11152900MB1A000053"
HETAO = "91152900MA0A000117"
YINSHAN = "91152900MA0A00012A"
WULIANG = "91152900MA0A00013D"
LANGSHAN = "91152900MA0A00014G"
COLLEGE = "12152900MB1A00021M"  # employs experts, buys and sells nothing
NAMES = {
    BUYER: "河套市生态环境局",
    OTHER_BUYER: "河套市教育局",
    AGENT: "河套招标代理有限公司",
    CENTRE: "河套市公共资源交易中心",
    NOTARY: "河套市公证处",
    PLATFORM: "明标平台运营中心",
    BUREAU: "河套市财政局",
    HETAO: "河套仪器有限公司",
    YINSHAN: "阴山环境科技有限公司",
    WULIANG: "乌梁素海监测设备有限公司",
    LANGSHAN: "狼山自动化有限公司",
    COLLEGE: "河套学院",
}
SMALL = frozenset({YINSHAN})  # 小微企业


def _actor(number: int, role: Role, organisation: str, name: str) -> Actor:
    return Actor(f"00000000-0000-4000-8000-{number:012d}", role, organisation, name)


OFFICER = _actor(1, Role.OFFICER, BUYER, "王经办")
APPROVER = _actor(2, Role.OFFICER, BUYER, "李科长")
AGENT_OFFICER = _actor(15, Role.OFFICER, AGENT, "沈代理")
AGENT_APPROVER = _actor(16, Role.OFFICER, AGENT, "韩复核")
OTHER_OFFICER = _actor(3, Role.OFFICER, OTHER_BUYER, "周经办")
SUPERVISOR = _actor(4, Role.SUPERVISOR, BUREAU, "赵监督")
SECOND_SUPERVISOR = _actor(5, Role.SUPERVISOR, BUREAU, "钱复核")
WITNESS = _actor(6, Role.WITNESS, CENTRE, "孙见证")
OPERATOR = _actor(7, Role.OPERATOR, PLATFORM, "吴运维")
AUDITOR = _actor(8, Role.AUDITOR, BUREAU, "郑审计")
HOLDER = _actor(9, Role.HOLDER, NOTARY, "冯公证")
SECURITY = _actor(10, Role.SECURITY, PLATFORM, "苏安全")
PROVIDER = _actor(11, Role.PROVIDER, HETAO, "陈投标")
RIVAL = _actor(12, Role.PROVIDER, YINSHAN, "褚投标")
THIRD = _actor(13, Role.PROVIDER, WULIANG, "卫投标")
FOURTH = _actor(14, Role.PROVIDER, LANGSHAN, "蒋投标")
EXPERTS = tuple(_actor(20 + n, Role.EXPERT, "", f"专家{mark}") for n, mark in enumerate("甲乙丙丁戊己庚辛壬癸", 1))
EXPERT = EXPERTS[0]

PEOPLE = (
    OFFICER, APPROVER, OTHER_OFFICER, SUPERVISOR, SECOND_SUPERVISOR, WITNESS, OPERATOR, AUDITOR, HOLDER, SECURITY,
    PROVIDER, RIVAL, THIRD, FOURTH, *EXPERTS, AGENT_OFFICER, AGENT_APPROVER,
)  # fmt: skip
