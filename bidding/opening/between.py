"""What the hall shows of the talk between host and bidders, of identities, prices and what is left before the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from bidding.opening import queries, talk, talking
from bidding.opening.evidence import decisions
from bidding.opening.models import HallMessage, IdentityCheck, PriceCheck
from bidding.opening.queries import Standing
from bidding.opening.rules import PLAYED, Act
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason


@dataclass
class Check:
    """One line of the list before the end.  state: done, missing (the end waits or says why), open (it does not)."""

    label: str
    state: str


@dataclass
class Talk:
    """The messages one reader sees and what he may do.

    to: whom he may write to, code and name.  bidders: those the host may mute or check.
    """

    hosts: bool
    messages: list[dict[str, Any]]
    to: list[tuple[str, str]]
    against_say: Sequence[Reason]
    bidders: list[dict[str, Any]]
    checks_identity: bool
    price: str
    against_price: Sequence[Reason]
    priced: bool


def checklist(standing: Standing) -> list[Check]:
    """What is settled and what is not before the host ends the opening; the same for everybody."""
    facts, opening = standing.facts, standing.opening
    if opening is None or standing.act is not Act.RECORD:
        return []
    checked = identities(standing)
    confirmed = prices(standing)
    named, effective = facts.bidders, standing.effective
    priced = sum(one.agrees for org, one in confirmed.items() if org in effective)

    def line(label: str, done: bool, *, must: bool = True) -> Check:
        return Check(label, "done" if done else "missing" if must else "open")

    return [
        line(
            gettext("全部{terms.file}已有开启结论").format(terms=standing.project.terms),
            all(unit.verdict for unit in standing.units),
        ),
        line(
            gettext("未能开启的{terms.bid}已认定原因").format(terms=standing.project.terms),
            named - effective <= set(decisions(standing)),
        ),
        line(gettext("{terms.opening}异议已全部答复").format(terms=standing.project.terms), not facts.objections_open),
        *([line(gettext("价格分的参数已经抽出"), not facts.undrawn)] if queries.drawn_here(standing) else []),
        line(gettext("{terms.opening}未处于暂停状态").format(terms=standing.project.terms), not facts.paused),
        line(gettext("见证人已在{terms.opening}记录上签署").format(terms=standing.project.terms), facts.witnessed),
        line(
            gettext("身份查验 {n}/{all} 家").format(n=len(checked), all=len(named)), set(checked) >= named, must=False
        ),
        line(
            gettext("{terms.bidder}确认报价 {n}/{all} 家").format(
                terms=standing.project.terms, n=priced, all=len(effective)
            ),
            priced >= len(effective),
            must=False,
        ),
    ]


def identities(standing: Standing) -> dict[str, IdentityCheck]:
    """The newest identity check of every bidder, by code."""
    rows = IdentityCheck.objects.filter(opening=standing.opening).order_by("pk")
    return {one.bidder: one for one in standing.own(rows, "bidder")}


def prices(standing: Standing) -> dict[str, PriceCheck]:
    """What bidders said of what was read out for them, by code."""
    return {one.bidder: one for one in standing.own(PriceCheck.objects.filter(opening=standing.opening), "bidder")}


def between(standing: Standing, *, viewer: Actor) -> Talk | None:
    """The talk as this reader has it; None for whoever has no part in it."""
    facts = standing.facts
    side = talk.side_of(facts, viewer)
    if standing.opening is None or not (side or viewer.role is Role.SUPERVISOR):
        return None
    names = {unit.bid.organisation: unit.bid.name for unit in standing.units}
    called = names | {talk.HOST: gettext("主持人"), talk.ALL: gettext("全体")}
    hosts = side == talk.HOST
    muted = talking.muted(standing)
    to = [(talk.ALL, called[talk.ALL]), *names.items()] if hosts else [(talk.HOST, called[talk.HOST])]
    shown: list[HallMessage] = talking.messages(standing, viewer=viewer)
    if not shown and standing.act not in PLAYED:
        return None
    sheet = next((unit.sheet for unit in standing.units if unit.bid.organisation == side and unit.sheet), None)
    done = side in prices(standing)
    return Talk(
        hosts=hosts,
        messages=[
            {
                "from": called.get(one.sender, one.sender),
                "to": called.get(one.to, one.to),
                "text": one.text,
                "at": one.at,
            }
            for one in shown
        ],
        to=to if side and standing.act in PLAYED else [],
        against_say=talk.why_not_say(facts, by=viewer, to=to[0][0], sent=0, muted=side in muted) if side else (),
        bidders=[{"org": org, "name": name, "muted": org in muted} for org, name in names.items()] if hosts else [],
        checks_identity=hosts and standing.act in PLAYED and standing.act is not Act.RECORD,
        price=str(sheet.get("price", "")) if sheet and not hosts and not standing.tender.layout.rounds else "",
        against_price=talk.why_not_confirm_price(
            facts,
            by=viewer,
            read_out=sheet is not None and not standing.tender.layout.rounds,
            agrees=True,
            reason="",
            done=done,
        ),
        priced=done,
    )
