"""Doors of lapses: written down and decided by keepers, answered by their experts."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from experts.registry import forms, lapses
from experts.registry.models import Expert, Lapse
from experts.registry.views import _valid, for_keepers


@require_POST
@for_keepers
def record_lapse(request: HttpRequest, expert: UUID) -> HttpResponse:
    """Write one down."""
    row = get_object_or_404(Expert, public_id=expert)
    form = forms.LapseForm(request.POST)
    _valid(form)
    lapses.record(number=row.number, **form.told(), by=request.actor, at=request.arrived_at)
    return redirect("experts:expert", expert)


@require_POST
@login_required
def answer_lapse(request: HttpRequest, lapse: UUID) -> HttpResponse:
    """Say how it was. Anybody else's does not exist."""
    row = get_object_or_404(Lapse, public_id=lapse, expert__user__public_id=request.actor.person or None)
    lapses.answer(lapse=row, text=request.POST.get("text", ""), by=request.actor, at=request.arrived_at)
    return redirect("experts:me")


@require_POST
@for_keepers
def decide_lapse(request: HttpRequest, lapse: UUID) -> HttpResponse:
    """Whether it counts."""
    row = get_object_or_404(Lapse.objects.select_related("expert"), public_id=lapse)
    upheld = request.POST.get("outcome") == "upheld"
    note = request.POST.get("note", "")
    lapses.decide(lapse=row, upheld=upheld, note=note, by=request.actor, at=request.arrived_at)
    return redirect("experts:expert", row.expert.public_id)
