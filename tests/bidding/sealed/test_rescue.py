"""Too few unattended holders release: whoever offered opens his own quote himself; all are read together or not."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Message
from bidding.opening import hearing
from bidding.opening.models import Opening, OpeningUnit
from bidding.sealed import queries
from bidding.sealed.rules import CHOICE
from ledger.models import Entry
from market.notices import services as notices
from market.notices.models import Notice
from market.projects.models import Project
from market.projects.procedure import Edition, Method
from market.projects.procedures import PROCEDURES
from portal.desk import queries as desks
from portal.record.queries import record_of
from proofs import canonical
from proofs.record import verify
from rulebook.refusal import Kind, Reason, Refused
from tests import cast
from tests.make import accounts, bidding_offers, purchases
from tests.make import sealed as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
STREAM = f"project/{make.NUMBER}"
FIRMS = (cast.HETAO, cast.YINSHAN)


def fell_short(monkeypatch, *, holders=make.HOLDERS[:1]):
    """Two quotes, one holder of the two it takes, and his time is over."""
    tender = make.offered(("2600.00", "2500.00"))
    make.opened(tender)
    with pytest.raises(Refused, match="hall.not-this-turn"):  # the holders' time runs
        rescued(tender, cast.HETAO, at=make.OPENS)
    if holders:
        make.released(monkeypatch, holders=holders)
    over = make.OPENS + timedelta(seconds=tender.window + tender.drain)
    make.at_the_clock(monkeypatch, over)
    make.ticked(at=over, times=1)
    return tender, over


def said(tender, code, *, at, **more):
    statement = bidding_offers.rescue(tender, code, "sheet", at=at)
    if not more:
        return statement
    fields = {key: value for key, value in statement.items() if key not in ("v", "org", "gen", "ts", "sig", "unit")}
    return bidding_offers.said("rel/1", code, fields | more, number=make.NUMBER)


def rescued(tender, code, *, at, **more):
    return hearing.hear(project_number=make.NUMBER, statement=said(tender, code, at=at, **more), at=at)


def told(kind):
    rows = Entry.objects.filter(stream=STREAM, kind=kind).order_by("seq")
    return [json.loads(entry.event)["d"] for entry in rows]


def verdicts():
    return {unit.bid.organisation: unit.verdict for unit in OpeningUnit.objects.all()}


def page(by=cast.STRANGER):
    return accounts.client_of(by).get(reverse("bidding:offers", args=[make.NUMBER])).content.decode()


def lines(viewer, at):
    return {each.what: each for each in desks.duties(viewer, at=at)}


def test_nobody_is_asked_to_open_his_own_where_the_purchase_was_cancelled(monkeypatch):
    tender, over = fell_short(monkeypatch)
    notices.cancel(
        number=make.NUMBER, reasons=(Reason("x", Kind.NOT_NOW, "采购任务取消"),), by=purchases.enterprise(), at=over
    )

    assert 'id="rescue"' not in page(cast.PROVIDER) and "自行解开" not in page()
    with pytest.raises(Refused, match="hall.over"):
        rescued(tender, cast.HETAO, at=over)


def test_both_open_their_own_and_neither_is_read_before_the_other(monkeypatch):
    tender, over = fell_short(monkeypatch)
    [declared] = told("opening.rescue-declared")
    until = Opening.objects.get().turn_ends
    assert len(declared["eids"]) == 2 and until == over + timedelta(seconds=120) and set(verdicts().values()) == {""}
    # Nobody sits before it: who may do something is told, and what he has to do stands on his desk with its end.
    asked = Message.objects.filter(subject__startswith="请自行解开报价")
    assert sorted(asked.values_list("to_organisation_id", flat=True)) == sorted(FIRMS)
    duty = lines(cast.PROVIDER, over)["自行解开报价"]
    assert (duty.by, duty.law, duty.waits) == (until, CHOICE, False)
    assert lines(purchases.enterprise(), over)["等待自行解开"].waits
    assert 'id="rescue"' in page(cast.PROVIDER) and "报价的机构自行解开" in page()
    assert not [who for who in (cast.STRANGER, cast.THIRD, cast.OFFICER) if 'id="rescue"' in page(who)]

    at = over + timedelta(seconds=30)
    for code, more, why in (
        (cast.THIRD.organisation, {"eid": declared["eids"][0]}, "hall.not-bidder"),
        (cast.YINSHAN, {"eid": said(tender, cast.HETAO, at=at)["eid"]}, "release.not-own"),
        (cast.HETAO, {"rescue": [canonical.b64u(bytes(32))] * 2}, "rescue.bad"),
    ):
        statement = said(tender, cast.HETAO, at=at)
        fields = {key: statement[key] for key in ("eid", "role", "closing", "rescue")} | more
        other = bidding_offers.said("rel/1", code, fields, number=make.NUMBER)
        with pytest.raises(Refused, match=why):
            hearing.hear(project_number=make.NUMBER, statement=other, at=at)
    first = rescued(tender, cast.HETAO, at=at)
    assert rescued(tender, cast.HETAO, at=at).note == first.note
    make.ticked(at=at)
    assert set(verdicts().values()) == {""} and "2,600" not in page() and "已自行解开：" in page()
    assert 'id="rescue"' not in page(cast.PROVIDER) and lines(cast.PROVIDER, at)["等待自行解开"].waits
    last = rescued(tender, cast.YINSHAN, at=at)
    make.ticked(at=at)
    assert set(verdicts().values()) == {"OK"} and Project.objects.get().stage == "proposed"
    assert rescued(tender, cast.YINSHAN, at=at).note == last.note  # the answer to the last may have been lost

    checks = {check.name: check for check in verify(record_of(make.NUMBER)).checks}
    assert [check.line() for check in checks.values() if check.holds is False] == []
    assert "2 份由中介服务机构自行补救" in checks["releases"].line() and checks["verdicts"].holds is True


def test_with_no_holder_at_all_it_opens_by_the_rescue_of_one_alone_and_the_other_stays_out(monkeypatch):
    tender, over = fell_short(monkeypatch, holders=())
    rescued(tender, cast.HETAO, at=over)
    until = Opening.objects.get().turn_ends + timedelta(seconds=tender.drain)
    with pytest.raises(Refused, match="release.too-late"):
        rescued(tender, cast.YINSHAN, at=until)
    make.ticked(at=until)
    assert verdicts() == {cast.HETAO: "OK", cast.YINSHAN: "INSUFFICIENT"}
    assert [row["org"] for row in queries.fixed(tender).rows] == [cast.HETAO]
    checks = {check.name: check for check in verify(record_of(make.NUMBER)).checks}
    assert [check.line() for check in checks.values() if check.holds is False] == []
    assert checks["releases"].holds is True and checks["verdicts"].holds is True


def test_where_nobody_rescues_it_fails_and_says_why_after_a_working_day(monkeypatch):
    tender, over = fell_short(monkeypatch)
    make.ticked(at=over + timedelta(seconds=119))
    assert Project.objects.get().stage == "deciding"
    make.ticked(at=over + timedelta(seconds=120 + tender.drain))
    assert set(verdicts().values()) == {"INSUFFICIENT"} and Project.objects.get().stage == "failed"
    reasons = [each["text"] for each in Notice.objects.get(type="failure").content["reasons"]]
    assert "2 份报价在期限内也没有由机构自行解开" in reasons[1]
    for method, edition in ((Method.SEALED_PRICE, Edition.SEALED_PRICE), (Method.MERIT, Edition.MERIT)):
        assert PROCEDURES[method, edition].selection.rescue.words == "1个工作日"
