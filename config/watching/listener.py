"""Answers `GET /metrics` on an address of its own, for all processes of this machine.

Not on the site: a rule in a proxy is forgotten one day, an address nobody outside can reach is not.
"""

from urllib.parse import urlsplit

from django.conf import settings
from prometheus_client import CollectorRegistry, start_http_server

from config.watching.house import House


def address() -> tuple[str, int]:
    """Host and port of the setting."""
    told = urlsplit(f"//{settings.METRICS}")
    return told.hostname or "127.0.0.1", told.port or 9464


def listen() -> None:
    """Answer from now on, in threads that end with the process. OSError when the address cannot be had."""
    host, port = address()
    registry = CollectorRegistry()
    registry.register(House())
    start_http_server(port, addr=host, registry=registry)
