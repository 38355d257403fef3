"""No process starts with settings that are unsafe, and whoever starts one hears of all of them at once."""

import ast
import io
import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from config.env import ROOT
from config.management.commands import may_start
from config.starting import facts, gate
from config.starting.rules import Facts, crosses_in_clear, is_near, what_is_weak, why_not_believe, why_not_start
from config.timekeeper import save
from ledger import witnesses
from rulebook import clock
from tests.cast import HOUR

GOOD = Facts(
    kind="serve", production=True, secret=48, hosts=("ggzy.example.cn",), hosts_told=True,
    site="https://ggzy.example.cn", expert_keys=True, witnesses=3, quorum=2, proxies=1, second_factor=True,
    notifier="http://10.0.0.2:8003", origin="ggzy.example.cn", ocid_prefix="ocds-1a2b3c",
    lines={"MINGBIAO_NOTIFIER": "http://10.0.0.2:8003", "MINGBIAO_MAIL": "smtp://us:word@mail.example.cn:587"},
    files={"MINGBIAO_S3_ENDPOINT": "https://s3.example.cn", "MINGBIAO_S3_PUBLIC": ""},
)  # fmt: skip
SHARED = replace(GOOD, kind="worker", engine="postgresql", redis="rediss://:word@redis.example.cn/0", standby=True,
                 copied=True)  # fmt: skip

OF_CLOCKS = {"away", "outside"}  # asked once the witnesses were
# What is wrong → what is said of it.
WRONG: dict[str, Facts] = {
    "debug": replace(GOOD, debug=True),
    "wildcard": replace(GOOD, hosts=("ggzy.example.cn", ".example.cn")),
    "gateway-secret": replace(GOOD, gateways=True, gateway_secret=31),
    "document-key": replace(GOOD, document_key=True),
    "breached": replace(GOOD, breached=False),
    "quorum": replace(GOOD, quorum=4),
    "metrics-public": replace(GOOD, metrics="0.0.0.0:9464"),
    "otlp-open": replace(GOOD, otlp="http://traces.example.cn"),
    "engine": replace(SHARED, engine="sqlite"),
    "redis": replace(SHARED, redis=""),
    "redis-open": replace(SHARED, redis="redis://10.0.0.4:6379/0"),
    "storage-open": replace(GOOD, files={"MINGBIAO_S3_ENDPOINT": "http://10.0.0.5:9000"}),
    "line-open": replace(GOOD, lines={"MINGBIAO_MAIL": "smtp://mail.example.cn"}),
    "database-open": replace(SHARED, in_clear=True),
    "origin": replace(GOOD, origin="mingbiao.example"),
    "secret": replace(GOOD, secret=31),
    "expert-keys": replace(GOOD, expert_keys=False),
    "hosts": replace(GOOD, hosts_told=False),
    "site": replace(GOOD, site="http://ggzy.example.cn"),
    "witnesses": replace(GOOD, witnesses=0, quorum=0),
    "proxies": replace(GOOD, proxies=0),
    "second-factor": replace(GOOD, second_factor=False),
    "notifier": replace(GOOD, notifier=""),
    "demo": replace(GOOD, demo=True),
    "folder-foreign": replace(GOOD, folder_ours=False),
    "folder-closed": replace(GOOD, folder_writable=False),
    "folder-shared": replace(GOOD, shared=("/var/lib/mingbiao",)),
    "key-exposed": replace(GOOD, exposed=("/keys/log.key",)),
    "silent": replace(GOOD, answers=False),
    "not-durable": replace(GOOD, weak={"fsync": "off"}),
    "rights": replace(GOOD, rights=("is a superuser",)),
    "standby": replace(GOOD, standby=True),
    "skew": replace(GOOD, skew=timedelta(seconds=-1.2)),
    "behind": replace(GOOD, behind=timedelta(seconds=1.2)),
    "unapplied": replace(GOOD, unapplied=("ledger.0001_tables",)),
    "rehearsed": replace(GOOD, rehearsed=True),
}
ONLY_FOR_REAL = {
    "secret", "expert-keys", "hosts", "site", "witnesses", "proxies", "second-factor", "notifier", "demo", "rehearsed",
    "rights", "standby", "redis-open", "storage-open", "line-open", "database-open", "origin",
}  # fmt: skip


