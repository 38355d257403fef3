"""Acts of rest: a purchase is suspended and goes on again, both announced."""

from datetime import datetime

from django.db import transaction

from accounts import inbox
from accounts.queries import name_of
from market.notices.rules import Type
from market.notices.services import announce
from market.projects import queries as projects
from market.projects import stops
from market.projects.models import Suspension
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if
from rulebook.times import iso

PAGE = "/projects/{number}/suspension/"


@transaction.atomic
def suspend(
    *, number: str, ground: str, text: str, document: str = "", until: datetime, matter: str = "", by: Actor,
    at: datetime,
) -> Suspension:  # fmt: skip
    """Let a purchase rest from now on, until the announced end at the latest, and announce it.

    text: what is told; it names nobody who complained or bids.  matter: public id of the complaint it serves.
    Refused for anyone whom the ground does not name, twice at once, without its facts, and for longer than the law has.
    Law: 政府采购法 第57条; 政府采购法实施条例 第54条; 招标投标法实施条例 第22条, 第62条.
    """
    project = projects.hold(number)
    held = project.resting
    before = Suspension.objects.filter(project=project).values_list("ground", flat=True)
    refuse_if(
        stops.why_not_suspend(
            regime=project.procedure.regime, stage=project.stage, buyer=project.buyer_id, ground=ground, text=text,
            document=document, until=until, standing=held is not None, before=set(before), by=by, at=at,
        )
    )  # fmt: skip
    row, body = stops.BY_KEY[ground], name_of(by.organisation)
    content = {
        "ground": row.words, "law": str(row.law), "text": text.strip(), "document": document.strip(), "body": body,
        "until": iso(until), "most": row.most.words,
    }  # fmt: skip
    inbox.post(
        to_organisation=project.buyer_id, to_role=Role.OFFICER, subject=f"项目已暂停：{project.title}",
        body="恢复之前，接下来的程序不能办理；相应的期限顺延。", link=PAGE.format(number=number), at=at,
    )  # fmt: skip
    if by.role is not Role.SUPERVISOR:
        inbox.post(
            to_role=Role.SUPERVISOR, region=project.region,
            subject=f"{project.terms.buyer}暂停了项目：{project.title}", body=text.strip(),
            link=PAGE.format(number=number), at=at,
        )  # fmt: skip
    notice = announce(project=project, type=Type.SUSPENSION, content=content, by=by, at=at)
    return Suspension.objects.create(
        project=project, ground=ground, text=text.strip(), document=document.strip(), matter=matter, body=body,
        notice=notice, ordered_by=by.person, started_at=at, until=until,
    )  # fmt: skip


@transaction.atomic
def resume(*, number: str, text: str, by: Actor, at: datetime) -> Suspension:
    """Let a purchase go on, and announce it. Clocks that rested end as much later.

    Refused where it does not rest, for anyone who may not end this rest, without the reason, and to the clock before
    the announced end.
    """
    project = projects.hold(number)
    held = project.resting
    refuse_if(
        stops.why_not_resume(
            ground=held.ground if held else None, buyer=project.buyer_id, until=held.until if held else None, text=text,
            by=by, at=at,
        )
    )  # fmt: skip
    assert held is not None, "the rule refuses where nothing rests"
    ended = min(at, held.until)
    content = {"text": text.strip(), "started_at": iso(held.started_at), "ended_at": iso(ended)}
    inbox.post(
        to_organisation=project.buyer_id, to_role=Role.OFFICER, subject=f"项目已恢复：{project.title}",
        body="可以继续办理；暂停所占的时间不计入相应期限。", link=PAGE.format(number=number), at=at,
    )  # fmt: skip
    notice = announce(project=project, type=Type.RESUMPTION, content=content, by=by, at=at)
    held.ended_at, held.ended_by, held.end_text, held.end_notice = ended, by.person, text.strip(), notice
    held.save(update_fields=["ended_at", "ended_by", "end_text", "end_notice"])
    return held
