"""Page: notices."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/notices/notices.html", {"nav": "notices"})


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"notices": []})
