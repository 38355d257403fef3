"""Whether a password will do."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused

TOO_SHORT = "密码太短，至少{least}个字；可以是一句只有您知道的话"


def check_password(password: str, user: User) -> None:
    """Refused when it is too short or too common."""
    try:
        validate_password(password, user=user)
    except ValidationError as wrong:
        raise Refused(*(_reason(why) for why in wrong.error_list)) from wrong


def _reason(why: ValidationError) -> Reason:
    """What is wrong, in Chinese: the framework has no Chinese words for the length."""
    if why.code == "password_too_short":
        least = (why.params or {})["min_length"]
        return Reason("accounts.password-short", Fault.NOT_VALID, TOO_SHORT, values={"least": least})
    return Reason("accounts.password", Fault.NOT_VALID, str(why.messages[0]))
