"""Programs' doors of questions, answers, clarifications and corrections."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from accounts.bodies import Seen, body_of, filled, typed
from accounts.flood import limited
from bidding.changes import forms, queries, services
from bidding.tender import queries as tenders
from market.projects import queries as projects
from market.projects.told import Standing, standing
from rulebook.times import iso

router = Router(tags=["changes"], auth=django_auth)


class Asked(Schema):
    question: str


class Difference(Schema):
    """One place that reads differently from now on."""

    place: str
    was: str = ""
    now: str = ""


class Change(Schema):
    """What is said.  answers: a question's id ↦ the answer.  closes_at: where the deadline moves, with its zone."""

    text: str = ""
    answers: dict[str, str] = {}
    differences: list[Difference] = []
    may_affect: bool
    closes_at: datetime | None = None


class Pending(Schema):
    """A change that waits, whole.  seen: by what an approval names it."""

    seen: str
    text: str
    differences: list[Difference]
    answers: dict[str, str]
    documents: list[dict[str, str]]
    may_affect: bool
    closes_at: str | None


class Questions(Schema):
    """own: the viewer's, and whether each was answered.  open: what waits for the viewer's answer."""

    own: list[dict[str, Any]]
    open: list[dict[str, str]]


@router.get("/projects/{number}/questions", response=Questions)
def questions(request: HttpRequest, number: str) -> Any:
    """One's own questions; for the buyer's officers those that wait. Nobody learns who asked."""
    tender = tenders.tender(projects.visible(number, viewer=request.actor).number)
    waiting = queries.open_questions(tender, viewer=request.actor)
    own = [
        {key: str(value) for key, value in each.items()} for each in queries.own_questions(tender, viewer=request.actor)
    ]
    return {"own": own, "open": [{"question": str(each.public_id), "text": each.text} for each in waiting]}


@router.post("/projects/{number}/questions", response=Asked)
@limited
def ask(request: HttpRequest, number: str, body: body_of(forms.AskForm)) -> Any:  # type: ignore[valid-type]
    """Ask about the documents."""
    shown = projects.visible(number, viewer=request.actor)
    said = filled(forms.AskForm(typed(body)))
    made = services.ask(project_number=shown.number, **said, by=request.actor, at=request.arrived_at)
    return {"question": str(made.public_id)}


@router.post("/projects/{number}/changes", response=Standing)
@limited
def propose(request: HttpRequest, number: str, body: Change) -> Any:
    """Draft answers, a clarification or a correction for a second officer. New documents go by the page."""
    tender = tenders.own(number, viewer=request.actor)
    rows = [(each.place, each.was, each.now) for each in body.differences]
    services.propose(
        project_number=number, text=body.text, differences=rows, answers=body.answers, may_affect=body.may_affect,
        closes_at=body.closes_at, by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    return standing(tender.project)


@router.get("/projects/{number}/changes/pending", response=Pending)
def pending(request: HttpRequest, number: str) -> Any:
    """What waits for the approval of another officer. 404 where nothing does."""
    waits = queries.pending(tenders.own(number, viewer=request.actor))
    if waits is None:
        raise Http404
    return {
        "seen": str(waits.public_id), "text": waits.text, "differences": waits.differences,
        "answers": {str(each.question.public_id): each.text for each in waits.answers.select_related("question")},
        "documents": [{"name": each.name, "sha256": each.sha256} for each in waits.documents.order_by("id")],
        "may_affect": waits.may_affect, "closes_at": iso(waits.closes_at) if waits.closes_at else None,
    }  # fmt: skip


@router.post("/projects/{number}/changes/approval", response=Standing)
@limited
def approve(request: HttpRequest, number: str, body: Seen) -> Any:
    """Approve what another officer drafted: it is announced at once."""
    tender = tenders.own(number, viewer=request.actor)
    services.approve(project_number=number, seen=body.seen, by=request.actor, at=request.arrived_at)
    return standing(tender.project)


@router.post("/projects/{number}/changes/return", response=Standing)
@limited
def send_back(request: HttpRequest, number: str, body: body_of(forms.CommentForm)) -> Any:  # type: ignore[valid-type]
    """Send it back with comments."""
    tender = tenders.own(number, viewer=request.actor)
    said = filled(forms.CommentForm(typed(body)))
    services.send_back(project_number=number, **said, by=request.actor, at=request.arrived_at)
    return standing(tender.project)
