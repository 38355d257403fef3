"""Figures of the whole house, asked of its database and folders when somebody wants them.

Of what the law keeps secret for a time nothing is asked whose answer follows how much of it there is: of the sealed
log only the age of its fixed batches, of the outbox only ages, of the disk only twentieths (decision 0038).
"""

import contextlib
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from accounts.models import Message
from accounts.reaching.models import Sending
from accounts.reaching.rules import State
from config import ticks, timekeeper
from config.watching import figures
from config.watching.readiness import readiness
from ledger import witnesses
from ledger.models import Checkpoint, Cosignature, Log, Pending
from ledger.sequencer import newest_checkpoint
from rulebook import clock

QUEUE = "celery"
MINUTE = 60  # seconds: what is sent within one is sent at once, and nobody learns that there was something to send
SHARE = 20  # the free share of a disk is told in twentieths: fewer would say how much was handed in


class House:
    """A collector: the processes' own figures, and those of the house, found out when it is asked."""

    def __init__(self) -> None:
        self.since = clock.system().timestamp()
        self.lock = threading.Lock()

    def describe(self) -> Iterable[Metric]:
        """Nothing: else it would be asked at the start."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every figure; without those of the database where it does not answer."""
        with self.lock:  # nobody reads what is being folded
            figures.fold(figures.folder())
            counted = list(MultiProcessCollector(None, path=str(figures.folder())).collect())
        yield from counted
        try:
            present = clock.system()
            for name, words, label, found in self._told(counted, present):
                family = GaugeMetricFamily(f"mingbiao_{name}", words, labels=label)
                for key, value in found.items():
                    family.add_metric(key, value)
                yield family
        finally:
            if not connection.in_atomic_block:
                close_old_connections()

    def _told(
        self, counted: Iterable[Metric], at: datetime
    ) -> Iterator[tuple[str, str, list[str], Mapping[tuple[str, ...], float]]]:
        ready = {(name,): float(held) for name, held in readiness.now().items()}
        yield "ready", "Whether each check of /readyz holds", ["check"], ready
        late = self._late(
            {
                sample.labels["tick"]: sample.value
                for metric in counted
                if metric.name == "mingbiao_tick_finished_timestamp_seconds"
                for sample in metric.samples
            },
            at.timestamp(),
        )
        yield "tick_late_seconds", "How long ago each tick should have run to its end again", ["tick"], late
        usage = shutil.disk_usage(settings.DATA)
        free = usage.free * SHARE // usage.total / SHARE
        yield "disk_free_ratio", "Free share of the data folder's disk, in twentieths", [], {(): free}
        if settings.REDIS_URL:
            with contextlib.suppress(OSError):
                yield "queue_length", "Ticks that wait for a worker", [], {(): float(queue_length())}
        with contextlib.suppress(DatabaseError):
            yield (
                "checkpoint_age_seconds", "Age of the newest checkpoint of each log", ["log"],
                {(log.value,): age(newest.at, at) for log in Log if (newest := newest_checkpoint(log))},
            )  # fmt: skip
            yield "sequencer_lag_seconds", "How long the oldest public entry waits for its place", [], {(): lag(at)}
            yield "witness_waiting_seconds", "Age of what a witness has not signed", ["witness", "log"], unsigned(at)
            yield "outbox_age_seconds", "How long the oldest message waits that is due", ["way"], outbox(at)
            off = {("database",): timekeeper.skew().total_seconds()}
            yield "database_clock_skew_seconds", "How far the database's clock is from ours", ["against"], off

    def _late(self, finished: Mapping[str, float], present: float) -> dict[tuple[str, ...], float]:
        """Seconds by tick. One that has not run since this listener began counts from then."""
        return {
            (tick.task,): max(0.0, present - max(self.since, finished.get(tick.task, 0.0)) - tick.every)
            for tick in ticks.TICKS
        }


def age(instant: datetime, at: datetime) -> float:
    """Seconds from an instant to the present, never less than none."""
    return max(0.0, (at - instant).total_seconds())


def lag(at: datetime) -> float:
    """Seconds the oldest entry of the public log has waited. The sealed log's waiting would tell that somebody bid."""
    waiting = Pending.objects.filter(entry__log=Log.PUBLIC).order_by("pk").values_list("entry__at", flat=True).first()
    return age(waiting, at) if waiting else 0.0


def unsigned(at: datetime) -> dict[tuple[str, ...], float]:
    """By witness and log: seconds since the first checkpoint after the newest it has signed."""
    found = {}
    for witness in witnesses.configured():
        for log in Log:
            signed = Cosignature.objects.filter(witness=witness.key.name, checkpoint__log=log)
            size = signed.order_by("-checkpoint__size").values_list("checkpoint__size", flat=True).first() or 0
            since = Checkpoint.objects.filter(log=log, size__gt=size).order_by("size").values_list("at", flat=True)
            found[witness.key.name, log.value] = age(first, at) if (first := since.first()) else 0.0
    return found


def outbox(at: datetime) -> dict[tuple[str, ...], float]:
    """Seconds, in whole minutes, the oldest message waits inside the house, and outside since it was due."""
    inside = Message.objects.filter(delivered_at__isnull=True).order_by("id").values_list("posted_at", flat=True)
    outside = Sending.objects.filter(state=State.QUEUED.value).order_by("due_at").values_list("due_at", flat=True)
    return {
        (way,): age(since, at) // MINUTE * MINUTE if (since := rows.first()) else 0.0
        for way, rows in (("inbox", inside), ("outside", outside))
    }


def queue_length() -> int:
    """How many ticks lie in the queue. OSError where Redis does not answer."""
    import redis

    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            return int(client.llen(QUEUE))  # type: ignore[arg-type]
    except redis.RedisError as error:
        raise ConnectionError(str(error)) from error
