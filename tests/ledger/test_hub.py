"""How often a room tells its viewers."""

import asyncio
import json

import pytest
from channels.db import database_sync_to_async

from ledger import hub as hubs
from tests.ledger.test_tail import say, watching
from tests.make import ledger as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.embedded]

say_all = database_sync_to_async(lambda *texts: [make.entry(text) for text in texts], thread_sensitive=False)


async def test_what_comes_fast_goes_out_together_and_the_first_at_once(monkeypatch):
    apart = 12.0  # three inserts took more than five where eight tests had two cores
    monkeypatch.setattr(hubs, "APART", apart)
    monkeypatch.setattr(hubs, "POLL", 60.0)
    socket = await watching()
    await asyncio.sleep(apart)  # nothing was told lately
    began = asyncio.get_running_loop().time()
    await say("0")
    await socket.receive_from(timeout=60)
    assert asyncio.get_running_loop().time() - began < apart
    await say_all("1", "2", "3")
    together = await socket.receive_from(timeout=60)
    assert [json.loads(line)["seq"] for line in together.split("\n")] == [2, 3, 4]
    await socket.disconnect()
