"""What the pages of a choice show, put together from reads."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.queries import name_of
from accounts.templatetags.parts import moment
from documents import qr
from draws.rules import Phase
from ledger import queries as ledger
from market.projects.models import Project
from market.selection import queries
from market.selection.forms import PickForm
from rulebook.actor import Actor, Role


def enrolment(project: Project, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """The page on which a provider enrols: its own enrolments, and nothing of anybody else's."""
    fixed = queries.closing(project)
    head = ledger.sealed_batch(project.log) if fixed and fixed.closed_at else None
    rows = [
        {"row": row, "left": getattr(row, "withdrawal", None),
         "proof": ledger.tlog_proof(row.entry, against=head) if head else None}
        for row in queries.own(project, viewer=viewer)
    ]  # fmt: skip
    against = queries.why_not_enrol(project, by=viewer, at=at)
    return {
        "nav": "notices",
        "project": project,
        "purchase": project.purchase,
        "steps": project.steps(),
        "is_provider": viewer.role is Role.PROVIDER,
        "not_entered": any(reason.code == "provider.not-entered" for reason in against),
        "rows": rows,
        "live": next((each["row"] for each in rows if each["left"] is None), None),
        "against": against,
        "against_leaving": queries.why_not_withdraw(project, by=viewer, at=at),
        "closed": queries.calendar(project).is_late(at),
    }


def paper(project: Project, *, viewer: Actor, check: str) -> dict[str, Any]:
    """One's own receipts as plain values for `market/selection/receipt.typ`, oldest first. Empty list where none.

    check: the absolute address of the check; the receipt stands behind its `#`, which no browser sends.
    """
    kept = []
    for row in queries.own(project, viewer=viewer):
        kept.append((_("报名回执"), row))
        if left := getattr(row, "withdrawal", None):
            kept.append((_("撤回报名回执"), left))
    return {
        "title": project.title, "number": project.number, "provider": name_of(viewer.organisation),
        "closes": moment(project.purchase.closes_at),
        "receipts": [
            {"what": what, "received": moment(each.received_at), "note": each.receipt,
             "code": qr.svg(f"{check}#{qr.packed(each.receipt)}")}
            for what, each in sorted(kept, key=lambda one: one[1].received_at)
        ],
    }  # fmt: skip


def choice(project: Project, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """The public page of a choice: who enrolled once that may be known, who is out and why, the lots, the pick."""
    held, draw, listed = queries.pool(project), queries.draw(project), queries.short_list(project)
    names = {each["org"]: each["name"] for each in held.content["eligible"]} if held else {}
    order = queries.order_of(draw) if draw else []
    sizes = queries.sizes(project)
    officer = project.is_officer(viewer)
    return {
        "nav": "notices",
        "project": project,
        "purchase": project.purchase,
        "steps": project.steps(),
        "closing": queries.closing(project),
        "entrants": queries.shown(project),
        "pool": held,
        "sizes": sizes,
        "draw": draw,
        "is_settled": draw is not None and Phase(draw.phase) is Phase.SETTLED,
        "order": [(place, org, names.get(org, org)) for place, org in enumerate(order, start=1)],
        "short_list": listed,
        "pick": queries.pick(project),
        "is_officer": officer,
        "pick_due": project.procedure.determination.due(listed.at) if listed else None,
        "picks": [
            (row, queries.why_not_pick(project, org=row["org"], reason="-", by=viewer, at=at)) for row in listed.listed
        ] if listed and officer else [],
        "pick_form": PickForm(),
    }  # fmt: skip
