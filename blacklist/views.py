"""Pages: the public list of bans."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def sanctions(request: HttpRequest) -> HttpResponse:
    return render(request, "blacklist/list.html", {"nav": "blacklist"})
