"""What fills every column of text: `declared/texts.txt`, in the words of `scripts.spikes`; the walk looks at it."""

import pytest

from scripts import poison, spikes
from tests.config.declaring import rows

pytestmark = pytest.mark.embedded


def test_every_column_of_text_says_what_fills_it_or_why_nobody_writes_there() -> None:
    assert sorted(rows("texts").keys() ^ spikes.columns().keys()) == []


def test_it_says_so_in_known_words() -> None:
    told = {column: row for column, row in rows("texts").items() if row[0] not in {*spikes.FREE, *spikes.WHY}}
    told |= {column: row for column, row in rows("texts").items() if row[1:] not in ([], ["read"])}
    told |= {column: row for column, row in rows("texts").items() if row[0] in spikes.WHY and "read" in row}
    assert told == {}


def test_what_is_chosen_from_a_list_is_free_text_to_nobody() -> None:
    chosen = {column for column, field in spikes.columns().items() if field.choices}
    assert {column: rows("texts")[column] for column in chosen if rows("texts")[column] != ["code"]} == {}


def test_an_attack_that_is_missing_or_where_none_should_be_is_told() -> None:
    free = {column: ["x"] for column, (kind, *_) in rows("texts").items() if kind in spikes.FREE}
    assert spikes.wrongs(free) == []
    gone = free.pop("bidding.talknote.text")
    assert spikes.wrongs(free) == ["bidding.talknote.text is staged and holds no attack"]
    [wrong] = spikes.wrongs({**free, "bidding.talknote.text": gone, "market.project.number": ["x"]})
    assert wrong.startswith("market.project.number holds an attack")


def test_a_text_is_known_again_on_a_page() -> None:
    column = "bidding.talknote.text"
    held = {column: sorted(poison.marks(spikes.spike(column)))}
    page = poison.marks(f"记录：\n {spikes.spike(column)} 完")
    assert poison.unread(held, [column], page) == []
    assert poison.unread(held, [column], poison.marks(spikes.spike("bidding.termschange.text"))) == [column]


def test_every_attack_leaves_room_for_the_way_out() -> None:
    free = [column for column, (kind, *_) in rows("texts").items() if kind == "spiked"]
    long = {column: len(spikes.spike(column)) for column in free}
    assert all(poison.OUT in spikes.spike(column) for column in free)
    assert {n for n in free if long[n] > (spikes.columns()[n].max_length or 10**6)} == set()
