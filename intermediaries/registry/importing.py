"""Another register comes in: every bad row told at once, staged by one keeper, confirmed by a second.

Firms that come in this way are listed, not entered: they are eligible once they have signed the promise themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from accounts import inbox
from accounts import services as accounts
from accounts.models import Organisation
from accounts.rules import Kind as House
from documents.sheets import Wrong
from intermediaries.registry import rules, services
from intermediaries.registry.events import ProviderListed, stream
from intermediaries.registry.models import Import, Provider, ProviderChange, Qualification
from intermediaries.registry.rules import State
from ledger.services import record
from proofs import canonical
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.calendar import day_in_china
from rulebook.credit_code import why_not_credit_code
from rulebook.refusal import Kind, Reason, refuse_if

CODE = "统一社会信用代码"
NAME = "机构名称"
PROFILE = dict(zip(rules.PROFILE_NAMES.values(), rules.PROFILE_NAMES, strict=True))  # column → element
CERTIFICATE = ("资质类别", "资质等级", "证书编号", "发证机关", "有效期至")
HEAD = (NAME, CODE, *PROFILE, *CERTIFICATE)
MOST_TOLD = 200
LONGEST = {NAME: 200, "法定代表人": 64, "住所地区": 60, "住所": 200, "联系人": 64, "联系电话": 40, "资质类别": 80,
           "资质等级": 20, "证书编号": 60, "发证机关": 120}  # fmt: skip


@dataclass
class Firm:
    """A provider to be listed.  row: where it stands first."""

    code: str
    name: str
    profile: dict[str, str]
    row: int
    held: list[tuple[str, str, str, str, date | None]] = field(default_factory=list)


def check(table: Sequence[Sequence[str]], *, at: datetime) -> tuple[list[Firm], list[Wrong]]:
    """The firms of a table, a row a certificate, and everything that is wrong with it: row, column, reason."""
    if not table or tuple(table[0][: len(HEAD)]) != HEAD:
        return [], [Wrong(1, "", f"首行应为：{'、'.join(HEAD)}")]
    firms: dict[str, Firm] = {}
    wrong: list[Wrong] = []
    numbers: dict[tuple[str, str], int] = {}
    for number, cells in enumerate(table[1:], start=2):
        told = dict(zip(HEAD, [*cells, *[""] * len(HEAD)][: len(HEAD)], strict=True))
        if not any(told.values()):
            continue
        bad = [Wrong(number, column, "必填") for column in (NAME, CODE, *PROFILE) if not told[column]]
        bad += [
            Wrong(number, column, f"超过{most}个字") for column, most in LONGEST.items() if len(told[column]) > most
        ]
        if told[CODE]:
            bad += [Wrong(number, CODE, reason.sentence()) for reason in why_not_credit_code(told[CODE])]
        firm = firms.setdefault(
            told[CODE], Firm(told[CODE], told[NAME], {PROFILE[column]: told[column] for column in PROFILE}, number)
        )
        if firm.row != number:
            same = {NAME: firm.name} | {column: firm.profile[element] for column, element in PROFILE.items()}
            bad += [Wrong(number, column, f"与第{firm.row}行不一致") for column in same if same[column] != told[column]]
        bad += _certificate(number, told, firm, numbers, on=day_in_china(at))
        wrong += bad
    wrong += _known_already(firms, numbers)
    if not firms and not wrong:
        wrong.append(Wrong(2, "", "没有任何机构"))
    return list(firms.values()), sorted(wrong, key=lambda each: each.row)


def _certificate(
    number: int, told: dict[str, str], firm: Firm, numbers: dict[tuple[str, str], int], *, on: date
) -> list[Wrong]:
    """What is wrong with the certificate of a row; a good one becomes the firm's."""
    if not any(told[column] for column in CERTIFICATE):
        return []
    bad = [Wrong(number, column, "必填") for column in ("资质类别", "证书编号", "发证机关") if not told[column]]
    until = None
    if told["有效期至"]:
        try:
            until = date.fromisoformat(told["有效期至"])
        except ValueError:
            bad.append(Wrong(number, "有效期至", "应为 2027-12-31 这样的日期，长期有效的不填"))
    if until is not None and until < on:
        bad.append(Wrong(number, "有效期至", "已经到期；请更新，或者删去这一项资质"))
    key = (told["资质类别"], told["证书编号"])
    if told["证书编号"] and key in numbers:
        bad.append(Wrong(number, "证书编号", f"与第{numbers[key]}行重复"))
    numbers.setdefault(key, number)
    if not bad:
        firm.held.append((told["资质类别"], told["资质等级"], told["证书编号"], told["发证机关"], until))
    return bad


