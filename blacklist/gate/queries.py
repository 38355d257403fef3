"""Reads every gate asks: may somebody take part; of a body and of the people it stands with.

One statement along one index of each source, however many decisions there are; another where it finds some. Nothing
here knows who asks, nor for what procurement: the answer is told to whoever was refused and to nobody else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from blacklist.cases.models import Restriction
from blacklist.cases.queries import restricted
from blacklist.gate.rules import OWN_MARKET, counts_at_review
from blacklist.sanctions import rules
from blacklist.sanctions.models import Sanction, SanctionKey
from ledger.written_out import row_of
from rulebook.calendar import day_in_china
from rulebook.credit_code import why_not_credit_code
from rulebook.refusal import Reason

_COLUMNS = ("id", "authority", "decision_no", "basis", "regimes", "region", "starts_on", "ends_on")
# Written out: every gate asks, and composing it costs more than the index takes to answer.
_UNENDED = f"""
    SELECT k.key, f.id, f.kind, {", ".join(f"s.{name}" for name in _COLUMNS)}
    FROM blacklist_sanctionkey k JOIN blacklist_sanction s ON s.id = k.sanction_id
    LEFT JOIN blacklist_sanctionfact f ON f.sanction_id = s.id
    WHERE k.key IN ({{marks}}) AND k.ends_on >= %s"""
# The question itself; what was decided is read only where there is something: a join costs more to plan than this.
_ASKED = "SELECT k.key, 0 FROM blacklist_sanctionkey k WHERE k.key IN ({marks}) AND k.ends_on >= %s"
_RESTRICTED = """
    UNION ALL SELECT r.subject, 1 FROM blacklist_restriction r WHERE r.subject IN ({marks}) AND r.ends_at > %s"""


@dataclass(frozen=True)
class Bound:
    """A decision on somebody whose term is not over, with what followed it."""

    authority: str
    decision_no: str
    basis: str
    regimes: str
    region: str
    starts_on: date
    ends_on: date
    followed: tuple[str, ...]


def people(*, at: datetime) -> set[str]:
    """The keyed hashes of everybody under a decision or restriction whose term is not over, whether it binds or not."""
    keys = SanctionKey.objects.filter(sanction__code="", ends_on__gte=day_in_china(at)).values_list("key", flat=True)
    own = Restriction.objects.filter(ends_at__gt=at).values_list("subject", flat=True)
    return {*keys, *(subject for subject in own if why_not_credit_code(subject))}


@dataclass(frozen=True)
class Held:
    """A decision that binds a body whose bid lies here.  at_review: whether it counts there, or at the award alone."""

    reason: Reason
    at_review: bool


def why_not_take_part(
    code: str, *, regime: str, at: datetime, region: str = "", people: Collection[str] = (), new: bool = True
) -> tuple[Reason, ...]:
    """Reasons against a body's part in a procurement of a regime at an instant. Every gate asks.

    code: credit code; empty where a person alone is asked about.  regime: A, B, C or D.  region: where the procurement
    is; empty where that is nowhere in particular, and only what holds everywhere binds.  people: the keyed hashes of
    whom it stands with: legal representative, project leader, expert.  new: what the platform itself restricts counts
    too, in its own market: it keeps out of what is new. Costs one statement along one index of each source.
    Law: 政府采购法实施条例 第19条.
    """
    keys = list(dict.fromkeys(key for key in (code, *people) if key))
    found, own = _unended(keys, at=at, own=new and regime in OWN_MARKET)
    bans = [ban for key in keys for ban in found.get(key, ())]
    reasons = rules.why_not_take_part(bans, regime=regime, region=region, on=day_in_china(at))
    if own:
        reasons += tuple(reason for each in restricted(sorted(own), at=at).values() for reason in each)
    return reasons


def banned(keys: Collection[str], *, regime: str, at: datetime, region: str = "") -> set[str]:
    """Which of these bodies or people may not take part, in one read."""
    on, (found, own) = day_in_china(at), _unended(list(keys), at=at, own=regime in OWN_MARKET)
    bound = {
        key for key, bans in found.items() if any(rules.binds(b, regime=regime, region=region, on=on) for b in bans)
    }
    return bound | set(restricted(sorted(own), at=at) if own else ())


def held(
    received: Mapping[str, datetime], *, regime: str, at: datetime, region: str = ""
) -> dict[str, tuple[Held, ...]]:
    """Of bodies whose bids lie here, every decision that binds now, and whether it counts at the review.

    received: when each bid came in. A ban that began later counts there where the regime's row says so, else at the
    award alone. Asked at the read-out and at the review, once everybody knows who bids.
    Law: 明标平台规则 第72条.
    """
    on, (found, _) = day_in_china(at), _unended(list(received), at=at)
    told = {}
    for key, bans in found.items():
        day = day_in_china(received[key])
        told[key] = tuple(
            Held(reason, counts_at_review(starts_on=ban.starts_on, received_on=day, regime=regime))
            for ban in bans
            for reason in rules.why_not_take_part([ban], regime=regime, region=region, on=on)
        )
    return {key: each for key, each in told.items() if each}


def why_not_reviewed(
    received: Mapping[str, datetime], *, regime: str, at: datetime, region: str = ""
) -> dict[str, tuple[Reason, ...]]:
    """Of bodies whose bids lie here, whom a ban keeps out at the review, with the reasons; as `held` tells."""
    told = held(received, regime=regime, at=at, region=region)
    counting = {key: tuple(each.reason for each in bans if each.at_review) for key, bans in told.items()}
    return {key: reasons for key, reasons in counting.items() if reasons}


def _unended(keys: Sequence[str], *, at: datetime, own: bool = False) -> tuple[dict[str, list[Bound]], set[str]]:
    """Key ↦ its decisions whose term is not over, in the order of their recording; and whom the platform may restrict.

    own: whether the platform's own restrictions are asked for at all.
    """
    if not keys:
        return {}, set()
    with connection.cursor() as cursor:
        day = day_in_china(at)
        cursor.execute(_statement(len(keys), own), [*keys, day, *((*keys, at) if own else ())])
        asked = cursor.fetchall()
        mine = {key for key, restricts in asked if restricts}
        hit = sorted({key for key, restricts in asked if not restricts})
        if not hit:
            return {}, mine
        cursor.execute(_UNENDED.format(marks=", ".join(["%s"] * len(hit))), [*hit, day])
        decided = cursor.fetchall()
    held: dict[tuple[str, int], tuple[Sanction, list[str]]] = {}
    for key, _, fact, *facts in sorted(decided, key=lambda row: (row[3], row[1] or 0)):
        row, followed = held.setdefault((key, facts[0]), (row_of(Sanction, _COLUMNS, facts), []))
        followed += [fact] if fact else []
    found: dict[str, list[Bound]] = {}
    for (key, _), (row, followed) in held.items():
        told = (row.authority, row.decision_no, row.basis, row.regimes, row.region, row.starts_on, row.ends_on)
        found.setdefault(key, []).append(Bound(*told, tuple(followed)))
    return found, mine


@lru_cache(maxsize=64)
def _statement(keys: int, own: bool) -> str:
    return (_ASKED + (_RESTRICTED if own else "")).format(marks=", ".join(["%s"] * keys))
