"""`python -m rehearsal`: whole purchases from outside, 0 only if everything held.

BASE_URL: a running site; without it one is started, on a fresh database in a folder of its own.
PARTIES=DIR: beside that site the parties' services run here, with their keys in this folder; else they run already.
KIND=tender: what is played, a row of `rehearsal.kinds`; several after commas are played one after the other.
BIDDERS=5 SIZE=2MB: how many bid, and how large a bid is.  SECONDS: from the notice to the deadline.
"""

import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rehearsal import buying, demo, site
from rehearsal.actors import Actors, DoesNotHold, Keys, until_answering
from rehearsal.cast import Cast, seed
from rehearsal.client import Refusal
from rehearsal.kinds import DEFAULT, KINDS
from rehearsal.story import Kind, Story, Untrue, bidders_of
from rehearsal.watch import Silence, Watch


def rehearse() -> int:
    """Play the stories; print each act and its time."""
    kinds = kinds_of(os.environ.get("KIND", DEFAULT))
    base = os.environ.get("BASE_URL", "").rstrip("/")
    folder = Path(tempfile.mkdtemp(prefix="mingbiao-rehearsal-"))
    parties = os.environ.get("PARTIES", "")
    keys = Keys(Path(parties) if parties else site.FOLDER if base else folder / "keys")
    port, witness_port = site.free_port(), site.free_port()
    actors = Actors(keys, base or f"http://127.0.0.1:{port}")
    started = time.monotonic()
    held = False
    try:
        if base:
            until_answering(base)
            cast = Cast(base, seed())
        else:
            told = site.environment(folder / "var", keys, port=port, witness_port=witness_port)
            cast = Cast(actors.base, site.serve(actors, told, witness_port=witness_port))
        print(f"{time.monotonic() - started:7.1f} s  站点：{actors.base}", flush=True)
        stream = Watch(actors.base, "keys")
        print(
            f"           登记密钥：{buying.register_keys(actors, cast, stream, run=bool(parties) or not base)}",
            flush=True,
        )
        for kind in kinds:
            story = _story(cast, actors, folder, stream, KINDS[kind])
            print(f"{time.monotonic() - started:7.1f} s  {story.kind.title}", flush=True)
            story.play()
            print(f"{time.monotonic() - started:7.1f} s  全程成立：{story.number}", flush=True)
        held = True
        return 0
    except (Refusal, Silence, Untrue, DoesNotHold, LookupError) as broken:
        print(f"不成立：{type(broken).__name__}: {broken}", file=sys.stderr)
        print(f"各方日志在 {keys.folder / 'logs'}", file=sys.stderr)
        return 1
    finally:
        actors.stop()
        if held and not os.environ.get("KEEP"):
            shutil.rmtree(folder)


def kinds_of(text: str) -> list[str]:
    """The kinds named, in their order. Untrue for one there is not."""
    named = [name.strip() for name in text.split(",")]
    unknown = [name for name in named if name not in KINDS]
    if unknown:
        raise Untrue(f"KIND={text}: there are {', '.join(KINDS)}")
    return named


def _story(cast: Cast, actors: Actors, folder: Path, stream: Watch, kind: Kind) -> Story:
    count = int(os.environ.get("BIDDERS", "5"))
    own = Path(tempfile.mkdtemp(dir=folder))
    return Story(
        base=actors.base, cast=cast, keys=actors.keys, actors=actors, folder=own, kind=kind, keys_stream=stream,
        bidders=bidders_of(cast, own, count), size=size_of(os.environ.get("SIZE", "2MB")),
        seconds=int(os.environ.get("SECONDS", str(30 + 10 * count))),
    )  # fmt: skip


def size_of(text: str) -> int:
    """Bytes of `2MB`, `300KB`, `1GB` or a plain number."""
    found = re.fullmatch(r"(\d+)\s*([KMG]?)B?", text.strip(), re.IGNORECASE)
    if found is None:
        raise Untrue(f"SIZE={text}: not a size")
    return int(found[1]) * {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}[found[2].upper()]


COMMANDS: dict[str, Callable[[], int]] = {"": rehearse, "demo": demo.demo, "demo-actors": demo.demo_actors}


def main() -> int:
    """The word that was given, or the rehearsal."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    # Ended from outside, it still ends the processes it has started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return COMMANDS[word]()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
