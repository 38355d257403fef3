"""Where a weakness of this house is told: `/.well-known/security.txt`. Spec: RFC 9116."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

LASTS = timedelta(days=180)  # an answer is made from what the operator says today; a copy of it grows old


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell, in the operator's order; 404 where none was named, for a wrong address is worse than none."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = (request.arrived_at + LASTS).replace(microsecond=0)  # type: ignore[attr-defined]
    lines = [
        *(f"Contact: {each}" for each in settings.SECURITY_CONTACT),
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en, mn",
        f"Canonical: {settings.SITE}{request.path}",
        *([f"Policy: {settings.SECURITY_POLICY}"] if settings.SECURITY_POLICY else []),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
