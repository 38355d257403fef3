"""A list too short is widened by the catalogue with a reason on the record, and by nobody's hand."""

import json

import pytest

from experts.panels import services
from experts.panels.models import Panel
from experts.panels.widening import near, strata_of, why_not_widen, wider
from ledger.models import Entry
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts, draws
from tests.make import experts as make

PARENTS = {"A": "", "A04": "A", "A0407": "A04", "A0408": "A04", "A05": "A", "A0501": "A05", "A-it": "A"}


@pytest.mark.parametrize("key, found", [
    ("A0407", {"A04", "A0408"}), ("A04", {"A0407", "A0408"}), ("A-it", set()), ("A0501", {"A05"}), ("X", set()),
])  # fmt: skip
def test_near_is_what_stands_under_one_specialty_and_never_a_whole_class(key, found):
    assert near(key, PARENTS) == found


def test_only_what_is_too_short_is_widened_and_with_a_reason():
    found = wider([("A0407", 3), ("A04", 1)], {"A0407": 2, "A04": 1}, PARENTS)
    assert found == {"A0407": {"A04", "A0408"}}
    assert [why_not_widen(each, reason=reason)[0].code for each, reason in (
        ({}, "一二三四"), ({"A-it": frozenset()}, "一二三四"), (found, "  x "), (found, "长" * 301),
    )] == ["panel.list-long-enough", "panel.nothing-near", *["panel.widened-without-reason"] * 2]  # fmt: skip
    assert why_not_widen(found, reason="库内不足") == ()
    assert strata_of({"A0408", "Z"}, ["A0407", "Y"], found) == ["A0407"]


@pytest.mark.django_db
def test_a_panel_is_drawn_from_near_specialties_once_its_own_do_not_suffice_and_the_record_says_so():
    accounts.keys()
    for n in range(1, 8):
        make.expert(n, specialties=["A0102" if n < 4 else "A0103"])

    def call(seats=5, **other):
        return services.call_panel(
            project_number="P-1", stream="project/P-1", strata=[("A0102", seats)], avoid={},
            contributors=draws.CONTRIBUTORS, windows=draws.WINDOWS, answer_within=make.ANSWER_WITHIN, by=cast.OFFICER,
            law=make.LAW,
            at=NOON, **other,
        )  # fmt: skip

    for facts, code in (({}, "panel.list-too-short"), ({"widen": "专"}, "panel.widened-without-reason"),
                        ({"seats": 3, "widen": "想要更多的人"}, "panel.list-long-enough"),
                        ({"seats": 9, "widen": "库内专家不足"}, "panel.list-too-short")):  # fmt: skip
        with pytest.raises(Refused, match=code):
            call(**facts)
    assert not Panel.objects.exists()
    call(widen="库内规划专家不足五人")
    told = json.loads(Entry.objects.get(kind="evaluation.list-widened").event)["d"]
    assert told["reason"] == "库内规划专家不足五人"
    assert told["strata"] == [{"key": "A0102", "need": 5, "had": 3, "near": ["A01", "A0103"]}]
