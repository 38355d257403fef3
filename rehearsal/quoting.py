"""A citizen's purchase with sealed quotes: three screens, and from there on nobody clicks."""

from decimal import Decimal

from rehearsal.client import Refusal
from rehearsal.story import Bidder, Story, expect, until
from rehearsal.watch import Watch

BUYER = "13904700001"
FIRMS = (("hetao", "2600.00"), ("yinshan", "2500.00"), ("kelulun", "2700.00"))
NEED = {"demand": "牧家乐停车场施工期水土保持监测，一个施工季，出监测报告。"}
WHERE = {
    "region": "新巴尔虎右旗克尔伦苏木", "days": "60", "price_cap": "3000.00", "method": "sealed_price",
    "rehearse": "on",
}  # fmt: skip


def buy(story: Story) -> str:
    """What, where and for how much, check and publish; the holders' keys are made and tried without her."""
    citizen = story.client(BUYER)
    told = citizen.press("/purchases/new/", "/purchases/new/", item="NM-SB-002")
    story.number = told.url.split("/purchases/")[1].split("/")[0]
    own = f"/purchases/{story.number}/edit/"
    citizen.submit(citizen.page(f"{own}need/").form("/need/"), **NEED)
    citizen.submit(citizen.page(f"{own}where/").form("/where/"), **WHERE)
    citizen.press(f"{own}preview/", "/submit")
    until(lambda: _is_public(story), "the notice is public", seconds=300, every=2)
    story.hall = Watch(story.base, f"project/{story.number}")
    terms = story.live.wait("tender.terms")
    expect(terms["pol"] == "C" and set(terms["units"]) == {"sheet"}, "other terms than those of a sealed quote")
    people = story.cast.people
    story.bidders = [
        Bidder(people[name], quote, people[name].org in story.cast.small, story.folder / "bids" / people[name].org)
        for name, quote in FIRMS
    ]
    return f"{story.number}，{terms['k']}/{terms['n']} 家无人值守的保管单位，截止 {terms['deadline'][11:19]}Z"


def chosen(story: Story) -> str:
    """The holders' services open what was sealed, and the lowest is chosen; nobody was asked for anything."""
    fixed = story.live.wait("sealed.quotes-fixed", seconds=900)
    quotes = {row["org"]: Decimal(row["quote"]) for row in fixed["rows"] if not row["reasons"]}
    expect(quotes == {bidder.org: Decimal(bidder.quote) for bidder in story.bidders}, f"other quotes: {quotes}")
    page = f"/projects/{story.number}/award/"
    lowest = min(story.bidders, key=lambda bidder: Decimal(bidder.quote))
    until(lambda: story.cast.names[lowest.org] in _read(story, page), "the lowest is proposed", seconds=120)
    return f"{len(quotes)} 份报价自动开启，最低的 {lowest.quote} 元中选"


def _is_public(story: Story) -> bool:
    return bool(_read(story, f"/purchases/{story.number}/"))


def _read(story: Story, path: str) -> str:
    """A page as a stranger sees it; empty before there is one."""
    try:
        return story.stranger.page(path).html
    except Refusal as hidden:
        if hidden.status != 404:
            raise
        return ""
