"""The receipt a bidder keeps: printed for himself alone, proven by itself once the closing stands, silent before."""

import re

import pytest
from django.test import Client

from accounts.models import Message
from bidding.submission import queries
from bidding.submission.models import Bid
from ledger import keys
from ledger import queries as ledger
from ledger.models import Log
from proofs import receipt, tlogproof
from tests.cast import HETAO, NOON, PROVIDER, RIVAL, STRANGER, YINSHAN
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db
PAGE = f"/projects/{NUMBER}/bid/receipts/"


def leaf_of(row) -> str:
    return re.search(r"leaf sha256:([0-9a-f]{64})", row.receipt)[1]


def proof_of(row, leaf: str = "") -> str:
    return f"/receipts/{row.bid.eid if hasattr(row, 'bid') else row.eid}/{leaf or leaf_of(row)}.tlog-proof"


def test_the_page_prints_ones_own_receipts_with_a_code_each():
    tender = make.open_tender()
    rows = make.sealed_bid(tender)
    make.sealed_bid(tender, RIVAL)

    page = accounts.client_of(PROVIDER).get(PAGE)
    text = page.content.decode()

    assert {one["eid"] for one in page.context["receipts"]} == {row.eid for row in rows}
    assert text.count('class="qr"') == 2
    assert all(receipt.opened(one["note"], _key()).bidder == HETAO for one in page.context["receipts"])
    assert YINSHAN not in text
    assert page["Cache-Control"] == "no-store"


def test_a_code_leads_to_the_public_page_and_the_receipt_stays_behind_the_hash():
    make.sealed_bid(make.open_tender())

    page = accounts.client_of(PROVIDER).get(PAGE)

    for one in page.context["receipts"]:
        assert re.fullmatch(r"http://testserver/verify/receipt/#[A-Z2-7]+", one["check"])
        assert len(one["check"]) < 1300  # what a telephone still reads from paper


def test_receipts_come_on_paper_too_for_their_owner_alone():
    tender = make.open_tender()
    make.sealed_bid(tender)
    make.withdrawn(tender, PROVIDER)
    address = f"/projects/{NUMBER}/bid/receipts.pdf"

    answer = accounts.client_of(PROVIDER).get(address)

    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-1.7")
    assert answer.content == accounts.client_of(PROVIDER).get(address).content
    assert [accounts.client_of(who).get(address).status_code for who in (RIVAL, STRANGER)] == [404, 302]


def test_before_the_closing_nobody_is_given_a_proof_not_even_who_has_the_receipt():
    tender = make.open_tender()
    row = make.sealed_bid(tender)[0]
    make.sequenced(at=NOON)

    known = Client().get(proof_of(row))
    unknown = Client().get(proof_of(row, "0" * 64))
    nobody = Client().get(f"/receipts/{'1' * 32}/{'0' * 64}.tlog-proof")

    assert [answer.status_code for answer in (known, unknown, nobody)] == [404] * 3
    assert len({_without_clock(answer) for answer in (known, unknown, nobody)}) == 1


def test_after_the_closing_who_holds_a_receipt_gets_its_proof_and_who_does_not_gets_nothing():
    tender = make.open_tender()
    first = make.sealed_bid(tender)[0]
    replaced = make.sealed_bid(tender)[0]
    gone = make.withdrawn(tender, PROVIDER)[0]
    make.closed(tender)
    sealed = ledger.sealed_batch(tender.project.log)

    for row in (first, replaced, gone):
        answer = Client().get(proof_of(row))
        proof = tlogproof.parse_proof(answer.content.decode())
        assert proof.checkpoint == sealed.note
        assert ledger.inclusion(row.entry, against=sealed)["index"] == proof.index

    assert Client().get(proof_of(first, "0" * 64)).status_code == 404
    assert Client().get(proof_of(first, leaf_of(replaced))).status_code == 404


def test_the_proof_arrives_by_itself_to_every_holder_of_a_receipt_and_to_nobody_else():
    tender = make.open_tender()
    make.sealed_bid(tender)
    make.sealed_bid(tender, RIVAL)
    make.withdrawn(tender, RIVAL)
    before = set(Message.objects.values_list("pk", flat=True))

    make.closed(tender)
    make.closed(tender)

    told = Message.objects.exclude(pk__in=before)
    assert sorted((one.to_organisation_id, one.link) for one in told) == [(HETAO, PAGE), (YINSHAN, PAGE)]
    workspace = accounts.client_of(PROVIDER).get(f"/projects/{NUMBER}/bid/").content.decode()
    assert "存在证明" in workspace
    for row in Bid.objects.filter(organisation=HETAO):
        assert proof_of(row) in accounts.client_of(PROVIDER).get(PAGE).content.decode()


def test_the_page_of_who_has_nothing_is_empty_and_a_stranger_signs_in_first():
    make.sealed_bid(make.open_tender())

    assert accounts.client_of(RIVAL).get(PAGE).context["receipts"] == []
    assert Client().get(PAGE).status_code == 302
    assert queries.my_bid(Bid.objects.first().tender, viewer=STRANGER)["versions"] == []


def test_the_page_that_checks_receipts_takes_nothing_and_is_the_same_for_everyone():
    make.sealed_bid(make.open_tender())

    pages = {_without_clock(Client().get("/verify/receipt/", query)) for query in ({}, {"r": "x"})}

    assert len(pages) == 1
    assert Client().post("/verify/receipt/").status_code == 405


def _key():
    return keys.verifier("receipts")


def _without_clock(answer) -> str:
    """The page but for the hour, and for the links that lead back to its own address in another language."""
    return re.sub(r"<time.*?</time>|nonce-\S+|/language/[^\"]+", "", answer.content.decode())


def test_sealed_entries_are_proven_under_the_closings_checkpoint_whatever_came_later():
    tender = make.open_tender()
    row = make.sealed_bid(tender)[0]
    make.closed(tender)
    first = Client().get(proof_of(row)).content
    later = make.open_tender(number="T-2026-010")
    make.sealed_bid(later)
    make.closed(later)

    assert ledger.newest(Log.SEALED).size > ledger.sealed_batch(tender.project.log).size
    assert Client().get(proof_of(row)).content == first
