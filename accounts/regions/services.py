"""Acts: one of the three offices proposes a region or somebody's reach, another confirms; the first set-up."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Organisation, Region, RegionAct, User
from accounts.regions import queries, rules
from accounts.regions.events import REGIONS, OfficePosted, RegionEntered, RegionStruck
from accounts.regions.rules import Act
from accounts.rules import Kind
from ledger.services import record
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused, refuse_if


def why_not_propose(*, act: Act, code: str, told: dict[str, str], user: User | None, by: Actor) -> tuple[Reason, ...]:
    """Reasons against it as things stand: asked when it is proposed, and again when it is confirmed."""
    known = Region.objects.filter(code=code).exists()
    if act is Act.ENTER:
        body = not told["body"] or Organisation.objects.filter(code=told["body"], kind=Kind.REGULATOR).exists()
        names = (told["name"], told["name_mn"], told["name_en"])
        return rules.why_not_enter(code=code, names=names, body=body, by=by)
    if act is Act.STRIKE:
        return rules.why_not_strike(known=known, posted=User.objects.filter(region=code).count(), by=by)
    if user is None:
        return rules.why_not_keep(by=by) or (Reason("regions.nobody", Fault.NOT_VALID, "请选择人员"),)
    others = queries.others_everywhere(user)
    return rules.why_not_post(role=Role(user.role), known=known, code=code, others=others, by=by)


@transaction.atomic
def propose(
    *, act: Act, code: str = "", name: str = "", name_mn: str = "", name_en: str = "", body: str = "", phone: str = "",
    person: UUID | None = None, by: Actor, at: datetime,
) -> RegionAct:  # fmt: skip
    """Propose a region, its end, or how far somebody's office reaches; nothing changes before another confirms.

    body: credit code of who supervises there.  person: public id, for `Act.POST`; code is then how far, or empty.
    Refused to all but the three offices, and as the rules of each act say.
    """
    told = {"name": name.strip(), "name_mn": name_mn.strip(), "name_en": name_en.strip(), "body": body, "phone": phone}
    user = queries.staff().filter(public_id=person).first() if person else None
    refuse_if(why_not_propose(act=act, code=code, told=told, user=user, by=by))
    if act is not Act.ENTER:  # what it was called when it was proposed, for the record
        told = {"name": Region.objects.filter(code=code).values_list("name", flat=True).first() or ""}
    return RegionAct.objects.create(
        act=act.value, code=code, told=told, user=user,
        proposed_by=User.objects.get(public_id=by.person), proposed_role=by.role.value, proposed_at=at,
    )  # fmt: skip


@transaction.atomic
def confirm(*, public_id: UUID, by: Actor, at: datetime) -> RegionAct:
    """Confirm as another of the three offices: from here on it is so, and the public log says so.

    Refused to whoever proposed it and his whole office, about oneself, twice, and where it may be no more.
    Law: GB/T 22239-2019 8.1.5; 明标平台规则 第98条.
    """
    row = RegionAct.objects.select_for_update().get(public_id=public_id)
    refuse_if(
        rules.why_not_confirm(
            proposed_by=str(row.proposed_by.public_id) if row.proposed_by else "", proposed_role=row.proposed_role,
            subject=str(row.user.public_id) if row.user else "", is_open=row.is_open, by=by,
        )
    )  # fmt: skip
    act = Act(row.act)
    refuse_if(why_not_propose(act=act, code=row.code, told=row.told, user=row.user, by=by))
    row.confirmed_by, row.confirmed_role = User.objects.get(public_id=by.person), by.role.value
    row.confirmed_at = at
    row.save(update_fields=["confirmed_by", "confirmed_role", "confirmed_at"])
    offices = sorted([row.proposed_role, row.confirmed_role])
    if act is Act.ENTER:
        _enter(row.code, row.told, offices=offices, at=at)
    elif act is Act.STRIKE:
        region = Region.objects.get(code=row.code)
        region.delete()
        record(RegionStruck(stream=REGIONS, code=row.code, name=region.name, offices=offices), at=at)
    else:
        _post(row.user, row.code, offices=offices, at=at)
    return row


@transaction.atomic
def drop(*, public_id: UUID, by: Actor, at: datetime) -> RegionAct:
    """Take a proposal back, or turn it down. Refused to all but the three offices, and once it is settled."""
    row = RegionAct.objects.select_for_update().get(public_id=public_id)
    refuse_if(rules.why_not_keep(by=by))
    if not row.is_open:
        raise Refused(Reason("regions.over", Fault.NOT_NOW, "该事项已经确认或者撤回"))
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])
    return row


@transaction.atomic
def set_up(*, rows: Iterable[dict[str, Any]], by: Actor, at: datetime) -> list[Region]:
    """Enter the first regions at once, from the command line, before anybody works here.

    rows: code, name, name_mn, name_en, body, phone.  Refused once there is a region: from then on two offices do it.
    """
    if Region.objects.exists():
        raise Refused(Reason("regions.set-up", Fault.NOT_NOW, "已登记过地区，此后由系统、安全、审计中的两人办理"))
    for told in rows:
        code, body = str(told["code"]), str(told.get("body", ""))
        known = not body or Organisation.objects.filter(code=body, kind=Kind.REGULATOR).exists()
        names = (told["name"], told.get("name_mn", ""), told.get("name_en", ""))
        refuse_if(rules.why_not_name(code=code, names=names, body=known))
        _enter(code, {key: str(told.get(key, "")) for key in _COLUMNS}, offices=[], at=at)
    return queries.regions()


_COLUMNS = ("name", "name_mn", "name_en", "body", "phone")


def _enter(code: str, told: dict[str, str], *, offices: list[str], at: datetime) -> None:
    facts = {"name": told["name"], "name_mn": told["name_mn"], "name_en": told["name_en"], "phone": told["phone"],
             "body_id": told["body"] or None}  # fmt: skip
    Region.objects.update_or_create(code=code, defaults=facts, create_defaults={**facts, "entered_at": at})
    record(RegionEntered(stream=REGIONS, code=code, name=told["name"], body=told["body"], offices=offices), at=at)


def _post(user: User | None, region: str, *, offices: list[str], at: datetime) -> None:
    assert user is not None, "a posting is somebody's"
    held = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    held.region = region
    held.save(update_fields=["region"])
    facts = {"role": held.role, "org": held.organisation_id or "", "region": region, "offices": offices}
    record(OfficePosted(stream=REGIONS, **facts), at=at)
