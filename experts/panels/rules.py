"""The life of a panel and of a seat on it. Pure."""

import enum
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason


class PanelState(enum.StrEnum):
    """How far the panel is."""

    DRAWING = "drawing"
    FIXED = "fixed"  # drawn before the opening: nobody is called before that has named the bidders
    CALLING = "calling"
    SHORT = "short"  # nobody left to call: a further draw with a reason
    SEATED = "seated"


PANEL_LIFE = Machine(
    {
        PanelState.DRAWING: frozenset({PanelState.FIXED, PanelState.CALLING, PanelState.SHORT}),
        PanelState.FIXED: frozenset({PanelState.CALLING, PanelState.SHORT}),
        PanelState.CALLING: frozenset({PanelState.SEATED, PanelState.SHORT}),
        PanelState.SHORT: frozenset({PanelState.DRAWING, PanelState.CALLING}),  # without a draw: a representative
        PanelState.SEATED: frozenset({PanelState.CALLING, PanelState.SHORT}),
    },
    code="panel.state",
)


class SeatState(enum.StrEnum):
    """What became of one drawn person."""

    STANDBY = "standby"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SEATED = "seated"
    RECUSED = "recused"
    STRUCK = "struck"  # drawn before the opening, and then found to have a conflict: never asked


SEAT_LIFE = Machine(
    {
        SeatState.STANDBY: frozenset({SeatState.INVITED, SeatState.STRUCK}),
        SeatState.INVITED: frozenset({SeatState.ACCEPTED, SeatState.DECLINED}),
        SeatState.ACCEPTED: frozenset({SeatState.SEATED, SeatState.RECUSED}),
        SeatState.SEATED: frozenset({SeatState.RECUSED}),
        SeatState.DECLINED: frozenset(),
        SeatState.RECUSED: frozenset(),
        SeatState.STRUCK: frozenset(),
    },
    code="seat.state",
)
NEVER_ASKED = frozenset({SeatState.STANDBY, SeatState.STRUCK})
COUNTS = frozenset({SeatState.INVITED, SeatState.ACCEPTED, SeatState.SEATED})
CONFIRMED = frozenset({SeatState.ACCEPTED, SeatState.SEATED})
STANDBY_FOR_EACH = 2
LONGEST_REASON = 500


@dataclass(frozen=True)
class Drawn:
    """One place in the drawn order."""

    stratum: str
    order: int
    state: SeatState
    employer: str


def next_standby(seats: Collection[Drawn], *, stratum: str, max_per_org: int) -> int | None:
    """The order of the next standby of this stratum whose employer has room; None when there is nobody left.

    Whoever is passed over because a colleague sits keeps his place: once there is room it is his turn.
    """
    places = Counter(each.employer for each in seats if each.state in COUNTS)
    waiting = [
        each.order for each in seats
        if each.stratum == stratum and each.state is SeatState.STANDBY and places[each.employer] < max_per_org
    ]  # fmt: skip
    return min(waiting, default=None)


def why_not_call(*, state: PanelState | None, reason: str, law: Article) -> tuple[Reason, ...]:
    """Reasons against (a further) calling of a panel: one panel for a project, and a further draw says why.

    law: on experts drawn at random.  Law: 政府采购法 第39条.
    """
    if state is None:
        return ()
    if state is not PanelState.SHORT:
        return (Reason("panel.called", Kind.NOT_NOW, "评审小组已经抽取，不得另行抽取", law),)
    if not reason.strip():
        return (Reason("panel.further-without-reason", Kind.NOT_VALID, "补抽必须写明理由", law),)
    return ()


def why_not_name_again(*, wanted: int, named: int) -> tuple[Reason, ...]:
    """Reasons against naming so many representatives of the owner when some have left.

    Law: 87号令 第49条.
    """
    if named != wanted:
        text = "须另行指定{terms.buyer}代表{wanted}人"
        return (Reason("panel.representatives-wanted", Kind.NOT_VALID, text, None, {"wanted": wanted}),)
    return ()


def why_not_answer(*, state: SeatState, answer_by: datetime | None, at: datetime) -> tuple[Reason, ...]:
    """Reasons against answering an invitation; whose it is, the query has decided."""
    if state is not SeatState.INVITED:
        return (Reason("invitation.answered", Kind.NOT_NOW, "这份邀请已经答复或已失效"),)
    if answer_by is not None and at >= answer_by:
        return (Reason("invitation.too-late", Kind.NOT_NOW, "已过答复时限，已顺延至下一位"),)
    return ()


def why_not_pass_over(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking somebody out because of a decision on him: nobody does that by hand."""
    if by.role is not Role.SYSTEM:
        return (Reason("seat.not-system", Kind.NOT_YOURS, "因禁入退出由系统办理"),)
    return ()


def why_not_cancel(*, state: SeatState) -> tuple[Reason, ...]:
    """Reasons against taking one's acceptance back: once the panel sits, a member recuses himself there."""
    if state is not SeatState.ACCEPTED:
        return (Reason("invitation.not-accepted", Kind.NOT_NOW, "尚未接受，或评审小组已经到齐"),)
    return ()


def why_not_recuse(*, state: SeatState, reason: str, own: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against leaving a seat: the member himself, or the supervision body for him.

    Law: 87号令 第49条.
    """
    if not own and by.role is not Role.SUPERVISOR:
        return (Reason("seat.not-own", Kind.NOT_YOURS, "只有本人或监督人员可提出回避"),)
    if state not in CONFIRMED:
        return (Reason("seat.not-taken", Kind.NOT_NOW, "尚未就任或已经退出"),)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        return (Reason("seat.reason-missing", Kind.NOT_VALID, "请写明回避的理由（500字以内）"),)
    return ()