def codes(told: Facts) -> list[str]:
    return [reason.code.removeprefix("start.") for reason in why_not_start(told)]


def test_what_is_as_it_must_be_starts():
    assert codes(GOOD) == codes(SHARED) == codes(Facts("serve")) == []


@pytest.mark.parametrize("code", WRONG)
def test_one_thing_wrong_is_said_by_its_name_and_by_nothing_else(code):
    assert codes(WRONG[code]) == [code]
    assert codes(replace(WRONG[code], production=False)) == ([] if code in ONLY_FOR_REAL else [code])


# What is better otherwise → what is said of it.
WEAK: dict[str, Facts] = {
    "backup-key": replace(GOOD, backup_key=False),
    "one-witness": replace(GOOD, quorum=1),
    "ocid-prefix": replace(GOOD, ocid_prefix="ocds-000000"),
    "files-lock": replace(GOOD, files_locked=False),
    "standby": replace(SHARED, standby=False),
    "host": replace(GOOD, host="0.0.0.0"),
}


@pytest.mark.parametrize("code", WEAK)
def test_what_is_only_weak_is_told_and_refuses_nobody(code):
    told = [reason.code for reason in what_is_weak(WEAK[code])]
    assert told == [f"weak.{code}"] and codes(WEAK[code]) == [] == [*what_is_weak(GOOD), *what_is_weak(SHARED)]
    assert not what_is_weak(replace(WEAK[code], production=False))
    assert f"| `weak.{code}` |" in (ROOT / "docs/operations.md").read_text()


def test_whoever_asks_hears_what_is_weak_and_may_start(monkeypatch):
    monkeypatch.setattr(may_start, "gathered", lambda kind: WEAK["one-witness"])
    said = io.StringIO()

    call_command("may_start", stdout=said)

    assert "可以启动" in said.getvalue() and "weak.one-witness" in said.getvalue()


@pytest.mark.parametrize(
    ("address", "open_"),
    [("", False), ("http://127.0.0.1:8003", False), ("http://10.1.2.3", False), ("https://sms.example.cn", False),
     ("unix:///run/redis.sock", False), ("rediss://redis.example.cn", False), ("smtp://me:x@mail.example.cn", False),
     ("smtp://127.0.0.1:25", False), ("smtps://mail.example.cn", False), ("http://sms.example.cn", True),
     ("http://8.8.8.8", True), ("redis://:word@redis.example.cn/0", True), ("smtp://mail.example.cn:25", True)],
)  # fmt: skip
def test_what_is_said_in_clear_stays_on_this_machine_or_in_its_network(address, open_):
    assert crosses_in_clear(address) is open_


@pytest.mark.parametrize(
    ("away", "outside", "code"),
    [(0, (), ""), (9, (), ""), (11, (), "start.away"), (60 * 24 * 366, (), "start.away"),
     (60 * 24 * 366, (-9.0,), ""), (11, (-120.0,), "start.away"), (0, (-120.0,), ""),
     (0, (-120.0, -121.0), "start.outside"), (11, (11.0, 1e7), "start.outside"), (60 * 24 * 30, (-120.0, 0.0), "")],
)  # fmt: skip
def test_a_clock_far_from_all_that_is_known_is_not_believed(away, outside, code):
    told = {"away": timedelta(minutes=away), "outside": [timedelta(seconds=skew) for skew in outside]}

    assert "".join(reason.code for reason in why_not_believe(production=True, **told)) == code
    assert not why_not_believe(production=False, **told)


