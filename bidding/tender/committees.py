"""Acts of a tender's key holders: they are asked, make their keys, and open a dummy before anything is published."""

import base64
import io
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.queries import checked, is_revoked
from bidding.holding import ahead
from bidding.holding import queries as roster_queries
from bidding.holding import rules as holding
from bidding.holding.models import KeptSlots
from bidding.tender import events, queries, rules
from bidding.tender.layouts import READ_OUT
from bidding.tender.models import CommitteeMember, KeyCommittee, Tender
from bidding.tender.rules import CommitteeState
from ledger.services import publish_blob, record
from market.projects import queries as projects
from notifier.asking import asks_first
from proofs import canonical, envelope, manifest
from proofs.organisation import Organisation as Sealer
from proofs.organisation import public_slot_key
from proofs.releases import Releases
from proofs.verdict import Terms, Verdict, open_envelope
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso

TRIAL_SEALER = "trial"


@transaction.atomic
def request_keys(
    *, project_number: str, holders: Sequence[str] = (), k: int = rules.THRESHOLD, by: Actor, at: datetime
) -> list[KeyCommittee]:
    """Ask holders of the standing roster for slot keys of every part.

    holders: organisations, three to seven; without any, one of each side.  k: how many of them open.
    Refused when it is not the buyer's officer, they were asked before, or they are not different, ready holders of
    all three sides.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    refuse_if(queries.why_not_request_keys(tender, holders=holders, k=k, by=by))
    return _ask(tender, [each.org for each in queries.chosen(project, holders)], k=k, at=at)


def request_unattended(*, tender: Tender, at: datetime) -> list[KeyCommittee]:
    """Ask unattended holders of the roster for slot keys of every part; nobody chooses them, nobody clicks.

    The caller holds the project. Refused while too few of them stand ready.  Spec: docs/proofs.md, quotes that open
    by themselves.
    """
    chosen = holding.by_themselves(queries.candidates(tender.project))
    refuse_if(holding.why_not_by_themselves(chosen))
    return _ask(tender, [each.org for each in chosen], k=rules.THRESHOLD, at=at)


def _ask(tender: Tender, orgs: Sequence[str], *, k: int, at: datetime) -> list[KeyCommittee]:
    project = tender.project
    roster = [{"i": i, "org": org} for i, org in enumerate(orgs, start=1)]
    made = [
        KeyCommittee.objects.create(
            tender=tender, part=part, k=k, n=len(roster), slots=rules.SLOTS, roster=roster, asked_at=at
        )
        for part in tender.parts
    ]
    units = [rules.unit(project.number, part) for part in tender.parts]
    record(
        events.KeysWanted(
            stream=events.KEYS,
            number=project.number,
            units=units,
            slots=rules.SLOTS,
            holders=roster,
            k=k,
        ),
        at=at,
    )
    for committee in made:
        _take_kept(committee, at=at)
    return made


@transaction.atomic
def keep_slots(*, statement: Any, keys: str, at: datetime) -> KeptSlots:
    """Take a holder's slot keys for a reserved number, or for a tender that has just asked for them.

    The same again changes nothing. Refused when the signature does not hold, and as `ahead.keep_slots` says.
    Spec: docs/proofs.md, key holders.
    """
    said = checked(statement, v="slots/1")
    number = str(said["unit"].get("tender", ""))
    taken = projects.hold_if_there(number)
    kept = ahead.keep_slots(said=said, keys=keys, at=at)
    if taken:
        for committee in KeyCommittee.objects.filter(tender__project=taken, part=kept.part):
            _take_kept(committee, at=at)
    return kept


def _take_kept(committee: KeyCommittee, *, at: datetime) -> None:
    """Seat the holders who made their keys ahead; with all of them in, the manifest is made."""
    number = committee.tender.project.number
    projects.hold_reserved(number)
    kept = roster_queries.kept(number, committee.part)
    seated = set(committee.members.values_list("organisation", flat=True))
    if committee.state != CommitteeState.WANTED:
        return
    for place in committee.roster:
        row = kept.get(place["org"])
        if row is None or row.slots != committee.slots or place["org"] in seated:
            continue
        if is_revoked(place["org"], row.statement["gen"]):
            continue  # whoever has that seed has these keys: the holder makes others
        CommitteeMember.objects.create(
            committee=committee, i=place["i"], organisation=place["org"], keys=row.keys, statement=row.statement,
            posted_at=row.posted_at,
        )  # fmt: skip
    if committee.members.count() == committee.n:
        _make_manifest(committee, at=at)


@transaction.atomic
def post_slots(*, project_number: str, part: str, statement: Any, keys: str, at: datetime) -> CommitteeMember:
    """Take a holder's slot keys under its signed `slots/1`; the same again changes nothing.

    When all holders are in, the manifest is made and published, and the trial opening begins.
    Refused when the signature does not hold, it is no holder, or the keys are not the ones it signed.
    Spec: docs/proofs.md, key holders.
    """
    said = checked(statement, v="slots/1")
    public = ahead.decoded(keys)
    projects.hold(project_number)
    tender = queries.tender(project_number)
    committee = queries.committee(tender, part)
    posted = CommitteeMember.objects.filter(committee=committee, organisation=said["org"]).first()
    if posted and posted.statement == said and posted.keys == keys:
        return posted
    roster = {each["org"]: each["i"] for each in committee.roster}
    refuse_if(
        rules.why_not_post_slots(
            statement=said,
            wanted=queries.unit(tender, part),
            roster=tuple(roster),
            slots=committee.slots,
            keys=public,
            keys_sha256=queries.sha256(public),
            state=committee.state,
        )
    )
    if posted:
        raise Refused(Reason("keys.posted", Kind.NOT_NOW, "该单位已提交另一组公钥"))
    member = CommitteeMember.objects.create(
        committee=committee,
        i=roster[said["org"]],
        organisation=said["org"],
        keys=keys,
        statement=said,
        posted_at=at,
    )
    record(
        events.SlotsPosted(
            stream=events.KEYS, number=project_number, org=said["org"], i=member.i, part=part, statement=said
        ),
        at=at,
    )
    if committee.members.count() == committee.n:
        _make_manifest(committee, at=at)
    return member


@transaction.atomic
def replace_holder(*, project_number: str, leaving: str, entering: str, by: Actor, at: datetime) -> list[KeyCommittee]:
    """Put another holder of the roster in one's place; the manifest is drawn anew and opened in trial again.

    The others keep their places and their keys. Refused for anybody but the buyer's officer, in approval and after
    publication, and where the holders would no longer be different, ready and of all three sides.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    made = list(queries.committees(tender).values())
    refuse_if(queries.why_not_replace(tender, leaving=leaving, entering=entering, by=by))
    for committee in made:
        committee.roster = [
            {**place, "org": entering} if place["org"] == leaving else place for place in committee.roster
        ]
        committee.state, committee.cmh = CommitteeState.WANTED.value, ""
        committee.dummy = committee.ready_at = None
        committee.save(update_fields=["roster", "state", "cmh", "dummy", "ready_at"])
        committee.members.filter(organisation=leaving).delete()
        committee.members.update(trial=None)
    first = made[0]
    units = [queries.unit(tender, each.part) for each in made]
    record(
        events.KeysWanted(
            stream=events.KEYS, number=project.number, units=units, slots=first.slots, holders=first.roster, k=first.k
        ),
        at=at,
    )
    for committee in made:
        _take_kept(committee, at=at)
    return made


