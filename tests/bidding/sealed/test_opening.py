"""Sealed quotes open by themselves: real envelopes, real unattended holders, no host, no bidder, no supervisor."""

import json
from decimal import Decimal

import pytest
from django.db import connection

from bidding.opening import hearing
from bidding.opening.models import OpeningUnit, Release
from bidding.sealed import queries
from bidding.submission import queries as submissions
from bidding.submission.models import Bid
from bidding.submission.services import submit
from draws.models import Draw
from ledger.models import Entry
from market.awards import tasks as awarding
from market.awards.models import Proposal
from market.projects.models import Project
from portal.record.queries import record_of
from proofs import holder
from proofs.record import verify
from proofs.selection import why_not_selection
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.test_races import at_once
from tests.cells import cell
from tests.make import accounts, bidding_offers, blacklist, providers
from tests.make import draws as ceremony
from tests.make import sealed as make

pytestmark = pytest.mark.django_db
STREAM = "project/P-2026-001"


def result() -> dict[str, int | None]:
    """Who is ranked where, by a report that adds up for anybody."""
    told = json.loads(Proposal.objects.get().report)
    assert why_not_selection(told) == ()
    return {bid["org"]: bid["rank"] for bid in told["bids"]}


def kinds() -> list[str]:
    return list(Entry.objects.filter(stream=STREAM, log="public").order_by("seq").values_list("kind", flat=True))


def stage() -> str:
    return Project.objects.get().stage


@cell("lowest", "3")
def test_the_lowest_wins_and_nobody_clicked(monkeypatch):
    tender = make.offered(("2600.00", "2500.00", "2700.00"))
    assert tender.project.stage == "open" and tender.terms["pol"] == "C" and tender.terms["min"] == 1
    make.opened(tender)
    assert queries.fixed(tender) is None and stage() == "deciding"
    make.released(monkeypatch)
    assert result() == {cast.HETAO: 2, cast.YINSHAN: 1, cast.WULIANG: 3} and stage() == "proposed"
    told = kinds()
    assert "opening.bidders-done" not in told and "opening.host-took" not in told
    assert told.index("opening.hall-opened") < told.index("opening.holder-released") < told.index("opening.verdict")
    assert told.index("opening.ended") < told.index("sealed.quotes-fixed")
    assert {unit.verdict for unit in OpeningUnit.objects.all()} == {"OK"}
    make.ticked(at=make.OPENS)  # again changes nothing
    assert kinds() == told


@cell("lowest", "0", "1", "many")
@pytest.mark.embedded
@pytest.mark.parametrize(("fund", "count", "ends"), [
    ("own", 0, "failed"), ("own", 1, "proposed"), ("own", 4, "proposed"),
    ("mixed", 2, "failed"), ("fiscal", 2, "failed"), ("fiscal", 3, "proposed"),
])  # fmt: skip
def test_with_how_few_quotes_it_is_opened_depends_on_whose_money_it_is(monkeypatch, fund, count, ends):
    tender = make.offered(("2600.00", "2500.00", "2700.00", "2800.00")[:count], fund=fund)
    make.opened(tender)
    make.released(monkeypatch)
    assert stage() == ends
    if ends == "failed":
        # Sealed for good: not a name, not a number, not a key.
        assert not OpeningUnit.objects.exists() and not Release.objects.exists()
        told = " ".join(entry.event for entry in Entry.objects.filter(stream=STREAM, log="public"))
        assert not [org for org in (cast.HETAO, cast.YINSHAN) if org in told]
        assert kinds()[-1] == "opening.not-opened" and "opening.hall-opened" not in kinds()


@cell("lowest", "tied")
def test_of_two_equal_lowest_one_is_drawn_and_never_the_dearer(monkeypatch):
    tender = make.offered(("90.00", "80.00", "80.00"))
    make.opened(tender)
    make.released(monkeypatch)
    draw = Draw.objects.get()
    assert [row["cid"] for row in draw.pool] == sorted([cast.YINSHAN, cast.WULIANG])
    assert not Proposal.objects.exists()
    make.ticked(at=make.OPENS)  # nothing more happens while it runs
    assert Draw.objects.count() == 1
    # Whose silence it waits for, until when, and what follows, is everybody's to read.
    page = accounts.client_of(cast.STRANGER).get(f"/purchases/{make.NUMBER}/offers/").content.decode()
    missing = [row["name"] for row in draw.contributors]
    assert "现在这一步：交密钥" in page and "还在等：" + "、".join(missing) in page and "另行抽取" in page
    accounts.key(cast.BUREAU)
    settled = ceremony.settled(draw, at=make.OPENS)
    make.ticked(at=make.OPENS)
    found = result()
    assert found[cast.HETAO] == 3 and found[settled.result[0]["chosen"][0]] == 1
    told = kinds()
    assert told.index("sealed.quotes-fixed") < told.index("draw.announced")


