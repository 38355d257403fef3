"""What the page of a procurement's archive says of keeping and deleting it."""

from datetime import datetime
from typing import Any

from keeping.retention import queries, rules
from market.projects.models import Project
from rulebook.actor import Actor, Role
from rulebook.jurisdiction import in_region


def of(project: Project, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """until: day; held, deletion, deleted: rows for who is concerned; controls as {name: reasons against it}."""
    watches = in_region(viewer, project.region).role in rules.WATCHERS
    keeps = viewer.role is Role.OFFICER and viewer.organisation in (project.buyer_id, project.agent_id)
    told: dict[str, Any] = {"until": queries.until(project), "years": rules.YEARS, "law": rules.LAW,
                            "deleted": queries.done(project), "watches": watches, "keeps": keeps}  # fmt: skip
    if watches or keeps:
        waits = queries.under_way(project)
        told |= {
            "held": queries.hold(project), "deletion": waits,
            "against": queries.why_not_delete(project, by=viewer, at=at) if keeps else (),
            "against_confirming": queries.why_still_kept(project, at=at) if watches and waits else (),
        }  # fmt: skip
    return told
