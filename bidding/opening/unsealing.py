"""From releases to verdicts: run the one public function, then write down what it says.

The heavy part (decrypting what may be large) runs before the hold; under the hold only its answer is written.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from accounts import inbox
from accounts.queries import pinned_keys
from bidding.opening import causes, events, queries, turns
from bidding.opening.blame import LOST
from bidding.opening.models import OpeningUnit, Release
from bidding.opening.opened import keep
from bidding.opening.queries import Standing
from bidding.opening.rules import Act
from bidding.opening.telling import tell
from bidding.submission import envelopes
from bidding.submission.models import Bid
from bidding.tender import queries as tenders
from bidding.tender import rules as tender_rules
from bidding.tender.layouts import READ_OUT
from bidding.tender.models import CommitteeMember
from ledger.services import publish_copy
from market.projects import queries as projects
from market.projects import standing as standings
from market.projects.sides import Work
from proofs import canonical, releases
from proofs import consortium as consortia
from proofs import guarantee as guarantees
from proofs import leader as leaders
from proofs.leader import Leader
from proofs.verdict import Finding, NotThisEnvelope, Terms, Verdict, open_envelope
from rulebook.actor import Actor, Role
from rulebook.identity_number import born
from rulebook.refusal import Kind, Reason, Refused
from rulebook.times import iso

AT_A_TIME = 64 * 2**20  # bytes of envelopes opened before what they hold is told


@dataclass(frozen=True)
class Judged:
    """What the public function says of one envelope."""

    unit: int
    verdict: Verdict | None  # None: the stored file is damaged
    findings: list[str]
    sheet: dict[str, Any] | None = None
    consortium: dict[str, Any] | None = None
    guarantee: dict[str, Any] | None = None
    leader: Leader | None = None
    files: Sequence[dict[str, Any]] = ()


def unseal(*, project_number: str, by: Actor, at: datetime) -> int:
    """Decide envelopes that can be decided now; when all are, draw up the record. Returns how many were decided.

    Large ones are decided one at a time, so that the hall sees each as it is opened; the next tick goes on.
    An envelope is judged once k holders have had their turn, or the holders' time is over. Where too few good keys
    came in, the bidders are asked to rescue their own bids, and the last word is said when that time is over too.
    A file that is not the one whose hash was promised is the platform's fault: it is told, and waits for its bidder's
    copy; without one the bid counts as taken back by no fault of his.
    Law: 电子招标投标办法 第31条.
    """
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("unseal.not-system", Kind.NOT_YOURS, "开启由系统依据已释放的凭据自动进行"))
    standing = _turn_on(project_number, at)
    if standing is None:
        return 0
    ready = [unit for unit in standing.units if not unit.verdict and _is_ready(standing, unit)]
    heard = set(queries.turns(queries.opening_of(standing)))
    judged: list[Judged] = []
    opened = 0  # bytes
    for unit in ready:
        if opened >= AT_A_TIME:
            return _write_down(project_number, judged, heard=heard, more=True, at=at)
        one = _judge(standing, unit)
        if one is not None:
            judged.append(one)
            opened += unit.bid.size if one.verdict else 0  # what waits for its bidder's copy holds up nobody
    return _write_down(project_number, judged, heard=heard, more=False, at=at)


@transaction.atomic
def _turn_on(project_number: str, at: datetime) -> Standing | None:
    """Close the holders' turns that are over; None when nothing is to be opened now."""
    standing = queries.stand(projects.hold_published(project_number), at=at)
    if standing.act not in (Act.HOLDERS, Act.RESCUE) or standing.facts.paused:
        return None
    taken = queries.turns(queries.opening_of(standing))
    for member in queries.holders(standing.tender):
        committee = member.committee
        if (committee.part, member.i) in taken:
            continue
        others = sum(part == committee.part for part, _ in taken)
        shown = turns.shown_releases(standing, member)
        faulty = any(not row.good for row in shown)
        # Whoever sent a wrong key is named with his evidence as soon as the others suffice; whoever sent only some
        # of his keys is waited for until his time is over.
        if shown and (_is_over(standing) or (faulty and others >= committee.k)):
            turns.finish_turn(standing, member, shown)
    return standing


