"""An auction rests with its purchase: it stops for everybody, and goes on where it was once they were called back."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts import inbox
from bidding.auction import queries, rules, services
from bidding.auction.models import Auction
from market.projects import queries as projects
from market.projects.models import Suspension
from rulebook.actor import Actor, Role
from rulebook.calendar import limit_words


@transaction.atomic
def rest(*, project_number: str, by: Actor, at: datetime) -> Auction:
    """Let the auction know of every rest of its purchase: its clock stands from the instant each began.

    The clock's own act. One that was paused before stays so, in whose name it was. Nothing happens twice.
    """
    projects.hold(project_number)
    auction = queries.auction(project_number)
    for row in queries.new_rests(auction, at=at):
        if auction.ended_at is None and auction.paused_at is None and row.started_at < auction.ends_at:
            reason = f"项目暂停（{row.row.words}，{row.row.law}）"
            services.stop_clock(auction=auction, side=rules.REST, reason=reason, by=by, at=row.started_at)
            _tell(auction, f"竞价已随项目暂停：{auction.project.title}", "剩余时间保留，恢复前另行通知。", at=at)
        auction.rested_at = row.started_at
        auction.save(update_fields=["rested_at"])
        if auction.paused_by == rules.REST:
            break  # it goes on before it rests again
    return auction


@transaction.atomic
def go_on(*, project_number: str, by: Actor, at: datetime) -> Auction:
    """Let an auction that stopped with its purchase go on with it, everybody called back in time.

    Refused while the purchase rests, and where the clock was stopped by hand.
    """
    projects.hold(project_number)
    auction = queries.auction(project_number)
    row = Suspension.objects.get(project=auction.project, started_at=auction.rested_at)
    ahead = rules.come_back((row.stop.over_at(at) or at) - row.started_at)
    auction = services.resume(project_number=project_number, ahead=ahead, by=by, at=at)
    told = f"{limit_words(auction.opens_at)} 起重新接受报价，剩余时间不变。"
    _tell(auction, f"竞价将恢复：{auction.project.title}", told, at=at)
    return auction


def _tell(auction: Auction, subject: str, body: str, *, at: datetime) -> None:
    for org in auction.bidders.order_by("pk").values_list("organisation", flat=True):
        link = reverse("bidding:auction", args=[auction.project.number])
        inbox.post(to_organisation=org, to_role=Role.PROVIDER, subject=subject, body=body, link=link, at=at)
