"""Whether a password will do: long, none that everybody would try, none that was breached. Never what it is made of."""

import hashlib
import os
import unicodedata
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused

TOO_SHORT = "密码太短，至少{least}个字；可以是一句只有您知道的话"
# Whoever guesses at this house's doors begins with these, the keyboard's rows and counting. NIST SP 800-63B-4 §3.1.1.2.
WORDS = (
    "mingbiao", "明标", "password", "passw0rd", "passphrase", "密码", "口令", "administrator", "admin", "管理员",
    "manager", "operator", "supervisor", "auditor", "welcome", "欢迎", "letmein", "changeme", "iloveyou", "我爱你",
    "ggzyjy", "ggzy", "公共资源", "交易平台", "交易中心", "招标", "投标", "评标", "开标", "采购", "zhaobiao", "toubiao",
    "caigou", "pingbiao", "巴彦淖尔", "bayannur", "bayannaoer", "内蒙古", "neimenggu", "china", "中国",
)  # fmt: skip
ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
)
LEAST_RUN = 4  # of a row, either way, to count as one
LEAST_LEFT, LEAST_KINDS = 8, 5  # characters that are left without them, and different ones among all


class NotGuessed:
    """Refuses what is only words anybody would try here, one's own names, rows of keys, or one thing repeated."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        folded = _folded(password)
        bare = folded
        for word in sorted({*map(_folded, WORDS), *_own(user)}, key=len, reverse=True):
            bare = bare.replace(word, "")
        bare = _without_rows(bare)
        if len(set(folded)) < LEAST_KINDS or (bare != folded and len(bare) < LEAST_LEFT):
            raise ValidationError(
                _("密码太容易猜到：除平台、单位、本人的名称和连续、重复的字符外，还要有八个以上的字"),
                code="password_guessed",
            )

    def get_help_text(self) -> str:
        """What a page would say of it."""
        return ""


class NotBreached:
    """Refuses what stands in the operator's list of breached passwords, where there is one.

    The list is a file of lines that begin with a SHA-1 in hex, sorted, as its publishers hand it out; it is searched
    where it lies and nothing of a password leaves the house.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if settings.BREACHED and is_listed(Path(settings.BREACHED), password):
            raise ValidationError(_("这个密码已经在别处泄露过，请换一个"), code="password_breached")

    def get_help_text(self) -> str:
        """What a page would say of it."""
        return ""


def check_password(password: str, user: User) -> None:
    """Refused when it is too short, too common, too close to what anybody would try, or was breached."""
    try:
        validate_password(password, user=user)
    except ValidationError as wrong:
        raise Refused(*(_reason(why) for why in wrong.error_list)) from wrong


def is_listed(path: Path, password: str) -> bool:
    """Whether a password stands in a sorted list of SHA-1, found by halving the file."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with open(path, "rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            line = _line_from(file, middle)
            if line and line[:40].upper() < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_from(file, low)[:40].upper() == wanted


def _line_from(file: BinaryIO, place: int) -> bytes:
    """The first whole line that begins at a place of the file or after it."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    return file.readline()


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _own(user: User | None) -> set[str]:
    """The words somebody is known by."""
    if user is None:
        return set()
    house = user.organisation if user.organisation_id else None
    told = (user.username, user.name, *((house.name, house.code) if house else ()))
    return {_folded(word) for word in told if len(word or "") > 1}


def _without_rows(text: str) -> str:
    """What is left of a text without what runs along a row, forwards or backwards."""
    left = ""
    at = 0
    while at < len(text):
        run = max((_run(text, at, row) for each in ROWS for row in (each, each[::-1])), default=0)
        if run < LEAST_RUN:
            left += text[at]
        at += run if run >= LEAST_RUN else 1
    return left


def _run(text: str, at: int, row: str) -> int:
    """How far a text runs along a row from here."""
    start = row.find(text[at])
    length = 0
    while start >= 0 and start + length < len(row) and text[at + length : at + length + 1] == row[start + length]:
        length += 1
    return length


def _reason(why: ValidationError) -> Reason:
    """What is wrong, in Chinese: the framework has no Chinese words for the length."""
    if why.code == "password_too_short":
        least = (why.params or {})["min_length"]
        return Reason("accounts.password-short", Fault.NOT_VALID, TOO_SHORT, values={"least": least})
    return Reason("accounts.password", Fault.NOT_VALID, str(why.messages[0]))
