"""Acts on a project before and at publication, and the moves later packages ask for."""

import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import inbox
from accounts.queries import organisation, people
from accounts.rules import Kind as Buyer
from market.projects import local, queries, rules
from market.projects.gate import why_not_banned
from market.projects.models import Project, ReservedNumber
from market.projects.rules import Category, Stage, Timetable
from market.projects.sides import Mandate
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.money import yuan
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.regions import region_of
from rulebook.seen import why_not_seen

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads like another
FACTS = (
    "title", "category", "ground", "item", "demand", "budget", "price_cap", "contact_name", "contact_phone", "address",
    "edition", "publish_at",
)  # fmt: skip


def new_number(*, at: datetime) -> str:
    """A number nobody can guess and that counts nothing: `2026-7F3KQ9XW`."""
    return f"{at.year}-{''.join(secrets.choice(ALPHABET) for _ in range(8))}"


@transaction.atomic
def reserve_numbers(*, count: int, by: Actor, at: datetime) -> list[str]:
    """Set numbers aside for projects to come. Refused to anybody but the platform's own tick."""
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("numbers.not-system", Kind.NOT_YOURS, "编号由平台自动预留"))
    numbers = [new_number(at=at) for _ in range(count)]
    ReservedNumber.objects.bulk_create([ReservedNumber(number=number, reserved_at=at) for number in numbers])
    return numbers


def _next_number(*, at: datetime) -> str:
    """A reserved number of the oldest batch, whichever chance takes; a new one where none is left."""
    free = ReservedNumber.objects.filter(taken_at__isnull=True, number__startswith=f"{at.year}-")
    oldest = free.order_by("reserved_at").values_list("reserved_at", flat=True).first()
    rows = list(free.filter(reserved_at=oldest).select_for_update(skip_locked=True)) if oldest else []
    if not rows:
        return new_number(at=at)
    row = secrets.choice(rows)
    row.taken_at = at
    row.save(update_fields=["taken_at"])
    return row.number


@transaction.atomic
def draft(*, facts: Mapping[str, Any], mandate: Mandate | None = None, by: Actor, at: datetime) -> Project:
    """Begin a project of the officer's own house, or of the purchaser it acts for.

    facts: the values of FACTS.  mandate: of the officer's house, an agent; the caller has made sure that its letter
    allows this purchase.
    Refused when it is not an officer, the edition has no place here, or an agent has no letter.
    """
    if mandate is not None and mandate.agent != by.organisation:
        raise Refused(Reason("project.not-its-agent", Kind.NOT_YOURS, "委托书不是给本机构的"))
    owner = mandate.owner if mandate else by.organisation
    kind = Buyer(organisation(owner).kind) if owner else Buyer.PROVIDER
    edition = str(facts["edition"])
    refuse_if(
        rules.why_not_draft(
            edition=edition, production=settings.PRODUCTION, kind=kind, entrusted=mandate is not None, by=by
        )
    )
    return Project.objects.create(
        number=_next_number(at=at),
        local=local.in_force(edition, region=region_of(owner), on=day_in_china(at)),
        buyer_id=owner,
        agent_id=mandate.agent if mandate else None,
        mandate=mandate.as_json() if mandate else {},
        officer=by.person,
        method=rules.METHODS[rules.Edition(str(facts["edition"]))].value,
        stage_at=at,
        drafted_by=by.person,
        drafted_at=at,
        **_plain(facts),
    )


@transaction.atomic
def edit(*, number: str, facts: Mapping[str, Any], by: Actor, at: datetime) -> Project:
    """Change a draft. Refused when it is in approval or published, or the officer is another buyer's."""
    project = queries.hold(number)
    refuse_if(
        rules.why_not_edit(project, by=by)
        or rules.why_not_edition(edition=str(facts["edition"]), production=settings.PRODUCTION)
    )
    for name, value in _plain(facts).items():
        setattr(project, name, value)
    project.method = rules.METHODS[rules.Edition(project.edition)].value
    project.local = local.in_force(project.edition, region=project.region, on=day_in_china(at))
    project.save(update_fields=[*FACTS, "method", "local"])
    return project


