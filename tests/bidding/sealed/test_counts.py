"""What comes of sealed offers, by how they are chosen among and by what became of some of them: one table.

A row: its cell, then who is ranked, best first (equals together), or why it fails.  What is not here stands in
test_opening and test_merit.
"""

import json

import pytest

from accounts.models import User
from bidding.sealed import judging, queries
from draws.models import Draw
from market.awards.models import Proposal
from market.projects.models import Project
from proofs.selection import why_not_selection
from rulebook.actor import Actor, Role
from tests import cast
from tests.cells import cell
from tests.make import accounts, bidding_offers, blacklist, purchases
from tests.make import draws as ceremony
from tests.make import sealed as make
from tests.make.purchases import FIRM

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
A, B, C, D, E = ORGS = cast.HETAO, cast.YINSHAN, cast.WULIANG, cast.LANGSHAN, cast.COLLEGE
FIFTH = Actor("00000000-0000-4000-8000-000000000081", Role.PROVIDER, E, "沈投标")
PRICES = ("2600.00", "2500.00", "2700.00", "2800.00", "2650.00")
EQUAL = ("2600.00", "2500.00", "2500.00")
FACTORS = [{"key": "f1", "name": "技术路线", "max": "60", "standard": "路线清楚、可行"}]
LOWEST, REFERENCE, MERIT = {"formula": "lowest"}, {"formula": "reference"}, {"edition": "rehearsal-merit"}
FEW = "按时有效报价的中介服务机构不足 2 家"
TABLE = (
    # cell, how, prices, what befell whom, ranked or why it failed, drawn by lot
    (cell("lowest", "2"), LOWEST, PRICES[:2], "", [[B], [A]], []),
    (cell("reference", "0"), REFERENCE, (), "", "不足 1 家", []),
    (cell("reference", "1"), REFERENCE, PRICES[:1], "", [[A]], ["coefficient"]),
    (cell("reference", "2", "withdrawn"), REFERENCE, PRICES[:3], "withdrawn", [[A], [C]], ["coefficient"]),
    (cell("reference", "many"), REFERENCE, PRICES, "", [[A], [E], [C]], ["coefficient"]),
    (cell("reference", "3", "tied"), REFERENCE, EQUAL, "", [[B, C], [A]], ["coefficient", "tie"]),
    (cell("reference", "banned"), REFERENCE, PRICES[:3], "banned", [[A], [C]], ["coefficient"]),
    (cell("merit", "0"), MERIT, (), "", FEW, []),
    (cell("merit", "1"), MERIT, PRICES[:1], "", FEW, []),
    (cell("merit", "withdrawn"), MERIT, PRICES[:2], "withdrawn", FEW, []),
    (cell("merit", "2"), MERIT, PRICES[:2], "", [[B], [A]], []),
    (cell("merit", "tied"), MERIT, EQUAL, "", [[B, C], [A]], ["tie"]),
    (cell("merit", "many", "banned"), MERIT, PRICES, "banned", [[A], [E], [C], [D]], []),
)  # fmt: skip


def offered(prices, how):
    tender = make.offered(prices, **({"factors": FACTORS} if how is MERIT else {}), **how)
    if len(prices) == len(ORGS):
        accounts.key(E)
        purchases.able(FIFTH, serial=5, at=cast.NOON - 20 * cast.DAY)
        bidding_offers.sealed_bid(tender, FIFTH, price=prices[-1], at=make.APPROVED + cast.MINUTE)
    return tender


def judged(tender):
    """Three of the owner's people find everybody equally good: the price decides."""
    panel = [purchases.enterprise()]
    panel += [Actor(f"00000000-0000-4000-8000-00000000009{n}", Role.OFFICER, FIRM, f"评审{n}") for n in (1, 2)]
    said = {"project_number": make.NUMBER, "at": make.OPENS}
    for who in panel:
        facts = {"username": who.person[-2:], "name": who.name, "role": who.role, "organisation_id": FIRM}
        User.objects.get_or_create(public_id=who.person, defaults=facts)
        judging.name_judge(person=who.person, by=panel[0], **said)
        judging.declare(recused=False, reason="", by=who, **said)
    for who in panel:
        for org in queries.to_assess(queries.fixed(tender)):
            judging.assess(org=org, scores={"f1": "50"}, reason="路线清楚，人员配备与项目相称。", by=who, **said)


def befalls(what, tender):
    """After the quotes are handed in: the second takes its back; or it is banned once it is too late to."""
    if what == "withdrawn":
        bidding_offers.withdrawn(tender, cast.RIVAL, at=make.APPROVED + 2 * cast.MINUTE)
    make.opened(tender)
    if what == "banned":
        blacklist.sanction(code=B, name=cast.NAMES[B], basis="apl-9")


def named(row):
    _cell, how, prices, what, *_ = row
    return "-".join(filter(None, (next(iter(how.values())), str(len(prices)), what, "tied" * (prices == EQUAL))))


ROWS = [pytest.param(*row[1:], marks=row[0], id=named(row)) for row in TABLE]


@pytest.mark.parametrize(("how", "prices", "what", "ends", "lots"), ROWS)
def test_what_comes_of_so_many_offers(monkeypatch, how, prices, what, ends, lots):
    tender = offered(prices, how)
    befalls(what, tender)
    make.released(monkeypatch, times=2)
    if how is MERIT and queries.fixed(tender):
        judged(tender)
        make.ticked(at=make.OPENS, times=1)
    for _ in lots:
        for draw in Draw.objects.exclude(phase="settled"):
            ceremony.decided(draw, at=make.OPENS)
        make.ticked(at=make.OPENS, times=1)
    project = Project.objects.get()
    assert [draw.purpose for draw in Draw.objects.order_by("pk")] == lots
    if isinstance(ends, str):
        assert project.stage == "failed" and ends in project.end_reasons[0]["text"] and not Proposal.objects.exists()
        return
    told = json.loads(Proposal.objects.get().report)
    assert project.stage == "proposed" and why_not_selection(told) == ()
    ranked = sorted((bid["rank"], bid["org"]) for bid in told["bids"] if bid["rank"])
    assert [rank for rank, _ in ranked] == list(range(1, len(ranked) + 1))
    for group in ends:
        assert {org for _, org in ranked[: len(group)]} == set(group)
        ranked = ranked[len(group) :]
    assert not ranked
