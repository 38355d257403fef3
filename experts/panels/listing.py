"""The list a panel is drawn from: masked, with a reason for everybody who is not on it."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from experts.affiliates import queries as affiliates
from experts.panels import release
from experts.panels.eligibility import LOAD, left_out_because
from experts.panels.models import LeftOut, Panel, Seat, Struck, Tie
from experts.panels.rules import COUNTS, SeatState
from experts.panels.widening import strata_here, strata_of
from experts.registry import queries as registry
from experts.registry.models import Dossier, Expert
from notifier import client as notifier
from proofs import commitment
from rulebook.calendar import day_in_china

Bans = Callable[[Collection[str]], Collection[str]]


def nobody(tags: Collection[str]) -> Collection[str]:
    """Where no decision is asked about."""
    return ()


@dataclass
class Listing:
    """pool: what the draw's specification commits to.  out: who is not on it and why, by mask alone."""

    pool: list[dict[str, Any]] = field(default_factory=list)
    out: list[dict[str, str]] = field(default_factory=list)

    def employers(self) -> dict[str, int]:
        """Specialty → how many employers have somebody on the list: as many can be seated, one of each."""
        masks: dict[str, set[str]] = {}
        for row in self.pool:
            for key in row["strata"]:
                masks.setdefault(key, set()).add(row["org"])
        return {key: len(orgs) for key, orgs in masks.items()}


def listing(
    keys: Collection[str], *, stream: str, avoid: Mapping[str, str], panel: Panel | None, at: datetime,
    stand_in: Mapping[str, frozenset[str]] | None = None, region: str = "", everywhere: Collection[str] = (),
    early: bool = False, banned: Bans = nobody,
) -> Listing:  # fmt: skip
    """Everybody of the register who has one of these specialties, on the list or left out.

    Organisations that belong together count as one employer.
    The notifier makes the masks and keeps what is behind them, and it leaves out whom only it knows to have been drawn
    for this panel, to work with somebody on it, or to sit too often: what comes back tells nobody's place.
    stand_in: specialties that may stand in for one too short.  region: whose people alone are on the list, or empty.
    everywhere: the specialties for which people of every region are.  early: drawn from before the opening.
    banned: which of these keyed hashes a decision keeps from judging here.
    Refused when it does not answer.
    """
    on = day_in_china(at)
    ties, panels = _ties(avoid), _panels(at)
    stand_in, houses = stand_in or {}, affiliates.houses(on=on)
    seats = list(panel.seats.select_related("expert")) if panel else []
    named = {seat.expert.pk for seat in seats if seat.expert is not None}
    people = []
    found = list(registry.with_any({*keys, *(near for each in stand_in.values() for near in each)}))
    barred = _barred(found, banned)
    for expert in found:
        code = left_out_because(
            expert, avoid=avoid, at=at, called_before=expert.pk in named, ties=ties.get(expert.pk, ())
        ) or barred.get(expert.user_id)
        has = {s.key for s in expert.specialties.all()}
        here = not region or expert.region == region
        strata = strata_here(strata_of(has, list(keys), stand_in), here=here, everywhere=everywhere)
        if not strata:
            continue
        works_for = [code for code, until in expert.employers if until is None or on <= until]
        people.append(
            {
                **_told(expert),
                "employers": [houses.get(code, code) for code in (expert.employer_code, *works_for)],
                "strata": strata,
                "code": code or "",
                "panels": panels.get(expert.pk, 0),
            }
        )
    if not people:
        return Listing()
    masks = [seat for seat in seats if seat.expert is None]
    pool, out = notifier.make_list(
        stream=stream, people=people, before=[seat.cid for seat in masks],
        sitting=[seat.cid for seat in masks if SeatState(seat.state) in COUNTS], seated=_seated_lately(at),
        most=LOAD.most, log=release.log_key(), early=early,
    )  # fmt: skip
    return Listing(pool, out)


def with_conflict(*, avoid: Mapping[str, str], at: datetime, banned: Bans = nobody) -> list[dict[str, str]]:
    """Everybody of the register who may not judge now: {"person", "code"}."""
    ties, everybody = _ties(avoid), list(registry.everybody())
    barred = _barred(everybody, banned)
    found = {
        str(expert.user.public_id): left_out_because(expert, avoid=avoid, at=at, ties=ties.get(expert.pk, ()))
        or ("" if expert.user.is_active else "left")
        or barred.get(expert.user_id, "")
        for expert in everybody
    }
    return [{"person": person, "code": code} for person, code in found.items() if code]


