"""Doors of certificates; the lists stand on the pages of the person and of the keepers."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from experts.certificates import forms, queries, services
from experts.certificates.rules import MOST_BYTES, Proof
from experts.registry.models import Expert
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, refuse_if


def _home(viewer: Actor) -> HttpResponse:
    """The page on which one keeps one's certificates."""
    enrolled = Expert.objects.filter(user__public_id=viewer.person).exists()
    return redirect("experts:me" if enrolled else "experts:apply")


@require_POST
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Hand one in."""
    if request.actor.role is not Role.EXPERT:
        raise Http404
    form = forms.Adding(request.POST, request.FILES)
    form.is_valid()
    refuse_if(
        Reason("certificate.form", Kind.NOT_VALID, "{field}：{why}", None, {"field": form[field].label, "why": why})
        for field, errors in form.errors.items()
        for why in errors
    )
    said = form.cleaned_data
    file = said["file"].read(MOST_BYTES + 1)
    services.add(
        proof=Proof(said["proof"]), name=said["name"], file=file, valid_until=said["valid_until"], by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    return _home(request.actor)


@require_POST
@login_required
def remove(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """Take one back."""
    services.remove(certificate=queries.one(certificate, request.actor), by=request.actor, at=request.arrived_at)
    return _home(request.actor)


@require_POST
@login_required
def look(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """The file itself, for its person or for a keeper with a purpose; no cache keeps it."""
    row = queries.one(certificate, request.actor)
    purpose = request.POST.get("purpose", "")
    file = services.look(certificate=row, purpose=purpose, by=request.actor, at=request.arrived_at)
    headers = {"Content-Disposition": f'attachment; filename="certificate.{row.suffix}"', "Cache-Control": "no-store"}
    return HttpResponse(file, content_type="application/octet-stream", headers=headers)
