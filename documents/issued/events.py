"""Public facts of issued papers."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ledger.events import Event

STREAM = "documents"  # where certificates are named


@dataclass(frozen=True)
class PaperIssued(Event):
    """A paper was issued. sha256: of its bytes, signature and all; whoever holds it can compare.

    title: what it is, without a name its stream does not tell.  certificate: SHA-256 of the one it is signed under.
    """

    kind: ClassVar[str] = "documents.issued"
    title: str
    sha256: str
    size: int
    certificate: str


@dataclass(frozen=True)
class CertificateNamed(Event):
    """From here on papers are signed under this certificate. sha256: of its DER, which is a published object.

    own: it was made here and nobody else vouches for it.
    """

    kind: ClassVar[str] = "documents.certificate"
    sha256: str
    subject: str
    until: datetime
    own: bool
