"""Acts of the platform by itself: note what has ended, pack it."""

import tempfile
from contextlib import ExitStack
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from keeping.archives import contents, queries, rules
from keeping.archives.events import STREAM, Packed
from keeping.archives.models import Package, Place, ToPack
from keeping.archives.rules import Level
from ledger import blobs
from ledger import queries as ledger
from ledger.models import Log
from ledger.services import record
from market.projects.models import Project
from proofs import package
from rulebook.actor import Actor
from rulebook.times import iso

PROJECT = "project/"


@transaction.atomic
def note_ended(*, by: Actor, at: datetime) -> int:
    """Read on in the public log: every ended procurement of which something is said is to be packed, once it is quiet.

    Returns how many entries were read; costs what is new, however much there was before.
    """
    row, _ = Place.objects.get_or_create(pk=1)
    row = Place.objects.select_for_update().get(pk=row.pk)
    placed = ledger.placed_after(Log.PUBLIC, row.next)
    numbers = {each.entry.stream.removeprefix(PROJECT) for each in placed if each.entry.stream.startswith(PROJECT)}
    for project in Project.objects.filter(number__in=numbers, stage__in=[each.value for each in queries.ENDED]):
        ToPack.objects.update_or_create(project=project, defaults={"due_at": at + rules.QUIET})
    if placed:
        row.next = placed[-1].index + 1
        row.save(update_fields=["next"])
    return len(placed)


def pack(*, project: Project, by: Actor, at: datetime) -> list[Package]:
    """Make the packages of an ended procurement as its record stands; what is there already is not made again.

    Slow: nothing is held while the bytes are gathered; what is recorded meanwhile makes the next package.
    """
    due = ToPack.objects.filter(project=project).values_list("due_at", flat=True).first()
    upto = ledger.last_seq(project.log)
    made = [_made(project, level, upto=upto, at=at) for level in Level]
    ToPack.objects.filter(project=project, due_at=F("due_at") if due is None else due).delete()
    return made


def _made(project: Project, level: Level, *, upto: int, at: datetime) -> Package:
    if there := Package.objects.filter(project=project, level=level, upto=upto).first():
        return there
    told = {
        "number": project.number, "title": project.title, "level": level.value, "ended": iso(project.stage_at),
        "origin": settings.LOG_ORIGIN,
    }  # fmt: skip
    with tempfile.TemporaryFile() as target, ExitStack() as held:
        listed = package.write(target, told, contents.items(project, level, held))
        target.seek(0)
        sha256, size = blobs.keep_file(target, folder=queries.FOLDER)  # it may be large: before anything is held
    with transaction.atomic():
        event = Packed(stream=STREAM, number=project.number, level=level.value, upto=upto, sha256=sha256)
        return Package.objects.create(
            project=project, level=level, upto=upto, sha256=sha256, size=size, files=listed["files"], made_at=at,
            entry=record(event, at=at),
        )  # fmt: skip
