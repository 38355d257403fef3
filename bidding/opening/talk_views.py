"""Doors between host and bidders: messages, muting, identity, the confirmed price."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from bidding.opening import doors, reading, talking
from market.projects import queries as projects
from rulebook.times import iso


@require_POST
@login_required
def say(request: HttpRequest, number: str) -> HttpResponse:
    to, text = request.POST.get("to", ""), request.POST.get("text", "")
    talking.say(project_number=number, to=to, text=text, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def mute(request: HttpRequest, number: str, org: str) -> HttpResponse:
    muted, reason = request.POST.get("muted") == "yes", request.POST.get("reason", "")
    talking.mute(project_number=number, bidder=org, muted=muted, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def check_identity(request: HttpRequest, number: str, org: str) -> HttpResponse:
    told = request.POST
    talking.check_identity(
        project_number=number,
        bidder=org,
        fits=told.get("fits") == "yes",
        by_hand=told.get("by_hand") == "yes",
        deposit=told.get("deposit", ""),
        reason=told.get("reason", ""),
        by=request.actor,
        at=request.arrived_at,
    )
    return redirect("bidding:hall", number)


@require_POST
@login_required
def confirm_price(request: HttpRequest, number: str) -> HttpResponse:
    agrees, reason = request.POST.get("agrees") == "yes", request.POST.get("reason", "")
    talking.confirm_price(project_number=number, agrees=agrees, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def start_reading(request: HttpRequest, number: str) -> HttpResponse:
    pace = request.POST.get("seconds", "")
    seconds = int(pace) if pace.isdecimal() and len(pace) <= 3 else 0
    reading.start(project_number=number, seconds=seconds, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def stop_reading(request: HttpRequest, number: str) -> HttpResponse:
    reading.stop(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_GET
def messages(request: HttpRequest, number: str) -> JsonResponse:
    """The messages this reader may see, as a file to keep, each with what opens its commitment in the public log."""
    project = projects.visible(number, viewer=request.actor)
    standing = doors.stand(project, viewer=request.actor, at=request.arrived_at)
    told = [
        {
            "from": one.sender,
            "to": one.to,
            "text": one.text,
            "at": iso(one.at),
            "salt": bytes(one.salt).hex(),
            "commitment": one.commitment,
        }
        for one in talking.messages(standing, viewer=request.actor)
    ]
    response = JsonResponse({"messages": told}, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="messages-{project.number}.json"'
    response["Cache-Control"] = "no-store"
    return response
