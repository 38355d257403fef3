"""What the pages of a tender show, put together from reads."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.queries import name_of
from bidding.holding.rules import FEWEST_TO_OPEN, MOST
from bidding.holding.words import SIDE_WORDS
from bidding.tender import again, forms, queries, readiness, rules
from bidding.tender.models import CommitteeMember, Tender
from bidding.tender.rules import CommitteeState, points
from ledger import lines
from ledger import queries as ledger
from market.agency.models import Entrustment
from market.awards import queries as awards
from market.notices import queries as notices
from market.notices import words
from market.projects import again as rules_again
from market.projects import queries as projects
from market.projects import rules as project_rules
from market.projects.models import Project
from market.projects.policies import NAMES
from market.projects.rules import PROCEDURES, Edition, Method, Stage, Timetable
from market.projects.sides import Work
from proofs.prices import FORMULAS, LOWEST
from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA, add_days, add_working_days, day_in_china, roll_to_working_day

# Suggestions, to be replaced by the officer.
FIRST_FACTORS = [
    {"name": "技术参数响应", "max": 40, "objective": True, "standard": "全部响应得满分；一项负偏离扣 5 分"},
    {"name": "实施与运维方案", "max": 30, "objective": False, "standard": "完整可行 21–30 分，有缺陷 0–20 分"},
]  # fmt: skip


def first_guess(user: User, *, letter: Entrustment | None, at: datetime) -> dict[str, Any]:
    """A timetable that keeps the law, and whom to ask at the buyer: as the letter says, or the officer himself."""
    contact = {"contact_name": user.name}
    if letter is not None:
        contact = {name: getattr(letter, name) for name in ("contact_name", "contact_phone", "address")}
    row = PROCEDURES[Method.TENDER, Edition.LAW_2017]
    publish = add_working_days(day_in_china(at), 1)
    supply = add_working_days(publish, row.supply.amount)
    closes = roll_to_working_day(add_days(publish, row.preparation.amount))
    return {
        **contact,
        "publish_at": datetime.combine(publish, time(9), CHINA),
        "supply_ends_at": datetime.combine(supply, time(17, 30), CHINA),
        "closes_at": datetime.combine(closes, time(9), CHINA),
        "price_weight": 30,
        "small_percent": 10,
        "edition": Edition.LAW_2017.value,
    }


def project(shown: Project, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """The project's page for one viewer."""
    tender = queries.tender(shown.number)
    published = notices.of(shown.number)
    entries = ledger.entries_after(shown.log)
    against_take = queries.why_not_take(tender, by=viewer, at=at)
    return {
        "nav": "notices",
        "project": shown,
        "tender": tender,
        "steps": shown.steps(),
        "notice": published[0],
        "notices": published,
        "rows": words.rows(published[0].content, shown.terms),
        "documents": queries.documents(tender),
        "superseded": queries.superseded(tender),
        "criteria": tender.criteria,
        "small_percent": int(tender.small_deduction * 100),
        "price_rule": _price_rule(tender),
        "preferred": _preferred(tender),
        "committees": [_committee(each) for each in queries.committees(tender).values()],
        "lines": [lines.line(entry) for entry in reversed(entries)],
        "taking": queries.taking(tender, viewer),
        "against_take": against_take,
        "supervises": viewer.role is Role.SUPERVISOR,
        "is_provider": viewer.role is Role.PROVIDER,
        "is_officer": shown.is_officer(viewer),
        "hosts": shown.does(Work.HOST, viewer),
        "determines": shown.does(Work.DETERMINE, viewer),
        "corrects": shown.does(Work.PREPARE, viewer) and shown.stage == Stage.OPEN and at < tender.closes_at,
        "may_end": shown.does(Work.END, viewer) and not project_rules.LIFE.why_not(Stage(shown.stage), Stage.FAILED),
        "changed": any(each.type in notices.CHANGES for each in published),
        "readiness": readiness.of(tender, at=at) if shown.is_officer(viewer) and shown.stage == Stage.OPEN else [],
        "award": awards.standing(shown),
        "lots": [each for each in projects.lots(shown) if each.stage != Stage.DRAFT],
        "bidding_open": shown.stage == Stage.OPEN and at < tender.closes_at,
        "earlier": projects.earlier(shown),
        "followers": projects.followers(shown, viewer=viewer) if shown.ended else [],
        "against_again": again.why_not_begin(shown, by=viewer) if shown.ended else (),
        "carried": rules_again.CARRIED,
        "left": rules_again.LEFT,
    }


