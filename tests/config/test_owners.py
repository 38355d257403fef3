"""Whose it is: every single thing that has an address of its own, in each of its states, and who gets what of it.

`declared/things.txt` says it: a state of the thing, who may, and after a `/` who knows that it is there and may not;
`*` everybody, `+` everybody who is signed in, `-` nobody. For all others the house must answer as it does of a thing
that is not there. May is who is answered 200 where it is read; where something is done, who is not refused for who he
is: what then speaks against it is a rule's matter. The letters are those of `test_stages.py`, and
  q of the provider's house as well  g the agent's officer  e whom a seat of a panel asks  u who supervises beside v
  V who supervises in another body that receives tips too  U in a third one  k who keeps the platform's security
"""

import json
import os
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.factors.door import PROVEN
from rulebook import clock
from rulebook.actor import Actor
from tests import cast
from tests.config import owned
from tests.config.declaring import rows
from tests.config.test_matrix import HOLE
from tests.make import accounts, agency, tips

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PEOPLE: dict[str, Actor] = {
    "s": cast.STRANGER, "o": cast.OFFICER, "c": cast.APPROVER, "O": cast.OTHER_OFFICER, "g": cast.AGENT_OFFICER,
    "p": cast.PROVIDER, "q": owned.COLLEAGUE, "r": cast.RIVAL, "t": cast.FOURTH, "y": cast.EXPERTS[9], "e": cast.EXPERT,
    "v": cast.SUPERVISOR, "u": cast.SECOND_SUPERVISOR, "V": tips.INSPECTOR, "U": tips.OUTSIDER, "a": cast.AUDITOR,
    "w": cast.WITNESS, "h": cast.HOLDER, "m": cast.OPERATOR, "k": cast.SECURITY,
}  # fmt: skip
EVERYTHING = bool(os.environ.get("MATRIX"))  # `MATRIX=all`: everybody at everything; else some, at some of its states
NOBODY = "00000000-0000-4000-8000-999999999999"  # nobody of the cast
NOTHING: dict[str, Any] = {"number": "T-0000-000", "code": "NM-NO-000", "token": "of-nobody", "key": "of-nobody"}
# Words of ours in an address: what is done there that everybody concerned may try.
WORDS = {
    "cases/": {"name": "state"}, "supervision/alerts/": {"what": "note"}, "complaints/": {"what": "withdraw"},
    "people/": {"what": "block"}, "experts/register/imports/": {"act": "confirm"}, "experts/register/": {"act": "bar"},
    "affiliates/": {"act": "agree"}, "purchases/": {"step": "what", "org": cast.HETAO, "name": "plan.pdf"},
}  # fmt: skip
# What is typed, where a form looks at its shape before the house looks at who it is.
TYPED: dict[str, dict[str, Any]] = {
    "/say": {"seq": 9, "sealed": "AA", "outcome": ""}, "/objections/": {"text": "已核实"},
    "/choice/pick": {"org": cast.HETAO, "reason": "报价合理"},
    "/choose": {"org": cast.HETAO, "reason": "报价合理", "amount": "100.00"},
    "/draft/return": {"comment": "请修改", "seen": "of another"}, "/draft/approval": {"seen": "of another"},
    "/draft/steps/": {"said": {}},
    "/agree": agency.CONTACT, "/auction/quotes": {"price": "99500.00"},
    "/decline": {"reason": "安排不开，请另行委托。"}, "/end": {"reason": "另行委托其他机构。"},
    "/state/": {"text": "陈述意见"},
}  # fmt: skip
FREE = {
    "GET /draws/{draw_id}": "a draw is announced in the public log, under its number",
    "GET /streams/{stream}/entries": "what is sealed is among nobody's entries, below",
    "POST /draws/{draw_id}/statements": "who has signed may speak; what is not signed is not heard",
    **dict.fromkeys(
        ("POST projects/<str:number>/asked/<int:matter>", "POST projects/<str:number>/evaluation/matters/<int:matter>",
         "POST projects/<str:number>/evaluation/talks/change/<int:change>",
         "POST projects/<str:number>/hall/objections/<int:seq>/answer"),
        "counted within one purchase, not named: whose panel and hall it is stands in `stages.txt`",
    ),
}  # fmt: skip


SINGLE = re.compile(
    r"<uuid:|<int:(?![kn]>)|<str:(?:token|key|word)>|\{(?:public_id|objection|stream|draw_id)\}"
    r"|^catalogue/desk/<|^(?:POST |GET |PUT |DELETE )?/?purchases/[<{](?:str:)?number"
)


