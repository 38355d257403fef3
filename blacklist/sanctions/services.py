"""Acts: record an authority's decision or what followed it; confirm or drop what another recorded."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import inbox
from blacklist.sanctions import people, queries, rules
from blacklist.sanctions.events import SANCTIONS, SanctionImposed, SanctionLifted, SanctionStayed
from blacklist.sanctions.models import Sanction, SanctionDraft, SanctionFact, SanctionKey
from blacklist.sanctions.rules import Fact, Gravity, Subject
from ledger.locks import hold_final
from ledger.services import record
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.jurisdiction import in_region
from rulebook.refusal import Kind, Reason, Refused, refuse_if

DECISION = "decision"
_DAYS = ("decided_on", "starts_on", "ends_on", "publish_until")


@transaction.atomic
def record_decision(
    *,
    code: str = "",
    id_number: str = "",
    name: str,
    authority: str,
    decision_no: str,
    basis: str,
    grounds: str,
    decided_on: date,
    starts_on: date,
    ends_on: date,
    regimes: str = "",
    region: str = "",
    gravity: str = Gravity.SERIOUS.value,
    publish_until: date | None = None,
    by: Actor,
    at: datetime,
) -> SanctionDraft:
    """Record the ban a competent authority decided. It binds once another supervisor confirms it.

    code: of a body; id_number: of a person instead, hashed and forgotten.  basis: a row of `rules.BASES`.
    regimes: what it keeps out of, empty for all that the basis reaches.  region: digits, empty for everywhere.
    Recording the same decision again changes nothing.
    Refused when it is not the supervision, the subject is none, or term, reach or display go beyond the article.
    Law: 政府采购法 第77条; 信用修复管理办法.
    """
    if not regimes and basis in rules.BASES:
        regimes = rules.BASES[basis].regimes
    subject = Subject.PERSON if id_number and not code else Subject.ORGANISATION
    refuse_if(
        rules.why_not_impose(
            subject=subject, code=code, id_number=id_number, basis=basis, regimes=regimes, region=region,
            gravity=gravity, decided_on=decided_on, starts_on=starts_on, ends_on=ends_on, publish_until=publish_until,
            by=by, on=day_in_china(at),
        )
    )  # fmt: skip
    shown = publish_until or rules.shown_until(decided_on=decided_on, ends_on=ends_on, gravity=Gravity(gravity))
    told: dict[str, Any] = {
        "code": code, "keys": [code] if code else people.tags(id_number), "name": name if code else people.masked(name),
        "authority": authority, "decision_no": decision_no, "basis": basis, "grounds": grounds, "regimes": regimes,
        "region": region, "gravity": gravity, "decided_on": decided_on.isoformat(),
        "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat(), "publish_until": shown.isoformat(),
    }  # fmt: skip
    for draft in queries.waiting(by).filter(kind=DECISION):
        if draft.told == told:
            return draft
    _same_or_new(told)
    return _draft(DECISION, None, told, by=by, at=at)


@transaction.atomic
def note(
    *, public_id: UUID, fact: str, authority: str, document_no: str, reason: str, by: Actor, at: datetime
) -> SanctionDraft:
    """Record what followed a decision: stayed, going on, annulled, repaired. It counts once another confirms it.

    authority, document_no: who decided this, by which document.
    Refused when it is not the supervision, without the document, or where it cannot follow what was before.
    Law: 行政处罚法 第61条, 第73条; 信用修复管理办法.
    """
    row = Sanction.objects.get(public_id=public_id)
    told = {"authority": authority.strip(), "document_no": document_no.strip(), "reason": reason.strip()}
    refuse_if(queries.why_not_note(row, fact=fact, **told, by=by, at=at))
    return _draft(fact, row, told, by=by, at=at)


@transaction.atomic
def confirm(*, draft: UUID, by: Actor, at: datetime) -> Sanction:
    """Confirm what another recorded: a decision binds from here on, a stay, annulment or repair frees.

    Refused for who recorded it, for anyone but the supervision, a second time, and where it no longer fits.
    Law: 明标平台规则 第71条.
    """
    row = SanctionDraft.objects.select_for_update(of=("self",)).select_related("sanction").get(public_id=draft)
    done = row.confirmed_at is not None or row.dropped_at is not None
    by = in_region(by, queries.region_of(row))
    refuse_if(rules.why_not_confirm(recorded_by=row.recorded_by, done=done, by=by))
    row.confirmed_at = at
    row.save(update_fields=["confirmed_at"])
    if row.sanction is None:
        return _impose(row, by=by, at=at)
    held = row.sanction
    hold_final(held)
    refuse_if(queries.why_not_note(held, fact=row.kind, **row.told, by=by, at=at))
    SanctionFact.objects.create(
        sanction=held, kind=row.kind, **row.told, recorded_by=row.recorded_by, confirmed_by=by.person, at=at
    )
    _tell_fact(held, Fact(row.kind), row.told, at=at)
    return held


@transaction.atomic
def drop(*, draft: UUID, by: Actor, at: datetime) -> SanctionDraft:
    """Take back what was recorded and not confirmed. Refused for anyone but the supervision, and once it is done."""
    row = SanctionDraft.objects.select_for_update(of=("self",)).select_related("sanction").get(public_id=draft)
    by = in_region(by, queries.region_of(row))
    done = row.confirmed_at is not None or row.dropped_at is not None
    refuse_if(rules.why_not_keep(by=by) or rules.why_not_open(done=done))
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])
    return row


def _draft(kind: str, sanction: Sanction | None, told: dict[str, Any], *, by: Actor, at: datetime) -> SanctionDraft:
    row = SanctionDraft.objects.create(
        kind=kind, sanction=sanction, told=told, recorded_by=by.person, recorded_by_name=by.name, recorded_at=at
    )
    number = sanction.decision_no if sanction else told["decision_no"]
    body = f"{by.name}登记了{number}，须由另一名监督人员核对后确认。"
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=Role.SUPERVISOR,
        region=queries.region_of(row),
        subject="核对禁入登记",
        body=body,
        link="/blacklist/drafts/",
        at=at,
    )
    return row


def _same_or_new(told: dict[str, Any]) -> None:
    """Refused when this document's decision on this subject is recorded already."""
    held = SanctionKey.objects.filter(
        key=told["keys"][0], sanction__authority=told["authority"], sanction__decision_no=told["decision_no"]
    ).first()
    if held is not None:
        facts = {key: value for key, value in told.items() if key != "keys"}
        row = held.sanction
        same = all(str(getattr(row, field)) == value for field, value in facts.items())
        text = "该文号的决定已经登记" if same else "该文号的决定已登记，且内容与此不同"
        code = "blacklist.recorded-already" if same else "blacklist.decision-differs"
        raise Refused(Reason(code, Kind.NOT_NOW, text))


