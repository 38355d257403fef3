"""Acts: record an authority's ban, lift it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from blacklist.sanctions import rules
from blacklist.sanctions.events import SANCTIONS, SanctionImposed, SanctionLifted
from blacklist.sanctions.models import Sanction
from ledger.services import record
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, Refused, refuse_if


@transaction.atomic
def record_decision(
    *,
    code: str,
    name: str,
    authority: str,
    decision_no: str,
    basis: str,
    grounds: str,
    decided_on: date,
    starts_on: date,
    ends_on: date,
    regimes: str = "",
    by: Actor,
    at: datetime,
) -> Sanction:
    """Record the ban a competent authority decided; recording the same decision again changes nothing.

    basis: a row of `rules.BASES`.  regimes: what it keeps out of, empty for all that the basis reaches.
    Refused when it is not the supervision, the code is none, or term or reach go beyond the article.
    Law: 政府采购法 第77条.
    """
    if not regimes and basis in rules.BASES:
        regimes = rules.BASES[basis].regimes
    on = day_in_china(at)
    refuse_if(
        rules.why_not_impose(
            code=code,
            basis=basis,
            regimes=regimes,
            decided_on=decided_on,
            starts_on=starts_on,
            ends_on=ends_on,
            by=by,
            on=on,
        )
    )
    told = {
        "name": name,
        "basis": basis,
        "grounds": grounds,
        "regimes": regimes,
        "decided_on": decided_on,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    row, fresh = Sanction.objects.get_or_create(
        code=code,
        authority=authority,
        decision_no=decision_no,
        defaults={**told, "publish_until": ends_on, "recorded_at": at},
    )
    if not fresh:
        if any(getattr(row, field) != value for field, value in told.items()):
            raise Refused(Reason("blacklist.decision-differs", Kind.NOT_NOW, "该文号的决定已登记，且内容与此不同"))
        return row
    record(
        SanctionImposed(
            stream=SANCTIONS,
            org=code,
            name=name,
            authority=authority,
            decision_no=decision_no,
            law=str(rules.BASES[basis].law),
            grounds=grounds,
            regimes=regimes,
            starts_on=starts_on,
            ends_on=ends_on,
        ),
        at=at,
    )
    return row


@transaction.atomic
def lift(*, public_id: UUID, reason: str, by: Actor, at: datetime) -> Sanction:
    """Lift a ban from today on: annulled by its authority, or the credit repaired. It is shown no longer.

    Refused when it is not the supervision, or the ban is over or lifted already.
    Law: 信用修复管理办法.
    """
    row = Sanction.objects.select_for_update().get(public_id=public_id)
    on = day_in_china(at)
    refuse_if(rules.why_not_lift(row, by=by, on=on))
    row.lifted_on, row.lifted_because, row.publish_until = on, reason, on
    row.save(update_fields=["lifted_on", "lifted_because", "publish_until"])
    record(
        SanctionLifted(
            stream=SANCTIONS,
            org=row.code,
            authority=row.authority,
            decision_no=row.decision_no,
            lifted_on=on,
            reason=reason,
        ),
        at=at,
    )
    return row
