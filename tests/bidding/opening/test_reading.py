"""The common read-out: the host starts it, and the record says to everybody which row is read at which instant."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bidding.opening import aloud, reading
from bidding.opening import conducting as clock_of_the_hall
from bidding.opening.models import Reading
from ledger.models import Entry
from rulebook import clock
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HETAO, MINUTE, NOON, WULIANG, YINSHAN
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.embedded

READ = NOON + 4 * MINUTE
HALL = f"/projects/{NUMBER}/hall/"
SECOND = timedelta(seconds=1)


def test_a_row_is_read_from_its_second_to_the_next_and_nobodys_before_and_after():
    told = {"begins_at": NOON, "seconds": 10, "orgs": ["a", "b"]}
    seen = [aloud.row_now(**told, at=NOON + after * SECOND) for after in (-1, 0, 9.9, 10, 19.9, 20)]
    assert seen == ["", "a", "a", "b", "b", ""]
    assert aloud.ends_at(begins_at=NOON, seconds=10, rows=2) == NOON + 20 * SECOND


def start(by=cast.OFFICER, seconds=10, at=READ):
    return reading.start(project_number=NUMBER, seconds=seconds, by=by, at=at)


@pytest.mark.django_db
def test_the_host_starts_and_stops_it_for_everybody_and_nobody_else_does(monkeypatch):
    accounts.world()
    tender = make.open_hall()
    with pytest.raises(Refused, match="hall"):
        start(at=NOON + 2 * MINUTE)
    make.halves_released(tender)
    make.keys_released(tender)
    for wrong, code in (
        ({"by": cast.PROVIDER}, "hall.not-officer"), ({"by": cast.SUPERVISOR}, "hall.not-officer"),
        ({"seconds": 5}, "reading.pace"), ({"seconds": 61}, "reading.pace"), ({"seconds": 0}, "reading.pace"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            start(**wrong)
    with pytest.raises(Refused, match="reading.off"):
        reading.stop(project_number=NUMBER, by=cast.OFFICER, at=READ)

    made = start()
    assert made.orgs == [HETAO, YINSHAN, WULIANG] and made.begins_at == READ + aloud.LEAD
    told = json.loads(Entry.objects.get(kind="opening.reading-started").event)["d"]
    assert (told["orgs"], told["seconds"]) == (made.orgs, 10)
    with pytest.raises(Refused, match="reading.on"):
        start(at=READ + MINUTE / 2)
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: READ + 10 * SECOND)
    for viewer in (cast.OFFICER, cast.PROVIDER, cast.STRANGER):
        page = accounts.client_of(viewer).get(HALL).content.decode()
        assert f'data-orgs="{" ".join(made.orgs)}"' in page and 'data-seconds="10"' in page
    assert 'id="reading-stop"' in accounts.client_of(cast.OFFICER).get(HALL).content.decode()
    assert accounts.client_of(cast.OFFICER).post(f"{HALL}reading/stop").status_code == 302
    assert 'id="hall-reading"' not in accounts.client_of(cast.STRANGER).get(HALL).content.decode()
    assert accounts.client_of(cast.RIVAL).post(f"{HALL}reading/start", {"seconds": "10"}).status_code == 403
    assert accounts.client_of(cast.OFFICER).post(f"{HALL}reading/start", {"seconds": "ten"}).status_code == 422
    start(at=READ + MINUTE)
    start(at=READ + 2 * MINUTE)  # the one before has come to its end
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.update(seconds=6)
    clock_of_the_hall.pause(project_number=NUMBER, reason="停电", by=cast.SUPERVISOR, at=READ + 2 * MINUTE)
    with pytest.raises(Refused, match="hall.paused"):
        start(at=READ + 9 * MINUTE)
