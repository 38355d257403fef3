"""The signed report leaves for the award desk; equal ranks are put in order by lot first."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bidding.evaluation import ceremony, queries
from bidding.evaluation.models import Evaluation, SheetVersion
from bidding.evaluation.rules import Step
from draws import queries as draws
from draws import services as drawing
from draws.models import Draw
from draws.rules import Phase
from experts.panels import queries as panels
from market.awards import services as awards
from market.projects import queries as projects
from proofs import lots
from rulebook.actor import SYSTEM, Actor

TIE = "tie"


def ties(report: Mapping[str, Any]) -> dict[int, list[str]]:
    """Ranks that several bids share, with their organisations."""
    ranks: dict[int, list[str]] = {}
    for bid in report["bids"]:
        if bid["rank"] is not None:
            ranks.setdefault(bid["rank"], []).append(bid["org"])
    return {rank: sorted(orgs) for rank, orgs in sorted(ranks.items()) if len(orgs) > 1}


def finish(*, evaluation: Evaluation, at: datetime) -> None:
    """Hand the signed report in, or first announce the draw that orders equal ranks. The caller holds the project.

    Law: 87号令 第57条, 第68条.
    """
    report = json.loads(evaluation.report)
    if ties(report):
        evaluation.advance(Step.TIE, at=at)
        again = "重新评审后并列" if draws.latest(evaluation.project.number, TIE) else ""
        _announce(evaluation, report, reason=again, at=at)
    else:
        _hand_in(evaluation, report, order=[], at=at)


def _announce(evaluation: Evaluation, report: Mapping[str, Any], *, reason: str, at: datetime) -> Draw:
    """The draw over the bids that are equal: masked like a panel's pool, for the ranking is not public yet."""
    project = evaluation.project
    pool, openings, strata = [], [], []
    for rank, orgs in ties(report).items():
        strata.append({"key": f"rank-{rank}", "need": len(orgs), "standby": 0, "name": f"并列第{rank}名"})
        for org in orgs:
            salt = secrets.token_hex(32)
            cid = lots.masked(org, bytes.fromhex(salt))
            pool.append({"cid": cid, "org": cid, "strata": [f"rank-{rank}"]})
            openings.append({"cid": cid, "number": org, "salt": salt, "org": cid, "employer": org,
                             "employer_salt": salt})  # fmt: skip
    by_cid = lambda row: row["cid"]  # noqa: E731
    return drawing.announce(
        project_number=project.number, purpose=TIE, stream=project.log, contributors=ceremony.contributors(project),
        strata=strata, max_per_org=1, pool=sorted(pool, key=by_cid), openings=sorted(openings, key=by_cid),
        windows=ceremony.WINDOWS[project.procedure.for_real], reason=reason, by=SYSTEM, at=at,
    )  # fmt: skip


@transaction.atomic
def settle_tie(*, project_number: str, by: Actor, at: datetime) -> Evaluation:
    """Hand the report in once its equal ranks are drawn; a void draw is announced again. Does nothing twice."""
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    draw = draws.latest(project_number, TIE)
    if Step(evaluation.step) is not Step.TIE or draw is None or not draw.over:
        return evaluation
    report = json.loads(evaluation.report)
    if Phase(draw.phase) is Phase.VOID:
        _announce(evaluation, report, reason=f"上一次抽取作废：{draw.void_reason}", at=at)
        return evaluation
    behind = {row["cid"]: row["number"] for row in draw.openings}
    place = {
        behind[cid]: n for stratum in draws.result_by_stratum(draw).values() for n, cid in enumerate(stratum["chosen"])
    }
    ranked = [bid for bid in report["bids"] if bid["rank"] is not None]
    ranked.sort(key=lambda bid: (bid["rank"], place.get(bid["org"], 0)))
    _hand_in(evaluation, report, order=[bid["org"] for bid in ranked], at=at)
    return evaluation


def _hand_in(evaluation: Evaluation, report: Mapping[str, Any], *, order: list[str], at: datetime) -> None:
    number = evaluation.project.number
    evaluation.advance(Step.DONE, at=at)
    awards.propose(
        number=number, report=report, salt=evaluation.report_salt, order=order, sheets=_sheets(evaluation), by=SYSTEM,
        at=at,
    )  # fmt: skip


def _sheets(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Every sheet of whoever sits now, as often as it was locked, with what opens its commitment."""
    seats = panels.seated(evaluation.project.number)
    rows = SheetVersion.objects.filter(sheet__seat__in=seats).select_related("sheet__seat")
    told = []
    for row in sorted(rows, key=lambda row: (row.sheet.seat.seat_no, row.version)):
        content = json.loads(row.content)
        told.append({"seat": content["seat"], "version": row.version, "scores": content["scores"], "salt": row.salt})
    return told
