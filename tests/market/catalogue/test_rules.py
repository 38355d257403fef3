"""What may be published and ordered, and what an editor is warned of."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from market.catalogue import brought, bundling, rules
from tests import cast

DAY = date(2026, 11, 24)
GOOD = next(each.content for each in brought.items() if each.code == "NM-SB-001")


def version(number, since, *, until=None, withdrawn=False):
    return SimpleNamespace(number=number, effective_from=since, basis_until=until, withdrawn=withdrawn)


def why_not(content=GOOD, **other):
    told = {
        "department": cast.BUYER, "effective_from": DAY, "latest": None, "parts": {}, "by": cast.OFFICER, "on": DAY,
    }  # fmt: skip
    return [reason.code for reason in rules.why_not_publish(content, **(told | other))]


def test_an_item_without_a_legal_basis_is_not_published():
    assert why_not() == []
    assert why_not(GOOD | {"basis": []}) == ["catalogue.no-basis"]
    ended = [{"law": "某办法", "article": "第1条", "until": "2026-11-23"}]
    assert why_not(GOOD | {"basis": ended}) == ["catalogue.basis-over"]
    assert why_not(GOOD | {"basis": [*ended, *GOOD["basis"]]}) == []


@pytest.mark.parametrize("field", [field for field in rules.EIGHT if field != "basis"])
def test_each_of_the_eight_elements_is_wanted(field):
    assert why_not(GOOD | {field: ""}) == ["catalogue.missing"]


def test_everything_that_is_wrong_is_told_at_once_but_to_the_owner_alone():
    bad = GOOD | {"basis": [], "limit": "", "parts": ["X-1"]}
    latest = version(1, DAY)
    told = why_not(bad, effective_from=DAY - timedelta(1), latest=latest, parts={"X-1": False})

    assert told == ["catalogue.no-basis", "catalogue.missing", "catalogue.backdated", "catalogue.not-later",
                    "catalogue.part", "catalogue.one-part"]  # fmt: skip
    assert why_not(bad, by=cast.OTHER_OFFICER) == why_not(bad, by=cast.SUPERVISOR) == ["catalogue.not-owner"]


def test_one_version_is_in_force_at_a_time():
    rows = [version(1, DAY), version(2, DAY + timedelta(10))]

    assert rules.in_force(rows, on=DAY - timedelta(1)) is None
    assert [rules.in_force(rows, on=DAY + timedelta(n)).number for n in (0, 9, 10)] == [1, 1, 2]
    gone = [rows[0], version(2, DAY + timedelta(10), withdrawn=True)]
    assert rules.in_force(gone, on=DAY + timedelta(10)) is None  # the one before does not come back


def test_an_item_cannot_be_ordered_from_the_day_after_its_basis_ends():
    rows = [version(1, DAY, until=DAY + timedelta(5))]

    assert not rules.why_not_order(rows, on=DAY + timedelta(5))
    assert [reason.code for reason in rules.why_not_order(rows, on=DAY + timedelta(6))] == ["catalogue.lapsed"]
    assert [reason.code for reason in rules.why_not_order([], on=DAY)] == ["catalogue.not-in-force"]


@pytest.mark.parametrize(
    ("field", "value", "quoted"),
    [
        ("conditions", "符合规划，并提交其他材料。", "其他"),
        ("materials", [{"name": "身份证等材料", "form": "", "copies": ""}], "等材料"),
        ("process", ["必要时补充论证"], "必要时"),
        ("limit", "尽快", "尽快"),
    ],
)
def test_vague_clauses_are_pointed_at(field, value, quoted):
    assert rules.warnings(GOOD | {"name_mn": "ᠨᠡᠷ"}) == ()
    assert (field, quoted) in {(each.field, each.quoted) for each in rules.warnings(GOOD | {field: value})}


def test_a_service_the_applicant_need_not_buy_is_told_to_be_so():
    told = {each.field for each in rules.warnings(GOOD | {"statutory": False, "approval_code": "1"})}
    assert "payer" in told


def test_completeness_counts_what_is_filled_in():
    done, whole = rules.completeness(GOOD)
    assert rules.completeness(GOOD | {"complaint": "", "result": ""}) == (done - 2, whole)
    assert rules.completeness({}) == (0, whole)


def test_every_item_that_comes_with_the_house_can_be_published_and_is_free_of_vague_clauses():
    items = brought.items()
    by_code = {each.code: each.content for each in items}
    assert len(items) >= 12
    for each in items:
        parts = [by_code[code] for code in each.content["parts"]]
        content = each.content | (bundling.taken(parts) if parts else {})
        assert why_not(content, parts=dict.fromkeys(each.content["parts"], True)) == []
        assert not [one for one in rules.warnings(content) if one.quoted], each.code
