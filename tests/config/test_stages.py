"""Whose it is and how far it is: who gets what of a purchase at each stage of its life, his own, a rival's, another's.

`declared/stages.txt` says it for every address whose answer depends on who asks, a column for each stage; people wrote
it who know what the law lets out when, and a test keeps the list whole. A cell is the letters of those who are let in,
`*` everybody, `+` everybody who is signed in, `-` nobody:
  o the buyer's officer  c his colleague  O another buyer's officer  p who bid  r a rival who bid  t who did not bid
  x a member of the panel, once it sits  y an expert of no panel  v who supervises  a who audits  w the witness
  h a key holder  m who runs the platform  s nobody we know
Let in is who is answered 200: who opens his own draft is led on to where it is edited. Every other address of a
purchase answers everybody alike, as `pages.txt` says, whatever the stage.

`declared/acts.txt` says it of every act in the same columns: who may, and after a `/` who is told that he may not; to
all others the house must answer as of a purchase that is not there. May is who is not refused for who he is: what then
speaks against it is a rule's matter. Stages that answer alike share a cell: `"` says what stands before it.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client

from accounts.factors.door import PROVEN
from bidding.evaluation import services as evaluations
from bidding.opening import services as openings
from bidding.submission.models import Bid
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook import clock
from tests import cast
from tests.config import acts
from tests.config.declaring import rows
from tests.config.test_matrix import HOLE
from tests.make import accounts, bidding, evaluation, experts
from tests.make import bidding_offers as make
from tests.make.ledger import sequenced
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PEOPLE = {
    "s": cast.STRANGER, "o": cast.OFFICER, "c": cast.APPROVER, "O": cast.OTHER_OFFICER, "p": cast.PROVIDER,
    "r": cast.RIVAL, "t": cast.FOURTH, "y": cast.EXPERTS[9], "v": cast.SUPERVISOR, "a": cast.AUDITOR,
    "w": cast.WITNESS, "h": cast.HOLDER, "m": cast.OPERATOR,
}  # fmt: skip
STAGES = ("draft", "open", "closed", "hall", "opened", "review", "reported", "awarded", "failed")
DRAFT, FAILED = "T-2026-008", "T-2026-009"
BIDDERS = [bidder.organisation for bidder in make.BIDDERS[:3]]
EVERYTHING = bool(os.environ.get("MATRIX"))  # `MATRIX=all`: everybody at every address; else three, others at each
# Who asks makes no difference to these: the public's, one number for all.
PUBLIC = ("everybody",)
# Of purchases that are chosen, quoted or auctioned in the supermarket, whose stages are others (`test_matrix.py`).
OTHERS = ("purchases/", "GET /purchases/")


def life(people: dict[str, cast.Actor]) -> Iterator[tuple[str, str, datetime]]:
    """One purchase from its publication to its award, paused at each stage; beside it a draft, and one that failed."""
    make.open_tender(number=DRAFT, stage=Stage.DRAFT)
    bidding.tender(number=FAILED, stage=Stage.FAILED)
    yield "draft", DRAFT, cast.NOON - 2 * cast.HOUR
    yield "failed", FAILED, cast.NOON - 2 * cast.HOUR
    tender = make.open_tender()
    for bidder, price in zip(make.BIDDERS[:3], make.PRICES, strict=False):
        make.sealed_bid(tender, bidder, price=price)
    yield "open", NUMBER, cast.NOON - cast.HOUR
    make.closed(tender)
    yield "closed", NUMBER, cast.NOON + cast.MINUTE / 2
    openings.open_hall(project_number=NUMBER, by=cast.OFFICER, at=cast.NOON + cast.MINUTE)
    make.halves_released(tender)
    make.keys_released(tender)
    yield "hall", NUMBER, cast.NOON + 4 * cast.MINUTE
    make.session_ended(tender, BIDDERS, at=cast.NOON + 4 * cast.MINUTE)
    later, project = evaluation.LATER, Project.objects.get(number=NUMBER)
    row = evaluations.qualify(project_number=NUMBER, findings=evaluation.findings(project), by=cast.OFFICER, at=later)
    yield "opened", NUMBER, later
    experts.seated(evaluation.convened(row), at=later, played=False)
    drawn = {one.person: one for one in map(experts.person_of, evaluation.members(row))}
    people["x"] = next(iter(drawn.values()))
    people["y"] = next(one for one in cast.EXPERTS if one.person not in drawn)
    evaluation.reviewed(evaluation.declared(row))
    yield "review", NUMBER, later
    evaluation.signed(evaluation.locked(row))
    yield "reported", NUMBER, later
    sequenced(at=later)
    evaluation.awarded(NUMBER, cast.YINSHAN, at=later)
    yield "awarded", NUMBER, later


def address(path: str, number: str, sha256: str) -> str:
    """With this number, the own bid of HETAO and its document in the holes."""
    told = {"number": number, "sha256": sha256, "org": cast.HETAO, "part": "body", "name": DOCUMENT, "to": "cancelled"}

    def something(hole: re.Match[str]) -> str:
        name = hole["pattern"] or hole["name"] or hole["json"]
        return told.get(name) or "00000000-0000-4000-8000-000000000001"

    return ("/api" if "GET " in path else "/") + re.sub(r"[\\^$]", "", HOLE.sub(something, path.removeprefix("GET ")))


DOCUMENT = "技术方案.txt"


def asked(turn: int, cell: str, people: dict[str, cast.Actor]) -> list[str]:
    """Who asks here: everybody, or one of those who are let in and two of those who are not."""
    let = set(people) if cell == "*" else set(people) - {"s"} if cell == "+" else set(cell) & set(people)
    inside, outside = sorted(let), sorted(set(people) - let)
    if EVERYTHING:
        return inside + outside
    some = [inside[turn % len(inside)]] if inside else []
    return some + ([outside[(turn * 5 + n * 3) % len(outside)] for n in range(2)] if outside else [])


def lets_in(cell: str, who: str) -> bool:
    return cell == "*" or (cell == "+" and who != "s") or who in cell


def told(row: list[str], stage: str, people: set[str]) -> tuple[set[str], set[str]]:
    """Who may do this at this stage, and who is told that he may not: `+` after the `/` is everybody else signed in."""
    cell = next(each for each in reversed(row[: STAGES.index(stage) + 1]) if each != '"')
    may, _, knows = cell.partition("/")
    let = {who for who in people if lets_in(may, who)}
    return let, {who for who in people - let if lets_in(knows, who)}


def tries(turn: int, people: set[str], may: set[str]) -> list[str]:
    """Who tries an act: everybody; or one who is to learn nothing, or may not, and at every third act one who may."""
    outside, inside = sorted(people - may), sorted(may & people)
    if EVERYTHING:
        return outside + inside
    return [outside[turn * 7 % len(outside)]] + ([inside[turn % len(inside)]] if inside and turn % 3 == 0 else [])


def test_every_act_on_a_purchase_is_in_the_table_of_acts():
    assert sorted(set(rows("acts")) ^ acts.wanted()) == []


def test_every_address_of_a_purchase_that_depends_on_who_asks_is_in_the_table():
    wanted = {path for path, (reads, *_) in rows("pages").items() if "number>" in path and reads not in ("-", *PUBLIC)}
    wanted |= {name for name, _ in rows("operations").items() if name.startswith("GET") and "{number}" in name}
    wanted = {path for path in wanted if not path.startswith(OTHERS)}
    wanted -= {name for name, (who,) in rows("operations").items() if who in PUBLIC}
    declared = set(rows("stages")) - {"projects/<str:number>/", "GET /projects/{number}"}

    assert declared == wanted


@pytest.mark.timeout(3600)
def test_at_each_stage_only_those_get_in_who_may(monkeypatch):
    accounts.world()
    clock.forget()
    at = [cast.NOON]
    monkeypatch.setattr(clock, "system", lambda: at[0])
    people, table, wrong = dict(PEOPLE), rows("stages"), []
    clients: dict[str, Client] = {}
    for stage, number, when in life(people):
        at[0] = max(at[0], when) if stage not in ("draft", "failed", "open") else when
        clock.forget()
        clients = {who: accounts.client_of(actor) if actor.person else Client() for who, actor in people.items()}
        own = Bid.objects.filter(organisation=cast.HETAO).order_by("pk").last()
        for turn, (path, cells) in enumerate(table.items()):
            cell = cells[STAGES.index(stage)]
            where = address(path, number, own.env_sha256 if own else "0" * 64)
            for who in asked(turn + STAGES.index(stage), cell, people):
                status = clients[who].get(where).status_code
                if (status == 200) != lets_in(cell, who) or status >= 500:
                    wrong.append((stage, path, who, status))
        for client in clients.values():
            session = client.session
            session[PROVEN] = at[0].isoformat()  # whoever acts has just shown that it is he
            session.save()
        for turn, (name, row) in enumerate(rows("acts").items()):
            if not EVERYTHING and turn % len(STAGES) != STAGES.index(stage):
                continue  # an act at one stage, its neighbours at others
            may, knows = told(row, stage, set(people))
            for who in tries(turn, set(people), may):
                got = acts.heard(clients[who], name, number)
                if got != ("may" if who in may else "knows" if who in knows else "nothing"):
                    wrong.append((stage, name, who, got))

    assert not wrong, "\n".join(map(str, wrong))
