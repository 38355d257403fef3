"""A failed purchase, packed and ordered to be kept; one of long ago whose deletion waits: of `scripts.stage`."""

import html
import io
from datetime import datetime

from django.db import transaction

from keeping.archives import queries
from keeping.archives.events import STREAM, Packed
from keeping.archives.models import Package
from keeping.archives.rules import Level
from keeping.retention import services
from ledger import blobs
from ledger.services import record
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import package
from rulebook.actor import Actor
from rulebook.times import iso
from tests import cast
from tests.make import market

Page = tuple[str, Actor, str]
KEPT, OLD = "T-2026-003", "T-2011-001"
LISTED = (
    ("record.zip", "公开记录：日志条目及其证明、附件，可脱机核验"),
    ("checkpoints/public.txt", "归档时公开日志的检查点（平台签名与见证方会签）"),
    ("notices/01-tender.html", "公开招标公告（2026-11-02 09:00）：阅读版"),
    ("papers/opening-01.pdf", "开标记录（2026-11-23 09:40）"),
)


def fill(now: datetime) -> None:
    """Both packages of a failed purchase; an order to keep it; a deletion that waits for its second person."""
    for number in (KEPT, OLD):
        if number == OLD:
            then = now.replace(year=now.year - 15) - 40 * cast.DAY
            market.project(number=OLD, title="旗档案馆密集架采购", stage=Stage.FAILED, stage_at=then)
        for level in Level:
            _packed(Project.objects.get(number=number), level, now)
    services.order(project_number=KEPT, reason="法院调取本项目证据材料", by=cast.SUPERVISOR, at=now)
    services.propose(project_number=OLD, by=cast.OFFICER, at=now)


@transaction.atomic
def _packed(project: Project, level: Level, now: datetime) -> None:
    target = io.BytesIO()
    told = {"number": project.number, "title": project.title, "level": level.value, "ended": iso(project.stage_at),
            "origin": "mingbiao.example"}  # fmt: skip
    items = [package.Item(path, what, io.BytesIO(html.escape(what).encode() * 400)) for path, what in LISTED]
    listed = package.write(target, told, items)
    target.seek(0)
    sha256, size = blobs.keep_file(target, folder=queries.FOLDER)
    event = Packed(stream=STREAM, number=project.number, level=level.value, upto=9, sha256=sha256)
    Package.objects.create(
        project=project, level=level, upto=9, sha256=sha256, size=size, files=listed["files"], made_at=now,
        entry=record(event, at=now),
    )  # fmt: skip


def pages() -> list[Page]:
    """What anybody sees, who keeps the file, who watches; before the end; a deletion that waits; the terms."""
    kept, old = f"/projects/{KEPT}/archive/", f"/projects/{OLD}/archive/"
    return [
        ("archive", cast.STRANGER, kept), ("archive", cast.OFFICER, kept), ("archive", cast.SUPERVISOR, kept),
        ("archive-before", cast.STRANGER, "/projects/T-2026-001/archive/"),
        ("archive-old", cast.AUDITOR, old), ("archive-old", cast.OFFICER, old), ("terms", cast.STRANGER, "/keeping/"),
    ]  # fmt: skip
