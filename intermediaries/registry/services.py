"""Acts of a provider on its own entry: enter, change, leave; and of the tick that reminds it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction

from accounts import inbox
from accounts.models import Organisation
from blacklist.gate.queries import why_not_take_part
from intermediaries.registry import promise, queries, rules
from intermediaries.registry.events import ProviderChanged, ProviderEntered, ProviderLeft, stream
from intermediaries.registry.models import (
    Certificate,
    NameSuffix,
    Place,
    Practitioner,
    Provider,
    ProviderChange,
    Qualification,
)
from intermediaries.registry.rules import State
from intermediaries.registry.tags import tags
from ledger.services import publish_blob, record
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if
from rulebook.regions import HOME
from rulebook.rows import left_for_next_time


@transaction.atomic
def enter(*, profile: Mapping[str, str], promised: bool, by: Actor, at: datetime) -> Provider:
    """Enter the register by signing the promise, with immediate effect: nobody approves it.

    Also how somebody comes in who was brought in from another register, or had left.
    Refused when it is not the firm's own person, the profile has gaps, the credit code is none, or nothing is promised.
    Law: 内蒙古自治区网上中介服务超市管理办法 第3条.
    """
    house = Organisation.objects.select_for_update().filter(code=by.organisation).first()
    row = Provider.objects.select_for_update().filter(organisation_id=by.organisation).first()
    refuse_if(
        rules.why_not_enter(
            code=by.organisation, state=State(row.state) if row else None, profile=profile, promised=promised, by=by
        )
        or why_not_take_part(
            by.organisation, regime=rules.REGIME, region=HOME, at=at,
            people=_tagged(profile) or [row.legal_rep_tag if row else ""],
        )
    )  # fmt: skip
    assert house is not None, "a provider's person has a house"
    told = _clean(profile)
    if row is None:
        row = create(organisation=house, profile=told, state=State.LISTED, by=by, at=at)
    else:
        _put_profile(row, told, at=at)
    row.edition, row.entered_at = promise.EDITION, at
    row.save(update_fields=["edition", "entered_at"])
    row.advance(State.ENTERED)
    sha256 = publish_blob(promise.text())
    ProviderChange.objects.create(provider=row, what="entered", told=promise.EDITION, by_name=by.name, at=at)
    record(
        ProviderEntered(
            stream=stream(house.code), org=house.code, name=house.name, region=row.region, edition=promise.EDITION,
            sha256=sha256,
        ),
        at=at,
    )  # fmt: skip
    return row


def create(
    *, organisation: Organisation, profile: Mapping[str, str], state: State, by: Actor, at: datetime
) -> Provider:
    """The row of a provider with its seat and what its name is found by. Only entering and importing write one."""
    row = Provider.objects.create(organisation=organisation, state=state.value, changed_at=at, **profile)
    NameSuffix.objects.bulk_create(
        NameSuffix(provider=row, suffix=suffix) for suffix in queries.suffixes(organisation.name)
    )
    _put_seat(row)
    return row


@transaction.atomic
def change_profile(*, code: str, profile: Mapping[str, str], by: Actor, at: datetime) -> Provider:
    """Change what a provider says of itself; what was before stays in its history. Refused as `enter`, or with gaps."""
    row = hold_own(code=code, by=by)
    refuse_if(rules.why_not_profile(profile))
    told = _clean(profile)
    differs = [
        f"{rules.PROFILE_NAMES[field]}：{getattr(row, field)} → {value}"
        for field, value in told.items()
        if field in rules.PROFILE_NAMES and getattr(row, field) != value
    ]
    if differs or _tagged(profile):
        _put_profile(row, told, at=at)
        _changed(row, "profile", "；".join(differs) or "补充法定代表人身份核对信息", by=by, at=at)
    return row


@transaction.atomic
def add_qualification(
    *, code: str, kind: str, grade: str, number: str, issuer: str, valid_to: date | None, scan: bytes = b"", by: Actor,
    at: datetime,
) -> Qualification:  # fmt: skip
    """Enter a certificate of the firm; it counts at once, and not a day longer than it says.

    scan: the file, published.  The same number again renews it: the row before is struck.
    Refused without its facts, when it is over, and when another firm has it.
    """
    row = hold_own(code=code, by=by)
    before = Qualification.objects.select_for_update().filter(kind=kind.strip(), number=number.strip(), struck_on=None)
    old = before.first()
    refuse_if(
        rules.why_not_hold(
            kind=kind, number=number, issuer=issuer, valid_to=valid_to, on=day_in_china(at),
            held=row.qualifications.count(), taken=old is not None and old.provider_id != row.pk,
        )
    )  # fmt: skip
    if old is not None:
        old.struck_on = day_in_china(at)
        old.save(update_fields=["struck_on"])
    made = Qualification.objects.create(
        provider=row, kind=kind.strip(), grade=grade.strip(), number=number.strip(), issuer=issuer.strip(),
        valid_to=valid_to, sha256=publish_blob(scan) if scan else "", added_at=at,
    )  # fmt: skip
    _changed(row, "qualification", f"{made.kind}{made.grade} {made.number}，{_until(valid_to)}", by=by, at=at)
    return made


@transaction.atomic
def strike_qualification(*, code: str, qualification: int, by: Actor, at: datetime) -> Qualification:
    """Take back a certificate of one's own that counts no longer."""
    row = hold_own(code=code, by=by)
    made = row.qualifications.select_for_update().get(pk=qualification, struck_on=None)
    made.struck_on = day_in_china(at)
    made.save(update_fields=["struck_on"])
    _changed(row, "struck", f"{made.kind}{made.grade} {made.number}", by=by, at=at)
    return made


