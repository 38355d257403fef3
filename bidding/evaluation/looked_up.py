"""Who offered is looked up in the lists that a law wants asked, once the bids are open; who may see what was found."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.queries import names_of
from bidding.opening import queries as openings
from bidding.opening.consortia import members_of
from bidding.tender import queries as tenders
from blacklist.lists import queries, services
from blacklist.lists.models import Inquiry
from blacklist.lists.rules import ASKED, Gate
from market.projects import queries as projects
from market.projects.models import Project
from rulebook.actor import Actor, Role

VIEWERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})


@transaction.atomic
def look_up(*, number: str, by: Actor, at: datetime) -> int:
    """Look up every bidder whose bid is open, and whoever bids with it; once each.

    Law: 财库〔2016〕125号 第二条.
    """
    project = projects.hold_published(number)
    bids = openings.opened_bids(tenders.tender(number))
    codes = {code for bid in bids for code in (bid.org, *members_of(bid.consortium))}
    regime = project.procedure.regime
    if not ASKED[regime]:
        return 0
    return services.look_up(about=project.log, gate=Gate.REVIEW, bodies=names_of(codes), regime=regime, by=by, at=at)


def seen(project: Project, viewer: Actor) -> list[Inquiry] | None:
    """What this viewer may see: the buyer's officers and the supervision all, a bidder its own; None: nothing."""
    if viewer.role in VIEWERS or project.is_officer(viewer):
        return list(queries.inquiries(project.log))
    if viewer.role is Role.PROVIDER and viewer.organisation:
        return list(queries.inquiries(project.log, code=viewer.organisation)) or None
    return None


def told(project: Project, rows: list[Inquiry]) -> dict[str, Any]:
    """The page of them."""
    return {"project": project, "rows": rows, "lists": ASKED[project.procedure.regime]}
