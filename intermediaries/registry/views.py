"""Pages: entering by promise, one's own entry, objecting to somebody's data; the desk of the register's keepers."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.source import source_of
from intermediaries.registry import correcting, forms, keeping, leaving, promise, queries, renaming, rules, services
from intermediaries.registry.models import Correction, DataObjection, Provider, StaffClaim
from intermediaries.registry.words import CHANGE_WORDS, CLAIM_WORDS, FINDING_WORDS, OUTCOME_WORDS, STATE_WORDS
from rulebook.actor import Role
from rulebook.calendar import day_in_china

View = Callable[..., HttpResponse]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Read the promise, fill in the profile, sign: in the register at once."""
    if request.actor.role is not Role.PROVIDER:
        raise Http404
    row = queries.own(request.actor)
    if row is not None and row.state == rules.State.ENTERED:
        return redirect("intermediaries:me")
    before = {field: getattr(row, field) for field in rules.PROFILE} if row else {}
    form = forms.Entering(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        promised = form.cleaned_data["promised"]
        services.enter(profile=form.profile(), promised=promised, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已入驻，即时生效。请登记资质、人员和服务。"))
        return redirect("intermediaries:me")
    told = {"nav": "providers", "form": form, "clauses": promise.CLAUSES, "edition": promise.EDITION, "row": row}
    return render(request, "intermediaries/registry/enter.html", told, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD"])
def me(request: HttpRequest) -> HttpResponse:
    """One's own entry: what it says, what ends when, and everything that can be changed."""
    row = queries.own(request.actor)
    if row is None:
        if request.actor.role is not Role.PROVIDER:
            raise Http404
        return redirect("intermediaries:enter")
    on = day_in_china(request.arrived_at)
    profile = {field: getattr(row, field) for field in rules.PROFILE}
    people = row.staff.filter(left_on=None).prefetch_related("certificates").order_by("name", "pk")
    told = {
        "nav": "providers", "row": row, "on": on, "soon": on + rules.REMIND_BEFORE,
        "state_words": STATE_WORDS[rules.State(row.state)], "entered": row.state == rules.State.ENTERED,
        "claim_form": forms.Claiming(initial={"left_on": on}, prefix="w"), "claimed": queries.claims_of(row),
        "claims": [(each, forms.ObjectingToClaim(initial={"claim": each.public_id}, prefix=f"o{each.pk}"))
                   for each in queries.claims_against(row)],
        "claim_words": CLAIM_WORDS,
        "corrections": [(each, forms.Corrected(initial={"correction": each.pk}, prefix=f"k{each.pk}"))
                        for each in queries.own_corrections(row)],
        "rename_form": forms.Renaming(initial={"since": on}, prefix="n"), "former": row.former_names.order_by("-pk"),
        "profile_form": forms.Profile(initial=profile), "qualification_form": forms.QualificationForm(prefix="q"),
        "employ_form": forms.Employing(initial={"joined_on": on}, prefix="e"),
        "place_form": forms.PlaceForm(prefix="p"),
        "qualifications": queries.held(row),
        "people": [
            (who, [each for each in who.certificates.all() if each.struck_on is None],
             forms.Certifying(initial={"person": who.pk}, prefix=f"c{who.pk}"),
             forms.Dismissing(initial={"person": who.pk, "left_on": on}, prefix=f"d{who.pk}"))
            for who in people
        ],
        "places": row.places.order_by("-main", "region"),
        "history": [(CHANGE_WORDS[line["what"]], line) for line in queries.history(row)],
        "objections": [(each, getattr(each, "found", None)) for each in queries.objections(row)[:50]],
        "finding_words": FINDING_WORDS,
    }  # fmt: skip
    return render(request, "intermediaries/registry/me.html", told)


def _profile(code: str, said: dict[str, Any], **who: Any) -> None:
    services.change_profile(code=code, profile=said, **who)


def _strike(code: str, said: dict[str, Any], **who: Any) -> None:
    services.strike_qualification(code=code, qualification=said["row"], **who)


def _close(code: str, said: dict[str, Any], **who: Any) -> None:
    services.close_place(code=code, place=said["row"], **who)


def _act(service: Callable[..., object]) -> Callable[..., object]:
    return lambda code, said, **who: service(code=code, **said, **who)


def _object(code: str, said: dict[str, Any], **who: Any) -> None:
    row = get_object_or_404(StaffClaim, public_id=said["claim"], person__provider__organisation=code)
    leaving.object_to(claim=row, text=said["text"], **who)


def _corrected(code: str, said: dict[str, Any], **who: Any) -> None:
    row = get_object_or_404(Correction, pk=said["correction"], check_row__provider__organisation=code)
    correcting.say(correction=row, text=said["text"], **who)


class _Row(django_forms.Form):
    """Which row of one's own."""

    row = django_forms.IntegerField()


# What can be done on one's own page: address → (its form, prefix of its fields, the act).
ACTS: Mapping[str, tuple[type[django_forms.Form], str, Callable[..., object]]] = {
    "profile": (forms.Profile, "", _profile),
    "corrected": (forms.Corrected, "k", _corrected),
    "claim": (forms.Claiming, "w", _act(leaving.claim)),
    "object-claim": (forms.ObjectingToClaim, "o", _object),
    "rename": (forms.Renaming, "n", _act(renaming.rename)),
    "qualification": (forms.QualificationForm, "q", _act(services.add_qualification)),
    "strike": (_Row, "", _strike),
    "employ": (forms.Employing, "e", _act(services.employ)),
    "certify": (forms.Certifying, "c", _act(services.certify)),
    "dismiss": (forms.Dismissing, "d", _act(services.dismiss)),
    "place": (forms.PlaceForm, "p", _act(services.open_place)),
    "close-place": (_Row, "", _close),
}  # fmt: skip


@login_required
@require_POST
def change(request: HttpRequest, act: str) -> HttpResponse:
    """One change of one's own entry."""
    row = queries.own(request.actor)
    if row is None or act not in ACTS:
        raise Http404
    shape, prefix, do = ACTS[act]
    numbered = request.POST.get("of", "")
    form = shape(request.POST, request.FILES, prefix=prefix + numbered if prefix else None)
    do(row.organisation_id, forms.told(form), by=request.actor, at=request.arrived_at)
    messages.success(request, _("已更新，即时生效，并记入变更记录。"))
    return redirect("intermediaries:me")


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is wrong in a provider's data."""
    row = get_object_or_404(Provider.objects.select_related("organisation"), organisation=code, state__in=queries.SHOWN)
    form = forms.Objecting(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source = source_of(request)
        keeping.raise_objection(code=code, **form.cleaned_data, source=source, by=request.actor, at=request.arrived_at)
        messages.success(request, _("异议已提交，核查结论会公布在机构页面上。"))
        return redirect("market:shopfront", code)
    today = queries.objected_today(source_of(request), at=request.arrived_at)
    against = rules.why_not_object(provider=code, text="-----", reachable=True, today=today, by=request.actor)
    told = {"nav": "providers", "row": row, "form": form, "against": against}
    return render(request, "intermediaries/registry/object.html", told, status=422 if form.errors else 200)


# --- the keepers' desk -----------------------------------------------------------------------------------------------


def for_keepers(view: View) -> View:
    """The page exists for keepers of the register alone, whose office reaches whom it is about."""

    @login_required
    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = {key: kwargs[key] for key in ("objection", "claim", "correction", "batch") if key in kwargs}
        if not queries.keeps(request.actor) or not queries.reaches(request.actor, **named):
            raise Http404
        return view(request, *args, **kwargs)

    return seen


def _finding(objection: DataObjection, data: Any = None) -> forms.FindingForm:
    held = [(each.pk, str(each)) for each in queries.held(objection.provider)]
    return forms.FindingForm(data, held=held, auto_id=f"{objection.pk}-%s")


def _checking(code: str, data: Any = None) -> forms.Checking:
    """A spot check; of a provider that is named, with its certificates to choose from."""
    row = Provider.objects.filter(organisation_id=code).first()
    held = [(each.pk, str(each)) for each in queries.held(row)] if row else None
    return forms.Checking(data, held=held, initial={"code": code})


@for_keepers
@require_http_methods(["GET", "HEAD"])
def register(request: HttpRequest) -> HttpResponse:
    """What waits for a keeper: objections, imports to be confirmed; and spot checks to be written down."""
    told = {
        "nav": "desk", "objections": [(each, _finding(each)) for each in queries.open_objections(request.actor)[:50]],
        "corrections": [(each, forms.LookingAgain(auto_id=f"k{each.pk}-%s"))
                        for each in queries.corrections(request.actor)[:50]],
        "today": day_in_china(request.arrived_at),
        "disputed": [(each, forms.DecidingClaim(auto_id=f"c{each.pk}-%s"))
                     for each in queries.disputed(request.actor)[:50]],
        "check_form": _checking(request.GET.get("code", "")), "staged": queries.staged(request.actor),
        "outcomes": OUTCOME_WORDS,
    }  # fmt: skip
    return render(request, "intermediaries/registry/register.html", told)


@for_keepers
@require_POST
def find(request: HttpRequest, objection: UUID) -> HttpResponse:
    """Say what came of an objection."""
    row = get_object_or_404(DataObjection.objects.select_related("provider"), public_id=objection)
    said = forms.told(_finding(row, request.POST))
    keeping.find(objection=row, **said, by=request.actor, at=request.arrived_at)
    messages.success(request, _("结论已公布，并已告知该机构。"))
    return redirect("intermediaries:register")


@for_keepers
@require_POST
def decide_claim(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Say whether somebody has left a firm that says he has not."""
    row = get_object_or_404(StaffClaim, public_id=claim)
    leaving.decide(claim=row, **forms.told(forms.DecidingClaim(request.POST)), by=request.actor, at=request.arrived_at)
    messages.success(request, _("决定已告知双方。"))
    return redirect("intermediaries:register")


@for_keepers
@require_POST
def look_again(request: HttpRequest, correction: int) -> HttpResponse:
    """Write down what a second look found."""
    row = get_object_or_404(Correction, pk=correction)
    said = forms.told(forms.LookingAgain(request.POST))
    correcting.look_again(correction=row, **said, by=request.actor, at=request.arrived_at)
    messages.success(request, _("复查结论已公布。"))
    return redirect("intermediaries:register")


@for_keepers
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Write down a spot check."""
    said = forms.told(_checking(request.POST.get("code", ""), request.POST))
    keeping.check(**said, by=request.actor, at=request.arrived_at)
    messages.success(request, _("核查结果已公布。"))
    return redirect("intermediaries:register")
