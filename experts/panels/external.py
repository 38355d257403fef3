"""Acts about a panel drawn elsewhere: the witness imports it sealed, the buyer signs its hash, then it sits."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import sealing
from experts.panels import queries
from experts.panels.elsewhere import Outside, why_not_confirm, why_not_import, why_not_look_at_evidence
from experts.panels.events import ExternalConfirmed, ExternalImported
from experts.panels.listing import Bans, masked, nobody, why_left_out
from experts.panels.models import EvidenceLook, ExternalDraw, Panel, Seat
from experts.panels.request import Composition, Request, why_not_request
from experts.panels.rules import PanelState, SeatState, why_not_call
from experts.panels.sitting import seat_if_complete
from experts.registry.models import Expert
from experts.registry.queries import specialties
from experts.registry.rules import why_not_keep_register
from ledger.services import record
from notifier.asking import asks_first
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


def of(project_number: str) -> ExternalDraw | None:
    """How the project's panel was drawn elsewhere, without the file; None where it was not."""
    return ExternalDraw.objects.defer("evidence").filter(panel__project_number=project_number).first()


def looks(project_number: str) -> list[EvidenceLook]:
    """Who took the evidence, and why: for the supervision body."""
    return list(EvidenceLook.objects.filter(draw__panel__project_number=project_number).order_by("-pk"))


def waiting(project_number: str) -> ExternalDraw | None:
    """An import that waits for the buyer's signature."""
    found = ExternalDraw.objects.defer("evidence")
    return found.filter(panel__project_number=project_number, confirmed_at__isnull=True).first()


def _about(project_number: str) -> str:
    return f"evidence/{project_number}"


@transaction.atomic
def look(*, project_number: str, purpose: str, by: Actor, at: datetime) -> tuple[ExternalDraw, bytes]:
    """Take the evidence of a panel drawn elsewhere; that is written down before anything is shown.

    Refused for anybody but the supervision body, and without a purpose.
    """
    refuse_if(why_not_look_at_evidence(purpose=purpose, by=by))
    made = ExternalDraw.objects.get(panel__project_number=project_number)
    EvidenceLook.objects.create(draw=made, by_person=by.person, by_name=by.name, purpose=purpose.strip()[:200], at=at)
    return made, sealing.unseal_file(made.evidence, about=_about(project_number))


@transaction.atomic
def reseal(*, by: Actor, at: datetime) -> int:
    """Seal with the newest key what an older one sealed. Returns how many files it touched.

    Refused when it is not a keeper.
    """
    refuse_if(why_not_keep_register(by=by))
    touched = 0
    for row in ExternalDraw.objects.select_for_update(of=("self",)).select_related("panel").order_by("pk"):
        if sealing.file_is_current(row.evidence):
            continue
        about = _about(row.panel.project_number)
        row.evidence = sealing.seal_file(sealing.unseal_file(row.evidence, about=about), about=about)
        row.save(update_fields=["evidence"])
        touched += 1
    return touched


@asks_first
def import_panel(
    *, project_number: str, stream: str, told: Outside, evidence: bytes, composition: Composition,
    avoid: Mapping[str, str], banned: Bans = nobody, by: Actor, at: datetime,
) -> ExternalDraw:  # fmt: skip
    """Import a panel that the pool the law prescribes has drawn and called, with the evidence of it.

    The names stay masked; the hash of the evidence is in the public log from now on.
    Refused when it is not the witness, there is a panel already, or with every reason against what is imported.
    Law: 招标投标法实施条例 第45条; 政府采购法实施条例 第9条.
    """
    panel = Panel.objects.select_for_update().filter(project_number=project_number).first()
    refuse_if(why_not_call(state=PanelState(panel.state) if panel else None, reason="", law=composition.law))
    numbers = [number for _, number in told.members]
    experts = {
        e.number: e
        for e in Expert.objects.filter(number__in=numbers).select_related("user").prefetch_related("employments")
    }
    out = why_left_out(list(experts.values()), avoid=avoid, banned=banned, at=at)
    known = list(specialties())
    refuse_if(
        why_not_import(told, evidence=len(evidence), known=list(experts), left_out=out, by=by)
        or why_not_request(Request(told.strata), composition=composition, known=known, own=(), at=at)
    )
    panel = Panel.objects.create(
        project_number=project_number, stream=stream, size=len(numbers), max_per_org=len(numbers), answer_seconds=0,
        strata=[{"key": key, "need": need} for key, need in told.strata], state=PanelState.DRAWING, draw_id="",
        called_at=at,
    )  # fmt: skip
    cids = masked([experts[number] for number in numbers], stream=stream)
    for order, ((key, _), cid) in enumerate(zip(told.members, cids, strict=True), start=1):
        Seat.objects.create(panel=panel, stratum=key, order=order, cid=cid, state=SeatState.STANDBY)
    made = ExternalDraw.objects.create(
        panel=panel, source=told.source.strip(), reference=told.reference.strip(),
        evidence=sealing.seal_file(evidence, about=_about(project_number)),
        sha256=hashlib.sha256(evidence).hexdigest(), imported_by=by.person, imported_at=at,
    )  # fmt: skip
    event = ExternalImported(
        stream=stream, source=made.source, reference=made.reference, evidence_sha256=made.sha256,
        seats=sorted(cids),
    )  # fmt: skip
    record(event, at=at)
    return made


@transaction.atomic
def confirm(*, project_number: str, officer: bool, sha256: str, by: Actor, at: datetime) -> Panel:
    """The buyer signs the hash of the evidence, not having seen a name: the panel sits.

    officer: whether it is the buyer's officer.
    Refused when it is not, nothing waits, or it is the hash of another file.
    """
    panel = Panel.objects.select_for_update().filter(project_number=project_number).first()
    made = waiting(project_number)
    refuse_if(
        why_not_confirm(officer=officer, imported=made is not None, sha256=made.sha256 if made else "", seen=sha256)
    )
    if panel is None or made is None:
        raise Panel.DoesNotExist
    made.confirmed_by, made.confirmed_at = by.person, at
    made.save(update_fields=["confirmed_by", "confirmed_at"])
    panel.advance(PanelState.CALLING)
    for seat in panel.seats.filter(state=SeatState.STANDBY).order_by("order"):
        seat.advance(SeatState.INVITED, at=at)
        seat.advance(SeatState.ACCEPTED, at=at)  # the other pool has asked them
    record(ExternalConfirmed(stream=panel.stream, evidence_sha256=made.sha256), at=at)
    seat_if_complete(panel, at=at)
    return queries.hold(project_number)
