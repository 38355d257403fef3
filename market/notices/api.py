"""Programs' doors of what is announced: every procurement, every notice; the end of one, its rest."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.security import django_auth

from accounts.bodies import body_of, filled, typed
from accounts.flood import limited
from market.notices import forms, queries, services, suspending
from market.projects import queries as projects
from market.projects import stops
from market.projects.models import Project
from market.projects.rules import ENDS, Stage
from market.projects.sides import Work
from market.projects.told import Shown, Standing, shown, standing
from rulebook.actor import STRANGER
from rulebook.times import iso

router = Router(tags=["notices"])
PAGE = 50
Page = Query(1, ge=1, le=100_000)


class Notice(Schema):
    """One announcement.  sha256: over its canonical JSON, which lies under it at /blobs/; it stands in the log."""

    project: str
    notice: int
    type: str
    title: str
    published_at: str
    sha256: str


class Whole(Notice):
    """The same with what it says."""

    text: dict[str, Any]


class Procurements(Schema):
    """more: ask for the next page."""

    projects: list[Shown]
    more: bool


class Notices(Schema):
    notices: list[Notice]
    more: bool


@router.get("/projects", auth=None, response=Procurements)
def every(request: HttpRequest, page: int = Page, stage: str = "", buyer: str = "") -> Any:
    """Published procurements, newest first.  stage: of the life; buyer: a credit code; empty for all."""
    found = projects.published()
    if stage:
        found = found.filter(stage=stage)
    if buyer:
        found = found.filter(buyer_id=buyer)
    rows = list(found[(page - 1) * PAGE : page * PAGE + 1])
    return {"projects": [shown(row) for row in rows[:PAGE]], "more": len(rows) > PAGE}


@router.get("/projects/{number}", auth=None, response=Shown)
def one(request: HttpRequest, number: str) -> Any:
    """One procurement; drafts are there for the officers of their own house."""
    return shown(projects.visible(number, viewer=request.actor))


@router.get("/projects/{number}/notices", auth=None, response=list[Whole])
def of_project(request: HttpRequest, number: str) -> Any:
    """Everything announced about one, word for word, in order."""
    found = projects.visible(number, viewer=STRANGER)
    return [{**_told(row), "text": row.content} for row in queries.of(found.number)]


@router.get("/notices", auth=None, response=Notices)
def newest(request: HttpRequest, page: int = Page, type: str = "") -> Any:
    """Every notice of everybody, newest first."""
    found = queries.published()
    if type:
        found = found.filter(type=type)
    rows = list(found[(page - 1) * PAGE : page * PAGE + 1])
    return {"notices": [_told(row) for row in rows[:PAGE]], "more": len(rows) > PAGE}


def _told(row: Any) -> dict[str, Any]:
    return {
        "project": row.project.number, "notice": row.number, "type": row.type, "title": row.project.title,
        "published_at": iso(row.published_at), "sha256": row.sha256,
    }  # fmt: skip


@router.post("/projects/{number}/end/{to}", auth=django_auth, response=Standing)
@limited
def end(request: HttpRequest, number: str, to: str, body: body_of(forms.EndForm)) -> Any:  # type: ignore[valid-type]
    """Fail (`FAILED`) or cancel (`CANCELLED`) a procurement, on a ground its law knows."""
    project = projects.visible(number, viewer=request.actor)
    if to not in ENDS or not project.does(Work.END, request.actor):
        raise Http404
    said = filled(forms.EndForm(typed(body), row=project.procedure, to=Stage(to)))
    services.end_by_hand(number=number, to=Stage(to), **said, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/suspension", auth=django_auth, response=Standing)
@limited
def suspend(request: HttpRequest, number: str, body: body_of(forms.SuspendForm)) -> Any:  # type: ignore[valid-type]
    """Let a procurement rest until an announced instant."""
    project = _orderable(request, number)
    grounds = stops.possible(regime=project.procedure.regime, stage=project.stage, role=request.actor.role)
    said = filled(forms.SuspendForm(typed(body), grounds=grounds))
    suspending.suspend(number=number, **said, matter="", by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/resumption", auth=django_auth, response=Standing)
@limited
def resume(request: HttpRequest, number: str, body: body_of(forms.ResumeForm)) -> Any:  # type: ignore[valid-type]
    """Let it go on."""
    project = _orderable(request, number)
    suspending.resume(number=number, **filled(forms.ResumeForm(typed(body))), by=request.actor, at=request.arrived_at)
    return standing(project)


def _orderable(request: HttpRequest, number: str) -> Project:
    """A published procurement this viewer may stop. Not found for everybody else."""
    project = projects.visible(number, viewer=request.actor)
    if project.published_at is None or stops.why_not_order(buyer=project.buyer_id, by=request.actor):
        raise Http404
    return project
