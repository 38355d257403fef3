"""The tick that names the certificate, and tells when it is nearly over."""

from datetime import datetime

from documents import signing
from documents.issued import services
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


class NearlyOver(Exception):
    """The certificate papers are signed under ends within the month, or has ended."""


def announce_certificate(*, by: Actor, at: datetime) -> None:
    """Put the certificate of today into the public log where it names another or none; say on the desk when it ends."""
    services.announce_certificate(by=by, at=at)
    left = signing.days_left(at=at)
    with left_for_next_time(f"签章证书还有{left}天到期"):
        if left <= signing.WARNED.days:
            raise NearlyOver
