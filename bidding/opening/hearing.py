"""The one door for signed statements at an opening: who speaks, in which act, and what is noted of it.

No session is asked for: the signature says who speaks. What is taken is noted in a signed word to the speaker.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Organisation
from accounts.queries import actor_by_statement, checked, hold_checked, name_of
from accounts.rules import Kind as House
from bidding.opening import events, queries, recording, rules, services
from bidding.opening.blame import ATTEMPTS_KEPT
from bidding.opening.models import Acknowledgement, Attendance, FailedAttempt, HallObjection, OpeningUnit, Release
from bidding.opening.queries import Standing
from bidding.opening.telling import tell, told_number
from bidding.opening.turns import finish_if_complete, slot_key
from bidding.submission import envelopes
from bidding.submission.models import Bid
from bidding.tender import committees
from bidding.tender import queries as tenders
from bidding.tender.models import CommitteeMember
from ledger import receipts
from ledger.models import Entry
from ledger.services import publish_blob
from market.projects import queries as projects
from notifier.asking import asks_first
from proofs import canonical, commitment, envelope, releases
from proofs import statement as statements
from proofs.organisation import public_slot_key
from proofs.verdict import Terms, Verdict, unlock
from rulebook.jurisdiction import in_region
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Heard:
    """What the speaker gets back.  entry: number of the public entry, if one was made.  note: the signed word."""

    entry: int | None = None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return {key: value for key, value in (("entry", self.entry), ("note", self.note)) if value}


def hear(*, project_number: str, statement: Any, at: datetime) -> Heard:
    """Take one signed statement of an opening, or of the trial opening before it.

    Refused when it is malformed, not validly signed, of a kind that is not heard here, about another tender, or the
    rules of its act are against it.
    """
    told = statement if isinstance(statement, dict) else {}
    kind, role, closing = (str(told.get(key, "")) for key in ("v", "role", "closing"))
    if kind == "rel/1" and closing == statements.REHEARSAL:
        return Heard(entry=committees.rehearse_release(project_number=project_number, statement=statement, at=at))
    act = ACTS.get((kind, role if kind == "rel/1" else ""))
    if act is None:
        raise Refused(Reason("statement.not-heard", Kind.NOT_VALID, "此处不接收这种声明"))
    said = checked(statement, v=kind)
    if said["unit"].get("tender") != project_number:
        raise Refused(Reason("statement.other-tender", Kind.NOT_VALID, "声明所指的不是本项目"))
    return act(project_number=project_number, said=said, at=at)


@transaction.atomic
def attend(*, project_number: str, said: Said, at: datetime) -> Heard:
    """Note that a bidder is present, once."""
    standing = _stand(project_number, said, at)
    here = Attendance.objects.filter(opening=standing.opening, organisation=said["org"]).select_related("entry").first()
    if here:
        return Heard(entry=told_number(here.entry))
    refuse_if(rules.why_not_attend(standing.facts, organisation=said["org"]))
    event = events.BidderPresent(
        stream=standing.project.log, org=said["org"], name=_name(standing, said["org"]), statement=dict(said)
    )
    entry = tell(standing.project, event, at=at)
    Attendance.objects.create(opening=standing.opening, organisation=said["org"], statement=_text(said), entry=entry)
    return Heard(entry=told_number(entry))


def release_half(*, project_number: str, said: Said, at: datetime) -> Heard:
    """Take a bidder's half for one of his own envelopes; the same half again gets the same signed word.

    Refused outside his turn, for an envelope that is not his (whose it is is not said), and when it is not the half
    the envelope's header commits to: the try is put down, and he may try again until his turn ends.
    Law: 电子招标投标办法 第30条.  Spec: docs/proofs.md, opening, step 1.
    """
    heard = _take_half(project_number, said, at, header=_header_ahead(said))
    if heard is None:  # raised only here: the try is on record already
        text = "释放的解密凭据与{terms.file}不匹配（BAD_BIDDER_HALF），可在本环节内重试"
        raise Refused(Reason("release.bad-half", Kind.NOT_VALID, text, queries.laws_of(project_number).decrypted))
    return heard


@transaction.atomic
def _take_half(project_number: str, said: Said, at: datetime, *, header: envelope.Header | None) -> Heard | None:
    """Take a bidder's half; None when it does not fit and the try was put down."""
    standing = _stand(project_number, said, at)
    if again := _taken(standing, said):
        return again
    refuse_if(rules.why_not_release_half(standing.facts, organisation=said["org"], closing=said["closing"], at=at))
    unit = _own_unit(standing, said)
    header = _there(header)
    half = canonical.b64u_bytes(said["b"], "b", length=32)
    if envelope.half_commitment("b", header.eid, half) != header.bcm:
        _put_down(standing, unit, Verdict.BAD_BIDDER_HALF.value)
        return None
    event = events.BidderReleased(stream=standing.project.log, org=said["org"], part=unit.bid.part, eid=unit.bid.eid)
    entry = tell(standing.project, event, at=at)
    note = _noted(standing, said, entry)
    _keep(unit, Release.Role.BIDDER, said, at=at, note=note)
    standing.released.add(unit.pk)
    if len(standing.released) == len(standing.units):
        recording.note_bidders_done(standing)
    return Heard(entry=told_number(entry), note=note)


