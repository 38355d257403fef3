"""A region's own rule is a row: the newest of the most specific region holds, and a purchase keeps the one it has."""

from datetime import date
from decimal import Decimal

import pytest

from market.projects import local
from market.projects.local import Local, begun_in, in_force, procedure_at
from market.projects.periods import Period, Unit
from market.projects.procedure import Edition, Fund, Method
from market.projects.procedures import METHODS, procedure_of
from market.purchases import queries, services
from rulebook.law import Article
from tests import cast
from tests.make import purchases

LAW = Article("试验区办法", "第1条")
LEAGUE, CITY, NEWER = date(2025, 1, 1), date(2025, 6, 1), date(2026, 1, 1)


def row(key: str, region: str, since: date, amount: int) -> Local:
    limit = {Fund.FISCAL: Decimal(amount), Fund.MIXED: Decimal(amount), Fund.OWN: None}, LAW
    answer = Period(2, Unit.WORKING_DAYS, LAW)
    return Local(key, region, since, LAW, {"answer": answer}, {"limit": limit})


ROWS = (
    row("15-2025", "15", LEAGUE, 40_000), row("1529-2026", "1529", NEWER, 20_000),
    row("1529-2025", "1529", CITY, 30_000), row("1508-2025", "1508", LEAGUE, 10_000),
)  # fmt: skip


@pytest.mark.parametrize(
    ("region", "on", "key"),
    [
        ("1529", date(2026, 11, 1), "1529-2026"), ("152921", NEWER, "1529-2026"), ("1529", CITY, "1529-2025"),
        ("1529", date(2025, 5, 31), "15-2025"), ("1508", CITY, "1508-2025"), ("1507", NEWER, "15-2025"),
        ("15", NEWER, "15-2025"), ("44", NEWER, None), ("1529", date(2024, 1, 1), None),
    ],
)  # fmt: skip
def test_the_newest_row_of_the_most_specific_region_holds(
    region: str, on: date, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for rows in (ROWS, ROWS[::-1]):
        monkeypatch.setattr(local, "ROWS", {Edition.DIRECT: rows, Edition.MERIT: [row("15-other", "15", LEAGUE, 1)]})
        assert in_force(Edition.DIRECT, region=region, on=on) == key


def test_a_row_changes_what_it_says_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "ROWS", {Edition.DIRECT: ROWS})
    usual = procedure_of(Method.DIRECT, Edition.DIRECT)
    own = begun_in(usual, region="1529", on=CITY)
    assert own.selection and own.selection.limit[0][Fund.FISCAL] == 30_000 and own.answer.law == LAW
    assert own.selection.least == usual.selection.least and own.publicity == usual.publicity
    assert begun_in(usual, region="44", on=NEWER) == usual == procedure_at(Method.DIRECT, Edition.DIRECT, None)


def test_every_row_of_the_house_is_one_of_its_kind() -> None:
    for edition, rows in local.ROWS.items():
        for each in rows:
            assert len(each.key) <= 20
            procedure_at(METHODS[edition], edition, each.key)
    keys = [each.key for rows in local.ROWS.values() for each in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.django_db
@pytest.mark.embedded
def test_a_purchase_is_begun_under_its_regions_row_and_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "ROWS", {Edition.DIRECT: ROWS})
    purchases.item()
    held = purchases.draft(edition=Edition.DIRECT.value)

    assert held.project.local == "1529-2026"
    assert queries.plan(held, at=cast.NOON).limit == 20_000
    (direct,) = (each for each in queries.offered(held.project, at=cast.NOON) if each.method is Method.DIRECT)
    assert direct.selection and direct.selection.limit[0][Fund.FISCAL] == 20_000

    changed = (*ROWS, row("1529-2027", "1529", date(2026, 11, 20), 5_000))
    monkeypatch.setattr(local, "ROWS", {Edition.DIRECT: changed})
    held.project.refresh_from_db()
    assert held.project.procedure.selection.limit[0][Fund.FISCAL] == 20_000  # what runs keeps its own
    services.edit(number=held.project.number, facts={"title": held.project.title}, by=cast.OFFICER, at=cast.NOON)
    held.project.refresh_from_db()
    assert held.project.local == "1529-2027"  # a draft that is worked on takes the new one
