"""Red flags by hand: each definition, what it leaves out, and the quartiles they stand on."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from supervision.flags import rules
from supervision.flags.rules import Purchase, Submitted, quantile
from tests.cast import DAY, NOON

LEFT_OUT = {"open": False, "competitive": False, "priced": False, "by_price": False}


def bids(*prices, out=(), **facts):
    return tuple(
        Submitted(f"org-{place}", Decimal(price), place not in out, **facts) for place, price in enumerate(prices)
    )


def purchase(number="P-1", *, offers=(), winner="org-0", days=30, **facts):
    told = {"open": True, "competitive": True, "priced": True, "by_price": True, "item": "A1", "buyer": "buyer-1"}
    return Purchase(
        number=number,
        published_at=NOON - days * DAY,
        closes_at=NOON,
        winner=winner,
        bids=tuple(offers),
        **(told | facts),
    )


def gaps(*percent):
    """Purchases whose second price lies so many percent above the winning one."""
    return [purchase(f"P-{place}", offers=bids(100, 100 + over)) for place, over in enumerate(percent)]


def subjects(flag):
    return [hit.subject for hit in flag.hits]


@pytest.mark.parametrize(
    ("values", "share", "told"),
    [
        # Hyndman and Fan 1996, definition 8: x(j) + g·(x(j+1) − x(j)) at (n + 1/3)·p + 1/3 = j + g.
        ((1, 2, 3, 4), Fraction(1, 4), Fraction(17, 12)),
        ((1, 2, 3, 4), Fraction(3, 4), Fraction(43, 12)),
        ((1, 2, 3, 4, 5), Fraction(1, 4), Fraction(5, 3)),
        ((7,), Fraction(1, 4), Fraction(7)),
        ((5, 1), Fraction(3, 4), Fraction(5)),
    ],
)
def test_quartiles_are_of_the_eighth_kind(values, share, told):
    assert quantile([Fraction(value) for value in values], share) == told


def test_short_notice_is_an_open_purchase_under_fifteen_days():
    rows = [purchase("P-1", days=14), purchase("P-2", days=15), purchase("P-3", days=1, open=False)]
    flag = rules.short_notice(rows)
    assert (subjects(flag), flag.judged, flag.excluded, flag.hits[0].value) == (["P-1"], 2, 1, 14)


def test_a_single_bid_counts_where_others_might_have_come():
    rows = [
        purchase("P-1", offers=bids(9)),
        purchase("P-2", offers=bids(9, 8)),
        purchase("P-3", offers=bids(9), **LEFT_OUT),
    ]
    flag = rules.single_bid(rows)
    assert (subjects(flag), flag.judged, flag.excluded) == (["P-1"], 2, 1)


def test_close_and_deep_prices_are_outliers_of_the_gap_after_the_winner():
    rows = gaps(10, 11, 10, 12, 11, 10, 1, 60)
    close, deep = rules.close_prices(rows), rules.deep_discount(rows)
    assert (subjects(close), close.hits[0].value) == (["P-6"], Fraction(1, 100))
    assert (subjects(deep), deep.hits[0].value) == (["P-7"], Fraction(3, 5))
    assert close.judged == deep.judged == 8

    left_out = [
        purchase("not the lowest won", offers=bids(100, 90)),
        purchase("one valid", offers=bids(100, 120, out=(1,))),
        purchase("together", offers=bids(100, 120, several=True)),
        purchase("the buyer's price", offers=bids(100, 100), priced=False),
    ]
    flag = rules.close_prices(left_out)
    assert (flag.judged, flag.excluded, flag.hits, flag.fences) == (0, 4, (), {})


def test_where_all_are_alike_nobody_is_an_outlier():
    for made in (rules.close_prices, rules.deep_discount, rules.mixed_supplier, rules.often_out, rules.losing_bidders):
        assert made(gaps(10, 10, 10)).hits == (), made


def test_who_bids_most_and_wins_least_is_flagged():
    rows = [
        purchase(f"P-{place}", winner=f"w-{place % 4}",
                 offers=(Submitted(f"w-{place % 4}", Decimal(9), True), Submitted("often", Decimal(10), True)))
        for place in range(12)
    ]  # fmt: skip
    flag = rules.losing_bidders(rows)
    assert [(hit.subject, hit.value, hit.about) for hit in flag.hits] == [("often", 0, "bidder")]
    together = [purchase(f"T-{place}", offers=bids(9, 10, several=True)) for place in range(3)]
    assert rules.losing_bidders([*rows, *together]).excluded == 3
    assert rules.losing_bidders([]).hits == ()


def test_equal_prices_of_different_bidders_are_flagged_unless_the_buyer_names_the_price():
    rows = [
        purchase("P-1", offers=bids(9, 8, 9)),
        purchase("P-2", offers=bids(9, 8)),
        purchase("P-3", offers=bids(9, 9), priced=False),
    ]
    flag = rules.same_prices(rows)
    assert (subjects(flag), flag.hits[0].value, flag.judged, flag.excluded) == (["P-1"], 2, 2, 1)


def test_a_late_winner_is_flagged_and_a_late_loser_is_not():
    late = (Submitted("org-0", Decimal(9), True, late=True), Submitted("org-1", Decimal(10), True))
    assert subjects(
        rules.late_winner([purchase("P-1", offers=late), purchase("P-2", offers=late, winner="org-1")])
    ) == ["P-1"]


def test_all_others_out_wants_one_valid_bid_that_won():
    rows = [
        purchase("P-1", offers=bids(9, 8, 7, out=(1, 2))),
        purchase("P-2", offers=bids(9, 8, 7, out=(1,))),
        purchase("P-3", offers=bids(9)),
    ]
    flag = rules.all_others_out(rows)
    assert [(hit.subject, hit.value) for hit in flag.hits] == [("P-1", 2)]


def test_the_lowest_out_counts_where_price_alone_decides():
    rows = [
        purchase("P-1", offers=bids(9, 8, out=(1,))),
        purchase("P-2", offers=bids(9, 8, out=(1,)), by_price=False),
        purchase("P-3", offers=bids(8, 8, out=(1,))),
    ]
    flag = rules.lowest_out(rows)
    assert (subjects(flag), flag.judged, flag.excluded) == (["P-1"], 2, 1)


def test_buyers_and_bidders_with_unusually_many_bids_out_are_flagged_each_among_their_own():
    rows = []
    for number in range(6):
        for turn in range(2):
            offers = [Submitted(f"b-{number}-{place}", Decimal(9), True) for place in range(4)]
            rows.append(purchase(f"P-{number}-{turn}", buyer=f"buyer-{number}", offers=offers))
    strict = [
        Submitted("b-0-0", Decimal(9), False),
        *[Submitted(f"new-{place}", Decimal(9), False) for place in range(3)],
    ]
    rows += [purchase(f"S-{turn}", buyer="strict", offers=strict) for turn in range(2)]
    once = [purchase("once", buyer="once", offers=[Submitted("guest", Decimal(9), False)])]

    flag = rules.often_out(rows + once)

    assert {(hit.about, hit.subject): hit.value for hit in flag.hits} == {
        ("buyer", "strict"): 1, ("bidder", "b-0-0"): Fraction(1, 2), ("bidder", "new-0"): 1, ("bidder", "new-1"): 1,
        ("bidder", "new-2"): 1,
    }  # fmt: skip
    assert flag.excluded == 2  # one purchase, one bid


def test_a_supplier_of_unusually_many_kinds_is_flagged():
    rows = [purchase(f"P-{place}", winner=f"w-{place}") for place in range(6)]
    rows += [purchase(f"M-{kind}", winner="mixed", item=f"K{kind}") for kind in range(4)]
    flag = rules.mixed_supplier(rows)
    assert [(hit.subject, hit.value) for hit in flag.hits] == [("mixed", 4)] and flag.judged == 7


def test_what_is_stored_comes_back_as_it_was():
    row = purchase(offers=(*bids(9, 8, out=(1,)), Submitted("none", None, False, True, True)), days=3)
    assert rules.restored(rules.stored(row)) == row
    bare = Purchase("P", "b", None, None, False, False, False, False, "w", "x", ())
    assert rules.restored(rules.stored(bare)) == bare
    assert [flag.code for flag in rules.flags([])] == [made([]).code for made in rules.FLAGS]
    assert timedelta(days=15) == rules.SHORT
