"""Addresses: each package keeps its own in `urls.py`."""

from django.urls import include, path

from config import api_docs, health, language, weaknesses
from config.api import api

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(".well-known/security.txt", weaknesses.security_txt, name="security_txt"),
    path("language/<slug:code>/", language.choose, name="language"),
    path("api/docs", api_docs.docs, name="api_docs"),
    path("api/", api.urls),
    path("", include("portal.urls")),  # the front page and the notices are asked for most: found first
    path("", include("ledger.urls")),
    path("", include("accounts.urls")),
    path("", include("people.urls")),
    path("", include("documents.urls")),
    path("", include("blacklist.urls")),
    path("", include("draws.urls")),
    path("", include("experts.urls")),
    path("", include("intermediaries.urls")),
    path("", include("market.urls")),
    path("", include("bidding.urls")),
    path("", include("supervision.urls")),
    path("", include("keeping.urls")),
]
handler400 = "config.refusals.bad_request"
handler403 = "config.refusals.forbidden"
handler404 = "config.refusals.not_found"
handler500 = "config.refusals.server_error"
