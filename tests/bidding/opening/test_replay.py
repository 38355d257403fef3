"""A finished opening is seen again out of the public record, by anybody, in the words everybody saw."""

import re

import pytest
from django.test import Client

from ledger import lines
from ledger import queries as ledger
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PAGE = f"/projects/{NUMBER}/hall/replay/"


def test_a_finished_opening_plays_back_line_by_line_from_its_closing_to_its_end():
    tender = make.opened_tender()

    page = Client().get(PAGE)
    text = page.content.decode()

    entries = ledger.entries_after(tender.project.log)
    kinds = [entry.kind for entry in entries]
    shown = entries[kinds.index("tender.closed") : kinds.index("opening.ended") + 1]
    assert page.context["story"].lines == [lines.line(entry) for entry in shown]
    assert [int(seq) for seq in re.findall(r'<li class="entry" data-seq="(\d+)"', text)] == [e.seq for e in shown]
    labels = [str(stage["label"]) for stage in page.context["story"].stages]
    assert labels == ["截标封存", "投标人解密", "持钥人开启", "唱标", "确认签字", "结束"]


def test_nothing_is_played_back_before_the_end_and_the_page_tells_nothing():
    make.read_out_tender()

    page = Client().get(PAGE)

    assert page.context["story"].lines == []
    assert "data-seq" not in page.content.decode()


def test_before_the_closing_the_page_is_the_same_with_bids_and_without():
    make.open_tender()
    clock = re.compile(r"<time.*?</time>|nonce-\S+")
    empty = clock.sub("", Client().get(PAGE).content.decode())
    tender = make.open_tender(number="T-2026-077")
    make.sealed_bid(tender)

    other = clock.sub("", Client().get("/projects/T-2026-077/hall/replay/").content.decode())

    assert other.replace("T-2026-077", NUMBER) == empty
