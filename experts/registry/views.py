"""Pages: the applicant's and the expert's own; the desk of the register's keepers. For others they do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from experts.certificates import forms as certificate_forms
from experts.certificates import queries as certificates
from experts.registry import access, availability, forms, lapses, queries, rules, services, standing
from experts.registry.models import Application, Dossier, Expert
from experts.registry.rules import ApplicationState, Post, Standing, Title, Verdict
from experts.registry.words import (
    APPLICATION_WORDS,
    CHANGE_WORDS,
    NEXT_WORDS,
    PERSONAL_WORDS,
    POST_WORDS,
    STANDING_WORDS,
    TITLE_WORDS,
)
from rulebook.actor import Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, refuse_if

View = Callable[..., HttpResponse]


def for_keepers(view: View) -> View:
    """The page exists for keepers of the register alone, whose office reaches whom it is about."""

    @login_required
    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = {key: value for key, value in kwargs.items() if key in ("expert", "application", "lapse", "staged")}
        if not queries.keeps(request.actor) or not queries.reaches(request.actor, **named):
            raise Http404
        return view(request, *args, **kwargs)

    return seen


def _told(values: dict[str, str]) -> list[tuple[Any, str]]:
    return [(PERSONAL_WORDS[field], value) for field, value in values.items() if field in PERSONAL_WORDS]


def _valid(form: Any) -> Any:
    """What a small form says. Refused with every field that is not filled in as it asks."""
    form.is_valid()
    refuse_if(
        Reason("expert.form", Kind.NOT_VALID, "{field}：{why}", None, {"field": form[field].label, "why": why})
        for field, errors in form.errors.items()
        for why in errors
    )
    return form.cleaned_data


# --- one's own pages -------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Ask to be in the register, mend what came back, see how far it is."""
    viewer = request.actor
    if viewer.role is not Role.EXPERT:
        raise Http404
    application = queries.own_application(viewer)
    expert = Expert.objects.filter(user__public_id=viewer.person).first()
    dossier = queries.own_dossier(viewer)
    under_way = application is not None and ApplicationState(application.state) in rules.UNDER_WAY
    standing_now = Standing(expert.state) if expert else None
    against = rules.why_not_apply(standing=standing_now, under_way=under_way, by=viewer)
    form = forms.Applying(request.POST or None, initial=_before(application), known=dossier is not None)
    if request.method == "POST" and form.is_valid():
        services.apply(**form.told(), by=viewer, at=request.arrived_at)
        return redirect("experts:apply")
    told: dict[str, Any] = {
        "nav": "desk", "form": form, "against": against, "application": application, "expert": expert,
        "masks": _told(queries.masks(dossier)) if dossier else [], "entry": rules.ENTRY,
        "certificates": certificates.standing(dossier, on=day_in_china(request.arrived_at)),
        "certificate_form": certificate_forms.Adding(auto_id="certificate_%s") if application else None,
    }  # fmt: skip
    if application:
        told |= _application(application)
        told["withdrawable"] = bool(rules.APPLICATION_LIFE.moves.get(ApplicationState(application.state)))
    return render(request, "experts/registry/apply.html", told, status=422 if form.errors else 200)


def _before(application: Application | None) -> dict[str, Any]:
    if application is None:
        return {}
    fields = ("title", "field_since", "employer_code", "employer_name", "employer_since", "region")
    keys = {f"key{n}": key for n, key in enumerate(application.keys, start=1)}
    return {field: getattr(application, field) for field in fields} | keys


def _application(application: Application) -> dict[str, Any]:
    """An application as both sides see it."""
    state = ApplicationState(application.state)
    names = queries.specialties()
    return {
        "state": APPLICATION_WORDS[state],
        "next": NEXT_WORDS[state],
        "facts": [
            (PERSONAL_WORDS["title"], TITLE_WORDS[Title(application.title)]),
            (PERSONAL_WORDS["since"], application.field_since),
            (PERSONAL_WORDS["keys"], "、".join(names.get(key, key) for key in application.keys)),
            (PERSONAL_WORDS["employer"], application.employer_name, application.employer_code),
            (PERSONAL_WORDS["region"], application.region),
            (PERSONAL_WORDS["edition"], application.edition),
        ],
        "history": [
            {"at": step.at, "words": APPLICATION_WORDS[ApplicationState(step.state)][0], "note": step.note,
             "by": step.by_name}
            for step in application.steps.order_by("pk")
        ],
    }  # fmt: skip


