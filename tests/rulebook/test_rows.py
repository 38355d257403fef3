"""Row after row: neither a refusal nor a bug of one holds up another; bugs are gathered for the operators, wordless."""

import pytest

from rulebook.refusal import Kind, Reason, Refused
from rulebook.rows import gathering_troubles, left_for_next_time


def test_one_row_that_cannot_move_does_not_hold_back_the_next(caplog):
    moved = []
    with caplog.at_level("INFO", logger="rulebook.rows"):
        for number in ("stuck", "free"):
            with left_for_next_time(number):
                if number == "stuck":
                    raise Refused(Reason("a.b", Kind.NOT_NOW, "未到时间"))
                moved.append(number)

    assert moved == ["free"]
    assert "stuck waits: a.b" in caplog.text


def test_only_refusals_wait_for_the_next_time():
    with pytest.raises(KeyError), left_for_next_time("bug"):
        raise KeyError("a bug rises")


def test_a_bug_of_one_row_is_gathered_and_the_next_goes_on(caplog):
    moved = []
    with gathering_troubles() as troubles:
        for number in ("broken", "free"):
            with left_for_next_time(number):
                if number == "broken":
                    raise KeyError("a price nobody may see")
                moved.append(number)

    assert moved == ["free"]
    assert [(each.what, each.fault.split(":")[0]) for each in troubles] == [("broken", "KeyError (test_rows.py")]
    assert "broken failed: KeyError" in caplog.text
    assert "price" not in caplog.text + str(troubles)
