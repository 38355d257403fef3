"""An auction is played through its services: what it promises, and what it refuses."""

import contextlib
import json
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from bidding.auction import queries, services
from bidding.auction.models import Auction, PriceExplanation, Quote
from bidding.auction.tasks import end_auctions
from ledger.models import Entry
from market.awards.models import Proposal
from market.notices.models import Notice
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import auction as arithmetic
from proofs.selection import why_not_selection
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cells import cell
from tests.make import auctions, providers
from tests.make.auctions import BEGINS, ENDS, NUMBER, ORGS, quoted
from tests.make.blacklist import sanction

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def story() -> list[dict]:
    return queries.entries(queries.auction(NUMBER))


def replayed() -> arithmetic.Ladder:
    return arithmetic.replay(NUMBER, story())


def stage() -> str:
    return Project.objects.get(number=NUMBER).stage


@cell("auction", "many")
def test_scenario_10_ends_at_86500_and_the_ledger_agrees():
    auctions.auction()
    quoted(cast.PROVIDER, "100000")
    quoted(cast.RIVAL, "95000", BEGINS + cast.MINUTE)
    quoted(cast.THIRD, "90000", BEGINS + 2 * cast.MINUTE)
    snipe = quoted(cast.FOURTH, "87000", ENDS - SECOND)
    assert snipe.ends_at == ENDS - SECOND + timedelta(seconds=30)
    dropped = uuid4()
    first = quoted(cast.RIVAL, "86500.00", ENDS + SECOND, quote=dropped)
    again = quoted(cast.RIVAL, "86500", ENDS + cast.HOUR, quote=dropped)

    assert (again.pk, again.number, Quote.objects.count()) == (first.pk, 5, 5)
    ended = auctions.ended()

    ladder = replayed()
    assert ladder.state.best == ended.best == Decimal("86500.00")
    assert ladder.names[ladder.state.leader][0] == cast.YINSHAN
    assert stage() == Stage.PROPOSED
    report = Proposal.objects.get().content
    assert why_not_selection(report) == ()
    assert [(bid["org"], bid["quote"], bid["rank"]) for bid in report["bids"]] == [
        (cast.YINSHAN, "86500.00", 1), (cast.LANGSHAN, "87000.00", 2), (cast.WULIANG, "90000.00", 3),
        (cast.HETAO, "100000.00", 4),
    ]  # fmt: skip
    report["bids"][0]["rank"], report["bids"][1]["rank"] = 2, 1
    assert why_not_selection(report)


def test_until_the_end_nobody_is_named():
    auctions.auction()
    quoted(cast.PROVIDER, "99000")

    told = json.dumps(story(), ensure_ascii=False) + "".join(
        Entry.objects.filter(log="public", stream=f"project/{NUMBER}").values_list("event", flat=True)
    )

    assert not any(org in told or cast.NAMES[org] in told for org in ORGS)
    dealt = dict(Auction.objects.get().bidders.values_list("organisation", "alias"))
    assert sorted(dealt.values()) == ["01", "02", "03", "04"]


def test_a_refused_quote_is_no_public_fact_and_its_maker_sees_it():
    auctions.auction()
    quoted(cast.PROVIDER, "99000")
    entries, number = Entry.objects.count(), uuid4()

    for _ in range(2):
        with pytest.raises(Refused, match="auction.not-better"):
            quoted(cast.RIVAL, "98500.01", quote=number)

    assert Entry.objects.count() == entries
    part = queries.part_of(queries.auction(NUMBER), cast.RIVAL)
    assert part is not None
    [kept] = queries.own_quotes(part)
    assert queries.as_row(kept)["refused"] == ["报价应大于零且不高于 98,500.00 元：低于当前最低价至少一个降价幅度"]
    with pytest.raises(Refused, match="auction.another-quote"):
        quoted(cast.RIVAL, "98000", quote=number)


def test_a_quote_costs_few_statements_and_one_that_is_too_high_or_known_waits_for_no_lock():
    auctions.auction()
    known = uuid4()
    with CaptureQueriesContext(connection) as asked:
        quoted(cast.PROVIDER, "99000", quote=known)
    # a look, seven of the gate, two under the lock, four to write; more are the marks of transactions within a test
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) <= 14
    for who, price, number in ((cast.RIVAL, "99000", uuid4()), (cast.PROVIDER, "99000", known)):
        with CaptureQueriesContext(connection) as asked, contextlib.suppress(Refused):
            quoted(who, price, quote=number)
        told = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
        assert len(told) <= 2 and not any("FOR UPDATE" in sql for sql in told)


def test_who_is_outside_or_banned_meanwhile_cannot_quote():
    auctions.auction()
    quoted(cast.RIVAL, "99000")
    with pytest.raises(Refused, match="auction.not-a-bidder"):
        quoted(cast.OFFICER, "98000")
    ban(cast.YINSHAN)

    with pytest.raises(Refused, match="blacklist"):
        quoted(cast.RIVAL, "98000")


