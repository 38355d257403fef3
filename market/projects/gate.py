"""The question about decisions as a project asks it: in its regime, where it is, with the people one stands with."""

from collections.abc import Collection, Mapping
from datetime import datetime

from blacklist.gate import queries as blacklist
from intermediaries.registry import queries as registry
from market.projects.models import Project
from rulebook.refusal import Reason


def why_not_banned(project: Project, *, org: str, at: datetime, new: bool = True) -> tuple[Reason, ...]:
    """Reasons of decisions against an organisation or its legal representative in this project.

    new: as of `blacklist.gate.queries.why_not_take_part`.
    """
    return blacklist.why_not_take_part(
        org, regime=project.procedure.regime, region=project.region, people=registry.people_of(org), at=at, new=new
    )


def banned(project: Project, orgs: Collection[str], *, at: datetime) -> set[str]:
    """Which of these organisations may not take part, by themselves or by their legal representatives."""
    people = registry.people_of_all(orgs)
    out = blacklist.banned({*orgs, *people.values()}, regime=project.procedure.regime, region=project.region, at=at)
    return {org for org in orgs if org in out or people.get(org) in out}


def why_not_reviewed(
    project: Project, received: Mapping[str, datetime], *, at: datetime
) -> dict[str, tuple[Reason, ...]]:
    """Of those whose bids lie here, whom a ban keeps out at the review; as of `blacklist.gate.queries`."""
    people = registry.people_of_all(received)
    asked = {**received, **{tag: received[org] for org, tag in people.items()}}
    found = blacklist.why_not_reviewed(asked, regime=project.procedure.regime, region=project.region, at=at)
    told = {org: found.get(org, ()) + found.get(people.get(org, ""), ()) for org in received}
    return {org: reasons for org, reasons in told.items() if reasons}


def banned_judges(project: Project, tags: Collection[str], *, at: datetime) -> set[str]:
    """Which of these people, by their keyed hashes, a decision keeps from judging in this project."""
    return blacklist.banned(tags, regime=project.procedure.regime, region=project.region, at=at)
