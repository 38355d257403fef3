"""The hall: names, releases, verdicts, the record and its signatures."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from proofs import envelope
from proofs.canonical import b64u
from rehearsal.offering import SIDE_BY_SIDE
from rehearsal.story import PARTS, Bidder, Story, expect, until


def open_hall(story: Story) -> str:
    """The officer opens the hall: from here the names are public, as the list committed to."""
    officer = story.client("officer")
    until(lambda: _can_press(story, "open"), "the hall can be opened", seconds=60)
    officer.press(story.page("hall/"), "/hall/open")
    told = story.live.wait("opening.hall-opened")
    bidders = story.stranger.json(f"/blobs/{told['bidders_sha256']}")
    names = {bidder["org"] for bidder in bidders}
    expect(told["closing"] == story.closing, "the hall opened another list")
    expect(names == {b.org for b in story.bidders if b.live}, "the list is not who bid")
    return f"{len(names)} 家：" + "、".join(bidder["name"] for bidder in bidders)


def release_halves(story: Story) -> str:
    """Every bidder is present, checks his own bid in the list and releases his half of each part."""
    live = [bidder for bidder in story.bidders if bidder.live]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(lambda bidder: _release(story, bidder), live))
    done = story.live.wait("opening.bidders-done", seconds=180)
    expect(not any(done["absent"].values()), "a bidder counted as absent")
    return f"{sum(map(len, done['released'].values()))} 份信封的投标人凭据已释放"


def holders_open(story: Story) -> str:
    """The holders' services see it in the witnessed log and release; every envelope gets its verdict."""
    live = [bidder for bidder in story.bidders if bidder.live]
    expected = len(live) * len(PARTS)
    story.live.wait("opening.verdict", count=expected, seconds=180)
    verdicts = story.live.all("opening.verdict")
    expect(all(told["verdict"] == "OK" for told in verdicts), f"verdicts {[told['verdict'] for told in verdicts]}")
    for bidder in live:
        sheet = next(t["sheet"] for t in verdicts if t["org"] == bidder.org and t["part"] == "sheet")
        expect(Decimal(sheet["price"]) == Decimal(bidder.quote), f"{bidder.person.name}: another price was read out")
    expect(all(not told["sheet"] for told in verdicts if told["part"] == "body"), "a body was read out")
    return "唱标：" + "、".join(f"{b.person.name} {b.quote}" for b in live)


def reopen_alone(story: Story) -> str:
    """A stranger opens a read-out envelope again from public bytes alone."""
    bidder = next(bidder for bidder in story.bidders if bidder.live)
    eid = bidder.sealed["sheet"]["eid"]
    told = next(t for t in story.live.all("opening.verdict") if t["eid"] == eid)
    released = [
        said
        for event in [*story.live.all("opening.bidders-done"), *story.live.all("opening.holder-released")]
        if event.get("part", "sheet") == "sheet"
        for said in story.stranger.json(f"/blobs/{event['releases_sha256']}")
        if said["eid"] == eid
    ]
    given = {"b": next(s["b"] for s in released if s["role"] == "b"), "r": {}, "rescue": None}
    given["c"] = {str(said["i"]): said["sk"] for said in released if said["role"] == "c"}
    path = story.folder / "public.sbe"
    path.write_bytes(story.stranger.get(f"/blobs/{told['env_sha256']}"))
    registered = {s["gen"]: s["key"] for s in story.stranger.json(f"/api/keys/{bidder.org}")["keys"]}
    trusted = story.keys.scratch("identities.json", {bidder.org: registered})
    words = ["open", str(path), "--manifest", str(story.folder / "kcm-sheet.json"), "--log", story.base]
    words += ["--releases", str(story.keys.scratch("releases.json", given)), "--identities", str(trusted)]
    answer = story.keys.run(*words, "--env-sha256", told["env_sha256"])
    expect(answer["verdict"] == "OK" and answer["authenticated"], f"a stranger got {answer['verdict']}")
    expect(answer["sheet"] == told["sheet"], "a stranger read another sheet")
    return f"外人用公开数据重开 {bidder.person.name} 的开标一览表：一致"


def sign_the_record(story: Story) -> str:
    """Bidders and the centre's witness sign the opening record; one bidder asks, the host answers."""
    digest = story.live.wait("opening.record", seconds=60)["sha256"]
    live = [bidder for bidder in story.bidders if bidder.live]
    story.says(live[0].org, {"v": "obj/1", "unit": story.unit(), "text": "请说明交货期是否一并唱标"})
    story.live.wait("opening.objected")
    hall = story.client("officer").page(story.page("hall/"))
    story.client("officer").submit(hall.form("/answer"), text="交货期已在开标一览表中一并公布。")
    story.live.wait("opening.answered")
    signers = [*(bidder.org for bidder in live), story.cast.org_of_kind("centre"), story.cast.org_of_kind("buyer")]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        said = {"v": "ack/1", "unit": story.unit(), "record_sha256": digest}
        list(pool.map(lambda org: story.says(org, said), signers))
    story.live.wait("opening.acknowledged", count=len(signers))
    return f"{len(signers)} 方签署开标记录"


def close_hall(story: Story) -> str:
    """The officer ends the opening."""
    story.client("officer").press(story.page("hall/"), "/hall/close")
    return "开标结束，记录 " + str(story.live.wait("opening.ended")["record_sha256"])[:16] + "…"


def _can_press(story: Story, word: str) -> bool:
    form = story.client("officer").page(story.page("hall/")).find(f"/hall/{word}")
    return form is not None and form.enabled


def _release(story: Story, bidder: Bidder) -> None:
    story.says(bidder.org, {"v": "present/1", "unit": story.unit()})
    told = story.live.wait("opening.hall-opened")
    bidders = story.stranger.json(f"/blobs/{told['bidders_sha256']}")
    row = next(each for each in bidders if each["org"] == bidder.org)
    for part in PARTS:
        sealed = bidder.sealed[part]
        expect(row["parts"][part]["env_sha256"] == sealed["env_sha256"], f"{bidder.person.name}: not my envelope")
        with open(sealed["path"], "rb") as source:
            header = envelope.read_header(source)
        half = story.keys.opened(bidder.org).half(unit=header.unit, cmh=header.cmh, slot=header.slot, eid=header.eid)
        said = {"v": "rel/1", "unit": story.unit(part), "eid": header.eid.hex(), "role": "b", "b": b64u(half)}
        story.says(bidder.org, {**said, "closing": story.closing})