def _price_rule(tender: Tender) -> str:
    """How a price earns points, in a sentence with its figures."""
    formula = tender.formula or {"key": LOWEST, "params": {}}
    row = FORMULAS[formula["key"]]
    figures = [f"{row.params[name][0]} {value}" for name, value in formula["params"].items()]
    told = formula.get("draw", {}).items()
    figures += [f"{row.params[name][0]}在唱标后从 {'、'.join(values)} 中随机抽取" for name, values in told]
    return "；".join([f"{row.name}：{row.says}，保留两位小数", *figures])


def _preferred(tender: Tender) -> list[str]:
    """What is preferred by policy, each in a line."""
    told = (tender.policies or {}).items()
    return [f"{NAMES[key]} {points(Decimal(share) * 100)}%" if Decimal(share) else NAMES[key] for key, share in told]


def draft(tender: Tender, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """The workspace of a draft for one officer of its buyer."""
    shown = tender.project
    missing = queries.missing(tender, at=at)
    timetable = Timetable(max(shown.publish_at, at), tender.supply_ends_at, tender.closes_at)
    names = people_of(shown)
    taken = {each.org for each in queries.chosen(shown)}
    known = queries.candidates(shown)
    held = {place["org"] for each in queries.committees(tender).values() for place in each.roster}
    return {
        "nav": "desk",
        "project": shown,
        "tender": tender,
        "missing": missing,
        "documents": queries.documents(tender),
        "committees": [_committee(each) for each in queries.committees(tender).values()],
        "candidates": [(each, SIDE_WORDS[each.side], each.org in taken) for each in known],
        "seated": [each for each in known if each.org in held],
        "spare": [each for each in known if each.org not in held],
        "thresholds": [(k, k == rules.THRESHOLD) for k in range(FEWEST_TO_OPEN, MOST + 1)],
        "against_edit": project_rules.why_not_edit(shown, by=viewer),
        "against_keys": queries.why_not_request_keys(tender, by=viewer),
        "against_submit": project_rules.why_not_submit_for_approval(shown, missing=missing, by=viewer),
        "against_approve": project_rules.why_not_review(shown, by=viewer),
        "viewer_owns": viewer.organisation == shown.buyer_id,
        "against_confirm": project_rules.why_not_confirm(shown, by=viewer),
        "confirmer": names.get(shown.confirmed_by, ""),
        "against_schedule": project_rules.why_not_schedule(
            shown, procedure=shown.procedure, timetable=timetable, by=viewer, at=at
        ),
        "against_cancel": project_rules.why_not_cancel_schedule(shown, by=viewer, at=at),
        "document_form": forms.DocumentForm(),
        "lots": projects.lots(shown),
        "lot_form": forms.LotForm(prefix="lot", initial={"most_lots": shown.most_lots}),
        "comment_form": forms.CommentForm(),
        **_again(shown),
        "schedule_form": forms.ScheduleForm(initial={"publish_at": max(shown.publish_at, at + timedelta(minutes=1))}),
        "drafter": names.get(shown.drafted_by, ""),
        "approver": names.get(shown.approved_by, ""),
    }


def _again(shown: Project) -> dict[str, Any]:
    """What a draft that buys a failed purchase again says of it, and is to say."""
    held = projects.followed(shown)
    if held is None:
        return {}
    said = {name: getattr(held, name) for name in ("analysis", "measures", "approval")}
    return {"again": held, "again_form": forms.AgainForm(initial=said)}


def people_of(shown: Project) -> dict[str, str]:
    """Names of the people who drafted, approved and confirmed."""
    asked = (shown.drafted_by, shown.approved_by, shown.confirmed_by)
    found = User.objects.filter(public_id__in=[each for each in asked if each])
    return {str(user.public_id): user.name for user in found}


def _committee(row: Any) -> dict[str, Any]:
    """A unit's key holders with how far each is."""
    posted = {each.organisation: each for each in CommitteeMember.objects.filter(committee=row)}
    holders = []
    for each in row.roster:
        member = posted.get(each["org"])
        holders.append(
            {"i": each["i"], "name": name_of(each["org"]), "posted": member is not None,
             "opened": bool(member and (member.trial or row.state == CommitteeState.READY))}
        )  # fmt: skip
    return {
        "part": row.part,
        "words": PART_WORDS[row.part],
        "cmh": row.cmh,
        "k": row.k,
        "n": row.n,
        "ready": row.state == rules.CommitteeState.READY,
        "holders": holders,
    }


PART_WORDS = {"sheet": words.SHEET, "body": words.BODY, "tech": words.TECH, "price": words.PRICE}
