"""Acts of announcing: the tender notice, failure, cancellation, and whatever other slices announce."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import inbox
from ledger.services import publish_blob, record
from market.notices import index
from market.notices.events import NoticePublished
from market.notices.models import Notice, Telling
from market.notices.rules import TOLD, Type
from market.projects import endings
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.models import Project
from market.projects.rules import Stage, Timetable
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason, refuse_if
from rulebook.times import iso


def announce(*, project: Project, type: Type, content: Mapping[str, Any], by: Actor, at: datetime) -> Notice:
    """Write the next notice of a project and record it. The caller is in a transaction that holds the project.

    content: the facts of its kind; who buys, what, and under which edition is put in front of them.
    """
    number = project.notices.count() + 1
    text = canonical.dumps({**_heading(project, number, type, at), **content})
    notice = Notice.objects.create(
        project=project, number=number, type=type.value, text=text.decode(), sha256=publish_blob(text), published_at=at
    )
    if type in TOLD or (type is Type.TENDER and content.get("again")):
        Telling.objects.create(notice=notice)
    index.write(notice)
    record(
        NoticePublished(
            stream=project.log,
            number=project.number,
            notice=number,
            type=type.value,
            sha256=notice.sha256,
            edition=project.edition,
        ),
        at=at,
    )
    return notice


@transaction.atomic
def publish_tender(
    *, number: str, timetable: Timetable, terms: str, content: Mapping[str, Any], by: Actor, at: datetime
) -> Notice:
    """Open the project and announce it, in one.  terms: SHA-256 of the terms bids are made under.

    Law: 87号令 第13条; 政府采购法实施条例 第30条.
    """
    project = project_services.publish(number=number, timetable=timetable, terms=terms, by=by, at=at)
    period = {"notice_ends_at": iso(project.notice_ends_at), "notice_period": project.procedure.notice.words}
    return announce(project=project, type=Type.TENDER, content={**period, **content}, by=by, at=at)


@transaction.atomic
def fail(*, number: str, reasons: tuple[Reason, ...], by: Actor, at: datetime) -> Notice:
    """End a purchase in failure (流标) and announce why. Nothing is said about who took part, or how many.

    Refused without grounds, for anyone but the buyer's officer or the system, and where the stage does not allow it.
    Law: 政府采购法 第36条.
    """
    return _end(number=number, to=Stage.FAILED, type=Type.FAILURE, reasons=reasons, by=by, at=at)


@transaction.atomic
def cancel(*, number: str, reasons: tuple[Reason, ...], by: Actor, at: datetime) -> Notice:
    """Cancel a purchase (终止) and announce why. Refused as `fail` is."""
    return _end(number=number, to=Stage.CANCELLED, type=Type.CANCELLATION, reasons=reasons, by=by, at=at)


@transaction.atomic
def end_by_hand(*, number: str, to: Stage, ground: str, facts: str, by: Actor, at: datetime) -> Notice:
    """End a purchase on its officer's grounds, announced in his words.

    ground: a key of `endings.GROUNDS`.  facts: what happened.
    Refused for anyone but the buyer's officer, on a ground the law of the purchase does not know, and before the
    opening for failing.  Law: 政府采购法 第36条; 87号令 第29条; 招标投标法实施条例 第31条; 74号令 第23条.
    """
    project = projects.hold(number)
    row = project.procedure
    refuse_if(
        endings.why_not_end_on(
            row=row, stage=project.stage, buyer=project.buyer_id, to=to, ground=ground, facts=facts, by=by
        )
    )
    act = fail if to is Stage.FAILED else cancel
    notice = act(number=number, reasons=(endings.reason(row, ground=ground, facts=facts),), by=by, at=at)
    if to is Stage.CANCELLED:
        inbox.post(
            to_role=Role.SUPERVISOR, region=project.region, subject=f"采购终止：{project.title}", body=facts.strip(),
            link=notice.get_absolute_url(), at=at,
        )  # fmt: skip
    return notice


def _end(*, number: str, to: Stage, type: Type, reasons: tuple[Reason, ...], by: Actor, at: datetime) -> Notice:
    project = project_services.end(project=projects.hold(number), to=to, reasons=reasons, by=by, at=at)
    content: dict[str, Any] = {"reasons": project.end_reasons}
    if project.procedure.selection is None:
        refund = project.procedure.refund
        content["refund"] = {"within": refund.words, "law": str(refund.law)}
    notice = announce(project=project, type=type, content=content, by=by, at=at)
    held = project.resting
    if held is not None:  # what is over does not rest any more, and is not announced to go on
        held.ended_at, held.ended_by, held.end_text, held.end_notice = at, by.person, notice.type_words, notice
        held.save(update_fields=["ended_at", "ended_by", "end_text", "end_notice"])
    return notice


def _heading(project: Project, number: int, type: Type, at: datetime) -> dict[str, Any]:
    return {
        "v": "notice/1",
        "project": project.number,
        "notice": number,
        "type": type.value,
        "edition": project.edition,
        "published_at": iso(at),
        "title": project.title,
        "buyer": {
            "org": project.buyer_id,
            "name": project.buyer.name,
            "address": project.address,
            "contact": project.contact_name,
            "phone": project.contact_phone,
        },
        **_agent(project),
    }


def _agent(project: Project) -> dict[str, Any]:
    """Who acts for the buyer, how to reach it, and what it takes from whom; nothing where nobody does.

    Law: 87号令 第13条, 第69条; 政府采购代理机构管理暂行办法 第15条.
    """
    if project.agent is None:
        return {}
    kept = ("contact", "phone", "address", "fee", "payer", "works")
    told = {name: project.mandate[name] for name in kept}
    return {"agent": {"org": project.agent_id, "name": project.agent.name, **told,
                      "letter_sha256": project.mandate["sha256"]}}  # fmt: skip