@transaction.atomic
def _take_key(project_number: str, said: Said, at: datetime) -> Heard | None:
    """Take a holder's slot key; None when it is not the manifest's key and was kept as evidence."""
    standing = _stand(project_number, said, at)
    if again := _taken(standing, said):
        return again
    member = (
        CommitteeMember.objects.filter(
            committee__tender=standing.tender,
            committee__part=said["unit"]["part"],
            organisation=said["org"],
            i=said["i"],
        )
        .select_related("committee")
        .first()
    )
    refuse_if(rules.why_not_release_key(standing.facts, is_holder=member is not None, closing=said["closing"]))
    assert member is not None  # the gate of who is behind us
    unit = next((one for one in standing.units if one.bid.eid == said["eid"]), None)
    if (
        unit is None
        or unit.pk not in standing.released
        or (unit.bid.part, unit.bid.slot) != (said["unit"]["part"], said["slot"])
    ):
        text = "该钥匙位不在{terms.bidder}已释放的清单中，不得释放"
        raise Refused(Reason("release.not-released", Kind.NOT_VALID, text, standing.facts.laws.decrypted))
    private = canonical.b64u_bytes(said["sk"], "sk", length=32)
    if public_slot_key(private) != slot_key(member, unit.bid.slot):
        Release.objects.get_or_create(
            unit=unit,
            role=Release.Role.HOLDER,
            member=member.i,
            good=False,
            defaults={"organisation": said["org"], "statement": _text(said), "received_at": at},
        )
        return None
    note = _noted(standing, said, None)
    _keep(unit, Release.Role.HOLDER, said, at=at, member=member.i, note=note)
    return Heard(entry=finish_if_complete(standing, member), note=note)


def release_key(*, project_number: str, said: Said, at: datetime) -> Heard:
    """Take a holder's slot key for one released envelope; the same key again gets the same signed word.

    Refused before the bidders are done, for an envelope that was not released, and when it is not the key of the
    manifest (WRONG_KEY): that statement is kept as evidence, and the right key is still welcome.
    Spec: docs/proofs.md, opening, step 3.
    """
    heard = _take_key(project_number, said, at)
    if heard is None:  # raised only here: the evidence is committed already
        text = "释放的不是清单登记的钥匙（WRONG_KEY），声明已留作证据"
        raise Refused(Reason("release.wrong-key", Kind.NOT_VALID, text))
    return heard


def rescue(*, project_number: str, said: Said, at: datetime) -> Heard:
    """Take a bidder's rescue of his own envelope where holders fell short.

    Refused when no rescue was declared, or the polynomial does not match every commitment (BAD_RESCUE).
    Spec: docs/proofs.md, failure cases.
    """
    return _take_rescue(project_number, said, at, header=_header_ahead(said))


