"""What a panel must be made of, and why a request for one is refused. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rulebook.law import Article
from rulebook.refusal import Kind, Reason

OWNER = "owner"  # the stratum of the owner's representatives: named by the buyer, never drawn
LONGEST_VENUE = 100


@dataclass(frozen=True)
class Composition:
    """What the law says of a panel: at least so many, an odd number, and so few of them the owner's.

    least: seats at this budget.  owners_of: one of so many members at most represents the owner.
    """

    least: int
    law: Article
    owners_of: int = 3

    def most_owners(self, size: int) -> int:
        """How many of a panel of this size may represent the owner: experts are two thirds at least."""
        return size // self.owners_of


@dataclass(frozen=True)
class Request:
    """What the officer asks for. strata: (specialty, seats to draw); representatives: register numbers."""

    strata: Sequence[tuple[str, int]]
    representatives: Sequence[str] = ()
    venue: str = ""
    starts_at: datetime | None = None

    @property
    def size(self) -> int:
        """All seats, drawn and named."""
        return sum(need for _, need in self.strata) + len(self.representatives)


def why_not_request(
    asked: Request, *, composition: Composition, known: Collection[str], own: Collection[str], at: datetime
) -> tuple[Reason, ...]:
    """Every reason against what is asked for, all at once.

    known: specialties there are.  own: register numbers, of those named, that belong to people of the buyer.
    Law: 招标投标法 第37条; 87号令 第47条.
    """
    law, size = composition.law, asked.size
    keys = [key for key, _ in asked.strata]
    reasons: tuple[Reason, ...] = ()
    if not keys or len(set(keys)) != len(keys) or any(key not in known or need < 1 for key, need in asked.strata):
        reasons += (Reason("panel.strata", Kind.NOT_VALID, "请选择评审专业并填写人数，同一专业只填一次", law),)
    if size < composition.least:
        text = "评审小组至少{least}人，现为{size}人"
        reasons += (Reason("panel.size", Kind.NOT_VALID, text, law, {"least": composition.least, "size": size}),)
    if size % 2 == 0:
        reasons += (Reason("panel.even", Kind.NOT_VALID, "评审小组人数须为单数，现为{size}人", law, {"size": size}),)
    most = composition.most_owners(size)
    if len(asked.representatives) > most:
        text = "评审专家不得少于三分之二：{size}人的小组中{terms.buyer}代表至多{most}人"
        reasons += (Reason("panel.owners", Kind.NOT_VALID, text, law, {"size": size, "most": most}),)
    reasons += why_not_represent(asked.representatives, own=own, law=law)
    if len(asked.venue) > LONGEST_VENUE:
        reasons += (Reason("panel.venue", Kind.NOT_VALID, "评审地点请写在100字以内"),)
    if asked.starts_at is not None and asked.starts_at <= at:
        reasons += (Reason("panel.starts-in-the-past", Kind.NOT_VALID, "评审时间须在此刻之后"),)
    return reasons


def why_not_represent(named: Sequence[str], *, own: Collection[str], law: Article) -> tuple[Reason, ...]:
    """Reasons against these representatives of the owner; it is not said which of them, nor whether he exists.

    Law: 政府采购评审专家管理办法 第16条.
    """
    if len(set(named)) != len(named) or not set(named) <= set(own):
        text = "{terms.buyer}代表须是本单位已登记、未在本小组中的人员，每人只填一次"
        return (Reason("panel.representative", Kind.NOT_VALID, text, law),)
    return ()


def too_short(
    strata: Sequence[tuple[str, int]],
    eligible: Mapping[str, int],
    names: Mapping[str, str],
    *,
    law: Article | None,
    region: str = "",
) -> tuple[Reason, ...]:
    """One reason for each specialty whose list cannot fill its seats, with what the law lets one do about it.

    region: whose list it is, or empty.  eligible: how many employers have somebody on the list. Nobody is picked by
    hand: who is recommended enters the register after its review and is then drawn like everybody; with just as many
    as are wanted, all are drawn.
    Law: 政府采购评审专家管理办法 第12条.
    """
    text = (
        "{specialty}需要{need}人，符合条件的只有{eligible}人：请推荐符合条件的人员，经审核入库后再随机抽取；"
        "也可以写明理由，按目录并入相近专业"
    )
    if region:
        text = "{region}的{specialty}需要{need}人，符合条件的只有{eligible}人：可以写明理由，扩大到全部地区"

    return tuple(
        Reason(
            "panel.list-too-short", Kind.NOT_VALID, text, law,
            {"specialty": names.get(key, key), "need": need, "eligible": eligible.get(key, 0)}
            | ({"region": region} if region else {}),
        )
        for key, need in strata
        if eligible.get(key, 0) < need
    )  # fmt: skip
