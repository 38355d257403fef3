"""Who stands with a bid besides its bidder: the other members of a consortium, and who would lead the project.

Written when the bid is opened, by the opening; every gate of the project asks about them from then on.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from intermediaries.registry.tags import tags
from market.projects.leading import NAMED, why_not_lead
from market.projects.models import Project, StandsWith
from market.projects.rules import Stage
from rulebook.refusal import Reason

SEALED = frozenset({Stage.DRAFT, Stage.OPEN})
RUNNING = (Stage.AWARDED.value, Stage.CONTRACTED.value)
NOBODY: dict[str, tuple[str, ...]] = {}


def note_members(*, project: Project, org: str, members: Mapping[str, str], at: datetime) -> None:
    """Write down with whom an opened bid is made.  members: credit code ↦ name."""
    for code, name in members.items():
        _note(project, org, code, StandsWith.Kind.MEMBER, name, at=at)


def note_leader(*, project: Project, org: str, name: str, id_number: str, certificate: str, at: datetime) -> None:
    """Write down whom an opened bid would have lead the project; of the number only the keyed hash is kept."""
    _note(project, org, tags(id_number)[0], StandsWith.Kind.LEADER, name, certificate=certificate, at=at)


def _note(project: Project, org: str, key: str, kind: str, name: str, *, certificate: str = "", at: datetime) -> None:
    facts = {"kind": kind, "name": name, "certificate": certificate, "at": at}
    StandsWith.objects.get_or_create(project=project, org=org, key=key, defaults=facts)


def beside(project: Project) -> dict[str, tuple[str, ...]]:
    """Bidder ↦ the keys of whoever stands with him; nobody before the opening, and where no bids are handed in."""
    if Stage(project.stage) in SEALED or not project.procedure.takes_offers:
        return NOBODY
    found: dict[str, list[str]] = defaultdict(list)
    for org, key in StandsWith.objects.filter(project=project).order_by("pk").values_list("org", "key"):
        found[org].append(key)
    return {org: tuple(keys) for org, keys in found.items()}


def members(project: Project) -> dict[str, dict[str, str]]:
    """Bidder ↦ the bodies its opened bid is made with: credit code ↦ name."""
    if Stage(project.stage) in SEALED or not project.procedure.takes_offers:
        return {}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in StandsWith.objects.filter(project=project, kind=StandsWith.Kind.MEMBER).order_by("pk"):
        found[row.org][row.key] = row.name
    return found


def leaders(project: Project) -> dict[str, StandsWith]:
    """Bidder ↦ whom his opened bid would have lead the project."""
    if Stage(project.stage) in SEALED:
        return {}
    rows = StandsWith.objects.filter(project=project, kind=StandsWith.Kind.LEADER).order_by("pk")
    return {row.org: row for row in rows}


def published_leaders(project: Project) -> dict[str, dict[str, dict[str, str]]]:
    """Bidder ↦ {"leader": {"name", "certificate"}} as a publicity of candidates says it, where its law wants that.

    As the opened bid has it; of the number there is nothing to tell, it is not kept.
    """
    if project.procedure.regime not in NAMED:
        return {}
    return {
        org: {"leader": {"name": row.name, "certificate": row.certificate}} for org, row in leaders(project).items()
    }


def why_not_led(project: Project, orgs: Sequence[str]) -> dict[str, tuple[Reason, ...]]:
    """Bidder ↦ why his leader may not lead this project as well: it would be one too many of those that run."""
    named = {org: row for org, row in leaders(project).items() if org in orgs}
    if not named:
        return {}
    elsewhere = StandsWith.objects.filter(
        kind=StandsWith.Kind.LEADER, key__in=[row.key for row in named.values()], project__stage__in=RUNNING
    ).exclude(project=project)
    running: dict[str, set[str]] = defaultdict(set)
    regime = project.procedure.regime
    for row in elsewhere.select_related("project"):
        won = row.project.awards.filter(organisation=row.org, declined_at=None).exists()
        if won and row.project.procedure.regime == regime:
            running[row.key].add(row.project.number)
    told = {
        org: why_not_lead(regime=regime, name=row.name, running=sorted(running[row.key])) for org, row in named.items()
    }
    return {org: reasons for org, reasons in told.items() if reasons}
