"""Serve the whole house from one process: pages, sockets, sequencer and ticks."""

import os
import signal
import socket
import sys
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from uvicorn import Config, Server

from config import demo, static
from config.connections import Connection, Socket, allow_many
from config.embedded import AlreadyServed, Embedded, only_one
from config.starting import gate
from ledger import golive
from rulebook import clock

LONGEST_MESSAGE = 16 * 1024  # bytes of a socket message; the rooms themselves accept 4 KiB

SERVER: dict[str, Any] = {
    "lifespan": "off",
    "loop": "uvloop",
    "http": Connection,
    "ws": Socket,
    "ws_max_size": LONGEST_MESSAGE,
    "ws_per_message_deflate": False,  # the same bytes to every viewer
    "proxy_headers": False,  # whom to believe is the house's own row
    "server_header": False,
    "log_config": None,
    "access_log": False,
    "timeout_graceful_shutdown": 3,  # seconds
}


class Command(BaseCommand):
    help = "Serves pages, sockets, the sequencer and the ticks in one process."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default=settings.ENV.host)
        parser.add_argument("--port", type=int, default=settings.ENV.port)
        parser.add_argument("--demo", action="store_true", help="先备好数据表与演示人员")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            lock = only_one(settings.DATA)
        except AlreadyServed as error:
            raise CommandError(str(error)) from error
        allow_many()
        if options["demo"]:
            try:
                demo.prepare()  # here, for every process of its own costs a newcomer seconds
            except demo.NotForReal as error:
                raise CommandError(str(error)) from error
        try:
            gate.begin("serve")
            golive.check(signs=True)
            gate.believe()
        except gate.Unsafe as error:
            raise CommandError(str(error)) from error
        except (golive.LogRolledBack, golive.KeysMissing) as error:
            raise CommandError(f"not started: {error}") from error
        static.collect()
        from config.asgi import application  # after collecting: it reads the list of static files

        import_module(settings.ROOT_URLCONF)  # no visitor waits for it

        house = Embedded()
        house.start()
        if settings.METRICS:
            from config.watching import listener

            listener.listen()
        static.publish_scripts(at=clock.now())
        try:
            taken = listening(host, port)
        except OSError as error:
            house.stop()
            raise CommandError(f"nobody can be served at {host}:{port}: the address is taken or not ours") from error
        self.stdout.write(f"http://{host}:{port}/")
        self.stdout.flush()
        for told in (signal.SIGINT, signal.SIGTERM):
            signal.signal(told, lambda *_: None)  # the server obeys it, then raises it once more: the end below is ours
        try:
            Server(Config(application, **SERVER)).run(sockets=[taken])
        finally:
            house.stop()
            lock.close()
        # A request that was under way waits for a loop that is gone, and the interpreter would wait for it for ever.
        # What was acknowledged is committed; what was not is the client's to send again.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def listening(host: str, port: int) -> socket.socket:
    """The socket at this address; OSError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)
