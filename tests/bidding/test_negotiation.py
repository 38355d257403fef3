"""Scenario 7: responses without prices, a negotiation, last quotes sealed in rounds and hidden until all are in."""

import json
import re
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import Message
from bidding.evaluation import negotiating
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from bidding.evaluation.tasks import rank_prices
from bidding.guarantees import queries as guarantees
from bidding.opening import doors, reading, sessions
from bidding.opening.tasks import disclose_quotes
from bidding.submission import queries as submissions
from bidding.submission.models import Round
from bidding.tender import drafting
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from bidding.tender.rules import Factor
from ledger import lines
from ledger.models import Entry
from market.awards import queries as awards
from market.projects.models import Project
from market.projects.rules import METHODS, PROCEDURES, Edition, Method
from portal.record import queries as records
from proofs import canonical, holder, manifest, record, statement
from proofs.checkpoint import quorum_of
from proofs.commands.service import _number, _sitting
from proofs.record import archive
from proofs.scoring import Offer, evaluate
from rulebook import clock
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.evaluation import test_matters as matters
from tests.bidding.test_canary import found
from tests.bidding.test_two_worlds import CHANCE
from tests.cast import HETAO, LANGSHAN, WULIANG, YINSHAN
from tests.make import accounts, bidding_offers, experts
from tests.make import evaluation as judging
from tests.make import negotiation as make
from tests.make.ledger import sequenced

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
CANARY = "441357.91"


def told(kind: str) -> list[dict]:
    return [json.loads(entry.event)["d"] for entry in Entry.objects.filter(kind=kind).order_by("seq")]


def verified(row, *, at) -> record.Verified:
    sequenced(at=at)
    found = record.verify(records.record_of(row.project.number))
    assert [(check.name, check.text) for check in found.checks if check.holds is False] == []
    return found


def test_a_service_is_bought_by_consultation_from_responses_to_the_award_and_a_stranger_verifies_it():
    row = make.talking()
    assert Step(row.step) is Step.TALKS
    assert all(one["sheet"] is None for one in told("opening.verdict"))

    at = make.final(row)

    assert Step(row.step) is Step.SCORES
    assert all(one["sheet"] is None for one in told("opening.verdict"))  # the panel's alone until the result
    low = matters.votes(row, matters.raises(row, "explain", org=YINSHAN), True)  # prices are open to the panel by now
    matters.replies(row, low, by=cast.RIVAL, text="本单位有现货")
    assert matters.votes(row, low, False, False, stage="judge", first=0).upheld is False
    judging.locked(row, at=at)
    judging.signed(row, at=at)
    assert Step(row.step) is Step.DONE
    ranked = awards.proposal(row.project).ranked
    assert [(bid.org, bid.quote) for bid in ranked] == [
        (YINSHAN, Decimal("440000.00")), (HETAO, Decimal("450000.00")), (WULIANG, Decimal("460000.00")),
    ]  # fmt: skip
    number = row.project.number
    hall = Client().get(f"/projects/{number}/hall/").content.decode()
    assert not [quote for quote in ("450,000", "440,000", "460,000") if quote in hall]
    judging.awarded(number, YINSHAN, at=at + timedelta(hours=1))
    before = replayed(number)
    assert {check.name: check.holds for check in verified(row, at=at + timedelta(hours=1)).checks}["report"] is None
    make.disclosed(at=at + timedelta(hours=1))
    disclose_quotes(by=cast.SYSTEM, at=at + timedelta(hours=1))
    assert len(told("opening.quotes-disclosed")) == len(told("opening.room-disclosed")) == 1

    found = {check.name: check for check in verified(row, at=at + timedelta(hours=2)).checks}
    a_holder_releases_a_rounds_keys_only_when_it_is_over(archive.read(records.record_of(number)))
    assert "3、3 份密封件" in found["closing"].text and "6 份密封件" in found["sealed"].text
    assert found["report"].holds and found["award"].holds
    it_plays_back_once_it_is_disclosed_and_not_before(row, before)


def replayed(number: str) -> dict[str, HttpResponse]:
    """What everybody sees of the opening played again."""
    viewers = {"stranger": None, "host": cast.OFFICER, "witness": cast.WITNESS, "supplier": cast.PROVIDER}
    return {
        name: (accounts.client_of(viewer) if viewer else Client()).get(f"/projects/{number}/hall/replay/")
        for name, viewer in viewers.items()
    }


