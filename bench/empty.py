"""Two plain views twice as a WSGI application: behind the house's middleware, and behind what `startproject` writes."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import path  # noqa: E402

from accounts.models import Organisation  # noqa: E402
from config import urls  # noqa: E402

STARTPROJECT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing."""
    return HttpResponse(b"")


def listed(request: HttpRequest) -> HttpResponse:
    """A page of one query: the first twenty organisations, through a template."""
    return HttpResponse(PAGE.render({"found": Organisation.objects.order_by("code")[:20]}))


PAGE = engines["django"].from_string(
    "<!doctype html><title>q</title><ol>{% for one in found %}<li>{{ one.code }} {{ one.name }}</li>{% endfor %}</ol>"
)
urls.urlpatterns[:0] = [path("bench/empty/", empty), path("bench/listed/", listed)]
house = WSGIHandler()
with override_settings(MIDDLEWARE=STARTPROJECT, SESSION_ENGINE="django.contrib.sessions.backends.db"):
    plain = WSGIHandler()  # reads its middleware now
