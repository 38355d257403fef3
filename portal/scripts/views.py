"""Page: every script this site serves, its hash, and where the log says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ledger import queries as ledger
from proofs.scripts import STREAM


@require_safe
def scripts(request: HttpRequest) -> HttpResponse:
    """The list as the log has it; whether it is what is served, the reader finds out with his own tools."""
    served = ledger.scripts_served()
    told = {
        "nav": "verify",
        "served": served,
        "scripts": served.scripts if served else {},
        "index": ledger.placement(served.entry) if served else None,
        "stream": STREAM,
    }
    return render(request, "portal/scripts/scripts.html", told)
