"""What a person says of himself: whether it can be so, and how much of it a page shows. Pure."""

from datetime import date

from rulebook.credit_code import why_not_credit_code
from rulebook.identity_number import born
from rulebook.refusal import Kind, Reason

FIELDS = ("name", "phone", "id_number", "email", "bank")


def why_not_phone(phone: str) -> tuple[Reason, ...]:
    """Reasons against a mobile telephone number."""
    if not (len(phone) == 11 and phone.isascii() and phone.isdigit() and phone[0] == "1"):
        return (Reason("expert.phone", Kind.NOT_VALID, "手机号码应为1开头的11位数字"),)
    return ()


def why_not_personal(*, name: str, phone: str, id_number: str) -> tuple[Reason, ...]:
    """Reasons against somebody's own particulars, as they are typed in."""
    reasons: tuple[Reason, ...] = ()
    if not 2 <= len(name.strip()) <= 40:
        reasons += (Reason("expert.name", Kind.NOT_VALID, "姓名应为2至40个字"),)
    reasons += why_not_phone(phone)
    if born(id_number) is None:
        reasons += (Reason("expert.id-number", Kind.NOT_VALID, "身份证号码不是有效的18位号码"),)
    return reasons


def why_not_employer(*, code: str, name: str, since: date | None, on: date) -> tuple[Reason, ...]:
    """Reasons against an employer as it is typed in."""
    reasons = tuple(why_not_credit_code(code))
    if not name.strip():
        reasons += (Reason("expert.employer-name", Kind.NOT_VALID, "单位名称不能为空"),)
    if since is not None and since > on:
        reasons += (Reason("expert.employer-since", Kind.NOT_VALID, "任职起始日不能晚于今天"),)
    return reasons


def masked(field: str, value: str) -> str:
    """How much of a particular a page shows: 王**, 138****1234; nothing of what is short."""
    if not value:
        return ""
    if field == "name":
        return value[0] + "**"
    if field == "email":
        return f"{value[0]}***@{value.rpartition('@')[2]}" if "@" in value else "***"
    head, tail = {"phone": (3, 4), "id_number": (6, 2), "bank": (0, 4)}.get(field, (0, 0))
    if len(value) < head + tail + 4:
        return "****"
    return f"{value[:head]}****{value[len(value) - tail :]}"
