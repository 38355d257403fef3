"""Slot keys made ahead: numbers are reserved in batches, each holder prepares for them in one sitting."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bidding.holding import events, queries, rules
from bidding.holding.models import KeptSlots
from ledger.services import record
from market.projects import queries as projects
from market.projects import services as project_services
from proofs import canonical
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason, Refused, refuse_if


@transaction.atomic
def reserve(*, by: Actor, at: datetime) -> list[str]:
    """Reserve the next batch of numbers when few are left and a roster stands; returns them, none when none is due."""
    if len(projects.reserved()) > rules.LOW or len(queries.standing()) < rules.FEWEST:
        return []
    numbers = project_services.reserve_numbers(count=rules.BATCH, by=by, at=at)
    told = events.NumbersReserved(stream=events.KEYS, numbers=numbers, parts=list(rules.PARTS_AHEAD), slots=rules.SLOTS)
    record(told, at=at)
    return numbers


def keep_slots(*, said: Mapping[str, Any], keys: str, at: datetime) -> KeptSlots:
    """Keep a holder's slot keys for one part of a reserved number; the same again changes nothing.

    said: its `slots/1`, whose signature the caller has checked; the caller holds the project where there is one.
    Refused when the holder is not on the roster, the number is not reserved, or the keys are not the ones it signed.
    """
    unit, public = said["unit"], decoded(keys)
    number, part = str(unit.get("tender", "")), str(unit.get("part", ""))
    reserved = projects.hold_reserved(number) is not None
    kept = KeptSlots.objects.filter(number=number, part=part, organisation=said["org"]).first()
    if kept and kept.keys == keys:
        return kept
    refuse_if(
        rules.why_not_keep_slots(
            statement=said,
            standing=queries.is_standing(said["org"]),
            reserved=reserved,
            keys=public,
            keys_sha256=canonical.sha256(public).hex(),
        )
    )
    if kept:
        raise Refused(Reason("keys.posted", Kind.NOT_NOW, "该单位已提交另一组公钥"))
    kept = KeptSlots.objects.create(
        number=number, part=part, organisation=said["org"], slots=rules.SLOTS, keys=keys, statement=dict(said),
        posted_at=at,
    )  # fmt: skip
    record(
        events.SlotsPosted(stream=events.KEYS, number=number, org=said["org"], i=0, part=part, statement=dict(said)),
        at=at,
    )
    return kept


def decoded(keys: str) -> bytes:
    """The bytes of public keys. Refused unless they are spelt as canonical base64url."""
    try:
        return canonical.b64u_bytes(keys, "keys")
    except canonical.NotCanonical as wrong:
        raise Refused(Reason("keys.malformed", Kind.NOT_VALID, "公钥应为规范的 base64url 文本")) from wrong