@pytest.mark.django_db
def test_a_house_that_was_away_goes_on_once_somebody_has_looked_at_another_clock(settings, monkeypatch):
    settings.PRODUCTION, present = True, clock.system()
    save(present - HOUR)
    monkeypatch.setattr(clock, "system", lambda: present)
    monkeypatch.setattr(witnesses, "_skews", {})

    with pytest.raises(gate.Unsafe, match=r"start\.away"):
        gate.believe()
    for wrong in ("12:00", f"{present + timedelta(days=366):%Y-%m-%dT%H:%M}"):
        with pytest.raises(CommandError):
            call_command("confirm_clock", operator="吴运维", now=wrong)
    with pytest.raises(gate.Unsafe):
        gate.believe()
    call_command("confirm_clock", operator="吴运维", now=f"{present:%Y-%m-%dT%H:%M}", stdout=io.StringIO())
    gate.believe()

    monkeypatch.setattr(witnesses, "_skews", {"one": -120.0, "two": -120.5})
    with pytest.raises(gate.Unsafe, match=r"start\.outside"):
        gate.believe()


def test_everything_wrong_is_said_at_once():
    worst = Facts("worker", production=True, debug=True, hosts=("*",), folder_ours=False, weak={"fsync": "off"})

    told = why_not_start(worst)

    assert len(told) >= 13
    assert all(reason.sentence() and "{" not in reason.sentence() for reason in told)


def test_the_operators_page_explains_every_reason_and_no_other():
    page = (ROOT / "docs/operations.md").read_text()
    assert set(re.findall(r"^\| `start\.([a-z-]+)`(?: ●)? \|", page, re.M)) == set(WRONG) | OF_CLOCKS
    source = ast.parse((ROOT / "config/starting/rules.py").read_text())
    said = {
        call.args[0].value
        for call in ast.walk(source)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "_no"
        and isinstance(call.args[0], ast.Constant)
    }
    assert said == set(WRONG) | OF_CLOCKS


@pytest.mark.parametrize(
    ("place", "near"),
    [("127.0.0.1:9464", True), ("10.1.2.3:9464", True), ("[::1]:9464", True), ("localhost:1", True),
     ("0.0.0.0:9464", False), ("[::]:9464", False), ("8.8.8.8:9464", False), ("metrics.example.cn:9464", False)],
)  # fmt: skip
def test_near_is_this_machine_or_a_private_network_by_number(place, near):
    assert is_near(place) is near


@pytest.mark.django_db
def test_the_facts_are_those_of_this_house(settings, tmp_path, monkeypatch):
    settings.KEYS = tmp_path / "keys"
    settings.KEYS.mkdir()
    key = settings.KEYS / "log.key"
    key.write_text("x")
    key.chmod(0o640)
    settings.KEYS.chmod(0o777)
    settings.S3 = settings.S3 | {"bucket": "files", "endpoint": "http://s3.example.cn"}
    settings.GATEWAYS = {"sms": "http://sms.example.cn"}
    save(clock.system() + HOUR)
    monkeypatch.setattr(facts, "rehearsals", lambda: [])

    told = facts.gathered("serve")

    assert told.answers and not told.weak and not told.unapplied
    assert str(key) in told.exposed and told.shared == (str(settings.KEYS),) and not told.in_clear
    assert told.files["MINGBIAO_S3_ENDPOINT"] == "http://s3.example.cn"
    assert told.lines["MINGBIAO_GATEWAYS (sms)"] == "http://sms.example.cn"
    assert timedelta(minutes=59) < told.behind <= HOUR
    with pytest.raises(gate.Unsafe, match=r"(?s)start.key-exposed.*start.behind"):
        gate.begin("serve")


@pytest.mark.django_db
def test_a_folder_of_somebody_else_and_a_migration_that_is_missing_are_seen(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    monkeypatch.setattr(facts.MigrationRecorder, "applied_migrations", lambda self: {})

    told = facts.gathered("serve")

    assert not told.folder_ours
    assert "ledger.0001_tables" in told.unapplied


def test_every_kind_of_process_asks():
    doors = {
        "config/management/commands/serve.py": '"serve"',
        "config/management/commands/sequence.py": '"sequence"',
        "config/management/commands/metrics.py": '"metrics"',
        "config/scaled.py": '"sockets"',
        "config/celery.py": "KIND",
    }
    for name, kind in doors.items():
        source = (ROOT / name).read_text()
        assert re.search(rf"begin\({kind}", source), name
        assert kind == '"metrics"' or re.search(r"golive\.check\(.*\).*\n +(gate\.)?believe\(\)|\nbelieve\(\)", source)
