"""A panel drawn before the opening is called by its fixed order once conflicts are known, by nobody's decision."""

from datetime import datetime
from functools import partial

from bidding.evaluation import ceremony, outside, queries
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from experts.panels import early
from experts.panels.models import Panel
from market.projects import queries as projects
from market.projects.gate import banned_judges
from notifier.asking import asks_first
from rulebook.actor import Actor


@asks_first
def call_fixed(*, project_number: str, by: Actor, at: datetime) -> Panel:
    """Strike the people of whoever bids, and of those bound to them, from the fixed order, and invite by it.

    Does nothing before the moment at which a panel could be drawn after the opening, nor twice; a draw that came too
    late for the opening lapses.
    Law: 政府采购法实施条例 第9条.
    """
    project = projects.hold_published(project_number)
    panel = early.lapse(project_number=project_number, by=by, at=at)
    evaluation = queries.of(project)
    if not early.is_fixed(panel) or not outside.is_time(project, evaluation, called=True):
        return panel
    called = early.call_fixed(
        project_number=project_number,
        avoid=ceremony.employers_to_avoid(project, at=at),
        banned=partial(banned_judges, project, at=at),
        by=by,
        at=at,
    )
    if evaluation is None and not early.is_fixed(called):  # the panel judges qualification: nothing came before it
        Evaluation.objects.create(project=project, step=Step.PANEL, step_since=at, qualified_at=at)
    return called