@pytest.mark.embedded
def test_the_reference_price_is_drawn_only_after_the_quotes_are_fixed(monkeypatch):
    prices = ("2600.00", "2500.00", "2700.00", "2550.00")
    tender = make.offered(prices, formula="reference")
    make.opened(tender)
    make.released(monkeypatch)
    draw = Draw.objects.get()
    assert [row["cid"] for row in draw.pool] == ["0.95", "0.96", "0.97", "0.98"]
    told = kinds()
    assert told.index("sealed.quotes-fixed") < told.index("draw.announced")
    value = ceremony.decided(draw, at=make.OPENS).result[0]["chosen"][0]
    make.ticked(at=make.OPENS)
    assert result()
    basis = json.loads(Proposal.objects.get().report)["basis"]
    mean = sum(map(Decimal, prices)) / 4
    assert (basis["coefficient"]["value"], basis["trimmed"]) == (value, [])
    assert abs(Decimal(basis["reference"]) - mean * Decimal(value)) < Decimal("0.01")


@cell("lowest", "withdrawn")
@pytest.mark.embedded
def test_a_withdrawn_quote_and_a_replaced_one_stay_sealed(monkeypatch):
    tender = make.offered(("2600.00", "2500.00", "2700.00"))
    at = make.APPROVED + 2 * cast.MINUTE
    bidding_offers.withdrawn(tender, cast.RIVAL, at=at)
    bidding_offers.sealed_bid(tender, cast.PROVIDER, price="2750.00", at=at)
    make.opened(tender)
    make.released(monkeypatch)
    assert result() == {cast.HETAO: 2, cast.WULIANG: 1}
    opened = set(OpeningUnit.objects.values_list("bid__eid", flat=True))
    assert len(opened) == 2 < Bid.objects.count() == 4


@cell("lowest", "banned")
def test_who_is_banned_in_between_is_opened_and_does_not_win(monkeypatch):
    tender = make.offered(("2600.00", "2500.00", "2700.00"))
    make.opened(tender)
    blacklist.sanction(code=cast.YINSHAN, name=cast.NAMES[cast.YINSHAN], basis="apl-9")
    make.released(monkeypatch)
    assert result() == {cast.HETAO: 1, cast.WULIANG: 2}
    row = next(row for row in queries.fixed(tender).rows if row["org"] == cast.YINSHAN)
    assert row["quote"] == "2500.00" and row["reasons"]


@pytest.mark.embedded
def test_of_two_that_belong_together_neither_stands_whatever_it_quoted(monkeypatch):
    tender = make.offered(("2600.00", "2500.00", "3000.01", "2800.00"))
    make.opened(tender)
    providers.bound(cast.YINSHAN, cast.WULIANG)
    make.released(monkeypatch)
    assert result() == {cast.HETAO: 1, cast.LANGSHAN: 2}
    why = {row["org"]: row["reasons"] for row in queries.fixed(tender).rows}
    text = "与同时参加的{other}有控股、管理或者同一负责人的关系，均不得参加"
    assert why[cast.YINSHAN] == [text.format(other=cast.NAMES[cast.WULIANG])]
    assert text.format(other=cast.NAMES[cast.YINSHAN]) in why[cast.WULIANG] and len(why[cast.WULIANG]) == 2


@pytest.mark.embedded
def test_no_amount_and_too_much_do_not_stand(monkeypatch):
    tender = make.offered(("面议", "3000.01", "2700.00"))
    make.opened(tender)
    make.released(monkeypatch)
    assert result() == {cast.WULIANG: 1}
    assert [bool(row["reasons"]) for row in queries.fixed(tender).rows].count(True) == 2


@pytest.mark.embedded
def test_an_envelope_that_does_not_open_is_out_with_its_cause_and_the_others_go_on(monkeypatch):
    tender = make.offered(("2600.00", "2500.00"))
    bidding_offers.sealed_bid(tender, cast.THIRD, price="1.00", spoilt=True, at=make.APPROVED + cast.MINUTE)
    make.opened(tender)
    make.released(monkeypatch)
    assert result() == {cast.HETAO: 2, cast.YINSHAN: 1}
    [spoilt] = OpeningUnit.objects.exclude(verdict="OK")
    assert (spoilt.bid.organisation, spoilt.verdict) == (cast.WULIANG, "INVALID:PAYLOAD")
    told = accounts.client_of(cast.STRANGER).get(f"/purchases/{make.NUMBER}/offers/").content.decode()
    assert "没有解开的" in told and cast.NAMES[cast.WULIANG] in told and "明标平台规则 第8条" in told
    checks = {check.name: check for check in verify(record_of(make.NUMBER)).checks}
    assert checks["verdicts"].holds is True, checks["verdicts"].line()


