"""Programs' doors of a draft: what is bought, documents, keys, approval, the minute of publication."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from ninja.security import django_auth
from pydantic import Field

from accounts.bodies import Seen, body_of, filled, typed
from accounts.flood import limited
from bidding.tender import committees, drafting, forms, queries, rules
from market.projects import services as project_services
from market.projects.told import HandedIn, Standing, handed_in, standing

router = Router(tags=["drafts"], auth=django_auth)
Draft = body_of(forms.ProjectForm)


class Factor(Schema):
    """One scoring factor.  max: points."""

    name: str
    max: str
    objective: bool = False
    technical: bool = False
    standard: str


class Drafted(Draft):  # type: ignore[valid-type,misc]
    """The draft as its page asks for it, with the scoring factors.  letter: of the purchaser an agent drafts for."""

    factors: list[Factor] = Field([], max_length=forms.MOST_FACTORS)
    letter: UUID | None = None


class Holders(Schema):
    """holders: credit codes of the standing roster, or none for one of each side.  k: how many of them open."""

    holders: list[str] = []
    k: int = Field(rules.THRESHOLD, ge=1, le=20)


def _said(body: Drafted) -> dict[str, Any]:
    form = forms.ProjectForm(typed(body, leave=("factors", "letter")))
    filled(form)
    rows = {f"factor-{n}-{name}": value for n, each in enumerate(body.factors) for name, value in typed(each).items()}
    counts = {"factor-TOTAL_FORMS": len(body.factors), "factor-INITIAL_FORMS": 0}
    factors = forms.factor_rows({**rows, **counts}, [])
    for row in factors.forms:
        filled(row)
    return {"facts": form.facts(), "terms": form.terms(factors)}


@router.post("/drafts", response=Standing)
@limited
def draft(request: HttpRequest, body: Drafted) -> Any:
    """Begin a procurement. Its number is answered."""
    made = drafting.draft(**_said(body), letter=body.letter, by=request.actor, at=request.arrived_at)
    return standing(made.project)


@router.put("/projects/{number}/draft", response=Standing)
@limited
def edit(request: HttpRequest, number: str, body: Drafted) -> Any:
    """Write the draft anew."""
    own = queries.own(number, viewer=request.actor)
    drafting.edit(project_number=number, **_said(body), by=request.actor, at=request.arrived_at)
    return standing(own.project)


@router.post("/projects/{number}/draft/documents", response=Standing)
def add_document(request: HttpRequest, number: str, file: File[UploadedFile]) -> Any:
    """Put a document to the draft, under the name of the file."""
    own = queries.own(number, viewer=request.actor)
    drafting.add_document(
        project_number=number, name=file.name or "", file=file, by=request.actor, at=request.arrived_at
    )
    return standing(own.project)


@router.delete("/projects/{number}/draft/documents/{name}", response=Standing)
def remove_document(request: HttpRequest, number: str, name: str) -> Any:
    """Take a document away from the draft."""
    own = queries.own(number, viewer=request.actor)
    drafting.remove_document(project_number=number, name=name, by=request.actor, at=request.arrived_at)
    return standing(own.project)


@router.post("/projects/{number}/draft/keys", response=Standing)
@limited
def request_keys(request: HttpRequest, number: str, body: Holders) -> Any:
    """Ask the key holders."""
    own = queries.own(number, viewer=request.actor)
    committees.request_keys(
        project_number=number, holders=body.holders, k=body.k, by=request.actor, at=request.arrived_at
    )
    return standing(own.project)


@router.post("/projects/{number}/draft/submission", response=Standing)
def submit(request: HttpRequest, number: str) -> Any:
    """Hand the draft in for approval."""
    own = queries.own(number, viewer=request.actor)
    drafting.submit_for_approval(project_number=number, by=request.actor, at=request.arrived_at)
    return standing(own.project)


@router.get("/projects/{number}/draft/approval", response=HandedIn)
def waiting(request: HttpRequest, number: str) -> Any:
    """Which draft was handed in, for the approval to name it."""
    return handed_in(queries.own(number, viewer=request.actor).project)


@router.post("/projects/{number}/draft/approval", response=Standing)
@limited
def approve(request: HttpRequest, number: str, body: Seen) -> Any:
    """Approve it as the second officer."""
    own = queries.own(number, viewer=request.actor)
    project_services.approve(number=number, seen=body.seen, by=request.actor, at=request.arrived_at)
    return standing(own.project)


@router.post("/projects/{number}/draft/return", response=Standing)
@limited
def send_back(request: HttpRequest, number: str, body: body_of(forms.CommentForm)) -> Any:  # type: ignore[valid-type]
    """Send it back with comments."""
    own = queries.own(number, viewer=request.actor)
    said = filled(forms.CommentForm(typed(body)))
    project_services.send_back(number=number, **said, by=request.actor, at=request.arrived_at)
    return standing(own.project)


@router.post("/projects/{number}/draft/schedule", response=Standing)
@limited
def schedule(request: HttpRequest, number: str, body: body_of(forms.ScheduleForm)) -> Any:  # type: ignore[valid-type]
    """Set the minute of publication."""
    own = queries.own(number, viewer=request.actor)
    said = filled(forms.ScheduleForm(typed(body)))
    drafting.schedule(project_number=number, **said, by=request.actor, at=request.arrived_at)
    return standing(own.project)


@router.delete("/projects/{number}/draft/schedule", response=Standing)
def cancel_schedule(request: HttpRequest, number: str) -> Any:
    """Take the scheduled publication back."""
    own = queries.own(number, viewer=request.actor)
    project_services.cancel_schedule(number=number, by=request.actor, at=request.arrived_at)
    return standing(own.project)
