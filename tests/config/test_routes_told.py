"""What is said of a request: closed by default, and no address where bidders could be counted is ever told."""

import re

import pytest

from config.watching.lines import process_kind
from config.watching.routes import Kind, kind_of
from tests.config.declaring import rows

SILENT = {Kind.SEALED, Kind.UNTOLD}
SECRET = re.compile(
    r"take|bid|slot|upload|envelope|copies|withdraw|question|asked|enrol|offer|quotes|documents|guarantee|panel|"
    r"evaluation|invitation|statements|room|draws/|tips|calendar|receipt\.pdf|experts|holders"
)


def test_every_act_on_one_thing_is_silent_and_so_is_reading_what_is_not_for_all():
    pages = rows("pages")
    assert len(pages) > 300
    for route in pages:
        named = "<" in route and not route.startswith("language/")
        if named:
            assert kind_of(route, reads=False) in SILENT or route.startswith(("^blobs", "log/", "^receipts")), route
        if named and SECRET.search(route) and not route.startswith(("^", "ocds/")):
            assert kind_of(route, reads=True) in SILENT, route
    for operation in rows("operations"):
        method, _, path = operation.partition(" ")
        if "{" in path and method not in ("GET", "HEAD"):
            assert kind_of(f"api{path}", reads=False) in SILENT, operation


@pytest.mark.parametrize(
    ("route", "reads", "kind"),
    [
        ("", True, Kind.READ),
        ("notices/", True, Kind.READ),
        ("projects/<str:number>/", True, Kind.READ),
        ("projects/<str:number>/hall/", True, Kind.READ),
        ("projects/<str:number>/bid/", True, Kind.SEALED),
        ("projects/<str:number>/documents.zip", True, Kind.SEALED),
        ("projects/<str:number>/something/new/", True, Kind.SEALED),
        ("api/projects/{number}/bids", False, Kind.SEALED),
        ("api/tips/send", False, Kind.UNTOLD),
        ("tips/", True, Kind.UNTOLD),
        ("calendar/<str:key>.ics", True, Kind.UNTOLD),
        ("accounts/login/", False, Kind.ACT),
        ("log/tile/<path:path>", True, Kind.FILE),
        ("readyz", True, Kind.PROBE),
    ],
)
def test_the_rule_by_example(route, reads, kind):
    assert kind_of(route, reads=reads) is kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("manage.py serve --port 1", "serve"),
        ("celery -A config.celery worker --concurrency 1", "worker"),
        ("granian --interface wsgi config.scaled:pages", "pages"),
        ("uvicorn config.scaled:sockets", "sockets"),
        ("manage.py migrate -v 0", "migrate"),
    ],
)
def test_a_process_is_called_by_what_it_was_started_as(words, kind):
    assert process_kind(words.split()) == kind
