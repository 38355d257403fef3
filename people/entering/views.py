"""Pages: a house comes in, finds its code taken, is looked at by the platform's keepers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import joining
from accounts import queries as accounts
from accounts import services as door
from accounts.factors.door import admit, stepped_up
from accounts.factors.rules import Proof
from accounts.models import KIND_WORDS
from accounts.rules import CODE_LASTS, Kind, masked_phone
from accounts.source import source_of
from documents.evidence import queries as evidence
from people.entering import forms, queries, rules, services
from people.entering.rules import State
from people.entering.words import CHOICES, STATE_WORDS

FIRST_STEP = {Kind.PROVIDER: "/providers/enter/", Kind.ENTERPRISE: "/purchases/new/"}


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """As what a house comes in."""
    return render(request, "people/entering/choose.html", {"choices": CHOICES})


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, kind: str) -> HttpResponse:
    """A house types who it is and signs; a code goes to the telephone. Throttled like the door."""
    if kind not in rules.FIRST_ROLE:
        raise Http404
    if request.user.is_authenticated:
        return redirect("/desk/")
    form = forms.EnterForm(request.POST or None)
    if request.method == "POST":
        source = source_of(request)
        attempt = door.try_door(source=source, at=request.arrived_at)
        if form.is_valid():
            row = services.begin(kind=kind, **form.cleaned_data, source=source, by=request.actor, at=request.arrived_at)
            door.pass_door(attempt=attempt)
            return redirect("people:confirm", row.public_id)
    told = {
        "form": form, "kind": KIND_WORDS[Kind(kind)], "promise": rules.PROMISES[Kind(kind)],
        "agreement": rules.CLAUSES, "document": Kind(kind) in rules.WITH_DOCUMENT, "edition": rules.EDITION,
    }  # fmt: skip
    return render(request, "people/entering/enter.html", told, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, sign_up: UUID) -> HttpResponse:
    """Type the code; the house is in, or waits, or learns that its code is another's."""
    row = accounts.sign_up(sign_up, citizen=False)
    asks = Kind(row.kind) in rules.WITH_DOCUMENT
    form = (forms.DocumentForm if asks else forms.CodeForm)(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        attempt = door.try_door(source=source_of(request), at=request.arrived_at)
        document = form.cleaned_data.get("document")
        user = services.confirm(
            sign_up=sign_up, code=form.cleaned_data["code"], document=document and document.file,
            document_name=document.name if document else "", by=request.actor, at=request.arrived_at,
        )  # fmt: skip
        door.pass_door(attempt=attempt)
        if user is None:
            return redirect("people:entry", sign_up)
        messages.success(request, _("已入驻，您是单位管理员。再邀请一名同事做第二名管理员，并登记单位密钥。"))
        return admit(request, user, proof=Proof.PASSWORD, after=FIRST_STEP[Kind(row.kind)])
    told = {"form": form, "row": row, "phone": masked_phone(row.phone), "minutes": CODE_LASTS.seconds // 60}
    return render(request, "people/entering/confirm.html", told, status=422 if form.errors else 200)


@require_POST
def again(request: HttpRequest, sign_up: UUID) -> HttpResponse:
    """Another code."""
    accounts.sign_up(sign_up, citizen=False)
    joining.send_again(sign_up=sign_up, by=request.actor, at=request.arrived_at)
    messages.success(request, _("验证码已重新发送，原来的不再有效。"))
    return redirect("people:confirm", sign_up)


@require_safe
def entry(request: HttpRequest, applicant: UUID) -> HttpResponse:
    """Where somebody stands who waits outside; to a keeper of the platform, what he has to look at."""
    row = queries.applicant(applicant)
    told = {"row": row, "state": STATE_WORDS[State(row.state)], "known": row.state == State.KNOWN}
    if request.actor.role in queries.KEEPERS:
        told |= {
            "nav": "desk", "form": forms.FindForm(), "files": evidence.of(queries.about(row)),
            "kind": KIND_WORDS[Kind(row.kind)],
            "against": rules.why_not_find(state=State(row.state), text="--", platforms=False, by=request.actor),
        }  # fmt: skip
        return render(request, "people/entering/keeper.html", told)
    return render(request, "people/entering/applicant.html", {**told, "form": forms.ObjectForm()})


@require_POST
def speak(request: HttpRequest, applicant: UUID, what: str) -> HttpResponse:
    """Ask to be invited, or object."""
    if what == "ask":
        services.ask(applicant=applicant, by=request.actor, at=request.arrived_at)
    else:
        text = request.POST.get("text", "")
        services.object_to(applicant=applicant, text=text, by=request.actor, at=request.arrived_at)
    return redirect("people:entry", applicant)


@require_POST
@login_required
@stepped_up
def find(request: HttpRequest, applicant: UUID) -> HttpResponse:
    """What a keeper found."""
    row = queries.held(applicant, viewer=request.actor)
    services.find(
        applicant=row.public_id, holds=request.POST.get("holds") == "yes", text=request.POST.get("text", ""),
        by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("已办理，并短信告知申请人。"))
    return redirect("people:entries")


@require_safe
@login_required
def entries(request: HttpRequest) -> HttpResponse:
    """Who waits for this keeper of the platform."""
    if request.actor.role not in queries.KEEPERS:
        raise Http404
    page = Paginator(queries.waiting(request.actor), 20).get_page(request.GET.get("page"))
    return render(request, "people/entering/entries.html", {"nav": "desk", "page": page})


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """The agreement on electronic signatures, for everybody."""
    told = {"clauses": rules.CLAUSES, "edition": rules.EDITION, "sha256": queries.agreement_sha256()}
    return render(request, "people/entering/agreement.html", told)
