"""What fills every column of text: `declared/texts.txt`, in the words of `scripts.spikes`; the walk looks at it."""

import re

import pytest

from scripts import files, poison, spikes
from tests.config.declaring import rows

pytestmark = pytest.mark.embedded


def test_every_column_of_text_says_what_fills_it_or_why_nobody_writes_there() -> None:
    assert sorted(rows("texts").keys() ^ spikes.columns().keys()) == []


def test_of_what_people_type_it_says_where_it_goes_or_why_nobody_reads_it() -> None:
    typed = {column: row for column, row in rows("texts").items() if row[0] in spikes.FREE}
    assert {column: row for column, row in typed.items() if not re.fullmatch("read|filed|kept: .{12,}", row[-1])} == {}
    others = {column: row for column, row in rows("texts").items() if column not in typed}
    assert {column: row for column, row in others.items() if len(row) > 1 or row[0] not in spikes.WHY} == {}


def test_a_text_that_goes_elsewhere_than_is_said_is_told() -> None:
    goes = {column: row[1].partition(":")[0] for column, row in rows("texts").items() if len(row) > 1}
    held = {column: sorted(poison.marks(spikes.spike(column))) for column in goes}
    marks = {where: {held[column][0] for column in goes if goes[column] == where} for where in spikes.GOES}
    assert poison.astray(held, marks["read"], marks["filed"]) == []

    told = poison.astray(held, marks["filed"] | marks["kept"], marks["kept"])
    assert [wrong for wrong in told if "market.splitalert.notes" in wrong] == [
        "market.splitalert.notes is read on no page"
    ]
    assert [wrong.partition(":")[0] for wrong in told if "bidding.review.votes" in wrong] == [
        "bidding.review.votes is filed in no answer", "bidding.review.votes is read on a page",
    ]  # fmt: skip
    assert [wrong.partition(":")[0] for wrong in told if "bidding.leaving.reason" in wrong] == [
        "bidding.leaving.reason is read on a page", "bidding.leaving.reason is filed in an answer",
    ]  # fmt: skip


def test_every_address_is_on_the_walk_or_among_those_asked_as_programs_ask_or_says_why_nobody_asks() -> None:
    walked = {path for path, (reads, *_) in rows("pages").items() if reads != "-"} - set(rows("files"))
    assert files.unlike(walked) == []
    [wrong] = files.unlike(walked - {"notices/"})
    assert wrong == "notices/ is on no page of the walk, nor in files.txt"
    [wrong] = files.unlike(walked | {"notices.atom"})
    assert wrong.startswith("notices.atom is in files.txt, and is a page")
    told = {address: row for address, row in rows("files").items() if row[0] not in files.READERS}
    assert {address: row for address, row in told.items() if row[0] != "-" or len(row) < 2} == {}


GOOD = {
    "application/atom+xml": b'<feed xmlns="http://www.w3.org/2005/Atom"><title>%s</title></feed>',
    "application/json": b'{"title": "%s"}', "text/html": b'<p title="%s">%s</p>', "text/csv": b"title,n\r\n%s,-5\r\n",
    "text/calendar": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
}  # fmt: skip
BAD = {
    "application/atom+xml": b"x<script xmlns='http://www.w3.org/1999/xhtml'>xss(1)</script>",
    "application/json": b'x", "y": z, "', "text/html": b'"><img src=x onerror=xss(1)>', "text/csv": b"=1+1",
    "text/calendar": b"x\r\nATTACH:https://evil.example",
}  # fmt: skip


@pytest.mark.parametrize("comes", GOOD)
def test_a_reader_notices_what_came_out_of_a_text(comes: str) -> None:
    read = files.READERS[comes]
    assert any("文" in text for text in read(GOOD[comes].replace(b"%s", "文".encode())))
    with pytest.raises((ValueError, SyntaxError)):
        list(read(GOOD[comes].replace(b"%s", BAD[comes])))


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
