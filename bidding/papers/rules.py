"""Who may file a scan, and what counts as one. Pure."""

from collections.abc import Collection

from documents.evidence.rules import LARGEST as LARGEST
from documents.evidence.rules import PDF as PDF
from documents.evidence.rules import kind_of as kind_of
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason

MOST = 20  # scans of one session
LONGEST_TITLE = 60


def why_not_file(
    *, hosts: Collection[str], over: bool, filed: int, title: str, size: int, kind: str | None, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against filing a scan: who, then when, then what."""
    if by.role is not Role.OFFICER or by.organisation not in hosts:
        return (Reason("papers.not-host", Kind.NOT_YOURS, "只有{terms.buyer}的经办人可以归档盖章扫描件"),)
    if not over:
        return (Reason("papers.not-over", Kind.NOT_NOW, "{terms.opening}结束后才能归档盖章扫描件"),)
    if filed >= MOST:
        return (Reason("papers.too-many", Kind.NOT_NOW, "归档的扫描件已达上限"),)
    reasons: tuple[Reason, ...] = ()
    if not title.strip() or len(title) > LONGEST_TITLE or not title.isprintable():
        reasons += (Reason("papers.title", Kind.NOT_VALID, "请写明扫描件名称，不超过六十字"),)
    if not 0 < size <= LARGEST:
        reasons += (Reason("papers.size", Kind.NOT_VALID, "请选择一个不为空、不超过 20 MB 的文件"),)
    elif kind is None:
        reasons += (Reason("papers.type", Kind.NOT_VALID, "扫描件须为完整的 PDF、JPEG 或 PNG 文件"),)
    return reasons
