"""Who may enrol and until when, what the day of choice leaves, who is drawn and who picks. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from market.projects.rules import Stage, why_not_officer
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

ENROLMENT, LEAST, CHOICE, LOTS = (own(n) for n in (5, 6, 12, 12))
PATIENCE = timedelta(minutes=5)  # beyond the drain, for what arrived in time and is not answered
STRATUM = "provider"
PURPOSE = "provider"
MOST_DRAWS = 3  # that may come to nothing before the purchase fails
LONGEST_REASON = 500  # characters


@dataclass(frozen=True)
class Calendar:
    """What the clock decides.  accepts: providers enrol here, and the purchase is open.  fixed: the list is."""

    accepts: bool
    closes_at: datetime
    fixed: bool

    def is_late(self, at: datetime) -> bool:
        """Whether something that arrived at this instant is refused for time alone. The deadline itself is late."""
        return at >= self.closes_at or self.fixed


def why_not_provider(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons why somebody cannot take part at all: a provider's own people do."""
    if by.role is not Role.PROVIDER or not by.organisation:
        return (Reason("enrolment.not-provider", Kind.NOT_YOURS, "以中介服务机构经办人的身份登录后报名"),)
    return ()


def why_not_enrol(
    *, calendar: Calendar, enrolled: bool, against: tuple[Reason, ...], by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Everything that stands against enrolling now; what is against the firm is told all at once.

    enrolled: it is already, which is no fault.  against: of `market.selection.gate`.
    """
    if shut := why_not_provider(by=by) or _why_not_now(calendar, at):
        return shut
    return () if enrolled else against


def why_not_withdraw(*, calendar: Calendar, enrolled: bool, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against taking an enrolment back: until the deadline, by whoever has one."""
    if shut := why_not_provider(by=by) or _why_not_now(calendar, at):
        return shut
    if not enrolled:
        return (Reason("enrolment.none", Kind.NOT_NOW, "本单位没有报名", ENROLMENT),)
    return ()


def _why_not_now(calendar: Calendar, at: datetime) -> tuple[Reason, ...]:
    if not calendar.accepts:
        return (Reason("enrolment.not-open", Kind.NOT_NOW, "本项目现在不接受报名", ENROLMENT),)
    if calendar.is_late(at):
        return (Reason("enrolment.late", Kind.NOT_NOW, "报名已截止", ENROLMENT),)
    return ()


def why_not_fix(
    *, closes_at: datetime, drain: timedelta, underway: bool, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against fixing the list: what arrived in time may be on its way for `drain` longer.

    underway: something that came in time may still wait for its answer.
    """
    if by.role is not Role.SYSTEM:
        return (Reason("enrolment.not-system", Kind.NOT_YOURS, "报名名单由系统按时封存"),)
    if at < closes_at + drain or (underway and at < closes_at + drain + PATIENCE):
        return (Reason("enrolment.not-closed", Kind.NOT_NOW, "报名尚未截止封存", ENROLMENT),)
    return ()


def too_few(count: int, *, least: int, law: Article, on_the_day: bool = False) -> tuple[Reason, ...]:
    """Why a purchase fails with so few; how many they were is not told.  on_the_day: of choice, not of enrolment."""
    if count >= least:
        return ()
    text = "选取日符合条件的机构不足 {least} 家" if on_the_day else "报名截止时报名机构不足 {least} 家"
    return (Reason("selection.too-few", Kind.NOT_NOW, text, law, {"least": least}),)


def why_not_choose(*, stage: str, selects_at: datetime, closed: bool, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against choosing now: the system, on the day that was announced, over a closed list."""
    if by.role is not Role.SYSTEM:
        return (Reason("selection.not-system", Kind.NOT_YOURS, "选取由系统按公告的时间进行"),)
    if stage != Stage.OPEN or not closed or at < selects_at:
        return (Reason("selection.not-now", Kind.NOT_NOW, "未到选取时间", CHOICE),)
    return ()


def why_not_pick(
    *, buyer: str, short_list: Collection[str], picked: bool, org: str, reason: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against picking a firm off the short list: the buyer's officer, once, with a reason that is published."""
    shut = why_not_officer(buyer=buyer, by=by)
    if shut:
        return shut
    if not short_list or picked:
        return (Reason("pick.not-now", Kind.NOT_NOW, "现在没有待选定的小名单", LOTS),)
    if org not in short_list:
        return (Reason("pick.not-listed", Kind.NOT_VALID, "只能从小名单中选定", LOTS),)
    if not reason.strip():
        return (Reason("pick.no-reason", Kind.NOT_VALID, "应写明选定的理由，理由随结果公布", LOTS),)
    if len(reason) > LONGEST_REASON:
        values = {"longest": LONGEST_REASON}
        return (Reason("pick.reason-length", Kind.NOT_VALID, "理由不得超过 {longest} 字", None, values),)
    return ()


def bids(
    order: Sequence[str], *, names: Mapping[str, str], quote: str, out: Sequence[Mapping[str, Any]], drawn: int
) -> list[dict[str, Any]]:
    """The rows of a `selection/1` by lot: who was drawn in turn, who was not, and who was out on the day, with why.

    order: organisations as their lots have it.  drawn: how many of them have a rank.
    """
    ranked = [
        {"org": org, "name": names[org], "quote": quote, "rank": place if place <= drawn else None,
         "compliant": place <= drawn, "reasons": [] if place <= drawn else ["未抽中"]}
        for place, org in enumerate(order, start=1)
    ]  # fmt: skip
    left = [
        {"org": row["org"], "name": row["name"], "quote": quote, "rank": None, "compliant": False,
         "reasons": list(row["reasons"])}
        for row in out
    ]  # fmt: skip
    return [*ranked, *left]
