"""Figures, readiness and traces are what the operators' page, the alarms and the dashboard say they are."""

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.db import DatabaseError
from django.test import Client

from accounts.models import Trouble
from config import ticks, timekeeper
from config.env import ROOT
from config.watching import house, listener, metrics, readiness, tasks, traces
from ledger import witnesses
from ledger.sequencer import turn
from rulebook import clock, watched
from tests.cast import NOON
from tests.config.collector import collecting
from tests.engines import free_port
from tests.make.ledger import sequenced

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SECOND = timedelta(seconds=1)
FIGURE = re.compile(r"\bmingbiao_[a-z_]+")
SUFFIX = re.compile(r"_(bucket|count|sum|total|created)$")


def named(text: str) -> set[str]:
    return {SUFFIX.sub("", name) for name in FIGURE.findall(text)}


def alarms() -> list[dict[str, Any]]:
    return list(yaml.safe_load((ROOT / "docs/watching/alerts.yml").read_text())["groups"][0]["rules"])


@pytest.mark.django_db(transaction=True)
def test_figures_are_answered_on_an_address_of_their_own_and_nowhere_else(settings):
    settings.METRICS = f"127.0.0.1:{free_port()}"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    from config.watching import figures

    sequenced(at=clock.now())
    listener.listen()
    Client().get("/healthz")
    ticks.run("accounts.tasks.deliver", at=NOON)

    metrics.count_answers()
    with urllib.request.urlopen(f"http://{settings.METRICS}/metrics", timeout=20) as answer:
        told = answer.read().decode()

    assert 'mingbiao_request_seconds_count{kind="probe",status="2xx"}' in told
    assert re.search(r'mingbiao_tick_late_seconds\{tick="accounts.tasks.deliver"\} 0.0', told)
    assert Client().get("/metrics").status_code == 404
    known = {metric._name for metric in vars(figures).values() if hasattr(metric, "_labelnames")}
    known |= {
        f"mingbiao_{name}"
        for name in re.findall(r'yield \(?\s*"(\w+)"', (ROOT / "config/watching/house.py").read_text())
    }
    assert named(told) <= known and len(known) > 18
    shown = named((ROOT / "docs/watching/dashboard.json").read_text())
    asked = named((ROOT / "docs/watching/alerts.yml").read_text())
    assert asked == shown == known


def test_every_alarm_has_its_paragraph_and_every_paragraph_its_alarm():
    page = (ROOT / "docs/operations.md").read_text().split("## Alarms: what each means", 1)[1].split("\n## ", 1)[0]
    told = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", page, re.M | re.S))
    assert list(told) == [rule["alert"] for rule in alarms()]
    assert all(len(words.strip()) > 80 for words in told.values())
    assert {rule["labels"]["severity"] for rule in alarms()} == {"page", "ticket"}
    json.loads((ROOT / "docs/watching/dashboard.json").read_text())


@pytest.mark.parametrize("broken", sorted(readiness.CHECKS))
def test_each_check_alone_makes_the_house_unready_and_says_no_more_than_its_name(broken, client, monkeypatch):
    sequenced(at=clock.now())
    assert client.get("/readyz").status_code == 200

    def wrong() -> bool:
        raise DatabaseError("password=geheim") if broken == "database" else OSError("/data/geheim")

    monkeypatch.setattr(readiness, "CHECKS", {**readiness.CHECKS, broken: wrong})
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {name: name != broken for name in readiness.CHECKS}


def test_a_disk_without_room_for_envelopes_is_not_ready(client, settings, monkeypatch):
    sequenced(at=clock.now())
    settings.ENVELOPE_LIMIT = 2**60
    assert client.get("/readyz").json()["storage"] is False


def test_every_check_has_a_word_for_the_desk():
    assert set(tasks.WORDS) == set(readiness.CHECKS)


def test_what_fails_of_readiness_stands_on_the_operators_desk_while_it_lasts(monkeypatch):
    sequenced(at=clock.now())
    ticks.run("config.watching.tasks.watch", at=NOON)
    assert not Trouble.objects.exists()

    monkeypatch.setattr(timekeeper, "skew", lambda: timedelta(seconds=-1.5))
    ticks.run("config.watching.tasks.watch", at=NOON)

    assert [(each.what, each.last_at) for each in Trouble.objects.all()] == [("就绪检查：时钟", NOON)]


