"""Acts of an import: one keeper puts a workbook forward, another one enters its people, or either drops it."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import inbox, sealing
from experts.registry import catalogue, importing, imports, queries
from experts.registry.imports import ImportState
from experts.registry.models import StagedImport
from experts.registry.rules import why_not_keep_register
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if

LATEST = 20


def latest() -> list[StagedImport]:
    """What was put forward lately, the newest first."""
    return list(StagedImport.objects.defer("sealed").order_by("-pk")[:LATEST])


def cells(staged: StagedImport) -> list[list[str]]:
    """The cells of an import that waits; for masks and checks, never for a page as they are."""
    held = sealing.unseal(staged.sealed, about=str(staged.public_id))
    return [[str(cell) for cell in row] for row in json.loads(held["cells"])]


def changes(rows: Sequence[importing.Row]) -> list[tuple[str, int, int]]:
    """What would change: specialty, how many the register holds now, and with these."""
    now, names = queries.how_many(), queries.specialties()
    coming = Counter(key for row in rows for key in set(row.keys))
    return [(names.get(key, key), now.get(key, 0), now.get(key, 0) + n) for key, n in sorted(coming.items())]


@transaction.atomic
def stage(*, table: Sequence[Sequence[str]], by: Actor, at: datetime) -> StagedImport:
    """Put a workbook forward. Nobody enters before another keeper has confirmed it; it lies sealed until then.

    Refused when it is no keeper, and with every bad row at once.
    Law: 政府采购评审专家管理办法 第9条.
    """
    refuse_if(why_not_keep_register(by=by))
    rows, wrong = importing.check(table, at=at)
    refuse_if(catalogue.told(wrong))
    told = json.dumps([list(row) for row in table], ensure_ascii=False)
    made = StagedImport(
        rows=len(rows), sha256=hashlib.sha256(told.encode()).hexdigest(), staged_by=by.person, staged_name=by.name,
        staged_at=at,
    )  # fmt: skip
    made.sealed = sealing.seal({"cells": told}, about=str(made.public_id))
    made.save(force_insert=True)
    body = f"{by.name}提交了{made.rows}名评审专家的导入，请复核。复核前没有人入库。"
    other = Role.SUPERVISOR if by.role is Role.OPERATOR else Role.OPERATOR
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=other,
        region="",
        subject="专家库批量导入待复核",
        body=body,
        link=_place(made),
        at=at,
    )
    return made


@transaction.atomic
def confirm(*, staged: StagedImport, by: Actor, at: datetime) -> StagedImport:
    """Enter everybody of an import that another keeper put forward; every row is looked at again.

    Refused when it is no keeper or the same one, it is decided already, and with every row that is bad by now.
    Law: 政府采购评审专家管理办法 第9条.
    """
    row = StagedImport.objects.select_for_update().get(pk=staged.pk)
    refuse_if(imports.why_not_confirm(first=row.staged_by, by=by))
    refuse_if(imports.IMPORT_LIFE.why_not(ImportState(row.state), ImportState.ENTERED))
    people, wrong = importing.check(cells(row), at=at)
    refuse_if(catalogue.told(wrong))
    importing.enter(people, by=by, at=at)
    _decided(row, ImportState.ENTERED, "", by=by, at=at)
    return row


@transaction.atomic
def drop(*, staged: StagedImport, note: str, by: Actor, at: datetime) -> StagedImport:
    """Drop an import; what it held is gone with it.

    Refused when it is no keeper, there is no reason, or it is decided already.
    """
    row = StagedImport.objects.select_for_update().get(pk=staged.pk)
    refuse_if(imports.why_not_drop(note=note, by=by))
    _decided(row, ImportState.DROPPED, note.strip()[:300], by=by, at=at)
    return row


def _decided(row: StagedImport, to: ImportState, note: str, *, by: Actor, at: datetime) -> None:
    row.decided_by, row.decided_name, row.decided_at, row.note = by.person, by.name, at, note
    row.save(update_fields=["decided_by", "decided_name", "decided_at", "note"])
    row.advance(to)
    if row.staged_by != by.person:
        what = "已复核入库" if to is ImportState.ENTERED else f"已作废：{note}"
        body = f"您提交的{row.rows}名评审专家的导入{what}。"
        inbox.post(
            topic=inbox.Topic.REGISTER,
            to_user=row.staged_by,
            subject="专家库批量导入",
            body=body,
            link=_place(row),
            at=at,
        )


def _place(row: StagedImport) -> str:
    return f"/experts/register/imports/{row.public_id}/"
