"""`python -m rehearsal demo`: the site with its parties and its world, until stopped.

`demo-actors` runs the parties alone, beside a site that is there already.
"""

import json
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from proofs.commands.inputs import present
from rehearsal import opening, site
from rehearsal.actors import Actors, DoesNotHold, Keys, until_answering
from rehearsal.cast import ROOT, Cast, seed
from rehearsal.client import Refusal
from rehearsal.kinds import BIDS, DEFAULT, KINDS, TO_NOTICE
from rehearsal.story import Kind, Story, Untrue, bidders_of, tell
from rehearsal.watch import Silence, Watch

# Scenario 1, with its deadline far enough off for a newcomer to bid; one that closes in minutes; one that is over.
TO_PLAY: dict[str, Any] = {
    "title": "城区空气质量自动监测站设备采购",
    "item": "空气质量自动监测站 1 套",
    "demand": "含六参数分析仪、采样与校准单元、数据采集与传输。供货、安装、调试并培训；质保三年；交货期不超过 60 日。",
}
CLOSING: dict[str, Any] = {"title": "牧区饮用水水源地在线监测设备采购", "item": "在线监测设备 3 套"}
OVER: dict[str, Any] = {"title": "克鲁伦河水质自动监测站采购"}
WORKS: dict[str, Any] = {
    "edition": "rehearsal-works",
    "category": "works",
    "title": "监测站房供暖改造工程",
    "item": "监测站房供暖改造工程 1 项",
    "demand": "拆除原有锅炉，安装空气源热泵机组与管网；工期 60 日历天；质保两个采暖期。",
    "small_percent": "5",
}


def demo() -> int:
    """Start everything, print where it is and who may sign in, fill the world, stay."""
    port = int(os.environ.get("PORT", "8000"))
    witness_port = int(os.environ.get("WITNESS_PORT", str(port + 1)))
    data = Path(os.environ.get("MINGBIAO_DATA", str(ROOT / "var")))
    keys = Keys(site.FOLDER)
    actors = Actors(keys, f"http://127.0.0.1:{port}")
    try:
        notifier_port = int(os.environ.get("NOTIFIER_PORT", str(port + 2)))
        told = site.environment(data, keys, port=port, witness_port=witness_port, notifier_port=notifier_port)
        cast = Cast(actors.base, site.serve(actors, told, witness_port=witness_port))
        print(f"明标演示：{actors.base}/    Ctrl-C 结束")
        print(
            f"收到的短信、邮件、微信和电话（专家的通知、验证码、消息提醒）：{told['MINGBIAO_NOTIFIER']}/（通知器是单独的进程，只有它知道抽中了谁）"
        )
        print(f"各方密钥文件在 {site.FOLDER}，口令在其中的 {keys.passphrase.name}")
        for person in cast.people.values():
            print(f"  {person.role:<12}{person.username:<16}{person.password}  {person.name}", flush=True)
        site.beside(actors, cast)
        threading.Thread(target=_fill, args=(actors, cast), daemon=True).start()
        return _stay(actors)
    finally:
        actors.stop()


def demo_actors() -> int:
    """The holders and contributors beside a site that runs (BASE_URL)."""
    actors = Actors(Keys(site.FOLDER), os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/"))
    try:
        until_answering(actors.base)
        site.beside(actors, Cast(actors.base, seed()))
        print(f"演示各方在 {actors.base} 旁运行，密钥在 {site.FOLDER}", flush=True)
        return _stay(actors)
    finally:
        actors.stop()


def _fill(actors: Actors, cast: Cast) -> None:
    """Purchases through the public doors: one to play, one about to close, one played to its contract, to play besides,
    a consultation and works, and a citizen's sealed quotes, which nobody opens or chooses by hand.

    What an earlier start made is not made again while it is still open, or over.
    """
    kept = actors.keys.folder / "world.json"
    world: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}

    def made(
        name: str, facts: dict[str, Any], *, seconds: int, kind: Kind = KINDS[DEFAULT], until: str = ""
    ) -> Story | None:
        if world.get(name, "") > present().isoformat():
            return None
        story = _story(actors, cast, kind, facts, seconds=seconds)
        for act, play in kind.acts:
            play(story)
            if act == until:
                break
        tell(f"{name}：{story.base}{story.page()}")
        world[name] = story.live.wait("tender.terms")["deadline"] if until else "9999"
        kept.write_text(json.dumps(world, ensure_ascii=False))
        return story

    published, handed_in = TO_NOTICE[-1][0], BIDS[-1][0]
    try:
        made("可供练习", TO_PLAY, seconds=3600, until=published)
        closing = made("即将开标", CLOSING, seconds=300, until=handed_in)
        if closing:
            threading.Thread(target=_attend, args=(closing,), daemon=True).start()
        made("已经完成", OVER, seconds=45)
        made("可供练习的竞争性磋商", {}, seconds=3600, kind=KINDS["negotiation"], until=published)
        made("可供练习的工程招标", WORKS, seconds=3600, until=published)
        # Last: it opens and is chosen by itself, and what the demo begins with is not kept waiting for it.
        made("自己走完的密封报价", {}, seconds=300, kind=KINDS["quotes"], until=handed_in)
    except (Refusal, Silence, Untrue, DoesNotHold, LookupError) as broken:
        tell(f"演示数据未能备齐：{type(broken).__name__}: {broken}")


def _attend(story: Story) -> None:
    """The bidders of the closing one come when the hall opens, whoever opens it, and release their halves."""
    try:
        story.live.wait("opening.hall-opened", seconds=24 * 3600)
        opening.release_halves(story)
    except (Refusal, Silence, Untrue, DoesNotHold, LookupError) as broken:
        tell(f"{story.number}：{type(broken).__name__}: {broken}")


def _story(actors: Actors, cast: Cast, kind: Kind, facts: dict[str, Any], *, seconds: int) -> Story:
    folder = Path(tempfile.mkdtemp(prefix="mingbiao-demo-"))
    return Story(
        base=actors.base, cast=cast, keys=actors.keys, actors=actors, folder=folder,
        bidders=bidders_of(cast, folder, 3), size=200_000, seconds=seconds, facts=facts, kind=kind,
        keys_stream=Watch(actors.base, "keys"),
    )  # fmt: skip


def _stay(actors: Actors) -> int:
    """Until a signal; 1 when one of the processes ends by itself."""
    try:
        while True:
            actors.all_alive()
            time.sleep(1)
    except KeyboardInterrupt:
        return 0