def it_plays_back_once_it_is_disclosed_and_not_before(row: Evaluation, before: dict[str, HttpResponse]) -> None:
    for page in before.values():
        assert page.context["story"].lines == [] and not page.context["story"].over
        assert not re.search(r"data-seq|还没有结束", page.content.decode())
    for name, page in replayed(row.project.number).items():
        shown, text = page.context["story"], page.content.decode()
        room = [lines.line(entry) for entry in doors.story(row.project)]
        assert [line for line in shown.lines if 'id="room-' in line] == room, name
        assert len({*re.findall(r'<li class="entry"[^>]*?id="(\S+)"', text)}) == len(shown.lines)
        kinds = [str(stage["label"]) for stage in shown.stages]
        session = ["持钥人开启", "开启", "确认签字", "结束"]
        assert kinds == ["截止封存", "供应商解密", *session, "第 2 场供应商解密", *session, "结果公告后公开"]
        doors_shut = [place for place, line in enumerate(shown.lines) if "闭门开启开始" in line]
        assert [place - 1 for place in doors_shut] == [
            place for place, line in enumerate(shown.lines) if "共 3 家；请供应商" in line
        ]
        assert not re.search("唱标|语音|投标人", text)


def a_holder_releases_a_rounds_keys_only_when_it_is_over(public: archive.Record) -> None:
    """What a holder derives from the public log alone, up to the moment when the bidders are done."""
    book, round = holder.Book(public.number), public.of("bidding.round-called")[0].data
    for entry in public.told:
        if _number(entry.kind, entry.data) == public.number:  # what an unattended holder folds in
            book.take(entry.kind, entry.data)
        if entry.kind == "opening.bidders-done" and book.round:
            break
    kcm = manifest.parse(public.blob(public.terms["units"]["price"]))
    trust = holder.Trust(public.sealed, quorum_of([], 0), public.registry, public.blob, lambda: "")
    over = statement.timestamp(round["until"]) + timedelta(seconds=public.terms["drain"])
    chosen = holder.choice(book, "price", kcm, trust=trust, at=over)
    assert set(chosen.slots) == set(public.disclosed) and chosen.closing == public.lists[1].data["closing"]
    with pytest.raises(canonical.NotCanonical, match="end of the round"):
        holder.choice(book, "price", kcm, trust=trust, at=over - timedelta(seconds=1))
    book.take("opening.session-opened", {"round": 1, "bidders": []})  # told again: nothing changes
    assert _sitting(book, "price") == "price-1" and "price" in book.done
    book.take("opening.session-opened", {"round": 2, "bidders": []})  # another choice, once they are done
    assert _sitting(book, "price") == "price-2" and "price" not in book.done and _sitting(book, "tech") == "tech"
    with pytest.raises(canonical.NotCanonical, match="no round"):  # it was neither called nor closed
        holder.choice(book, "price", kcm, trust=trust, at=over)


@pytest.mark.parametrize(
    "edition, category, weight, factors, days",
    [
        (Edition.CONSULTATION_2014, "services", 10, [("服务方案", 60), ("技术方案", 30)], 10),
        (Edition.NEGOTIATION_2014, "goods", 100, [], 7),
        (Edition.INQUIRY_2014, "goods", 100, [], 7),
    ],
)
def test_an_officer_drafts_by_every_method_of_the_regime(edition, category, weight, factors, days):
    accounts.world()
    start = cast.NOON
    facts = {
        "title": "电梯检验检测服务", "category": category, "item": "服务一年", "demand": "按附件",
        "budget": Decimal(500_000), "price_cap": Decimal(480_000), "contact_name": "王", "contact_phone": "0478-1",
        "address": "河套市", "edition": edition.value, "ground": make.GROUNDS.get((edition, category), ""),
        "publish_at": start + timedelta(hours=1),
    }  # fmt: skip
    terms = {
        "supply_ends_at": start + timedelta(days=days + 1), "closes_at": start + timedelta(days=days + 1, hours=1),
        "price_weight": Decimal(weight), "small_deduction": Decimal("0.1"),
        "factors": [Factor(f"f{n}", name, Decimal(most), False) for n, (name, most) in enumerate(factors)],
        "qualifications": ["具有独立承担民事责任的能力"],
    }  # fmt: skip
    tender = drafting.draft(facts=facts, terms=terms, by=cast.OFFICER, at=start)

    assert tender.project.method == METHODS[edition] and tender.parts == ("tech", "price")
    missing = {reason.code for reason in tenders.missing(tender, at=start)}
    assert missing <= {"tender.no-documents", "tender.keys-not-asked"}
    named = tenders.notice_content(tender).get("ground")
    assert (named is None) == (edition is Edition.INQUIRY_2014)
    assert named is None or ("第3条" in named["law"]) == (edition is Edition.CONSULTATION_2014)
    assert tender.layout.rounds == (edition is not Edition.INQUIRY_2014)
    row = tender.project.procedure
    assert (row.seats_for(Decimal(500_000)), row.seats_for(Decimal(2_000_000))) == (3, 5)


