"""Behind the closed doors of a negotiated purchase: nobody outside is told who responds, until the result.

That nobody can tell how many they are either: `tests/hardening/test_secrecy.py`.
"""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from bidding.opening import disclosing
from bidding.papers.tasks import print_records
from bidding.submission.models import Bid
from bidding.tender import queries as tenders
from ledger import audit
from ledger.models import Entry, Log
from market.projects.models import Project
from market.projects.rules import Stage
from portal.record import queries as records
from proofs import record, statement
from rulebook import clock
from rulebook.times import iso
from tests import cast
from tests.config.declaring import rows as pages
from tests.config.test_owners import TYPED, address
from tests.hardening.secrecy.seen import Work, counting_rows
from tests.make import accounts, bidding, bidding_offers
from tests.make import negotiation as make
from tests.make.ledger import sequenced
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # what a closed hall tells does not change with the engine
VIEWERS = {
    "stranger": None,
    "rival": cast.PROVIDER,
    "not in it": cast.FOURTH,
    "holder": cast.HOLDER,
    "expert": cast.EXPERT,
    "operator": cast.OPERATOR,
}
PARTS = ("", "hall/", "hall/fragment", "hall/actions", "hall/replay/", "papers/", "bid/", "talks/", "evaluation/",
         "panel/", "log/", "record.zip", "record-full.zip")  # fmt: skip
PATHS = (
    "/", "/notices/", "/statistics/", "/statistics/trade/", "/desk/", "/inbox/",
    *(f"/projects/{NUMBER}/{part}" for part in PARTS),
    f"/api/projects/{NUMBER}/my-bid", f"/api/projects/{NUMBER}/room", f"/api/streams/project/{NUMBER}/entries",
    f"/api/streams/project/{NUMBER}/room/entries", "/log/checkpoint", "/log/tile/0/000", "/sealed/checkpoint",
)  # fmt: skip
WITHIN = tuple(f"projects/<str:number>/{part}" for part in ("hall/", "panel/", "evaluation/"))
OTHERS = re.compile(r'FROM "bidding_(openingunit|bid)"')
AT = bidding_offers.NOON + timedelta(minutes=30)


