"""Programs' doors of protected tips. Those of tipsters ask for nobody's session and look at nobody's address."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema
from ninja.security import django_auth

from accounts.flood import count, limited
from proofs.canonical import NotCanonical, b64u_bytes
from rulebook.actor import STRANGER
from rulebook.refusal import refuse_if
from supervision.tips import queries, rules, services
from supervision.tips.models import TipThread

router = Router(tags=["tips"])
MINUTE = 60
Seq = Annotated[int, Field(ge=1, lt=1 << 31)]


def budgeted(most: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A door that all together may use so often a minute: to limit each, it would have to know who each is."""

    def around(door: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(door)
        def behind(request: HttpRequest, *args: Any, **told: Any) -> Any:
            key = f"tips:{door.__name__}:{int(request.arrived_at.timestamp()) // MINUTE}"
            refuse_if(rules.why_not_knock(this_minute=count(key, timeout=2 * MINUTE), most=most))
            return door(request, *args, **told)

        behind.limited = True  # type: ignore[attr-defined]
        return behind

    return around


class Tip(Schema):
    """lookup: from the code.  to: the two bodies, of a first message.  sealed: three copies.  work: `proofs.tip`."""

    lookup: str
    seq: Seq
    to: list[str] = []
    sealed: str
    work: Annotated[int, Field(ge=0, lt=1 << 32)]


class Lookup(Schema):
    lookup: str


class Key(Schema):
    """A signed slots/1, and the reading key it is over."""

    statement: dict[str, Any]
    key: str


class Answer(Schema):
    """outcome: empty, or what the body closes with."""

    seq: Seq
    sealed: str
    outcome: str = ""


def _bytes(text: str) -> bytes:
    """Its bytes; none for another spelling, which the rules refuse."""
    try:
        return b64u_bytes(text, "bytes")
    except NotCanonical:
        return b""


@router.get("/tips/recipients", auth=None, response=list[dict[str, Any]])
def standing(request: HttpRequest) -> list[dict[str, Any]]:
    """Who receives tips, under which keys, and who says so."""
    return queries.recipients_of(queries.standing())


@router.post("/tips/send", auth=None, response=dict[str, Any])
@budgeted(rules.SENT_A_MINUTE)
def send(request: HttpRequest, body: Tip) -> dict[str, Any]:
    """A tipster's message. The very same again changes nothing and is answered alike."""
    made = services.send(
        lookup=_bytes(body.lookup), seq=body.seq, to=body.to, sealed=_bytes(body.sealed), work=body.work, by=STRANGER,
        at=request.arrived_at,
    )  # fmt: skip
    return {"seq": made.seq, "day": made.day.isoformat()}


@router.post("/tips/read", auth=None, response=dict[str, Any])
@budgeted(rules.READ_A_MINUTE)
def read(request: HttpRequest, body: Lookup) -> dict[str, Any]:
    """What a code leads to. A wrong code, a malformed one and one of nothing are answered alike."""
    try:
        row = queries.of_code(_bytes(body.lookup))
    except TipThread.DoesNotExist as nothing:
        raise Http404 from nothing
    return queries.told(row, on=rules.day_of(request.arrived_at))


@router.post("/tips/recipients", auth=django_auth, response=dict[str, Any])
@limited
def stand(request: HttpRequest, body: Key) -> dict[str, Any]:
    """A body receives tips under this key."""
    row = services.stand(statement=body.statement, key=body.key, by=request.actor, at=request.arrived_at)
    return {"org": row.organisation_id, "gen": row.gen}


@router.post("/tips/held/{public_id}/open", auth=django_auth, response=dict[str, Any])
def open_held(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    """The ciphertext for the viewer's body; who took it is noted."""
    row = services.open_held(public_id=public_id, by=request.actor, at=request.arrived_at)
    return queries.told(row, on=rules.day_of(request.arrived_at))


@router.post("/tips/held/{public_id}/say", auth=django_auth, response=dict[str, Any])
@limited
def say(request: HttpRequest, public_id: UUID, body: Answer) -> dict[str, Any]:
    """A body's sealed answer, or with an outcome its finding."""
    made = services.say(
        public_id=public_id, seq=body.seq, sealed=_bytes(body.sealed),
        outcome=body.outcome, by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    return {"seq": made.seq, "day": made.day.isoformat()}
