"""Acts on slots, publication and taking the documents. Drafting and the key holders have modules of their own."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.queries import name_of
from bidding.tender import events, pinning, queries, rules
from bidding.tender.models import KeyCommittee, Slot, Taking, Tender
from ledger import receipts
from ledger.models import Entry
from ledger.services import publish_copy, record
from market.agency import services as agency
from market.notices import services as notices
from market.notices.models import Notice
from market.projects import queries as projects
from proofs import canonical
from rulebook.actor import Actor
from rulebook.refusal import refuse_if
from rulebook.times import iso

AT_ONCE = 4  # slots looked for at once


def allot_slots(*, tender: Tender, parts: Collection[str], org: str, at: datetime) -> dict[str, int]:
    """Give a bidder a random free slot ≥ 1 of each of these parts, never given again. The caller holds the project.

    Refused when the bidder has used up its versions, or none is free.
    """
    given = {}
    for committee in KeyCommittee.objects.filter(tender=tender, part__in=parts).only("part", "slots"):
        own = Slot.objects.filter(committee=committee, allotted_to=org).count()
        number = _drawn(committee)
        refuse_if(rules.why_not_allot(used=own, free=number > 0))
        Slot.objects.create(committee=committee, number=number, allotted_to=org, allotted_at=at)
        given[committee.part] = number
    return given


def _drawn(committee: KeyCommittee) -> int:
    """A free slot, each as likely as any other; 0 where none is left.

    A few are drawn and looked for: what was read of all that are gone would take as long as there are bids. All are
    looked for only where each of the few was gone.
    """
    lot, every = secrets.SystemRandom(), range(1, committee.slots)
    for count in (min(AT_ONCE, len(every)), len(every)):
        drawn = lot.sample(every, count)
        gone = set(Slot.objects.filter(committee=committee, number__in=drawn).values_list("number", flat=True))
        if left := [number for number in drawn if number not in gone]:
            return left[0]
    return 0


@transaction.atomic
def publish(*, project_number: str, by: Actor, at: datetime) -> Notice:
    """Publish a scheduled tender: documents, notice and terms become public, and bidding begins, in one.

    Refused when it is not due, the timetable no longer holds, or the keys are not proven.
    Law: 87号令 第13条.
    """
    projects.hold(project_number)
    tender = queries.tender(project_number)
    committees = queries.committees(tender)
    states = {part: each.state for part, each in committees.items()}
    documents = queries.documents(tender)
    refuse_if(
        rules.why_not_ready(
            parts=tender.parts,
            states=states,
            documents=len(documents) if tender.has_halves else None,
            law=tender.project.procedure.documents,
        )
    )
    pinning.pin_terms(tender)
    for document in documents:
        publish_copy(document.stored_as, sha256=document.sha256, size=document.size)
    notice = notices.publish_tender(
        number=project_number,
        timetable=queries.timetable(tender),
        terms=tender.terms_sha256,
        content=queries.notice_content(tender),
        by=by,
        at=at,
    )
    agency.name_agent(project=notice.project, at=at)
    record(events.Terms(stream=notice.project.log, terms=tender.terms), at=at)
    return notice


@transaction.atomic
def take_documents(*, project_number: str, by: Actor, at: datetime) -> Taking:
    """Give a provider its receipt for the documents, at once and without approval; again gives the same receipt.

    From it the time for objections runs, and corrections are sent to whoever holds one.
    Refused to anyone but a provider, and after the supply has ended.
    Law: 电子招标投标办法 第20条; 政府采购法 第52条.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    held = queries.taking(tender, by)
    if held:
        return held
    refuse_if(queries.why_not_take(tender, by=by, at=at))
    notice = project.notices.get(number=1)
    entry = record(
        events.DocumentsTaken(
            stream=project.log, number=project.number, org=by.organisation, notice_sha256=notice.sha256
        ),
        at=at,
    )
    return Taking.objects.create(
        tender=tender,
        organisation=by.organisation,
        person=by.person,
        receipt=receipts.sign(_taking_text(tender, notice, entry, by=by, at=at)),
        taken_at=at,
    )


def _taking_text(tender: Tender, notice: Notice, entry: Entry, *, by: Actor, at: datetime) -> str:
    until = tender.project.procedure.objection.due(at)
    return (
        f"taking/v1\ntender {tender.project.number}\nprovider {by.organisation} {name_of(by.organisation)}\n"
        f"notice sha256:{notice.sha256}\ntaken {iso(at)}\nobjections-until {iso(until)}\n"
        f"leaf sha256:{canonical.sha256(bytes(1), bytes(entry.leaf)).hex()}\n"
    )