def wanted() -> set[str]:
    """Every address of a single thing: as it is read, and with its method as what is done there."""
    found = set()
    for path, (reads, acts, _) in rows("pages").items():
        if SINGLE.search(path):
            found |= ({path} if reads != "-" else set()) | ({f"POST {path}"} if acts != "-" else set())
    found |= {name for name in rows("operations") if SINGLE.search(name)}
    return found - set(FREE)


def cells() -> dict[str, dict[str, str]]:
    """Address ↦ moment ↦ who may, and who knows."""
    return {name: dict(cell.split(" ") for cell in row) for name, row in rows("things").items()}


def address(name: str, told: dict[str, Any]) -> str:
    """The address of the thing of this moment; of nobody's where nothing fills a hole."""
    path = name.rpartition(" ")[2]
    told = next((words for start, words in WORDS.items() if path.lstrip("/").startswith(start)), {}) | told

    def something(hole: re.Match[str]) -> str:
        word = hole["pattern"] or hole["name"] or hole["json"]
        return str(told.get(word) or NOTHING.get(word) or ("999999" if hole["of"] == "int" else NOBODY))

    filled = re.sub(r"[\\^$]", "", HOLE.sub(something, path))
    return f"/api{filled}" if filled.startswith("/") else f"/{filled}"


def ask(client: Client, name: str, told: dict[str, Any]) -> tuple[int, str]:
    """The status of an answer, and where it leads; whatever was done for it is undone."""
    where, method = address(name, told), name.partition(" ")[0] if " " in name else "GET"
    typed = next((typed for part, typed in TYPED.items() if part in where), {})
    with transaction.atomic():
        if where.startswith("/api/"):
            answer = client.generic(method, where, json.dumps(typed), content_type="application/json")
        else:
            answer = client.get(where) if method == "GET" else client.post(where, typed)
        transaction.set_rollback(True)
    return answer.status_code, answer.get("Location", "").replace(where, "")


def letters(cell: str) -> set[str]:
    """Who is meant."""
    return set(PEOPLE) - ({"s"} if cell == "+" else set()) if cell in ("*", "+") else set(cell) - {"-"}


def heard(client: Client, name: str, told: dict[str, Any]) -> str:
    """What somebody gets of a thing: `may`, `knows` that it is there, or `nothing`."""
    answer = ask(client, name, told)
    if answer[0] >= 500:
        return str(answer[0])
    reads = " " not in name or name.startswith("GET ")
    if reads and answer[0] == 200:
        return "may"
    # Of a purchase that everybody knows of, another of its things.
    if answer == ask(client, name, {"number": told["number"]} if "number" in told and len(told) > 1 else {}):
        return "nothing"
    return "knows" if reads or answer[0] in (401, 403, 404) else "may"


def asked(turn: int, may: set[str], knows: set[str]) -> list[str]:
    """Who asks: everybody; or one who is to learn nothing, and at every third address one of those who may or know."""
    outside = set(PEOPLE) - may - knows
    if EVERYTHING:
        return sorted(PEOPLE)
    groups = (outside, may, knows) if turn % 3 == 0 else (outside or may, () if may else knows)
    return [sorted(each)[turn * 7 % len(each)] for each in groups if each]


def test_every_address_of_a_single_thing_is_in_the_table() -> None:
    assert sorted(wanted() ^ set(cells())) == []
    assert not set(FREE) - set(rows("pages")) - {f"POST {path}" for path in rows("pages")} - set(rows("operations"))


@pytest.mark.timeout(1800)
def test_only_those_get_at_a_thing_who_may_and_for_the_others_it_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON)
    things, wrong = owned.everything(), []
    people = PEOPLE | {"e": owned.asked_first(things)}
    clients = {who: accounts.client_of(actor) if actor.person else Client() for who, actor in people.items()}
    for client in clients.values():
        session = client.session
        session[PROVEN] = cast.NOON.isoformat()  # whoever acts has just shown that it is he
        session.save()
    for turn, (name, moments) in enumerate(cells().items()):
        for place, (moment, cell) in enumerate(moments.items()):
            if not EVERYTHING and place != turn % len(moments):
                continue  # one state of each, another at each address
            may, knows = (letters(part) for part in f"{cell}/".split("/")[:2])
            for who in asked(turn, may, knows - may):
                got = heard(clients[who], name, things[moment])
                if got != ("may" if who in may else "knows" if who in knows else "nothing"):
                    wrong.append((name, moment, who, got))
    assert not wrong, "\n".join(map(str, wrong))
