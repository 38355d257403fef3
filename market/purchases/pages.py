"""What the pages of a purchase show, put together from reads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger import lines
from ledger import queries as ledger
from market.notices import queries as notices
from market.notices import words
from market.notices.service_words import FUND_WORDS
from market.projects import rules as project_rules
from market.projects.rules import ENDS, Fund, Stage
from market.projects.sides import Work
from market.purchases import act_forms, forms, notice, queries, rules
from market.purchases.forms import StepForm
from market.purchases.limits import total
from market.purchases.models import Purchase, SplitAlert
from market.purchases.rules import Step
from market.purchases.words import FINDING_WORDS, STEP_WORDS
from rulebook.actor import Actor, Role
from rulebook.times import iso

PREVIEW = "preview"
STEPS: Mapping[str, type[StepForm]] = {
    Step.WHAT.value: forms.WhatForm,
    Step.CONDITIONS.value: forms.ConditionsForm,
    Step.MONEY.value: forms.MoneyForm,
    Step.METHOD.value: forms.MethodForm,
    Step.TIME.value: forms.TimeForm,
}
# Three short screens: what, where and how much, then the check.
SCREENS: Mapping[str, type[StepForm]] = {"need": forms.NeedForm, "where": forms.WhereForm}
SCREEN_WORDS = {"need": _("您需要什么"), "where": _("在哪、几天、多少钱"), PREVIEW: _("核对并公告")}
SCREEN_OF = {Step.WHAT: "need", Step.CONDITIONS: "need", Step.MONEY: "where", Step.METHOD: "where", Step.TIME: "where"}


def steps_of(row: Purchase) -> Mapping[str, type[StepForm]]:
    """The steps of this buyer's wizard, each with its form."""
    return SCREENS if row.project.buyer.kind in rules.TIMED else STEPS


def after(row: Purchase, step: str) -> str:
    """The step that follows."""
    order = [*steps_of(row), PREVIEW]
    return order[order.index(step) + 1]


