"""`python -m rehearsal demo`: the site with its witness, holders and contributors, until stopped.

`demo-actors` runs the parties alone, beside a site that is there already.
"""

import os
import time
from pathlib import Path

from rehearsal import site
from rehearsal.actors import Actors, Keys, register_all, until_answering
from rehearsal.cast import ROOT, Cast, seed

FOLDER = ROOT / "demo-keys"


def demo() -> int:
    """Start everything, print where it is and who may sign in, stay."""
    port = int(os.environ.get("PORT", "8000"))
    witness_port = int(os.environ.get("WITNESS_PORT", str(port + 1)))
    data = Path(os.environ.get("MINGBIAO_DATA", str(ROOT / "var")))
    keys = Keys(FOLDER)
    actors = Actors(keys, f"http://127.0.0.1:{port}")
    try:
        told = site.environment(data, keys, port=port, witness_port=witness_port)
        cast = Cast(actors.base, site.serve(actors, told, witness_port=witness_port))
        beside(actors, cast)
        print(f"明标演示：{actors.base}/    各方密钥：{FOLDER}    Ctrl-C 结束")
        for person in cast.people.values():
            print(f"  {person.role:<12}{person.username:<16}{person.password}  {person.name}")
        return _stay(actors)
    finally:
        actors.stop()


def demo_actors() -> int:
    """The holders and contributors beside a site that runs (BASE_URL)."""
    actors = Actors(Keys(FOLDER), os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/"))
    try:
        until_answering(actors.base)
        beside(actors, Cast(actors.base, seed()))
        print(f"演示各方在 {actors.base} 旁运行，密钥在 {FOLDER}", flush=True)
        return _stay(actors)
    finally:
        actors.stop()


def beside(actors: Actors, cast: Cast) -> None:
    """Every organisation's key is registered; holders, contributors and the supervisor's client run."""
    register_all(actors.keys, cast, [*cast.kinds])
    actors.holders(cast.holders)
    actors.contributors(cast.contributors)
    actors.supervisor(cast.people["supervisor"])


def _stay(actors: Actors) -> int:
    """Until a signal; 1 when one of the processes ends by itself."""
    try:
        while True:
            actors.all_alive()
            time.sleep(1)
    except KeyboardInterrupt:
        return 0
