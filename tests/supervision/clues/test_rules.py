"""Clues: each kind found alone, honest likenesses left alone, and a planted set of rings."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from supervision.clues import prices
from supervision.clues.rules import ALERT, Kind, Offer, Paper, clues, digits, network, strength, suspected
from tests.cast import HETAO, LANGSHAN, NOON, WULIANG, YINSHAN
from tests.supervision.clues.planted import KINDS, RINGS, TENDERS, planted, tender

ORGS = (HETAO, YINSHAN, WULIANG, LANGSHAN)
PLAN = Paper("方案.docx", "a" * 64, author="张三", editor="李四", tool="Word 16", origins=frozenset({"id-1"}))


def two(**shared):
    """Two bidders that share something, and a third that does not."""
    return [Offer(HETAO, **shared), Offer(YINSHAN, **shared), Offer(WULIANG)]


def words(count, mark):
    return frozenset(f"第{number}条{mark}的独立论述内容" for number in range(count))


@pytest.mark.parametrize(
    ("kind", "shared", "points"),
    [
        (Kind.ADDRESS, {"addresses": frozenset({"203.0.113.9"})}, 10),
        (Kind.DEVICE, {"devices": frozenset({"w" * 22})}, 30),
        (Kind.PERSON, {"persons": frozenset({"张 三"})}, 20),
        (Kind.PHONE, {"phones": frozenset({"0086 139-0000-0000"})}, 30),
        (Kind.MAIL, {"mails": frozenset({"A@example.com"})}, 30),
        (Kind.ACCOUNT, {"accounts": frozenset({"6222 0000"})}, 30),
        (Kind.AUTHOR, {"papers": (replace(PLAN, editor="", origins=frozenset(), tool="", sha256=""),)}, 20),
        (Kind.EDITOR, {"papers": (replace(PLAN, author="", origins=frozenset(), tool="", sha256=""),)}, 20),
        (Kind.ORIGIN, {"papers": (replace(PLAN, author="", editor="", tool="", sha256=""),)}, 30),
        (Kind.FILE, {"papers": (replace(PLAN, author="", editor="", tool="", origins=frozenset()),)}, 5),
        (Kind.TEXT, {"papers": (Paper("一.txt", "", clauses=words(20, "甲")),)}, 30),
    ],
)
def test_each_kind_is_found_alone_with_its_evidence(kind, shared, points):
    [clue] = clues(two(**shared))

    assert (clue.kind, clue.orgs, clue.points) == (kind, (HETAO, YINSHAN), points)
    assert clue.evidence["values"]
    assert suspected([clue]) == ([(HETAO, YINSHAN)] if points >= ALERT else [])
    assert clues([Offer(HETAO, **shared), Offer(YINSHAN)]) == []


def test_a_tool_counts_little_and_only_where_few_use_it():
    papers = (replace(PLAN, author="", editor="", origins=frozenset(), sha256=""),)
    few = [Offer(HETAO, papers=papers), Offer(YINSHAN, papers=papers), Offer(WULIANG), Offer(LANGSHAN)]
    [clue] = clues(few)
    assert (clue.kind, clue.points) == (Kind.TOOL, 5)
    assert clues([Offer(org, papers=papers) for org in ORGS]) == []


def test_uploads_right_after_each_other_count_little_and_a_common_rush_counts_nothing():
    at = [NOON - timedelta(hours=3), NOON - timedelta(hours=3) + timedelta(seconds=40), NOON - timedelta(hours=1)]
    [clue] = clues([Offer(org, received=(when,)) for org, when in zip(ORGS, at, strict=False)])
    assert (clue.kind, clue.orgs, clue.points, clue.evidence["seconds"]) == (Kind.TIME, (HETAO, YINSHAN), 5, 40)
    rush = [Offer(org, received=(NOON - timedelta(seconds=90 - place * 20),)) for place, org in enumerate(ORGS)]
    assert clues(rush) == []


def test_what_the_tender_itself_hands_out_is_nobodys_likeness():
    form = Paper(
        "格式.docx",
        "f" * 64,
        author="采购中心",
        editor="采购中心",
        origins=frozenset({"id-f"}),
        clauses=words(40, "格式"),
    )
    filled = [Offer(org, papers=(replace(form, sha256=org, clauses=form.clauses | words(20, org)),)) for org in ORGS]
    assert {clue.kind for clue in clues(filled)} == {Kind.ORIGIN, Kind.AUTHOR, Kind.EDITOR, Kind.TEXT}
    assert clues(filled, given=[form]) == []
    # Printed, its headings run on into its sentences, which no sentence of the original is.
    heads = sorted(form.clauses)
    run_on = frozenset(one + other for one, other in zip(heads[::2], heads[1::2], strict=True))
    printed = [Offer(org, papers=(Paper("a.pdf", org, clauses=run_on | words(20, org)),)) for org in ORGS]
    assert {clue.kind for clue in clues(printed, given=[form])} == {Kind.TEXT}
    assert clues(printed, given=[replace(form, body="。".join(sorted(run_on)))]) == []


def test_a_machines_name_is_no_author_and_many_behind_one_address_are_a_hall():
    nobody = (replace(PLAN, author="Administrator", editor="微软用户", tool="", origins=frozenset(), sha256=""),)
    assert clues([Offer(org, papers=nobody) for org in ORGS]) == []
    hall = [Offer(f"org-{place}", addresses=frozenset({"203.0.113.9"})) for place in range(5)]
    [clue] = clues(hall)
    assert clue.points == 5 and suspected([clue]) == []


def test_points_add_up_over_kinds_and_not_over_repetitions():
    papers = (replace(PLAN, tool="", origins=frozenset(), sha256=""),)
    found = clues(two(papers=papers, addresses=frozenset({"203.0.113.9", "203.0.113.10"})))
    assert strength(found) == {(HETAO, YINSHAN): 50}


def test_an_ipv6_line_is_one_house_and_a_number_is_one_however_it_is_written():
    assert network("2001:db8:1:2::77") == network("2001:db8:1:2:ffff::1") != network("2001:db8:1:3::77")
    assert network("203.0.113.9") != network("203.0.113.10") and network("no address") == "no address"
    assert digits("+86 (139) 0000-0000") == digits("13900000000") and digits("12") == ""


@pytest.mark.parametrize(
    ("quotes", "pattern"),
    [
        (("981234.17", "990001.17", "998768.17", "1007535.17"), "arithmetic"),
        (("900123.40", "927126.80", "954940.60", "983588.82"), "geometric"),
        (("981234.17", "981234.90", "1048211.53", "912344.02"), "near"),
        (("980000", "990000", "1000000", "1010000"), ""),  # round prices fall into step by themselves
        (("1000000", "1000000", "1000000"), ""),  # a price everybody knows
        (("981234.17", "1048211.53", "912344.02"), ""),
        (("981234.17", "981234.90"), ""),  # two prices make no pattern
    ],
)
def test_prices_in_step_are_told_from_round_ones(quotes, pattern):
    found = prices.patterns({org: Decimal(quote) for org, quote in zip(ORGS, quotes, strict=False)}, {})
    assert {one.evidence["pattern"] for one in found} == ({pattern} if pattern else set())


def test_two_sheets_in_one_ratio_are_found_and_equal_ones_are_not():
    lines = {f"line {number}": Decimal(number * 137 + 11) for number in range(1, 9)}
    higher = {line: (price * Decimal("1.03")).quantize(Decimal("0.01")) for line, price in lines.items()}
    offers = [Offer(HETAO, items=lines), Offer(YINSHAN, items=higher), Offer(WULIANG, items=lines)]
    assert sorted(clue.orgs for clue in clues(offers)) == sorted([(HETAO, YINSHAN), tuple(sorted((YINSHAN, WULIANG)))])


def test_of_forty_planted_rings_nine_in_ten_of_each_kind_are_found_and_few_clean_tenders_are_alerted():
    asked, found, alarmed = Counter(), Counter(), 0
    for one in planted():
        groups = suspected(clues(one.offers, given=one.given))
        if one.kind:
            asked[one.kind] += 1
            found[one.kind] += any(len(one.ring & set(group)) >= 2 for group in groups)
        else:
            alarmed += bool(groups)

    assert sum(asked.values()) == RINGS and set(asked) == set(KINDS)
    assert {kind: found[kind] / asked[kind] for kind in KINDS if found[kind] < 0.9 * asked[kind]} == {}
    assert alarmed <= 0.05 * (TENDERS - RINGS)


def test_the_same_bids_in_another_order_give_the_same_clues():
    one = tender(Random(1), kind="text")
    assert clues(one.offers, given=one.given) == clues(one.offers[::-1], given=one.given)
