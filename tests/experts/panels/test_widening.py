"""A list too short is widened by the catalogue with a reason on the record, and by nobody's hand."""

import json

import pytest

from draws.models import Draw
from experts.panels import services
from experts.panels.models import Panel
from experts.panels.widening import (
    near,
    strata_here,
    strata_of,
    too_short,
    why_not_region,
    why_not_widen,
    why_not_widen_region,
    wider,
)
from experts.registry.models import Expert
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


def test_a_region_is_widened_only_where_its_own_list_is_too_short_and_with_a_reason():
    short = too_short([("A", 3), ("B", 1)], {"A": 2, "B": 1})
    assert short == {"A"}
    assert [why_not_widen_region(found, region=region, reason=reason)[0].code for found, region, reason in (
        (short, "", "一二三四"), (frozenset(), "河套市", "一二三四"), (short, "河套市", " x "),
        (short, "河套市", "长" * 301),
    )] == ["panel.every-region-already", "panel.region-long-enough", *["panel.region-without-reason"] * 2]  # fmt: skip
    assert why_not_widen_region(short, region="河套市", reason="本市不足") == ()
    assert strata_here(["A", "B"], here=False, everywhere=short) == ["A"]
    assert why_not_region("河套市", known=["河套市"]) == why_not_region("", known=[]) == ()
    assert why_not_region("包头市", known=["河套市"])[0].code == "panel.region"


@pytest.mark.django_db
def test_a_region_too_short_is_drawn_beyond_with_a_reason_on_the_record_and_only_for_what_is_short():
    accounts.keys()
    make.register(3)
    Expert.objects.update(region="乌海市")
    make.expert(20, specialties=["A-it", "C-law"])
    for n in (4, 5, 6):
        make.expert(n)
    for n in (7, 8):
        make.expert(n, specialties=["C-law"])
    Expert.objects.filter(number__in=["expert-007", "expert-008"]).update(region="乌海市")

    def call(strata=(("A-it", 4), ("C-law", 1)), region="乌海市", **other):
        return services.call_panel(
            project_number="P-1", stream="project/P-1", strata=strata, avoid={}, region=region,
            contributors=draws.CONTRIBUTORS, windows=draws.WINDOWS, answer_within=make.ANSWER_WITHIN, by=cast.OFFICER,
            law=make.LAW, at=NOON, **other,
        )  # fmt: skip

    for facts, code in (({}, "panel.list-too-short"), ({"region": "外地"}, "panel.region"),
                        ({"widen_region": "短"}, "panel.region-without-reason"),
                        ({"strata": (("A-it", 3),), "widen_region": "想要更多的人"}, "panel.region-long-enough"),
                        ({"region": "", "widen_region": "想要更多的人"}, "panel.every-region-already"),
                        ({"strata": (("A-it", 9),), "widen_region": "本市不足"}, "panel.list-too-short")):  # fmt: skip
        with pytest.raises(Refused, match=code):
            call(**facts)
    assert not Panel.objects.exists()
    call(widen_region="本市信息技术专家不足四人")
    (told,) = [json.loads(e.event)["d"] for e in Entry.objects.filter(kind="evaluation.region-widened")]
    assert (told["region"], told["reason"]) == ("乌海市", "本市信息技术专家不足四人")
    assert told["strata"] == [{"key": "A-it", "need": 4, "had": 3}]
    pool = Draw.objects.get().pool
    # The law experts of another region stay out: their list was long enough.
    assert sorted(row["strata"] for row in pool) == [["A-it"]] * 7 + [["C-law"]] * 2


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