@transaction.atomic
def employ(*, code: str, name: str, id_number: str, joined_on: date, by: Actor, at: datetime) -> Practitioner:
    """Enter somebody who practises for the firm. The identity number is not kept, a keyed hash of it is.

    Refused when the person is in the register with this or with another firm: one firm only.
    """
    row = hold_own(code=code, by=by)
    found = tags(id_number.strip())
    now = Practitioner.objects.select_for_update().filter(id_tag__in=found, left_on=None).first()
    refuse_if(
        rules.why_not_employ(
            name=name, id_number=id_number.strip().upper(), held=row.staff.filter(left_on=None).count(),
            elsewhere=now is not None and now.provider_id != row.pk,
            here=now is not None and now.provider_id == row.pk,
        )
    )  # fmt: skip
    made = Practitioner.objects.create(provider=row, name=name.strip(), id_tag=found[0], joined_on=joined_on)
    _changed(row, "joined", made.name, by=by, at=at)
    return made


@transaction.atomic
def certify(
    *, code: str, person: int, kind: str, number: str, valid_to: date | None, by: Actor, at: datetime
) -> Certificate:
    """Enter a certificate of somebody who practises for the firm. Refused as `add_qualification`."""
    row = hold_own(code=code, by=by)
    who = row.staff.get(pk=person, left_on=None)
    before = Certificate.objects.select_for_update().filter(kind=kind.strip(), number=number.strip(), struck_on=None)
    old = before.first()
    refuse_if(
        rules.why_not_hold(
            kind=kind, number=number, issuer="-", valid_to=valid_to, on=day_in_china(at),
            held=who.certificates.count(), taken=old is not None and old.person_id != who.pk,
        )
    )  # fmt: skip
    if old is not None:
        old.struck_on = day_in_china(at)
        old.save(update_fields=["struck_on"])
    made = Certificate.objects.create(
        person=who, kind=kind.strip(), number=number.strip(), valid_to=valid_to, added_at=at
    )
    _changed(row, "certificate", f"{who.name} {made.kind} {made.number}，{_until(valid_to)}", by=by, at=at)
    return made


@transaction.atomic
def dismiss(*, code: str, person: int, left_on: date, by: Actor, at: datetime) -> Practitioner:
    """Somebody no longer practises for the firm: from now on another may enter him, certificates and all."""
    row = hold_own(code=code, by=by)
    who = row.staff.select_for_update().get(pk=person, left_on=None)
    who.left_on = max(left_on, who.joined_on)
    who.save(update_fields=["left_on"])
    who.certificates.filter(struck_on=None).update(struck_on=day_in_china(at))
    _changed(row, "left-staff", who.name, by=by, at=at)
    return who


@transaction.atomic
def open_place(*, code: str, region: str, address: str, phone: str, by: Actor, at: datetime) -> Place:
    """A branch in another region: one register, every region. A second word on a region replaces the first."""
    row = hold_own(code=code, by=by)
    facts = {"address": address.strip(), "phone": phone.strip()}
    made, _ = Place.objects.update_or_create(provider=row, region=region.strip(), defaults=facts)
    _changed(row, "place", f"{made.region} {made.address}", by=by, at=at)
    return made


@transaction.atomic
def close_place(*, code: str, place: int, by: Actor, at: datetime) -> None:
    """Close a branch; the seat moves with the profile."""
    row = hold_own(code=code, by=by)
    made = row.places.get(pk=place, main=False)
    told = f"{made.region} {made.address}"
    made.delete()
    _changed(row, "closed-place", told, by=by, at=at)


