"""Reads: what opened bids tell, gathered for the rules; what was found, for those whom the law lets look."""

import contextlib
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db.models import Exists, OuterRef, QuerySet

from accounts.regions.queries import lies_in
from bidding.evaluation import queries as evaluations
from bidding.opening import queries as openings
from bidding.opening import traces
from bidding.opening.models import Opening
from bidding.opening.opened import OpenedFile
from bidding.submission.traces import Traces
from bidding.tender.models import Document, Tender
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook.actor import Actor
from supervision.clues import reading
from supervision.clues.models import Screening
from supervision.clues.rules import Offer, Paper
from supervision.monitors.rules import VIEWERS

ITEMS = "分项报价表.csv"  # decision 0015
SHOWN = 50  # procurements on the list
# Where an opening's bids are still being judged, or have just been.
FRESH = (Stage.DECIDING.value, Stage.PROPOSED.value, Stage.AWARDED.value, Stage.FAILED.value)


@dataclass(frozen=True)
class Gathered:
    """bidders: organisation ↦ name.  given: the tender's own files.  read: how many files of bids were read."""

    offers: tuple[Offer, ...]
    given: tuple[Paper, ...]
    bidders: Mapping[str, str]
    read: int


def due() -> list[int]:
    """Openings that are over and whose bids nobody has looked at yet, of procurements still under way."""
    rows = Opening.objects.filter(tender__project__stage__in=FRESH, ended_at__isnull=False)
    seen = Screening.objects.filter(opening=OuterRef("pk"))
    return list(rows.filter(~Exists(seen)).order_by("ended_at").values_list("pk", flat=True))


def gathered(tender: Tender) -> Gathered:
    """Everything the opened bids of a tender tell: quotes, files, what their handing in left behind."""
    left = traces.traces(tender)
    bids = openings.opened_bids(tender)
    offers, read = [], 0
    for bid in bids:
        files = openings.files_of(tender, bid.org)
        papers = tuple(reading.paper(file) for file in files if file.name not in reading.OURS | {ITEMS})
        read += len(papers)
        said, own = reading.particulars(files), left.get(bid.org, [])
        deposit = bid.guarantee if bid.guarantee and "number" in bid.guarantee else {}
        accounts = {
            said.get("account", ""),
            " ".join((str(deposit["issuer"]), str(deposit["number"]))) if deposit else "",
        }
        offers.append(
            Offer(
                org=bid.org,
                quote=bid.quote,
                items=_items(files),
                received=tuple(at for at, _ in own),
                addresses=_of(own, "address"),
                devices=_of(own, "device"),
                persons=frozenset({said.get("contact", "")} - {""}),
                phones=frozenset({said.get("phone", "")} - {""}),
                mails=frozenset({said.get("mail", "")} - {""}),
                accounts=frozenset(accounts - {""}),
                papers=papers,
            )
        )
    names = {bid.org: bid.name for bid in bids}
    return Gathered(tuple(offers), tuple(given(tender)), names, read)


def given(tender: Tender) -> list[Paper]:
    """The tender's own files: what they say is nobody's likeness."""
    rows = Document.objects.filter(tender=tender)
    found = []
    for row in rows:
        with contextlib.suppress(FileNotFoundError):
            found.append(reading.paper(row, whole=True))
    return found


def seen(project: Project, *, viewer: Actor) -> list[Screening]:
    """What was found in a procurement, session by session.

    For the supervision, and for members of its panel who have declared that nothing ties them: it is theirs to judge.
    Raises Screening.DoesNotExist for everybody else, and where nothing was looked at yet.
    Law: 87号令 第37条; 招标投标法实施条例 第40条.
    """
    member = None if viewer.role in VIEWERS else evaluations.member(project, viewer)
    if viewer.role not in VIEWERS and (member is None or not member.declared):
        raise Screening.DoesNotExist
    found = Screening.objects.filter(opening__tender__project=project).select_related("opening")
    rows = list(found.prefetch_related("clues").order_by("opening__session"))
    if not rows:
        raise Screening.DoesNotExist
    return rows


def newest(*, viewer: Actor) -> QuerySet[Screening]:
    """What was looked at last, for the supervision. Raises Screening.DoesNotExist for everybody else."""
    if viewer.role not in VIEWERS:
        raise Screening.DoesNotExist
    rows = Screening.objects.select_related("opening__tender__project").prefetch_related("clues")
    rows = rows.filter(lies_in("opening__tender__project__buyer_id", viewer.region))
    return rows.order_by("-screened_at", "-pk")[:SHOWN]


def _of(left: Sequence[tuple[datetime, Traces]], name: str) -> frozenset[str]:
    return frozenset({getattr(one, name) for _, one in left} - {""})


def _items(files: Sequence[OpenedFile]) -> dict[str, Decimal]:
    """The unit prices of a bid by line, where it has a table of them."""
    table = next((file for file in files if file.name == ITEMS), None)
    if table is None:
        return {}
    found: dict[str, Decimal] = {}
    with table.open() as file:
        text = file.read(reading.MOST_BYTES).decode("utf-8-sig", errors="ignore")
    for number, row in enumerate(csv.reader(io.StringIO(text))):
        if number and len(row) >= 4:  # name, unit, quantity, price, amount
            try:
                price = Decimal(row[3])
            except InvalidOperation:
                continue
            if price.is_finite() and price > 0:
                found[f"{number} {row[0]}"] = price
    return found
