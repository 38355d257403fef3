"""The holders' turns: what each has released in one part, as it may be shown."""

from bidding.opening import events, queries
from bidding.opening.models import HolderTurn, Release
from bidding.opening.queries import Standing
from bidding.opening.telling import tell, told_number
from bidding.tender.models import CommitteeMember
from ledger.services import publish_blob
from proofs import canonical, commitment
from proofs.organisation import public_slot_key


def finish_turn(standing: Standing, member: CommitteeMember, kept: list[Release]) -> int | None:
    """Record that a holder has released what he has; returns the entry's number.

    What is read out is shown to all; the rest is committed to and goes to the panel.
    """
    part = member.committee.part
    said = [canonical.parse(row.statement.encode()) for row in kept]
    salt = commitment.fresh()
    if part in standing.tender.layout.read_out:
        digest = publish_blob(canonical.dumps(said))
    else:
        digest = commitment.commit(commitment.RELEASE, said, salt)
    HolderTurn.objects.create(
        opening=standing.opening,
        part=part,
        member=member.i,
        organisation=member.organisation,
        releases_sha256=digest,
        salt=salt,
        at=standing.at,
    )
    event = events.HolderReleased(
        stream=standing.project.log, org=member.organisation, i=member.i, part=part, releases_sha256=digest
    )
    return told_number(tell(standing.project, event, at=standing.at))


def shown_releases(standing: Standing, member: CommitteeMember) -> list[Release]:
    """A holder's releases in one part as they may be shown: right keys, and wrong ones that are nobody's key.

    A wrong key that opens another slot stays with the evidence: showing it would harm another bidder.
    """
    rows = Release.objects.filter(
        unit__opening=standing.opening,
        unit__bid__part=member.committee.part,
        role=Release.Role.HOLDER,
        member=member.i,
    ).select_related("unit__bid")
    right = {row.unit_id for row in rows if row.good}
    known = {key for one in queries.holders(standing.tender) for key in slot_keys(one)}
    kept = []
    for row in rows:
        sk = canonical.parse(row.statement.encode())["sk"]
        harmless = public_slot_key(canonical.b64u_bytes(sk, "sk", length=32)) not in known
        if row.good or (row.unit_id not in right and harmless):
            kept.append(row)
    return sorted(kept, key=lambda row: row.unit.bid.eid)


def finish_if_complete(standing: Standing, member: CommitteeMember) -> int | None:
    """Record a holder's turn when he has released everything asked of him; the entry's number, or None."""
    part = member.committee.part
    asked = {unit.pk for unit in standing.units if unit.bid.part == part and unit.pk in standing.released}
    given = Release.objects.filter(unit__in=asked, role=Release.Role.HOLDER, member=member.i, good=True)
    done = HolderTurn.objects.filter(opening=standing.opening, part=part, member=member.i).exists()
    # Once a part is decided its turns stay as they are: whoever runs the verdicts again has the same keys.
    done = done or all(unit.verdict for unit in standing.units if unit.pk in asked)
    if done or given.count() < len(asked):
        return None
    return finish_turn(standing, member, shown_releases(standing, member))


def slot_keys(member: CommitteeMember) -> list[bytes]:
    """A holder's public slot keys, as he posted them."""
    data = canonical.b64u_bytes(member.keys, "keys")
    return [data[start : start + 32] for start in range(0, len(data), 32)]


def slot_key(member: CommitteeMember, slot: int) -> bytes:
    """The public key of one slot."""
    return slot_keys(member)[slot]
