"""A member's own score sheet: what may stand in a cell, when it may change, where sheets differ. Pure."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import Protocol

from bidding.evaluation.rules import LONGEST_NOTE, SCORABLE, Step, not_member, why_not_read_bodies
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

OUTLIER = Decimal("0.3")


class Laws(Protocol):
    """What the procedure says of scoring: the article on the criteria, and on when judgements may still change."""

    @property
    def criteria(self) -> Article: ...

    @property
    def recheck(self) -> Article: ...


def factor_step(factor: Mapping[str, object]) -> Decimal:
    """The smallest difference between two scores of a factor; half a point where the documents name none."""
    return Decimal(str(factor.get("step") or "0.5"))


def read_points(text: str, factor: Mapping[str, object]) -> Decimal | None:
    """The points a member wrote for a factor: 0–max in whole steps. None when it is not such a number."""
    try:
        points = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not points.is_finite() or not 0 <= points <= Decimal(str(factor["max"])) or points % factor_step(factor):
        return None
    return points


def spelled(text: str) -> str:
    """Points in one spelling: no exponent, no needless zeros."""
    plain = f"{Decimal(text.strip()):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


Scores = Mapping[str, Mapping[str, str]]  # organisation → factor → points


def why_not_write(
    scores: Scores, *, seat: int | None, declared: bool, step: Step, locked: bool, orgs: Sequence[str],
    factors: Sequence[Mapping[str, object]], laws: Laws,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against saving these cells of a member's sheet: his own, unlocked, within range and step.

    Law: 87号令 第55条.
    """
    if shut := why_not_read_bodies(seat=seat, declared=declared):
        return shut
    if step not in SCORABLE:
        return (Reason("sheet.not-the-moment", Kind.NOT_NOW, "符合性审查结束后开始评分"),)
    if locked:
        return (Reason("sheet.locked", Kind.NOT_NOW, "评分表已锁定，不得修改", laws.recheck),)
    known = {str(factor["key"]): factor for factor in factors}
    for org, cells in scores.items():
        for key, text in cells.items():
            if org not in orgs or key not in known:
                return (Reason("sheet.unknown-cell", Kind.NOT_VALID, "评分表中没有这一格"),)
            if text and read_points(text, known[key]) is None:
                told = {"factor": known[key]["name"], "max": known[key]["max"], "step": factor_step(known[key])}
                words = "“{factor}”应在0至{max}分之间，最小分差{step}"
                return (Reason("sheet.points", Kind.NOT_VALID, words, laws.criteria, told),)
    return ()


def why_not_lock(
    scores: Scores, *, seat: int | None, declared: bool, step: Step, locked: bool, orgs: Sequence[str],
    factors: Sequence[Mapping[str, object]], confirmed: bool, laws: Laws,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against locking a sheet: complete, and knowingly, for it is final."""
    if shut := why_not_write(
        {org: cells for org, cells in scores.items() if org in orgs}, seat=seat, declared=declared, step=step,
        locked=locked, orgs=orgs, factors=factors, laws=laws,
    ):  # fmt: skip
        return shut
    if any(not scores.get(org, {}).get(str(factor["key"])) for org in orgs for factor in factors):
        return (Reason("sheet.incomplete", Kind.NOT_VALID, "尚有未评分的项目，不能锁定"),)
    if not confirmed:
        return (Reason("sheet.unconfirmed", Kind.NOT_VALID, "请确认：锁定后不得修改"),)
    return ()


def disagreements(
    sheets: Mapping[int, Scores], *, orgs: Sequence[str], factors: Sequence[Mapping[str, object]]
) -> tuple[tuple[str, str], ...]:
    """(organisation, factor) of every objective factor on which locked sheets differ.

    Law: 87号令 第64条.
    """
    return tuple(
        (org, str(factor["key"]))
        for org in orgs
        for factor in factors
        if factor["objective"] and len({Decimal(s[org][str(factor["key"])]) for s in sheets.values()}) > 1
    )


def why_not_reopen(
    *, seat: int | None, step: Step, locked: bool, reason: str, laws: Laws, unusual: bool = False,
    signed: bool = False,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a member's taking up his locked sheet again: for a disputed objective factor, or for a sum of his
    far from the others' before anybody has signed; with a reason.

    Law: 87号令 第64条.
    """
    if shut := not_member(seat):
        return shut
    far_off = step is Step.SIGNING and unusual and not signed
    if not (step is Step.DISPUTE or far_off) or not locked:
        text = "仅在客观评分不一致，或者签署前本人评分畸高、畸低时可以复核本人评分"
        return (Reason("sheet.no-dispute", Kind.NOT_NOW, text, laws.recheck),)
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        return (Reason("sheet.reopen-reason", Kind.NOT_VALID, "请写明复核的理由（500字以内）", laws.recheck),)
    return ()


def why_not_correct(
    scores: Scores, *, before: Scores, open_cells: Collection[tuple[str, str]], laws: Laws
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against changing a sheet that was locked before: nothing but the open cells.

    open_cells: the disputed ones, or those of a bid that came into the scoring later.

    Law: 87号令 第64条.
    """
    for org, cells in scores.items():
        for key, text in cells.items():
            if (org, key) not in open_cells and text != before.get(org, {}).get(key, ""):
                return (Reason("sheet.not-disputed", Kind.NOT_VALID, "只能复核评分不一致的客观项", laws.recheck),)
    return ()


def outliers(
    sheets: Mapping[int, Scores], *, orgs: Sequence[str], factors: Sequence[Mapping[str, object]]
) -> tuple[tuple[int, str], ...]:
    """(seat, organisation) of every sum that lies more than 30 % from the members' median (畸高、畸低).

    For the supervision body's eye; it changes nothing.
    """
    keys = [str(factor["key"]) for factor in factors]
    found = []
    for org in orgs:
        sums = {seat: sum((Decimal(scores[org][key]) for key in keys), Decimal(0)) for seat, scores in sheets.items()}
        middle = median(sums.values())
        found += [(seat, org) for seat, total in sorted(sums.items()) if abs(total - middle) > middle * OUTLIER]
    return tuple(found)