@asks_first
def _take_rescue(project_number: str, said: Said, at: datetime, *, header: envelope.Header | None) -> Heard:
    standing = _stand(project_number, said, at)
    if again := _taken(standing, said):
        return again
    refuse_if(rules.why_not_rescue(standing.facts, organisation=said["org"], closing=said["closing"], at=at))
    unit = _own_unit(standing, said)
    if unit.verdict or unit.pk not in standing.released:
        raise Refused(Reason("rescue.not-needed", Kind.NOT_NOW, "该{terms.file}不需要或不能补救"))
    halves = Release.objects.filter(unit=unit, role=Release.Role.BIDDER, good=True)  # none where bidders hold none
    spoken = releases.from_statements(
        [*(canonical.parse(half.statement.encode()) for half in halves), said], unit.bid.eid
    )
    committee = tenders.committees(standing.tender)[unit.bid.part]
    terms = Terms(cmh=bytes.fromhex(committee.cmh), policy=standing.tender.policy)
    if unlock(_there(header), tenders.kcm_bytes(committee), spoken, terms).verdict is Verdict.BAD_RESCUE:
        text = "补救凭据与{terms.file}的承诺不符（BAD_RESCUE）"
        raise Refused(Reason("rescue.bad", Kind.NOT_VALID, text, standing.facts.laws.undone))
    shown = unit.bid.part in standing.tender.layout.read_out
    salt = commitment.fresh()
    digest = publish_blob(canonical.dumps(said)) if shown else commitment.commit(commitment.RELEASE, said, salt)
    event = events.BidRescued(
        stream=standing.project.log,
        org=said["org"],
        part=unit.bid.part,
        eid=unit.bid.eid,
        statement_sha256=digest,
    )
    entry = tell(standing.project, event, at=at)
    note = _noted(standing, said, entry)
    _keep(unit, Release.Role.RESCUE, said, at=at, note=note)
    return Heard(entry=told_number(entry), note=note)


@transaction.atomic
def acknowledge(*, project_number: str, said: Said, at: datetime) -> Heard:
    """Take a signature under the opening record: a bidder's, the witness's or the host's; once each.

    Law: 电子招标投标办法 第32条.
    """
    standing = _stand(project_number, said, at)
    role = _signs_as(standing, said["org"])
    own = Acknowledgement.objects.filter(opening=standing.opening, organisation=said["org"], role=role)
    again = own.select_related("entry").first()
    same = standing.opening is not None and said["record_sha256"] == standing.opening.record_sha256
    if again and same:
        return Heard(entry=told_number(again.entry))
    refuse_if(rules.why_not_acknowledge(standing.facts, signs_as=role, same_record=same))
    event = events.RecordAcknowledged(
        stream=standing.project.log,
        org=said["org"],
        name=_name(standing, said["org"]),
        statement=dict(said),
        role=str(role),
    )
    entry = tell(standing.project, event, at=at)
    Acknowledgement.objects.create(
        opening=standing.opening, organisation=said["org"], role=role, statement=_text(said), entry=entry
    )
    return Heard(entry=told_number(entry))


@transaction.atomic
def object_to(*, project_number: str, said: Said, at: datetime) -> Heard:
    """Note a bidder's objection, which the host answers on the spot.

    Law: 招标投标法实施条例 第44条.
    """
    standing = _stand(project_number, said, at)
    digest = statements.digest(said)
    own = HallObjection.objects.filter(opening=standing.opening, organisation=said["org"])
    again = own.filter(statement_sha256=digest).select_related("entry").first()
    if again:
        return Heard(entry=told_number(again.entry))
    waiting = own.filter(answered_at=None).count()
    refuse_if(rules.why_not_object(standing.facts, organisation=said["org"], waiting=waiting))
    event = events.ObjectionRaised(
        stream=standing.project.log,
        org=said["org"],
        name=_name(standing, said["org"]),
        text=said["text"],
        statement=dict(said),
    )
    entry = tell(standing.project, event, at=at)
    HallObjection.objects.create(
        opening=standing.opening,
        organisation=said["org"],
        text=said["text"],
        statement=_text(said),
        statement_sha256=digest,
        entry=entry,
    )
    return Heard(entry=told_number(entry))


def sign_few(*, project_number: str, said: Said, at: datetime) -> Heard:
    """Take the supervisor's signed word that too few bids are on the list."""
    by = in_region(actor_by_statement(said), projects.region_of(project_number) or "")
    few = services.sign_few(project_number=project_number, said=dict(said), by=by, at=at)
    text = f"heard/v1\ntender {project_number}\nfew sha256:{statements.digest(said)}\nreceived {iso(few.at)}\n"
    return Heard(note=receipts.sign(text))


