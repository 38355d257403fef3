"""The story so far comes in few messages, one entry a line."""

import pytest

from ledger import hub

FRAMES = [(seq, {"type": "websocket.send", "text": f'{{"seq":{seq}}}'}) for seq in range(1, 6)]  # 9 characters each


@pytest.mark.parametrize(
    ("pack", "numbers"), [(64 * 1024, [5]), (18, [2, 4, 5]), (26, [2, 4, 5]), (1, [1, 2, 3, 4, 5])]
)
def test_no_message_is_longer_than_a_pack_unless_one_entry_is(monkeypatch, pack, numbers):
    monkeypatch.setattr(hub, "PACK", pack)

    packs = hub.packed(FRAMES)

    assert [seq for seq, _ in packs] == numbers  # a cursor after each message is that of its last entry
    assert "\n".join(message["text"] for _, message in packs) == "\n".join(message["text"] for _, message in FRAMES)


def test_who_has_everything_is_told_nothing():
    assert hub.packed([]) == []
