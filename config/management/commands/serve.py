"""Serve the whole house from one process: pages, sockets, sequencer and ticks."""

import os
import sys
from typing import Any

from daphne.server import Server  # first: it installs the event loop's reactor
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import demo, engine, static
from config.embedded import AlreadyServed, Embedded, only_one
from rulebook import clock

LONGEST_MESSAGE = 16 * 1024  # bytes of a socket message; the rooms themselves accept 4 KiB

UNUSED = ["ninja"]  # its pages of documentation are not served


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
        engine.check()
        if options["demo"]:
            try:
                demo.prepare()  # here, for every process of its own costs a newcomer seconds
            except demo.NotForReal as error:
                raise CommandError(str(error)) from error
        static.collect(without=UNUSED)
        from config.asgi import application  # after collecting: it reads the list of static files

        house = Embedded()
        house.start()
        static.publish_scripts(at=clock.now())
        server = Server(
            application=application,
            endpoints=[f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"],
            websocket_max_message_size=LONGEST_MESSAGE,
            websocket_max_frame_size=LONGEST_MESSAGE,
            server_name="mingbiao",
            ready_callable=lambda: self.stdout.write(f"http://{host}:{port}/"),
        )
        try:
            server.run()
        finally:
            house.stop()
            lock.close()
        if not server.listening_addresses:
            raise CommandError(f"nobody can be served at {host}:{port}: the address is taken or not ours")
        # A request that was under way waits for a loop that is gone, and the interpreter would wait for it for ever.
        # What was acknowledged is committed; what was not is the client's to send again.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
