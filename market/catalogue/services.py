"""Acts of the directory: draft an item, publish a version, take an item out."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts import inbox
from accounts.queries import organisation
from accounts.rules import Kind as House
from ledger.services import publish_blob, record
from market.catalogue import bundles, queries, rules, tariffs
from market.catalogue.events import CATALOGUE, ItemPublished, ItemWithdrawn
from market.catalogue.models import ItemVersion, ItemWithdrawal, ServiceItem
from market.catalogue.rules import Withdrawn
from proofs import canonical
from rulebook.actor import Actor, Role
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

    Refused for anyone but the department's officer, without a legal basis, one of the eight elements or the figures of
    a government's price, backdated, or where a part of a bundle is not in the directory. What a bundle asks for is
    taken from its parts, and bundles with this item whose requirements change are marked.
    Law: 优化营商环境条例 第43条; 价格法 第12条; 明标平台规则 第90条.
    """
    item = _hold_with(code, ServiceItem.objects.filter(code=code).values_list("draft__parts", flat=True).first() or ())
    rows = queries.versions(item)
    content = queries.whole(dict(item.draft), on=effective_from)
    parts = queries.fit_parts(content.get("parts", ()), on=effective_from)
    refuse_if(
        rules.why_not_publish(
            content, department=item.department_id, effective_from=effective_from, latest=rows[0] if rows else None,
            parts=parts, by=by, on=day_in_china(at),
        )
        + tariffs.why_not_tariff(content)
    )  # fmt: skip
    number = len(rows) + 1
    text = canonical.dumps({
        "v": "item/1", "code": code, "version": number, "effective_from": effective_from.isoformat(),
        "published_at": iso(at), "department": {"org": item.department_id, "name": item.department.name}, **content,
    })  # fmt: skip
    row = ItemVersion.objects.create(
        item=item, number=number, name=content["name"], type=content["type"], region=content["region"],
        effective_from=effective_from, basis_until=rules.ends_on(content), text=text.decode(),
        sha256=publish_blob(text), published_by=by.person, published_at=at,
    )  # fmt: skip
    record(
        ItemPublished(
            stream=CATALOGUE, code=code, version=number, name=row.name, department=item.department_id,
            effective_from=effective_from, sha256=row.sha256,
        ),
        at=at,
    )  # fmt: skip
    bundles.bundle_published(row, at=at)
    bundles.part_published(row, at=at)
    return row


@transaction.atomic
def withdraw_item(*, code: str, reason: str, by: Actor, at: datetime) -> ItemWithdrawal:
    """Take the latest version of an item out of the directory, from now on, and the bundles that hold it.

    Refused for anyone but the department's officer, without a reason, and when it is out already.
    """
    item = _hold_with(code, [row.item.code for row in queries.bundles_of(code, on=day_in_china(at))])
    rows = queries.versions(item)
    latest = rows[0] if rows else None
    refuse_if(rules.why_not_withdraw(latest, department=item.department_id, reason=reason, by=by))
    assert latest is not None, "the rule refuses an item without a version"
    made = _withdrawn(latest, code=code, why=Withdrawn.CANCELLED, reason=reason.strip(), by=by, at=at)
    for bundle in bundles.holding(latest, at=at):
        because = f"所含事项“{latest.name}”已退出目录"
        _withdrawn(bundle, code=bundle.item.code, why=Withdrawn.CANCELLED, reason=because, by=by, at=at)
        bundles.tell(bundle, f"{because}，本事项随之退出；仍可合并的，请公布新一版。", at=at)
    return made


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
            ends = row.basis_until.isoformat() if row.basis_until else ""
            over = next((each["name"] for each in row.content.get("parts_at", ()) if each["until"] == ends), "")
            reason = f"所含事项“{over}”的设置依据已失效" if over else "设置依据已失效"
            _withdrawn(row, code=row.item.code, why=Withdrawn.LAPSED, reason=reason, by=by, at=at)
            body = f"“{row.name}”：{reason}，已退出目录。已经公告的采购不受影响；有新的依据的，请公布下一版。"
            _tell(row, "事项因依据失效退出目录", body, at=at)
            done += 1
    return done


def remind(*, by: Actor, at: datetime) -> int:
    """Tell departments whose items lose their legal basis within sixty days, each version once. Returns how many."""
    done, on = 0, day_in_china(at)
    for row in queries.ending(on=on, within=rules.REMIND_BEFORE):
        if row.withdrawn or row.item.reminded >= row.number:
            continue
        with left_for_next_time(f"item {row.item.code}"), transaction.atomic():
            item = _hold(row.item.code)
            if item.reminded >= row.number or row.basis_until is None or row.basis_until < on:
                continue
            item.reminded = row.number
            item.save(update_fields=["reminded"])
            ends = f"“{row.name}”的设置依据到{row.basis_until:%Y-%m-%d}为止，次日起不得再要求办理；"
            body = ends + "依据延续的，请公布下一版。"
            _tell(row, "设置依据即将失效", body, at=at)
            done += 1
    return done


def _tell(row: ItemVersion, subject: str, body: str, *, at: datetime) -> None:
    """Tell the department that keeps an item."""
    link = f"/catalogue/desk/{row.item.code}/"
    inbox.post(
        topic=inbox.Topic.REGISTER,
        to_organisation=row.item.department_id,
        to_role=Role.OFFICER,
        subject=subject,
        body=body,
        link=link,
        at=at,
    )


def _withdrawn(
    version: ItemVersion, *, code: str, why: Withdrawn, reason: str, by: Actor, at: datetime
) -> ItemWithdrawal:
    row = ItemWithdrawal.objects.create(version=version, why=why.value, reason=reason, by_name=by.name, at=at)
    event = ItemWithdrawn(
        stream=CATALOGUE, code=code, version=version.number, name=version.name, why=why.value, reason=reason
    )
    record(event, at=at)
    return row


def _hold_with(code: str, others: Iterable[str]) -> ServiceItem:
    """The item, held with what its bundles or parts are, in one order for all."""
    rows = ServiceItem.objects.select_for_update().filter(code__in=[code, *others]).order_by("code")
    list(rows.values_list("pk", flat=True))
    return _hold(code)


def _hold(code: str) -> ServiceItem:
    """The item, held until the transaction ends."""
    found = ServiceItem.objects.select_for_update(of=("self",)).select_related("department").filter(code=code).first()
    if found is None:
        raise Refused(Reason("catalogue.no-such-item", Kind.NOT_NOW, "没有这个编码的事项"))
    return found