@require_POST
@login_required
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take one's own application back."""
    application = queries.own_application(request.actor)
    if application is None:
        raise Http404
    services.withdraw(application=application, by=request.actor, at=request.arrived_at)
    return redirect("experts:apply")


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What the register holds of oneself, who looked at it, and what one may change."""
    viewer = request.actor
    if viewer.role is not Role.EXPERT:
        raise Http404
    expert = Expert.objects.filter(user__public_id=viewer.person).first()
    if expert is None:
        return redirect("experts:apply")
    left = expert.state == Standing.LEFT
    told = _expert(expert, request) | {
        "nav": "desk", "leave_form": forms.Leave(), "employment_form": forms.EmploymentForm(),
        "contact_form": forms.Contact(), "ending": forms.Ending(auto_id=False), "left": left,
        "certificate_form": None if left else certificate_forms.Adding(auto_id="certificate_%s"),
    }  # fmt: skip
    return render(request, "experts/registry/me.html", told)


def _expert(expert: Expert, request: HttpRequest) -> dict[str, Any]:
    """An expert as he and the keepers see him: particulars masked."""
    names = queries.specialties()
    today = day_in_china(request.arrived_at)
    dossier = expert.user.dossier
    ending = expert.on_leave_until
    on_leave = expert.on_leave_from is not None and (ending is None or today <= ending)
    return {
        "expert": expert,
        "state": STANDING_WORDS[Standing(expert.state)],
        "masks": _told(queries.masks(dossier)),
        "specialties": [names.get(s.key, s.key) for s in expert.specialties.order_by("key")],
        "employers": [(row, POST_WORDS[Post(row.post)]) for row in expert.employments.order_by("-since", "-pk")],
        "on_leave": on_leave,
        "overdue": expert.review_due_on is not None and expert.review_due_on < today,
        "trainings": expert.trainings.order_by("-on"),
        "history": [
            {**row, "words": CHANGE_WORDS[row["what"]], "by": row["by_name"]} for row in queries.history(expert)
        ],
        "looks": queries.looks_at(dossier)[:50],
        "certificates": certificates.standing(dossier, on=today),
        "lapses": lapses.of(expert, by=request.actor, at=request.arrived_at),
        "lapses_counted": lapses.counted(expert, on=today),
        "today": today,
    }


def _own(request: HttpRequest) -> Expert:
    return queries.of_person(request.actor)


@require_POST
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Be on leave, or back."""
    expert = _own(request)
    if "back" in request.POST:
        availability.end_leave(number=expert.number, by=request.actor, at=request.arrived_at)
    else:
        said = _valid(forms.Leave(request.POST))
        availability.take_leave(number=expert.number, **said, by=request.actor, at=request.arrived_at)
    return redirect("experts:me")


@require_POST
@login_required
def employment(request: HttpRequest) -> HttpResponse:
    """A new employer, a board seat, a share."""
    form = forms.EmploymentForm(request.POST)
    _valid(form)
    standing.change_employer(number=_own(request).number, **form.told(), by=request.actor, at=request.arrived_at)
    return redirect("experts:me")


@require_POST
@login_required
def end_employment(request: HttpRequest, employment: int) -> HttpResponse:
    """It is over."""
    row = _own(request).employments.get(pk=employment)
    said = _valid(forms.Ending(request.POST))
    standing.end_employment(employment=row, **said, by=request.actor, at=request.arrived_at)
    return redirect("experts:me")


@require_POST
@login_required
def contact(request: HttpRequest) -> HttpResponse:
    """Another telephone, e-mail or account."""
    said = _valid(forms.Contact(request.POST))
    services.keep_particulars(user=_own(request).user, told=said, by=request.actor, at=request.arrived_at)
    return redirect("experts:me")


