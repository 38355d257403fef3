"""A draw between processes that trust nobody: three contributors, a supervisor, a witness, and a site."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proofs import canonical, draw, keyfile, transcript
from tests import cast, engines
from tests.config.processes import run
from tests.engines import free_port
from tests.make import accounts
from tests.races.house import ROOT, House, ask, environment

PASSPHRASE, PASSWORD = "three-words-of-chance", "a-long-enough-password"
CONTRIBUTORS = (cast.BUYER, cast.CENTRE, cast.PLATFORM)


class Company:
    """The processes of a draw, each with its key file, its memory and its log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        (folder / "passphrase").write_text(PASSPHRASE)
        (folder / "password").write_text(PASSWORD)

    def keyfile(self, org: str) -> str:
        path = self.folder / f"{org}.key"
        path.write_text(keyfile.seal(accounts.signer(org), PASSPHRASE))
        return str(path)

    def start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "proofs", *words], cwd=ROOT, stdout=log, stderr=log, env=dict(os.environ)
            )

    def told(self) -> str:
        return "\n".join(f"{path.stem}: {path.read_text()[-1500:]}" for path in sorted(self.folder.glob("*.log")))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path)
    yield made
    for process in made.running.values():
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def text(port: int, path: str) -> str:
    """What a path says, once it says something."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            status, body = ask(port, "GET", path)
        except OSError:
            status = 0
        if status == 200:
            return body.decode()
        time.sleep(0.2)
    raise AssertionError(f"{path} does not answer")


def until(port: int, draw_id: str, company: Company, *phases: str) -> dict[str, Any]:
    """The state of the draw once it is in one of these phases."""
    ends = time.monotonic() + 180
    state: dict[str, Any] = {}
    while time.monotonic() < ends:
        state = json.loads(text(port, f"/api/draws/{draw_id}"))
        if state["phase"] in phases:
            return state
        time.sleep(0.1)
    raise AssertionError(f"the draw stays in {state['phase']}\n{company.told()}")


@pytest.mark.embedded
@pytest.mark.timeout(420)
def test_unattended_parties_settle_a_draw_and_recover_the_one_who_falls_silent(
    tmp_path: Path, company: Company
) -> None:
    key, port = str(tmp_path / "witness.key"), free_port()
    vkey = run(["-m", "proofs", "witness", "--key", key, "--name", "w.example.cn", "--vkey"], os.environ).strip()
    told = environment(engines.begin(tmp_path / "data")) | {
        "MINGBIAO_WITNESSES": json.dumps([{"url": f"http://127.0.0.1:{port}", "vkey": vkey}]),
        "MINGBIAO_QUORUM": "1",
    }
    announced = json.loads(run(["-m", "tests.draws.unattended", PASSWORD], told))
    house = House(told)
    try:
        house.start()
        site, draw_id = f"http://127.0.0.1:{house.port}", announced["id"]
        logs = [word for which in ("log", "sealed") for word in ("--log", text(house.port, f"/{which}/vkey").strip())]
        company.start("witness", "witness", "--key", key, "--port", str(port), "--state", str(tmp_path / "w"), *logs)
        common = ["--site", site, "--unattended", "--every", "0.3", "--passphrase-file", str(tmp_path / "passphrase")]
        for org in CONTRIBUTORS:
            state = ["--state", str(tmp_path / f"state-{org}")]
            company.start(org, "contribute", company.keyfile(org), *common, *state)
        user = ["--user", announced["user"], "--password-file", str(tmp_path / "password")]
        company.start("supervisor", "attest-pool", company.keyfile(cast.BUREAU), *common, *user)

        until(house.port, draw_id, company, "complaints")
        company.running[CONTRIBUTORS[2]].kill()
        settled = until(house.port, draw_id, company, "settled", "void")
    finally:
        house.close()

    assert settled["phase"] == "settled", company.told()
    outcome = transcript.rerun(transcript.read(settled))
    assert (outcome.seed.hex(), outcome.recovered) == (settled["seed"], (3,))
    identities = {org: {1: accounts.signer(org).key} for org in (*CONTRIBUTORS, cast.BUREAU)}
    assert transcript.why_not_authentic(transcript.read(settled), identities) == ()
    path = tmp_path / "DRAW.json"
    path.write_text(json.dumps(settled))
    (tmp_path / "ids.json").write_text(
        json.dumps({org: {"1": canonical.b64u(keys[1])} for org, keys in identities.items()})
    )
    words = ["-m", "proofs", "verify-draw", str(path), "--identities", str(tmp_path / "ids.json"), "--json"]
    answer = json.loads(run(words, os.environ))
    assert answer["authenticated"] and answer["seed"] == settled["seed"]
    assert draw.parse_spec(settled["spec"]).place(cast.BUYER) == 1
