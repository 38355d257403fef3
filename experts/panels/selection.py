"""Acts about experts the buyer picks itself: the officer proposes with evidence, the supervision body decides."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from accounts import sealing
from experts.affiliates import queries as affiliates
from experts.panels import calls, queries, widening
from experts.panels.events import SelfSelected
from experts.panels.listing import Bans, listing, masked, nobody, why_left_out
from experts.panels.models import Panel, Seat, Selection
from experts.panels.request import Composition, Request, why_not_request
from experts.panels.rules import PanelState, SeatState, why_not_call
from experts.panels.selecting import why_not_decide, why_not_fill, why_not_members, why_not_propose
from experts.registry.models import Expert
from experts.registry.queries import specialties
from experts.registry.rules import why_not_keep_register
from ledger.services import record
from notifier.asking import asks_first
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.law import Article
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen

Members = Sequence[tuple[str, str]]


def of(project_number: str) -> list[Selection]:
    """What was proposed for a project's panel, the newest first."""
    return list(Selection.objects.defer("evidence").filter(project_number=project_number).order_by("-pk"))


def waiting(project_number: str) -> Selection | None:
    """The proposal that waits for the supervision body."""
    return Selection.objects.filter(project_number=project_number, decided_at__isnull=True).first()


def members_of(row: Selection) -> list[tuple[str, str]]:
    """(specialty, register number) of whom a waiting proposal names; nobody once it is decided."""
    if not row.members:
        return []
    return [(key, number) for key, number in json.loads(sealing.unseal_file(row.members, about=_about(row)))]


def evidence_of(row: Selection) -> bytes:
    """The consent that was handed in."""
    return sealing.unseal_file(row.evidence, about=_about(row))


def _about(row: Selection) -> str:
    return f"selection/{row.project_number}"


def _strata(members: Members) -> list[tuple[str, int]]:
    keys = [key for key, _ in members]
    return [(key, keys.count(key)) for key in dict.fromkeys(keys)]


def _experts(members: Members) -> dict[str, Expert]:
    found = Expert.objects.filter(number__in=[number for _, number in members]).select_related("user")
    return {e.number: e for e in found.prefetch_related("employments", "specialties")}


def _facts(members: Members, experts: Mapping[str, Expert], *, panel: Panel | None, avoid: Mapping[str, str],
           at: datetime, banned: Bans = nobody) -> dict[str, object]:  # fmt: skip
    """What the rules ask of these people."""
    houses = affiliates.houses(on=day_in_china(at))
    out = set(why_left_out(list(experts.values()), avoid=avoid, banned=banned, at=at))
    if panel is not None:  # nobody is asked twice for one panel
        out |= queries.on_panel(panel, experts)
    return {
        "employers": {number: houses.get(e.employer_code, e.employer_code) for number, e in experts.items()},
        "specialties": {number: {s.key for s in e.specialties.all()} for number, e in experts.items()},
        "out": out,
    }


@asks_first
def propose(
    *, project_number: str, stream: str, members: Members, ground: str, reason: str, evidence: bytes,
    composition: Composition, law: Article | None, avoid: Mapping[str, str], banned: Bans = nobody, by: Actor,
    at: datetime,
) -> Selection:  # fmt: skip
    """Propose experts of the register by number, with why none can be drawn and the consent of the budgeting office.

    members: (specialty, register number), for a whole panel or for the seats still wanted.
    Refused when there is a panel already, the procedure does not know it, the lists are long enough for the ground
    given, somebody may not judge, or the composition is not the law's.
    Law: 政府采购评审专家管理办法 第13条; 招标投标法实施条例 第47条.
    """
    panel = Panel.objects.select_for_update().filter(project_number=project_number).first()
    refuse_if(why_not_call(state=PanelState(panel.state) if panel else None, reason=reason, law=composition.law))
    strata, experts = _strata(members), _experts(members)
    made = listing([key for key, _ in strata], stream=stream, avoid=avoid, panel=panel, banned=banned, at=at)
    had = made.employers()
    refuse_if(
        why_not_propose(
            law=law, ground=ground, reason=reason, evidence=len(evidence),
            short=bool(widening.too_short(strata, had)), members=members, waiting=waiting(project_number) is not None,
            **_facts(members, experts, panel=panel, avoid=avoid, banned=banned, at=at),  # type: ignore[arg-type]
        )
        or (
            why_not_fill(strata, wanted=queries.still_wanted(panel))
            if panel
            else why_not_request(Request(strata), composition=composition, known=list(specialties()), own=(), at=at)
        )
    )  # fmt: skip
    row = Selection(
        project_number=project_number, stream=stream, ground=ground, reason=reason.strip(), law=str(law),
        strata=[{"key": key, "need": need, "had": had.get(key, 0)} for key, need in strata],
        sha256=hashlib.sha256(evidence).hexdigest(), proposed_by=by.person, proposed_at=at,
    )  # fmt: skip
    seal = partial(sealing.seal_file, about=_about(row))
    row.members, row.evidence = seal(json.dumps(list(members)).encode()), seal(evidence)
    row.save()
    return row


