"""What is said of the house tells nobody who takes part, how many, or what they said (decision 0038)."""

import io
import json
import logging
import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from prometheus_client import CollectorRegistry, generate_latest

from bidding.submission.models import Bid
from config import ticks, timekeeper
from config.watching import figures, lines, metrics, requests
from config.watching.house import House
from rulebook import clock, watched
from rulebook.actor import Actor, Role
from tests import cast
from tests.bidding.test_two_worlds import outsider
from tests.cast import MINUTE, NOON
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.ledger import sequenced
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
AT = NOON - MINUTE


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Every line written in JSON from here on, whichever logger it comes from."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(lines.Lines())
    monkeypatch.setattr(requests, "write", stream.write)
    root, kept = logging.getLogger(), requests.log.level
    root.addHandler(handler)
    requests.log.setLevel(logging.INFO)
    yield stream
    requests.log.setLevel(kept)
    root.removeHandler(handler)


@pytest.fixture
def counting(settings: Any) -> Any:
    """Figures are wanted."""
    settings.METRICS = "127.0.0.1:9464"
    watched.watch(metrics.failures)
    yield
    watched.leave(metrics.failures)


def scraped(house: House | None = None) -> str:
    """What Prometheus would be told."""
    metrics.count_answers()
    registry = CollectorRegistry()
    registry.register(house or House())
    return generate_latest(registry).decode()


def said(stream: io.StringIO) -> list[dict[str, Any]]:
    requests.flush()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def traffic(*, bidders: int) -> None:
    """So many more come by, look, take the documents, prepare and hand in; and whatever ticks do of it is done."""
    for number in range(bidders):
        by = Actor(f"00000000-0000-4000-8000-0000000009{number:02d}", Role.PROVIDER, outsider(number), "投标")
        client = Client()
        for path in ("bid/", "documents.zip", "bid/receipts/", "guarantees/"):
            client.get(f"/projects/{NUMBER}/{path}")
        client.post(f"/projects/{NUMBER}/take")
        client.post(f"/api/projects/{NUMBER}/slots", "{}", content_type="application/json")
        client.post(f"/api/projects/{NUMBER}/bids", "{}", content_type="application/json")
        make.sealed_bid(make.Tender.objects.get(), by, price=f"{900_000 + number}.00", files=(), at=AT)
    for tick in ("accounts.tasks.deliver", "bidding.telling.tasks.tell_concerned"):
        ticks.run(tick, at=AT + timedelta(seconds=2))
    timekeeper.refresh()


def test_nobody_can_tell_no_bids_from_seven_by_figures_or_lines(told, counting, monkeypatch):
    accounts.world()
    make.open_tender(slots=32)
    monkeypatch.setattr(clock, "system", lambda: AT + timedelta(seconds=5))
    clock.forget()
    sequenced(at=AT)
    house = House()
    worlds = []
    for bidders in (0, 7):
        told.truncate(0)
        told.seek(0)
        with transaction.atomic():
            traffic(bidders=bidders)
            assert Bid.objects.count() == 2 * bidders
            assert Client().get("/").status_code == 200
            worlds.append((scraped(house), [{**line, "ms": 0, "request": "", "time": ""} for line in said(told)]))
            transaction.set_rollback(True)

    figures_of_none, lines_of_none = worlds[0]
    figures_of_seven, lines_of_seven = worlds[1]
    assert lines_of_none == lines_of_seven and len(lines_of_none) == 1
    front = re.compile(r'mingbiao_request_seconds_\w+\{[^}]*kind="read".*')  # the two visits to the front page
    assert front.sub("", figures_of_none) == front.sub("", figures_of_seven)
    assert "mingbiao_checkpoint_age_seconds" in figures_of_none


PLANTED = {
    "password": "Mima-9f3k-Jinyan",
    "token": "Lingpai7q8w9e",
    "price": "7654321.98",
    "name": "绝密投标有限公司",
    "expert": "欧阳评审",
    "tip": "有人收了两箱酒",
    "query": "chaxun-3d9",
}