def _bar(row: Purchase, here: str, missing: Mapping[Step, tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The steps with how many things each still lacks."""
    short = row.project.buyer.kind in rules.TIMED
    lacking: dict[str, int] = {}
    for step, reasons in missing.items():
        name = SCREEN_OF[step] if short else step.value
        lacking[name] = lacking.get(name, 0) + len(reasons)
    named = SCREEN_WORDS if short else {**{step.value: words for step, words in STEP_WORDS.items()}, PREVIEW: _("预览")}
    return [
        {"name": name, "label": label, "here": name == here, "lacks": lacking.get(name, 0), "last": name == PREVIEW}
        for name, label in named.items()
    ]


def step(row: Purchase, *, step: str, viewer: Actor, at: datetime) -> dict[str, Any]:
    """One step of the wizard: the form is the door's."""
    missing = queries.missing(row, at=at)
    short = row.project.buyer.kind in rules.TIMED
    shown = [each for each in Step if each.value == step or (short and SCREEN_OF[each] == step)]
    plan = queries.plan(row, at=at)
    limit = plan.limit
    return {
        "nav": "desk", "project": row.project, "purchase": row, "short": short, "step": step,
        "bar": _bar(row, step, missing), "following": after(row, step),
        "reasons": tuple(reason for each in shown for reason in missing[each]),
        "hints": [each for each in rules.hints(plan, at=at) if each.step in shown],
        "offered": [_offered(plan, each) for each in queries.offered(row.project, at=at)] if step == "method" else [],
        "earlier": plan.earlier, "earlier_sum": total(plan.earlier), "limit": limit,
        "asked": dict.fromkeys(plan.selection.asks, True), "sealed": row.project.procedure.takes_offers,
        "version": queries.item_of(row, at=at),
        "against_edit": project_rules.why_not_edit(row.project, by=viewer),
    }  # fmt: skip


def _offered(plan: rules.Plan, each: project_rules.Procedure) -> dict[str, Any]:
    """A way of choosing as the wizard offers it: how it goes, what it asks, why not."""
    selection = each.selection
    assert selection is not None  # a row of the supermarket
    against = rules.why_not_way(plan, each)
    return {
        "value": each.method.value, "title": each.title, "says": selection.says, "against": against,
        "least": selection.least[0][plan.fund],
        "limit": selection.limit[0][plan.fund],
    }  # fmt: skip


def preview(row: Purchase, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """The notice as it will read, with everything that stands against it."""
    project = row.project
    missing = queries.missing(row, at=at)
    all_of_it = tuple(reason for reasons in missing.values() for reason in reasons)
    short = project.buyer.kind in rules.TIMED
    version = queries.item_of(row, at=at)
    content = _previewed(row, at=at) if version else None
    people = {str(user.public_id): user.name for user in User.objects.filter(
        public_id__in=[each for each in (project.drafted_by, project.approved_by, project.confirmed_by) if each]
    )}  # fmt: skip
    named = {step: SCREEN_OF[step] if short else step.value for step in Step}
    return {
        "nav": "desk", "project": project, "purchase": row, "short": short, "step": PREVIEW,
        "bar": _bar(row, PREVIEW, missing), "rows": words.rows(content, project.terms) if content else [],
        "missing": [
            (named[step], SCREEN_WORDS[named[step]] if short else STEP_WORDS[step], reasons)
            for step, reasons in missing.items()
            if reasons
        ],
        "hints": queries.hints(row, at=at), "alone": queries.alone(project.preparer),
        "against_submit": project_rules.why_not_submit_for_approval(project, missing=all_of_it, by=viewer),
        "against_approve": project_rules.why_not_review(project, by=viewer) or all_of_it,
        "against_return": project_rules.why_not_review(project, by=viewer),
        "against_confirm": project_rules.why_not_confirm(project, by=viewer) or all_of_it,
        "against_refuse": project_rules.why_not_confirm(project, by=viewer),
        "entrusted": project.preparer != project.buyer_id, "owns": viewer.organisation == project.buyer_id,
        "confirmer": people.get(project.confirmed_by, ""),
        "against_cancel": project_rules.why_not_cancel_schedule(project, by=viewer, at=at),
        "drafter": people.get(project.drafted_by, ""), "approver": people.get(project.approved_by, ""),
        "return_form": act_forms.ReturnForm(), "attach_form": act_forms.AttachForm(),
        "against_edit": project_rules.why_not_edit(project, by=viewer), "sealed": project.procedure.takes_offers,
        "alert": SplitAlert.objects.filter(project=project).first(),
    }  # fmt: skip


def _previewed(row: Purchase, *, at: datetime) -> dict[str, Any]:
    project, version = row.project, queries.item_of(row, at=at)
    assert version is not None  # whoever asks has looked
    heading = {
        "project": project.number, "type": "tender", "edition": project.edition, "published_at": iso(at),
        "title": project.title,
        "buyer": {"org": project.buyer_id, "name": project.buyer.name, "address": project.address,
                  "contact": project.contact_name, "phone": project.contact_phone},
    }  # fmt: skip
    return {**heading, **notice.content(row, version)}


def purchase(row: Purchase, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """A published purchase for one viewer. Who takes part, and how many, is nobody's here."""
    project = row.project
    published = notices.of(project.number)
    selection = project.procedure.selection
    assert selection is not None  # a purchase has a row of the supermarket
    officer, ends = project.is_officer(viewer), project.does(Work.END, viewer)
    stage = Stage(project.stage)
    return {
        "nav": "notices", "project": project, "purchase": row, "steps": project.steps(), "selection": selection,
        "notice": published[0], "notices": published, "rows": words.rows(published[0].content, project.terms),
        "lines": [lines.line(entry) for entry in reversed(ledger.entries_after(project.log))],
        "determines": project.does(Work.DETERMINE, viewer),
        "open": stage is Stage.OPEN and at < row.closes_at and not selection.picks,
        "waits": stage is Stage.OPEN and at >= row.closes_at and not selection.picks,
        "to_pick": stage is Stage.OPEN and selection.picks,
        "decided": stage in (Stage.PROPOSED, Stage.AWARDED, Stage.CONTRACTED, Stage.COMPLETED),
        "may_cancel": ends and not project_rules.LIFE.why_not(stage, Stage.CANCELLED),
        "may_again": officer and stage is Stage.FAILED and not queries.begun_again(project),
        "followers": queries.followers(project), "before": row.again,
        "item": queries.item_of(row, at=at), "over": stage in ENDS, "fund_words": FUND_WORDS[Fund(row.fund)],
        "changed": any(each.type in notices.CHANGES for each in published), "is_provider": viewer.role is Role.PROVIDER,
    }  # fmt: skip


def alert(held: SplitAlert, *, viewer: Actor) -> dict[str, Any]:
    """An alert with its sums and what may be done about it."""
    closed = held.closed_at is not None
    return {
        "nav": "desk", "alert": held, "project": held.project, "finding_words": FINDING_WORDS.get(held.finding, ""),
        "supervises": viewer.role is Role.SUPERVISOR, "is_own": held.project.is_officer(viewer),
        "against_take": rules.why_not_look_into(owner=held.owner, closed=closed, by=viewer),
        "against_find": rules.why_not_find(owner=held.owner, closed=closed, finding="split", text="-----", by=viewer),
    }  # fmt: skip