@transaction.atomic
def reseal(*, by: Actor, at: datetime) -> int:
    """Seal with the newest key what an older one sealed. Returns how many files it touched.

    Refused when it is not a keeper.
    """
    refuse_if(why_not_keep_register(by=by))
    touched = 0
    for row in Selection.objects.select_for_update().order_by("pk"):
        for field in ("members", "evidence"):
            held, about = getattr(row, field), _about(row)
            if held and not sealing.file_is_current(held):
                setattr(row, field, sealing.seal_file(sealing.unseal_file(held, about=about), about=about))
                row.save(update_fields=[field])
                touched += 1
    return touched


@asks_first
def decide(
    *, project_number: str, agreed: bool | None, why: str, avoid: Mapping[str, str], answer_within: timedelta,
    law: Article, banned: Bans = nobody, seen: str | None = None, by: Actor, at: datetime,
) -> Selection:  # fmt: skip
    """Agree to a proposal, or refuse it with reasons. Those agreed to are asked as if they had been drawn; the reason,
    the hash of the consent and the lists' lengths are public, the names are not. The proposal forgets whom it named.

    seen: the proposal that was read, by its number.
    Refused for everybody but the supervision body, when nothing waits or another than was read, or when somebody may
    not judge any more.
    Law: 政府采购评审专家管理办法 第13条, 第20条.
    """
    panel = Panel.objects.select_for_update().filter(project_number=project_number).first()
    row = waiting(project_number)
    refuse_if(why_not_decide(waiting=row is not None, agreed=agreed, why=why, by=by))
    if row is None:
        raise Selection.DoesNotExist
    refuse_if(why_not_seen(seen, stands=row.number))
    members = members_of(row)
    row.agreed, row.why, row.decided_by, row.decided_at, row.members = agreed, why.strip(), by.person, at, b""
    if not agreed:
        row.save()
        return row
    refuse_if(why_not_call(state=PanelState(panel.state) if panel else None, reason=row.reason, law=law))
    experts = _experts(members)
    facts = _facts(members, experts, panel=panel, avoid=avoid, banned=banned, at=at)
    refuse_if(why_not_members(members, law=law, **facts))  # type: ignore[arg-type]
    if panel is None:
        panel = Panel.objects.create(
            project_number=project_number, stream=row.stream, size=len(members), max_per_org=1,
            strata=[{"key": s["key"], "need": s["need"]} for s in row.strata], state=PanelState.DRAWING, draw_id="",
            called_at=at, answer_seconds=int(answer_within.total_seconds()),
        )  # fmt: skip
    panel.advance(PanelState.CALLING)
    cids = masked([experts[number] for _, number in members], stream=row.stream)
    for order, ((key, _), cid) in enumerate(zip(members, cids, strict=True), start=panel.seats.count() + 1):
        seat = Seat.objects.create(
            panel=panel, stratum=key, order=order, cid=cid, selected=True, state=SeatState.STANDBY
        )
        calls.invite(panel, seat, at=at)
    row.save()
    event = SelfSelected(
        stream=row.stream, seats=sorted(cids), ground=row.ground, reason=row.reason, law=row.law,
        evidence_sha256=row.sha256, strata=row.strata,
    )  # fmt: skip
    record(event, at=at)
    return row
