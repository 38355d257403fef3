"""What comes of so many who enrol, by how is chosen and by what became of some of them: one table.

A row: its cell, how, whose money, how many enrolled, what befell whom; then how many are ranked, or why it failed.
What is not here stands in test_lots, test_credit and tests/bidding/auction.
"""

import json

import pytest

from bidding.auction import tasks as auctions
from bidding.auction.models import Auction
from ledger.models import Entry
from market.awards.models import Proposal
from market.projects.models import Project
from market.selection import queries, services
from market.selection import tasks as choice
from proofs.selection import why_not_selection
from rulebook.actor import SYSTEM
from tests import cast
from tests.cells import cell
from tests.make import accounts, blacklist, choices
from tests.make.worlds import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LOTS, CREDIT, AUCTION = "zjcs-random", "zjcs-credit", "zjcs-auction"
FEW, THAT_DAY = "报名", "选取日符合条件的机构不足"
LATER = cast.RIVAL  # whom it befalls
TERMS = {"start": "3000.00", "step": "50.00", "minutes": 5, "window": 30, "most": 3}
TABLE = (
    (cell("lots", "0"), LOTS, "own", 0, "", FEW),
    (cell("lots", "3"), LOTS, "fiscal", 3, "", 3),
    (cell("lots", "2"), LOTS, "mixed", 2, "", FEW),
    (cell("lots", "withdrawn"), LOTS, "own", 3, "withdrawn", 2),
    (cell("lots", "withdrawn"), LOTS, "fiscal", 3, "withdrawn", FEW),
    (cell("credit", "0"), CREDIT, "own", 0, "", FEW),
    (cell("credit", "1"), CREDIT, "own", 1, "", FEW),
    (cell("credit", "2"), CREDIT, "own", 2, "", 2),
    (cell("credit", "3"), CREDIT, "fiscal", 3, "", 3),
    (cell("credit", "withdrawn"), CREDIT, "own", 3, "withdrawn", 2),
    (cell("credit", "banned"), CREDIT, "own", 3, "banned", 2),
    (cell("credit", "2", "banned"), CREDIT, "own", 2, "banned", THAT_DAY),
    (cell("auction", "2"), AUCTION, "own", 2, "", 2),
    (cell("auction", "withdrawn"), AUCTION, "own", 3, "withdrawn", 2),
    (cell("auction", "withdrawn"), AUCTION, "fiscal", 3, "withdrawn", FEW),
)  # fmt: skip
ROWS = [pytest.param(*row[1:], marks=row[0], id="-".join(filter(None, map(str, row[1:5])))) for row in TABLE]


@made_once
def enrolled(edition: str, fund: str, count: int) -> Project:
    project = choices.open_choice(
        edition=edition, fund=fund, firms=count, auction=TERMS if edition == AUCTION else None
    )
    choices.enrolled(project, *choices.FIRMS[:count])
    return project


@pytest.mark.parametrize(("edition", "fund", "count", "what", "ends"), ROWS)
def test_what_comes_of_so_many_who_enrol(edition, fund, count, what, ends):
    project = enrolled(edition, fund, count)
    if what == "withdrawn":
        services.withdraw(number=project.number, by=LATER, at=choices.CLOSES - cast.MINUTE)
    project = choices.closed(project)
    if what == "banned":
        accounts.world()
        blacklist.sanction(**choices.BAN, code=LATER.organisation, name=cast.NAMES[LATER.organisation])
    if project.stage == "open":
        gone_on(project, edition)
    project.refresh_from_db()

    told = "".join(Entry.objects.filter(log="public", stream=project.log).values_list("event", flat=True))
    if isinstance(ends, str):
        assert project.stage == "failed" and ends in project.end_reasons[0]["text"] and not Proposal.objects.exists()
        return
    if edition == AUCTION:
        aliased = set(Auction.objects.get().bidders.values_list("organisation", flat=True))
        assert aliased == {firm.organisation for firm in choices.FIRMS[:count] if firm != LATER or not what}
        return
    report = Proposal.objects.get().content
    ranked = [bid["org"] for bid in sorted(report["bids"], key=lambda bid: bid["rank"] or 99) if bid["rank"]]
    assert why_not_selection(report) == () and len(ranked) == ends
    assert (LATER.organisation in ranked) is not bool(what)
    if what == "withdrawn":
        assert LATER.organisation not in told + json.dumps(report)  # who has gone is nobody's to know


def gone_on(project: Project, edition: str) -> None:
    """The auction is called, or lots are drawn; where the buyer picks, he picks the last on the short list."""
    if edition == AUCTION:
        auctions.call_auctions(by=SYSTEM, at=choices.CLOSES + cast.MINUTE)
        return
    row = choices.chosen(project)
    if row is None:
        return
    choices.lots.decided(row, at=choices.SELECTS)
    choice.choose(by=SYSTEM, at=choices.SELECTS + cast.MINUTE)
    if listed := queries.short_list(project):
        last = listed.listed[-1]["org"]
        services.pick(
            number=project.number, org=last, reason="有同类业绩", by=cast.OFFICER, at=choices.SELECTS + cast.HOUR
        )
        assert choices.ranked(project)[0] == last
