"""What happens between the notices: who bid what, who may go on, what becomes of the contract. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.ocds.mapping import Fact, Teller
from portal.ocds.notices import bid, notice
from portal.ocds.rules import Json, award_id, contract_id, day_end, instant, merged, party, reference, yuan

UPDATE = ["tenderUpdate"]


def _hall(fact: Fact) -> Json:
    """From the opening on it is public who bid."""
    return _takers(fact.read(fact.data["bidders_sha256"]), status="pending")


def _takers(rows: list[Json], *, status: str) -> Json:
    """Those who take part.  status: of their bids; empty where they have made none yet."""
    told: Json = {
        "tag": UPDATE,
        "parties": [party(each["org"], each["name"], "tenderer") for each in rows],
        "tender": {
            "numberOfTenderers": len(rows),
            "tenderers": [reference(each["org"], each["name"]) for each in rows],
        },
    }
    if status:
        told["bids"] = {
            "statistics": [{"id": "bids", "measure": "bids", "value": len(rows)}],
            "details": [bid(each["org"], each["name"], status=status) for each in rows],
        }
    return told


def _verdict(fact: Fact) -> Json:
    """What was read out of one sheet: the bidder's bid, and his quotes of earlier rounds beside it.

    A sheet without a price in yuan, as one with a rate, has no value.
    """
    org, price = fact.data["org"], _price(fact.data)
    earlier = [each for row in fact.before(fact.kind) if row["org"] == org and (each := _price(row))]
    return _bids([bid(org, value=price), *_earlier(org, earlier)]) if price else {}


def _price(verdict: Mapping[str, Any]) -> str:
    return str((verdict["sheet"] or {}).get("price") or "")


def _earlier(org: str, prices: Sequence[str], name: str = "") -> list[Json]:
    """Quotes that a later one of the same bidder took the place of, the first first: without a status of their own."""
    return [{**bid(org, name, value=price), "id": f"{org}-quote-{n}"} for n, price in enumerate(prices, 1)]


def _bids(rows: list[Json]) -> Json:
    return {"tag": UPDATE, "bids": {"details": rows}} if rows else {}


def _cause(fact: Fact) -> Json:
    """A bid that could not be opened counts as taken back."""
    return _bids([bid(fact.data["org"], status="withdrawn")])


def _qualified(fact: Fact) -> Json:
    rows = fact.data["results"]
    return _bids([bid(each["org"], each["name"], status="disqualified") for each in rows if not each["passed"]])


def _room(fact: Fact) -> Json:
    """Everything that happened behind closed doors, told at once with the result."""
    told: Json = {}
    rows = fact.read(fact.data["sha256"])
    for at, row in enumerate(rows):

        def before(kind: str, earlier: list[Json] = rows[:at]) -> list[Mapping[str, Any]]:
            return [each["event"]["d"] for each in earlier if each["event"]["t"] == kind]

        inner = replace(fact, kind=row["event"]["t"], data=row["event"]["d"], before=before)
        teller = TOLD.get(inner.kind)
        told = merged(told, teller(inner)) if teller and inner.kind != fact.kind else told
    return told


def _entrants(fact: Fact) -> Json:
    return _takers(fact.read(fact.data["sha256"])["live"], status="")


def _quotes(fact: Fact) -> Json:
    """Opened quotes as the choice takes them."""
    rows = fact.data["rows"]
    told = _takers(rows, status="valid")
    told["bids"]["details"] = [
        bid(each["org"], each["name"], value=each["quote"] or "", status="disqualified" if each["reasons"] else "valid")
        for each in rows
    ]
    return told


def _auction(fact: Fact) -> Json:
    """Who was behind which alias, each with his last quote as his bid, and the ones before it."""
    prices: dict[str, list[str]] = {}
    for quote in fact.before("auction.quoted"):
        prices.setdefault(str(quote["alias"]), []).append(str(quote["price"]))
    rows = fact.data["revealed"]
    if not rows:
        return {}
    told = _takers(rows, status="valid")
    quoted = [(each, prices.get(each["alias"], [])) for each in rows]
    told["bids"]["details"] = [
        bid(each["org"], each["name"], value=own[-1] if own else "", status="valid") for each, own in quoted
    ]
    told["bids"]["details"] += [one for each, own in quoted for one in _earlier(each["org"], own[:-1], each["name"])]
    return told


def _declined(fact: Fact) -> Json:
    award = {"id": award_id(fact.number, fact.data["org"]), "status": "cancelled"}
    return {"tag": ["awardCancellation"], "awards": [award], "tender": {"status": "active"}}


def _contracts(fact: Fact, tag: str, **told: Any) -> Json:
    """Something about the contract of this process."""
    held = fact.before("market.contract-recorded")
    org = str(held[-1]["org"]) if held else "unknown"
    return {
        "tag": [tag],
        "contracts": [{"id": contract_id(fact.number), "awardID": award_id(fact.number, org), **told}],
    }


def _plan(fact: Fact) -> Json:
    """Milestones as both sides agreed; a later version changes the contract."""
    version = fact.data["version"]
    milestones = [
        {
            "id": str(each["number"]),
            "title": each["what"],
            "type": "delivery",
            "dueDate": day_end(each["due_on"]),
            "status": "scheduled",
        }
        for each in fact.data["milestones"]
    ]
    told: Json = {"value": yuan(fact.data["amount"]), "implementation": {"milestones": milestones}}
    if version > 1:
        words = {"id": f"plan-{version}", "date": instant(fact.at), "releaseID": fact.id}
        told["amendments"] = [{**words, "rationale": fact.data["reason"]}]
    return _contracts(fact, "contractAmendment" if version > 1 else "implementation", **told)


def _inspected(fact: Fact) -> Json:
    if not fact.data["accepted"]:
        return {}
    met = {"id": str(fact.data["milestone"]), "status": "met", "dateMet": instant(fact.at)}
    return _contracts(fact, "implementationUpdate", implementation={"milestones": [met]})


def _paid(fact: Fact) -> Json:
    day, amount = fact.data["paid_on"], yuan(fact.data["amount"])
    paid = {"id": fact.id, "date": f"{day}T00:00:00+08:00", "value": amount}
    return _contracts(fact, "implementationUpdate", implementation={"transactions": [paid]})


def _over(fact: Fact) -> Json:
    """OCDS has one word for a contract that was fulfilled and one that ended early."""
    return _contracts(fact, "contractTermination", status="terminated")


def _terminated(fact: Fact) -> Json:
    return _over(fact) if fact.data["outcome"] in ("agreed", "silent", "decided") else {}


TOLD: Mapping[str, Teller] = {
    "market.notice-published": notice,
    "opening.hall-opened": _hall,
    "opening.verdict": _verdict,
    "opening.cause-decided": _cause,
    "opening.room-disclosed": _room,
    "evaluation.qualified": _qualified,
    "selection.entrants-published": _entrants,
    "sealed.quotes-fixed": _quotes,
    "auction.ended": _auction,
    "market.award-declined": _declined,
    "performance.plan-agreed": _plan,
    "performance.inspected": _inspected,
    "performance.payment-recorded": _paid,
    "performance.completed": _over,
    "performance.termination-ended": _terminated,
}
