"""The lines of a desk about live auctions, for who quotes in them and for who buys."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bidding.auction import queries
from bidding.auction.models import Auction, PriceExplanation
from bidding.auction.rules import LOW, TIME
from portal.desk.duties import Duty
from rulebook.actor import Actor, Role


def duties(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Auctions that run or wait, and low prices that are to be explained or judged."""
    for each in queries.running(viewer):
        yield _room(each, viewer, at=at)
    for asked in queries.open_explanations(viewer):
        yield from _low(asked, viewer)


def _room(auction: Auction, viewer: Actor, *, at: datetime) -> Duty:
    here, title = reverse("bidding:auction", args=[auction.project.number]), auction.project.title
    begins = at < auction.opens_at
    until = auction.opens_at if begins else auction.ends_at
    if viewer.role is Role.PROVIDER:
        why = _("到点开始，以代号当众报价") if begins else _("竞价正在进行，结束前可以随时降价")
        return Duty(_("参加竞价"), title, why, here, _("进入竞价大厅"), until, TIME)
    why = _("竞价按公布的时间自行开始和结束")
    return Duty(_("等待竞价结束"), title, why, here, _("旁观竞价"), until, TIME, waits=True)


def _low(asked: PriceExplanation, viewer: Actor) -> Iterator[Duty]:
    project = asked.auction.project
    here, said = reverse("bidding:auction", args=[project.number]), asked.said_at is not None
    if viewer.role is Role.PROVIDER and not said:
        why = _("最终报价明显偏低，逾期未说明的不能中选")
        yield Duty(_("说明报价"), project.title, why, here, _("去说明"), asked.due_at, LOW)
    if viewer.role is Role.OFFICER and said:
        why = _("偏低的报价已作出说明，采纳或者不采纳都要写明理由")
        yield Duty(_("认定报价说明"), project.title, why, here, _("去认定"), law=LOW)
