"""The hall: names, releases, verdicts, the record and its signatures; session after session."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from proofs import envelope
from proofs.canonical import b64u
from rehearsal.offering import SIDE_BY_SIDE
from rehearsal.story import Bidder, Story, expect, until


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


def open_next_session(story: Story) -> str:
    """The officer opens what was sealed for the next session, of those who passed and of nobody else."""
    officer = story.client("officer")
    passed = {bidder.org for bidder in story.going_on}
    until(lambda: _can_press(story, "next-session"), "the next session can be opened", seconds=60)
    expect(not any(t["part"] == story.kind.price for t in story.live.all("opening.verdict")), "a price was opened")
    officer.press(story.page("hall/"), "/hall/next-session")
    story.session += 1
    told = story.live.wait("opening.session-opened", count=story.session - 1)
    expect(set(told["bidders"]) == passed, "the session is not for those who passed")
    expect(set(story.live.wait("tech.passed")["passed"]) == passed, "others are on record as having passed")
    out = [story.cast.names[bidder.org] for bidder in story.bidders if bidder.judged_out]
    return f"第 {story.session} 场：{len(passed)} 家" + (f"，{out[0]} 不在其中" if out else "")


def release_halves(story: Story) -> str:
    """Every bidder is present, checks his own bid in the list and releases his half of each part now opened."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(lambda bidder: _release(story, bidder), story.in_hall))
    done = story.live.wait("opening.bidders-done", seconds=180, count=story.session)
    expect(not any(done["absent"].values()), "a bidder counted as absent")
    return f"{sum(map(len, done['released'].values()))} 份信封的投标人凭据已释放"


def holders_open(story: Story) -> str:
    """The holders' services see it in the witnessed log and release; every envelope gets its verdict."""
    before = [told for told in story.live.all("opening.verdict") if told["part"] not in story.opened_now]
    expected = len(before) + len(story.in_hall) * len(story.opened_now)
    story.live.wait("opening.verdict", count=expected, seconds=180)
    verdicts = story.live.all("opening.verdict")
    expect(all(told["verdict"] == "OK" for told in verdicts), f"verdicts {[told['verdict'] for told in verdicts]}")
    expect(all(not told["sheet"] for told in verdicts if told["part"] != story.kind.price), "documents were read out")
    if story.kind.price not in story.opened_now:
        return f"{len(story.in_hall)} 家的技术文件开启，价格仍然封存"
    if story.kind.rounds:
        expect(all(not told["sheet"] for told in verdicts), "a quote was read out before the result")
        return f"{len(story.in_hall)} 家的报价开启，只给评审小组"
    for bidder in story.in_hall:
        sheet = next(t["sheet"] for t in verdicts if t["org"] == bidder.org and t["part"] == story.kind.price)
        expect(Decimal(sheet["price"]) == Decimal(bidder.quote), f"{bidder.person.name}: another price was read out")
    return "唱标：" + "、".join(f"{b.person.name} {b.quote}" for b in story.in_hall)


def reopen_alone(story: Story) -> str:
    """A stranger opens a read-out envelope again from public bytes alone."""
    bidder, price = story.in_hall[0], story.kind.price
    eid = bidder.sealed[price]["eid"]
    told = next(t for t in story.live.all("opening.verdict") if t["eid"] == eid)
    released = [
        said
        for event in [*story.live.all("opening.bidders-done"), *story.live.all("opening.holder-released")]
        if event.get("part", price) == price
        for said in story.stranger.json(f"/blobs/{event['releases_sha256']}")
        if said["eid"] == eid
    ]
    given = {"b": next(s["b"] for s in released if s["role"] == "b"), "r": {}, "rescue": None}
    given["c"] = {str(said["i"]): said["sk"] for said in released if said["role"] == "c"}
    path = story.folder / "public.sbe"
    path.write_bytes(story.stranger.get(f"/blobs/{told['env_sha256']}"))
    registered = {s["gen"]: s["key"] for s in story.stranger.json(f"/api/keys/{bidder.org}")["keys"]}
    trusted = story.keys.scratch("identities.json", {bidder.org: registered})
    words = ["open", str(path), "--manifest", str(story.folder / f"kcm-{price}.json"), "--log", story.base]
    words += ["--releases", str(story.keys.scratch("releases.json", given)), "--identities", str(trusted)]
    answer = story.keys.run(*words, "--env-sha256", told["env_sha256"])
    expect(answer["verdict"] == "OK" and answer["authenticated"], f"a stranger got {answer['verdict']}")
    expect(answer["sheet"] == told["sheet"], "a stranger read another sheet")
    return f"外人用公开数据重开 {bidder.person.name} 的开标一览表：一致"


