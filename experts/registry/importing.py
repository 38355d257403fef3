"""A workbook of experts: every bad row told at once, nobody entered unless every row is good; and out again, masked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts import sealing
from accounts import services as accounts
from accounts.models import User
from documents.sheets import Wrong
from experts.registry import catalogue, particulars, queries, rules, services, standing
from experts.registry.models import Dossier, Expert
from experts.registry.rules import Post, Standing, Title
from experts.registry.words import STANDING_WORDS, TITLE_WORDS
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason, refuse_if

HEAD = (
    "专家编号", "姓名", "手机号码", "身份证号码", "电子邮箱", "收款账号", "职称", "从事相关工作起始年份",
    "工作单位代码", "工作单位名称", "任职起始日", "评审专业代码", "所在地区",
)  # fmt: skip
MUST = tuple(column for column in HEAD if column not in ("专家编号", "电子邮箱", "收款账号", "任职起始日"))
OUT = (*HEAD[:6], *HEAD[8:], "状态", "复核期限")
TITLES = {str(words): title for title, words in TITLE_WORDS.items()} | {
    "高级": Title.SENIOR, "副高级": Title.SENIOR, "正高级": Title.SENIOR, "中级": Title.MIDDLE,
}  # fmt: skip
# Which column a reason of the rules is about.
ABOUT = {
    "expert.name": "姓名", "expert.phone": "手机号码", "expert.id-number": "身份证号码", "expert.age": "身份证号码",
    "expert.title": "职称", "expert.years": "从事相关工作起始年份", "expert.since": "从事相关工作起始年份",
    "expert.specialties": "评审专业代码", "expert.unknown-specialty": "评审专业代码",
    "expert.employer-name": "工作单位名称", "expert.employer-since": "任职起始日",
    "credit-code.malformed": "工作单位代码", "credit-code.bad-region": "工作单位代码",
    "credit-code.bad-check": "工作单位代码",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One expert to be entered."""

    number: str
    personal: dict[str, str]
    employer_code: str
    employer_name: str
    employer_since: date
    keys: list[str]
    region: str


def check(table: Sequence[Sequence[str]], *, at: datetime) -> tuple[list[Row], list[Wrong]]:
    """The experts of a table, and everything that is wrong with it: row, column, reason."""
    if not table or tuple(table[0][: len(HEAD)]) != HEAD:
        return [], [Wrong(1, "", f"首行应为：{'、'.join(HEAD)}")]
    rows: list[Row] = []
    wrong: list[Wrong] = []
    known = catalogue.names()
    first: dict[str, int] = {}
    for number, cells in enumerate(table[1:], start=2):
        told = dict(zip(HEAD, [*cells, *[""] * len(HEAD)][: len(HEAD)], strict=True))
        if not any(told.values()):
            continue
        bad = [Wrong(number, column, "必填") for column in MUST if not told[column]]
        row, reasons = _row(told, known=known, at=at)
        bad += [Wrong(number, column, why) for column, why in reasons if told[column] or column not in MUST]
        for column in ("专家编号", "身份证号码"):
            value = told[column].upper()
            if value and value in first:
                bad.append(Wrong(number, column, f"与第{first[value]}行重复"))
            first.setdefault(value, number)
        wrong += bad
        if row is not None:
            rows.append(row)
    wrong += _known_already(table)
    if not rows and not wrong:
        wrong.append(Wrong(2, "", "没有任何专家"))
    return rows, sorted(wrong, key=lambda each: each.row)


def _row(told: dict[str, str], *, known: dict[str, str], at: datetime) -> tuple[Row | None, list[tuple[str, str]]]:
    """One row as an expert, None when a cell cannot be read; and its faults as (column, why)."""
    today = day_in_china(at)
    bad: list[tuple[str, str]] = []
    title = TITLES.get(told["职称"])
    if title is None:
        bad.append(("职称", f"应为：{'、'.join(TITLES)}之一"))
    year = told["从事相关工作起始年份"]
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        bad.append(("从事相关工作起始年份", "应为四位年份"))
    try:
        since = date.fromisoformat(told["任职起始日"] or f"{today}")
    except ValueError:
        bad.append(("任职起始日", "应为 2026-11-24 这样的日期"))
        since = today
    three = {"name": told["姓名"], "phone": told["手机号码"], "id_number": told["身份证号码"].upper()}
    keys = [key.strip() for key in re.split("[、，,]", told["评审专业代码"]) if key.strip()]
    reasons: list[Reason] = [
        *particulars.why_not_personal(**three),
        *rules.why_not_specialties(keys, known=known),
        *particulars.why_not_employer(code=told["工作单位代码"], name=told["工作单位名称"], since=since, on=today),
    ]
    if not bad and title is not None:
        reasons += rules.why_not_qualified(
            title=title,
            field_since=int(year),
            birthday=particulars.born(three["id_number"]),
            barred_until=None,
            on=today,
        )
    bad += [(ABOUT[reason.code], reason.sentence()) for reason in reasons]
    if bad:
        return None, bad
    personal = three | {"email": told["电子邮箱"], "bank": told["收款账号"]}
    code, name = told["工作单位代码"], told["工作单位名称"]
    return Row(told["专家编号"], personal, code, name, since, keys, told["所在地区"]), []


