"""People who want to be in the register of experts, with particulars that belong to nobody."""

from datetime import date, datetime
from typing import Any

from accounts import sealing
from accounts.models import User
from experts.registry import importing, services, staging
from experts.registry.models import Application, Dossier, Expert
from experts.registry.rules import Title, Verdict
from rulebook.actor import Actor
from rulebook.identity_number import CHECKS, WEIGHTS
from tests import cast
from tests.make import accounts

PHONE = "13800001234"


def id_number(serial: int = 1, *, birthday: date = date(1975, 6, 1)) -> str:
    """A well-formed identity number of a region that does not exist."""
    head = f"990000{birthday:%Y%m%d}{serial:03d}"
    return head + CHECKS[sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True)) % 11]


def known(user: User, serial: int) -> str:
    """Let the register know somebody by a number, which is returned."""
    number = id_number(serial)
    row = {"id_tag": sealing.tags(number)[0], "sealed": "", "changed_at": cast.NOON}
    Dossier.objects.update_or_create(user=user, defaults=row)
    return number


def said(serial: int = 1, **other: Any) -> dict[str, Any]:
    """What an applicant says of himself when nothing stands against him."""
    personal = {"name": "苏布德", "phone": PHONE, "id_number": id_number(serial), "bank": "6200000000001234"}
    return {
        "personal": personal, "title": Title.SENIOR, "field_since": 2000, "keys": ["A-it"],
        "employer_code": cast.COLLEGE, "employer_name": "河套学院", "employer_since": date(2010, 1, 1),
        "region": "河套市", "promised": True,
    } | other  # fmt: skip


def application(by: Actor = cast.EXPERT, *, serial: int = 1, at: datetime = cast.NOON, **other: Any) -> Application:
    """An application that waits."""
    accounts.user(by)
    return services.apply(**said(serial, **other), by=by, at=at)


def accepted(row: Application, *, at: datetime = cast.NOON) -> Application:
    """The same after two keepers agreed."""
    for keeper in (cast.OPERATOR, cast.SUPERVISOR):
        row = services.judge(application=row, verdict=Verdict.AGREE, note="", by=keeper, at=at)
    return row


def line(serial: int = 1, **other: Any) -> list[Any]:
    """A good row of a workbook."""
    told = [
        "", f"白音{serial}", f"139000000{serial:02d}", id_number(serial), "", "", "中级", "2001", cast.COLLEGE,
        "河套学院", "2010-03-01", "A-it、C-law", "河套市",
    ]  # fmt: skip
    return list((dict(zip(importing.HEAD, told, strict=True)) | other).values())


def brought_in(*serials: int, at: datetime = cast.NOON) -> list[Expert]:
    """Experts who came in by a workbook, with accounts nobody has opened."""
    table = [list(importing.HEAD), *(line(serial, 专家编号=f"NM-{serial:03d}") for serial in serials)]
    accounts.user(cast.OPERATOR)
    staged = staging.stage(table=table, by=cast.OPERATOR, at=at)
    staging.confirm(staged=staged, by=cast.SUPERVISOR, at=at)
    return list(Expert.objects.filter(number__in=[f"NM-{serial:03d}" for serial in serials]).order_by("number"))
