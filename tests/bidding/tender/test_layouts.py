"""The forms of envelopes, and what a procedure and keys already made have to say about them."""

import pytest

from bidding.tender import drafting, queries
from bidding.tender.layouts import LAYOUTS, Envelopes, why_not_envelopes
from market.projects.rules import PROCEDURES, Edition, Method
from proofs import statement
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.tender import act
from tests.make import bidding as make


def codes(**facts):
    facts = {"envelopes": "two", "allowed": True, "keyed": ()} | facts
    return [reason.code for reason in why_not_envelopes(**facts)]


def test_every_part_is_one_the_protocol_knows_and_one_of_each_form_names_the_price():
    assert {part for layout in LAYOUTS.values() for part in layout.parts} == set(statement.PARTS)
    assert {form: (layout.price, layout.documents) for form, layout in LAYOUTS.items()} == {
        Envelopes.ONE: ("sheet", "body"), Envelopes.TWO: ("price", "tech"), Envelopes.QUOTE: ("sheet", "")
    }  # fmt: skip
    assert not LAYOUTS[Envelopes.ONE].judged_before_price and LAYOUTS[Envelopes.TWO].judged_before_price
    assert [LAYOUTS[Envelopes.TWO].session_of(part) for part in ("tech", "price")] == [1, 2]


def test_where_the_law_wants_prices_read_out_at_the_opening_there_are_no_two_envelopes():
    assert not PROCEDURES[Method.TENDER, Edition.LAW_2017].two_envelopes
    assert PROCEDURES[Method.TENDER, Edition.WORKS_2019].two_envelopes
    assert codes(allowed=False) == ["tender.two-envelopes"]
    assert codes() == [] and codes(envelopes="one", allowed=False) == []


def test_keys_that_were_asked_for_fix_the_form():
    assert codes(keyed={"sheet", "body"}) == ["tender.envelopes-fixed"]
    assert codes(keyed={"tech", "price"}) == []


@pytest.mark.django_db
def test_a_draft_in_two_envelopes_is_refused_under_87_and_its_reason_is_shown_before_approval():
    tender = make.tender(stage=make.Stage.DRAFT, keys=False, envelopes="two")
    missing = [reason.code for reason in queries.missing(tender, at=cast.NOON)]
    assert "tender.two-envelopes" in missing
    with pytest.raises(Refused, match="tender.two-envelopes"):
        drafting.edit(
            project_number=tender.project.number, facts=act.facts(), terms={**act.terms(), "envelopes": "two"},
            by=cast.OFFICER, at=cast.NOON,
        )  # fmt: skip