def test_equal_points_and_quotes_are_ranked_by_the_technical_index():
    seats = {"1": {"t": Decimal(30), "s": Decimal(50)}}, {"1": {"t": Decimal(40), "s": Decimal(40)}}
    offers = {n: Offer(Decimal(100), False, scores) for n, scores in enumerate(seats)}
    order = PROCEDURES[Method.CONSULTATION, Edition.CONSULTATION_2014].order
    found = evaluate(offers, price_weight=Decimal(10), small_deduction=Decimal(), order=order, technical=["t"])
    assert [found[n].rank for n in offers] == [2, 1]


def test_the_lowest_last_quote_of_two_rounds_wins_a_negotiation_over_goods():
    row = make.talking(4, edition=Edition.NEGOTIATION_2014, category="goods")
    number = row.project.number
    Tender.objects.update(guarantee={"amount": "2000.00", "forms": ["bank"]})
    negotiating.leave(project_number=number, by=make.PLAYERS[LANGSHAN], at=make.TALKED)
    due = {one.org: one.due for one in guarantees.owed(make.tender_of(row))}
    assert due == {LANGSHAN: row.project.procedure.refund.due(make.TALKED)} | dict.fromkeys((HETAO, YINSHAN, WULIANG))
    row.refresh_from_db()
    make.heard(row)

    with pytest.raises(Refused, match="talks.not-leader"):
        other = experts.person_of(judging.members(row)[1])
        negotiating.call_round(project_number=number, last=True, by=other, at=make.TALKED)
    first = make.called(row, last=False)
    make.quoted(row, {HETAO: "450000.00", YINSHAN: "440000.00", WULIANG: "430000.00"})
    at = make.opened(row, first)
    assert Step(row.step) is Step.TALKS
    second = make.called(row, at=at)
    make.quoted(row, {HETAO: "420000.00", YINSHAN: "425000.00", WULIANG: "429000.00"}, at=at)
    at = make.opened(row, second)

    assert Step(row.step) is Step.SIGNING  # nobody scores
    judging.signed(row, at=at)
    ranked = awards.proposal(row.project).ranked
    assert [(bid.org, str(bid.quote)) for bid in ranked] == [
        (HETAO, "420000.00"), (YINSHAN, "425000.00"), (WULIANG, "429000.00"),
    ]  # fmt: skip
    report = json.loads(row.report)
    [out] = [bid for bid in report["bids"] if bid["org"] == LANGSHAN]
    assert (out["quote"], out["reasons"]) == (None, ["在提交最后报价之前退出"])
    judging.awarded(number, HETAO, at=at + timedelta(hours=1))
    make.disclosed(at=at + timedelta(hours=1))
    verified(row, at=at + timedelta(hours=2))


