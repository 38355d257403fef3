"""Names of a panel become known: the notifier lets them go once the public log holds the fact that allows it."""

from collections.abc import Collection

from experts.panels.models import Seat
from experts.panels.rules import SeatState
from experts.registry.models import Expert
from ledger import keys
from ledger import queries as ledger
from ledger.models import Entry, Log
from notifier import client as notifier
from notifier.asking import asks_first
from proofs import lots

LOG = keys.NAMES[Log.PUBLIC.value]
ALLOWS = ("market.determined", "market.award-published")


def log_key() -> str:
    """The public log's verifier key, empty before there is one."""
    found = keys.verifier(LOG)
    return found.vkey if found else ""


def proven(stream: str, kinds: Collection[str]) -> tuple[Entry, str] | None:
    """The first public fact of these kinds in a stream with its offline proof; None before the log has both."""
    entry = Entry.objects.filter(log=Log.PUBLIC, stream=stream, kind__in=kinds).order_by("seq").first()
    proof = ledger.tlog_proof(entry) if entry else None
    return (entry, proof) if entry is not None and proof is not None else None


def owed(project_number: str) -> bool:
    """Whether somebody sits there whose name the house does not have."""
    return _secret(project_number).exists()


def people(project_number: str, *, stream: str) -> dict[int, tuple[Expert, str]]:
    """Seat → who sits there and the salt of his mask, for the seats whose names the house does not have.

    Nothing before a witnessed checkpoint of the public log holds a fact that allows it.
    Refused when the notifier does not answer, or does not see that fact. ValueError when a mask opens to another.
    """
    seats = list(_secret(project_number))
    found_fact = proven(stream, ALLOWS)
    if not seats or found_fact is None:
        return {}
    entry, proof = found_fact
    told = notifier.release([s.cid for s in seats], entry=entry.event, proof=proof, log=log_key())
    behind = {row["cid"]: row for row in told}
    experts = _experts([row["handle"] for row in told])
    found = {}
    for seat in seats:
        row = behind[seat.cid]
        expert = experts[row["handle"]]
        if lots.masked(expert.number, bytes.fromhex(row["salt"])) != seat.cid:
            raise ValueError(f"the mask of seat {seat.pk} opens to another")
        found[seat.pk] = (expert, row["salt"])
    return found


@asks_first
def publish(project_number: str, *, stream: str) -> bool:
    """Write down who sits, for the notice that names them. Does nothing twice. Returns whether nothing is owed now."""
    for pk, (expert, salt) in people(project_number, stream=stream).items():
        Seat.objects.filter(pk=pk).update(expert=expert, salt=salt)
    return not owed(project_number)


def _secret(project_number: str):  # type: ignore[no-untyped-def]
    return Seat.objects.filter(panel__project_number=project_number, state=SeatState.SEATED, expert__isnull=True)


def _experts(handles: Collection[str]) -> dict[str, Expert]:
    return {str(e.public_id): e for e in Expert.objects.filter(public_id__in=handles).select_related("user")}