def test_while_one_finds_out_the_others_are_told_what_was_found_last(settings, monkeypatch):
    settings.READY_KEPT = 0.0
    begun, may_end = threading.Event(), threading.Event()
    asked = readiness.Readiness()
    monkeypatch.setattr(readiness, "_looked", lambda: {"database": True})
    assert asked.now() == {"database": True}

    def hangs() -> dict[str, bool]:
        begun.set()
        may_end.wait(60)
        return {"database": False}

    monkeypatch.setattr(readiness, "_looked", hangs)
    first = threading.Thread(target=asked.now)
    first.start()
    begun.wait(60)
    assert asked.now() == {"database": True}
    monkeypatch.setattr(readiness, "STALE", -1.0)
    assert asked.now() == dict.fromkeys(readiness.CHECKS, False)
    may_end.set()
    first.join(60)


@pytest.mark.parametrize(
    ("theirs", "skew"), [(0, 0), (2, 0), (-1, -1), (3.5, 1.5)]
)  # asked at 0, answered at 2: what lies between is no skew
def test_skew_is_what_the_way_of_the_answer_does_not_explain(theirs, skew):
    found = timekeeper.beyond(NOON + theirs * SECOND, asked=NOON, answered=NOON + 2 * SECOND)
    assert found == timedelta(seconds=skew)


@pytest.mark.parametrize(
    ("said", "skew"),
    [("Mon, 23 Nov 2026 04:00:00 GMT", 0.0), ("Mon, 23 Nov 2026 04:00:09 GMT", 8.0),
     ("Mon, 23 Nov 2026 03:59:50 GMT", -9.0), ("nonsense", None), (None, None)],
)  # fmt: skip
def test_a_witness_tells_his_time_with_his_answer(said, skew, caplog):
    witnesses._skews.clear()
    asked = NOON.replace(year=2026, month=11, day=23, hour=4, minute=0, second=0, microsecond=0)
    witness = witnesses.Witness("", type("Key", (), {"name": "w"})())  # type: ignore[arg-type]

    for _ in range(2):
        witnesses._note_skew(witness, said, asked=asked, answered=asked + SECOND)

    assert witnesses.skews().get("w") == skew
    assert len(caplog.records) == bool(skew)  # told once, while it lasts


@pytest.fixture
def collector(settings: Any) -> Iterator[list[bytes]]:
    """A collector of traces on this machine; what it was sent."""
    with collecting() as (address, sent):
        settings.OTLP = address
        settings.MIDDLEWARE = [*settings.MIDDLEWARE[:1], "config.watching.traces.Traced", *settings.MIDDLEWARE[1:]]
        yield sent


def test_traces_name_what_is_done_and_never_what_it_is_about(collector, monkeypatch):
    monkeypatch.setattr(traces, "_tell_acts", lambda module: None)  # the acts of this process stay as they are
    traces.begin("serve")
    client = Client(raise_request_exception=False)
    try:
        client.get("/notices/?q=geheim")
        client.get("/projects/GEHEIM-1/bid/", headers={"Cookie": "sessionid=geheim"})
        client.get("/tips/?geheim")
        turn(at=NOON)
        ticks.run("accounts.tasks.deliver", at=NOON)
        act = traces._told(lambda *, by, at: 1 / 0, "market.anything.do")
        with pytest.raises(ZeroDivisionError):
            act(by="geheim", at=NOON)
        monkeypatch.setattr("bidding.submission.views.queries", None, raising=False)
        assert traces.flush()
    finally:
        watched.leave(traces.marked)
        monkeypatch.setattr(traces, "_tracer", None)

    told = b"".join(collector)
    assert told.startswith(b"/v1/traces")
    for word in (b"request", b"portal:notices", b"statement", b"SELECT", b"sequencer.turn", b"tick",
                 b"accounts.tasks.deliver", b"market.anything.do", b"ZeroDivisionError"):  # fmt: skip
        assert word in told, word
    for word in (b"geheim", b"GEHEIM", b"bid/", b"tips", b"division by zero"):
        assert word not in told, word


def test_nothing_that_counts_or_traces_is_loaded_by_who_asks_for_none():
    import subprocess
    import sys

    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "import django; django.setup(); import config.embedded, config.starting.gate, config.watching.requests\n"
        "print([name for name in ('prometheus_client', 'opentelemetry') if name in sys.modules])"
    )
    clean = {"PATH": "/usr/bin:/bin", "MINGBIAO_DATA": str(house.settings.DATA)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
