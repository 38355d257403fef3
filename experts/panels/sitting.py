"""When everybody has accepted, the panel sits: seat numbers by lot, one public line."""

import secrets
from datetime import datetime

from django.db import transaction

from experts.panels import calls
from experts.panels.events import PanelSeated
from experts.panels.models import Panel
from experts.panels.rules import PanelState, SeatState
from ledger.services import record


def seat_if_complete(panel: Panel, *, at: datetime) -> None:
    """When every seat is accepted, give out the seat numbers by lot and say so.

    A replacement takes the number that became free. The public list is sorted by masked id, so that a seat number on a
    score sheet leads to nobody.
    """
    accepted = list(panel.seats.filter(state=SeatState.ACCEPTED))
    seated = list(panel.seats.filter(state=SeatState.SEATED))
    if len(accepted) + len(seated) < panel.size:
        return
    free = sorted(set(range(1, panel.size + 1)) - {s.seat_no for s in seated})
    secrets.SystemRandom().shuffle(free)
    for seat, number in zip(accepted, free, strict=True):
        seat.seat_no = number
        seat.save(update_fields=["seat_no"])
        seat.advance(SeatState.SEATED, at=at)
    panel.advance(PanelState.SEATED)
    panel.seated_at = at
    panel.save(update_fields=["seated_at"])
    told = [seat.cid for seat in accepted]
    transaction.on_commit(lambda: calls.tell(told, "评审小组已到齐，请登录平台进入评审，先作出无利害关系声明。"))
    record(PanelSeated(stream=panel.stream, seats=sorted(s.cid for s in [*accepted, *seated])), at=at)
