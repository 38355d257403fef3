"""Pages: both sides' ratings of a purchase, a provider's means with the rows behind them, bad ratings to follow up."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import name_of
from intermediaries.ratings import forms, queries, services
from intermediaries.ratings.models import Occasion, Rating
from intermediaries.ratings.rules import DIMENSIONS, MEAN_LAW, RULES, Side
from intermediaries.ratings.words import DIMENSION_WORDS, FINDING_WORDS, LEVEL_WORDS, SIDE_WORDS, means_of
from intermediaries.registry.forms import told
from intermediaries.registry.views import for_keepers
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if


@require_http_methods(["GET", "HEAD", "POST"])
def ratings(request: HttpRequest, number: str) -> HttpResponse:
    """What both sides say of each other: to each its own until both are shown. 404 before the purchase has ended."""
    occasion = queries.of(number)
    viewer, at = request.actor, request.arrived_at
    own = occasion.parties.side_of(viewer)
    against = queries.why_not_begin(occasion, by=viewer, at=at)
    form = forms.RatingForm(request.POST or None, request.FILES or None, side=own.other if own else Side.PROVIDER)
    if request.method == "POST":
        refuse_if(against)
    if request.method == "POST" and form.is_valid():
        for reason in queries.why_not_say(occasion, said=form.rating(), by=viewer, at=at):
            form.add_error(None, reason.sentence())  # what was typed stays
    if request.method == "POST" and form.is_valid():
        services.record_rating(number=number, **form.rating(), files=form.cleaned_data["files"], by=viewer, at=at)
        messages.success(request, _("评价已封存，双方都评价后或者期限届满时公开。"))
        return redirect("intermediaries:ratings", number)
    shown = {
        "nav": "notices", "occasion": occasion, "own": own, "form": form, "against": against, "rules": RULES,
        "over": at >= occasion.closes_at,
        "ratings": [_told(row, viewer) for row in _in_order(queries.given(occasion, viewer=viewer))],
        "subject": occasion.name(own.other) if own else "",
    }  # fmt: skip
    return render(request, "intermediaries/ratings/ratings.html", shown, status=422 if form.errors else 200)


@require_POST
@login_required
def answer(request: HttpRequest, number: str, side: str) -> HttpResponse:
    """Answer a low rating."""
    said = told(forms.AnswerForm(request.POST, request.FILES))
    services.answer(number=number, side=side, **said, by=request.actor, at=request.arrived_at)
    messages.success(request, _("答复已公开，等待核查。"))
    return redirect("intermediaries:ratings", number)


@require_POST
@for_keepers
def find(request: HttpRequest, number: str, side: str) -> HttpResponse:
    """Say what was found of a low rating."""
    said = told(forms.FindingForm(request.POST))
    services.find(number=number, side=side, **said, by=request.actor, at=request.arrived_at)
    messages.success(request, _("结论已公开。"))
    return redirect("intermediaries:follow_ups")


@require_safe
@for_keepers
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Low ratings that wait for a finding."""
    rows = [(each, _told(each.rating, request.actor), forms.FindingForm(auto_id=f"id_{each.pk}_%s"))
            for each in queries.to_find(request.actor, at=request.arrived_at)]  # fmt: skip
    shown = {"nav": "providers", "rows": rows, "finds": request.actor.role is Role.SUPERVISOR}
    return render(request, "intermediaries/ratings/follow_ups.html", shown)


@require_safe
def explained(request: HttpRequest, code: str) -> HttpResponse:
    """Every mean of a provider with the rows it is made of, and those that are in none, each with the reason."""
    rows = queries.shown_of(code)
    shown = {
        "nav": "providers", "code": code, "name": name_of(code), "means": means_of(queries.mean_of(code)),
        "law": MEAN_LAW, "rows": [(each, _told(each.rating, request.actor, files=False)) for each in rows],
        "heads": [DIMENSION_WORDS[key] for key in DIMENSIONS[Side.PROVIDER]],
    }  # fmt: skip
    return render(request, "intermediaries/ratings/explained.html", shown)


def _in_order(given: dict[Side, Rating]) -> list[Rating]:
    return [given[side] for side in (Side.PROVIDER, Side.BUYER) if side in given]


def _told(row: Rating, viewer: Actor, *, files: bool = True) -> dict[str, Any]:
    """A rating for a page, with what becomes of it.  files: those this reader may have, one read a rating."""
    held = queries.follow_up(row)
    occasion: Occasion = row.occasion
    side = Side(row.side)
    given, answered = queries.files_of(row, viewer=viewer) if files else ([], [])
    return {
        "files": given, "answer_files": answered,
        "row": row, "occasion": occasion, "of": SIDE_WORDS[side], "by": SIDE_WORDS[side.other],
        "name": occasion.name(side), "level": LEVEL_WORDS[row.level], "follow_up": held,
        "scores": [(DIMENSION_WORDS[key], row.scores.get(key)) for key in DIMENSIONS[side]],
        "finding": FINDING_WORDS.get(held.finding) if held else None,
        "answers": not queries.why_not_answer(row, text="-----", by=viewer),
        "form": forms.AnswerForm(auto_id=f"id_{side}_%s"),
    }  # fmt: skip
