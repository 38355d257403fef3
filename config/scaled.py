"""The entry points of the scaled setup: `config.scaled:pages` (WSGI) and `config.scaled:sockets` (ASGI).

Each worker imports this once, after it was forked, asks whether it may start, and keeps the clock's mark from then on.
"""

from importlib import import_module

from django.conf import settings

from config.asgi import application as sockets
from config.connections import allow_many
from config.starting.gate import begin, believe
from config.timekeeper import Timekeeper
from config.watching.lines import KIND
from config.wsgi import application as pages
from ledger import golive

__all__ = ["pages", "sockets"]

if KIND != "sockets":
    import_module(settings.ROOT_URLCONF)  # the first visitor does not wait for it
begin("sockets" if KIND == "sockets" else "pages")
golive.check()  # before this worker accepts anything
believe()
allow_many()
Timekeeper().start()
