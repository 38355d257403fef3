"""The lots a choice among opened quotes rests on: the coefficient, and who of equals comes first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bidding.sealed import rules
from draws import services as drawing
from draws.models import Draw
from draws.rules import Phase
from market.notices import services as notices
from market.projects.models import Project
from market.selection import ceremony
from proofs import quotes
from rulebook.actor import SYSTEM


def draw(
    project: Project, before: Draw | None, purpose: str, strata: Sequence[dict[str, Any]],
    pool: Sequence[dict[str, Any]], *, at: datetime,
) -> None:  # fmt: skip
    """Announce a draw, or again where the last was void; nothing while one runs."""
    if before is not None and Phase(before.phase) is not Phase.VOID:
        return
    why = f"上一次抽取作废：{before.void_reason}" if before else ""
    if before is not None and before.count >= rules.MOST_DRAWS:
        notices.fail(number=project.number, reasons=(rules.not_chosen(before.void_reason),), by=SYSTEM, at=at)
        return
    drawing.announce(
        project_number=project.number, purpose=purpose, stream=project.log, contributors=ceremony.contributors(),
        strata=strata, max_per_org=1, pool=pool, openings=[], windows=ceremony.WINDOWS[project.procedure.for_real],
        reason=why, by=SYSTEM, at=at,
    )  # fmt: skip


def draw_tie(project: Project, before: Draw | None, standing: Sequence[Sequence[str]], *, at: datetime) -> None:
    """Announce the draw among equals, or again where the last was void; nothing while one runs."""
    names = [{**each, "name": "并列"} for each in quotes.tie_strata(standing)]
    draw(project, before, quotes.TIE, names, quotes.tie_pool(standing), at=at)
