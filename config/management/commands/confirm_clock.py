"""`./mingbiao confirm_clock`: an operator who has looked at another clock says that this machine's is right."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import timekeeper
from rulebook import clock
from rulebook.times import iso

log = logging.getLogger(__name__)
TYPED = timedelta(minutes=2)  # in which somebody reads a clock and types


class Command(BaseCommand):
    help = "核对过另一个时钟之后：由运维人员具名确认本机时间，此后可以启动。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--operator", metavar="NAME", required=True, help="谁核对了时钟")
        parser.add_argument("--now", metavar="YYYY-MM-DDTHH:MM", required=True, help="另一个时钟上的 UTC 时刻")

    def handle(self, *args: Any, operator: str, now: str, **options: Any) -> None:
        present = clock.system()
        try:
            read = datetime.fromisoformat(now).replace(tzinfo=UTC)
        except ValueError as error:
            raise CommandError("--now 须写作 YYYY-MM-DDTHH:MM") from error
        if not -TYPED < present - read < TYPED:
            raise CommandError(f"本机现在是 {present:%Y-%m-%dT%H:%M} UTC，与您所读的不符：请先校准本机时钟")
        before = timekeeper.load()
        timekeeper.save(present)
        log.warning("%s says that the clock is right at %s; the last instant was %s", operator, iso(present), before)
        self.stdout.write(f"已记录：{iso(present)}")