@transaction.atomic
def tell_change(*, code: str, what: str, told: str, by: Actor, at: datetime) -> None:
    """Put into a provider's history what another slice has changed of it. Refused for anyone but its own people."""
    _changed(hold_own(code=code, by=by), what, told, by=by, at=at)


@transaction.atomic
def leave(*, code: str, open_contracts: Collection[str], by: Actor, at: datetime) -> Provider:
    """Leave the register; people and certificates are free for others.

    open_contracts: numbers of projects won and not completed, from whoever knows contracts.
    Refused while there is one, and for anyone but the firm's own people.
    """
    row = Provider.objects.select_for_update().get(organisation_id=code)
    refuse_if(rules.why_not_leave(provider=code, state=row.state, open_contracts=open_contracts, by=by))
    row.advance(State.LEFT)
    today = day_in_china(at)
    Certificate.objects.filter(person__provider=row, struck_on=None).update(struck_on=today)
    row.staff.filter(left_on=None).update(left_on=today)
    row.qualifications.filter(struck_on=None).update(struck_on=today)
    ProviderChange.objects.create(provider=row, what="left", told="", by_name=by.name, at=at)
    record(ProviderLeft(stream=stream(code), org=code), at=at)
    return row


def remind(*, by: Actor, at: datetime) -> int:
    """Tell firms which certificates end within thirty days, each once. What ends drops out by its day anyway."""
    firms, people = queries.ending(on=day_in_china(at), within=rules.REMIND_BEFORE)
    found = [(each, each.provider, f"{each.kind}{each.grade}") for each in firms]
    found += [(each, each.person.provider, f"{each.person.name}的{each.kind}") for each in people]
    done = 0
    for each, provider, what in found:
        with left_for_next_time(f"certificate {each.pk}"), transaction.atomic():
            held = type(each).objects.select_for_update().get(pk=each.pk)
            if held.reminded_for is not None or held.valid_to is None:
                continue
            held.reminded_for = held.valid_to
            held.save(update_fields=["reminded_for"])
            ends = f"{what}（{held.number}）有效期至{held.valid_to:%Y-%m-%d}。"
            body = ends + "到期次日起不再计入资格，请及时办理延续并更新。"
            inbox.post(
                topic=inbox.Topic.REGISTER,
                to_organisation=provider.organisation_id, subject="资质或者证书即将到期", body=body,
                link="/providers/me/", at=at,
            )  # fmt: skip
            done += 1
    return done


def hold_own(*, code: str, by: Actor) -> Provider:
    """The provider, held, which these people may change. Refused for anyone else, and when it is not in."""
    row = Provider.objects.select_for_update().filter(organisation_id=code).first()
    refuse_if(rules.why_not_change(provider=code, state=row.state if row else "", by=by))
    assert row is not None, "the rule refuses one that is not in"
    return row


def _changed(row: Provider, what: str, told: str, *, by: Actor, at: datetime) -> None:
    told = told[:1500]
    row.changed_at = at
    row.save(update_fields=["changed_at"])
    ProviderChange.objects.create(provider=row, what=what, told=told, by_name=by.name, at=at)
    code = row.organisation_id
    record(ProviderChanged(stream=stream(code), org=code, what=what, told=told), at=at)


def _clean(profile: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a profile. The representative's number is hashed, and only where he gave it."""
    found = _tagged(profile)
    tagged = {"legal_rep_tag": found[0]} if found else {}
    return {field: profile[field].strip() for field in rules.PROFILE} | tagged


def _tagged(profile: Mapping[str, str]) -> list[str]:
    number = profile.get("legal_rep_id", "").strip()
    return tags(number) if number else []


def _put_profile(row: Provider, told: Mapping[str, str], *, at: datetime) -> None:
    if told["legal_rep"] != row.legal_rep:  # somebody else: the hash was the other's
        row.legal_rep_tag = ""
    for field, value in told.items():
        setattr(row, field, value)
    row.changed_at = at
    row.save(update_fields=[*{*told, "legal_rep_tag"}, "changed_at"])
    _put_seat(row)


def _put_seat(row: Provider) -> None:
    """The seat is where the profile says; a branch there before becomes it."""
    row.places.filter(main=True).exclude(region=row.region).delete()
    facts = {"address": row.address, "phone": row.contact_phone, "main": True}
    Place.objects.update_or_create(provider=row, region=row.region, defaults=facts)


def _until(valid_to: date | None) -> str:
    return f"有效期至{valid_to:%Y-%m-%d}" if valid_to else "长期有效"
