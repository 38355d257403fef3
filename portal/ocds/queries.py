"""Releases out of the public log: of a procurement, of a stretch of days. Nothing else is read, nor said."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr

from accounts.regions.queries import lies_in
from ledger import blobs
from ledger import queries as ledger
from ledger.models import Entry, Log
from market.projects import queries as projects
from market.projects.models import Project
from portal.ocds import mapping, rules
from portal.ocds.story import TOLD
from rulebook.actor import STRANGER
from rulebook.calendar import CHINA

STORY = "project/"
PAGE = 100  # entries looked at for one page of a package


def project(number: str) -> Project:
    """A procurement everybody may see; whoever asks is told the same. Raises Project.DoesNotExist."""
    return projects.visible(number, viewer=STRANGER)


def releases(found: Project) -> list[rules.Json]:
    """Every release of a procurement, in the order of its log."""
    rows = Entry.objects.filter(log=Log.PUBLIC, stream=found.log, kind__in=TOLD).order_by("seq")
    return list(told(rows))


def record(found: Project) -> rules.Json:
    """Its releases, and what they say together. Raises Entry.DoesNotExist before the first."""
    each = releases(found)
    if not each:
        raise Entry.DoesNotExist
    return {"ocid": each[0]["ocid"], "releases": each, "compiledRelease": rules.compiled(each)}


def told(entries: Iterable[Entry]) -> Iterator[rules.Json]:
    """The releases of these entries, each made of itself alone."""
    for entry in entries:
        made = mapping.release(_fact(entry), TOLD)
        if made is not None:
            yield made


class Places:
    """Where the procurements of entries lie, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, entry: Entry) -> str:
        """The digits of a region; empty for none."""
        number = entry.stream.removeprefix(STORY)
        if number not in self._known:
            self._known[number] = projects.region_of(number) or ""
        return self._known[number]


def _fact(entry: Entry) -> mapping.Fact:
    def before(kind: str) -> list[Any]:
        rows = Entry.objects.filter(log=Log.PUBLIC, stream=entry.stream, kind=kind, seq__lt=entry.seq)
        return [ledger.facts_of(row) for row in rows.order_by("seq")]

    return mapping.Fact(
        number=entry.stream.removeprefix(STORY), seq=entry.seq, at=entry.at, kind=entry.kind,
        data=ledger.facts_of(entry), read=lambda sha256: json.loads(blobs.read(sha256)), before=before,
        prefix=settings.OCID_PREFIX, site=settings.SITE,
    )  # fmt: skip


def begins(day: date) -> datetime:
    """When a day begins in China."""
    return datetime.combine(day, time(), CHINA)


def next_month(day: date) -> date:
    """The first day of the month after a day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def between(first: date, until: date) -> Any:
    """The entries that make releases from a day on and before another, in the order in which they were recorded."""
    stretch = Entry.objects.filter(log=Log.PUBLIC, at__gte=begins(first), at__lt=begins(until))
    return stretch.filter(stream__startswith=STORY, kind__in=TOLD).order_by("at", "pk")


def page(first: date, until: date, *, number: int, region: str = "") -> tuple[list[rules.Json], bool]:
    """A page of the releases of a stretch of days, of a region or of all, 1 first, and whether more follow."""
    found = between(first, until)
    if region:
        here = Project.objects.filter(lies_in("buyer_id", region), number=Substr(OuterRef("stream"), len(STORY) + 1))
        found = found.filter(Exists(here))
    rows = list(found[(number - 1) * PAGE : number * PAGE + 1])
    return list(told(rows[:PAGE])), len(rows) > PAGE


def newest() -> Entry | None:
    """The newest public entry that may make a release."""
    return Entry.objects.filter(log=Log.PUBLIC, stream__startswith=STORY, kind__in=TOLD).order_by("-at").first()


def oldest() -> Entry | None:
    """The oldest."""
    return Entry.objects.filter(log=Log.PUBLIC, stream__startswith=STORY, kind__in=TOLD).order_by("at").first()
