"""Reads of a draw: everything but what is behind the masks is public from the moment it is said."""

import json
from typing import Any

from django.conf import settings

from accounts import queries as accounts
from draws.models import Draw
from draws.rules import Heard, Phase
from ledger import queries as ledger
from ledger.models import Entry, Log
from proofs import canonical, lots
from proofs import draw as arithmetic


def hold(draw_id: str) -> Draw:
    """The draw, locked until the end of the transaction. Raises Draw.DoesNotExist."""
    return Draw.objects.select_for_update().get(pk=draw_id)


def latest(project_number: str, purpose: str) -> Draw | None:
    """The newest draw of a project for a purpose."""
    return Draw.objects.filter(project_number=project_number, purpose=purpose).order_by("-count").first()


def unfinished() -> list[str]:
    """Draws that still wait for somebody."""
    over = [Phase.SETTLED.value, Phase.VOID.value]
    return list(Draw.objects.exclude(phase__in=over).order_by("announced_at").values_list("pk", flat=True))


def heard(draw: Draw) -> Heard:
    """Who has spoken so far."""
    said: dict[str, set[int]] = {}
    bad: set[int] = set()
    for kind, j, dealer, during in draw.messages.values_list("kind", "j", "dealer", "during"):
        said.setdefault(kind, set()).add(j)
        if kind == "dp/1" and during != Phase.RECOVERY:
            bad.add(dealer)
    return Heard(
        contributors=frozenset(c["i"] for c in draw.contributors),
        t=draw.t,
        keys=frozenset(said.get("dk/1", ())),
        pool_seen="pool/1" in said,
        commits=frozenset(said.get("dc/1", ())),
        deals=frozenset(said.get("dd/1", ())),
        bad_dealers=frozenset(bad),
        dealers=frozenset(draw.dealers),
        reveals=frozenset(said.get("dr/1", ())),
        values_known=_values_known(draw),
    )


def strata(draw: Draw) -> list[dict[str, Any]]:
    """The strata as the specification has them."""
    return [{"key": s["key"], "need": s["need"], "standby": s["standby"]} for s in draw.strata]


def spec(draw: Draw) -> arithmetic.Spec:
    """The specification as the arithmetic knows it."""
    return arithmetic.parse_spec(draw.spec)


def messages(draw: Draw) -> arithmetic.Messages:
    """What was published, as the arithmetic knows it."""
    commits, deals, reveals = {}, {}, {}
    complaints, keys = [], []
    for m in draw.messages.order_by("pk"):
        match m.kind:
            case "dc/1":
                commits[m.j] = m.statement["h"]
            case "dd/1":
                deals[m.j] = m.payload
            case "dr/1":
                reveals[m.j] = [bytes.fromhex(r) for r in m.statement["r"]]
            case "dp/1":
                sk = canonical.b64u_bytes(m.statement["sk"], "sk", length=32)
                (keys if m.during == Phase.RECOVERY else complaints).append(arithmetic.Released(m.j, m.dealer, sk))
    return arithmetic.Messages(commits, deals, complaints, reveals, keys)


def _values_known(draw: Draw) -> bool:
    """Every value that counts is revealed or recovered, or none does."""
    if Phase(draw.phase) not in (Phase.REVEALS, Phase.RECOVERY):
        return False
    try:
        arithmetic.conclude(spec(draw), draw.pool, messages(draw))
    except arithmetic.Unfinished:
        return False
    except arithmetic.Void:
        return True
    return True


def gate_open(draw: Draw) -> bool:
    """The entry before this phase is in a checkpoint, a witnessed one where witnesses are configured."""
    if draw.gate_seq is None:
        return True
    entry = Entry.objects.get(log=Log.PUBLIC, stream=draw.stream, seq=draw.gate_seq)
    return ledger.covered(entry, cosigned=bool(settings.WITNESSES))


