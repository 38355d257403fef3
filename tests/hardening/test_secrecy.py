"""Two worlds for every secret: whoever is not told sees the same in both, wherever he looks.

A secret is asked through every address the house declares (`tests/config/declared`), as everybody who must not know it:
status, headers, length, body, the statements each answer takes and the rows they bring (time, without a clock), the
lines it leaves; and of each world its figures, its public log, the frames of its sockets. `secrecy/worlds.py` has the
secrets, `secrecy/seen.py` what is looked at, `secrecy/accepted.txt` what may differ and why.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from bidding.opening import views as halls
from config.watching import metrics
from ledger import keys
from market.projects import queries as projects
from notifier import client as site
from rulebook import clock, watched
from tests import cast
from tests.config.declaring import rows
from tests.config.test_owners import TYPED, address
from tests.hardening.secrecy import moments, seen
from tests.hardening.secrecy.moments import PEOPLE, Moment
from tests.hardening.secrecy.worlds import GROUNDS
from tests.make import accounts, notifier

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
OWN, OTHERS = (int(step) for step in os.environ.get("SECRECY_STEPS", "7,16").split(","))  # every so manieth address
EVERYTHING = bool(os.environ.get("MATRIX"))  # `MATRIX=all`: every address, as everybody; else some, each as somebody
LEFT_OUT = ("accounts/logout/", "language/<slug:code>/")  # who asks would be another afterwards
# What else fills a hole than what the moment tells.
FILLED: dict[str, Any] = {
    "day": "2026-11-24", "month": "2026-11", "path": "0/000", "digits": "150700", "kind": "takers", "k": 1, "n": 1,
    "to": "cancelled", "part": "body", "name": "技术方案.txt", "role": "provider", "step": "what",
}  # fmt: skip
HELD = {"log/tile/<path:path>": {"path": "0/000.p/8"}, "enter/<slug:kind>/": {"kind": "provider"},
        "buyers/<str:code>/": {"code": cast.BUYER}, "buyers/<str:code>.json": {"code": cast.BUYER}}  # fmt: skip
Told = dict[tuple[str, str, str], Any]


def accepted() -> dict[tuple[str, str, str, str], str]:
    """Secret, moment, address, facet ↦ why it may differ."""
    lines = (Path(__file__).parent / "secrecy" / "accepted.txt").read_text().splitlines()[1:]
    return {tuple(line.split(" | ")[:4]): line.split(" | ")[4] for line in lines if line.strip()}  # type: ignore[misc]


@contextmanager
def undone() -> Iterator[None]:
    """What is built inside is gone afterwards, and nothing remembers it, the notifier beside the house neither."""
    beside, kept = notifier.running().store._db, sqlite3.connect(":memory:")
    beside.backup(kept)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    kept.backup(beside)
    kept.close()
    for forget in (halls.forget, projects.forget, cache.clear, clock.forget):
        forget()


def asked(moment: Moment, turn: int) -> list[tuple[str, str, str]]:
    """Who asks what: (letter, method, address)."""
    reads = [("GET", path) for path, (who, *_) in rows("pages").items() if who != "-" and path not in LEFT_OUT]
    reads += [("GET", name) for name in rows("operations") if name.startswith("GET ")]
    acts = [("POST", path) for path, (_, who, _) in rows("pages").items() if who != "-" and path not in LEFT_OUT]
    acts += [("POST", name) for name in rows("operations") if name.startswith("POST ")]
    letters = sorted((set(PEOPLE) | set(moment.people)) - set(moment.knows))
    if EVERYTHING:
        every = [(who, *each) for who in letters for each in reads]
        return every + [
            (letters[(place + n * 7) % len(letters)], *each) for place, each in enumerate(acts) for n in range(3)
        ]
    # What is near: of this purchase or thing, and what everybody reads of all. Of each some, by turns, as somebody.
    own = [each for each in reads if any(f"{hole}{end}" in each[1] for hole in moment.told for end in ">}")]
    others = [each for each in reads if not set("<{(") & set(each[1])]
    some = [each for near, step in ((own, OWN), (others, OTHERS)) for place, each in enumerate(near)
            if place % step == turn % step]  # fmt: skip
    return [(letters[(turn * 3 + place) % len(letters)], *each) for place, each in enumerate(some)]


def look(moment: Moment, turn: int, clients: dict[str, Client], patch: Any, said: seen.Lines) -> Told:
    """Everything that is seen at this moment."""
    clock.forget()
    site._mine.clear()  # kept by the machine's own clock for a moment: here for as long as one looks
    patch.setattr(site, "FRESH", 3600.0)
    patch.setattr(clock, "system", lambda: moment.at)
    told: Told = {}
    work = seen.Work()
    before = seen.figures()
    with seen.counting_rows(patch, work):
        for who, method, name in asked(moment, turn):
            if method == "POST":
                cache.clear()  # nobody is to be tired of us
            if who not in clients:
                actor = moment.people.get(who) or PEOPLE[who]
                clients[who] = accounts.client_of(actor) if actor.person else Client()
                clients[who].raise_request_exception = False  # a maker's bid may lack its receipt
            where = address(name, FILLED | moment.told | HELD.get(name, {}))
            typed = next((typed for part, typed in TYPED.items() if part in where), {}) if method == "POST" else {}
            if method == "GET":
                told[who, method, name] = seen.answered(clients[who], method, where, typed, work=work, said=said)
                continue
            with transaction.atomic():
                told[who, method, name] = seen.answered(clients[who], method, where, typed, work=work, said=said)
                transaction.set_rollback(True)
    told["*", "figures", ""] = seen.grown(before)
    told["*", "frames", ""] = seen.frames()
    told["*", "logs", ""] = seen.logs()
    return told


def lived(way: moments.World, world: int, turn: int, patch: Any, said: seen.Lines) -> dict[str, Told]:
    """One world through its moments."""
    told = {}
    patch.setattr(clock, "system", lambda: cast.NOON)  # each begins when the other did
    with undone():
        said.new()
        for step, moment in enumerate(way(world)):
            done = said.new()
            told[moment.name] = look(moment, turn + step, {}, patch, said)
            told[moment.name]["*", "done", ""] = done
    return told


def differences(one: dict[str, Told], other: dict[str, Told]) -> dict[tuple[str, str, str, str], str]:
    """Moment, who, address, facet ↦ how they differ there."""
    found = {}
    assert one.keys() == other.keys()
    for moment, here in one.items():
        there = other[moment]
        assert here.keys() == there.keys()
        for (who, method, name), answer in here.items():
            if isinstance(answer, seen.Answer):
                assert answer.status != 429, "nothing is seen of a house that is tired"
                pairs = {
                    facet: (getattr(answer, facet), getattr(there[who, method, name], facet)) for facet in seen.FACETS
                }
            else:
                pairs = {method: (answer, there[who, method, name])}
            what = name if " " in name or method == "GET" else f"{method} {name}".strip()
            for facet, (a, b) in pairs.items():
                if a != b:
                    found[moment, who, what, facet] = shown(a, b)
    return found


def shown(a: Any, b: Any) -> str:
    """Where two things differ first."""
    if isinstance(a, bytes | str):
        at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        cut = [each[max(0, at - 60) : at + 100] for each in (a, b)]
        return " ≠ ".join(each.decode(errors="replace") if isinstance(each, bytes) else each for each in cut)
    if isinstance(a, dict):
        keys = [key for key in {**a, **b} if a.get(key) != b.get(key)]
        return f"{keys[0]}: {shown(a.get(keys[0]), b.get(keys[0]))}"
    if isinstance(a, list) and isinstance(b, list):
        at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        return f"at {at} of {len(a)}, {len(b)}: {a[at : at + 1]} ≠ {b[at : at + 1]}"
    return f"{a} ≠ {b}"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[seen.Lines]:
    """Lines are heard and figures wanted."""
    settings.METRICS = "127.0.0.1:9464"
    watched.watch(metrics.failures)
    heard = seen.Lines(monkeypatch)
    with heard.listening():
        yield heard
    watched.leave(metrics.failures)


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("ground", GROUNDS)
def test_who_is_not_told_sees_the_same_in_both_worlds(
    ground: str, monkeypatch: pytest.MonkeyPatch, said: seen.Lines
) -> None:
    for name in keys.EVERY:
        keys.signer(name)  # a house has its keys before it begins
    moments.people()
    GROUNDS[ground].make()
    for forget in (halls.forget, projects.forget, cache.clear, clock.forget):
        forget()
    may, wrong, met = accepted(), {}, set()
    order = [secret for each in GROUNDS.values() for secret in each.secrets]
    for secret, way in GROUNDS[ground].secrets.items():
        one, other = (lived(way, world, 2 * order.index(secret), monkeypatch, said) for world in (0, 1))
        for (moment, who, what, facet), how in differences(one, other).items():
            rule = next((key for key in may if fits(key, (secret, moment, what, facet))), None)
            if rule is None:
                wrong[secret, moment, who, what, facet] = how
            else:
                met.add(rule)
    assert not wrong, "\n".join(f"{' | '.join(where)}\n    {how[:400]}" for where, how in wrong.items())
    left = {rule for rule in may if rule[0] in GROUNDS[ground].secrets} - met
    assert not EVERYTHING or not left, f"these differ no more: {left}"


def fits(rule: tuple[str, ...], where: tuple[str, ...]) -> bool:
    """Whether a line of what is accepted speaks of this."""
    return all(said in ("*", word) for said, word in zip(rule, where, strict=True))


def test_nothing_that_tells_is_taken_for_chance() -> None:
    for telling in ("/providers/91152900MA0A00012A/credit/", "T-2026-001", "阴山环境科技有限公司", "1100000.00", "3 家",
                    "/projects/T-2026-001/evaluation/files/91152900MA0A00012A/body/", "2026-11-24T04:00:00.000000Z",
                    "expert-007", "cases/17/", "page=2", "13904780011"):  # fmt: skip
        assert seen.masked(telling.encode()) == telling.encode(), telling
    # What is the same here must be the same there; what is longer is seen.
    one, other = b"a" * 63 + b"1", b"b" * 63 + b"2"
    assert seen.masked(one + b" " + one) == seen.masked(other + b" " + other) != seen.masked(one + b" " + other)
    assert seen.masked(one) != seen.masked(one + b"0")
    # Which two of one's own paths meet where is the lot's; how long one is, the log's.
    paths = [b'"proof": ["%s"] ' % b'", "'.join(nodes) for nodes in ((one, other), (one, one), (one, other, one))]
    assert seen.pathless(paths[0]) == seen.pathless(paths[1]) != seen.pathless(paths[2])
    for telling in (b'"bids": 7', b'"sheets": 3', b"/verify/receipt/", b'<path fill="#f00" d="M4"/>'):
        assert not seen.DRAWN.search(telling), telling


def test_whatever_differs_between_two_answers_is_found() -> None:
    def answer(**other: Any) -> dict[str, Told]:
        told: dict[str, Any] = {"status": 200, "headers": {}, "length": 1, "body": b"-", "statements": ["S"]}
        told |= {"rows": [0], "lines": []}
        return {"open": {("s", "GET", "/"): seen.Answer(**told | other), ("*", "figures", ""): other.get("rows")}}

    changed = {"status": 404, "headers": {"X-Seq": b"7"}, "length": 2, "body": b"+", "statements": ["S", "S"],
               "rows": [2], "lines": ["said"]}  # fmt: skip
    assert set(changed) == set(seen.FACETS)
    for facet, value in changed.items():
        found = differences(answer(), answer(**{facet: value}))
        assert ("open", "s", "/", facet) in found
        assert len(found) == 1 + (facet == "rows")
