"""A panel drawn before the opening: the order is fixed first, recusals strike only once the bidders are named.

Before that nobody has a seat and nobody is told, and the notifier calls nobody of the list: it wants the public log's
word that the opening has named the bidders.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from draws import queries as draws
from draws import services as drawing
from draws.models import Draw
from experts.panels import calls, queries, release
from experts.panels.events import EarlyLapsed, StruckOff
from experts.panels.listing import Bans, keep_struck, nobody, with_conflict
from experts.panels.models import Panel, Seat
from experts.panels.rules import PanelState, SeatState
from ledger.models import Entry, Log
from ledger.services import record
from notifier import client as notifier
from notifier.asking import asks_first
from proofs import lots
from rulebook.actor import Actor

NAMES_BIDDERS = "opening.hall-opened"
LAPSED = "开启时抽取尚未完成"


def is_fixed(panel: Panel) -> bool:
    """Whether the order is fixed and nobody was called by it yet."""
    return PanelState(panel.state) is PanelState.FIXED


def _named_at(stream: str) -> int | None:
    """Where in the public stream the opening named the bidders; None before."""
    found = Entry.objects.filter(log=Log.PUBLIC, stream=stream, kind=NAMES_BIDDERS).order_by("seq")
    return found.values_list("seq", flat=True).first()


@transaction.atomic
def lapse(*, project_number: str, by: Actor, at: datetime) -> Panel:
    """End an early draw that had no result when the bidders were named; the panel is then called after the opening,
    with a reason. Does nothing otherwise, nor twice.
    """
    panel = queries.hold(project_number)
    named = _named_at(panel.stream)
    if not panel.early or PanelState(panel.state) not in (PanelState.DRAWING, PanelState.FIXED) or named is None:
        return panel
    draw = drawing.call_off(draw_id=panel.draw_id, reason=LAPSED, by=by, at=at)
    seq = draws.result_seq(draw)
    if seq is not None and seq < named:
        return panel
    panel.advance(PanelState.SHORT)
    record(EarlyLapsed(stream=panel.stream, draw=draw.id), at=at)
    return panel


@asks_first
def call_fixed(
    *, project_number: str, avoid: Mapping[str, str], banned: Bans = nobody, by: Actor, at: datetime
) -> Panel:
    """Strike who has a conflict from the fixed order and invite by it; too few left means a further draw.

    avoid: credit code → its exclusion code, the bidders' among them.  Whoever is struck, the next in the order has the
    place; nobody else's moves. Does nothing twice, nor before the log can prove that the bidders were named.
    Refused while the notifier does not answer.
    Law: 政府采购法实施条例 第9条; 招标投标法实施条例 第46条.
    """
    panel = queries.hold(project_number)
    fact = release.proven(panel.stream, (NAMES_BIDDERS,))
    if PanelState(panel.state) is not PanelState.FIXED or fact is None:
        return panel
    draw = Draw.objects.get(pk=panel.draw_id)
    result = draws.result_by_stratum(draw)
    line = [(key, cid) for key, drawn in result.items() for cid in [*drawn["chosen"], *drawn["standby"]]]
    entry, proof = fact
    why = notifier.strike(
        [cid for _, cid in line], with_conflict(avoid=avoid, banned=banned, at=at), entry=entry.event, proof=proof,
        log=release.log_key(),
    )  # fmt: skip
    seats = _seats(panel, draw, line, struck=why, at=at)
    gone = [cid for _, cid in line if cid in why]
    kept = keep_struck(panel, draw.id, [{"cid": cid, "code": why[cid]} for cid in gone], at=at)
    panel.advance(PanelState.CALLING)
    asked = lots.after_striking(draw.result, draw.pool, gone, max_per_org=panel.max_per_org)
    for cid in (cid for cids in asked.values() for cid in cids):
        calls.invite(panel, seats[cid], at=at)
    if queries.still_wanted(panel):
        panel.advance(PanelState.SHORT)
    record(StruckOff(stream=panel.stream, draw=draw.id, seats=gone, commitment=kept.commitment), at=at)
    return panel


def _seats(
    panel: Panel, draw: Draw, line: list[tuple[str, str]], *, struck: Mapping[str, str], at: datetime
) -> dict[str, Seat]:
    """The whole fixed order as seats, by mask; those struck keep their place in it."""
    found = {}
    for order, (stratum, cid) in enumerate(line, start=panel.seats.count() + 1):
        seat = Seat.objects.create(
            panel=panel, draw_id=draw.id, stratum=stratum, order=order, cid=cid, state=SeatState.STANDBY
        )
        if cid in struck:
            seat.advance(SeatState.STRUCK, at=at)
        found[cid] = seat
    return found