@require_POST
@login_required
def leave_register(request: HttpRequest) -> HttpResponse:
    """Leave the register by one's own wish."""
    standing.leave_register(
        number=_own(request).number, reason=request.POST.get("reason", "")[:300], by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    return redirect("experts:me")


@require_POST
@login_required
def own_look(request: HttpRequest) -> HttpResponse:
    """One's own particulars in full."""
    dossier = queries.own_dossier(request.actor)
    if dossier is None:
        raise Http404
    return _shown(request, dossier, purpose="", back="experts:me")


def _shown(request: HttpRequest, dossier: Dossier, *, purpose: str, back: str) -> HttpResponse:
    """Particulars in full on a page no cache keeps; the look is written down first."""
    held = standing.look(dossier=dossier, purpose=purpose, by=request.actor, at=request.arrived_at)
    told = {"nav": "desk", "held": _told(held), "purpose": purpose, "back": back}
    response = render(request, "experts/registry/particulars.html", told)
    response["Cache-Control"] = "no-store"
    return response


# --- the keepers' desk -----------------------------------------------------------------------------------------------


@for_keepers
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Applications that wait, reviews that are due, and the register with its search; nobody's particulars in full."""
    today = day_in_china(request.arrived_at)
    names = queries.specialties()
    counts = queries.how_many()
    form = forms.Search(
        request.GET or None, specialties={key: name for key, name in names.items() if key in counts},
        regions=queries.regions(),
    )  # fmt: skip
    said = form.cleaned_data if form.is_valid() else {}
    found = queries.register(
        request.actor, words=said.get("q", "").strip(), specialty=said.get("specialty", ""),
        region=said.get("region", ""), state=said.get("state", ""), due=bool(said.get("due")), on=today,
    )  # fmt: skip
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    rows = [
        {"expert": expert, "name": expert.user.name, "state": STANDING_WORDS[Standing(expert.state)],
         "specialties": "、".join(names.get(s.key, s.key) for s in expert.specialties.all()),
         "overdue": expert.review_due_on is not None and expert.review_due_on < today}
        for expert in page
    ]  # fmt: skip
    asked = request.GET.copy()
    asked.pop("page", None)
    told = {
        "nav": "desk", "form": form, "page": page, "rows": rows, "query": asked.urlencode(),
        "waiting": [(each, APPLICATION_WORDS[ApplicationState(each.state)]) for each in
                    queries.waiting_applications(request.actor)],
    }  # fmt: skip
    return render(request, "experts/registry/register.html", told)


@for_keepers
@require_safe
def expert(request: HttpRequest, expert: UUID) -> HttpResponse:
    """One expert for the keepers."""
    row = get_object_or_404(Expert.objects.select_related("user__dossier"), public_id=expert)
    told = _expert(row, request) | {
        "nav": "desk", "purpose_form": forms.Purpose(), "training_form": forms.TrainingForm(),
        "review_form": forms.Reviewing(), "removal_form": forms.Removal(), "bar_form": forms.Barring(auto_id="bar_%s"),
        "lapse_form": forms.LapseForm(auto_id="lapse_%s"),
        "left": row.state == Standing.LEFT,
        "unopened": not row.user.has_usable_password() and bool(row.user.dossier.id_tag),
        "lost": row.user.has_usable_password() and bool(row.user.dossier.id_tag) and row.state != Standing.LEFT,
        "slip_asked": access.asked(row),
        "slip": row.slips.filter(access.STANDS, expires_at__gt=request.arrived_at).first(),
    }  # fmt: skip
    return render(request, "experts/registry/expert.html", told)


@require_POST
@for_keepers
def decide(request: HttpRequest, expert: UUID, act: str) -> HttpResponse:
    """A keeper's act on one expert: a training, a review, a bar, a removal."""
    row = get_object_or_404(Expert, public_id=expert)
    who = {"number": row.number, "by": request.actor, "at": request.arrived_at}
    if act == "train":
        standing.train(**_valid(forms.TrainingForm(request.POST)), **who)
    elif act == "review":
        said = _valid(forms.Reviewing(request.POST))
        standing.review(passed=said["outcome"] == "passed", note=said["note"], **who)
    elif act == "bar":
        availability.bar(**_valid(forms.Barring(request.POST)), **who)
    elif act != "remove":
        raise Http404
    else:
        standing.leave_register(**_valid(forms.Removal(request.POST)), **who)
    return redirect("experts:expert", expert)


@require_POST
@for_keepers
def look(request: HttpRequest, expert: UUID) -> HttpResponse:
    """An expert's particulars in full, for a purpose."""
    row = get_object_or_404(Expert.objects.select_related("user__dossier"), public_id=expert)
    return _shown(request, row.user.dossier, purpose=request.POST.get("purpose", ""), back="experts:register")


@for_keepers
@require_safe
def application(request: HttpRequest, application: UUID) -> HttpResponse:
    """An application for the keepers."""
    row = get_object_or_404(Application.objects.select_related("dossier"), public_id=application)
    told = _application(row) | {
        "nav": "desk", "application": row, "masks": _told(queries.masks(row.dossier)), "form": forms.Judging(),
        "purpose_form": forms.Purpose(), "entry": rules.ENTRY,
        "certificates": certificates.standing(row.dossier, on=day_in_china(request.arrived_at)),
        "against": rules.why_not_judge(
            state=ApplicationState(row.state), verdict=Verdict.AGREE, note="", first=row.checked_by, by=request.actor
        ),
    }  # fmt: skip
    return render(request, "experts/registry/application.html", told)


@require_POST
@for_keepers
def judge(request: HttpRequest, application: UUID) -> HttpResponse:
    """A keeper's word on it."""
    row = get_object_or_404(Application, public_id=application)
    said = _valid(forms.Judging(request.POST))
    services.judge(
        application=row, verdict=Verdict(said["verdict"]), note=said["note"], by=request.actor, at=request.arrived_at
    )
    return redirect("experts:application", application)


@require_POST
@for_keepers
def look_at_applicant(request: HttpRequest, application: UUID) -> HttpResponse:
    """An applicant's particulars in full, for a purpose."""
    row = get_object_or_404(Application.objects.select_related("dossier"), public_id=application)
    return _shown(request, row.dossier, purpose=request.POST.get("purpose", ""), back="experts:register")
