"""`python -m rehearsal`: a whole tender from outside, 0 only if everything held.

BASE_URL: a running site; without it one is started, on a fresh database in a folder of its own.
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

from rehearsal import buying, checking, demo, judging, offering, opening, site
from rehearsal.actors import Actors, DoesNotHold, Keys, until_answering
from rehearsal.cast import Cast, seed
from rehearsal.client import Refusal
from rehearsal.story import Story, Untrue, bidders_of
from rehearsal.watch import Silence

ACTS = [
    ("登记密钥", buying.register_keys),
    ("编制项目", buying.draft),
    ("保管人制钥并试开启", buying.ready_keys),
    ("审批与发布", buying.publish),
    ("获取招标文件", offering.take_documents),
    ("封标递交", offering.seal_and_submit),
    ("替换与撤回", offering.replace_and_withdraw),
    ("截止前保密", offering.secrecy_until_the_deadline),
    ("迟到", offering.too_late),
    ("封存", offering.closed),
    ("开标", opening.open_hall),
    ("投标人解密", opening.release_halves),
    ("保管人开启与唱标", opening.holders_open),
    ("外人重开", opening.reopen_alone),
    ("签署开标记录", opening.sign_the_record),
    ("结束开标", opening.close_hall),
    ("资格审查", judging.review_qualification),
    ("抽取专家", judging.draw_panel),
    ("组成评标委员会", judging.seat_panel),
    ("评审打分", judging.score),
    ("评审报告", judging.sign_report),
    ("定标与公告", judging.award),
    ("合同", judging.contract),
    ("核验全程记录", checking.verify_record),
]


def rehearse() -> int:
    """Play the story; print each act and its time."""
    base = os.environ.get("BASE_URL", "").rstrip("/")
    folder = Path(tempfile.mkdtemp(prefix="mingbiao-rehearsal-"))
    keys = Keys(site.FOLDER if base else folder / "keys")
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
        story = _story(cast, keys, actors, folder)
        story.play(ACTS)
        held = True
        print(f"{time.monotonic() - started:7.1f} s  全程成立：{story.number}")
        return 0
    except (Refusal, Silence, Untrue, DoesNotHold, LookupError) as broken:
        print(f"不成立：{type(broken).__name__}: {broken}", file=sys.stderr)
        print(f"各方日志在 {keys.folder / 'logs'}", file=sys.stderr)
        return 1
    finally:
        actors.stop()
        if held and not os.environ.get("KEEP"):
            shutil.rmtree(folder)


def _story(cast: Cast, keys: Keys, actors: Actors, folder: Path) -> Story:
    count = int(os.environ.get("BIDDERS", "5"))
    bidders = bidders_of(cast, folder, count)
    return Story(
        base=actors.base, cast=cast, keys=keys, actors=actors, folder=folder, bidders=bidders,
        size=size_of(os.environ.get("SIZE", "2MB")), seconds=int(os.environ.get("SECONDS", str(30 + 10 * count))),
        own_site=not os.environ.get("BASE_URL"),
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
