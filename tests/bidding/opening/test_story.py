"""An opening from the first bid to its end, played by parties who hold their own keys."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from bidding.opening import queries
from bidding.opening.models import Opening, OpeningUnit
from tests import cast
from tests.conftest import guards_down
from tests.make import bidding_offers as make
from tests.make import evaluation

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_three_bids_are_sealed_opened_read_out_signed_and_handed_to_evaluation():
    tender = make.opened_tender()

    bids = {bid.org: bid for bid in queries.opened_bids(tender)}
    assert {org: str(bid.quote) for org, bid in bids.items()} == {
        cast.HETAO: "1000000.00",
        cast.YINSHAN: "1100000.00",
        cast.WULIANG: "1250000.00",
    }
    assert all(bid.effective for bid in bids.values())
    assert [bid.org for bid in bids.values() if bid.small] == [cast.YINSHAN]
    assert Opening.objects.get().ended_at
    assert [file.open().read().decode() for file in queries.files_of(tender, cast.HETAO)] == ["本单位的技术方案"]


def test_files_of_bids_opened_before_they_had_rows_are_found_again(settings, tmp_path):
    settings.DATA = tmp_path
    tender = evaluation.opened().tender
    folder = tmp_path / "opened" / str(tender.pk) / cast.HETAO / "body"
    folder.mkdir(parents=True)
    (folder / "施工方案.txt").write_text("早先开启的方案")

    with guards_down(connection):  # as before the migration that makes them final
        OpeningUnit.objects.filter(bid__organisation=cast.HETAO).update(files=[])
        import_module("bidding.migrations.0003_files_of_opened_bids").adopt(apps, None)

    [found] = queries.files_of(tender, cast.HETAO)
    assert (found.part, found.name, found.open().read().decode()) == ("body", "施工方案.txt", "早先开启的方案")
    assert [file.name for file in queries.files_of(tender, cast.YINSHAN)] == ["技术方案.txt"]