def _is_ready(standing: Standing, unit: OpeningUnit) -> bool:
    if unit.pk not in standing.released or _is_over(standing) or _is_rescued(standing, unit):
        return True
    committee = tenders.committees(standing.tender)[unit.bid.part]
    taken = queries.turns(queries.opening_of(standing))
    return sum(part == unit.bid.part for part, _ in taken) >= committee.k


def _judge(standing: Standing, unit: OpeningUnit) -> Judged | None:
    """The verdict on one envelope; None while it may still change."""
    bid, tender = unit.bid, standing.tender
    committee = tenders.committees(tender)[bid.part]
    try:
        with envelopes.open_envelope(bid.env_sha256) as source:
            opened = open_envelope(
                source,
                tenders.kcm_bytes(committee),
                releases.from_statements(_spoken(standing, unit), bid.eid),
                terms=Terms(cmh=bytes.fromhex(committee.cmh), policy=tender.policy),
                env_sha256=bid.env_sha256,
                sub=canonical.parse_object(bid.sub.encode()),
                identities={bid.organisation: pinned_keys(bid.organisation)},
            )
    except (NotThisEnvelope, FileNotFoundError):
        return Judged(unit.pk, Verdict.INSUFFICIENT if _is_last_word(standing) else None, [LOST])
    try:
        if opened.verdict is Verdict.INSUFFICIENT and not _is_last_word(standing):
            return None
        shown, together, left, leads = bid.part in READ_OUT, None, None, None
        kept: list[dict[str, Any]] = []
        if opened.verdict is Verdict.OK and not shown:
            with TemporaryDirectory() as folder:
                files = {path.name: path for path in opened.extract(Path(folder))}
                together, left, leads = _consortium(standing, bid, files), _guarantee(files), _leader(files)
                kept = keep(files.values())
        sheet = dict(opened.sheet) if opened.verdict is Verdict.OK and shown else None
        findings = [spelt(finding) for finding in opened.findings]
        return Judged(unit.pk, opened.verdict, findings, sheet, together, left, leads, kept)
    finally:
        opened.close()


def _consortium(standing: Standing, bid: Bid, files: Mapping[str, Path]) -> dict[str, Any] | None:
    """Whom a bidder names to bid together with him, and which of them say so themselves; None where he bids alone."""
    if consortia.FILE not in files:
        return None
    lead = bid.organisation
    try:
        told = consortia.parse(_start_of(files[consortia.FILE], consortia.MOST_BYTES), lead=lead, files=files)
    except canonical.NotCanonical as wrong:
        return {"members": [], "agreement": "", "fault": str(wrong)}
    with files[told.agreement].open("rb") as file:
        agreed = hashlib.file_digest(file, "sha256").hexdigest()
    unit = tender_rules.unit(standing.project.number, bid.part)
    members = []
    for member in told.members:
        path = files.get(consortia.consent_file(member.org))
        data = _start_of(path, consortia.MOST_BYTES) if path else b""
        keys = pinned_keys(member.org, at=bid.received_at)
        said = consortia.consents(data, org=member.org, lead=lead, unit=unit, agreement_sha256=agreed, keys=keys)
        members.append({**vars(member), "confirmed": said})
    return {"members": members, "agreement": told.agreement, "fault": ""}


def _guarantee(files: Mapping[str, Path]) -> dict[str, Any] | None:
    """What a bidder leaves as a guarantee, out of his opened files; None where they hold none."""
    if guarantees.FILE not in files:
        return None
    try:
        return vars(guarantees.parse(_start_of(files[guarantees.FILE], guarantees.MOST_BYTES), files=files))
    except canonical.NotCanonical as wrong:
        return {"fault": str(wrong)}


