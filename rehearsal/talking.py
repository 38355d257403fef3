"""A negotiation: the panel talks with each supplier alone, changes what is wanted, calls for sealed last quotes."""

from decimal import Decimal

from rehearsal.offering import bid, manifests_of, side_by_side
from rehearsal.story import Story, expect

CHANGE = "服务响应时间由 24 小时改为 12 小时"


def talk(story: Story) -> str:
    """A member writes down a talk with every supplier; one change is confirmed and told to all alike."""
    member = story.cast.client(story.panel[0])
    for bidder in story.going_on:
        member.press(story.page("evaluation/"), "/talks/note", org=bidder.org, text="就服务响应时间和人员进行了磋商")
    member.press(story.page("evaluation/"), "/talks/change", text=CHANGE)
    officer = story.client("officer")
    waiting = next(form for form in officer.page(story.page("evaluation/")).forms if "/talks/change/" in form.action)
    officer.submit(waiting)
    for bidder in story.going_on:
        own = story.cast.client(bidder.person).page(story.page("talks/")).html
        expect(CHANGE in own, f"{bidder.person.name} was not told of the change")
        others = [story.cast.names[other.org] for other in story.bidders if other is not bidder]
        expect(not any(name in own for name in others), f"{bidder.person.name} reads of another supplier")
    expect(CHANGE not in str(story.live.entries), "the change is public")
    return f"与 {len(story.going_on)} 家逐家磋商，一项变动同时通知"


def quote(story: Story) -> str:
    """The leader calls for the last quotes; every supplier seals his, and the list is fixed when the time is over."""
    members = [story.cast.client(person) for person in story.panel]
    leader = next(one for one in members if "评审组长</span>" in one.page(story.page("evaluation/")).html)
    leader.press(story.page("evaluation/"), "/talks/round", last="yes")
    story.live.wait("bidding.round-called")
    manifests = manifests_of(story)
    side_by_side(story.going_on, lambda bidder: bid(story, bidder, manifests, (story.kind.price,), seq=1))
    closed = story.live.wait("bidding.round-closed", seconds=180)
    story.closing = closed["closing"]
    return f"{len(story.going_on)} 家密封最后报价，封存清单承诺 {story.closing[:16]}…"


def disclosed(story: Story) -> str:
    """With the result, and not before, everybody reads what was quoted."""
    told = story.live.wait("opening.quotes-disclosed", seconds=60)
    quotes = {row["eid"]: row["sheet"] for row in story.stranger.json(f"/blobs/{told['sha256']}")}
    for bidder in story.in_hall:
        price = quotes[bidder.sealed[story.kind.price]["eid"]]["price"]
        expect(Decimal(price) == Decimal(bidder.quote), f"{bidder.person.name}: another quote was disclosed")
    return f"{len(quotes)} 家最后报价随结果公开"
