"""Who takes part in an evaluation's draws, who may not be drawn, and how long they and the invitations wait."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.models import Organisation
from accounts.queries import pinned_keys
from bidding.opening import queries as openings
from bidding.opening.consortia import members_of
from bidding.tender import queries as tenders
from draws.rules import Windows
from experts.affiliates import queries as affiliates
from market.projects.models import Project
from rulebook.calendar import day_in_china

# How long a draw and its invitations wait: for a purchase that is for real, and for one that is only played.
WINDOWS: Mapping[bool, Windows] = {
    True: Windows(),
    False: Windows(keys=60, commits=20, deals=20, complaints=2, reveals=20, recovery=30),
}
ANSWER_WITHIN: Mapping[bool, timedelta] = {True: timedelta(hours=2), False: timedelta(seconds=120)}


def contributors(project: Project) -> list[str]:
    """Who gives the randomness: the buyer, the trading centre, the platform; each with a registered key if it has one.

    Of several of a kind, the first by code.
    """
    found = [project.buyer_id]
    for kind in (Organisation.Kind.CENTRE, Organisation.Kind.PLATFORM):
        codes = list(Organisation.objects.filter(kind=kind).order_by("code").values_list("code", flat=True))
        found += ([code for code in codes if pinned_keys(code)] or codes)[:1]
    return found


def employers_to_avoid(project: Project, *, at: datetime) -> dict[str, str]:
    """Whose people may not judge: supervision bodies, agents, bidders, the buyer, each with its exclusion code; and
    those bound to one of the latter three, now or within three years.

    Law: 政府采购法实施条例 第9条; 87号令 第47条.
    """
    avoid = dict.fromkeys(
        Organisation.objects.filter(kind=Organisation.Kind.REGULATOR).values_list("code", flat=True),
        "employer-supervises",
    )
    avoid |= dict.fromkeys(
        Organisation.objects.filter(kind=Organisation.Kind.AGENT).values_list("code", flat=True), "employer-of-agent"
    )
    bidders = openings.opened_bids(tenders.tender(project.number))
    members = [org for bid in bidders for org in members_of(bid.consortium)]
    avoid |= dict.fromkeys([*members, *(bid.org for bid in bidders)], "employer-of-bidder")
    avoid |= {project.buyer_id: "employer-of-buyer"}
    return affiliates.with_affiliates(avoid, on=day_in_china(at))