def _make_manifest(committee: KeyCommittee, *, at: datetime) -> None:
    """Fix the manifest, then seal a dummy at slot 0 and ask the holders to open it."""
    unit = queries.unit(committee.tender, committee.part)
    posted = [
        (member.organisation, canonical.b64u_bytes(member.keys, "keys")) for member in committee.members.order_by("i")
    ]
    made = manifest.build(unit=unit, k=committee.k, members=posted)
    committee.cmh = publish_blob(made.data)
    seed, target = secrets.token_bytes(32), io.BytesIO()
    sealed = envelope.seal(
        target,
        by=Sealer(TRIAL_SEALER, 1, seed),
        manifest=made,
        slot=0,
        policy=committee.tender.policy,
        sheet={"note": "试开启"} if committee.part in READ_OUT else {},
        files=(),
        ts=iso(at),
        rehearsal=True,
    )
    committee.dummy = {
        "eid": sealed.eid,
        "env_sha256": publish_blob(target.getvalue()),
        "seed": base64.b64encode(seed).decode(),
    }
    committee.state = CommitteeState.TRIAL.value
    committee.save(update_fields=["cmh", "dummy", "state"])
    record(events.ManifestMade(stream=events.KEYS, unit=unit, cmh=committee.cmh, k=committee.k, n=committee.n), at=at)
    record(
        events.TrialWanted(stream=events.KEYS, unit=unit, eid=sealed.eid, env_sha256=committee.dummy["env_sha256"]),
        at=at,
    )