def test_an_inquirys_one_price_is_sealed_with_the_response_and_opened_for_those_who_meet_the_requirements():
    tender = make.responded(4, edition=Edition.INQUIRY_2014, category="goods")
    row = make.sitting(tender, {LANGSHAN: "unresponsive"})

    assert Step(row.step) is Step.PRICE and not Round.objects.exists()
    at = make.TALKED
    bidding_offers.next_session(make.tender_of(row), at=at)
    opened = make.standing(row, at=at)
    laws = PROCEDURES[Method.INQUIRY, Edition.INQUIRY_2014].formalities
    assert opened.facts.laws == submissions.calendar(tender).laws == laws  # what is refused cites its own law
    assert "电子招标投标办法" not in str(laws) and "87号令" not in str(laws) and "'招标投标法" not in str(laws)
    assert any(unit.sheet for unit in opened.units) and reading.readable(opened) == []  # nothing is read out
    rank_prices(by=cast.SYSTEM, at=at)
    row.refresh_from_db()
    judging.signed(row, at=at)
    ranked = awards.proposal(row.project).ranked
    assert [bid.org for bid in ranked] == [YINSHAN, HETAO, WULIANG]
    judging.awarded(row.project.number, YINSHAN, at=at + timedelta(hours=1))
    make.disclosed(at=at + timedelta(hours=1))
    verified(row, at=at + timedelta(hours=2))


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


PATHS = ("", "hall/", "hall/fragment", "hall/actions", "bid/", "talks/", "evaluation/", "panel/", "log/")


def seen(row, monkeypatch, *, at) -> dict[tuple[str, str], tuple[int, bytes]]:
    """What everybody outside sees of the purchase, what is drawn by chance masked."""
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: at)
    number, told = row.project.number, {}
    paths = [f"/projects/{number}/{path}" for path in PATHS]
    paths += ["/desk/", "/inbox/", f"/api/streams/project/{number}/entries"]
    for viewer in (None, cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR, cast.HOLDER, cast.WITNESS, make.member(row)):
        client = accounts.client_of(viewer) if viewer else Client()
        for path in paths:
            answer = client.get(path)
            told[viewer.name if viewer else "stranger", path] = (answer.status_code, CHANCE.sub(b"*", answer.content))
    return told


def test_a_quote_is_seen_by_nobody_before_its_round_and_two_go_on_on_a_lawful_ground_but_one_does_not(monkeypatch):
    row = make.talking()
    number = row.project.number

    with undone():  # what is merely hard to specify does not go on with two
        Project.objects.filter(pk=row.project_id).update(ground="complex")
        negotiating.leave(project_number=number, by=make.PLAYERS[WULIANG], at=make.TALKED)
        assert Evaluation.objects.get().step == Step.FAILED and Project.objects.get().stage == "failed"
    negotiating.leave(project_number=number, by=make.PLAYERS[WULIANG], at=make.TALKED)
    assert Evaluation.objects.get().step == Step.TALKS
    row.refresh_from_db()

    change = negotiating.propose_change(project_number=number, text="响应时间改为两小时", by=make.member(row),
                                        at=make.TALKED)  # fmt: skip
    make.heard(row)
    with pytest.raises(Refused, match="talks.unconfirmed"):
        make.called(row)
    negotiating.confirm_change(project_number=number, change=change.pk, by=cast.OFFICER, at=make.TALKED)
    told_to = set(Message.objects.filter(subject__startswith="采购需求变动").values_list("to_organisation", flat=True))
    assert told_to == {HETAO, YINSHAN}
    own = accounts.client_of(cast.PROVIDER).get(f"/projects/{number}/talks/").content.decode()
    assert "响应时间改为两小时" in own and not [org for org in (YINSHAN, WULIANG) if cast.NAMES[org] in own]
    for other in (cast.OFFICER, cast.FOURTH, cast.SUPERVISOR):
        assert accounts.client_of(other).get(f"/projects/{number}/talks/").status_code == 404

    round = make.called(row)
    later = make.TALKED + timedelta(minutes=5)
    before = seen(row, monkeypatch, at=later)
    with pytest.raises(Refused, match="quote.not-invited"):
        make.quoted(row, {WULIANG: "430000.00"})
    make.quoted(row, {YINSHAN: CANARY}, at=later)
    assert [where for where, told in seen(row, monkeypatch, at=later).items() if told != before[where]] == []
    assert found(CANARY) == []

    with pytest.raises(Refused):  # not while the round runs
        sessions.open_session(project_number=number, by=cast.OFFICER, at=later)
    at = make.closed(round)
    with pytest.raises(Refused, match="quotes.too-few"):
        sessions.open_session(project_number=number, by=cast.OFFICER, at=at)
    rank_prices(by=cast.SYSTEM, at=at)
    assert Evaluation.objects.get().step == Step.FAILED and Project.objects.get().stage == "failed"
    assert found(CANARY) == [] and not told("opening.session-opened") and not told("tech.passed")
