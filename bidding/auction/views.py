"""Pages of an auction: the room, which everybody may enter, and the acts of those who have a part in it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bidding.auction import pages, queries, rules, services
from ledger import lines
from ledger import queries as ledger
from market.projects import queries as projects
from rulebook.money import yuan
from rulebook.refusal import Kind, Reason, Refused

NEWEST = 100  # lines of the record on the first page


@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The room: the ladder, the clock, one's own place and, for who takes part, the control to quote with."""
    project = projects.visible(number, viewer=request.actor)
    auction = queries.auction(project.number)
    begins, seq = queries.called_seq(auction), ledger.last_seq(project.log)
    entries = ledger.entries_after(project.log, max(begins - 1, seq - NEWEST), NEWEST)
    context = {
        "nav": "notices",
        "project": project,
        "room": pages.room(auction, viewer=request.actor, at=request.arrived_at),
        "after": max(0, begins - 1),
        "quote": uuid4(),
        "lines": [lines.line(entry) for entry in reversed(entries)],
    }
    response = render(request, "bidding/auction/room.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@login_required
def actions(request: HttpRequest, number: str) -> HttpResponse:
    """What this reader may do now; never shared."""
    auction = queries.auction(projects.visible(number, viewer=request.actor).number)
    room = pages.room(auction, viewer=request.actor, at=request.arrived_at)
    context = {"project": auction.project, "room": room, "quote": uuid4()}
    response = render(request, "bidding/auction/_actions.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def give(request: HttpRequest, number: str) -> HttpResponse:
    """Quote without a script: first the sum is read back, then it counts."""
    quote, price = _number(request.POST.get("quote", "")), request.POST.get("price", "").strip()
    auction = queries.auction(projects.visible(number, viewer=request.actor).number)
    if request.POST.get("confirmed") != "1" and rules.PRICE.fullmatch(price):
        context = {"project": auction.project, "auction": auction, "quote": quote, "price": yuan(price)}
        return render(request, "bidding/auction/confirm.html", context)
    made = services.quote(project_number=number, quote=quote, price=price, by=request.actor, at=request.arrived_at)
    messages.success(
        request, _("报价 {price} 元已接受，为第 {n} 次报价。").format(price=f"{made.price:,.2f}", n=made.number)
    )
    return redirect("bidding:auction", number)


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Refused(Reason("auction.no-number", Kind.NOT_VALID, "报价编号不对，请刷新页面后重新报价")) from wrong


@require_POST
@login_required
def pause(request: HttpRequest, number: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    services.pause(project_number=number, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("bidding:auction", number)


@require_POST
@login_required
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Go on, for all bidders alike."""
    services.resume(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:auction", number)


@require_POST
@login_required
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """Say how the lowest quote can be so low."""
    text = request.POST.get("text", "")
    services.explain(project_number=number, text=text, by=request.actor, at=request.arrived_at)
    return redirect("bidding:auction", number)


@require_POST
@login_required
def judge(request: HttpRequest, number: str) -> HttpResponse:
    """Accept the explanation of a low quote or not, with the reason."""
    accepted, reason = request.POST.get("accepted") == "1", request.POST.get("reason", "")
    services.judge(project_number=number, accepted=accepted, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("bidding:auction", number)
