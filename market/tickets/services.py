"""Acts about tickets: bring a file in whole, say which complaint one belongs to, answer it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Organisation
from market.complaints.models import Complaint
from market.tickets import queries, rules
from market.tickets.models import Ticket, TicketAnswer
from market.tickets.rules import MOST_TOLD
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, refuse_if


@transaction.atomic
def bring_in(*, table: Sequence[Sequence[str]], sha256: str, by: Actor, at: datetime) -> list[Ticket]:
    """Take all tickets of a file, or none. sha256: of the file.

    Refused to anybody but a supervisor, who brings in his own body's, and with every bad row at once.
    """
    refuse_if(rules.why_not_import(by=by))
    Organisation.objects.select_for_update().get(code=by.organisation)
    rows, wrong = queries.checked(table, body=by.organisation, on=day_in_china(at))
    text = "第{row}行{column}：{why}"
    refuse_if(tuple(
        Reason("tickets.row", Kind.NOT_VALID, text, None, {"row": each.row, "column": each.column, "why": each.why})
        for each in wrong[:MOST_TOLD]
    ))  # fmt: skip
    return Ticket.objects.bulk_create(
        Ticket(
            body=by.organisation, number=row.number, received_on=row.received_on, due_on=row.due_on, title=row.title,
            text=row.text, category=row.category, project=row.project, named=row.named, sha256=sha256,
            imported_by=by.person, imported_at=at,
        )
        for row in rows
    )  # fmt: skip


@transaction.atomic
def link(*, public_id: UUID, complaint: str, by: Actor, at: datetime) -> Ticket:
    """Say which complaint a ticket belongs to; empty: to none. Refused once answered, and for another body's."""
    row = _held(public_id, by)
    found = queries.complaints(by).filter(public_id=complaint).first() if _is_id(complaint) else None
    refuse_if(rules.why_not_link(answered=_answered(row), same_body=not complaint or found is not None))
    row.complaint = found
    row.save(update_fields=["complaint"])
    return row


@transaction.atomic
def answer(*, public_id: UUID, result: str, text: str, by: Actor, at: datetime) -> TicketAnswer:
    """Answer a ticket, once. Refused where its complaint is not decided but the answer says what came of it."""
    row = _held(public_id, by)
    held: Complaint | None = row.complaint
    refuse_if(
        rules.why_not_answer(
            answered=_answered(row), result=result, text=text, linked=held is not None,
            complaint_open=held is not None and held.is_open,
        )
    )  # fmt: skip
    day = day_in_china(at)
    return TicketAnswer.objects.create(
        ticket=row, result=result, text=text.strip(), in_time=day <= row.due_on, person=by.person, name=by.name,
        answered_on=day, at=at,
    )  # fmt: skip


def _held(public_id: UUID, by: Actor) -> Ticket:
    queries.ticket(public_id, viewer=by)  # not found for everybody else
    return Ticket.objects.select_for_update(of=("self",)).select_related("complaint").get(public_id=public_id)


def _answered(row: Ticket) -> bool:
    return TicketAnswer.objects.filter(ticket=row).exists()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
