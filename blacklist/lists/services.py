"""Acts: put a list aside, confirm or drop it as a second person, look somebody up and keep what was found."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from blacklist.lists import queries, rules
from blacklist.lists.models import Inquiry, ListEntry, ListIssue
from blacklist.lists.rules import Gate
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, Refused, refuse_if


@transaction.atomic
def stage(
    *, key: str, source: str, as_of: date, file_name: str, sha256: str, table: Sequence[Sequence[str]], by: Actor,
    at: datetime,
) -> ListIssue:  # fmt: skip
    """Put a list aside for a second supervisor; nothing is asked of it yet.

    Refused to others, for an older issue than the one that is held, and with every bad row at once.
    """
    held = queries.held().get(key)
    refuse_if(
        rules.why_not_stage(
            key=key, source=source, as_of=as_of, newest=held.as_of if held else None, on=day_in_china(at), by=by
        )
    )
    rows, wrong = rules.read(table)
    text = "第{row}行{column}：{why}"
    refuse_if(tuple(
        Reason("lists.row", Kind.NOT_VALID, text, None, {"row": each.row, "column": each.column, "why": each.why})
        for each in wrong[: rules.MOST_TOLD]
    ))  # fmt: skip
    return ListIssue.objects.create(
        list=key, source=source.strip()[:200], as_of=as_of, file_name=file_name[:120], sha256=sha256,
        table=[list(row) for row in table], count=len(rows), staged_by=by.person, staged_by_name=by.name, staged_at=at,
    )  # fmt: skip


@transaction.atomic
def confirm(*, public_id: UUID, by: Actor, at: datetime) -> ListIssue:
    """Hold a list from here on. Refused to whoever brought it in, and where it is confirmed or dropped already."""
    row = ListIssue.objects.select_for_update().get(public_id=public_id)
    done = row.confirmed_at is not None or row.dropped_at is not None
    refuse_if(rules.why_not_confirm(staged_by=row.staged_by, done=done, by=by))
    rows, _wrong = rules.read(row.table)
    ListEntry.objects.bulk_create(
        ListEntry(
            issue=row, code=each.code, name=each.name, document_no=each.document_no, reason=each.reason,
            listed_on=each.listed_on, until=each.until,
        )
        for each in rows
    )  # fmt: skip
    row.confirmed_by, row.confirmed_by_name, row.confirmed_at = by.person, by.name, at
    row.save(update_fields=["confirmed_by", "confirmed_by_name", "confirmed_at"])
    return row


@transaction.atomic
def drop(*, public_id: UUID, by: Actor, at: datetime) -> ListIssue:
    """Put it away. Refused to others, and where it is confirmed or dropped already."""
    row = ListIssue.objects.select_for_update().get(public_id=public_id)
    done = row.confirmed_at is not None or row.dropped_at is not None
    refuse_if(rules.why_not_keep(by=by) or rules.why_not_confirm(staged_by="", done=done, by=by))
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])
    return row


@transaction.atomic
def look_up(*, about: str, gate: Gate, bodies: Mapping[str, str], regime: str, by: Actor, at: datetime) -> int:
    """Look bodies (code ↦ name) up in the lists a law wants asked, and keep the answers; who was, is not again.

    Returns how many were. Refused to anybody but the clock. A law without lists, or no list held, leaves nothing: an
    empty answer would look like a question that was asked.
    """
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("lists.not-system", Kind.NOT_YOURS, "开启结束后由平台自动查询"))
    if not set(rules.ASKED[regime]) & set(queries.held()):
        return 0
    known = set(Inquiry.objects.filter(about=about, gate=gate.value).values_list("code", flat=True))
    made = [
        Inquiry(
            about=about, gate=gate.value, code=code, name=name, asked_at=at,
            answers=queries.answers(code, regime=regime, on=day_in_china(at)),
        )
        for code, name in bodies.items() if code not in known
    ]  # fmt: skip
    Inquiry.objects.bulk_create(made)
    return len(made)