def ban(code: str) -> None:
    sanction(code=code, name=cast.NAMES[code], basis="apl-9", regimes="ABCD")


def test_a_pause_stops_everybody_and_keeps_what_was_left():
    auctions.auction()
    quoted(cast.PROVIDER, "99000")
    services.pause(project_number=NUMBER, reason="网络故障", by=cast.SUPERVISOR, at=ENDS - 40 * SECOND)
    with pytest.raises(Refused, match="auction.is-paused"):
        quoted(cast.RIVAL, "98000", ENDS - 41 * SECOND)
    end_auctions(by=SYSTEM, at=ENDS + cast.HOUR)
    with pytest.raises(Refused, match="auction.paused-by-supervisor"):
        services.resume(project_number=NUMBER, by=cast.OFFICER, at=ENDS)

    back = services.resume(project_number=NUMBER, by=cast.SUPERVISOR, at=ENDS + cast.HOUR)

    assert back.ends_at - back.opens_at == 40 * SECOND and back.opens_at == ENDS + cast.HOUR + 10 * SECOND
    with pytest.raises(Refused, match="auction.not-open"):
        quoted(cast.RIVAL, "98000", back.opens_at - SECOND)
    quoted(cast.RIVAL, "98000", back.opens_at)
    auctions.ended()
    assert replayed().state.number == 2


def test_arrival_decides_what_is_late_and_the_commit_the_order():
    """Two came in the last second; the one committed first moves the end, and the other, which came before, counts."""
    auctions.auction()
    first = quoted(cast.PROVIDER, "99000", ENDS - timedelta(microseconds=1))
    second = quoted(cast.RIVAL, "98000", ENDS - SECOND)

    assert (first.number, second.number) == (1, 2)
    assert first.ends_at == second.ends_at
    with pytest.raises(Refused, match="auction.over"):
        quoted(cast.THIRD, "97000", first.ends_at)
    auctions.ended()
    assert replayed().ended


def test_the_end_waits_for_what_came_in_time():
    auctions.auction()

    end_auctions(by=SYSTEM, at=ENDS)
    assert Auction.objects.get().ended_at is None
    with pytest.raises(Refused, match="auction.not-over"):
        services.end(project_number=NUMBER, by=SYSTEM, at=ENDS)
    end_auctions(by=SYSTEM, at=ENDS + SECOND)
    end_auctions(by=SYSTEM, at=ENDS + cast.MINUTE)

    assert Auction.objects.get().ended_at == ENDS + SECOND


@cell("auction", "0", "1", "2")
@pytest.mark.parametrize("count", [0, 1, 2])
def test_with_too_few_it_is_not_held_and_nobody_is_told_who_came(count):
    auctions.announced()
    orgs = ORGS[:count]

    assert services.call(project_number=NUMBER, entrants=orgs, by=SYSTEM, at=cast.NOON) is None

    assert stage() == Stage.FAILED
    [notice] = Notice.objects.all()
    assert not any(org in notice.text or cast.NAMES[org] in notice.text for org in ORGS)


@cell("auction", "3", "banned")
def test_who_was_banned_before_the_call_gets_no_alias_and_counts_no_more():
    auctions.announced()
    ban(cast.YINSHAN)

    made = services.call(project_number=NUMBER, entrants=ORGS, by=SYSTEM, at=cast.NOON)

    assert made is not None and made.bidders.count() == 3
    assert services.call(project_number=NUMBER, entrants=ORGS, by=SYSTEM, at=cast.NOON) == made


@pytest.mark.embedded
def test_of_two_that_belong_together_neither_gets_an_alias_and_neither_learns_of_the_other():
    auctions.announced()
    providers.bound(cast.YINSHAN, cast.WULIANG)

    assert services.call(project_number=NUMBER, entrants=ORGS[:3], by=SYSTEM, at=cast.NOON) is None  # one is too few
    assert stage() == Stage.FAILED and not Message.objects.filter(subject__startswith="未取得竞价代号").exists()

    auctions.called("A-2026-002", fund="own")
    made = queries.auction("A-2026-002")
    assert {each.organisation for each in made.bidders.all()} == {cast.HETAO, cast.LANGSHAN}
    told = {each.to_organisation_id: each.body for each in Message.objects.filter(subject__startswith="未取得竞价代号")}
    assert set(told) == {cast.YINSHAN, cast.WULIANG}
    for body in told.values():
        assert "与同时参加的另一家机构有控股、管理或者同一负责人的关系，均不得参加" in body
        assert not any(cast.NAMES[org] in body for org in ORGS)


