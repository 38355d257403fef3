"""The house is killed again and again under real acts of many clients: what it acknowledged is there, once.

`KILLS=60 CAMPAIGNS=4 SEED=…` plays at length, as `make harden` does; a seed is printed with what went wrong, and plays
the same chances again. The next kill falls where the fewest have fallen (`crashes.aims`); a file named by `TALLY` keeps
that from one run to the next, and the last line has the count of each phase. `STRIKES=100` kills PostgreSQL, Redis and
the house in turn, on engines of its own. `tests.hardening.histories` says what must hold, `crashes.fuses` where the
house dies.
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
from tests.hardening.crashes.aims import Aims
from tests.hardening.crashes.campaign import STRIKES as STRIKES_IN_TURN
from tests.hardening.crashes.campaign import Campaign, plan
from tests.hardening.crashes.dice import Dice
from tests.races.house import House, environment

Capture = pytest.CaptureFixture[str]
# So few in every run: a life of the house costs seconds. A long campaign is as many short ones, each in a fresh world.
KILLS, CAMPAIGNS = int(os.environ.get("KILLS", "4")), int(os.environ.get("CAMPAIGNS", "1"))
SHORT = KILLS < 20
STRIKES = int(os.environ.get("STRIKES", "0"))
ROUND = max(1, KILLS // len(fuses.PHASES))  # how often each phase comes
TALLY = Path(os.environ["TALLY"]) if "TALLY" in os.environ else None
AIMED = Aims.kept(TALLY)  # by all campaigns of this run


def sizes() -> dict[str, float]:
    """A world in which no client runs out of acts before the house has been killed so often."""
    return {
        "tenders": 1 + ROUND, "closings": 1 if SHORT else 2 * ROUND, "every": 30 if SHORT else 150,
        "halls": 1 if SHORT else 2 + ROUND, "draws": 1 if SHORT else 1 + ROUND, "scores": 0 if SHORT else 2 + ROUND,
        "awards": 1 if SHORT else 6 * ROUND, "cases": 1 if SHORT else 6 * ROUND, "choices": 1 if SHORT else 3 * ROUND,
        "deadlines": 8 * ROUND,
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
            campaign = Campaign(house, folder, seed, own, AIMED.of_another_world())
            campaign.make(**sizes())
            phases = [name for name in fuses.PHASES if sizes()["scores"] or name != "score"]
            in_turn = [STRIKES_IN_TURN[n % len(STRIKES_IN_TURN)] for n in range(STRIKES)]
            came_to = campaign.play(in_turn if own else plan(KILLS, campaign.aims, campaign.dice, phases))
        finally:
            house.close()
    if own or not SHORT:
        with capsys.disabled():
            sys.stdout.write(f"\nSEED={seed}: {came_to}\n")
            sys.stdout.flush()
    if not own:
        AIMED.hits = campaign.aims.hits
        tell(capsys)
    assert came_to.found == [], f"SEED={seed}: {came_to}\n" + "\n".join(came_to.found[:50])
    assert came_to.ends["ok"] > KILLS, f"SEED={seed}: there was no load to speak of: {came_to}"


def tell(capsys: Capture) -> None:
    """How often each phase was hit so far, at length; kept for the next run where it is asked for."""
    if TALLY:
        AIMED.keep(TALLY)
    if not SHORT:
        with capsys.disabled():
            sys.stdout.write(f"kills a phase: { {name: AIMED.of(name) for name in fuses.PHASES} }\n")
            sys.stdout.flush()


def test_the_next_kill_falls_where_the_fewest_have(tmp_path):
    aims, dice, phases = Aims(), Dice(1), ("submit", "draw", "close")
    for n in range(60):
        phase, moment = aims.next(phases, dice)
        aims.note(phase, moment, hit=phase != "draw" or n % 2 == 0)
        aims.keep(tmp_path / "tally")
        aims = Aims.kept(tmp_path / "tally") if n % 20 == 19 else aims  # another world

    counts = [aims.of(name) for name in phases]
    assert max(counts) - min(counts) <= 2
    assert {aims.hits[phase, moment] for phase in phases for moment in fuses.MOMENTS} <= {2, 3, 4, 5}


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