@pytest.mark.embedded
def test_only_holders_release_and_only_their_own_keys():
    tender = make.offered(("2600.00",))
    make.opened(tender)
    at, bid = make.OPENS, Bid.objects.get()
    stranger = bidding_offers.key(tender, cast.CENTRE, bid, at=at) | {"org": cast.BUREAU}
    accounts.key(cast.BUREAU)
    with pytest.raises(Refused):
        hearing.hear(project_number=make.NUMBER, statement=stranger, at=at)
    with pytest.raises(Refused, match="release.wrong-key"):
        wrong = bidding_offers.key(tender, cast.CENTRE, bid, at=at, slot=0)
        hearing.hear(project_number=make.NUMBER, statement=wrong, at=at)
    assert not Release.objects.filter(good=True).exists()


@pytest.mark.embedded
def test_the_unattended_holder_keeps_to_the_terms_it_pinned(monkeypatch, tmp_path):
    tender = make.offered(("2600.00",))
    make.opened(tender)
    service = make.unattended(cast.CENTRE, state=tmp_path)
    make.at_the_clock(monkeypatch, cast.NOON)  # its own clock has not passed the drain
    service.turn()
    assert not Release.objects.exists()
    make.at_the_clock(monkeypatch, make.OPENS)
    service.turn()
    assert Release.objects.count() == 1
    kept = service.remembered(make.NUMBER, "sheet")
    assert list(kept.slots.values()) == [Bid.objects.get().slot]
    book = service.books[make.NUMBER]
    assert holder.standing(book, cast.CENTRE, at=make.OPENS).state == "holders"
    # A second list gets nothing: what was chosen once is remembered for ever.
    again = make.unattended(cast.CENTRE, state=tmp_path)
    assert again.remembered(make.NUMBER, "sheet") == kept


def test_the_public_record_shows_that_it_opened_rightly(monkeypatch):
    tender = make.offered(("2600.00", "2500.00"))
    make.opened(tender)
    make.released(monkeypatch)
    checks = {check.name: check for check in verify(record_of(make.NUMBER)).checks}
    assert [check.line() for check in checks.values() if check.holds is False] == []
    for name in ("closing", "sealed", "releases", "verdicts", "opening-record"):
        assert checks[name].holds is True, checks[name].line()


@pytest.mark.embedded
def test_the_gate_is_asked_when_a_quote_is_handed_in():
    tender = make.published()
    at = make.APPROVED + cast.MINUTE
    subs = bidding_offers.prepared(tender, cast.PROVIDER, price="2600.00", at=at)
    blacklist.sanction(basis="apl-9")
    with pytest.raises(Refused) as refused:
        submit(project_number=make.NUMBER, subs=subs, by=cast.PROVIDER, at=at)
    assert refused.value.reasons and not Bid.objects.exists()
    bidding_offers.sealed_bid(tender, cast.RIVAL, price="2500.00", at=at)


@pytest.mark.embedded
def test_a_marked_price_is_nowhere_before_the_holders_release(monkeypatch):
    tender = make.offered(("2345.67", "2500.00"))

    def held() -> bool:
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                if any("2345.67" in str(row) for row in cursor.fetchall()):
                    return True
        return False

    assert not held()
    make.opened(tender)
    assert not held()
    make.released(monkeypatch)
    assert held()  # the search has teeth


@pytest.mark.embedded
def test_after_the_award_a_stranger_makes_the_choice_again(monkeypatch):
    tender = make.offered(("2600.00", "2500.00", "2500.00", "2650.00"), formula="reference")
    make.opened(tender)
    make.released(monkeypatch)
    accounts.key(cast.BUREAU)
    for _ in range(2):  # the coefficient, and whoever may be equal
        for draw in Draw.objects.exclude(phase="settled"):
            ceremony.settled(draw, at=make.OPENS)
        make.ticked(at=make.OPENS)
    at = make.OPENS
    for _ in range(4):
        awarding.deem_determined(by=cast.SYSTEM, at=at)
        awarding.announce_determined(by=cast.SYSTEM, at=at)
        at += cast.HOUR
    make.ticked(at=at)
    assert stage() == "awarded"
    checks = {check.name: check for check in verify(record_of(make.NUMBER)).checks}
    assert [check.line() for check in checks.values() if check.holds is False] == []
    assert "名次由选取依据重算相同" in checks["report"].line() and checks["award"].holds is True


@pytest.mark.django_db(transaction=True)
@cell("lowest", "simultaneous")
@cell("reference", "simultaneous")  # one door for the three
@cell("merit", "simultaneous")
def test_quotes_handed_in_at_the_same_moment_all_stand_once_and_none_is_before_another():
    tender = make.published()
    at = make.APPROVED + cast.MINUTE
    ready = {who: bidding_offers.prepared(tender, who, price="2500.00", at=at) for who in make.OFFERING[:3]}

    def hands_in(who):
        return lambda: [row.receipt for row in submit(project_number=make.NUMBER, subs=ready[who], by=who, at=at)]

    outcomes = at_once(*map(hands_in, [*ready, *ready]))  # each presses twice

    assert outcomes[:3] == outcomes[3:] and len({str(each) for each in outcomes}) == 3
    live = submissions.live(queries.tender(make.NUMBER))
    assert [bid.org for bid in live] == sorted(who.organisation for who in ready)
    assert Bid.objects.count() == 3
