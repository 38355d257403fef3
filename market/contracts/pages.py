"""What the award page shows, put together from reads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from accounts.templatetags.parts import minute, money
from documents import qr, signing
from documents.issued import queries as issued
from market.awards import queries as awards
from market.awards import results
from market.awards.forms import AnswerForm, DeclineForm, DelayForm, ObjectionForm
from market.awards.models import Award
from market.awards.rules import why_not_explain
from market.contracts import queries
from market.contracts.forms import ConfirmForm, ContractForm, ReturnForm
from market.contracts.rules import why_not_begin
from market.notices import words
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.sides import Work
from market.projects.stops import Act
from market.purchases import queries as purchases
from rulebook.actor import Actor, Role
from rulebook.calendar import limit_words
from rulebook.money import capitals


def award(project: Project, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """The award page for one viewer: strangers see nothing but what was announced."""
    standing = awards.standing(project)
    held = awards.proposal(project)
    officer, owner = project.is_officer(viewer), project.does(Work.DETERMINE, viewer)
    winner = bool(standing and viewer.role is Role.PROVIDER and viewer.organisation == standing.organisation)
    ranked = awards.ranking(project, viewer=viewer)
    contract = queries.of(project)
    against = [awards.why_not_determine(project, org=each.org, by=viewer, at=at) if owner else () for each in ranked]
    # What stands against all of them alike is said once, above them.
    shared = against[0] if len(against) > 1 and all(one == against[0] for one in against) else ()
    return {
        "nav": "notices",
        "project": project,
        "steps": project.steps(),
        "award": standing,
        "letter": queries.letter_of(standing) if standing else None,
        "rows": words.rows(standing.notice.content, project.terms) if standing else [],
        "declined": awards.declined(project),
        "earlier": awards.earlier(project) if officer or standing else [],
        "own": results.own(project, viewer=viewer),
        "is_officer": owner,
        "of_agent": officer and not owner,
        "answers": project.does(Work.ANSWER, viewer),
        "confirmation": awards.confirmation(held) if officer else None,
        "confirms": project.doer(Work.EVALUATE) != project.buyer_id,
        "against_report": awards.why_not_confirm_report(project, by=viewer),
        "is_provider": viewer.role is Role.PROVIDER,
        "is_winner": winner,
        "reach": purchases.reach(project) if winner else None,
        "received_at": held.received_at if held and officer else None,
        "report_number": held.number if held and officer else None,
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
        "publicity": awards.publicity(project, of=held) if held else None,
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
        **_contract(project, standing, viewer=viewer, at=at),
        "by_house": awards.by_house(project),
        "accept_due": awards.accept_due(project, standing, at=at) if standing else None,
        "against_accept": awards.why_not_accept(project, by=viewer, at=at),
        "contract_due": queries.due(project, standing, at=at) if standing else None,
        "decline_form": DeclineForm(),
        "delay_form": DelayForm(),
        "contract_form": ContractForm(initial={"amount": standing.amount if standing else None}),
    }


def _contract(project: Project, award: Award | None, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """What was put forward, for those who may see it, and what the winner can do."""
    rows = queries.proposed(project, viewer=viewer) if award else []
    waiting = next((row for row in rows if row.settled_at is None and row.award_id == (award and award.pk)), None)
    against = queries.why_not_confirm(project, late_reason="-", by=viewer, at=at) if waiting else ()
    unsaid = queries.why_not_confirm(project, late_reason="", by=viewer, at=at) if waiting else ()
    late = bool(unsaid) and not against  # nothing is wanted but why it is late
    return {
        "contract_rows": rows,
        "contract_waits": waiting,
        "contract_returned": rows[0] if rows and rows[0].agreed is False else None,
        "against_confirm": against,
        "confirm_form": ConfirmForm(auto_id="confirm_%s") if late else None,
        "return_form": ReturnForm(auto_id="return_%s"),
    }


def letter(award: Award, *, public_id: UUID, at: datetime) -> dict[str, Any]:
    """What stands on the award letter of an award.  public_id: of the paper, for its code.

    Law: 政府采购法实施条例 第43条.
    """
    project = award.project
    due = awards.accept_due(project, award, at=at)
    check = issued.check_page(public_id)
    return {
        "asked": f"请在 {limit_words(due)} 前登录确认，逾期视为放弃。" if due else "",
        "judged": f"经{project.procedure.title}并公示"
        if due
        else f"经{project.terms.panel}评审、{project.terms.buyer}依法确定",
        "papers": "" if due else f"和你方{project.terms.file}",
        "title": project.title,
        "number": project.number,
        "buyer": project.buyer.name,
        "agent": project.agent.name if project.agent else "",
        "winner": award.name,
        "terms": project.terms.words(),
        "amount": money(award.amount),
        "in_capitals": capitals(award.amount),
        "rank": str(award.rank),
        "due": limit_words(queries.due(project, award, at=at)),
        "date": minute(award.notice.published_at),
        "notice_sha256": award.notice.sha256,
        "certificate": signing.fingerprint(signing.der_of(signing.certificate(at=at))),
        "verify": f"{settings.SITE}/verify/",
        "check": check,
        "code": qr.svg(check),
    }