def _impose(draft: SanctionDraft, *, by: Actor, at: datetime) -> Sanction:
    _same_or_new(draft.told)
    told = {field: value for field, value in draft.told.items() if field != "keys"}
    told |= {day: date.fromisoformat(told[day]) for day in _DAYS}
    row = Sanction.objects.create(**told, recorded_by=draft.recorded_by, confirmed_by=by.person, recorded_at=at)
    SanctionKey.objects.bulk_create(
        SanctionKey(sanction=row, key=key, ends_on=row.ends_on) for key in draft.told["keys"]
    )
    record(
        SanctionImposed(
            stream=SANCTIONS, org=row.code, name=row.name, authority=row.authority, decision_no=row.decision_no,
            law=str(rules.BASES[row.basis].law), grounds=row.grounds, regimes=row.regimes, region=row.region,
            starts_on=row.starts_on, ends_on=row.ends_on, shown_until=row.publish_until,
        ),
        at=at,
    )  # fmt: skip
    return row


def _tell_fact(row: Sanction, fact: Fact, told: dict[str, Any], *, at: datetime) -> None:
    of = {"stream": SANCTIONS, "org": row.code, "authority": row.authority, "decision_no": row.decision_no}
    said = {"by": told["authority"], "document_no": told["document_no"]}
    on = day_in_china(at)
    if fact in rules.ENDS:
        why = told["reason"]
        record(SanctionLifted(**of, **said, lifted_on=on, reason=why, repaired=fact is Fact.REPAIRED), at=at)
    else:
        record(SanctionStayed(**of, **said, on=on, goes_on=fact is Fact.RESUMED), at=at)
