"""Who acts, as far as rules need to know."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """In what capacity somebody acts; one at a time."""

    OFFICER = "officer"  # 采购人经办人、开标主持人
    PROVIDER = "provider"  # 供应商
    EXPERT = "expert"  # 评审专家
    SUPERVISOR = "supervisor"  # 监督人员
    WITNESS = "witness"  # 交易中心见证人
    HOLDER = "holder"  # 密钥保管人
    CONTRIBUTOR = "contributor"  # 抽取参与方
    OPERATOR = "operator"  # 平台运维
    SECURITY = "security"  # 平台安全管理员
    AUDITOR = "auditor"  # 审计人员
    SYSTEM = "system"  # 平台按时自动执行
    STRANGER = "stranger"  # 未登录的公众


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a role.

    person: public id of the person, empty for SYSTEM and strangers.  organisation: its credit code, or empty.
    region: digits of the division an office of the public reaches (`rulebook.jurisdiction`), empty for everywhere.
    """

    person: str
    role: Role
    organisation: str = ""
    name: str = ""
    region: str = ""


SYSTEM = Actor("", Role.SYSTEM, name="平台")
STRANGER = Actor("", Role.STRANGER)
