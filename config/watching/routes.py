"""What a request is called in logs and figures: by its route, never by its path, and some by nothing at all.

Who counts the lines of one procurement counts its bidders. So the rule is closed by default: a route that names one
thing (a project, a draw, a case) is SEALED unless it is reading what everybody may read (decision 0038).
"""

import re
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """How much is said of a request."""

    PROBE = "probe"  # asked by machines every few seconds: counted, no line
    FILE = "file"  # static files and what never changes: counted, no line
    READ = "read"  # a page or a program's door that only reads: counted, and a line with its name
    ACT = "act"  # something done that concerns no single procurement: counted, and a line with its name
    SEALED = "sealed"  # what might count bids, bidders, downloads or draws: neither, unless it failed on our side
    UNTOLD = "untold"  # tips and calendars: never a line; counted as SEALED where it failed


PROBES = frozenset({"healthz", "readyz"})
FILES = re.compile(r"static/|log/|sealed/|receipts/|\^blobs/|blobs/")
# An address here is a secret word, or whoever comes by must not be noticed (decision 0032).
UNSPOKEN = re.compile(r"(api/)?tips(/|$)|calendar/")
CLOSED = re.compile(r"(api/)?(experts|holders|draws|people|invitations|affiliates|evidence|judges|operations)/")
# What everybody may read of one thing, and many do.
OPEN = re.compile(
    r"language/|help/|ocds/|notices|lists/|papers/by-hash/|\^papers/by-hash/"
    r"|(blacklist|buyers|providers|catalogue)/<[^/]+>(\.json|/)$"
    r"|(api/)?(projects|purchases)/<[^/]+>/?$"
    r"|projects/<[^/]+>/(hall/|hall/fragment|hall/replay/|log/|timeline/|award/|corrections/|record\.zip"
    r"|award\.json|notice\.json|notice/print/|notices/<[^/]+>(\.json|/))$"
    r"|purchases/<[^/]+>/auction/$"
    r"|api/(streams/<[^/]+>/entries|keys/<[^/]+>|projects/<[^/]+>/notices)$"
    r"|api/(streams/\{[^/]+\}/entries|keys/\{[^/]+\}|projects/\{[^/]+\}/notices)$"
)


@lru_cache(maxsize=2048)  # routes are few
def kind_of(route: str, *, reads: bool) -> Kind:
    """How much is said of a request.  route: its template, empty for an address that is none; reads: GET or HEAD."""
    if route in PROBES:
        return Kind.PROBE
    if UNSPOKEN.match(route):
        return Kind.UNTOLD
    if CLOSED.match(route):
        return Kind.SEALED
    if FILES.match(route):
        return Kind.FILE
    if "<" in route or "{" in route:
        return Kind.READ if reads and OPEN.match(route) else Kind.SEALED
    return Kind.READ if reads else Kind.ACT
