"""Who leads a project for its provider (项目负责人), and on how many that run one person may do so. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rulebook.law import Article
from rulebook.refusal import Kind, Reason

BUSY = "leader.busy"


@dataclass(frozen=True, slots=True)
class Leading:
    """most: projects awarded or under contract one person may lead at once, this one among them."""

    most: int
    law: Article


# 在建项目, by regime; where there is no row nobody counts. The article to verify.
LEADING: Mapping[str, Leading] = MappingProxyType({"A": Leading(1, Article("注册建造师管理规定", "第21条"))})

# Where candidates are published with the name and certificates of whoever would lead, by regime.
NAMED: Mapping[str, Article] = MappingProxyType({"A": Article("招标公告和公示信息发布管理办法", "第6条")})


def why_not_lead(*, regime: str, name: str, running: Sequence[str]) -> tuple[Reason, ...]:
    """Reasons against somebody's leading one more project of a regime.

    running: numbers of those of the same regime that he leads and that are awarded or under contract.
    Law: 注册建造师管理规定 第21条.
    """
    row = LEADING.get(regime)
    if row is None or len(running) < row.most:
        return ()
    text = "拟派项目负责人{name}已在 {n} 个在建项目任职，不得同时超过 {most} 个"
    values = {"name": name, "n": len(running), "most": row.most}
    return (Reason(BUSY, Kind.NOT_NOW, text, row.law, values),)


def why_not_named(*, asked: bool, named: bool) -> tuple[Reason, ...]:
    """The reason where the documents ask for a leader and an opened bid names none that can be read."""
    if asked and not named:
        return (Reason("leader.none", Kind.NOT_VALID, "{terms.file}中没有写明项目负责人，或者格式不正确"),)
    return ()