@asks_first
def rehearse_release(*, project_number: str, statement: Any, at: datetime) -> int | None:
    """Take a holder's slot-0 key for the trial opening; once all are in, open the dummy and record the verdict.

    Returns the number of the public entry when this release completed the trial.
    Refused when the signature does not hold, it is no holder, or the key is not the manifest's.
    """
    said = checked(statement, v="rel/1")
    projects.hold(project_number)
    tender = queries.tender(project_number)
    committee = queries.committee(tender, _part(said))
    member = committee.members.filter(organisation=said["org"]).first()
    if member and member.trial == said:
        return None
    refuse_if(_why_not_rehearse(said, committee, member))
    assert member is not None  # the rule has just said so
    member.trial = said
    member.save(update_fields=["trial"])
    released = list(committee.members.exclude(trial=None))
    if len(released) < committee.n:
        return None
    verdict = _open_dummy(committee, released)
    if verdict is Verdict.OK:
        committee.state, committee.ready_at = CommitteeState.READY.value, at
        committee.save(update_fields=["state", "ready_at"])
    unit = queries.unit(tender, committee.part)
    entry = record(events.Rehearsed(stream=events.KEYS, unit=unit, cmh=committee.cmh, verdict=verdict.value), at=at)
    return entry.seq


def _why_not_rehearse(
    said: Mapping[str, Any], committee: KeyCommittee, member: CommitteeMember | None
) -> tuple[Reason, ...]:
    genuine = False
    if member is not None and said["role"] == "c":
        first = canonical.b64u_bytes(member.keys, "keys")[:32]
        genuine = public_slot_key(canonical.b64u_bytes(said["sk"], "sk", length=32)) == first
    return rules.why_not_rehearse(
        statement={"slot": None, "i": None, **said},
        member_i=member.i if member else None,
        unit=queries.unit(committee.tender, committee.part),
        eid=committee.dummy["eid"] if committee.dummy else "",
        state=committee.state,
        genuine=genuine,
    )


def _open_dummy(committee: KeyCommittee, released: list[CommitteeMember]) -> Verdict:
    """Open the dummy as a bid is opened, by every holder's key and the server's own half."""
    made = manifest.parse(queries.kcm_bytes(committee))
    sealer = Sealer(TRIAL_SEALER, 1, base64.b64decode(committee.dummy["seed"]))
    eid = bytes.fromhex(committee.dummy["eid"])
    halves = committee.tender.has_halves
    b = sealer.half(unit=made.unit, cmh=made.cmh, slot=0, eid=eid) if halves else None
    keys = {member.i: canonical.b64u_bytes(member.trial["sk"], "sk", length=32) for member in released}
    opened = open_envelope(
        io.BytesIO(queries.published(committee.dummy["env_sha256"])),
        made.data,
        Releases(b=b, c=keys),
        terms=Terms(cmh=made.cmh, policy=committee.tender.policy, rehearsal=True),
        env_sha256=committee.dummy["env_sha256"],
    )
    opened.close()
    return opened.verdict


def _part(said: Mapping[str, Any]) -> str:
    return str(said["unit"].get("part", ""))