def _known_already(firms: dict[str, Firm], numbers: dict[tuple[str, str], int]) -> list[Wrong]:
    """What the house has already: firms in the register, codes of others, certificates of others."""
    entered = set(Provider.objects.filter(organisation__in=list(firms)).values_list("organisation_id", flat=True))
    wrong = [Wrong(firms[code].row, CODE, "已在名录中") for code in sorted(entered)]
    for house in Organisation.objects.filter(code__in=list(firms)).exclude(code__in=entered):
        firm = firms[house.code]
        if house.kind != House.PROVIDER:
            wrong.append(Wrong(firm.row, CODE, f"该代码登记的是{house.kind_words}，不是服务机构"))
        elif house.name != firm.name:
            wrong.append(Wrong(firm.row, NAME, f"该代码已登记的名称是“{house.name}”"))
    held = Qualification.objects.filter(number__in=[number for _, number in numbers], struck_on=None)
    return wrong + [
        Wrong(numbers[key], "证书编号", "已登记在另一机构名下")
        for key in held.values_list("kind", "number")
        if key in numbers
    ]


@transaction.atomic
def stage(*, name: str, table: Sequence[Sequence[str]], by: Actor, at: datetime) -> Import:
    """Put a table aside for a second keeper; nothing is listed yet.

    Refused when it is no keeper, and with every bad row at once.
    """
    refuse_if(rules.why_not_keep(by=by))
    firms, wrong = check(table, at=at)
    refuse_if(told(wrong))
    kept = [list(row) for row in table]
    row = Import.objects.create(
        name=name[:120], table=kept, sha256=canonical.sha256(canonical.dumps(kept)).hex(), providers=len(firms),
        staged_by=by.person, staged_by_name=by.name, staged_at=at,
    )  # fmt: skip
    body = f"{by.name}提交了名录“{row.name}”，共{len(firms)}家，须由另一人核对后确认。"
    for role in sorted(rules.KEEPERS):
        inbox.post(
            topic=inbox.Topic.DUTY,
            to_role=Role(role),
            region="",
            subject="核对名录导入",
            body=body,
            link="/providers/register/",
            at=at,
        )
    return row


@transaction.atomic
def confirm(*, staged: Import, by: Actor, at: datetime) -> int:
    """List every firm of a staged table. Returns how many.

    Refused for who staged it, for anyone but a keeper, a second time, and where a row has become bad meanwhile.
    """
    row = Import.objects.select_for_update().get(pk=staged.pk)
    done = row.confirmed_at is not None or row.discarded_at is not None
    refuse_if(rules.why_not_confirm(staged_by=row.staged_by, done=done, by=by))
    firms, wrong = check(row.table, at=at)
    refuse_if(told(wrong))
    for firm in firms:
        _list(firm, sha256=row.sha256, by=by, at=at)
    row.confirmed_by_name, row.confirmed_at = by.name, at
    row.save(update_fields=["confirmed_by_name", "confirmed_at"])
    return len(firms)


@transaction.atomic
def discard(*, staged: Import, by: Actor, at: datetime) -> Import:
    """Put a staged table away unlisted. Refused for anyone but a keeper, and once it is done."""
    row = Import.objects.select_for_update().get(pk=staged.pk)
    refuse_if(rules.why_not_keep(by=by))
    done = row.confirmed_at is not None or row.discarded_at is not None
    refuse_if(rules.why_not_confirm(staged_by="", done=done, by=by))
    row.discarded_at = at
    row.save(update_fields=["discarded_at"])
    return row


def _list(firm: Firm, *, sha256: str, by: Actor, at: datetime) -> None:
    house = Organisation.objects.filter(code=firm.code).first() or accounts.create_organisation(
        code=firm.code, name=firm.name, kind=House.PROVIDER, by=SYSTEM, at=at
    )
    row = services.create(organisation=house, profile=firm.profile, state=State.LISTED, by=by, at=at)
    Qualification.objects.bulk_create(
        Qualification(provider=row, kind=kind, grade=grade, number=number, issuer=issuer, valid_to=until, added_at=at)
        for kind, grade, number, issuer, until in firm.held
    )
    ProviderChange.objects.create(provider=row, what="listed", told="", by_name=by.name, at=at)
    record(
        ProviderListed(stream=stream(firm.code), org=firm.code, name=firm.name, region=row.region, sha256=sha256), at=at
    )


def told(wrong: Sequence[Wrong]) -> tuple[Reason, ...]:
    """Bad rows as the reasons of a refusal."""
    sentence = "第{row}行{column}：{why}"
    return tuple(
        Reason(
            "provider.bad-row", Kind.NOT_VALID, sentence, None,
            {"row": each.row, "column": each.column and f"“{each.column}”", "why": each.why},
        )
        for each in list(wrong)[:MOST_TOLD]
    )  # fmt: skip
