"""Two hundred bidders of one tender, in a fresh house: `python -m bench.bidders open BIDDERS EACH SECONDS`, `… told`.

`open` prints what the bidders need to hand in EACH versions of their bids, sealed and uploaded long before; the
deadline is so many seconds away. `told` prints what the house holds afterwards. Both run in the house's environment.
"""

import itertools
import json
import secrets
import sys
from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX  # noqa: E402
from django.db import transaction  # noqa: E402

from accounts import services as accounts  # noqa: E402
from accounts.models import Organisation, User  # noqa: E402
from accounts.rules import Kind  # noqa: E402
from bidding.submission import queries as submissions  # noqa: E402
from bidding.submission.models import Bid, LateBid, StoredEnvelope  # noqa: E402
from bidding.tender import queries as tenders  # noqa: E402
from bidding.tender import rules  # noqa: E402
from bidding.tender.models import Slot, Tender  # noqa: E402
from config.sessions import SessionStore  # noqa: E402
from ledger.models import Entry  # noqa: E402
from proofs import canonical, manifest, statement  # noqa: E402
from proofs.organisation import Organisation as Signer  # noqa: E402
from rulebook import clock  # noqa: E402
from rulebook.actor import SYSTEM, Role  # noqa: E402
from rulebook.credit_code import check_character  # noqa: E402
from rulebook.times import iso  # noqa: E402
from tests.cast import DAY  # noqa: E402
from tests.make import bidding, market  # noqa: E402

NUMBER = "R-001"
PARTS = ("sheet", "body")
SIZE = 131_072


def opened(bidders: int, each: int, seconds: float) -> dict[str, Any]:
    """The tender, and every bidder's session and statements in the order he will hand them in.

    All is signed before anything is written: the deadline counts from the writing, which is short.
    """
    slots = bidders * each + 1
    units = {part: {"tender": NUMBER, "lot": "1", "part": part} for part in PARTS}
    cmh = {}
    for part, unit in units.items():
        posted = [(code, bidding.slot_keys(code, NUMBER, part, slots)) for code in bidding.HOLDERS]
        cmh[part] = manifest.build(unit=unit, k=rules.THRESHOLD, members=posted).cmh.hex()
    free = {part: list(range(1, slots)) for part in PARTS}
    for numbers in free.values():
        secrets.SystemRandom().shuffle(numbers)
    told = [_bidder(n, units, cmh, free, each) for n in range(bidders)]
    with transaction.atomic():
        closes_at = clock.now() + timedelta(seconds=seconds)
        _written(told, slots=slots, closes_at=closes_at)
    for one in told:
        one["bodies"] = [json.dumps({"subs": subs}) for subs in one.pop("handed")]
        del one["key"]
    return {"number": NUMBER, "closes_at": closes_at.timestamp(), "bidders": told, "blob": cmh["body"]}


def _bidder(
    n: int, units: dict[str, dict[str, str]], cmh: dict[str, str], free: dict[str, list[int]], each: int
) -> dict[str, Any]:
    start = f"91152900MA1B{n:05d}"
    code, ts = start + check_character(start), iso(clock.now())
    signer = Signer(code, 1, secrets.token_bytes(32))
    key = statement.sign("idk/1", {"key": canonical.b64u(signer.key), "not_before": ts}, by=signer, ts=ts)
    handed: list[list[dict[str, Any]]] = [[] for _ in range(each)]
    for part, unit in units.items():
        replaces = None
        for seq, subs in enumerate(handed, start=1):
            fields = {
                "unit": unit, "eid": secrets.token_hex(16), "slot": free[part].pop(), "cmh": cmh[part],
                "env_sha256": secrets.token_hex(32), "size": SIZE, "seq": seq, "replaces": replaces,
            }  # fmt: skip
            replaces = fields["env_sha256"]
            subs.append(statement.sign("sub/1", fields, by=signer, ts=ts))
    return {"org": code, "key": key, "handed": handed}


def _written(told: list[dict[str, Any]], *, slots: int, closes_at: datetime) -> None:
    """The tender, its bidders, and what they have uploaded."""
    now = clock.now()
    past = dict.fromkeys(("stage_at", "publish_at", "published_at", "approved_at", "submitted_at"), now - DAY)
    project = market.project(number=NUMBER, notice_ends_at=now - DAY, **past)
    tender = bidding.tender(number=NUMBER, project=project, supply_ends_at=now, closes_at=closes_at, slots=slots)
    committees = tenders.committees(tender)
    taken: list[Slot] = []
    kept: list[StoredEnvelope] = []
    for n, one in enumerate(told):
        Organisation.objects.create(code=one["org"], name=f"第{n}号投标单位", kind=Kind.PROVIDER, is_small=False)
        accounts.register_key(statement=one["key"], by=SYSTEM, at=now)
        facts = {"name": f"第{n}号投标人", "role": Role.PROVIDER, "password": UNUSABLE_PASSWORD_PREFIX}
        one["cookies"] = _session(User.objects.create(username=f"bidder{n}", organisation_id=one["org"], **facts))
        for sub in itertools.chain(*one["handed"]):
            part = sub["unit"]["part"]
            taken.append(Slot(committee=committees[part], number=sub["slot"], allotted_to=one["org"], allotted_at=now))
            kept.append(
                StoredEnvelope(
                    tender=tender, organisation=one["org"], part=part, sha256=sub["env_sha256"], size=SIZE,
                    eid=sub["eid"], slot=sub["slot"], stored_at=now,
                )
            )  # fmt: skip
    Slot.objects.bulk_create(taken)
    StoredEnvelope.objects.bulk_create(kept)


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={'t' * 32}"


def told() -> dict[str, Any]:
    """Every version the house took, what it logged of them, and whose is live."""
    tender = Tender.objects.get(project__number=NUMBER)
    return {
        "kept": [list(row) for row in Bid.objects.values_list("organisation", "part", "version")],
        "logged": Entry.objects.filter(kind="bidding.bid-sealed").count(),
        "refused": LateBid.objects.count(),
        "refusals": Entry.objects.filter(kind="bidding.bid-refused").count(),
        "live": {bid.org: [row.version for row in bid.parts.values()] for bid in submissions.live(tender)},
    }


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    answer = opened(int(numbers[0]), int(numbers[1]), float(numbers[2])) if what == "open" else told()
    sys.stdout.write(json.dumps(answer))
