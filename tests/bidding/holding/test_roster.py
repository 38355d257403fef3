"""The standing roster: who may be on it, who acts for a holder, which holders a tender may take."""

from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction

from accounts.rules import Kind
from bidding.holding import queries, rules, services
from bidding.holding.models import Keeper, RosterChange
from bidding.holding.rules import Candidate, Duty, Side
from bidding.tender import committees
from bidding.tender import queries as tenders
from ledger.models import Entry
from proofs import manifest
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.tender import act
from tests.make import accounts, holding

TABLE = [
    Candidate("B", "采购人", Side.BUYER, True),
    Candidate("A", "代理", Side.BUYER, True),
    Candidate("C", "中心", Side.CENTRE, True),
    *(Candidate(f"N{n}", f"公证{n}", Side.OUTSIDE, True) for n in range(1, 6)),
]


def against(orgs: str, k: int = 2, table: list[Candidate] = TABLE) -> list[str]:
    chosen = [each for org in orgs.split() for each in table if each.org == org]
    known = {each.org for each in table}
    return [reason.code for reason in rules.why_not_draw(chosen=chosen, k=k, known=known)]


def test_a_tender_takes_three_to_seven_different_holders_of_all_three_sides():
    assert against("B C N1") == against("A C N1") == against("B C N1 N2 N3 N4 N5", k=7) == []
    assert against("B C") == against("B C C") == against("B A C N1 N2 N3 N4 N5") == ["keys.no-roster"]
    assert against("B A C", k=3) == against("B N1 N2") == against("C N1 N2") == ["keys.one-sided"]
    assert against("B C N1", k=4) == ["keys.threshold"]
    assert "keys.threshold" in against("B C N1", k=1)
    # Buyer and agency together must not be enough to open.
    assert against("B A C N1", k=2) == ["keys.buyers-alone"]
    assert against("B A C N1", k=3) == []


def test_a_holder_without_key_or_people_is_not_taken_and_is_named():
    table = [
        *TABLE[:3],
        Candidate("N1", "公证1", Side.OUTSIDE, False),
        Candidate("N2", "公证2", Side.OUTSIDE, True, False),
    ]

    assert against("B C N1", table=table) == against("B C N2", table=table) == ["keys.holder-not-ready"]
    assert [each.org for each in rules.by_default(table)] == ["B", "C"]


def test_what_opens_by_itself_takes_unattended_holders_and_one_of_the_buyers_side_at_most():
    def alone(code, side, unattended=True):
        return Candidate(code, code, side, True, unattended=unattended)

    table = [alone("B", Side.BUYER), alone("B2", Side.BUYER), alone("C", Side.CENTRE, False), alone("C2", Side.CENTRE),
             alone("N", Side.OUTSIDE), alone("N2", Side.OUTSIDE)]  # fmt: skip
    assert [each.org for each in rules.by_themselves(table)] == ["B", "C2", "N"]
    assert [each.org for each in rules.by_themselves(table[3:])] == [
        "C2",
        "N",
        "N2",
    ]  # the buyer holds nothing: two others
    assert rules.why_not_by_themselves(rules.by_themselves(table)) == ()
    assert [r.code for r in rules.why_not_by_themselves(rules.by_themselves(table[:4]))] == ["keys.none-alone"]


@pytest.mark.django_db
def test_a_holder_says_itself_that_a_service_releases_its_keys():
    holding.stand(cast.NOTARY)
    by = holding.keeper(cast.NOTARY)
    services.set_unattended(organisation=cast.NOTARY, unattended=True, by=by, at=cast.NOON)
    services.set_unattended(organisation=cast.NOTARY, unattended=True, by=by, at=cast.NOON)  # again changes nothing
    assert [each.unattended for each in queries.candidates(cast.BUYER)] == [True]
    assert [row.what for row in queries.history(cast.NOTARY)] == ["alone"]
    with pytest.raises(Refused, match="holding.not-own"):
        services.set_unattended(organisation=cast.NOTARY, unattended=False, by=cast.OFFICER, at=cast.NOON)


@pytest.mark.parametrize("kind", list(Kind))
def test_those_who_bid_and_the_platform_hold_nothing(kind):
    assert rules.may_hold(kind) == (kind not in (Kind.PROVIDER, Kind.PLATFORM, Kind.ENTERPRISE, Kind.CITIZEN))
    codes = rules.why_not_enter(organisation="X", kind=kind, members=1, standing=False, by=SYSTEM)
    assert bool(codes) == (kind in (Kind.PROVIDER, Kind.PLATFORM, Kind.ENTERPRISE, Kind.CITIZEN))


