"""Who may not be drawn for a panel, and how long its invitations wait; the rest is every draw's of a project."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.models import Organisation
from bidding.opening import queries as openings
from bidding.opening.ceremony import WINDOWS as WINDOWS
from bidding.opening.ceremony import contributors as contributors
from bidding.opening.consortia import members_of
from bidding.tender import queries as tenders
from experts.affiliates import queries as affiliates
from market.projects.models import Project
from rulebook.calendar import day_in_china

# How long invitations wait: for a purchase that is for real, and for one that is only played.
ANSWER_WITHIN: Mapping[bool, timedelta] = {True: timedelta(hours=2), False: timedelta(seconds=120)}


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
