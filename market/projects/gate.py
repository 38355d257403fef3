"""The question about decisions as a project asks it: in its regime, where it is, with the people one stands with."""

from collections.abc import Collection, Mapping
from datetime import datetime

from blacklist.gate import queries as blacklist
from blacklist.gate.queries import Held
from intermediaries.registry import queries as registry
from market.projects import standing
from market.projects.models import Project
from rulebook.refusal import Reason


def why_not_banned(project: Project, *, org: str, at: datetime, new: bool = True) -> tuple[Reason, ...]:
    """Reasons of decisions against an organisation or whoever it stands with in this project: its legal representative
    and, once its bid is open, the members and the leader that names.

    new: as of `blacklist.gate.queries.why_not_take_part`.
    """
    others = standing.beside(project).get(org, ())
    people = (*others, *registry.people_of_all((org, *others)).values()) if others else registry.people_of(org)
    return blacklist.why_not_take_part(
        org, regime=project.procedure.regime, region=project.region, people=people, at=at, new=new
    )


def banned(project: Project, orgs: Collection[str], *, at: datetime) -> set[str]:
    """Which of these organisations may not take part, by themselves or by their legal representatives."""
    people = registry.people_of_all(orgs)
    out = blacklist.banned({*orgs, *people.values()}, regime=project.procedure.regime, region=project.region, at=at)
    return {org for org in orgs if org in out or people.get(org) in out}


def held(project: Project, received: Mapping[str, datetime], *, at: datetime) -> dict[str, tuple[Held, ...]]:
    """Of those whose bids lie here, every decision that binds them now; as of `blacklist.gate.queries`.

    A ban on whoever an opened bid names besides its bidder is the bid's.
    """
    beside = standing.beside(project)
    people = registry.people_of_all({*received, *(key for keys in beside.values() for key in keys)})
    stands = {org: (org, *beside.get(org, ())) for org in received}
    keys = {org: {*own, *(people[key] for key in own if key in people)} for org, own in stands.items()}
    asked: dict[str, datetime] = {}
    for org, own in keys.items():
        for key in own:  # one who stands with several bids counts from the first of them
            asked[key] = min(received[org], asked.get(key, received[org]))
    found = blacklist.held(asked, regime=project.procedure.regime, region=project.region, at=at)
    told = {org: tuple(each for key in sorted(own) for each in found.get(key, ())) for org, own in keys.items()}
    return {org: bans for org, bans in told.items() if bans}


def why_not_reviewed(
    project: Project, received: Mapping[str, datetime], *, at: datetime
) -> dict[str, tuple[Reason, ...]]:
    """Of those whose bids lie here, whom a ban keeps out at the review; as `held` tells."""
    told = held(project, received, at=at)
    counting = {org: tuple(each.reason for each in bans if each.at_review) for org, bans in told.items()}
    return {org: reasons for org, reasons in counting.items() if reasons}


def banned_judges(project: Project, tags: Collection[str], *, at: datetime) -> set[str]:
    """Which of these people, by their keyed hashes, a decision keeps from judging in this project."""
    return blacklist.banned(tags, regime=project.procedure.regime, region=project.region, at=at)


def why_not_judge(number: str, tag: str, *, at: datetime) -> tuple[Reason, ...]:
    """Reasons of decisions against one person's judging in a project.  tag: his keyed hash."""
    project = Project.objects.get(number=number)
    regime, region = project.procedure.regime, project.region
    return blacklist.why_not_take_part("", regime=regime, region=region, people=(tag,), at=at)
