"""How often a room tells its viewers."""

import asyncio
import json

import pytest

from ledger import hub as hubs
from tests.ledger.test_tail import say, watching

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.embedded]


async def test_what_comes_fast_goes_out_together_and_the_first_at_once(monkeypatch):
    monkeypatch.setattr(hubs, "APART", 2.0)
    socket = await watching()
    await asyncio.sleep(2.0)  # nothing was told lately
    began = asyncio.get_running_loop().time()
    await say("0")
    await socket.receive_from(timeout=10)
    assert asyncio.get_running_loop().time() - began < 2.0
    for n in range(1, 4):
        await say(str(n))
    together = await socket.receive_from(timeout=10)
    assert [json.loads(line)["seq"] for line in together.split("\n")] == [2, 3, 4]
    await socket.disconnect()
