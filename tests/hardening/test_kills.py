"""The house is killed again and again under real acts of many clients: what it acknowledged is there, once.

`KILLS=60 CAMPAIGNS=4 SEED=…` plays at length, as `make harden` does; a seed is printed with what went wrong, and plays
the same phases again. `STRIKES=100` kills PostgreSQL, Redis and the house in turn, on engines of its own.
`tests.hardening.histories` says what must hold, `crashes.fuses` where the house dies.
"""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notifier.server import Notifier, Server
from notifier.store import Store
from tests import engines
from tests.hardening.crashes import fuses
from tests.hardening.crashes.campaign import STRIKES as STRIKES_IN_TURN
from tests.hardening.crashes.campaign import Campaign, plan
from tests.races.house import House, environment

Capture = pytest.CaptureFixture[str]
# So few in every run: a life of the house costs seconds. A long campaign is as many short ones, each in a fresh world.
KILLS, CAMPAIGNS = int(os.environ.get("KILLS", "4")), int(os.environ.get("CAMPAIGNS", "1"))
SHORT = KILLS < 20
STRIKES = int(os.environ.get("STRIKES", "0"))
ROUND = max(1, KILLS // len(fuses.PHASES))  # how often each phase comes


def sizes() -> dict[str, float]:
    """A world in which no client runs out of acts before the house has been killed so often."""
    return {
        "tenders": 1 + ROUND, "closings": 1 if SHORT else 3 * ROUND, "every": 30, "halls": 1 if SHORT else 2 + ROUND,
        "draws": 1 if SHORT else 1 + ROUND, "scores": 0 if SHORT else 2 + ROUND, "awards": 1 if SHORT else 6 * ROUND,
        "cases": 1 if SHORT else 6 * ROUND, "choices": 1 if SHORT else 3 * ROUND, "deadlines": 8 * ROUND,
    }  # fmt: skip


@contextmanager
def notified(folder: Path) -> Iterator[dict[str, str]]:
    """The process that alone knows who sits on a panel stands beside the house, and is not killed."""
    server = Server(Notifier(Store(":memory:"), "token")).start()
    token = folder.parent / "notifier.token"
    token.touch(mode=0o600)
    token.write_text("token")
    try:
        yield {"MINGBIAO_NOTIFIER": server.url, "MINGBIAO_NOTIFIER_TOKEN": str(token)}
    finally:
        server.shutdown()


def killed(folder: Path, told: dict[str, str], capsys: Capture, own: engines.Breakable | None = None) -> None:
    """One campaign in a folder; fails with all that was wrong, and the seed.  own: what is crashed beneath."""
    seed = os.environ.get("SEED") or secrets.token_hex(4)
    with notified(folder) as beside:
        house = House(environment(folder) | told | beside)
        try:
            house.run("migrate", "--verbosity", "0")
            campaign = Campaign(house, folder, seed, own)
            campaign.make(**sizes())
            phases = [name for name in fuses.PHASES if sizes()["scores"] or name != "score"]
            turned = campaign.dice.below(len(phases))
            deaths = list(plan(KILLS, campaign.dice, phases[turned:] + phases[:turned]))
            if own:
                deaths = [STRIKES_IN_TURN[n % len(STRIKES_IN_TURN)] for n in range(STRIKES)]
            came_to = campaign.play(deaths)
        finally:
            house.close()
    if own or not SHORT:
        with capsys.disabled():
            sys.stdout.write(f"\nSEED={seed}: {came_to}\n")
            sys.stdout.flush()
    assert came_to.found == [], f"SEED={seed}: {came_to}\n" + "\n".join(came_to.found[:50])
    assert came_to.ends["ok"] > KILLS, f"SEED={seed}: there was no load to speak of: {came_to}"


@pytest.mark.embedded
@pytest.mark.timeout(900 + 60 * KILLS)
@pytest.mark.parametrize("campaign", range(CAMPAIGNS))
def test_killed_on_sqlite(campaign, tmp_path, capsys):
    killed(engines.begin(tmp_path / "data"), {}, capsys)


@pytest.mark.scaled
@pytest.mark.timeout(900 + 60 * KILLS)
@pytest.mark.parametrize("campaign", range(CAMPAIGNS))
def test_killed_on_postgresql(campaign, tmp_path, capsys):
    folder = tmp_path / "data"
    folder.mkdir()
    killed(engines.begin(folder), {"DATABASE_URL": engines.beside(os.environ["DATABASE_URL"])}, capsys)


if STRIKES:

    @pytest.mark.embedded
    @pytest.mark.timeout(900 + 60 * STRIKES)
    def test_engines_and_house_die_in_turn(tmp_path, capsys):
        folder, own = tmp_path / "data", engines.Breakable()
        folder.mkdir()
        try:
            killed(engines.begin(folder), {"DATABASE_URL": own.url, "REDIS_URL": own.redis_url}, capsys, own)
        finally:
            own.close()
