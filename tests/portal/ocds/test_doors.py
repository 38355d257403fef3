"""The doors of open data: everybody gets the same, a page at a time, and whole days are written once."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Region
from ledger import blobs
from ledger.models import Pending
from ledger.services import record
from market.notices import services as notices
from market.notices.rules import Type
from market.performance.events import Completed
from portal.ocds import bulk, queries
from portal.ocds.tasks import write_days
from rulebook.actor import SYSTEM
from tests import cast
from tests.cast import DAY, NOON
from tests.make import accounts, market
from tests.make.ledger import sequenced
from tests.portal.ocds.story import CALL

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
OWN = f"/ocds/projects/{market.NUMBER}"


@pytest.fixture
def called(settings: Any, tmp_path: Any) -> Any:
    """A tender that is called and closed again a day later, and a draft."""
    settings.DATA = tmp_path
    project = market.project()
    with transaction.atomic():
        notices.announce(project=project, type=Type.TENDER, content=CALL, by=cast.OFFICER, at=NOON)
        content = {"reasons": [{"text": "投标人不足 3 家", "law": "87号令 第41条"}]}
        notices.announce(project=project, type=Type.FAILURE, content=content, by=cast.OFFICER, at=NOON + DAY)
    market.project(number="T-2026-777", stage=market.Stage.DRAFT)
    return project


def test_a_procurement_is_told_to_everybody_alike_and_asked_again_costs_nothing(called: Any) -> None:
    answer = Client().get(f"{OWN}/releases.json")
    told = answer.json()

    assert [each["tag"] for each in told["releases"]] == [["tender"], ["tenderUpdate"]]
    assert told["publishedDate"] == told["releases"][-1]["date"] and answer["Access-Control-Allow-Origin"] == "*"
    assert told == accounts.client_of(cast.OFFICER).get(f"{OWN}/releases.json").json()
    assert Client().get(f"{OWN}/releases.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    whole = Client().get(f"{OWN}/record.json").json()["records"][0]
    assert whole["compiledRelease"]["tender"]["status"] == "unsuccessful" and len(whole["releases"]) == 2


def test_what_is_not_published_is_not_there_even_for_its_own_officer(called: Any) -> None:
    for client in (Client(), accounts.client_of(cast.OFFICER)):
        for name in ("releases.json", "record.json"):
            assert client.get(f"/ocds/projects/T-2026-777/{name}").status_code == 404
    for path in ("days/2026-13-01.json", "days/2026-11-23.json", "months/2026-11.json?page=0",
                 "months/2026-11.json?page=x",
                 "months/2026-11.json?page=2", "days/2026-11-24.jsonl.gz", "months/2026-11.jsonl.gz"):  # fmt: skip
        assert Client().get(f"/ocds/{path}").status_code == 404, path


def test_days_and_months_come_a_page_at_a_time_in_their_order(called: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    day = Client().get("/ocds/days/2026-11-24.json")
    assert [each["tag"] for each in day.json()["releases"]] == [["tender"]] and "Link" not in day

    monkeypatch.setattr(queries, "PAGE", 1)
    first, second = (Client().get(f"/ocds/months/2026-11.json?page={page}") for page in (1, 2))

    assert first["Link"] == '</ocds/months/2026-11.json?page=2>; rel="next"'
    assert second["Link"] == '</ocds/months/2026-11.json?page=1>; rel="prev"'
    assert [answer.json()["releases"][0]["tag"] for answer in (first, second)] == [["tender"], ["tenderUpdate"]]


def read(client: Client, path: str) -> list[Any]:
    data = b"".join(client.get(path).streaming_content)
    return [json.loads(line) for line in gzip.decompress(data).splitlines()]


def test_a_day_is_written_once_when_it_is_over_and_nothing_of_it_is_on_its_way(called: Any) -> None:
    midnight = queries.begins(date(2026, 11, 25))
    assert Pending.objects.exists()
    write_days(by=SYSTEM, at=midnight + timedelta(hours=1))
    assert bulk.days() == []  # what waits for its place might still come
    sequenced(at=NOON + DAY)
    write_days(by=SYSTEM, at=midnight + bulk.GRACE - timedelta(seconds=1))
    assert bulk.days() == []  # nor before it is over

    write_days(by=SYSTEM, at=midnight + bulk.GRACE)
    written = blobs.opened(bulk.name_of(date(2026, 11, 24))).read()
    write_days(by=SYSTEM, at=midnight + 3 * DAY)  # late: the days between are made up for

    client = Client()
    assert bulk.days() == [date(2026, 11, day) for day in (26, 25, 24)]
    assert blobs.opened(bulk.name_of(date(2026, 11, 24))).read() == written
    own = client.get(f"{OWN}/releases.json").json()["releases"]
    assert read(client, "/ocds/days/2026-11-24.jsonl.gz") == own[:1]
    assert read(client, "/ocds/days/2026-11-26.jsonl.gz") == []
    assert read(client, "/ocds/months/2026-11.jsonl.gz") == own
    page = client.get("/ocds/").content.decode()
    assert "/ocds/days/2026-11-24.jsonl.gz" in page and "2026年11月" in page


def test_the_cost_of_a_day_does_not_grow_with_what_was_before(called: Any) -> None:
    def cost(at: datetime) -> int:
        with CaptureQueriesContext(connection) as asked:
            write_days(by=SYSTEM, at=at)
        return len(asked)

    sequenced(at=NOON + DAY)
    first = NOON.astimezone(UTC).replace(hour=17)
    few = [cost(first + days * DAY) for days in (0, 1)][1]
    for days in range(2, 12):
        with transaction.atomic():
            record(Completed(stream=called.log, amount="1.00", days_late=0), at=NOON + days * DAY)
        sequenced(at=NOON + days * DAY)
        cost(first + days * DAY)

    assert cost(first + 11 * DAY) < few  # nothing new: one look whether the file is there
    with transaction.atomic():
        record(Completed(stream=called.log, amount="1.00", days_late=0), at=NOON + 12 * DAY)
    sequenced(at=NOON + 12 * DAY)
    assert cost(first + 12 * DAY) <= few + 1


def test_a_region_has_files_of_its_own(called: Any) -> None:
    for code, name in (("15", "内蒙古自治区"), ("1529", "阿拉善盟"), ("1508", "巴彦淖尔市")):
        Region.objects.create(code=code, name=name, entered_at=NOON)
    sequenced(at=NOON + DAY)
    write_days(by=SYSTEM, at=NOON + 3 * DAY)

    client, own = Client(), Client().get(f"{OWN}/releases.json").json()["releases"]
    for region, held in (("", own), ("?region=15", own), ("?region=1529", own), ("?region=1508", [])):
        assert read(client, f"/ocds/days/2026-11-24.jsonl.gz{region}") == held[:1]
        assert read(client, f"/ocds/months/2026-11.jsonl.gz{region}") == held
    for nowhere in ("region=1507", "region=x", "region=15/../.."):
        assert client.get(f"/ocds/days/2026-11-24.jsonl.gz?{nowhere}").status_code == 404
        assert client.get(f"/ocds/months/2026-11.jsonl.gz?{nowhere}").status_code == 404
    page = client.get("/ocds/?region=1529").content.decode()
    assert "/ocds/days/2026-11-24.jsonl.gz?region=1529" in page and "/ocds/months/2026-11.json?region=1529" in page
    assert "阿拉善盟" in client.get("/ocds/").content.decode()