def transcript(draw: Draw) -> dict[str, Any]:
    """DRAW.json as far as it has come: what `python -m proofs verify-draw` re-runs. Spec: docs/proofs.md."""
    found: dict[str, Any] = {
        "spec": draw.spec,
        "pool": draw.pool if draw.spec else None,
        "commits": {},
        "deals": {},
        "complaints": [],
        "reveals": {},
        "keys": [],
        "statements": [],
        "result": draw.result,
    }
    for message in draw.messages.order_by("pk"):
        told = message.statement
        found["statements"].append(told)
        match message.kind:
            case "dc/1":
                found["commits"][str(message.j)] = told["h"]
            case "dd/1":
                found["deals"][str(message.j)] = message.payload
            case "dp/1":
                place = "keys" if message.during == Phase.RECOVERY else "complaints"
                found[place].append({"holder": message.j, "dealer": message.dealer, "sk": told["sk"]})
            case "dr/1":
                found["reveals"][str(message.j)] = told["r"]
    return found


def state(draw: Draw) -> dict[str, Any]:
    """The public state of a draw: its transcript and how far it is."""
    keys = {str(m.j): m.payload for m in draw.messages.filter(kind="dk/1")}
    return {
        **transcript(draw),
        "id": draw.id,
        "purpose": draw.purpose,
        "reason": draw.reason,
        "phase": draw.phase,
        "gate_open": draw.gate_seq is None,
        "ends_at": draw.ends_at.isoformat() if draw.ends_at else None,
        "sid": draw.sid or None,
        "t": draw.t,
        "contributors": draw.contributors,
        "slot_keys": keys,
        "pool_sha256": draw.pool_sha256,
        "dealers": draw.dealers,
        "seed": draw.seed or None,
        "void_reason": draw.void_reason or None,
    }


def result_by_stratum(draw: Draw) -> dict[str, dict[str, list[str]]]:
    """Chosen and standbys of each stratum, in the announced order; empty before the result."""
    return {row["key"]: {"chosen": list(row["chosen"]), "standby": list(row["standby"])} for row in draw.result or []}


def result_seq(draw: Draw) -> int | None:
    """Where in its public stream the result stands; None before it does."""
    told = Entry.objects.filter(log=Log.PUBLIC, stream=draw.stream, kind="draw.result", event__contains=draw.pk)
    found = (entry.seq for entry in told if json.loads(entry.event)["d"]["id"] == draw.pk)
    return next(found, None)


MARKS = ("dk/1", "dc/1", "dd/1", "dr/1")


def steps(draw: Draw) -> list[dict[str, Any]]:
    """Each contributor and which of his four steps he has taken; `out` where his value does not count."""
    said = set(draw.messages.values_list("kind", "j"))
    fixed = Phase(draw.phase) in (Phase.REVEALS, Phase.RECOVERY, Phase.SETTLED)
    return [
        {
            "i": c["i"],
            "name": c["name"],
            "org": c["org"],
            "marks": [(kind, c["i"] in {j for k, j in said if k == kind}) for kind in MARKS],
            "out": fixed and c["i"] not in draw.dealers,
        }
        for c in draw.contributors
    ]


def drawn(draw: Draw) -> list[dict[str, Any]]:
    """The result as it is read aloud: each stratum's chosen and standbys with their place."""
    names = {s["key"]: s.get("name", s["key"]) for s in draw.strata}
    return [
        {
            "name": names.get(row["key"], row["key"]),
            "rows": [(place, cid, place <= len(row["chosen"])) for place, cid in
                     enumerate([*row["chosen"], *row["standby"]], 1)],
            "short": row["short"],
        }
        for row in draw.result or []
    ]  # fmt: skip


def names(draw: Draw) -> dict[str, str]:
    """What the candidates are called where they wear no mask: organisations by candidate; empty for all others."""
    known = accounts.names_of({item["org"] for item in draw.pool if lots.is_plain(item)})
    return {item["cid"]: known[item["org"]] for item in draw.pool if known.get(item["org"], item["org"]) != item["org"]}


def example(draw: Draw) -> dict[str, str] | None:
    """What it takes to compute one candidate's ticket by hand."""
    for row in draw.result or []:
        for cid in row["chosen"]:
            return {"stratum": row["key"], "cid": cid, "seed": draw.seed}
    return None
