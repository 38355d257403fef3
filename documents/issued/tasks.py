"""The tick that names the certificate."""

from datetime import datetime

from documents.issued import services
from rulebook.actor import Actor


def announce_certificate(*, by: Actor, at: datetime) -> None:
    """Put the certificate of today into the public log where it names another or none."""
    services.announce_certificate(by=by, at=at)
