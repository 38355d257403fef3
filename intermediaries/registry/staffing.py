"""Practising staff of one firm come in by a table: every bad row told at once, and nothing half brought in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from documents.sheets import Wrong
from intermediaries.registry import importing, rules, services
from intermediaries.registry.models import Certificate, Practitioner, Provider
from intermediaries.registry.tags import tags
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason, refuse_if

NAME, NUMBER, JOINED = "姓名", "身份证号码", "入职日"
CERTIFICATE = ("证书类别", "证书编号", "有效期至")
HEAD = (NAME, NUMBER, JOINED, *CERTIFICATE)
LONGEST = {NAME: 40, "证书类别": 80, "证书编号": 60}
COLUMNS = {  # of which column a rule speaks
    "provider.person": NUMBER, "provider.employed-elsewhere": NUMBER, "provider.employed-here": NUMBER,
    "provider.already-over": "有效期至", "provider.certificate-taken": "证书编号", "provider.certificate": "证书编号",
}  # fmt: skip


@dataclass
class Person:
    """Somebody to be entered.  row: where he stands first.  held: kind, number, last day."""

    name: str
    number: str
    joined: date
    row: int
    held: list[tuple[str, str, date | None]] = field(default_factory=list)


def check(table: Sequence[Sequence[str]], *, provider: Provider, at: datetime) -> tuple[list[Person], list[Wrong]]:
    """The people of a table, a row a certificate, and everything that is wrong with it: row, column, reason."""
    if not table or tuple(table[0][: len(HEAD)]) != HEAD:
        return [], [Wrong(1, "", f"首行应为：{'、'.join(HEAD)}")]
    on = day_in_china(at)
    people: dict[str, Person] = {}
    numbers: dict[tuple[str, str], int] = {}
    wrong: list[Wrong] = []
    held = provider.staff.filter(left_on=None).count()
    for row, cells in enumerate(table[1:], start=2):
        told = dict(zip(HEAD, [*cells, *[""] * len(HEAD)][: len(HEAD)], strict=True))
        if not any(told.values()):
            continue
        bad = [Wrong(row, column, "必填") for column in (NAME, NUMBER, JOINED) if not told[column]]
        bad += [Wrong(row, column, f"超过{most}个字") for column, most in LONGEST.items() if len(told[column]) > most]
        joined, until = _day(told[JOINED]), _day(told["有效期至"])
        bad += [
            Wrong(row, column, "应为 2026-01-31 这样的日期")
            for column, read in ((JOINED, joined), ("有效期至", until)) if told[column] and read is None
        ]  # fmt: skip
        number = told[NUMBER].upper()
        who = people.setdefault(number, Person(told[NAME], number, joined or on, row))
        if told[NUMBER] and who.row == row:
            bad += _told(row, _why_not_person(who, provider=provider, held=held + len(people) - 1))
        elif told[NUMBER] and who.name != told[NAME]:
            bad.append(Wrong(row, NAME, f"与第{who.row}行不一致"))
        if any(told[column] for column in CERTIFICATE):
            kind, code = told["证书类别"], told["证书编号"]
            bad += _told(row, _why_not_certificate(kind, code, until, who, on=on))
            if code and (kind, code) in numbers:
                bad.append(Wrong(row, "证书编号", f"与第{numbers[kind, code]}行重复"))
            numbers.setdefault((kind, code), row)
            who.held.append((kind, code, until))
        wrong += bad
    if not people and not wrong:
        wrong.append(Wrong(2, "", "没有任何人员"))
    return list(people.values()), wrong


@transaction.atomic
def bring_in(*, code: str, table: Sequence[Sequence[str]], by: Actor, at: datetime) -> int:
    """Enter everybody of a table with his certificates, or nobody. Returns how many. Identity numbers are not kept.

    Refused for anyone but the firm's own people, and with every bad row at once.
    """
    row = services.hold_own(code=code, by=by)
    people, wrong = check(table, provider=row, at=at)
    refuse_if(importing.told(wrong))
    for who in people:
        made = services.employ(code=code, name=who.name, id_number=who.number, joined_on=who.joined, by=by, at=at)
        for kind, number, until in who.held:
            services.certify(code=code, person=made.pk, kind=kind, number=number, valid_to=until, by=by, at=at)
    return len(people)


def _why_not_person(who: Person, *, provider: Provider, held: int) -> tuple[Reason, ...]:
    now = Practitioner.objects.filter(id_tag__in=tags(who.number), left_on=None).first()
    return rules.why_not_employ(
        name=who.name, id_number=who.number, held=held, elsewhere=now is not None and now.provider_id != provider.pk,
        here=now is not None and now.provider_id == provider.pk,
    )  # fmt: skip


def _why_not_certificate(kind: str, number: str, until: date | None, who: Person, *, on: date) -> tuple[Reason, ...]:
    taken = Certificate.objects.filter(kind=kind, number=number, struck_on=None).exists()
    return rules.why_not_hold(
        kind=kind, number=number, issuer="-", valid_to=until, held=len(who.held), taken=taken, on=on
    )


def _told(row: int, reasons: Sequence[Reason]) -> list[Wrong]:
    return [Wrong(row, COLUMNS.get(each.code, ""), each.sentence()) for each in reasons]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
