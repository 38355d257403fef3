"""A draw, and its contributors: each speaks with his own key, which no service ever sees."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from draws import queries, services
from draws.models import Draw, DrawMessage
from draws.rules import Windows
from ledger import sequencer
from proofs import canonical, lots, statement
from proofs import draw as arithmetic
from rulebook.times import iso
from tests import cast
from tests.make import accounts

CONTRIBUTORS = (cast.BUYER, cast.CENTRE, cast.PLATFORM)
WINDOWS = Windows(keys=60, commits=60, deals=60, complaints=10, reveals=60, recovery=60)


def pool(size: int = 12, *, per_org: int = 1, stratum: str = "A-it") -> tuple[list[dict], list[dict]]:
    """A masked pool of so many people, `per_org` of them with one employer, and what is behind the masks."""
    rows = []
    for n in range(size):
        salt, employer = canonical.sha256(b"salt%d" % n), f"employer-{n // per_org}"
        employer_salt = canonical.sha256(employer.encode())
        cid, org = lots.masked(f"expert-{n:03}", salt), lots.masked(employer, employer_salt)
        behind = {"cid": cid, "number": f"expert-{n:03}", "salt": salt.hex(), "org": org, "employer": employer,
                  "employer_salt": employer_salt.hex()}  # fmt: skip
        rows.append(({"cid": cid, "org": org, "strata": [stratum]}, behind))
    rows.sort(key=lambda row: row[0]["cid"])
    return [row for row, _ in rows], [behind for _, behind in rows]


def draw(
    *, number: str = "P-1", size: int = 12, need: int = 5, at: datetime = cast.NOON, windows: Windows = WINDOWS,
    reason: str = "",
) -> Draw:  # fmt: skip
    """An announced draw of this many people, with everybody's identity key registered."""
    accounts.keys()
    masked, behind = pool(size)
    return services.announce(
        project_number=number, purpose="panel", stream=f"project/{number}", contributors=CONTRIBUTORS,
        strata=[{"key": "A-it", "need": need, "standby": need, "name": "信息技术"}], max_per_org=1, pool=masked,
        openings=behind, windows=windows, reason=reason, by=cast.OFFICER, at=at,
    )  # fmt: skip


class Contributor:
    """One contributor at his own computer: place j, his key file, and what he keeps secret until he reveals it."""

    def __init__(self, draw: Draw, j: int) -> None:
        self.draw, self.j = draw, j
        self.signer = accounts.signer(draw.contributors[j - 1]["org"])
        self.coefficients: list[bytes] = []
        self.deal_text = ""

    @property
    def unit(self) -> dict[str, str]:
        return {"draw": self.draw.id}

    @property
    def spec(self) -> arithmetic.Spec:
        return arithmetic.parse_spec(Draw.objects.get(pk=self.draw.pk).spec)

    def says(self, v: str, fields: Mapping[str, Any], at: datetime, **more: str) -> dict[str, Any]:
        """The body of one statement, signed."""
        return {"statement": statement.sign(v, {**fields, "j": self.j}, by=self.signer, ts=iso(at)), **more}

    def keys(self, at: datetime) -> dict[str, Any]:
        m = len(self.draw.contributors)
        public = self.signer.slot_keys(unit=self.unit, role="d", count=m, first=1)
        fields = {"id": self.draw.id, "keys_sha256": canonical.sha256(public).hex()}
        return self.says("dk/1", fields, at, keys=canonical.b64u(public))

    def commits(self, at: datetime) -> dict[str, Any]:
        spec = self.spec
        self.coefficients = arithmetic.random_coefficients(spec)
        self.deal_text = arithmetic.make_deal(spec, self.j, self.coefficients)
        h = arithmetic.deal_commitment(spec, self.j, self.deal_text)
        return self.says("dc/1", {"sid": spec.sid.hex(), "h": h}, at)

    def deals(self, at: datetime) -> dict[str, Any]:
        sha256 = canonical.sha256(self.deal_text.encode()).hex()
        return self.says("dd/1", {"sid": self.spec.sid.hex(), "deal_sha256": sha256}, at, deal=self.deal_text)

    def reveals(self, at: datetime) -> dict[str, Any]:
        fields = {"sid": self.spec.sid.hex(), "r": [c.hex() for c in self.coefficients]}
        return self.says("dr/1", fields, at)

    def slot_key(self, dealer: int, at: datetime) -> dict[str, Any]:
        sk = self.signer.slot_key(unit=self.unit, role="d", slot=dealer)
        fields = {"sid": self.spec.sid.hex(), "dealer": dealer, "sk": canonical.b64u(sk)}
        return self.says("dp/1", fields, at)


def attestation(draw: Draw, at: datetime) -> dict[str, Any]:
    """The supervision body's `pool/1`."""
    by = accounts.signer(cast.BUREAU)
    return {"statement": statement.sign("pool/1", {"pool_sha256": draw.pool_sha256}, by=by, ts=iso(at))}


def said(draw: Draw, body: Mapping[str, Any], *, at: datetime) -> DrawMessage:
    """Hand a statement in."""
    return services.post_statement(draw_id=draw.pk, body=body, by=cast.STRANGER, at=at)


def contributors(draw: Draw) -> list[Contributor]:
    """All contributors of a draw."""
    return [Contributor(draw, c["i"]) for c in draw.contributors]


def until(draw: Draw, phase: str, *, at: datetime, people: Sequence[Contributor] | None = None) -> list[Contributor]:
    """Play a draw with everybody present until it is in this phase; returns the contributors."""
    people = list(people or contributors(draw))
    acts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("keys", lambda: [said(draw, c.keys(at), at=at) for c in people]),
        ("pool", lambda: said(draw, attestation(draw, at), at=at)),
        ("commits", lambda: [said(draw, c.commits(at), at=at) for c in people]),
        ("deals", lambda: witnessed(draw, at) and [said(draw, c.deals(at), at=at) for c in people]),
        ("complaints", lambda: services.advance(
            draw_id=draw.pk, by=cast.SYSTEM, at=draw_row(draw).ends_at or at)),
        ("reveals", lambda: witnessed(draw, at) and [said(draw, c.reveals(at), at=at) for c in people]),
    )  # fmt: skip
    for name, act in acts:
        if draw_row(draw).phase == phase:
            break
        if draw_row(draw).phase == name:
            act()
    assert draw_row(draw).phase == phase
    return people


def witnessed(draw: Draw, at: datetime) -> bool:
    """Let the sequencer place what was recorded, and the draw notice it."""
    sequencer.turn(at=at)
    services.advance(draw_id=draw.pk, by=cast.SYSTEM, at=at)
    return True


def draw_row(draw: Draw) -> Draw:
    return Draw.objects.get(pk=draw.pk)


def settled(draw: Draw, *, at: datetime = cast.NOON) -> Draw:
    """The draw played to its result."""
    until(draw, "settled", at=at)
    return draw_row(draw)


def decided(draw: Draw, *, at: datetime = cast.NOON) -> Draw:
    """The draw as it is after its result, without the messages that lead to it: for tests about what comes after."""
    seed = canonical.sha256(draw.pk.encode())
    result = lots.select(seed, draw.pool, lots.parse_strata(queries.strata(draw)), max_per_org=draw.max_per_org)
    Draw.objects.filter(pk=draw.pk).update(phase="settled", seed=seed.hex(), result=result, ended_at=at)
    return draw_row(draw)
