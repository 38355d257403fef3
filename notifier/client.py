"""The site's side: what it asks of the notifier. Nothing it learns of a person is written down.

It is asked while nothing is held: acts that ask are made with `notifier.asking.asks_first`.
"""

import hashlib
import http.client
import json
import secrets
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from notifier import MOST_PEOPLE
from notifier.asking import answer
from rulebook.refusal import Kind, Reason, Refused

PATIENCE = 10  # seconds for an answer; longer than a lock is waited for, so none is held meanwhile
FRESH = 1.0  # seconds for which an answer about one person serves the same page
SILENT = Reason("panel.notifier-silent", Kind.NOT_NOW, "暂时无法确认您的席位，请稍后再试")
ASIDE = ("key", "proof")  # what a question may say otherwise the next time and be the same
NOT_YET = Reason("panel.names-secret", Kind.NOT_NOW, "名单在结果公告前保密")

_kept = threading.local()
_mine: dict[str, tuple[float, frozenset[str]]] = {}


class Undelivered(Exception):
    """The gateway behind the notifier did not take a message; another try may help."""


def make_list(
    *, stream: str, people: Sequence[Mapping[str, Any]], before: Collection[str], sitting: Collection[str],
    seated: Collection[str], most: int, log: str, early: bool = False,
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:  # fmt: skip
    """Masks for everybody who may be drawn, and for everybody left out with the code why; see `Store.make_list`."""
    told = _ask(
        "list", key=secrets.token_hex(16), stream=stream, people=list(people), before=sorted(before),
        sitting=sorted(sitting), seated=sorted(seated), most=most, log=log, early=early,
    )  # fmt: skip
    return told["pool"], told["out"]


def name(*, stream: str, people: Sequence[Mapping[str, Any]], log: str) -> list[str]:
    """Masks of people who were named, in their order."""
    _mine.clear()
    return list(_ask("name", key=secrets.token_hex(16), stream=stream, people=list(people), log=log))


def drawn(cids: Iterable[str]) -> None:
    """Tell which masks were drawn."""
    _mine.clear()
    _ask("drawn", cids=sorted(cids))


def fix(cids: Iterable[str]) -> None:
    """Tell that the order over an early list is known: its list is opened to nobody any more."""
    _ask("fix", cids=sorted(cids))


def strike(
    cids: Collection[str], people: Sequence[Mapping[str, Any]], *, entry: str, proof: str, log: str
) -> dict[str, str]:
    """Mask → why its person may not judge, for those who may not; the others may be called from now on.

    Refused before the public log says that the opening has named the bidders. See `Store.strike`.
    """
    _mine.clear()
    told = _ask("strike", cids=sorted(cids), people=list(people), entry=entry, proof=proof, log=log)
    return {row["cid"]: row["code"] for row in told}


def mine(person: str) -> frozenset[str]:
    """The drawn masks of somebody who is looking for his own seats."""
    now = time.monotonic()
    until, found = _mine.get(person, (0.0, frozenset()))
    if until < now:
        found = frozenset(cid for _, cid in _ask("whose", people=[person], cids=None))
        if len(_mine) > 1000:
            _mine.clear()
        _mine[person] = (now + FRESH, found)
    return found


def whose(people: Collection[str], cids: Collection[str]) -> list[tuple[str, str]]:
    """(person, mask) for those of these people who are behind these masks."""
    if not people or not cids:
        return []
    return [(person, cid) for person, cid in _ask("whose", people=sorted(people), cids=sorted(cids))]


def groups(cids: Collection[str]) -> dict[str, int]:
    """Which of these masks work for one employer: a number each."""
    return dict(_ask("groups", cids=sorted(cids))) if cids else {}


def open_list(cid: str) -> list[dict[str, str]]:
    """Everybody in the pool this mask is of, nobody where it was not made there. Refused once it was drawn from."""
    return list(_ask("open", cid=cid))


def release(cids: Collection[str], *, entry: str, proof: str, log: str) -> list[dict[str, str]]:
    """Who is behind these masks: {"cid", "handle", "number", "salt"}. Refused before the public log allows it."""
    return list(_ask("release", cids=sorted(cids), entry=entry, proof=proof, log=log))


def send(*, cid: str, reference: str, channel: str, words: str) -> bool:
    """Have somebody called. True when it has arrived, False when the gateway will say so later. Raises Undelivered."""
    return bool(json.loads(_put("send", cid=cid, reference=reference, channel=channel, words=words))["arrived"])


def post(*, handle: str, number: str, reference: str, channel: str, words: str, about: str) -> bool:
    """Have somebody told what is about no panel; as `send`.  about: all that is kept of the words."""
    told = _put(
        "post", handle=handle, number=number, reference=reference, channel=channel, words=words, about=about
    )  # fmt: skip
    return bool(json.loads(told)["arrived"])


def _ask(question: str, **told: Any) -> Any:
    """One question, of an act as it stands. Refused when the notifier does not answer, or says no."""
    asked = json.dumps({name: each for name, each in told.items() if name not in ASIDE}, sort_keys=True)
    words = f"{question} {hashlib.sha256(asked.encode()).hexdigest()}"
    return json.loads(answer(words, partial(_put, question, **told)))


def _put(question: str, **told: Any) -> bytes:
    """Ask now; about many people in as many messages as it takes, which for an act is one question."""
    people = told.get("people", ())
    if question == "whose" and len(people) > MOST_PEOPLE:
        parts = (people[start : start + MOST_PEOPLE] for start in range(0, len(people), MOST_PEOPLE))
        found = [each for part in parts for each in json.loads(_put("whose", people=part, cids=told["cids"]))]
        return json.dumps(sorted(found)).encode()
    body = json.dumps(told).encode()
    for attempt in (1, 2):  # a connection kept open may have been closed meanwhile
        try:
            status, data = _post(question, body)
            break
        except (OSError, http.client.HTTPException) as wrong:
            _forget()
            if attempt == 2 or isinstance(wrong, TimeoutError):
                raise Refused(SILENT) from wrong
    if status == 200:
        return data
    if status == 502:
        raise Undelivered(str(json.loads(data)["why"]))
    raise Refused(NOT_YET if status == 409 else SILENT)


def _post(question: str, body: bytes) -> tuple[int, bytes]:
    connection: http.client.HTTPConnection | None = getattr(_kept, "connection", None)
    if connection is None or _kept.url != settings.NOTIFIER:
        where = urlsplit(settings.NOTIFIER)
        if not where.hostname:
            raise OSError("no notifier")
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.hostname, where.port, timeout=PATIENCE)
        _kept.connection, _kept.url = connection, settings.NOTIFIER
        _kept.token = settings.NOTIFIER_TOKEN.read_text().split()[0]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {_kept.token}"}
    connection.request("POST", f"/{question}", body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _forget() -> None:
    connection = getattr(_kept, "connection", None)
    if connection is not None:
        connection.close()
    _kept.connection = None
