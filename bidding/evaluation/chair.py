"""Signing in, and who leads the panel. Pure.

A member signs in and promises secrecy before he sees who bids; then he declares. The members elect their leader in
rounds of votes: more than half leads, else the next round is between the first two.
Law: 87号令 第45条; 评标委员会和评标方法暂行规定 第9条.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bidding.evaluation.rules import REPLACEABLE, Step, not_member, why_not_read_bodies
from rulebook.refusal import Kind, Reason


def why_not_sign_in(*, seat: int | None, step: Step, signed_in: bool, promised: bool) -> tuple[Reason, ...]:
    """Reasons against a member's signing in: once, with the promise of secrecy.

    Law: 87号令 第45条, 第66条.
    """
    if shut := not_member(seat):
        return shut
    if step not in REPLACEABLE:
        return (Reason("evaluation.over", Kind.NOT_NOW, "评审已经结束"),)
    if signed_in:
        return (Reason("sign-in.done", Kind.NOT_NOW, "您已签到"),)
    if not promised:
        return (Reason("sign-in.no-promise", Kind.NOT_VALID, "请承诺遵守评审纪律并保守秘密"),)
    return ()


@dataclass(frozen=True)
class Election:
    """Where the election stands.  round: that is voted in.  standing: who may be voted for in it."""

    leader: int | None
    round: int
    standing: tuple[int, ...]


def election(rounds: Sequence[Mapping[int, int]], *, seats: Collection[int], barred: Collection[int]) -> Election:
    """What the votes so far say.  rounds: voter ↦ choice, of each round.  barred: seats that may not lead.

    Votes of whoever no longer sits count for nothing; a round with a vote for him is void. A round is over when all
    seats have voted.
    """
    standing = tuple(sorted(set(seats) - set(barred)))
    for number, votes in enumerate([*rounds, {}], start=1):
        if any(choice not in seats for voter, choice in votes.items() if voter in seats):
            continue
        told = {voter: choice for voter, choice in votes.items() if voter in seats and choice in standing}
        if len(told) < len(seats):
            return Election(None, number, standing)
        counts = {each: sum(choice == each for choice in told.values()) for each in standing}
        best = sorted(standing, key=lambda each: (-counts[each], each))
        if 2 * counts[best[0]] > len(seats):
            return Election(best[0], number, standing)
        standing = tuple(sorted(best[:2]))
    raise AssertionError("the last round is always open")


def why_not_elect(
    *, seat: int | None, declared: bool, step: Step, stands: Election, choice: int, barred: Collection[int],
    voted: bool,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a member's vote for a leader: of this round, once; the owner's representative may not lead.

    Law: 87号令 第45条.
    """
    if shut := why_not_read_bodies(seat=seat, declared=declared):
        return shut
    if step not in REPLACEABLE or stands.leader is not None:
        return (Reason("leader.elected", Kind.NOT_NOW, "评审组长已经推选产生"),)
    if voted:
        return (Reason("leader.voted", Kind.NOT_NOW, "您已投票，请等待其他成员"),)
    if choice in barred:
        return (Reason("leader.owners", Kind.NOT_VALID, "{terms.buyer}代表不得担任组长"),)
    if choice not in stands.standing:
        return (Reason("leader.who", Kind.NOT_VALID, "请选择本轮的候选人"),)
    return ()


def why_not_begin(stands: Election) -> tuple[Reason, ...]:
    """Reasons against judging bids before there is a leader."""
    if stands.leader is None:
        return (Reason("leader.first", Kind.NOT_NOW, "请先推选评审组长"),)
    return ()