def _known_already(table: Sequence[Sequence[str]]) -> list[Wrong]:
    """Rows whose number or identity number is in the register already."""
    numbers = {row[0]: n for n, row in enumerate(table[1:], start=2) if row and row[0]}
    taken = set(Expert.objects.filter(number__in=list(numbers)).values_list("number", flat=True))
    taken |= set(User.objects.filter(username__in=list(numbers)).values_list("username", flat=True))
    wrong = [Wrong(numbers[number], "专家编号", "已被使用") for number in taken if number in numbers]
    tags = {tag: n for n, row in enumerate(table[1:], start=2) if len(row) > 3 and row[3]
            for tag in sealing.tags(row[3].upper())}  # fmt: skip
    held = Dossier.objects.filter(id_tag__in=list(tags)).values_list("id_tag", flat=True)
    return wrong + [Wrong(tags[tag], "身份证号码", "已登记在另一账户名下") for tag in held]


def enter(rows: Sequence[Row], *, by: Actor, at: datetime) -> None:
    """Enter these people, each with an account that has no password yet; `staging` has made sure that two agreed."""
    nobody = make_password(None)
    for row in rows:
        number = row.number or services.fresh_number()
        user = accounts.create_user(
            username=number, password="", hashed=nobody, name=particulars.masked("name", row.personal["name"]),
            role=Role.EXPERT, by=SYSTEM, at=at,
        )  # fmt: skip
        services.enrol(
            number=number, user=user, employer_code=row.employer_code, employer_name=row.employer_name,
            employer_since=row.employer_since, specialties=row.keys, region=row.region, particulars_of=row.personal,
            by=by, at=at,
        )  # fmt: skip


def masked_rows(*, by: Actor) -> list[list[str]]:
    """The whole register as an export shows it to a keeper without a purpose. Refused when it is none."""
    refuse_if(rules.why_not_keep_register(by=by))
    found = _everybody(by)
    return [_out(expert, queries.masks(expert.user.dossier)) for expert in found]


def full_rows(*, purpose: str, by: Actor, at: datetime) -> list[list[str]]:
    """The register in full, of where this keeper's office reaches; a look is written down for everybody in it.

    Refused when it is no keeper, or there is no purpose.
    """
    found = _everybody(by)
    dossiers = [expert.user.dossier for expert in found]
    held = standing.look_at_many(dossiers=dossiers, purpose=purpose, by=by, at=at)
    return [_out(expert, told) for expert, told in zip(found, held, strict=True)]


def _everybody(viewer: Actor) -> list[Expert]:
    found = (
        Expert.objects.filter(queries.within(viewer))
        .select_related("user__dossier")
        .prefetch_related("specialties", "employments")
    )
    return list(found.order_by("number"))


def _out(expert: Expert, told: dict[str, str]) -> list[Any]:
    main = [row.since for row in expert.employments.all() if row.post == Post.MAIN and row.until is None]
    return [
        expert.number, *(told.get(field, "") for field in particulars.FIELDS), expert.employer_code,
        expert.employer_name, main[0] if main else "", "、".join(sorted(s.key for s in expert.specialties.all())),
        expert.region, STANDING_WORDS[Standing(expert.state)][0], expert.review_due_on or "",
    ]  # fmt: skip


def all_wrong(cells: list[Wrong], rows: list[Wrong]) -> list[Wrong]:
    """What is wrong with cells and with rows, by row; a cell that cannot be read is told of once."""
    unread = {(each.row, each.column) for each in cells}
    return sorted(
        [*cells, *(each for each in rows if (each.row, each.column) not in unread)], key=lambda each: each.row
    )
