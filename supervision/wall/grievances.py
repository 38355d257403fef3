"""Complaints and cases as the wall shows them: where each stands, whose turn it is, what is late.

Nobody's name is read here: before an opening, who complains and who is charged could tell who bids.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blacklist.cases import queries as cases_of
from blacklist.cases import words
from blacklist.cases.models import Case
from blacklist.cases.process import File, State
from blacklist.cases.rules import GROUNDS
from blacklist.cases.turns import turn
from market.complaints import forms as complaint_forms
from market.complaints import pages as complaint_pages
from market.complaints import queries as complaints_of
from market.complaints import rules as complaint_rules
from market.complaints.models import Complaint
from market.projects.models import Project
from rulebook.actor import Actor
from rulebook.calendar import day_in_china

MOST = 20  # lines of a list on the wall
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Matter:
    """One of them.  whose: turn, "" when it is over.  until: by when; None when nothing presses."""

    what: str | Promise
    about: str
    state: str | Promise
    whose: str | Promise
    until: datetime | None
    late: bool
    href: str


def complaints(viewer: Actor, *, at: datetime) -> list[Matter]:
    """What is filed with the viewer's body and not ended, the most pressing first."""
    rows = complaints_of.visible_to(viewer).filter(ended_at=None)[:100]
    return _pressing([_complaint(row, at=at) for row in rows])


def cases(viewer: Actor, *, at: datetime) -> list[Matter]:
    """The platform's cases in which somebody has something to do, the most pressing first."""
    return _pressing([_case(row, file, at=at) for row, file in cases_of.open_cases(viewer, at=at)])


def about(project: Project, viewer: Actor, *, at: datetime) -> list[Matter]:
    """All of both about a procurement, over or not, in the order in which they came."""
    rows = complaints_of.visible_to(viewer).filter(project=project).order_by("filed_at", "pk")
    told = [_complaint(row, at=at) for row in rows]
    return told + [_case(row, file, at=at) for row, file in cases_of.of_project(project.number, viewer=viewer)]


def _pressing(rows: list[Matter]) -> list[Matter]:
    return sorted(rows, key=lambda row: row.until or FOREVER)[:MOST]


TURNS = {
    complaint_rules.State.FILED: gettext_lazy("受理部门"),
    complaint_rules.State.INCOMPLETE: gettext_lazy("投诉人"),
    complaint_rules.State.ACCEPTED: gettext_lazy("受理部门"),
}


def _complaint(row: Complaint, *, at: datetime) -> Matter:
    state = complaint_rules.State(row.state)
    until = row.next_due if row.is_open else None
    late = until is not None and at >= until and state is not complaint_rules.State.INCOMPLETE
    title = row.project.title if row.project else row.subject
    what = _("投诉：{about}").format(about=complaint_forms.ABOUT_WORDS[row.kind])
    whose = TURNS.get(state, "") if row.is_open else ""
    return Matter(what, title, complaint_pages.STATE_WORDS[state], whose, until, late, row.get_absolute_url())


def _case(row: Case, file: File, *, at: datetime) -> Matter:
    now = turn(file, at=at)
    what = _("平台案件：{ground}").format(ground=GROUNDS[row.ground].name)
    return Matter(
        what,
        _("{day} 报告").format(day=day_in_china(row.reported_at).isoformat()),
        words.STATE_WORDS[State(row.state)],
        words.TURN_WORDS[now.whose] if now else "",
        now.until if now else None,
        now is not None and now.late(at=at),
        reverse("blacklist:case", args=[row.public_id]),
    )
