"""`manage.py serve`: the whole house in one process, one process to a data folder."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.test import override_settings

from ledger import keys
from ledger.running import Sequencer
from proofs import note
from tests import engines
from tests.config.processes import ROOT, eventually, running
from tests.engines import free_port

pytestmark = pytest.mark.embedded


def answer(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def manage(folder, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *words]
    environ = {"MINGBIAO_DATA": str(folder), "PATH": "/usr/bin:/bin", **more}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


@pytest.mark.timeout(900)  # it starts the house five times
def test_one_process_serves_sequences_and_ticks_and_ends_when_told(tmp_path):
    engines.begin(tmp_path)
    with sqlite3.connect(tmp_path / "mingbiao.sqlite3") as db:
        db.execute(
            "INSERT INTO accounts_message (subject, body, link, topic, to_role, region, posted_at)"
            " VALUES ('x', 'x', '', 'progress', 'officer', '', 0)"
        )
    base = f"http://127.0.0.1:{(port := free_port())}"
    environ = {"MINGBIAO_DATA": str(tmp_path), "PORT": str(port), "MINGBIAO_SEALED_EVERY": "1"}

    with running(["manage.py", "serve"], **environ) as house:
        eventually(lambda: answer(f"{base}/readyz") == 200)
        second = manage(tmp_path, "serve", "--port", str(free_port()))
        assert "another process serves" in second.stderr
        assert second.returncode == 1
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        shutil.copy(tmp_path / "mingbiao.sqlite3", elsewhere)
        third = manage(elsewhere, "serve", "--port", str(port))
        assert "the address is taken" in third.stderr
        eventually(lambda: delivered(tmp_path))
        assert answer(f"{base}/sealed/checkpoint") == answer(f"{base}/") == 200
        assert answer(f"{base}/no/such/page") == 404

        house.send_signal(signal.SIGTERM)
        assert house.wait(20) == 0

    assert "hold" in manage(tmp_path, "fsck_ledger").stdout


def delivered(folder) -> bool:
    with sqlite3.connect(folder / "mingbiao.sqlite3") as db:
        return db.execute("SELECT count(*) FROM accounts_message WHERE delivered_at IS NOT NULL").fetchone()[0] == 1


def test_a_key_that_others_can_read_stops_the_start(tmp_path):
    with override_settings(KEYS=tmp_path):
        (tmp_path / "log.key").write_text(note.generate("x"))
        (tmp_path / "log.key").chmod(0o640)

        with pytest.raises(keys.Unsafe, match="chmod 600"):
            Sequencer().start()


@pytest.mark.timeout(600)
def test_an_empty_folder_becomes_the_demo_and_starting_again_costs_little(tmp_path):
    base = f"http://127.0.0.1:{(port := free_port())}"
    environ = {"MINGBIAO_DATA": str(tmp_path), "PORT": str(port)}
    with running(["manage.py", "serve", "--demo"], **environ) as first:
        eventually(lambda: answer(f"{base}/") == 200, within=420)  # every table is made, beside five other tests
        cost = cpu_seconds(first.pid)
        assert answer(f"{base}/statistics/") == 200
    people = (tmp_path / "demo.json").read_text()
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0
    with sqlite3.connect(tmp_path / "mingbiao.sqlite3") as db:
        entered = db.execute("SELECT username FROM accounts_user").fetchall()
    assert {username for (username,) in entered} == {each["username"] for each in json.loads(people)["users"]}

    with running(["manage.py", "serve", "--demo"], **environ) as again:
        eventually(lambda: answer(f"{base}/") == 200)
        # In seconds of the processor, against the first start's: neither a busy nor a slow machine changes that.
        assert cpu_seconds(again.pid) < cost / 2
    assert (tmp_path / "demo.json").read_text() == people


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def test_a_site_for_real_purchases_is_no_demo(tmp_path):
    environ = {"MINGBIAO_DATA": str(tmp_path), "MINGBIAO_PRODUCTION": "1", "MINGBIAO_SECRET": "x" * 50}
    keyless = manage(tmp_path, "may_start", **environ)
    environ["MINGBIAO_EXPERT_KEYS"] = str(tmp_path / "experts.keys")

    refused = manage(tmp_path, "serve", "--demo", "--port", str(free_port()), **environ)

    assert refused.returncode == 1
    assert "不得进入正式环境" in refused.stderr
    assert keyless.returncode == 1 and "start.expert-keys" in keyless.stderr
    assert not (tmp_path / "demo.json").exists()
