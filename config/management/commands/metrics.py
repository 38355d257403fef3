"""`./mingbiao metrics`: answers for the figures of every process of this machine, in a process of its own."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import memory
from config.starting import gate


class Command(BaseCommand):
    help = "在 MINGBIAO_METRICS 的地址上回答 /metrics，供 Prometheus 读取。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.METRICS:
            raise CommandError("请先设置 MINGBIAO_METRICS，例如 127.0.0.1:9464")
        try:
            gate.begin("metrics")
        except gate.Unsafe as error:
            raise CommandError(str(error)) from error
        from config.watching import listener

        listener.listen()
        self.stdout.write(f"http://{settings.METRICS}/metrics")
        self.stdout.flush()
        ended = threading.Event()
        for told in (signal.SIGINT, signal.SIGTERM):
            signal.signal(told, lambda *_: ended.set())
        while not ended.wait(memory.EVERY):
            memory.give_back()
