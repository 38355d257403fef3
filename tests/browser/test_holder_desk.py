"""A key holder with nothing but a phone's browser: keys ahead, a draft's keys and trial, releases for two openings."""

import io
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from accounts.services import revoke_key
from bidding.holding import ahead, queries
from bidding.holding.events import HolderStands
from bidding.opening.models import HolderTurn
from bidding.tender import committees
from bidding.tender import queries as tenders
from bidding.tender.events import Terms
from bidding.tender.models import CommitteeMember
from bidding.tender.rules import CommitteeState
from ledger.services import record
from proofs import statement as statements
from proofs.__main__ import main
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.times import iso
from tests import cast
from tests.bidding.tender import act
from tests.browser.test_draw_pages import PASSPHRASE, come_in, key_file
from tests.make import accounts, bidding_offers, holding, market
from tests.make.ledger import sequenced

PHONE = {"width": 390, "height": 844}


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_holder_does_everything_from_a_phone(browser: Browser, live_server, tmp_path: Path) -> None:
    accounts.world()
    now = clock.now()
    holding.stand()
    ahead.reserve(by=SYSTEM, at=now)
    numbers = ["T-2026-011", "T-2026-012"]
    for number in numbers:
        project = market.project(number=number, published_at=now - timedelta(days=21))
        tender = bidding_offers.open_hall(
            3, number=number, project=project, closes_at=now - 5 * cast.MINUTE, window=1800
        )
        bidding_offers.halves_released(tender)
        with transaction.atomic():
            record(Terms(stream=project.log, terms=tender.terms), at=now)
    draft = act.draft()
    committees.request_keys(project_number=draft.project.number, by=cast.OFFICER, at=now)
    for part in draft.parts:
        for code in (cast.BUYER, cast.CENTRE):
            act.post(draft, part, code)
    roster_entry = HolderStands(stream="keys", org=cast.CENTRE, standing=True)
    with transaction.atomic():
        record(roster_entry, at=now)
    sequenced(at=clock.now())

    # The command line does the same sitting for another holder.
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    words = ["--site", live_server.url, "--state", str(tmp_path / "state"), "--passphrase-file"]
    with pytest.MonkeyPatch.context() as alone:
        alone.setattr(sys, "stdout", io.StringIO())
        key = key_file(tmp_path, cast.CENTRE)
        assert main(["holder-desk", key, *words, str(tmp_path / "passphrase"), "--keys", "--json"]) == 0
        told = json.loads(sys.stdout.getvalue())
    assert (told["keys_to_make"], told["failed"], queries.to_make(cast.CENTRE)) == (0, {}, [])

    holder = come_in(browser, live_server.url, cast.HOLDER)
    holder.page.set_viewport_size(PHONE)
    page = holder.go("/holders/desk/")
    assert page.locator("#openings-list > [data-releases]").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert holder.barriers() == []
    # The key was stolen and revoked meanwhile: the old file opens, the new one signs and makes what is new.
    ended = statements.sign("idr/1", {"revokes": 1}, by=accounts.signer(cast.NOTARY, 2), ts=iso(now))
    accounts.next_key(cast.NOTARY, 2)
    revoke_key(statement=ended, by=SYSTEM, at=now)

    def choose(gen: int) -> None:
        page.set_input_files("[data-key-file]", key_file(tmp_path, cast.NOTARY, gen))
        page.fill("[data-passphrase]", PASSPHRASE)

    choose(1)
    page.click("[data-act=releaseAll]")
    expect(page.locator("#sitting")).to_contain_text("请再选现行一代的密钥文件，然后再按一次")
    choose(2)
    page.click("[data-act=releaseAll]")
    expect(page.locator("#sitting [data-status]")).to_contain_text("2 场的钥匙已全部释放")
    for number in numbers:
        parts = HolderTurn.objects.filter(opening__tender__project__number=number, organisation=cast.NOTARY)
        assert sorted(parts.values_list("part", flat=True)) == ["body", "sheet"]

    page.reload()
    choose(2)
    page.click("[data-act=makeKeys]")
    expect(page.locator("#sitting [data-status] .say--ok")).to_be_visible()
    assert queries.to_make(cast.NOTARY) == []
    for part in draft.parts:
        assert tenders.committee(draft, part).state == CommitteeState.TRIAL
    page.click("[data-act=makeKeys]")
    expect(page.locator("#sitting [data-status] .say--ok")).to_be_visible()
    expect(page.locator("#sitting [data-status]")).to_contain_text("试开启已应答")
    trials = CommitteeMember.objects.filter(committee__tender=draft, organisation=cast.NOTARY)
    assert all(member.trial for member in trials)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert (holder.barriers(), holder.wrongs) == ([], [])
    page.reload()
    assert page.locator("#openings-list > [data-releases]").count() == 0
    expect(page.locator("#openings-list")).to_contain_text("本单位已释放")
    holder.leave()
