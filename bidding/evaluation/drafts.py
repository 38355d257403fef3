"""A member's compliance review while he writes it: kept as he goes, his own, of no weight until he hands it in."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bidding.evaluation import queries, rules
from bidding.evaluation.models import Evaluation, ReviewDraft
from bidding.evaluation.queries import Member
from bidding.evaluation.rules import Step, Vote
from market.projects import queries as projects
from notifier.asking import asks_first
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


@asks_first
def save_review(*, project_number: str, votes: Sequence[Vote], by: Actor, at: datetime) -> ReviewDraft:
    """Keep one's compliance review as it stands, complete or not; nobody else reads it, and nothing follows from it.

    Refused when one is not a member or has not declared, outside the review, and once it is handed in.
    """
    project = projects.hold_published(project_number)
    own = queries.member(project, by)
    if own is None:
        raise Evaluation.DoesNotExist
    evaluation = queries.hold(project)
    refuse_if(
        rules.why_not_write_review(
            seat=own.seat.seat_no, declared=own.declared, step=Step(evaluation.step), submitted=own.reviewed,
            votes=votes,
        )
    )  # fmt: skip
    judged, known = {bid.org for bid in queries.bids(evaluation)}, queries.grounds(project)
    said = [
        {**asdict(vote), "grounds": [ground for ground in vote.grounds if ground in known]}
        for vote in votes
        if vote.org in judged
    ]
    row, _ = ReviewDraft.objects.update_or_create(
        seat=own.seat, defaults={"evaluation": evaluation, "votes": said, "saved_at": at}
    )
    return row


def kept(own: Member) -> tuple[Mapping[str, Mapping[str, Any]], datetime | None]:
    """What a member has written so far, by organisation, and when it was last kept."""
    row = ReviewDraft.objects.filter(seat=own.seat).first()
    return ({vote["org"]: vote for vote in row.votes}, row.saved_at) if row else ({}, None)
