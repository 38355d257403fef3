"""Acts after the fact: objections to a provider's data and what came of them, spot checks."""

from datetime import date, datetime

from django.db import transaction

from accounts import inbox
from intermediaries.registry import queries, rules
from intermediaries.registry.events import ObjectionFound, ProviderChanged, ProviderChecked, stream
from intermediaries.registry.models import (
    Correction,
    DataObjection,
    ObjectionFinding,
    Provider,
    ProviderChange,
    SpotCheck,
)
from intermediaries.registry.rules import Finding, Outcome
from ledger.services import record
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.jurisdiction import in_region
from rulebook.refusal import refuse_if
from rulebook.regions import region_of


@transaction.atomic
def raise_objection(
    *, code: str, text: str, name: str, contact: str, source: str, by: Actor, at: datetime
) -> DataObjection:
    """Object to what the register says of a provider. Its keepers see who did, nobody else.

    source: where it comes from.  Refused for the provider itself, without facts, unreachable, or too many in a day.
    """
    row = Provider.objects.select_for_update().get(organisation_id=code, state__in=queries.SHOWN)
    reachable = bool(by.person or (name.strip() and contact.strip()))
    today = queries.objected_today(source, at=at)
    refuse_if(rules.why_not_object(provider=code, text=text, reachable=reachable, today=today, by=by))
    made = DataObjection.objects.create(
        provider=row, text=text.strip(), by_name=(name.strip() or by.name), by_contact=contact.strip(), source=source,
        raised_at=at,
    )  # fmt: skip
    about = f"有人对{row.organisation.name}的登记信息提出异议，请核查。"
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=Role.SUPERVISOR,
        region=region_of(code),
        subject="对机构信息的异议",
        body=about,
        link="/providers/register/",
        at=at,
    )
    own = "有人对本机构的登记信息提出异议，内容见机构页面；请核对，有误的请及时更正。"
    inbox.post(
        topic=inbox.Topic.REGISTER,
        to_organisation=code,
        subject="对本机构信息的异议",
        body=own,
        link=f"/providers/{code}/",
        at=at,
    )
    return made


@transaction.atomic
def find(
    *, objection: DataObjection, finding: str, text: str, strike: int | None = None, by: Actor, at: datetime
) -> ObjectionFinding:
    """Say what came of an objection; both words are published.

    strike: a certificate of the firm that the register counts no longer, where the objection is upheld.
    Refused for anyone but a keeper, a second time, and without what was found.
    """
    row = Provider.objects.select_for_update().get(pk=objection.provider_id)
    found = ObjectionFinding.objects.filter(objection=objection).exists()
    refuse_if(rules.why_not_find(found=found, finding=finding, text=text, by=by))
    made = ObjectionFinding.objects.create(
        objection=objection, finding=finding, text=text.strip(), by_name=by.name, at=at
    )
    if strike is not None and finding == Finding.UPHELD:
        _strike(row, strike, by=by, at=at)
    code = row.organisation_id
    inbox.post(
        topic=inbox.Topic.REGISTER,
        to_organisation=code,
        subject="异议核查结论",
        body=text.strip(),
        link=f"/providers/{code}/",
        at=at,
    )
    record(
        ObjectionFound(
            stream=stream(code), org=code, objection=str(objection.public_id), finding=finding, text=text.strip()
        ),
        at=at,
    )
    return made


@transaction.atomic
def check(
    *, code: str, subject: str, outcome: str, note: str, due_on: date | None = None, strike: int | None = None,
    by: Actor, at: datetime,
) -> SpotCheck:  # fmt: skip
    """Record a spot check of a provider's data; it is published, whatever it found.

    due_on: until when something is to be set right.  strike: a certificate that counts no longer.
    Refused for anyone but a keeper, without what was looked at, and with a bad word without its facts.
    """
    row = Provider.objects.select_for_update().get(organisation_id=code)
    today = day_in_china(at)
    here = in_region(by, region_of(code))
    refuse_if(rules.why_not_check(subject=subject, outcome=outcome, note=note, due_on=due_on, by=here, on=today))
    made = SpotCheck.objects.create(
        provider=row, subject=subject.strip(), outcome=outcome, note=note.strip(), due_on=due_on, checked_on=today,
        by_name=by.name, at=at,
    )  # fmt: skip
    if outcome == Outcome.TO_CORRECT and due_on is not None:
        Correction.objects.create(check_row=made, due_on=due_on)
    if strike is not None and outcome == Outcome.FALSE:
        _strike(row, strike, by=by, at=at)
    if outcome != Outcome.IN_ORDER:
        told = f"{subject.strip()}：{note.strip()}" + (f"请在{due_on:%Y-%m-%d}前改正。" if due_on else "")
        inbox.post(
            topic=inbox.Topic.DUTY,
            to_organisation=code,
            subject="核查发现问题",
            body=told,
            link=f"/providers/{code}/",
            at=at,
        )
    record(
        ProviderChecked(
            stream=stream(code), org=code, checked_on=today, subject=made.subject, outcome=outcome, note=made.note
        ),
        at=at,
    )
    return made


def _strike(row: Provider, qualification: int, *, by: Actor, at: datetime) -> None:
    """The register counts a certificate no longer, because it was found to be false."""
    made = row.qualifications.select_for_update().get(pk=qualification, struck_on=None)
    made.struck_on = day_in_china(at)
    made.save(update_fields=["struck_on"])
    told = f"{made.kind}{made.grade} {made.number}"
    ProviderChange.objects.create(provider=row, what="struck", told=told, by_name=by.name, at=at)
    code = row.organisation_id
    record(ProviderChanged(stream=stream(code), org=code, what="struck", told=told), at=at)