def seen(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Every answer every viewer gets: status and body."""
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: AT)
    told = {}
    for name, actor in VIEWERS.items():
        client = accounts.client_of(actor) if actor else Client()
        for path in PATHS:
            answer = client.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told[name, path] = (answer.status_code, body)
    return told


def test_names_of_those_who_respond_are_told_to_none_but_the_parties(monkeypatch):
    tender = make.handed_in(shut=False)
    bidding_offers.closed(tender)
    make.taken_out(tender)
    print_records(by=cast.SYSTEM, at=AT)
    sequenced(at=AT)
    assert not list(audit.faults())
    told = seen(monkeypatch)
    # Keys are released envelope by envelope: how many there are a holder of this tender learns at its opening.
    counted = ("holder", f"/api/projects/{NUMBER}/room")
    others = [word for org in (cast.YINSHAN, cast.WULIANG) for word in (org, cast.NAMES[org])]
    for where, (_, body) in told.items():
        if where != counted:
            assert not [word for word in others if word.encode() in body], where
    assert told["not in it", counted[1]][0] == told["expert", counted[1]][0] == 404
    the_parties_see_what_is_theirs(tender, monkeypatch)
    nothing_is_read_of_others(monkeypatch)


def nothing_is_read_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sees none, or himself alone, is answered and refused before a row of others is read: time tells no more
    than the page."""
    acts = [(method, address(path, {"number": NUMBER, "org": cast.YINSHAN, "seq": 1, "sheet": 1}))
            for path, (reads, does, *_) in pages("pages").items() if path.startswith(WITHIN)
            for method, who in (("get", reads), ("post", does)) if who != "-"]  # fmt: skip
    acts.append(("get", f"/api/projects/{NUMBER}/room"))
    work, own = Work(), Bid.objects.filter(organisation=cast.HETAO).count()
    before = Entry.objects.filter(log=Log.SEALED).count()
    with counting_rows(monkeypatch, work):
        for actor, most in ((cast.FOURTH, 0), (cast.PROVIDER, own)):
            client = accounts.client_of(actor)
            for method, where in acts:
                work.said.clear()
                with transaction.atomic():
                    typed = next((typed for part, typed in TYPED.items() if part in where), {})
                    client.post(where, typed) if method == "post" else client.get(where)
                    transaction.set_rollback(True)
                read = [(rows, sql) for sql, rows in work.said if rows > most and OTHERS.search(sql)]
                assert not read, (actor.name, method, where, read)
    assert Entry.objects.filter(log=Log.SEALED).count() == before and len(acts) > 50


def the_parties_see_what_is_theirs(tender: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Host, witness and supervisor see all; a supplier himself; a holder who asks by his key what he must check."""
    for party in (cast.OFFICER, cast.WITNESS, cast.SUPERVISOR):
        client = accounts.client_of(party)
        page = client.get(f"/projects/{NUMBER}/hall/").content.decode()
        assert all(cast.NAMES[org] in page for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG))
        told = client.get(f"/api/projects/{NUMBER}/room").json()["entries"]
        assert [one for one in told if one["kind"] == "opening.verdict"]
    own = accounts.client_of(cast.PROVIDER)
    assert cast.NAMES[cast.HETAO] in own.get(f"/projects/{NUMBER}/hall/fragment").content.decode()
    kinds = [one["kind"] for one in own.get(f"/api/projects/{NUMBER}/room").json()["entries"] if one.get("room")]
    assert kinds.count("opening.verdict") == kinds.count("opening.bidder-released") == 1
    public = [entry.kind for entry in Entry.objects.filter(log=Log.PUBLIC, stream=f"project/{NUMBER}")]
    assert "opening.doors-shut" in public and not {"opening.hall-opened", "opening.verdict", "tech.passed"} & {*public}

    part, cmh = next(iter(tender.terms["units"].items()))
    unit = {"tender": NUMBER, "lot": "1", "part": part}

    def asked(code: str, ts: str = iso(AT)) -> Any:
        said = statement.sign("rdy/1", {"unit": unit, "cmh": cmh}, by=accounts.signer(code), ts=ts)
        return Client().post("/api/holders/room", json.dumps(said), content_type="application/json")

    told = [one["kind"] for one in asked(bidding.HOLDERS[2]).json()["entries"] if one.get("room")]
    assert {"opening.hall-opened", "opening.bidders-done"} <= {*told} and "opening.verdict" not in told
    assert asked(cast.YINSHAN).status_code == asked(bidding.HOLDERS[2], iso(AT - timedelta(hours=1))).status_code == 404


def test_a_purchase_published_before_halls_could_be_closed_is_opened_as_it_was_announced():
    row = make.talking(older=True)
    number = row.project.number
    assert tenders.closed_hall(row.project) is None and row.project.procedure.closed_hall
    public = [entry.kind for entry in Entry.objects.filter(log=Log.PUBLIC, stream=row.project.log)]
    assert {"opening.hall-opened", "opening.verdict"} <= {*public} and "opening.doors-shut" not in public
    assert cast.NAMES[cast.YINSHAN] in Client().get(f"/projects/{number}/hall/").content.decode()

    at = make.final(row)
    assert disclosing.due() == []
    Project.objects.filter(number=number).update(stage=Stage.AWARDED)
    assert disclosing.due() == [number]
    make.disclosed(at=at)

    assert disclosing.due() == [] and not Entry.objects.filter(kind="opening.room-disclosed").exists()
    checks = {check.name: check for check in record.verify(records.record_of(number)).checks}
    assert [(one.name, one.text) for one in checks.values() if one.holds is False] == []
    assert checks["verdicts"].holds and checks["room"].holds
