"""A procurement as programs read it. Only what its page says to everybody."""

from typing import Any

from django.urls import reverse
from ninja import Schema

from market.projects.models import Project
from rulebook.times import iso


class Standing(Schema):
    """Where a procurement stands after an act."""

    number: str
    stage: str


class HandedIn(Schema):
    """A draft.  seen: by what an approval names it, empty where it is not handed in.  page: where it is read."""

    number: str
    seen: str
    page: str


class Shown(Schema):
    """A procurement. Amounts are yuan as text, instants UTC; null before there is one."""

    number: str
    title: str
    buyer: str
    buyer_name: str
    method: str
    edition: str
    category: str
    stage: str
    stage_at: str
    region: str
    published_at: str | None
    batch: str
    lot: int
    page: str


def standing(project: Project) -> dict[str, Any]:
    project.refresh_from_db(fields=["stage"])
    return {"number": project.number, "stage": project.stage}


def handed_in(project: Project) -> dict[str, Any]:
    """What `HandedIn` says."""
    page = reverse(project.procedure.publish_url, args=[project.number])
    return {"number": project.number, "seen": project.handed_in, "page": page}


def shown(project: Project) -> dict[str, Any]:
    """What `Shown` says."""
    return {
        **{name: getattr(project, name) for name in ("number", "title", "method", "edition", "category", "stage")},
        "buyer": project.buyer_id,
        "buyer_name": project.buyer.name,
        "stage_at": iso(project.stage_at),
        "region": project.region,
        "published_at": iso(project.published_at) if project.published_at else None,
        "batch": project.batch,
        "lot": project.lot,
        "page": project.get_absolute_url(),
    }
