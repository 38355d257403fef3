"""The list a panel is drawn from: masked, with a reason for everybody who is not on it."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from experts.panels.eligibility import LOAD, left_out_because
from experts.panels.models import LeftOut, Panel, Seat, Tie
from experts.panels.rules import SeatState
from experts.panels.widening import strata_of
from experts.registry import queries as registry
from experts.registry.models import Expert
from proofs import commitment, lots


@dataclass
class Listing:
    """pool: what the draw's specification commits to.  openings: what is behind its masks.  out: who is not on it."""

    pool: list[dict[str, Any]] = field(default_factory=list)
    openings: list[dict[str, str]] = field(default_factory=list)
    out: list[dict[str, str]] = field(default_factory=list)

    @property
    def left_out(self) -> dict[str, str]:
        """Register number → why not."""
        return {row["number"]: row["code"] for row in self.out}

    def employers(self) -> dict[str, int]:
        """Specialty → how many employers have somebody on the list: as many can be seated, one of each."""
        masks: dict[str, set[str]] = {}
        for row in self.pool:
            for key in row["strata"]:
                masks.setdefault(key, set()).add(row["org"])
        return {key: len(orgs) for key, orgs in masks.items()}


def listing(keys: Collection[str], *, avoid: Mapping[str, str], drawn_before: Collection[int], at: datetime,
            stand_in: Mapping[str, frozenset[str]] | None = None) -> Listing:  # fmt: skip
    """Everybody of the register who has one of these specialties, on the list or left out.

    cid = HMAC(salt of the person, number); org = HMAC(salt of the employer, credit code), or max_per_org could not
    be checked from outside. Salts are fresh for each draw, so two lists cannot be compared.
    drawn_before: experts already drawn for this panel.  stand_in: specialties that may stand in for one too short.
    """
    made = Listing()
    employers: dict[str, str] = {}
    ties, panels = _ties(avoid), _panels(at)
    stand_in = stand_in or {}
    for expert in registry.with_any({*keys, *(near for each in stand_in.values() for near in each)}):
        salt = secrets.token_hex(32)
        cid = lots.masked(expert.number, bytes.fromhex(salt))
        code = left_out_because(
            expert, avoid=avoid, at=at, called_before=expert.pk in drawn_before, ties=ties.get(expert.pk, ()),
            panels=panels.get(expert.pk, 0),
        )  # fmt: skip
        if code is not None:
            made.out.append({"cid": cid, "code": code, "number": expert.number, "salt": salt})
            continue
        employer_salt = employers.setdefault(expert.employer_code, secrets.token_hex(32))
        org = lots.masked(expert.employer_code, bytes.fromhex(employer_salt))
        has = {s.key for s in expert.specialties.all()}
        made.pool.append({"cid": cid, "org": org, "strata": strata_of(has, list(keys), stand_in)})
        made.openings.append(
            {"cid": cid, "number": expert.number, "salt": salt, "org": org, "employer": expert.employer_code,
             "employer_salt": employer_salt}
        )  # fmt: skip
    for rows in (made.pool, made.openings, made.out):
        rows.sort(key=lambda row: str(row["cid"]))
    return made


def why_left_out(experts: Collection[Expert], *, avoid: Mapping[str, str], at: datetime) -> dict[str, str]:
    """Register number → why this expert may not judge, for those of these who may not."""
    ties, panels = _ties(avoid), _panels(at)
    found = {
        e.number: left_out_because(e, avoid=avoid, at=at, ties=ties.get(e.pk, ()), panels=panels.get(e.pk, 0))
        for e in experts
    }
    return {number: code for number, code in found.items() if code is not None}


def _ties(avoid: Mapping[str, str]) -> dict[int, list[str]]:
    """Expert → those of these organisations he declared a tie to; nobody's other ties are read."""
    found: dict[int, list[str]] = {}
    standing = Tie.objects.filter(ended_at__isnull=True, organisation__in=list(avoid))
    for expert, organisation in standing.values_list("expert_id", "organisation"):
        found.setdefault(expert, []).append(organisation)
    return found


def _panels(at: datetime) -> dict[int, int]:
    """Expert → on how many panels he took a seat within `LOAD.within`."""
    rows = Seat.objects.filter(state=SeatState.SEATED, answered_at__gt=at - LOAD.within)
    return dict(rows.values_list("expert_id").annotate(n=Count("id")).order_by("expert_id"))


def keep_left_out(panel: Panel, draw_id: str, rows: Sequence[Mapping[str, str]], *, at: datetime) -> LeftOut:
    """Commit to who is not on the list of a draw, and why: before anybody contributes to it."""
    salt = commitment.fresh()
    told = committed_rows(rows)
    return LeftOut.objects.create(
        panel=panel, draw_id=draw_id, rows=list(rows), salt=salt.hex(), at=at,
        commitment=commitment.commit(commitment.LEFT_OUT, {"draw": draw_id, "rows": told}, salt),
    )  # fmt: skip


def committed_rows(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """What the commitment is to: masked ids and reasons, sorted by id."""
    return [{"cid": row["cid"], "code": row["code"]} for row in rows]


def still_as_committed(kept: LeftOut) -> bool:
    """Whether the rows are those committed to before the draw, and each mask opens to its number."""
    told = {"draw": kept.draw_id, "rows": committed_rows(kept.rows)}
    same = commitment.matches(kept.commitment, commitment.LEFT_OUT, told, bytes.fromhex(kept.salt))
    return same and all(lots.masked(row["number"], bytes.fromhex(row["salt"])) == row["cid"] for row in kept.rows)
