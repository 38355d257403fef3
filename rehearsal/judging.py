"""From the hall to the award: qualification, a panel by lot, blind sheets, the report, the winner, the contract."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

from rehearsal.cast import Person
from rehearsal.client import Page, Refusal
from rehearsal.offering import SIDE_BY_SIDE
from rehearsal.story import QUOTES, Story, Untrue, expect, tell, until

SPECIALTY = "A-it"
POINTS = {QUOTES[0]: "29.70", QUOTES[1]: "30.00", QUOTES[2]: "23.76"}
WINNER = QUOTES[1]
NOT_UP_TO_IT = ("requirements", "unresponsive")  # grounds on which an offer is invalid
INVITATION = re.compile(r'href="(/experts/invitations/[0-9a-f-]{36}/)"')


def review_qualification(story: Story) -> str:
    """The officer finds every bidder qualified."""
    officer = story.client("officer")
    form = officer.page(story.page("evaluation/")).form("/evaluation/qualify")
    officer.submit(form, **{name: "yes" for name in form.choices if name.startswith("passed:")})
    told = story.live.wait("evaluation.qualified")
    expect(all(row["passed"] for row in told["results"]), "somebody did not qualify")
    return f"{len(told['results'])} 家全部合格"


def draw_panel(story: Story) -> str:
    """The panel is drawn by three unattended contributors; a stranger draws it again."""
    officer = story.client("officer")
    officer.press(story.page("panel/"), "/panel/call", specialty=[SPECIALTY], seats=[str(story.kind.seats)])
    drawn = story.live.wait("draw.result", seconds=240)
    state = story.stranger.json(f"/api/draws/{drawn['id']}")
    again = story.keys.run("verify-draw", str(story.keys.scratch("draw.json", state)))
    expect(again["seed"] == drawn["seed"], "a stranger draws another seed")
    chosen = [cid for stratum in drawn["result"].values() for cid in stratum["chosen"]]
    expect(len(chosen) == story.kind.seats, f"{len(chosen)} drawn")
    return f"抽取 {drawn['id']}，种子 {drawn['seed'][:16]}…，外人重抽一致"


def seat_panel(story: Story) -> str:
    """The experts called answer; the first declines and the next in the drawn order is called."""
    experts = story.cast.of_role("expert")
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(story.cast.client, experts))
    seated: list[Person] = []
    declined: list[Person] = []

    def answer() -> bool:
        for expert in experts:
            if expert not in seated and expert not in declined and _answer(story, expert, accepts=bool(declined)):
                (seated if declined else declined).append(expert)
        return bool(story.live.all("evaluation.seated"))

    until(answer, "the panel is seated", seconds=240)
    story.panel = seated
    expect(len(seated) == story.kind.seats, f"{len(seated)} accepted")
    names = {person.name for person in [*seated, *declined]}
    shown = story.stranger.page(story.page("panel/")).html
    expect(not any(name in shown for name in names), "an expert's name is public")
    return f"{len(seated)} 人就座，{len(declined)} 人谢绝由候补递补，名单对外保密"


def review(story: Story) -> str:
    """Each member signs in, declares, elects, reviews; where prices come later, the fourth bidder is not up to it."""
    if story.kind.judged_before_price and len(live := story.in_hall) > len(QUOTES):
        live[len(QUOTES)].judged_out = True
    for act in (_sign_in, _declare, _elect, _review):
        _everybody(story, act)
    out = [story.cast.names[bidder.org] for bidder in story.bidders if bidder.judged_out]
    return f"{len(story.panel)} 名评委签到、声明、推选组长并审查" + (f"，{out[0]} 未通过" if out else "，全部通过")


def score(story: Story) -> str:
    """Each member scores blind; every sheet is locked."""
    first = story.cast.client(story.panel[0])
    until(lambda: first.page(story.page("evaluation/")).find("/evaluation/scores"), "the sheets are there to fill in")
    _everybody(story, _score)
    story.live.wait("evaluation.sheet-locked", count=len(story.panel), seconds=60)
    return f"{len(story.panel)} 份评分表独立填写并锁定"


def sign_report(story: Story) -> str:
    """Every member signs the report, of which the log has had the commitment."""
    told = story.live.wait("evaluation.reported", seconds=60)
    _everybody(story, lambda story, member: _press(story, member, "sign"))
    return f"评审报告承诺 {told['commitment'][:16]}…，{len(story.panel)} 名评委签署"


def award(story: Story) -> str:
    """The officer determines the first in rank; amount, names and the whole report become public."""
    officer = story.client("officer")
    until(lambda: officer.page(story.page("award/")).find("/award/determine"), "the report is at the award desk")
    winner = next(bidder for bidder in story.bidders if bidder.quote == WINNER)
    officer.press(story.page("award/"), "/award/determine", org=winner.org)
    told = story.live.wait("market.award-published")
    expect((told["org"], Decimal(told["amount"])) == (winner.org, Decimal(WINNER)), f"{told['name']} won")
    report = story.stranger.json(f"/blobs/{told['report_sha256']}")
    points = {bid["quote"]: bid["price_points"] for bid in report["bids"]}
    for quote, expected in POINTS.items():
        expect(Decimal(points[quote]) == Decimal(expected), f"price points of {quote}: {points[quote]}")
    notice = story.stranger.json(f"/blobs/{told['sha256']}")
    named = str(notice)
    expect(all(member.name in named for member in story.panel), "the award notice does not name the panel")
    return f"{told['name']} 中标 {told['amount']} 元；价格分 " + " / ".join(POINTS.values())


def contract(story: Story) -> str:
    """The officer puts the contract before the winner, who says yes: it is public then, for the winning quote alone."""
    officer, winner = story.client("officer"), next(each for each in story.bidders if each.quote == WINNER)
    form = officer.page(story.page("award/")).form("/award/contract")
    officer.upload(
        form, "file", "合同.pdf", b"%PDF-1.7\ncontract\n%%EOF\n", amount=WINNER, payment="验收合格后三十日内一次付清",
        delivery="合同签订后六十日内交付",
    )  # fmt: skip
    story.live.wait("market.contract-proposed")
    story.cast.client(winner.person).press(story.page("award/"), "/award/contract/confirm")
    told = story.live.wait("market.contract-recorded")
    expect(Decimal(told["amount"]) == Decimal(WINNER), "the contract is for another amount")
    return f"合同 {told['amount']} 元"


def _answer(story: Story, expert: Person, *, accepts: bool) -> bool:
    """Answer an invitation that waits. Returns whether there was one."""
    client = story.cast.client(expert)
    for path in INVITATION.findall(client.page("/experts/invitations/").html):
        waiting = client.page(path).find("/answer/")
        if waiting:
            client.submit(waiting, answer="accept" if accepts else "decline")
            return True
    return False


def _sign_in(story: Story, member: Person) -> None:
    story.cast.client(member).press(story.page("evaluation/"), "/evaluation/sign-in", promised="yes")


def _elect(story: Story, member: Person) -> None:
    """All for the first seat: a majority in the first round."""
    story.cast.client(member).press(story.page("evaluation/"), "/evaluation/leader", seat="1")


def _everybody(story: Story, act: Callable[[Story, Person], None]) -> None:
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(lambda member: act(story, member), story.panel))


def _press(story: Story, member: Person, word: str) -> None:
    try:
        story.cast.client(member).press(story.page("evaluation/"), f"/evaluation/{word}")
    except Refusal as refusal:
        if not (refusal.again and refusal.status == 409):
            raise  # else it was done at once, and only the answer was lost


def _declare(story: Story, member: Person) -> None:
    _press(story, member, "declare")


def _review(story: Story, member: Person) -> None:
    client = story.cast.client(member)
    form = client.page(story.page("evaluation/")).form("/evaluation/review")
    told = {name: "yes" for name in form.choices if name.startswith("compliant:")}
    for bidder in story.bidders:
        if bidder.judged_out:
            offered = form.choices[f"ground:{bidder.org}"]  # which there are, the procedure says
            ground = next((each for each in offered if each in NOT_UP_TO_IT), offered[-1])
            told |= {f"compliant:{bidder.org}": "no", f"ground:{bidder.org}": ground,
                     f"note:{bidder.org}": "两项关键技术参数不满足要求"}  # fmt: skip
    client.submit(form, **told)


def _score(story: Story, member: Person) -> None:
    """The first three alike, those after them a little lower; each member has his own opinion of plans."""
    client = story.cast.client(member)
    page = client.page(story.page("evaluation/"))
    form = page.form("/evaluation/scores")
    behind = {bidder.org for bidder in story.bidders[len(QUOTES) :]}
    opinion = 22 + story.panel.index(member)
    values = {}
    for name in sorted(form.names()):
        if name.startswith("points:"):
            _, org, key = name.split(":")
            objective = key == _first_factor(page)
            values[name] = str((40 if objective else opinion) - (5 if org in behind else 0))
    if not values:
        raise Untrue(f"{member.name} has no score sheet")
    client.submit(form, **values)
    tell(f"{member.name} 已存草稿，锁定")
    again = client.page(story.page("evaluation/")).form("/evaluation/scores")
    client.submit(replace(again, action=again.action.replace("/scores", "/lock")), **values, confirmed="yes")


def _first_factor(page: Page) -> str:
    """The key of the first row of the sheet: the objective factor."""
    found = re.search(r'name="points:[^:"]+:([^"]+)"', page.html)
    if found is None:
        raise Untrue("the score sheet has no cell")
    return found[1]
