"""Whether a password will do."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused


def check_password(password: str, user: User) -> None:
    """Refused when it is too short or too common."""
    try:
        validate_password(password, user=user)
    except ValidationError as wrong:
        raise Refused(*(Reason("accounts.password", Fault.NOT_VALID, str(why)) for why in wrong.messages)) from wrong
