"""What is written down when a turn is over: who has released what, and the opening record."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from accounts.queries import name_of
from bidding.opening import events, evidence, queries
from bidding.opening.blame import OUTCOMES, Cause
from bidding.opening.models import CauseDecision, Opening, OpeningUnit, Release
from bidding.opening.queries import Standing, opening_of
from bidding.opening.telling import tell
from ledger.services import publish_blob
from proofs import canonical
from rulebook.times import iso


def note_bidders_done(standing: Standing) -> Opening:
    """Write down who has released and who has not, and publish the halves of what is read out, all together."""
    opening = opening_of(standing)
    released = [unit for unit in standing.units if unit.pk in standing.released]
    absent = [unit for unit in standing.units if unit.pk not in standing.released]
    shown = Release.objects.filter(
        unit__opening=opening, role=Release.Role.BIDDER, good=True, unit__bid__part__in=standing.tender.layout.read_out
    ).order_by("unit__bid__eid")
    blob = publish_blob(canonical.dumps([canonical.parse(row.statement.encode()) for row in shown]))
    opening.bidders_done_at = standing.at
    opening.turn_ends = standing.at + timedelta(seconds=standing.tender.window)
    opening.save(update_fields=["bidders_done_at", "turn_ends"])
    event = events.BiddersDone(
        stream=standing.project.log,
        released=_named(released, standing.parts),
        absent=_named(absent, standing.parts),
        releases_sha256=blob,
    )
    tell(standing.project, event, at=standing.at)
    return opening


def draw_up_record(standing: Standing) -> Opening:
    """Draw up the opening record once every envelope has its verdict, and publish it for signature.

    Law: 电子招标投标办法 第32条.
    """
    opening, project = opening_of(standing), standing.project
    present = set(opening.attendances.values_list("organisation", flat=True))
    decided = evidence.decisions(standing)
    bidders = []
    for bid in queries.opened_bids(standing.tender):
        own = [unit for unit in standing.units if unit.bid.organisation == bid.org]
        if not own:
            continue  # failed what was judged before this session
        parts = [
            {
                "part": unit.bid.part,
                "eid": unit.bid.eid,
                "env_sha256": unit.bid.env_sha256,
                "verdict": unit.verdict,
                "findings": unit.findings,
            }
            for unit in own
        ]
        told = {"org": bid.org, "name": bid.name, "present": bid.org in present, "parts": parts}
        bidders.append(
            {
                **told,
                "sheet": (not standing.tender.layout.rounds and dict(bid.sheet)) or None,
                "effective": bid.effective,
            }
            | _outcome(decided.get(bid.org))
        )
    record_of = {
        "v": "open/1",
        "number": project.number,
        "title": project.title,
        "buyer": {"org": project.buyer_id, "name": name_of(project.buyer_id)},
        "closing": standing.facts.closing,
        "session": opening.session,
        "opened_at": iso(opening.opened_at),
        "read_out_at": iso(standing.at),
        "bidders": bidders,
    }
    opening.read_out_at = standing.at
    opening.record_sha256 = publish_blob(canonical.dumps(record_of))
    opening.save(update_fields=["read_out_at", "record_sha256"])
    tell(standing.project, events.RecordDrawnUp(stream=project.log, sha256=opening.record_sha256), at=standing.at)
    return opening


def _outcome(decision: CauseDecision | None) -> dict[str, Any]:
    """Whose doing it was that a bid did not open, and what follows; nothing for one that did."""
    if decision is None:
        return {}
    cause = Cause(decision.cause)
    told = {"cause": cause.value, "outcome": OUTCOMES[cause].value, "how": decision.how, "reason": decision.reason}
    return {"not_opened": told}


def _named(units: Sequence[OpeningUnit], parts: Iterable[str]) -> dict[str, list[str]]:
    return {part: [unit.bid.eid for unit in units if unit.bid.part == part] for part in parts}
