"""One question at every gate: each scope in each state, the people behind a firm, and what a listing does not tell."""

import re
from datetime import date
from functools import partial

import pytest

from blacklist.gate import queries, rules
from blacklist.gate.rules import counts_at_review
from blacklist.sanctions.models import Sanction
from experts.panels import listing
from intermediaries.registry import services as registry
from market.projects import gate as projects
from market.projects.models import Project
from market.projects.rules import Edition
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, bidding_offers, blacklist, experts, providers
from tests.make import registry as registry_maker
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db
NEXT_DAY = cast.NOON.replace(year=2027, month=2, day=28, hour=16)  # midnight in China after the last day
STATES = {
    "in force": ((), cast.NOON, True),
    "lapsed": ((), NEXT_DAY, False),
    "stayed": (("stayed",), cast.NOON, False),
    "resumed": (("stayed", "resumed"), cast.NOON, True),
    "annulled": (("annulled",), cast.NOON, False),
    "repaired": (("repaired",), cast.NOON, False),
}
# Where something of it could show; the last two to a rival who bids himself.
HERE = f"/projects/{NUMBER}"
PUBLIC = (
    "/", "/notices/", "/statistics/", "/statistics/trade/", "/flags/", "/providers/", "/restrictions/",
    "/restrictions.json", "/blacklist/", "/blacklist.json", f"{HERE}/", f"{HERE}/hall/", f"{HERE}/hall/fragment",
    f"{HERE}/hall/actions", f"{HERE}/log/", f"/api/streams/project/{NUMBER}/entries", "/api/streams/sanctions/entries",
)  # fmt: skip
RIVALS = ("/desk/", f"{HERE}/bid/", f"{HERE}/hall/")
CHANCE = re.compile(rb"[A-Za-z0-9+/_=-]{22,}|\b[0-9a-f]{8,}\b")  # hashes, nonces, tokens: of the same length
# What a decision is for, and whether it reaches a procurement of regime B, C or D in region 1529.
SCOPES = (
    ({"basis": "gp-77"}, {"B": True, "C": True, "D": False, "A": False}),
    ({"basis": "gp-77", "region": "1529"}, {"B": True, "C": True, "D": False, "A": False}),
    ({"basis": "gp-77", "region": "1507"}, dict.fromkeys("ABCD", False)),
    ({"basis": "zb-54"}, {"A": True, "B": False, "C": False, "D": False}),
    ({"basis": "apl-9", "region": "15"}, dict.fromkeys("ABCD", True)),
    ({"basis": "apl-9", "regimes": "D"}, {"A": False, "B": False, "C": False, "D": True}),
)


@pytest.mark.embedded
def test_every_scope_in_every_state_binds_exactly_where_it_should():
    for number, (scope, reach) in enumerate(SCOPES):
        for state, (facts, at, binds) in STATES.items():
            gravity = "general"  # repaired within a year of the decision
            row = blacklist.sanction(decision_no=f"河罚{number}{state}", gravity=gravity, **scope)
            for fact in facts:
                blacklist.followed(row.public_id, fact)
            for regime, reached in reach.items():
                asked = {"regime": regime, "region": "1529", "at": at}
                told = queries.why_not_take_part(cast.HETAO, **asked)
                assert bool(told) is (binds and reached), (scope, state, regime)
                assert queries.banned({cast.HETAO, cast.YINSHAN}, **asked) == ({cast.HETAO} if told else set())
            if binds or state in ("lapsed", "stayed"):  # cleared for the next: nothing but an annulment frees
                blacklist.followed(row.public_id, "annulled")
    assert Sanction.objects.count() == len(SCOPES) * len(STATES)


@pytest.mark.embedded
def test_what_began_after_a_bid_came_in_waits_for_the_award_as_the_regime_says():
    days = {"starts_on": date(2026, 3, 1), "received_on": date(2026, 2, 27)}

    assert [counts_at_review(**days, regime=regime) for regime in "ABCD"] == [False, False, False, True]
    assert counts_at_review(starts_on=date(2026, 3, 1), received_on=date(2026, 3, 1), regime="B")
    assert set(rules.LATER) == set("ABCD")


