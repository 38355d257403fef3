"""The authorisation matrix: every address, operation and socket has a rule, and nobody outside his rule gets in."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve

from config.api import api
from config.routing import websocket_urlpatterns
from rulebook import clock
from tests import cast
from tests.config.declaring import REASONS, rows
from tests.config.test_origins import patterns
from tests.make import accounts, choices, performance
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

SIGNED = "T-2026-090"
ROLES = {
    "officer": cast.OFFICER, "provider": cast.PROVIDER, "expert": cast.EXPERT, "supervisor": cast.SUPERVISOR,
    "witness": cast.WITNESS, "holder": cast.HOLDER, "operator": cast.OPERATOR, "auditor": cast.AUDITOR,
}  # fmt: skip
HOLE = re.compile(r"\(\?P<(?P<pattern>\w+)>[^)]*\)|<(?:(?P<of>\w+):)?(?P<name>\w+)>|\{(?P<json>\w+)\}")
SHUT = {401, 403, 404, 405}
WORDS = {"everybody", "signed-in", "party", "statement", "token", "-"}


def methods(view: Any) -> tuple[str, ...] | None:
    """What a page's decorators let through; None where nothing says."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            held = cell.cell_contents
            if (
                isinstance(held, (list, tuple))
                and held
                and all(isinstance(each, str) and each.isupper() for each in held)
            ):
                return tuple(held)
        view = getattr(view, "__wrapped__", None)
    return None


def pages() -> dict[str, Any]:
    found = list(patterns(get_resolver().url_patterns))
    named = [HOLE.sub("*", path) for path, _ in found if not path.startswith("api/")]  # operations share an address
    assert len(named) == len(set(named)), "two pages at one address: the second is never reached"
    return {path: one for path, one in found if not path.startswith("api/") or path == "api/docs"}


def operations() -> dict[str, Any]:
    told = api.get_openapi_schema()["paths"]
    return {
        f"{method.upper()} {path.removeprefix('/api')}": operation
        for path, each in told.items()
        for method, operation in each.items()
    }


def test_every_address_operation_and_socket_has_a_rule_and_no_rule_is_left_over() -> None:
    declared, found = rows("pages"), pages()
    assert sorted(found.keys() ^ declared.keys()) == []
    assert sorted(operations().keys() ^ rows("operations").keys()) == []
    sockets = {
        str(each.pattern): " ".join(each.callback.consumer_class.commands) or "-" for each in websocket_urlpatterns
    }
    assert {path: row[1] for path, row in rows("sockets").items()} == sockets
    for path, (reads, acts, _) in declared.items():
        may = methods(found[path].callback) or ("GET", "POST")
        assert (reads != "-", acts != "-") == ("GET" in may, "POST" in may) or "accounts/log" in path, path
    for rule in [one for row in (*declared.values(), *rows("operations").values()) for one in row[:2]]:
        known = rule in WORDS or rule in REASONS or "/" in rule or set(rule.split(",")) <= ROLES.keys()
        assert known, rule


def test_every_act_of_a_page_has_an_operation_or_a_reason() -> None:
    has = operations()
    for path, (_, acts, why) in rows("pages").items():
        assert (why == "-") == (acts == "-"), path
        assert why in ("-", *REASONS) or why in has, (path, why)


def test_every_operation_is_reached_at_its_own_address() -> None:
    """Two routers with one address would hide the later one's methods; a hole before a word would swallow it."""
    paths = [
        f"{prefix}/{path}".replace("//", "/") for prefix, router in api._routers for path in router.path_operations
    ]
    assert len(paths) == len(set(paths))
    for name in operations():
        path = name.split(" ")[1]
        met = resolve("/api" + HOLE.sub("00000000-0000-4000-8000-000000000001", path)).route
        assert re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", met) == f"api{path}", (name, met)


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A tender that takes bids, a contract under way, a purchase that is chosen by lot."""
    make.open_tender()
    performance.agreed(number=SIGNED)
    chosen = choices.open_choice()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.HOUR)
    return {"": NUMBER, "purchases": chosen.number, "performance": SIGNED}


def filled(path: str, numbers: dict[str, str]) -> str:
    """The address with something in every hole: what is there where there is, else what nobody has."""
    number = next((held for word, held in reversed(numbers.items()) if word in path))
    told = {
        "number": number, "sha256": "a" * 64, "eid": "a" * 32, "leaf": "a" * 64, "code": cast.HETAO, "org": cast.HETAO,
        "day": "2026-11-24", "month": "2026-11", "to": "FAILED",
    }  # fmt: skip

    def something(hole: re.Match[str]) -> str:
        name, of = hole["pattern"] or hole["name"] or hole["json"], hole["of"]
        return told.get(name) or ("1" if of == "int" else "00000000-0000-4000-8000-000000000001")

    return "/" + re.sub(r"[\\^$]", "", HOLE.sub(something, path))


def outside(rule: str) -> Iterator[str]:
    """Roles a rule shuts out; those of `party` and `statement` are shut out by what they have not to do with it."""
    if rule not in ("everybody", "signed-in", "statement", "token"):
        yield from (role for role in ROLES if role not in rule.split(","))


def shut(answer: Any) -> bool:
    return answer.status_code in SHUT or (answer.status_code == 302 and "/accounts/login/" in answer["Location"])


@pytest.mark.django_db
@pytest.mark.embedded
def test_nobody_outside_a_rule_gets_in_and_what_one_may_not_see_is_not_there(numbers: dict[str, str]) -> None:
    stranger, clients = Client(), {name: accounts.client_of(actor) for name, actor in ROLES.items()}
    asked = 0
    for turn, (path, (reads, acts, _)) in enumerate(rows("pages").items()):
        if "logout" in path:
            continue
        where = filled(path, numbers)
        for rule, ask in ((reads, Client.get), (acts, Client.post)):
            if rule == "-":
                continue
            answer = ask(stranger, where)
            assert rule == "everybody" or shut(answer), (path, "stranger", answer.status_code)
            assert rule != "everybody" or not (answer.status_code == 302 and "login" in answer["Location"]), path
            others = list(outside(rule))
            for name in {others[turn % len(others)], others[(turn * 3 + 1) % len(others)]} if others else ():
                answer = ask(clients[name], where)
                assert shut(answer), (path, name, answer.status_code)
                assert ask is Client.post or answer.status_code != 403 or path.endswith("/new/"), (path, name)
                asked += 1
    assert asked > 150


@pytest.mark.django_db
@pytest.mark.embedded
def test_nobody_outside_its_rule_gets_anything_from_an_operation(numbers: dict[str, str]) -> None:
    stranger, clients = Client(), {name: accounts.client_of(actor) for name, actor in ROLES.items()}
    for turn, (name, (rule,)) in enumerate(rows("operations").items()):
        method, path = name.split(" ")
        where = "/api" + filled(path, numbers)
        others = list(outside(rule))
        asked = {others[turn % len(others)], others[(turn + 3) % len(others)]} if others else set()
        people = [(role, clients[role]) for role in asked]
        people += [("stranger", stranger)] if rule != "everybody" else []
        for role, client in people:
            answer = client.generic(method, where, "{}", content_type="application/json")
            assert 400 <= answer.status_code < 500, (name, role, answer.status_code)
            if method == "GET" and role != "stranger":
                assert answer.status_code == 404, (name, role, answer.status_code)


def test_an_address_nobody_declared_is_not_there() -> None:
    with pytest.raises(Resolver404):
        resolve("/nowhere/at/all")