def masked(experts: Sequence[Expert], *, stream: str) -> list[str]:
    """Masks of people who are named and not drawn here, in their order. Refused when the notifier does not answer."""
    people = [{**_told(expert), "employers": [expert.employer_code], "strata": []} for expert in experts]
    return notifier.name(stream=stream, people=people, log=release.log_key()) if people else []


def _told(expert: Expert) -> dict[str, str]:
    """What the notifier is told of a person: his account, a handle for those who call him, his number."""
    return {"person": str(expert.user.public_id), "handle": str(expert.public_id), "number": expert.number}


def why_left_out(
    experts: Collection[Expert], *, avoid: Mapping[str, str], at: datetime, banned: Bans = nobody
) -> dict[str, str]:
    """Register number → why this expert may not judge, for those of these who may not."""
    ties, panels = _ties(avoid), _panels(at)
    people, barred = {str(e.user.public_id): e.pk for e in experts}, _barred(experts, banned)
    sat = Counter(people[person] for person, _ in notifier.whose(list(people), _seated_lately(at)))
    found = {
        e.number: left_out_because(
            e, avoid=avoid, at=at, ties=ties.get(e.pk, ()), panels=panels.get(e.pk, 0) + sat[e.pk]
        )
        or barred.get(e.user_id)
        for e in experts
    }
    return {number: code for number, code in found.items() if code is not None}


def _barred(experts: Collection[Expert], banned: Bans) -> dict[int, str]:
    """User ↦ the code of those of these experts whom a decision keeps from judging here."""
    held = Dossier.objects.filter(user__in=[expert.user_id for expert in experts]).exclude(id_tag="")
    tags = dict(held.values_list("user_id", "id_tag")) if banned is not nobody else {}
    out = set(banned(tags.values())) if tags else set()
    return {user: "barred" for user, tag in tags.items() if tag in out}


def _ties(avoid: Mapping[str, str]) -> dict[int, list[str]]:
    """Expert → those of these organisations he declared a tie to; nobody's other ties are read."""
    found: dict[int, list[str]] = {}
    standing = Tie.objects.filter(ended_at__isnull=True, organisation__in=list(avoid))
    for expert, organisation in standing.values_list("expert_id", "organisation"):
        found.setdefault(expert, []).append(organisation)
    return found


def _panels(at: datetime) -> dict[int, int]:
    """Expert → on how many panels whose names are out he took a seat within `LOAD.within`."""
    rows = _lately(at).filter(expert__isnull=False)
    return dict(rows.values_list("expert_id").annotate(n=Count("id")).order_by("expert_id"))


def _seated_lately(at: datetime) -> list[str]:
    """Masks of everybody else who took a seat since then."""
    return list(_lately(at).filter(expert__isnull=True).values_list("cid", flat=True))


def _lately(at: datetime) -> QuerySet[Seat]:
    return Seat.objects.filter(state=SeatState.SEATED, answered_at__gt=at - LOAD.within)


def keep_left_out(panel: Panel, draw_id: str, rows: Sequence[Mapping[str, str]], *, at: datetime) -> LeftOut:
    """Commit to who is not on the list of a draw, and why: before anybody contributes to it."""
    salt = commitment.fresh()
    told = committed_rows(rows)
    return LeftOut.objects.create(
        panel=panel, draw_id=draw_id, rows=list(rows), salt=salt.hex(), at=at,
        commitment=commitment.commit(commitment.LEFT_OUT, {"draw": draw_id, "rows": told}, salt),
    )  # fmt: skip


def keep_struck(panel: Panel, draw_id: str, rows: Sequence[Mapping[str, str]], *, at: datetime) -> Struck:
    """Commit to why these were struck from the order of an early draw: before anybody is called."""
    salt = commitment.fresh()
    told = {"draw": draw_id, "rows": committed_rows(rows)}
    return Struck.objects.create(
        panel=panel, draw_id=draw_id, rows=list(rows), salt=salt.hex(), at=at,
        commitment=commitment.commit(commitment.STRUCK, told, salt),
    )  # fmt: skip


def committed_rows(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """What the commitment is to: masked ids and reasons, in the order they are kept in."""
    return [{"cid": row["cid"], "code": row["code"]} for row in rows]


def still_as_committed(kept: LeftOut | Struck) -> bool:
    """Whether the rows are those committed to before the draw, or before anybody was called."""
    told = {"draw": kept.draw_id, "rows": committed_rows(kept.rows)}
    label = commitment.STRUCK if isinstance(kept, Struck) else commitment.LEFT_OUT
    return commitment.matches(kept.commitment, label, told, bytes.fromhex(kept.salt))