def _leader(files: Mapping[str, Path]) -> Leader | None:
    """Whom a bidder would have lead the project; None where no file says it in a form that counts."""
    if leaders.FILE not in files:
        return None
    try:
        told = leaders.parse(_start_of(files[leaders.FILE], leaders.MOST_BYTES))
    except canonical.NotCanonical:
        return None
    return told if born(told.id_number.upper()) else None


def _start_of(path: Path, most: int) -> bytes:
    """However long a file is, no more of it is held in memory than shows that it is too long."""
    with path.open("rb") as file:
        return file.read(most + 1)


@transaction.atomic
def _write_down(
    project_number: str, judged: Iterable[Judged], *, heard: set[tuple[str, int]], more: bool, at: datetime
) -> int:
    standing = queries.stand(projects.hold_published(project_number), at=at)
    if standing.act not in (Act.HOLDERS, Act.RESCUE) or standing.facts.paused:
        return 0
    if set(queries.turns(queries.opening_of(standing))) != heard:
        return 0  # another holder was heard meanwhile: the next tick judges with his keys
    undecided = {unit.pk: unit for unit in standing.units if not unit.verdict}
    decided = [one for one in judged if one.verdict and one.unit in undecided]
    for one in judged:
        if one.verdict is None and one.unit in undecided:
            _note_damage(standing, undecided[one.unit])
    for one in decided:
        _decide(standing, undecided.pop(one.unit), one)
    if not undecided:
        causes.begin(standing)
    elif not more and standing.act is Act.HOLDERS and _is_over(standing):
        _declare_rescue(standing, list(undecided.values()))
    return len(decided)


def _decide(standing: Standing, unit: OpeningUnit, one: Judged) -> None:
    unit.verdict, unit.findings = str(one.verdict), one.findings
    unit.sheet, unit.consortium, unit.guarantee = one.sheet, one.consortium, one.guarantee
    unit.decided_at, unit.files = standing.at, list(one.files)
    unit.save(update_fields=["verdict", "findings", "sheet", "consortium", "guarantee", "files", "decided_at"])
    shown = unit.bid.part in standing.tender.layout.read_out
    if shown and unit.pk in standing.released and LOST not in one.findings:
        publish_copy(envelopes.stored_as(unit.bid.env_sha256), sha256=unit.bid.env_sha256, size=unit.bid.size)
    event = events.UnitDecided(
        stream=standing.project.log,
        **queries.named(unit),
        env_sha256=unit.bid.env_sha256,
        verdict=unit.verdict,
        findings=unit.findings,
        sheet=unit.sheet if shown else None,
    )
    tell(standing.project, event, at=standing.at)
    if one.consortium is not None:
        members = {str(each["org"]): str(each["name"]) for each in one.consortium["members"]}
        standings.note_members(project=standing.project, org=unit.bid.organisation, members=members, at=standing.at)
        named = {**one.consortium, "fault": bool(one.consortium["fault"])}
        lead = {"org": unit.bid.organisation, "name": unit.bid.name}
        tell(standing.project, events.ConsortiumNamed(stream=standing.project.log, **lead, **named), at=standing.at)
    if one.leader is not None:
        standings.note_leader(project=standing.project, org=unit.bid.organisation, **vars(one.leader), at=standing.at)


def _note_damage(standing: Standing, unit: OpeningUnit) -> None:
    if unit.damaged_at:
        return
    unit.damaged_at = standing.at
    unit.save(update_fields=["damaged_at"])
    event = events.EnvelopeDamaged(stream=standing.project.log, **queries.named(unit), env_sha256=unit.bid.env_sha256)
    tell(standing.project, event, at=standing.at)
    inbox.post(
        topic=inbox.Topic.TODAY,
        to_organisation=unit.bid.organisation,
        to_role=Role.PROVIDER,
        subject=f"请补传标书原件：{standing.project.title}",
        body="开启时发现平台保存的标书文件损坏，这不是贵单位的责任。请用自己保存的信封文件补传，摘要与回执一致即接着开启。",
        link=f"/projects/{standing.project.number}/bid/copies/",
        at=standing.at,
    )


