"""Reads of packages: who may have which is decided here."""

from datetime import date
from typing import Any, BinaryIO

from keeping.archives import rules
from keeping.archives.models import Package, ToPack
from keeping.archives.rules import Level
from ledger import blobs
from ledger import queries as ledger
from market.projects.models import Project
from market.projects.rules import LIFE, Stage
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.jurisdiction import in_region

FOLDER = "archives"  # of the kept files: full packages are nobody's to guess
ENDED = frozenset(stage for stage in Stage if LIFE.is_final(stage))


def is_over(project: Project) -> bool:
    """Whether the procurement has ended, one way or another."""
    return project.stage in ENDED


def levels(project: Project, viewer: Actor) -> list[Level]:
    """Which packages of a procurement somebody may have."""
    owners = frozenset(filter(None, (project.buyer_id, project.agent_id)))
    by = in_region(viewer, project.region)
    return [level for level in Level if rules.may_have(level, owners=owners, by=by)]


def newest(project: Project, level: Level) -> Package | None:
    """The newest package of a level; None before the first."""
    return Package.objects.filter(project=project, level=level).select_related("entry").order_by("-upto").first()


def package(project: Project, level: Level, *, viewer: Actor) -> Package:
    """The newest package, for who may have it. Package.DoesNotExist for everybody else, and before it is made."""
    found = newest(project, level) if level in levels(project, viewer) else None
    if found is None:
        raise Package.DoesNotExist
    return found


def opened(found: Package) -> BinaryIO:
    """Its bytes, to be streamed. FileNotFoundError once they were deleted by rule."""
    return blobs.open_blob(found.sha256, folder=FOLDER)


def proof(found: Package) -> dict[str, Any]:
    """What shows without us that the log holds this package's hash; `proof` is empty until a checkpoint covers it."""
    return {
        "sha256": found.sha256,
        "entry": bytes(found.entry.leaf).decode(),
        "proof": ledger.tlog_proof(found.entry) or "",
    }


def waiting(project: Project) -> ToPack | None:
    """When the next package is made, if one is to be."""
    return ToPack.objects.filter(project=project).first()


def ended_on(project: Project) -> date:
    """The day a procurement ended, in China; its terms of keeping run from it."""
    return day_in_china(project.stage_at)
