"""Every gate through the service behind it: each scope, each state, firms and the people they stand with; one world."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from bidding.auction.tasks import end_auctions
from bidding.evaluation import services as evaluation
from bidding.opening import queries as openings
from bidding.opening.barred import told
from bidding.submission import queries as submissions
from bidding.submission import services as submission
from market.awards import services as awards
from market.awards.models import Award
from market.notices import suspending
from market.notices.rules import Type
from market.projects import services as projects
from market.projects.rules import Stage
from market.selection import direct
from market.selection import services as selection
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HETAO
from tests.make import accounts, auctions, bidding, bidding_offers, blacklist, choices, market, providers
from tests.make import evaluation as make
from tests.make.performance import put_forward

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
AT = cast.NOON - cast.HOUR
OVER = {"decided_on": date(2025, 10, 20), "starts_on": date(2025, 11, 1), "ends_on": date(2026, 10, 31)}
STATES = {  # what followed the decision, its days, and whether it binds
    "in force": ((), {}, True),
    "lapsed": ((), OVER, False),
    "appealed and stayed": (("stayed",), {}, False),
    "going on": (("stayed", "resumed"), {}, True),
    "annulled": (("annulled",), {}, False),
    "repaired": (("repaired",), {}, False),
}
SCOPES = (  # what a decision is for, and in which regimes it reaches region 1529
    ({"basis": "gp-77"}, "BC"),
    ({"basis": "gp-77", "region": "1529"}, "BC"),
    ({"basis": "gp-77", "region": "1507"}, ""),
    ({"basis": "zb-54"}, "A"),
    ({"basis": "apl-9", "regimes": "D"}, "D"),
)
EVERYWHERE = {"basis": "apl-9", "gravity": "general"}


class Door:
    """One gate: the firm at it, the regime it asks in, and the act behind it."""

    def __init__(self, name: str, org: str, regime: str, act: Callable[[], object]) -> None:
        self.name, self.org, self.regime, self.act = name, org, regime, act

    def is_shut(self) -> bool:
        """Whether the act is refused for a ban; it is undone, and refused for nothing else."""
        try:
            with transaction.atomic():
                found = self.act()
                transaction.set_rollback(True)
            return found is Door
        except Refused as refused:
            assert {each.code for each in refused.reasons} == {"blacklist.banned"}, (self.name, refused.reasons)
            return True


def quoted_after_a_rest(number):
    """Its purchase rests as soon as it runs, and goes on: whoever was banned meanwhile is kept out as before."""
    at = auctions.BEGINS + timedelta(seconds=1)
    accounts.user(cast.SUPERVISOR)
    order = {"ground": "complaint-d", "text": "投诉事项须查明", "document": "河财购〔2026〕7号", "until": at + cast.DAY}
    suspending.suspend(number=number, **order, by=cast.SUPERVISOR, at=at)
    end_auctions(by=SYSTEM, at=at)
    suspending.resume(number=number, text="已处理", by=cast.SUPERVISOR, at=at + cast.HOUR)
    end_auctions(by=SYSTEM, at=at + cast.HOUR)
    auctions.quoted(cast.PROVIDER, "99000", at + 2 * cast.HOUR, number=number)


def doors():
    """A world in which every act is possible."""
    providers.entered(cast.PROVIDER, at=AT - 2 * cast.DAY, legal_rep_id=blacklist.PERSON)
    providers.qualified(cast.PROVIDER, at=AT - 2 * cast.DAY, days=400)
    choice = choices.open_choice(firms=0)
    auctions.called("A-D", bidders=(cast.PROVIDER, cast.RIVAL, cast.THIRD))
    named = market.purchase(edition="zjcs-direct", number="D-2", need=choices.CERTIFIED).project
    tender = bidding_offers.open_tender(number="T-B", project=market.project(number="T-B"), slots=4)
    draft = market.project(number="T-D", stage=Stage.DRAFT)
    held = bidding.tender(number="T-Q", project=market.project(number="T-Q", stage=Stage.DECIDING), keys=False)
    judged = make.opened_by_hand(held)
    works = market.project(number="W-1", stage=Stage.DECIDING, edition="ztb-2019", category="works")
    built = bidding.tender(number="W-1", project=works, keys=False)
    make.opened_by_hand(built)
    awarded = market.project(number="T-W", stage=Stage.AWARDED)
    Award.objects.create(
        project=awarded, notice=market.notice(awarded, type=Type.AWARD), rank=1, organisation=HETAO, name="河套",
        amount=Decimal("1000000.00"), determined_by=cast.OFFICER.person, determined_at=AT - cast.DAY,
    )  # fmt: skip
    proposed = market.project(number="T-P", stage=Stage.PROPOSED)
    market.notice(proposed)
    first = market.proposal(proposed, at=AT - cast.DAY).ranked[0].org
    by, at = cast.OFFICER, AT
    why = "比较三家报价后，报价最低且在本旗有同类经验。"

    def read_out(tender):
        bids = [bid for bid in openings.opened_bids(tender) if bid.org == HETAO]
        return Door if told(tender.project, bids, submissions.received(tender), at=at) else None

    return (
        Door("entry", cast.LANGSHAN, "D", lambda: providers.entered(cast.FOURTH, at=at)),
        Door("publishing", cast.BUYER, "B",
             lambda: projects.submit_for_approval(number=draft.number, missing=(), by=by, at=at)),
        Door("enrolment", HETAO, "D", lambda: selection.enrol(number=choice.number, by=cast.PROVIDER, at=at)),
        Door("quoting", HETAO, "D", lambda: auctions.quoted(cast.PROVIDER, "99000", auctions.BEGINS, number="A-D")),
        Door("quoting after a rest", HETAO, "D", lambda: quoted_after_a_rest("A-D")),
        Door("direct choice", HETAO, "D", lambda: direct.pick(
            number=named.number, org=HETAO, amount=Decimal(3_000), reason=why, by=by, at=at)),
        Door("sealing", HETAO, "B",
             lambda: submission.allot_slots(project_number=tender.project.number, by=cast.PROVIDER, at=at)),
        Door("read-out", HETAO, "B", lambda: read_out(held)),
        Door("read-out of works", HETAO, "A", lambda: read_out(built)),
        Door("qualification", HETAO, "B", lambda: evaluation.qualify(
            project_number=judged.number, findings=make.findings(judged), by=by, at=at)),
        Door("award", first, "B", lambda: awards.determine(number=proposed.number, org=first, by=by, at=at)),
        Door("contract", HETAO, "B",
             lambda: put_forward(awarded.number, amount="1000000.00", by=by, at=at)),
    )  # fmt: skip


def test_every_gate_asks_and_tells_every_scope_and_state_apart_for_firms_and_their_people():
    found = doors()
    assert not any(door.is_shut() for door in found)
    orgs = sorted({door.org for door in found})

    def ban(scope, *, person=False, facts=(), **days):
        subjects = [{"id_number": blacklist.PERSON, "code": "", "name": "张建国"}] if person else [
            {"code": org} for org in orgs
        ]  # fmt: skip
        for subject in subjects:
            row = blacklist.sanction(**(subject | scope | days), at=AT - timedelta(minutes=1))
            for fact in facts:
                blacklist.followed(row.public_id, fact, at=AT)

    def shut():
        return {door.name for door in found if door.is_shut()}

    for state, (facts, days, binds) in STATES.items():
        for person in (False, True):
            with transaction.atomic():
                ban(EVERYWHERE, person=person, facts=facts, **days)
                stands = {door.name for door in found if not person or door.org == HETAO}
                assert shut() == (stands if binds else set()), (state, person)
                transaction.set_rollback(True)
    for scope, reach in SCOPES:
        with transaction.atomic():
            ban(scope)
            assert shut() == {door.name for door in found if door.regime in reach}, scope
            transaction.set_rollback(True)