def test_planted_secrets_are_found_in_no_line_and_no_figure(told, counting, monkeypatch):
    accounts.world()
    make.open_tender(slots=32)
    user = accounts.user(cast.PROVIDER, password=PLANTED["password"])
    client = Client(raise_request_exception=False)

    def bug(*_: Any, **__: Any) -> None:
        try:
            raise IntegrityError(f"duplicate key\nDETAIL: Key (name)=({PLANTED['name']}) exists")
        except IntegrityError as cause:
            raise ValueError(PLANTED["price"], PLANTED["expert"]) from cause

    client.post("/accounts/login/", {"username": user.username, "password": PLANTED["password"]})
    client.post("/accounts/login/", {"username": PLANTED["name"], "password": PLANTED["password"]})
    client.get(f"/tips/?key={PLANTED['token']}")
    client.post("/api/tips/send", json.dumps({"text": PLANTED["tip"]}), content_type="application/json")
    client.get(f"/calendar/{PLANTED['token']}.ics")
    client.get(f"/notices/?q={PLANTED['query']}")
    client.get(f"/{PLANTED['token']}/nowhere/", headers={"Cookie": f"sessionid={PLANTED['token']}"})
    client.get("/", headers={"X-Request-ID": PLANTED["token"], "User-Agent": PLANTED["name"]})
    monkeypatch.setattr("config.health.readiness.now", bug)
    failed = client.get(f"/readyz?{PLANTED['query']}")
    monkeypatch.setattr("accounts.tasks.deliver", bug)
    with pytest.raises(ValueError):
        ticks.run("accounts.tasks.deliver", at=NOON)
    log = logging.getLogger("ledger.anything")
    for error in (IntegrityError(PLANTED["name"]), OSError(28, "No space left", f"/data/{PLANTED['token']}")):
        log.error("it failed: %s", error)
        log.error("it failed", exc_info=error)
    log.error("engine: %s", OperationalError(f"connection refused\nDETAIL: {PLANTED['price']}"))
    celery = {"name": "config.tick", "exc": f"ValueError('{PLANTED['price']}')", "traceback": PLANTED["name"]}
    logging.getLogger("celery.app.trace").error("Task %(name)s: %(exc)s\n%(traceback)s", celery)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    lines.tell_of_threads()
    thread = threading.Thread(target=bug, name="sequencer")
    thread.start()
    thread.join(60)
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: <{PLANTED['price']}>")

    requests.flush()
    monkeypatch.undo()
    assert failed.status_code == 500
    requests.flush()
    everything = told.getvalue() + scraped()
    assert [name for name, word in PLANTED.items() if word in everything] == []
    assert [word for word in (user.username, user.name, str(user.public_id), cast.PROVIDER.organisation)
            if word in everything] == []  # fmt: skip
    assert "thread sequencer has ended" in everything
    assert "ValueError" in everything and "connection refused" in everything  # and yet it says what happened
    faults = [line for line in said(told) if "fault" in line]
    assert any("bug" in step for line in faults for step in line["fault"])
    assert not [line for line in said(told) if "tips" in json.dumps(line) or "calendar" in json.dumps(line)]


def test_a_request_has_one_number_in_its_answer_its_lines_and_its_page(told, settings, monkeypatch):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    monkeypatch.setattr("config.health.readiness.now", lambda: 1 / 0)
    client = Client(raise_request_exception=False)
    number = "0123456789abcdef" * 2

    answer = client.get("/readyz", headers={"X-Request-ID": number, "Accept": "text/html"})
    settings.TRUSTED_PROXIES = []
    other = client.get("/healthz", headers={"X-Request-ID": number})

    assert answer.status_code == 500
    assert answer["X-Request-ID"] == number and number in answer.content.decode()
    assert {line["request"] for line in said(told)} == {number}
    (line,) = [line for line in said(told) if line["logger"] == "requests"]
    assert (line["route"], line["status"], line["method"]) == ("readyz", 500, "GET")
    assert other["X-Request-ID"] != number and re.fullmatch(r"[0-9a-f]{32}", other["X-Request-ID"])


def test_figures_of_processes_that_ended_are_kept_and_what_was_so_in_them_is_not(tmp_path, monkeypatch):
    from prometheus_client.mmap_dict import MmapedDict, mmap_key

    key = mmap_key("mingbiao_failures", "mingbiao_failures_total", ["does"], ["storage"], "x")
    for pid in (4_194_300, 4_194_301):
        for sort in ("counter", "gauge_livesum"):
            kept = MmapedDict(str(tmp_path / f"{sort}_{pid}.db"))
            kept.write_value(key, 2.0, 0.0)
            kept.close()
    monkeypatch.setattr(figures, "alive", lambda pid: False)

    figures.fold(tmp_path)
    figures.fold(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["counter_gone.db"]
    ((_, value, _, _),) = MmapedDict.read_all_values_from_file(str(tmp_path / "counter_gone.db"))
    assert value == 4.0