ACTS: Mapping[tuple[str, str], Callable[..., Heard]] = {
    ("present/1", ""): attend,
    ("rel/1", "b"): release_half,
    ("rel/1", "c"): release_key,
    ("rel/1", "rescue"): rescue,
    ("ack/1", ""): acknowledge,
    ("obj/1", ""): object_to,
    ("few/1", ""): sign_few,
}


def _header_ahead(said: Said) -> envelope.Header | None:
    """The header of the stored envelope a statement speaks of, read before anything is held; None where it is gone."""
    found = Bid.objects.filter(eid=said["eid"], organisation=said["org"]).first()
    try:
        return envelopes.stored_header(found.env_sha256) if found else None
    except (FileNotFoundError, canonical.NotCanonical):
        return None


def _there(header: envelope.Header | None) -> envelope.Header:
    """Refused when the house has lost it: nobody's word can be held against it."""
    if header is None:
        text = "平台现在取不到这份{terms.file}，责任不在{terms.bidder}；请立即告知主持人和监督人员，找回后可再次提交"
        raise Refused(Reason("hall.envelope-gone", Kind.NOT_NOW, text))
    return header


def _stand(project_number: str, said: Said, at: datetime) -> Standing:
    project = projects.hold_published(project_number)
    hold_checked(said)
    return queries.stand(project, at=at)


def _taken(standing: Standing, said: Said) -> Heard | None:
    """What was answered to a release that was taken.

    Asked before the rules: the last release of a turn ends it, and he whose answer was lost on the way says it again.
    """
    kept = Release.objects.filter(
        unit__in=standing.units, unit__bid__eid=said["eid"], role=said["role"], member=said.get("i", 0),
        organisation=said["org"], good=True,
    ).first()  # fmt: skip
    return Heard(note=kept.note) if kept else None


def _own_unit(standing: Standing, said: Said) -> OpeningUnit:
    for unit in standing.units:
        bid = unit.bid
        if (bid.eid, bid.part, bid.organisation) == (said["eid"], said["unit"]["part"], said["org"]):
            return unit
    raise Refused(Reason("release.not-own", Kind.NOT_VALID, "不是本单位在封存清单中的{terms.file}"))


def _put_down(standing: Standing, unit: OpeningUnit, code: str) -> None:
    """Keep a try that did not fit, as evidence of whose doing it was; the first few are enough."""
    if FailedAttempt.objects.filter(unit=unit).count() >= ATTEMPTS_KEPT:
        return
    FailedAttempt.objects.create(unit=unit, code=code, at=standing.at)
    event = events.ReleaseFailed(stream=standing.project.log, **queries.named(unit), code=code)
    tell(standing.project, event, at=standing.at)


def _signs_as(standing: Standing, org: str) -> Acknowledgement.As | None:
    if org in standing.facts.bidders:
        return Acknowledgement.As.BIDDER
    if org in standing.facts.hosts:
        return Acknowledgement.As.HOST
    if Organisation.objects.filter(code=org, kind=House.CENTRE).exists():
        return Acknowledgement.As.WITNESS
    return None


def _name(standing: Standing, org: str) -> str:
    """The name a bidder bid under; of everybody else, the name he has."""
    return next((unit.bid.name for unit in standing.units if unit.bid.organisation == org), "") or name_of(org)


def _keep(unit: OpeningUnit, role: Release.Role, said: Said, *, at: datetime, note: str, member: int = 0) -> None:
    Release.objects.create(
        unit=unit,
        role=role,
        member=member,
        organisation=said["org"],
        statement=_text(said),
        good=True,
        note=note,
        received_at=at,
    )


def _noted(standing: Standing, said: Said, entry: Entry | None) -> str:
    leaf = "leaf sha256:" + canonical.sha256(b"\0", bytes(entry.leaf)).hex() + "\n" if entry else ""
    text = (
        f"release/v1\ntender {standing.project.number}\nreleaser {said['org']} gen {said['gen']}\n"
        f"release {said['eid']} part {said['unit']['part']} role {said['role']}\n"
        f"statement sha256:{statements.digest(said)}\nreceived {iso(standing.at)}\n{leaf}"
    )
    return receipts.sign(text)


def _text(said: Said) -> str:
    return canonical.dumps(said).decode()
