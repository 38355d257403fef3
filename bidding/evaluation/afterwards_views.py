"""Doors of what comes after an evaluation: appraisals, and the supervision body's clues."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bidding.evaluation import afterwards, forms
from bidding.evaluation.models import Evaluation


@require_POST
@login_required
def appraise(request: HttpRequest, number: str) -> HttpResponse:
    """A member appraises the organiser, or the officer a member."""
    marks = {name[5:]: forms.whole(mark) for name, mark in request.POST.items() if name.startswith("mark:")}
    try:
        afterwards.appraise(
            project_number=number, seat_no=forms.whole(request.POST.get("seat", "")), marks=marks,
            text=request.POST.get("text", ""), by=request.actor, at=request.arrived_at,
        )  # fmt: skip
    except Evaluation.DoesNotExist as none:
        raise Http404 from none
    messages.success(request, _("评价已提交，只有监督部门可以看到。"))
    return redirect("bidding:evaluation", number)


@require_safe
@login_required
@never_cache
def clues(request: HttpRequest) -> HttpResponse:
    """How experts scored, for the supervision body."""
    try:
        rows = afterwards.clues(request.actor)
    except Evaluation.DoesNotExist as hidden:
        raise Http404 from hidden
    return render(request, "bidding/evaluation/clues.html", {"rows": rows})
