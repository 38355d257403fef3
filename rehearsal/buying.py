"""From an empty desk to the published notice, through the officers' own pages."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from proofs.commands.inputs import present
from rehearsal import site
from rehearsal.actors import Actors, register_all
from rehearsal.cast import Cast
from rehearsal.client import Refusal
from rehearsal.story import BUDGET, CAP, Factor, Story, expect, until
from rehearsal.watch import Watch

BEIJING = ZoneInfo("Asia/Shanghai")
LEAD = timedelta(seconds=8)  # from fixing the timetable to the notice
DOCUMENT = "招标文件.pdf"
FACTS: dict[str, Any] = {
    "title": "水质自动监测站采购",
    "category": "goods",
    "edition": "rehearsal",
    "item": "水质自动监测站 1 套",
    "demand": "含采样、分析、数据传输单元。供货、安装、调试并培训；质保三年；交货期不超过 60 日。",
    "budget": BUDGET,
    "price_cap": CAP,
    "contact_name": "乌云其木格",
    "contact_phone": "0470-6400000",
    "address": "新巴尔虎右旗阿拉坦额莫勒镇",
    "qualifications": "具有独立承担民事责任的能力\n具有良好的商业信誉和健全的财务会计制度",
    "price_weight": "30",
    "small_percent": "10",
}
FACTORS = (
    Factor("技术参数响应", "40", True, "全部响应得 40 分；每一项负偏离扣 5 分。"),
    Factor("实施与运维方案", "30", False, "完整可行 21–30 分；基本可行 11–20 分。"),
)


def register_keys(actors: Actors, cast: Cast, stream: Watch, *, run: bool) -> str:
    """Every organisation's identity key is in the public log; run: the parties' services, too."""
    if run:
        site.beside(actors, cast)
    else:
        register_all(actors.keys, cast, cast.acting)
    until(lambda: set(cast.acting) <= _registered(stream), "every key is registered")
    return f"{len(_registered(stream))} 个单位的身份公钥已入公开日志"


def draft(story: Story) -> str:
    """The officer drafts the purchase with its terms and its documents."""
    officer = story.client("officer")
    form = officer.page("/projects/new/").form("/projects/new/")
    made = officer.submit(form, **_filled(story, timedelta(minutes=5)))
    story.number = made.url.split("/projects/")[1].split("/")[0]
    try:
        story.stranger.page(story.page())
        expect(False, "a draft is public")
    except Refusal as hidden:
        expect(hidden.status == 404, f"a draft answers a stranger with {hidden.status}")
    adding = officer.page(story.page("edit/")).form("/edit/documents")
    officer.upload(adding, "file", DOCUMENT, b"%PDF-1.7\n" + "招标文件".encode() * 2_000)
    return f"{story.number}，草稿对外不可见"


def ready_keys(story: Story) -> str:
    """The holders' services make slot keys and open the trial envelope by themselves."""
    story.client("officer").press(story.page("edit/"), "/edit/keys")
    for part in story.kind.parts:
        told = story.keys_stream.wait("tender.rehearsed", _about(story.unit(part)), seconds=180)
        expect(told["verdict"] == "OK", f"trial opening of {part}: {told['verdict']}")
    return f"三家保管人制钥、{len(story.kind.parts)} 个部分试开启成功"


def publish(story: Story) -> str:
    """Fix the timetable, have the second officer approve, publish at the minute."""
    officer, approver = story.client("officer"), story.client("approver")
    began = time.monotonic()
    form = officer.page(story.page("edit/")).form("/edit/")
    lead = max(LEAD, timedelta(seconds=15 * (time.monotonic() - began)))  # a busy machine needs longer for what follows
    times = _timetable(lead, story.seconds)
    officer.submit(form, **times)
    officer.press(story.page("edit/"), "/edit/submit")
    approver.press(story.page("edit/"), "/edit/approve")
    officer.press(story.page("edit/"), "/edit/schedule", publish_at=times["publish_at"])
    until(lambda: _is_public(story), "the notice is public", seconds=60)
    story.hall = Watch(story.base, f"project/{story.number}")
    if story.kind.rounds:
        story.hall.read_room(story.client("officer"), f"/api/projects/{story.number}/room")
    terms = story.live.wait("tender.terms")
    expect(terms["edition"] == _told(story)["edition"] and terms["pol"] == "A", "other terms than were drafted")
    expect(set(terms["units"]) == set(story.kind.parts), f"a bid has the parts {sorted(terms['units'])}")
    return f"公告发布，{terms['k']}/{terms['n']} 保管人，截止 {terms['deadline'][11:19]}Z"


def _about(unit: dict[str, str]) -> Callable[[dict[str, Any]], bool]:
    return lambda told: told["unit"] == unit


def _registered(stream: Watch) -> set[str]:
    return {each["statement"]["org"] for each in stream.all("accounts.key-registered")}


def _is_public(story: Story) -> bool:
    try:
        story.stranger.page(story.page())
    except Refusal as hidden:
        if hidden.status != 404:
            raise
        return False
    return True


def _told(story: Story) -> dict[str, Any]:
    return {**FACTS, **story.kind.facts, **story.facts}


def _filled(story: Story, lead: timedelta) -> dict[str, Any]:
    told = {**_told(story), **_timetable(lead, story.seconds)}
    for at, factor in enumerate(FACTORS):
        row = {"name": factor.name, "max": factor.max, "standard": factor.standard}
        told |= {f"factor-{at}-{name}": value for name, value in row.items()}
        told[f"factor-{at}-objective"] = "on" if factor.objective else None
    return told


def _timetable(lead: timedelta, seconds: int) -> dict[str, str]:
    """The timetable from now, to the second, as the browser's controls write it in Beijing."""
    publish_at = present().astimezone(BEIJING) + lead
    closes_at = publish_at + timedelta(seconds=seconds)
    supply = closes_at - timedelta(seconds=1)
    named = {"publish_at": publish_at, "supply_ends_at": supply, "closes_at": closes_at}
    return {name: at.strftime("%Y-%m-%dT%H:%M:%S") for name, at in named.items()}