@pytest.mark.embedded
def test_a_ban_that_bound_when_the_bid_came_in_counts_at_the_review_whenever_it_was_recorded():
    blacklist.sanction()
    before = cast.NOON.replace(month=2, day=27)

    assert set(queries.why_not_reviewed({cast.HETAO: cast.NOON}, regime="B", at=cast.NOON)) == {cast.HETAO}
    assert queries.why_not_reviewed({cast.HETAO: before}, regime="B", at=cast.NOON) == {}
    assert queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)  # the award's gate


@pytest.mark.embedded
def test_a_firm_stands_with_its_legal_representative_at_entry_and_at_every_gate_of_a_project():
    providers.entered(legal_rep_id=blacklist.PERSON)
    project = Project(buyer_id=cast.BUYER, method="tender", edition=Edition.LAW_2017)
    assert not projects.why_not_banned(project, org=cast.HETAO, at=cast.NOON)

    blacklist.person(blacklist.PERSON)

    assert projects.why_not_banned(project, org=cast.HETAO, at=cast.NOON)
    assert projects.banned(project, {cast.HETAO, cast.YINSHAN}, at=cast.NOON) == {cast.HETAO}
    assert set(projects.why_not_reviewed(project, {cast.HETAO: cast.NOON}, at=cast.NOON)) == {cast.HETAO}
    with pytest.raises(Refused, match="blacklist.banned"):
        providers.entered(cast.RIVAL, legal_rep_id=blacklist.PERSON)
    registry.change_profile(
        code=cast.HETAO, profile=providers.PROFILE | {"legal_rep": "新代表"}, by=cast.PROVIDER, at=cast.NOON
    )
    assert not projects.why_not_banned(project, org=cast.HETAO, at=cast.NOON)


@pytest.mark.embedded
def test_a_banned_firm_does_not_enter_and_one_banned_elsewhere_does():
    blacklist.sanction(basis="apl-9", region="11")
    assert providers.entered()
    blacklist.sanction(code=cast.YINSHAN, basis="apl-9", decision_no="河罚9号")
    with pytest.raises(Refused, match="blacklist.banned"):
        providers.entered(cast.RIVAL)


def test_the_list_is_the_same_whether_its_subject_bids_or_not(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON - cast.HOUR)
    tender = bidding_offers.open_tender()
    worlds = []
    for bids in (False, True):
        if bids:
            bidding_offers.sealed_bid(tender, cast.PROVIDER, at=cast.NOON - cast.HOUR)
        else:
            blacklist.sanction(at=cast.NOON - cast.HOUR, starts_on=date(2026, 11, 25), ends_on=date(2027, 11, 24))
            row = Sanction.objects.get()
        client, rival = accounts.client_of(cast.STRANGER), accounts.client_of(cast.RIVAL)
        public = [*PUBLIC, f"/blacklist/?q={cast.HETAO}", f"/blacklist/{row.public_id}/"]
        pages = [client.get(where) for where in public] + [rival.get(where) for where in RIVALS]
        assert all(page.status_code == 200 for page in pages), [page.status_code for page in pages]
        bodies = [b"".join(page.streaming_content) if page.streaming else page.content for page in pages]
        worlds.append([CHANCE.sub(lambda found: b"?" * len(found[0]), body) for body in bodies])
    assert worlds[0] == worlds[1]


@pytest.mark.embedded
def test_an_expert_is_kept_from_judging_where_his_ban_reaches_and_nowhere_else():
    expert, other = experts.register(2)
    number = registry_maker.known(expert.user, 1)
    blacklist.person(number, basis="gpr-75", ends_on=date(2099, 2, 28))
    here, works = (
        Project(buyer_id=cast.BUYER, method=method, edition=edition)
        for method, edition in (("tender", Edition.LAW_2017), ("tender", Edition.WORKS_2019))
    )

    def out(project):
        told = listing.with_conflict(
            avoid={}, at=cast.NOON, banned=partial(projects.banned_judges, project, at=cast.NOON)
        )
        return {row["person"]: row["code"] for row in told}

    assert out(here) == {str(expert.user.public_id): "barred"}
    assert out(works) == {}