@transaction.atomic
def submit_for_approval(*, number: str, missing: tuple[Reason, ...], by: Actor, at: datetime) -> Project:
    """Hand a draft in for a second officer's approval.

    missing: everything the draft still lacks, from whoever knows its terms.
    Refused with all of it at once.
    """
    project = queries.hold(number)
    missing += tuple(reason for org in project.side for reason in why_not_banned(project, org=org, at=at))
    refuse_if(rules.why_not_submit_for_approval(project, missing=missing, by=by))
    project.submitted_at, project.returned_comment = at, ""
    project.save(update_fields=["submitted_at", "returned_comment"])
    for user in people(organisation=project.preparer, role=Role.OFFICER):
        if str(user.public_id) != project.drafted_by:
            _tell(project, str(user.public_id), f"待审批：{project.title}", f"{by.name}提交了采购项目，请审批。", at)
    return project


@transaction.atomic
def approve_alone(*, number: str, missing: tuple[Reason, ...], by: Actor, at: datetime) -> Project:
    """Hand a draft in where one person decides for its buyer: nobody else approves. The caller has made sure of that.

    missing: everything the draft still lacks.  Refused with all of it at once.
    """
    project = queries.hold(number)
    missing += why_not_banned(project, org=project.buyer_id, at=at)
    refuse_if(rules.why_not_submit_for_approval(project, missing=missing, by=by))
    project.submitted_at = project.approved_at = at
    project.returned_comment = ""
    project.save(update_fields=["submitted_at", "approved_at", "returned_comment"])
    return project


@transaction.atomic
def approve(*, number: str, seen: str | None = None, by: Actor, at: datetime) -> Project:
    """Approve a draft as the second officer.  seen: the draft that was read, by the instant it was handed in.

    Refused for its drafter, and where it was taken back and handed in anew since it was read.
    """
    project = queries.hold(number)
    refuse_if(rules.why_not_review(project, by=by) or why_not_seen(seen, stands=project.handed_in))
    project.approved_by, project.approved_at = by.person, at
    project.save(update_fields=["approved_by", "approved_at"])
    if not project.unconfirmed:
        _tell(project, project.drafted_by, f"审批通过：{project.title}", f"{by.name}已审批通过，可以定时发布。", at)
        return project
    inbox.post(
        to_organisation=project.buyer_id, to_role=Role.OFFICER, subject=f"请确认采购文件：{project.title}",
        body="代理机构已编制完成并审批通过。请核对后确认，或者写明意见退回；确认后方可发布。",
        link=reverse(project.procedure.publish_url, args=[project.number]), at=at,
    )  # fmt: skip
    return project


@transaction.atomic
def confirm_documents(*, number: str, seen: str | None = None, by: Actor, at: datetime) -> Project:
    """Say yes, for the buyer, to what its agent drafted; it may be published from here on.

    seen: as for `approve`.
    Refused for anyone but the buyer's own officer, before the agent's second officer has approved it, twice, and where
    it is another draft than was read.
    Law: 政府采购法实施条例 第16条.
    """
    project = queries.hold(number)
    refuse_if(rules.why_not_confirm(project, by=by) or why_not_seen(seen, stands=project.handed_in))
    project.confirmed_by, project.confirmed_at = by.person, at
    project.save(update_fields=["confirmed_by", "confirmed_at"])
    _tell(project, project.drafted_by, f"采购人已确认：{project.title}", f"{by.name}已确认，可以定时发布。", at)
    return project


@transaction.atomic
def refuse_documents(*, number: str, comment: str, seen: str | None = None, by: Actor, at: datetime) -> Project:
    """Give what the agent drafted back to it with what is to be changed; it is approved and confirmed anew.

    seen: as for `approve`, and refused likewise.
    """
    project = queries.hold(number)
    refuse_if(
        rules.why_not_refuse_documents(project, comment=comment, by=by) or why_not_seen(seen, stands=project.handed_in)
    )
    _reopen(project, comment=comment.strip())
    _tell(project, project.drafted_by, f"采购人退回修改：{project.title}", project.returned_comment, at)
    return project


@transaction.atomic
def send_back(*, number: str, comment: str, seen: str | None = None, by: Actor, at: datetime) -> Project:
    """Return a draft to its drafter with what is to be changed.  seen: as for `approve`, and refused likewise."""
    project = queries.hold(number)
    refuse_if(rules.why_not_return(project, comment=comment, by=by) or why_not_seen(seen, stands=project.handed_in))
    project.submitted_at, project.returned_comment = None, comment.strip()
    project.save(update_fields=["submitted_at", "returned_comment"])
    _tell(project, project.drafted_by, f"退回修改：{project.title}", comment.strip(), at)
    return project