def sign_the_record(story: Story) -> str:
    """Bidders and the centre's witness sign the opening record; one bidder asks, the host answers."""
    digest = story.live.wait("opening.record", seconds=60, count=story.session)["sha256"]
    live = story.in_hall
    if story.session == 1:
        _object_and_answer(story, live[0])
    signers = [*(bidder.org for bidder in live), story.cast.org_of_kind("centre"), story.cast.org_of_kind("buyer")]
    before = len(story.live.all("opening.acknowledged"))
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        said = {"v": "ack/1", "unit": story.unit(), "record_sha256": digest}
        list(pool.map(lambda org: story.says(org, said), signers))
    story.live.wait("opening.acknowledged", count=before + len(signers))
    return f"{len(signers)} 方签署开标记录"


def _object_and_answer(story: Story, bidder: Bidder) -> None:
    story.says(bidder.org, {"v": "obj/1", "unit": story.unit(), "text": "请说明交货期是否一并唱标"})
    story.live.wait("opening.objected")
    hall = story.client("officer").page(story.page("hall/"))
    story.client("officer").submit(hall.form("/answer"), text="交货期已在开标一览表中一并公布。")
    story.live.wait("opening.answered")


def close_hall(story: Story) -> str:
    """The officer ends the opening, or this session of it."""
    story.client("officer").press(story.page("hall/"), "/hall/close")
    told = story.live.wait("opening.ended", count=story.session)
    return "开标结束，记录 " + str(told["record_sha256"])[:16] + "…"


def _can_press(story: Story, word: str) -> bool:
    form = story.client("officer").page(story.page("hall/")).find(f"/hall/{word}")
    return form is not None and form.enabled


def _release(story: Story, bidder: Bidder) -> None:
    story.says(bidder.org, {"v": "present/1", "unit": story.unit()})
    listed = _listed(story, bidder)
    for part in story.opened_now:
        sealed = bidder.sealed[part]
        expect(listed[part] == sealed["env_sha256"], f"{bidder.person.name}: not my envelope")
        with open(sealed["path"], "rb") as source:
            header = envelope.read_header(source)
        half = story.keys.opened(bidder.org).half(unit=header.unit, cmh=header.cmh, slot=header.slot, eid=header.eid)
        said = {"v": "rel/1", "unit": story.unit(part), "eid": header.eid.hex(), "role": "b", "b": b64u(half)}
        story.says(bidder.org, {**said, "closing": story.closing})


def _listed(story: Story, bidder: Bidder) -> dict[str, str]:
    """part ↦ hash of the bidder's own envelopes, by the list of the hall, or of the round whose quotes are opened."""
    if story.session > 1 and story.kind.rounds:
        told = story.live.wait("opening.session-opened", count=story.session - 1)
        closed = story.stranger.json(f"/blobs/{told['live_sha256']}")
        own = {sealed["eid"] for sealed in bidder.sealed.values()}
        return {row["part"]: row["env_sha256"] for row in closed["live"] if row["eid"] in own}
    told = story.live.wait("opening.hall-opened")
    bidders = story.stranger.json(f"/blobs/{told['bidders_sha256']}")
    row = next(each for each in bidders if each["org"] == bidder.org)
    return {part: kept["env_sha256"] for part, kept in row["parts"].items()}