@pytest.mark.django_db
def test_a_holder_joins_once_it_has_somebody_and_its_history_stays():
    first, second = holding.keeper(cast.NOTARY), holding.keeper(cast.NOTARY, duty=Duty.DEPUTY, number=951)
    Keeper.objects.all().delete()

    with pytest.raises(Refused, match="holding.no-member"):
        services.enter(organisation=cast.NOTARY, by=first, at=cast.NOON)
    services.appoint(person=first.person, duty=Duty.MEMBER, by=first, at=cast.NOON)
    services.enter(organisation=cast.NOTARY, by=first, at=cast.NOON)
    services.appoint(person=second.person, duty=Duty.DEPUTY, by=first, at=cast.NOON)
    services.appoint(person=second.person, duty=Duty.DEPUTY, by=first, at=cast.NOON)

    with pytest.raises(Refused, match="holding.last-member"):
        services.appoint(person=first.person, duty=Duty.NONE, by=first, at=cast.NOON)
    assert queries.on_duty(cast.NOTARY) == [first.person]
    services.set_away(person=first.person, away=True, by=second, at=cast.NOON)
    assert queries.on_duty(cast.NOTARY) == [second.person]
    assert [(row.what, row.person) for row in queries.history(cast.NOTARY)] == [
        ("away", first.name), ("deputy", second.name), ("entered", ""), ("member", first.name),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        RosterChange.objects.all().delete()
    told = [entry.event for entry in Entry.objects.filter(stream="keys", kind__startswith="holding.").order_by("seq")]
    assert len(told) == 3
    assert not any(first.name in event or first.person in event for event in told), "people are counted, not named"


@pytest.mark.embedded
@pytest.mark.django_db
def test_only_ones_own_house_is_anybodys_business():
    notary, centre = holding.keeper(cast.NOTARY), holding.keeper(cast.CENTRE)
    holding.stand()

    for by in (centre, cast.OFFICER, cast.OPERATOR, cast.SUPERVISOR, cast.STRANGER):
        accounts.world()
        with pytest.raises(Refused, match="holding.not-own"):
            services.leave(organisation=cast.NOTARY, by=by, at=cast.NOON)
        with pytest.raises(Refused, match="holding.not-own"):
            services.set_away(person=notary.person, away=True, by=by, at=cast.NOON)
    with pytest.raises(Refused, match="holding.not-colleague"):
        services.appoint(person=notary.person, duty=Duty.DEPUTY, by=centre, at=cast.NOON)


@pytest.mark.django_db
def test_an_officer_chooses_five_holders_of_whom_three_open():
    five = (cast.BUYER, cast.CENTRE, cast.NOTARY, cast.BUREAU, cast.OTHER_BUYER)
    holding.stand(*five)
    tender = act.draft()
    number = tender.project.number

    committees.request_keys(project_number=number, holders=five, k=3, by=cast.OFFICER, at=act.START)
    for code in five:
        act.post(tender, "sheet", code)

    committee = tenders.committee(tender, "sheet")
    made = manifest.parse(tenders.kcm_bytes(committee))
    assert (made.c.k, made.c.n) == (3, 5) == (committee.k, committee.n)
    assert {member.org for member in made.c.members} == set(five)
    assert tenders.threshold(tender) == {"k": 3, "n": 5}


@pytest.mark.django_db
def test_who_left_the_roster_is_not_asked_any_more():
    holding.stand()
    tender = act.draft()
    services.leave(organisation=cast.NOTARY, by=holding.keeper(cast.NOTARY), at=cast.NOON)

    with pytest.raises(Refused, match="keys.no-roster"):
        committees.request_keys(project_number=tender.project.number, by=cast.OFFICER, at=act.START)


@pytest.mark.embedded
@pytest.mark.django_db
def test_the_page_is_everybodys_and_its_people_its_own():
    holding.stand()
    me, colleague = holding.keeper(cast.NOTARY), holding.keeper(cast.NOTARY, duty=Duty.DEPUTY, number=951)
    own = accounts.client_of(me)

    page = own.get("/holders/").content.decode()
    assert colleague.name in page
    assert own.post(f"/holders/people/{colleague.person}", {"duty": "member"}).status_code == 302
    assert own.post(f"/holders/people/{me.person}", {"duty": "away"}).status_code == 302
    assert "外出，由替补办理" in own.get("/holders/").content.decode()
    assert own.post("/holders/leave").status_code == 302
    assert "加入名册" in own.get("/holders/").content.decode()
    assert own.post("/holders/enter").status_code == 302
    for other in (cast.STRANGER, cast.PROVIDER, holding.keeper(cast.CENTRE)):
        shown = accounts.client_of(other).get("/holders/").content.decode()
        assert cast.NAMES[cast.NOTARY] in shown
        assert colleague.name not in shown
    assert accounts.client_of(cast.PROVIDER).post("/holders/enter").status_code == 403
    assert [row.entered_at for row in queries.standing()] == sorted(row.entered_at for row in queries.standing())
    assert all(a.entered_at <= b.entered_at for a, b in pairwise(queries.standing()))