@transaction.atomic
def schedule(*, number: str, timetable: Timetable, by: Actor, at: datetime) -> Project:
    """Set the minute of publication; from that minute on it cannot be taken back."""
    project = queries.hold(number)
    refuse_if(rules.why_not_schedule(project, procedure=project.procedure, timetable=timetable, by=by, at=at))
    project.publish_at, project.scheduled_at = timetable.publish_at, at
    project.save(update_fields=["publish_at", "scheduled_at"])
    return project


@transaction.atomic
def cancel_schedule(*, number: str, by: Actor, at: datetime) -> Project:
    """Take the scheduled publication back and open the draft again. Refused from its minute on."""
    project = queries.hold(number)
    refuse_if(rules.why_not_cancel_schedule(project, by=by, at=at))
    _reopen(project, comment="")
    return project


@transaction.atomic
def call_off(*, number: str, reasons: tuple[Reason, ...], by: Actor, at: datetime) -> Project:
    """Give a scheduled project back to its drafter because it may not be published: its minute came, and the law
    was against it.  reasons: all of them."""
    project = queries.hold(number)
    _reopen(project, comment="\n".join(reason.sentence() for reason in reasons))
    _tell(project, project.drafted_by, f"未能发布：{project.title}", project.returned_comment, at)
    return project


def _reopen(project: Project, *, comment: str) -> None:
    """Open the draft again. What was approved is no longer what will be published, so approval is asked again."""
    project.scheduled_at = project.approved_at = project.submitted_at = None
    project.approved_by, project.returned_comment = "", comment
    project.confirmed_by, project.confirmed_at = "", None
    project.save(update_fields=[
        "scheduled_at", "approved_at", "submitted_at", "approved_by", "returned_comment", "confirmed_by",
        "confirmed_at",
    ])  # fmt: skip


@transaction.atomic
def publish(*, number: str, timetable: Timetable, terms: str | None, by: Actor, at: datetime) -> Project:
    """Open the project to the public. The caller has held it, and writes the notice in the same transaction.

    terms: SHA-256 of the terms offers are made under; a procedure that takes offers is refused without.
    """
    project = queries.hold(number)
    refuse_if(
        rules.why_not_publish(project, procedure=project.procedure, timetable=timetable, terms=terms, by=by, at=at)
        or tuple(reason for org in project.side for reason in why_not_banned(project, org=org, at=at))
    )
    project.published_at, project.terms_sha256 = at, terms or ""
    project.notice_ends_at = project.procedure.notice.due(at)
    project.save(update_fields=["published_at", "terms_sha256", "notice_ends_at"])
    project.advance(Stage.OPEN, at=at)
    return project


@transaction.atomic
def decide(*, project: Project, at: datetime) -> Project:
    """The offers are being opened and judged: from the hall on. The caller holds the project."""
    project.advance(Stage.DECIDING, at=at)
    return project


@transaction.atomic
def end(*, project: Project, to: Stage, reasons: tuple[Reason, ...], by: Actor, at: datetime) -> Project:
    """End a purchase without a winner. The caller holds the project and writes the notice.

    Refused without grounds, and where the stage no longer allows it.
    """
    # The house that hosts or judges ends it where the law does; by hand the buyer alone, which `notices` asks.
    refuse_if(rules.why_not_end(stage=project.stage, buyer=project.acting(by), to=to, reasons=reasons, by=by))
    project.end_reasons = [
        {"text": reason.sentence(), "law": str(reason.law) if reason.law else ""} for reason in reasons
    ]
    project.save(update_fields=["end_reasons"])
    project.advance(to, at=at)
    return project


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {"ground": "", **facts}  # most methods need none
    plain = {name: _nfc(told[name]) if isinstance(told[name], str) else told[name] for name in FACTS}
    plain["category"] = Category(plain["category"]).value
    for name in ("budget", "price_cap"):
        plain[name] = yuan(Decimal(plain[name]))
    return plain


def _nfc(text: str) -> str:
    """Texts are hashed and signed later, so they have one spelling."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _tell(project: Project, person: str, subject: str, body: str, at: datetime) -> None:
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_user=person,
        subject=subject,
        body=body,
        link=reverse(project.procedure.publish_url, args=[project.number]),
        at=at,
    )
