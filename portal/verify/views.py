"""Page: check a receipt, a draw or a record in one's own browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """A place to drop a file. What is dropped stays in the browser: this door takes nothing."""
    return render(request, "portal/verify/verify.html", {"nav": "verify"})


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Where the code on a printed receipt leads. The receipt is behind the `#` of the address and never reaches us."""
    return render(request, "portal/verify/receipt.html", {"nav": "verify"})
