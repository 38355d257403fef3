"""A bidder's own sealed envelopes: to have, to open at home, to hand in again where the stored file was damaged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bidding.opening import queries
from bidding.opening.queries import Standing
from bidding.submission import queries as submissions
from market.projects.models import Project
from rulebook.actor import Actor, Role


@dataclass(frozen=True)
class Copies:
    """One bidder's envelopes, newest first.  rows: versions as `my_bid`.  wanted: hashes the platform waits for."""

    rows: list[dict[str, Any]]
    wanted: tuple[str, ...]


def copies(project: Project, *, viewer: Actor, at: datetime) -> Copies:
    """What the viewer handed in himself; nothing for anyone but a provider. Raises Tender.DoesNotExist."""
    standing = queries.stand(project, at=at, only=viewer.organisation)
    versions = submissions.my_bid(standing.tender, viewer=viewer)["versions"]
    return Copies(versions[::-1], tuple(wanted(standing, viewer=viewer)))


def wanted(standing: Standing, *, viewer: Actor) -> list[str]:
    """Hashes of the viewer's own envelopes whose stored files are damaged, while a copy still helps."""
    if viewer.role is not Role.PROVIDER:
        return []
    own = [unit for unit in standing.units if unit.bid.organisation == viewer.organisation]
    return [unit.bid.env_sha256 for unit in own if unit.damaged_at and not unit.verdict]