@pytest.mark.embedded
def test_two_found_to_belong_together_after_the_call_are_both_passed_over_with_the_published_reason():
    auctions.auction()
    quoted(cast.FOURTH, "97000")
    quoted(cast.RIVAL, "95000")
    quoted(cast.THIRD, "90000")
    providers.bound(cast.YINSHAN, cast.WULIANG)
    auctions.ended()

    report = Proposal.objects.get().content
    assert {bid["org"]: bid["rank"] for bid in report["bids"]} == {
        cast.WULIANG: None, cast.YINSHAN: None, cast.LANGSHAN: 1,
    }  # fmt: skip
    why = {bid["org"]: bid["reasons"] for bid in report["bids"]}
    text = "与同时参加的{other}有控股、管理或者同一负责人的关系，均不得参加"
    assert why[cast.WULIANG] == [text.format(other=cast.NAMES[cast.YINSHAN])] and why[cast.LANGSHAN] == []
    assert why_not_selection(report) == ()


def test_where_nobody_quotes_the_purchase_fails_and_no_name_is_told():
    auctions.auction()
    auctions.ended()

    assert (stage(), replayed().names) == (Stage.FAILED, {})
    with pytest.raises(Refused, match="auction.halted"):
        quoted(cast.PROVIDER, "99000")


def test_one_who_quoted_alone_wins():
    auctions.auction()
    quoted(cast.PROVIDER, "99000")
    auctions.ended()

    assert [bid["rank"] for bid in Proposal.objects.get().content["bids"]] == [1]


def test_who_is_banned_after_his_quote_is_passed_over_with_the_reason():
    auctions.auction()
    quoted(cast.RIVAL, "95000")
    quoted(cast.PROVIDER, "90000")
    ban(cast.HETAO)
    auctions.ended()

    report = Proposal.objects.get().content
    assert [(bid["org"], bid["rank"], bool(bid["reasons"])) for bid in report["bids"]] == [
        (cast.HETAO, None, True), (cast.YINSHAN, 1, False),
    ]  # fmt: skip
    assert why_not_selection(report) == ()


def low() -> None:
    auctions.auction()
    quoted(cast.RIVAL, "95000")
    quoted(cast.PROVIDER, "40000")
    auctions.ended()


def test_an_abnormally_low_quote_is_explained_before_it_may_win():
    low()
    assert stage() == Stage.DECIDING
    with pytest.raises(Refused, match="auction.nothing-to-explain"):
        services.explain(project_number=NUMBER, text="成本", by=cast.RIVAL, at=ENDS + cast.MINUTE)
    with pytest.raises(Refused, match="auction.still-explaining"):
        services.judge(project_number=NUMBER, accepted=True, reason="可信", by=cast.OFFICER, at=ENDS + cast.MINUTE)

    services.explain(project_number=NUMBER, text="设备自有，已折旧完毕", by=cast.PROVIDER, at=ENDS + cast.MINUTE)
    services.judge(project_number=NUMBER, accepted=True, reason="成本构成可信", by=cast.OFFICER, at=ENDS + cast.HOUR)

    assert stage() == Stage.PROPOSED
    assert Proposal.objects.get().content["bids"][0]["rank"] == 1
    assert not any("折旧" in event for event in Entry.objects.values_list("event", flat=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceExplanation.objects.update(reason="另一个理由")


def test_an_explanation_not_taken_lets_the_next_win_with_the_reason_published():
    low()
    services.explain(project_number=NUMBER, text="薄利", by=cast.PROVIDER, at=ENDS + cast.MINUTE)
    services.judge(project_number=NUMBER, accepted=False, reason="未提供成本依据", by=cast.OFFICER, at=ENDS + cast.HOUR)

    bids = Proposal.objects.get().content["bids"]
    assert [(bid["org"], bid["rank"]) for bid in bids] == [(cast.HETAO, None), (cast.YINSHAN, 1)]
    assert bids[0]["reasons"] == ["报价说明未被采纳：未提供成本依据"]


def test_silence_is_no_explanation():
    low()
    row = PriceExplanation.objects.get()
    with pytest.raises(Refused, match="auction.buyer-judges"):
        services.judge(project_number=NUMBER, accepted=False, reason="逾期", by=SYSTEM, at=row.due_at - SECOND)

    end_auctions(by=SYSTEM, at=row.due_at)

    assert Proposal.objects.get().content["bids"][1]["rank"] == 1
    with pytest.raises(Refused, match="auction.explained"):
        services.explain(project_number=NUMBER, text="迟到的说明", by=cast.PROVIDER, at=row.due_at)


def test_the_database_itself_refuses_what_must_never_be():
    auctions.auction()
    quoted(cast.PROVIDER, "99000")
    row = Quote.objects.get()
    wrong = (
        {"number": 1}, {"number": 2, "price": Decimal("98500.01")}, {"number": 2, "at": row.closes_at},
        {"number": 2, "ends_at": ENDS - SECOND}, {"number": 2, "quote": row.quote},
    )  # fmt: skip
    good = {"auction": row.auction, "bidder": row.bidder, "price": Decimal("98500.00"), "at": BEGINS, "number": 2,
            "ceiling": Decimal("98500.00"), "closes_at": ENDS, "ends_at": ENDS}  # fmt: skip
    for other in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Quote.objects.create(**(good | other))

    Quote.objects.create(**good)
