"""From the notice to the deadline: take the documents, seal, submit, replace, withdraw."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from proofs.commands.inputs import present
from rehearsal.client import Refusal
from rehearsal.story import Bidder, Story, Untrue, expect, until

SIDE_BY_SIDE = 3


def take_documents(story: Story) -> str:
    """Every bidder takes the documents and keeps the receipt; the public sees nothing of it."""
    before = len(story.live.entries)
    for bidder in story.bidders:
        taken = story.cast.client(bidder.person).post(story.door("take"), {})
        expect("taking/v1" in json.dumps(taken) or "receipt" in taken, "no receipt for the documents")
    expect(len(story.live.entries) == before, "taking documents left a public trace")
    return f"{len(story.bidders)} 家获取招标文件，公开日志无痕"


def seal_and_submit(story: Story) -> str:
    """Every bidder seals what is due at the deadline on his own machine and hands it in."""
    manifests = manifests_of(story)
    side_by_side(story.bidders, lambda bidder: bid(story, bidder, manifests, story.kind.at_deadline, seq=1))
    return f"{len(story.bidders)} 家封标并递交，回执 {sum(len(b.receipts) for b in story.bidders)} 份"


def replace_and_withdraw(story: Story) -> str:
    """The fourth bidder replaces his bid, the fifth takes his back."""
    told = []
    if len(story.bidders) >= 4:
        bid(story, story.bidders[3], manifests_of(story), story.kind.at_deadline, seq=2)
        told.append(f"{story.bidders[3].person.name} 替换")
    if len(story.bidders) >= 5:
        _withdraw(story, story.bidders[4])
        told.append(f"{story.bidders[4].person.name} 撤回")
    return "、".join(told) or "无"


def secrecy_until_the_deadline(story: Story) -> str:
    """Before the opening nobody sees how many bid, or who."""
    seen = story.stranger.page(story.page()).html + story.stranger.page(story.page("hall/")).html
    seen += json.dumps(story.live.entries, ensure_ascii=False)
    for bidder in story.bidders:
        expect(story.cast.names[bidder.org] not in seen and bidder.org not in seen, "a bidder's name is public")
    terms = story.live.wait("tender.terms")
    left = (datetime.fromisoformat(terms["deadline"]) - present()).total_seconds()
    until(lambda: present() >= datetime.fromisoformat(terms["deadline"]), "deadline", seconds=left + 5)
    return "截止前公众看不到投标人名称和数量"


def too_late(story: Story) -> str:
    """After the deadline a new version is refused; a retransmission still gets its old receipts."""
    bidder = story.bidders[0]
    client, parts = story.cast.client(bidder.person), story.kind.at_deadline
    again = client.post(story.door("bids"), {"subs": [bidder.sealed[part]["sub"] for part in parts]})
    notes = {receipt["part"]: receipt["note"] for receipt in again["receipts"]}
    expect(all(notes[part] == bidder.receipts[part]["note"] for part in parts), "a retransmission got other receipts")
    late = []
    for part in parts:
        sub = {
            key: value for key, value in bidder.sealed[part]["sub"].items() if key not in ("org", "gen", "ts", "sig")
        }
        changed = {**sub, "seq": sub["seq"] + 1, "replaces": sub["env_sha256"]}
        late.append(story.keys.sign(bidder.org, changed))
    try:
        client.post(story.door("bids"), {"subs": late})
    except Refusal as refused:
        expect(refused.status == 409, f"a late bid was answered with {refused.status}")
        return "重发得到原回执，截止后的新版本被拒绝"
    raise Untrue("a late bid was taken")


def closed(story: Story) -> str:
    """The list is fixed, committed to and witnessed."""
    told = story.live.wait("tender.closed", seconds=120)
    story.closing = told["closing"]
    return f"封存清单承诺 {story.closing[:16]}…，封存日志 {told['sealed']['size']} 条"


def side_by_side(bidders: list[Bidder], act: Callable[[Bidder], Any]) -> list[Any]:
    """The same act by several bidders, a few at a time."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(act, bidders))


def manifests_of(story: Story) -> dict[str, tuple[str, str]]:
    """part ↦ (file, cmh), fetched by the hash the terms pin."""
    found = {}
    for part, cmh in story.live.wait("tender.terms")["units"].items():
        path = story.folder / f"kcm-{part}.json"
        path.write_bytes(story.stranger.get(f"/blobs/{cmh}"))
        found[part] = (str(path), cmh)
    return found


def bid(story: Story, bidder: Bidder, manifests: dict[str, tuple[str, str]], parts: Sequence[str], *, seq: int) -> None:
    """A bidder gets slots, seals these parts of his bid, hands them in and keeps the receipts."""
    client, policy = story.cast.client(bidder.person), story.live.wait("tender.terms")["pol"]
    bidder.slots = client.post(story.door("slots"), {})
    bidder.folder.mkdir(parents=True, exist_ok=True)
    body = bidder.folder / "技术和商务文件.pdf"
    body.write_bytes(b"%PDF-1.7\n" + bidder.org.encode() * (story.size // len(bidder.org)))
    subs = []
    for part in parts:
        kcm, cmh = manifests[part]
        out = bidder.folder / f"{part}-{seq}.sbe"
        sheet = {"price": bidder.quote, "note": ""}
        if policy == "A":  # a quote that opens by itself is a price and no more
            sheet |= {"delivery": "45 日", "small": bidder.small}
        index = story.keys.scratch("index.json", {"sheet": sheet if part == story.kind.price else {}})
        words = ["seal", "--manifest", kcm, "--cmh", cmh, "--slot", str(bidder.slots[part]), "--policy", policy]
        words += ["--index", str(index), *([] if part == story.kind.price else [str(body)]), "--out", str(out)]
        words += ["--keyfile", str(story.keys.path(bidder.org)), "--seq", str(seq)]
        if part in bidder.sealed:
            words += ["--replaces", bidder.sealed[part]["env_sha256"]]
        sealed = story.keys.run(*words)
        sealed["path"] = str(out)
        with out.open("rb") as source:
            stored = client.put(story.door(f"envelopes/{part}"), source, sealed["size"])
        expect(stored["sha256"] == sealed["env_sha256"], "the site stored other bytes")
        bidder.sealed[part] = sealed
        subs.append(sealed["sub"])
    answer = client.post(story.door("bids"), {"subs": subs})
    bidder.receipts |= {receipt["part"]: receipt for receipt in answer["receipts"]}
    for part in parts:
        note = bidder.receipts[part]["note"]
        expect(bidder.sealed[part]["env_sha256"] in note, "the receipt names another envelope")


def _withdraw(story: Story, bidder: Bidder) -> None:
    wds = []
    for part in story.kind.at_deadline:
        path = bidder.sealed[part]["path"]
        wds.append(story.keys.run("withdraw", path, "--keyfile", str(story.keys.path(bidder.org)), "--seq", "2"))
    answer = story.cast.client(bidder.person).post(story.door("withdrawals"), {"wds": wds})
    expect(len(answer["receipts"]) == len(wds), "no receipt for the withdrawal")
    bidder.live = False
