"""Page: verify."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/verify/verify.html", {"nav": "verify"})
