"""What the award page shows, put together from reads."""

from datetime import datetime
from typing import Any

from accounts.templatetags.parts import minute, money
from documents import qr
from market.awards import queries as awards
from market.awards import results
from market.awards.forms import AnswerForm, DeclineForm, DelayForm, ObjectionForm
from market.awards.models import Award
from market.awards.rules import why_not_explain
from market.contracts import queries
from market.contracts.forms import ContractForm
from market.contracts.rules import why_not_begin
from market.notices import words
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.stops import Act
from market.purchases import queries as purchases
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.money import capitals


def award(project: Project, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """The award page for one viewer: strangers see nothing but what was announced."""
    standing = awards.standing(project)
    held = awards.proposal(project)
    officer = project.is_officer(viewer)
    winner = bool(standing and viewer.role is Role.PROVIDER and viewer.organisation == standing.organisation)
    ranked = awards.ranking(project, viewer=viewer)
    contract = queries.of(project)
    against = [awards.why_not_determine(project, org=each.org, by=viewer, at=at) if officer else () for each in ranked]
    # What stands against all of them alike is said once, above them.
    shared = against[0] if len(against) > 1 and all(one == against[0] for one in against) else ()
    return {
        "nav": "notices",
        "project": project,
        "steps": project.steps(),
        "award": standing,
        "rows": words.rows(standing.notice.content, project.terms) if standing else [],
        "declined": awards.declined(project),
        "earlier": awards.earlier(project) if officer or standing else [],
        "own": results.own(project, viewer=viewer),
        "is_officer": officer,
        "is_provider": viewer.role is Role.PROVIDER,
        "is_winner": winner,
        "reach": purchases.reach(project) if winner else None,
        "received_at": held.received_at if held and officer else None,
        "due_at": awards.due(held, at=at) if held and officer else None,
        "delay_reason": held.delay_reason if held and officer else "",
        "candidates": [(each, why, "against-all" if shared else "") for each, why in zip(ranked, against, strict=True)],
        "against_all": shared,
        "against_delay": why_not_explain(
            stage=project.stage,
            buyer=project.buyer_id,
            text="-",
            by=viewer,
            law=project.procedure.determination.law,
            by_house=awards.by_house(project),
        ),
        "against_decline": awards.why_not_decline(project, reason="-", by=viewer),
        "publicity": awards.publicity(project) if held else None,
        "publicity_rows": words.rows(held.publicity.content, project.terms)[3:] if held and held.publicity else [],
        "objections": awards.objections(project, viewer=viewer),
        "against_candidates": awards.why_not_publish_candidates(project, by=viewer),
        "candidates_due": project.procedure.publicity_starts.due(held.received_at)
        if held and officer and project.procedure.publicity_starts
        else None,
        "against_objection": awards.why_not_object(project, text="-", by=viewer, at=at),
        "objection_form": ObjectionForm(),
        "answer_form": AnswerForm(auto_id=False),
        "contract": contract,
        "against_contract": why_not_begin(stage=project.stage, buyer=project.buyer_id, by=viewer)
        or projects.why_not_go_on(project, Act.CONTRACT, at=at)
        or awards.why_not_contract_yet(project),
        "by_house": awards.by_house(project),
        "accept_due": awards.accept_due(project, standing, at=at) if standing else None,
        "against_accept": awards.why_not_accept(project, by=viewer, at=at),
        "contract_due": queries.due(project, standing, at=at) if standing else None,
        "decline_form": DeclineForm(),
        "delay_form": DelayForm(),
        "contract_form": ContractForm(
            initial={"amount": standing.amount if standing else None, "signed_on": day_in_china(at)}
        ),
    }


def letter(project: Project, *, check: str, at: datetime) -> dict[str, Any]:
    """What stands on the printed award letter of the award that stands. Raises Award.DoesNotExist before.

    check: where its code leads.  Law: 政府采购法实施条例 第43条.
    """
    standing = awards.standing(project)
    if standing is None:
        raise Award.DoesNotExist
    due = awards.accept_due(project, standing, at=at)
    return {
        "asked": f"请在 {minute(due)} 前登录确认，逾期视为放弃。" if due and not standing.accepted_at else "",
        "judged": f"经{project.procedure.title}并公示"
        if due
        else f"经{project.terms.panel}评审、{project.terms.buyer}依法确定",
        "papers": "" if due else f"和你方{project.terms.file}",
        "title": project.title,
        "number": project.number,
        "buyer": project.buyer.name,
        "winner": standing.name,
        "terms": project.terms.words(),
        "amount": money(standing.amount),
        "in_capitals": capitals(standing.amount),
        "rank": str(standing.rank),
        "due": minute(queries.due(project, standing, at=at)),
        "date": minute(standing.notice.published_at),
        "notice_sha256": standing.notice.sha256,
        "check": check,
        "code": qr.svg(check),
    }