def _declare_rescue(standing: Standing, units: list[OpeningUnit]) -> None:
    opening = queries.opening_of(standing)
    opening.rescue_from = standing.at
    row = standing.project.procedure.selection
    within = row.rescue if row else None  # where no hall is watched its bidders must be found first
    opening.turn_ends = within.due(standing.at) if within else standing.at + timedelta(seconds=standing.tender.window)
    opening.save(update_fields=["rescue_from", "turn_ends"])
    event = events.RescueDeclared(
        stream=standing.project.log,
        eids=sorted(unit.bid.eid for unit in units),
        until=iso(opening.turn_ends),
    )
    tell(standing.project, event, at=standing.at)
    if within:
        _ask_to_rescue(standing, units, within.words)


def _ask_to_rescue(standing: Standing, units: list[OpeningUnit], within: str) -> None:
    """Nobody sits before an opening that runs by itself, so whoever may rescue his own is told."""
    project = standing.project
    for org in sorted({unit.bid.organisation for unit in units if not unit.damaged_at}):
        inbox.post(
            topic=inbox.Topic.TODAY,
            to_organisation=org, to_role=Role.PROVIDER, subject=f"请自行解开报价：{project.title}",
            body="密钥保管单位没有放足钥匙，这不是贵单位的责任。请用本单位的密钥文件自行解开；"
            f"{within}内仍未解开的，不参与选取。全部解开或者到期以前，任何报价都不公布。",
            link=f"/purchases/{project.number}/offers/", at=standing.at,
        )  # fmt: skip
    inbox.post(
        to_organisation=project.doer(Work.HOST), to_role=Role.OFFICER, subject=f"报价尚未解开：{project.title}",
        body=f"密钥保管单位没有放足钥匙，已请报价的机构在{within}内自行解开；到期仍未解开的不参与选取，原因公布。",
        link=f"/purchases/{project.number}/offers/", at=standing.at,
    )  # fmt: skip


def _spoken(standing: Standing, unit: OpeningUnit) -> list[dict[str, Any]]:
    """The releases for one envelope that count: its bidder's, and those of holders whose turn is on record."""
    turned = {(part, member) for part, member in queries.turns(queries.opening_of(standing))}
    rows = list(Release.objects.filter(unit=unit).order_by("-good", "member"))
    shown = [
        row
        for row in rows
        if row.role != Release.Role.HOLDER or (unit.bid.part, row.member) in turned and _counts(standing, unit, row)
    ]
    return [canonical.parse_object(row.statement.encode()) for row in shown]


def _counts(standing: Standing, unit: OpeningUnit, row: Release) -> bool:
    if row.good:
        return True
    member = CommitteeMember.objects.select_related("committee").get(
        committee__tender=standing.tender, committee__part=unit.bid.part, i=row.member
    )
    return row.pk in {one.pk for one in turns.shown_releases(standing, member)}


def _is_rescued(standing: Standing, unit: OpeningUnit) -> bool:
    """Whether its bidder has opened it himself.

    Where nobody holds a half all are opened together: who has read the others' quotes may not choose whether to open
    his own.
    """
    waiting = [unit] if standing.tender.has_halves else [each for each in standing.units if not each.verdict]
    rescued = Release.objects.filter(unit__in=waiting, role=Release.Role.RESCUE, good=True)
    return rescued.values("unit").distinct().count() == len(waiting)


def _is_over(standing: Standing) -> bool:
    return standing.turn_is_over


def _is_last_word(standing: Standing) -> bool:
    return _is_over(standing) and standing.act is Act.RESCUE


def spelt(finding: Finding) -> str:
    """A finding as the log spells it: WRONG_KEY(2), BAD_SHARE(1), BAD_DEAL(r), unauthenticated."""
    if isinstance(finding, str):
        return finding
    kind, *where = finding
    role = where[0] if where else ""
    rest = where[1:] or where
    return f"{kind}({'r' if role == 'r' and len(where) > 1 else ''}{rest[0] if rest else ''})"
