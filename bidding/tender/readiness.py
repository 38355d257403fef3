"""Are the key holders ready? They confirm with a signed word; who has not a day or an hour before raises an alarm."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import inbox
from accounts.queries import checked, name_of
from bidding.holding import rules
from bidding.holding.rules import Span
from bidding.tender import queries
from bidding.tender.models import CommitteeMember, KeyCommittee, Readiness, ReadinessAlarm, Tender
from market.projects import queries as projects
from market.projects.rules import Stage
from proofs import statement as statements
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if

BODIES = {
    Span.DAY: "距{terms.deadline}不足一天，{name}尚未确认能够释放钥匙。请经手人或替补尽快在持钥工作台确认。",
    Span.HOUR: "距{terms.deadline}不足一小时，{name}仍未确认能够释放钥匙。"
    "其余保管人够数即可开启，不够时由{terms.bidder}补救。",
}


@dataclass(frozen=True)
class Line:
    """One holder of a published tender.  confirmed_at: its newest confirmation or its trial opening."""

    org: str
    name: str
    confirmed_at: datetime | None
    ready: bool
    alarmed: bool


@transaction.atomic
def confirm(*, statement: Any, at: datetime) -> Readiness:
    """Take a holder's signed word that it is ready; a newer one takes its place.

    Refused when the signature does not hold, it is no holder, bids are no longer taken, it is about another manifest,
    or its clock and ours differ too much.
    """
    said = checked(statement, v="rdy/1")
    number = str(said["unit"].get("tender", ""))
    project = projects.hold(number)
    tender = queries.tender(number)
    committee = queries.committees(tender).get(str(said["unit"]["part"]))
    refuse_if(
        rules.why_not_confirm(
            holds=committee is not None and committee.members.filter(organisation=said["org"]).exists(),
            open_for_bids=project.stage == Stage.OPEN and at < tender.closes_at,
            same_manifest=committee is not None and said["cmh"] == committee.cmh,
            said_at=statements.timestamp(said["ts"]),
            at=at,
        )
    )
    told = {"statement": said, "confirmed_at": at}
    row, _ = Readiness.objects.update_or_create(tender=tender, organisation=said["org"], defaults=told)
    return row


def of(tender: Tender, *, at: datetime) -> list[Line]:
    """The holders of a tender in their order: who has confirmed, and for whom an alarm stands."""
    span = rules.span_due(closes_at=tender.closes_at, at=at) or Span.DAY
    confirmed = dict(Readiness.objects.filter(tender=tender).values_list("organisation", "confirmed_at"))
    first = queries.committees(tender).get(tender.parts[0])
    alarmed = set(
        ReadinessAlarm.objects.filter(tender=tender, closes_at=tender.closes_at).values_list("organisation", flat=True)
    )
    return list(_lines(first, tender, confirmed, alarmed, span)) if first else []


def _lines(
    first: KeyCommittee, tender: Tender, confirmed: dict[str, datetime], alarmed: set[str], span: Span
) -> Iterator[Line]:
    for org in CommitteeMember.objects.filter(committee=first).order_by("i").values_list("organisation", flat=True):
        known = [each for each in (confirmed.get(org), first.ready_at) if each]
        newest = max(known, default=None)
        ready = rules.is_ready(newest, closes_at=tender.closes_at, span=span)
        yield Line(org, name_of(org), newest, ready, org in alarmed and not ready)


def due(*, at: datetime) -> list[str]:
    """Numbers of published tenders whose deadline is near enough for an alarm."""
    near = Tender.objects.filter(
        project__stage=Stage.OPEN.value, closes_at__gt=at, closes_at__lte=at + rules.SPANS[Span.DAY][0]
    )
    return list(near.order_by("closes_at").values_list("project__number", flat=True))


@transaction.atomic
def raise_alarms(*, project_number: str, by: Actor, at: datetime) -> int:
    """Tell holder, deputies, officer and supervision of every holder that is not ready, once for each span.

    Returns how many alarms were raised; again raises none.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    span = rules.span_due(closes_at=tender.closes_at, at=at)
    if span is None or project.stage != Stage.OPEN:
        return 0
    raised = 0
    for line in of(tender, at=at):
        if line.ready:
            continue
        _, new = ReadinessAlarm.objects.get_or_create(
            tender=tender, organisation=line.org, span=span.value, closes_at=tender.closes_at,
            defaults={"raised_at": at},
        )  # fmt: skip
        if new:
            raised += 1
            _tell(tender, line, span, at=at)
    return raised


def _tell(tender: Tender, line: Line, span: Span, *, at: datetime) -> None:
    project = tender.project
    said = {
        "subject": f"密钥保管人未就绪：{project.title}",
        "body": BODIES[span].format(name=line.name, terms=project.terms),
        "at": at,
    }
    # Members and deputies of the holder alike: whoever reads it first acts.
    inbox.post(topic=inbox.Topic.TODAY, to_organisation=line.org, to_role=Role.HOLDER, link="/holders/desk/", **said)
    inbox.post(
        topic=inbox.Topic.TODAY,
        to_organisation=project.preparer,
        to_role=Role.OFFICER,
        link=project.get_absolute_url(),
        **said,
    )
    inbox.post(
        topic=inbox.Topic.TODAY, to_role=Role.SUPERVISOR, region=project.region, link=project.get_absolute_url(), **said
    )
