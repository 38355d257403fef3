"""What happened behind closed doors is verified with the result, and every lie about it is found."""

import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from market.projects.rules import PROCEDURES
from proofs import record, words
from proofs.record import archive
from tests.proofs.procurement import Procurement
from tests.proofs.rounds import Behind

Rows = list[dict[str, Any]]


def found(play: Procurement) -> dict[str, bool | None]:
    return {check.name: check.holds for check in record.verify(archive.write(play.record())).checks}


def changed(rows: Rows, at: int, **other: Any) -> Rows:
    event = rows[at]["event"]
    return [*rows[:at], {**rows[at], "event": {**event, "d": {**event["d"], **other}}}, *rows[at + 1 :]]


def test_a_purchase_held_behind_closed_doors_holds_in_every_line(tmp_path: Path) -> None:
    play = Behind(tmp_path).play()
    assert found(play) == dict.fromkeys(record.CHECKS, True)
    told = record.verify(archive.write(play.record()))
    said = "".join(check.text for check in told.checks)
    assert "成交结果：" in said and "开启记录：3 家开启内容与结论一致" in said and "持钥单位均在供应商之后释放" in said
    assert not re.search("投标|开标|唱标|中标|招标", said)


def test_what_a_record_calls_things_is_what_the_house_calls_them_and_never_a_word_of_its_own() -> None:
    for row in PROCEDURES.values():
        own = row.terms.words()
        if row.takes_offers:
            assert all(own[name] == word for name, word in asdict(words.of(row.edition.value)).items()), row.edition
    assert words.of("所有检查均成立") == words.of(None) == words.of(["214-2014"]) == words.USUAL


def test_before_the_result_there_is_nothing_to_check_and_nobody_is_named(tmp_path: Path) -> None:
    early = Behind(tmp_path)
    early.respond()
    told = found(early)
    assert told["room"] is told["verdicts"] is None and False not in told.values()
    assert not [who.org for who in early.bidders for entry in early.record().entries if who.org in str(entry.data)]


@pytest.mark.parametrize("lie", [
    lambda rows: rows[1:],
    lambda rows: rows[:3] + rows[4:],
    lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]],
    lambda rows: changed(rows, 2, after=99_999),
    lambda rows: changed(rows, 4, part="body"),
    lambda rows: changed(rows, 0, stream="project/other"),
    lambda rows: [*rows, {**rows[-1], "event": {**rows[-1]["event"], "t": "draw.fixed"}}],
])  # fmt: skip
def test_nothing_of_it_can_be_left_out_moved_changed_or_added(tmp_path: Path, lie: Callable[[Rows], Rows]) -> None:
    assert found(Behind(tmp_path, room=lie).play())["room"] is False


def test_what_should_have_been_behind_the_doors_was_never_public(tmp_path: Path) -> None:
    play = Behind(tmp_path)
    play.respond()
    play.log.tell("project/T-2026-001", "tech.passed", passed=[])
    assert found(play)["room"] is False


def test_an_open_hall_has_no_doors(tmp_path: Path) -> None:
    play = Procurement(tmp_path).play()
    play.tell("opening.room-disclosed", count=0, sha256=play.blob([]), note="", sealed={})
    assert found(play)["room"] is False
