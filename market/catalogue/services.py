"""Acts of the directory: draft an item, publish a version, take an item out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.queries import organisation
from accounts.rules import Kind as House
from ledger.services import publish_blob, record
from market.catalogue import queries, rules
from market.catalogue.events import CATALOGUE, ItemPublished, ItemWithdrawn
from market.catalogue.models import ItemVersion, ItemWithdrawal, ServiceItem
from market.catalogue.rules import Withdrawn
from proofs import canonical
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.rows import left_for_next_time
from rulebook.times import iso


@transaction.atomic
def draft_item(*, code: str, content: Mapping[str, Any], by: Actor, at: datetime) -> ServiceItem:
    """Write the draft of an item, a new one or the next version of one that is published.

    Refused when it is not the department's officer, or the code is another department's or none.
    """
    held = ServiceItem.objects.select_for_update().filter(code=code).first()
    refuse_if(rules.why_not_edit(department=held.department_id if held else by.organisation, by=by))
    if held is None:
        refuse_if(rules.why_not_begin(kind=House(organisation(by.organisation).kind)) + rules.why_not_code(code))
        return ServiceItem.objects.create(code=code, department_id=by.organisation, draft=dict(content), drafted_at=at)
    held.draft, held.drafted_at = dict(content), at
    held.save(update_fields=["draft", "drafted_at"])
    return held


@transaction.atomic
def publish_item(*, code: str, effective_from: date, by: Actor, at: datetime) -> ItemVersion:
    """Publish the draft as the next version; it is in force from its day on, and the one before until then.

    Refused for anyone but the department's officer, without a legal basis or one of the eight elements, backdated,
    or where a part of a bundle is not in the directory.
    Law: 优化营商环境条例 第43条.
    """
    item = _hold(code)
    rows = queries.versions(item)
    content = dict(item.draft)
    parts = queries.fit_parts(content.get("parts", ()), on=effective_from)
    refuse_if(
        rules.why_not_publish(
            content, department=item.department_id, effective_from=effective_from, latest=rows[0] if rows else None,
            parts=parts, by=by, on=day_in_china(at),
        )
    )  # fmt: skip
    number = len(rows) + 1
    text = canonical.dumps({
        "v": "item/1", "code": code, "version": number, "effective_from": effective_from.isoformat(),
        "published_at": iso(at), "department": {"org": item.department_id, "name": item.department.name}, **content,
    })  # fmt: skip
    row = ItemVersion.objects.create(
        item=item, number=number, name=content["name"], type=content["type"], region=content["region"],
        effective_from=effective_from, basis_until=rules.basis_until(content["basis"]), text=text.decode(),
        sha256=publish_blob(text), published_by=by.person, published_at=at,
    )  # fmt: skip
    record(
        ItemPublished(
            stream=CATALOGUE, code=code, version=number, name=row.name, department=item.department_id,
            effective_from=effective_from, sha256=row.sha256,
        ),
        at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_item(*, code: str, reason: str, by: Actor, at: datetime) -> ItemWithdrawal:
    """Take the latest version of an item out of the directory, from now on.

    Refused for anyone but the department's officer, without a reason, and when it is out already.
    """
    item = _hold(code)
    rows = queries.versions(item)
    latest = rows[0] if rows else None
    refuse_if(rules.why_not_withdraw(latest, department=item.department_id, reason=reason, by=by))
    assert latest is not None, "the rule refuses an item without a version"
    return _withdrawn(latest, code=code, why=Withdrawn.CANCELLED, reason=reason.strip(), by=by, at=at)


def withdraw_lapsed(*, by: Actor, at: datetime) -> int:
    """Write down which items have lost their legal basis: they could not be ordered from that day on anyway.

    Returns how many.  Law: 优化营商环境条例 第43条.
    """
    done = 0
    for row in queries.lapsing(on=day_in_china(at)):
        with left_for_next_time(f"item {row.item.code}"), transaction.atomic():
            _hold(row.item.code)
            if ItemWithdrawal.objects.filter(version=row).exists():
                continue
            _withdrawn(row, code=row.item.code, why=Withdrawn.LAPSED, reason="设置依据已失效", by=by, at=at)
            done += 1
    return done


def _withdrawn(
    version: ItemVersion, *, code: str, why: Withdrawn, reason: str, by: Actor, at: datetime
) -> ItemWithdrawal:
    row = ItemWithdrawal.objects.create(version=version, why=why.value, reason=reason, by_name=by.name, at=at)
    event = ItemWithdrawn(
        stream=CATALOGUE, code=code, version=version.number, name=version.name, why=why.value, reason=reason
    )
    record(event, at=at)
    return row


def _hold(code: str) -> ServiceItem:
    """The item, held until the transaction ends."""
    found = ServiceItem.objects.select_for_update(of=("self",)).select_related("department").filter(code=code).first()
    if found is None:
        raise Refused(Reason("catalogue.no-such-item", Kind.NOT_NOW, "没有这个编码的事项"))
    return found
