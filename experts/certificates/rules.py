"""Which proofs may be handed in, by whom, and when they are over. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from experts.registry.rules import POOL_ENTRY, why_not_keep_register
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason

MOST_BYTES = 4 << 20
MOST = 12  # of one person, at a time
LONGEST = 80
REMIND = timedelta(days=30)
MEDIA = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}  # what a file begins with → its suffix


class Proof(StrEnum):
    """What a certificate proves."""

    TITLE = "title"  # professional title
    LICENCE = "licence"  # licence to practise
    LIKE = "like"  # of the like of a title: works, awards
    EMPLOYMENT = "employment"
    OTHER = "other"


def suffix_of(head: bytes) -> str:
    """What a file is by its first bytes, whatever it is called; empty for what is not taken."""
    return next((suffix for magic, suffix in MEDIA.items() if head.startswith(magic)), "")


def why_not_add(
    *, has_dossier: bool, size: int, suffix: str, name: str, held: int, valid_until: date | None, on: date, by: Actor
) -> tuple[Reason, ...]:
    """Every reason against handing in a proof.  size: bytes.  held: how many the person has in already.

    Law: 政府采购评审专家管理办法 第6条.
    """
    if by.role is not Role.EXPERT:
        return (Reason("certificate.not-own", Kind.NOT_YOURS, "证明材料由本人提交", POOL_ENTRY),)
    if not has_dossier:
        return (Reason("certificate.too-early", Kind.NOT_NOW, "请先提交入库申请，再上传证明材料", POOL_ENTRY),)
    reasons: tuple[Reason, ...] = ()
    if held >= MOST:
        reasons += (Reason("certificate.most", Kind.NOT_NOW, "至多{most}份，请先删除旧的", None, {"most": MOST}),)
    if not 0 < size <= MOST_BYTES:
        reasons += (Reason("certificate.size", Kind.NOT_VALID, "文件不能为空，也不能超过{most}兆字节", None,
                           {"most": MOST_BYTES >> 20}),)  # fmt: skip
    if not suffix:
        reasons += (Reason("certificate.media", Kind.NOT_VALID, "只收PDF、JPEG、PNG文件"),)
    if not name.strip() or len(name.strip()) > LONGEST:
        reasons += (Reason("certificate.name", Kind.NOT_VALID, "请写明证书名称（不超过{most}个字）", None,
                           {"most": LONGEST}),)  # fmt: skip
    if valid_until is not None and valid_until < on:
        reasons += (Reason("certificate.over", Kind.NOT_VALID, "证书已经过期"),)
    return reasons


def why_not_remove(*, own: bool) -> tuple[Reason, ...]:
    """Reasons against taking a proof back."""
    if not own:
        return (Reason("certificate.not-own-to-remove", Kind.NOT_YOURS, "只能删除本人的证明材料"),)
    return ()


def why_not_look(*, own: bool, purpose: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against seeing somebody's proof."""
    if not own and (reasons := why_not_keep_register(by=by)):
        return reasons
    if not own and len(purpose.strip()) < 4:
        text = "查看证明材料须写明用途（不少于4个字），并留下记录"
        return (Reason("certificate.no-purpose", Kind.NOT_VALID, text),)
    return ()
