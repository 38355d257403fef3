"""Pages: enrolling, and the choice as everybody may watch and check it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors.door import stepped_up
from documents import typesetting
from ledger import blobs
from market.purchases.models import Purchase
from market.selection import pages, queries, services


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, number: str) -> HttpResponse:
    """One's own enrolment: everything against it at once, the receipt, the way back."""
    project = queries.enrolling(number, viewer=request.actor)
    if request.method == "POST":
        services.enrol(number=project.number, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已报名，回执见下。截止前没有任何人知道贵单位报了名。"))
        return redirect("market:enrol", number)
    told = pages.enrolment(project, viewer=request.actor, at=request.arrived_at)
    return render(request, "market/selection/enrol.html", told)


@require_POST
@login_required
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take it back."""
    project = queries.enrolling(number, viewer=request.actor)
    services.withdraw(number=project.number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已撤回报名；截止前可以再次报名。"))
    return redirect("market:enrol", number)


@require_safe
@login_required
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """One's own receipts on paper, a page each; each code leads to the page that checks it. 404 without any."""
    project = queries.enrolling(number, viewer=request.actor)
    check = request.build_absolute_uri(reverse("portal:verify_receipt"))
    told = pages.paper(project, viewer=request.actor, check=check)
    if not told["receipts"]:
        raise Http404
    answer = HttpResponse(
        typesetting.pdf("market/selection/receipt.typ", told, at=project.stage_at), content_type="application/pdf"
    )
    answer["Content-Disposition"] = content_disposition_header(True, f"{number}-enrolment.pdf")
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def choice(request: HttpRequest, number: str) -> HttpResponse:
    """The choice for everybody."""
    project = queries.enrolling(number, viewer=request.actor)
    told = pages.choice(project, viewer=request.actor, at=request.arrived_at)
    return render(request, "market/selection/choice.html", told)


@require_safe
def entrants(request: HttpRequest, number: str) -> HttpResponse:
    """The list of the closing with its proofs, byte for byte as its hash has it. 404 while nobody may know it."""
    fixed = queries.closing(queries.enrolling(number, viewer=request.actor))
    if fixed is None or not fixed.published:
        raise Purchase.DoesNotExist
    return HttpResponse(blobs.read(fixed.published), content_type="application/json")


@require_POST
@login_required
@stepped_up
def pick(request: HttpRequest, number: str) -> HttpResponse:
    """Pick a firm off the short list."""
    project = queries.enrolling(number, viewer=request.actor)
    org, reason = request.POST.get("org", ""), request.POST.get("reason", "")
    services.pick(number=project.number, org=org, reason=reason, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已选定，结果开始公示。"))
    return redirect("market:choice", number)
