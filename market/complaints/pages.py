"""What the pages of grievances show, put together from reads."""

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.queries import name_of
from market.complaints import forms, queries, rules
from market.complaints.models import Challenge, Complaint
from market.complaints.rules import About, Outcome, State
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.sides import Work
from rulebook.actor import Actor

STATE_WORDS = {
    State.FILED: _("待审查"), State.INCOMPLETE: _("待补正"), State.ACCEPTED: _("已受理"), State.REFUSED: _("不予受理"),
    State.WITHDRAWN: _("已撤回"), State.DECIDED: _("已决定"),
}  # fmt: skip
STEP_WORDS = {
    "defects": _("一次性告知需要补正的全部内容"), "supplement": _("补正"), "accepted": _("受理"),
    "refused": _("不予受理"), "reply": _("被投诉人的说明"), "withdrawn": _("撤回"), "decided": _("处理决定"),
}  # fmt: skip


def purchase(number: str, *, viewer: Actor) -> Project | None:
    """The published purchase of this number, or None."""
    return projects.visible_to(viewer).filter(number=number.strip()).exclude(published_at=None).first()


def guide(data: QueryDict, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """The channel for what was asked about: which, to whom, until when, with what."""
    form = forms.GuideForm(data or None)
    told: dict[str, Any] = {"form": form, "nav": "notices"}
    if not form.is_valid():
        return told
    about, number = About(form.cleaned_data["about"]), form.cleaned_data["number"]
    project = purchase(number, viewer=viewer) if number else None
    route = queries.route_for(about, project)
    told |= {"about": about, "number": number, "project": project, "route": route, "asked": True,
             "unknown": bool(number) and project is None}  # fmt: skip
    if route is None:
        return told
    known = queries.known_at(project, about, at=at) if project else at
    step_due = route.step_within.due(known) if route.step_within else None
    own = queries.first_steps(viewer, project, about) if project and route.step else []
    begins = max((prior.over_at(at) for _id, _text, prior in own if prior.over_at(at)), default=None)
    query = f"?about={about.value}&number={number}"
    return told | {
        "step_due": step_due, "own": own, "complain_by": route.within.due(begins) if begins else None,
        "late": bool(step_due and at >= step_due), "new": reverse("market:new_complaint") + query,
        "step_page": reverse("market:award", args=[number]) if route.at_award
        else reverse("market:new_challenge") + query,
    }  # fmt: skip


def complaint(held: Complaint, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """One complaint as this viewer sees it: what was said, what is next, by when, why."""
    facts = queries.own_facts(held, viewer)
    state, route = State(held.state), held.row
    hidden = () if facts["who"] else ("supplement", "withdrawn")
    steps = [
        (each, STEP_WORDS[each.what], "" if each.what in hidden else each.name) for each in held.steps.order_by("pk")
    ]
    told = {each.what for each, _words, _name in steps}
    return facts | {
        "held": held, "steps": steps, "state": STATE_WORDS[state], "state_key": state.value, "route": route,
        "about": forms.ABOUT_WORDS[held.kind], "body": name_of(held.body),
        "outcome": forms.OUTCOME_WORDS[Outcome(held.outcome)] if held.outcome else "",
        "against_defects": rules.why_not_tell_defects(
            body=held.body, state=state, told="defects" in told, defects=["-"], checked_by=held.check_by, by=viewer,
            at=at,
        ),
        "against_accept": rules.why_not_handle(body=held.body, state=state, to=State.ACCEPTED, by=viewer),
        "against_refuse": rules.why_not_handle(body=held.body, state=state, to=State.REFUSED, by=viewer),
        "against_decide": rules.why_not_handle(body=held.body, state=state, to=State.DECIDED, by=viewer),
        "against_reply": rules.why_not_reply(
            concerned=facts["other_side"], state=state, replied="reply" in told, text="-"
        ),
        "against_complete": rules.why_not_complete(
            own=facts["own"], state=state, text="-", until=held.supplement_by, at=at
        ),
        "against_withdraw": rules.why_not_withdraw(own=facts["own"], state=state, text="-"),
        "decide_form": forms.DecideForm(outcomes=sorted(route.outcomes)),
        "rests": held.project.resting if held.project else None,
    }  # fmt: skip


def step(held: Challenge, *, viewer: Actor) -> dict[str, Any]:
    """One first step; the buyer does not learn who before the opening."""
    own = held.organisation == viewer.organisation
    route = queries.route_for(About(held.about), held.project)
    shown = own or rules.shows_name(held.project.stage)
    return {
        "held": held, "own": own, "who": held.name if shown else "", "route": route, "project": held.project,
        "about": forms.ABOUT_WORDS[About(held.about)],
        "against": rules.why_not_answer(
            buyer=held.project.doer(Work.ANSWER), answered=held.answered_at is not None, text="-", by=viewer
        ),
        "complain": f"{reverse('market:new_complaint')}?about={held.about}&number={held.project.number}",
    }  # fmt: skip
