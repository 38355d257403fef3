"""A panel drawn elsewhere, by the pool the law prescribes: what is imported, and why not. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from experts.panels.eligibility import EXCLUSIONS
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

POOL = Article("招标投标法实施条例", "第45条")
LARGEST = 10 * 1024 * 1024  # bytes of evidence


@dataclass(frozen=True)
class Outside:
    """What the other pool gave. members: (specialty, register number), in the order in which it drew them."""

    source: str
    reference: str
    members: Sequence[tuple[str, str]]

    @property
    def strata(self) -> list[tuple[str, int]]:
        """(specialty, seats), as a request has them."""
        keys = [key for key, _ in self.members]
        return [(key, keys.count(key)) for key in dict.fromkeys(keys)]


def why_not_import(
    told: Outside, *, evidence: int, known: Collection[str], left_out: Mapping[str, str], by: Actor
) -> tuple[Reason, ...]:
    """Reasons against importing a panel drawn elsewhere: by the trading centre's witness, with evidence, without a
    conflict.  evidence: bytes.  known: register numbers there are.  left_out: number → why he may not judge.

    Law: 招标投标法实施条例 第45条.
    """
    if shut := not_importing(by):
        return shut
    reasons: tuple[Reason, ...] = ()
    if not told.source.strip() or not told.reference.strip():
        reasons += (Reason("external.source", Kind.NOT_VALID, "请写明专家库名称和抽取编号", POOL),)
    if not 0 < evidence <= LARGEST:
        reasons += (Reason("external.evidence", Kind.NOT_VALID, "请附抽取记录文件（不超过10 MB）", POOL),)
    numbers = [number for _, number in told.members]
    if len(set(numbers)) != len(numbers):
        reasons += (Reason("external.twice", Kind.NOT_VALID, "名单中有人重复"),)
    for number in numbers:
        if number not in known:
            text = "{number}不在本平台专家名册中，请先登记"
            reasons += (Reason("external.unknown", Kind.NOT_VALID, text, None, {"number": number}),)
        elif number in left_out:
            words, law = EXCLUSIONS[left_out[number]]
            values = {"number": number, "why": words}
            reasons += (Reason("external.conflict", Kind.NOT_VALID, "{number}不得参加：{why}", law, values),)
    return reasons


def not_importing(by: Actor) -> tuple[Reason, ...]:
    """The reason for whoever is no witness of the trading centre."""
    if by.role is not Role.WITNESS:
        return (Reason("external.not-witness", Kind.NOT_YOURS, "由交易中心见证人导入，{terms.buyer}看不到名单", POOL),)
    return ()


def why_not_look_at_evidence(*, purpose: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking the evidence, which may name the panel: the supervision body's, with a purpose."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("external.not-supervisor", Kind.NOT_YOURS, "抽取记录仅监督人员可以查看"),)
    if len(purpose.strip()) < 4:
        text = "查看抽取记录须写明用途（不少于4个字），并留下记录"
        return (Reason("external.no-purpose", Kind.NOT_VALID, text),)
    return ()


def why_not_confirm(*, officer: bool, imported: bool, sha256: str, seen: str) -> tuple[Reason, ...]:
    """Reasons against the buyer's signature under an import.  seen: the hash of the file he was shown."""
    if not officer:
        return (Reason("external.not-officer", Kind.NOT_YOURS, "由{terms.buyer}经办人确认", POOL),)
    if not imported:
        return (Reason("external.nothing", Kind.NOT_NOW, "没有待确认的抽取结果"),)
    if seen != sha256:
        return (Reason("external.another-file", Kind.NOT_VALID, "文件哈希与导入的不符"),)
    return ()
