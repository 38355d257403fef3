"""Acts between host and bidders: messages, muting, identity, the confirmed price."""

from datetime import datetime
from typing import Any

from django.db import transaction

from bidding.opening import conducting, doors, events, hosting, talk
from bidding.opening.models import HallMessage, IdentityCheck, Mute, PriceCheck
from bidding.opening.queries import Standing
from bidding.opening.talk import ALL, HOST, Deposit
from bidding.opening.telling import tell
from proofs import canonical, commitment
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso


@transaction.atomic
def say(*, project_number: str, to: str, text: str, by: Actor, at: datetime) -> HallMessage:
    """Send a message: the host to all or to one bidder, a bidder to the host. Never one bidder to another.

    What is for all is public; of the rest the log holds a commitment that names nobody.
    Refused outside the opening, to the muted, beyond the rate, and empty or longer than 300 characters.
    """
    standing = doors.hold(project_number, by=by, at=at)
    side = talk.side_of(standing.facts, by)
    recent = HallMessage.objects.filter(opening=standing.opening, sender=side, at__gt=at - talk.WITHIN)
    refuse_if(talk.why_not_say(standing.facts, by=by, to=to, sent=recent.count(), muted=side in muted(standing)))
    kept = conducting.said(text, code="message.length", why="消息应为 1 至 300 个字", most=talk.LONGEST)
    salt = b"" if to == ALL else commitment.fresh()
    message = HallMessage(opening=standing.opening, sender=side, to=to, text=kept, person=by.person, at=at, salt=salt)
    message.commitment = "" if to == ALL else commitment.commit(commitment.MESSAGE, committed(message), salt)
    message.save(force_insert=True)
    if side == HOST:
        hosting.note(standing, by=by)
    stream = standing.project.log
    event = (
        events.HostSaid(stream=stream, by=by.organisation, text=kept)
        if to == ALL
        else events.MessageSent(stream=stream, commitment=message.commitment)
    )
    tell(standing.project, event, at=at)
    return message


@transaction.atomic
def mute(*, project_number: str, bidder: str, muted: bool, reason: str, by: Actor, at: datetime) -> Mute:
    """Stop a bidder's messages, or let them through again; his objections are heard all the same.

    Refused to everyone but the host, and without a reason.
    """
    standing = doors.hold(project_number, by=by, at=at)
    refuse_if(talk.why_not_mute(standing.facts, by=by, bidder=bidder))
    text = conducting.said(reason, code="message.mute-needs-reason", why="请写明原因", most=talk.LONGEST)
    made = Mute.objects.create(
        opening=standing.opening, bidder=bidder, muted=muted, reason=text, person=by.person, at=at
    )
    hosting.note(standing, by=by)
    tell(standing.project, events.BidderMuted(stream=standing.project.log, org=bidder, muted=muted, reason=text), at=at)
    return made


@transaction.atomic
def check_identity(
    *, project_number: str, bidder: str, fits: bool, by_hand: bool, deposit: str, reason: str, by: Actor, at: datetime
) -> IdentityCheck:
    """Note whether a bidder's representative is who he says, and the state of his deposit. The opening goes on.

    Refused to everyone but the host, for whoever did not bid, where it does not fit without a reason, and after the
    record is drawn up.
    """
    standing = doors.hold(project_number, by=by, at=at)
    text = " ".join(reason.split())[: talk.LONGEST]
    refuse_if(talk.why_not_check_identity(standing.facts, by=by, bidder=bidder, fits=fits, reason=text))
    try:
        state = Deposit(deposit)
    except ValueError:
        raise Refused(Reason("identity.deposit", Kind.NOT_VALID, "请选择保证金状态")) from None
    made = IdentityCheck.objects.create(
        opening=standing.opening, bidder=bidder, fits=fits, by_hand=by_hand, deposit=state.value, reason=text,
        person=by.person, at=at,
    )  # fmt: skip
    hosting.note(standing, by=by)
    event = events.IdentityChecked(
        stream=standing.project.log, org=bidder, fits=fits, by_hand=by_hand, deposit=state.value, reason=text
    )
    tell(standing.project, event, at=at)
    return made


@transaction.atomic
def confirm_price(*, project_number: str, agrees: bool, reason: str, by: Actor, at: datetime) -> PriceCheck:
    """A bidder says whether what was read out is his quote; apart from his signature under the record.

    Refused to whoever did not bid, before his sheet is read out, twice, and where it is wrong without saying what.
    """
    standing = doors.hold(project_number, by=by, at=at)
    sheet = next(
        (unit.sheet for unit in standing.units if unit.bid.organisation == by.organisation and unit.sheet), None
    )
    text = " ".join(reason.split())[: talk.LONGEST]
    done = PriceCheck.objects.filter(opening=standing.opening, bidder=by.organisation).exists()
    refuse_if(
        talk.why_not_confirm_price(
            standing.facts,
            by=by,
            read_out=sheet is not None and not standing.tender.layout.rounds,
            agrees=agrees,
            reason=text,
            done=done,
        )
    )
    digest = canonical.sha256(canonical.dumps(sheet)).hex()
    made = PriceCheck.objects.create(
        opening=standing.opening, bidder=by.organisation, agrees=agrees, reason=text, sheet_sha256=digest,
        person=by.person, at=at,
    )  # fmt: skip
    event = events.PriceConfirmed(
        stream=standing.project.log, org=by.organisation, agrees=agrees, reason=text, sheet_sha256=digest
    )
    tell(standing.project, event, at=at)
    return made


def committed(message: HallMessage) -> dict[str, Any]:
    """What a message's commitment is to."""
    return {"from": message.sender, "to": message.to, "text": message.text, "at": iso(message.at)}


def muted(standing: Standing) -> set[str]:
    """The bidders whose messages are stopped."""
    newest = {one.bidder: one.muted for one in Mute.objects.filter(opening=standing.opening).order_by("pk")}
    return {bidder for bidder, is_muted in newest.items() if is_muted}


def messages(standing: Standing, *, viewer: Actor) -> list[HallMessage]:
    """The messages this reader may see: the host's own house and the supervisor all, a bidder his own and those to all.

    Nobody else any but those to all, which are in the public log anyway.
    """
    found = HallMessage.objects.filter(opening=standing.opening).order_by("pk")
    side = talk.side_of(standing.facts, viewer)
    if side == HOST or viewer.role is Role.SUPERVISOR:
        return list(found)
    return [one for one in found if one.to == ALL or side and side in (one.sender, one.to)]
