"""The coefficient of the price formula, drawn by lot once every price is open: started by the host, typed by nobody.

The values there are stand in the terms; host, trading centre and platform each give randomness, and the hall ends when
one of the values is drawn.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bidding.opening import ceremony, doors, hosting, queries
from bidding.opening.queries import Standing
from bidding.opening.rules import Act, Facts, halted, held, not_host, not_in
from bidding.tender.models import Tender
from draws import queries as draws
from draws import services as drawing
from draws.models import Draw
from draws.rules import Phase
from proofs.prices import pool_of
from rulebook.actor import Actor
from rulebook.law import Article
from rulebook.refusal import Kind, Reason, refuse_if

BY_THE_DOCUMENTS = Article("招标投标法实施条例", "第49条")


def listed(tender: Tender) -> Mapping[str, list[str]]:
    """Each parameter that is drawn, with the values it may take; none where nothing is."""
    return (tender.formula or {}).get("draw", {})


def latest(tender: Tender) -> Draw | None:
    """The draw that decides, or the last one that was void."""
    return next((draws.latest(tender.project.number, name) for name in listed(tender)), None)


def drawn(tender: Tender) -> dict[str, str]:
    """Each parameter that is drawn, with its value; empty before it is."""
    found: dict[str, str] = {}
    for name in listed(tender):
        draw = draws.latest(tender.project.number, name)
        if draw is not None and Phase(draw.phase) is Phase.SETTLED:
            found[name] = draws.result_by_stratum(draw)[name]["chosen"][0]
    return found


def why_not_draw(facts: Facts, *, by: Actor, is_wanted: bool, over: bool | None) -> tuple[Reason, ...]:
    """Reasons against starting the draw: the host, once the prices of this session are out, and once.

    is_wanted: the terms have something drawn in this session.  over: the last draw was void; None when there was none.
    Law: 招标投标法实施条例 第49条 (as the documents say), 第46条 (no second draw).
    """
    shut = not_host(facts, by) or not_in(facts, Act.RECORD) or halted(facts) or held(facts, by)
    if shut:
        return shut
    if not is_wanted or over is False:
        text = "没有待抽取的参数，或者已经宣布抽取"
        return (Reason("coefficient.nothing", Kind.NOT_NOW, text, BY_THE_DOCUMENTS),)
    return ()


def last_is_void(tender: Tender) -> bool | None:
    """Whether the last draw came to nothing, so that another may follow; None before the first."""
    last = latest(tender)
    return None if last is None else Phase(last.phase) is Phase.VOID


@transaction.atomic
def start(*, project_number: str, by: Actor, at: datetime) -> Draw:
    """Announce the draw of the coefficient over the values of the terms. Nobody chooses anything by it.

    Refused to everyone but the host, before the prices are out, while one runs, and once a value is drawn.
    Law: 招标投标法实施条例 第49条.
    """
    standing = doors.hold(project_number, by=by, at=at)
    tender, project = standing.tender, standing.project
    void = last_is_void(tender)
    refuse_if(why_not_draw(standing.facts, by=by, is_wanted=standing.facts.undrawn, over=void))
    hosting.note(standing, by=by)
    [(name, values)] = listed(tender).items()
    before = latest(tender)
    return drawing.announce(
        project_number=project.number, purpose=name, stream=project.log, contributors=ceremony.contributors(project),
        strata=[{"key": name, "need": 1, "standby": 0, "name": "下浮系数"}], max_per_org=1,
        pool=pool_of(name, values), openings=[], windows=ceremony.WINDOWS[project.procedure.for_real],
        reason=f"上一次抽取作废：{before.void_reason}" if before is not None and void else "", by=by, at=at,
    )  # fmt: skip


def shown(standing: Standing) -> dict[str, Any] | None:
    """What the hall shows of it: the values, the draw, the result; None where nothing is drawn in this session."""
    values = listed(standing.tender)
    if not queries.drawn_here(standing) or standing.act not in (Act.RECORD, Act.ENDED):
        return None
    draw = latest(standing.tender)
    return {
        "values": [value for each in values.values() for value in sorted(each)],
        "draw": draw,
        "void": draw is not None and Phase(draw.phase) is Phase.VOID,
        "drawn": next(iter(drawn(standing.tender).values()), ""),
    }
