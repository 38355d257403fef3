"""What of an opening's papers is public."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class RecordPrinted(Event):
    """The opening record as a PDF lies at the content-addressed door; record_sha256: the record it prints."""

    kind: ClassVar[str] = "papers.printed"
    session: int
    sha256: str
    size: int
    record_sha256: str


@dataclass(frozen=True)
class ScanFiled(Event):
    """A scan of a stamped copy was filed by the host's side."""

    kind: ClassVar[str] = "papers.scan-filed"
    session: int
    org: str
    title: str
    type: str
    sha256: str
    size: int
