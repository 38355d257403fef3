"""The coefficient of the price formula: drawn once the prices are open, typed by nobody, waited for by the end."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bidding.opening import coefficients, queries, services
from bidding.opening.models import Opening
from bidding.tender.models import Tender
from draws import services as drawing
from draws.models import Draw
from ledger import lines
from ledger.models import Entry
from proofs import contribute, lots
from rulebook import clock
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make import draws as ceremony

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # what is drawn does not change with the engine
VALUES = ["0.01", "0.02", "0.03"]
FORMULA = {"key": "mean-ratio", "params": {}, "draw": {"k": VALUES}}


def read_out(monkeypatch) -> tuple[Tender, str]:
    tender = make.read_out_tender()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: tender.closes_at + 4 * cast.MINUTE)
    Tender.objects.filter(pk=tender.pk).update(formula=FORMULA)
    tender.refresh_from_db()
    for code in ceremony.CONTRIBUTORS:
        accounts.key(code)
    return tender, tender.project.number


def test_the_hall_ends_with_a_value_that_three_parties_drew_and_nobody_typed(monkeypatch):
    tender, number = read_out(monkeypatch)
    at = tender.closes_at + 4 * cast.MINUTE

    def starts(by=cast.OFFICER):
        return coefficients.start(project_number=number, by=by, at=at)

    def hall(by=cast.OFFICER):
        return accounts.client_of(by).get(reverse("bidding:hall", args=[number])).content.decode()

    def ends(by=cast.OFFICER):
        with pytest.raises(Refused) as refused:
            services.close_hall(project_number=number, by=by, at=at, reason="不等了")
        return {reason.code for reason in refused.value.reasons}

    assert ends() == {"hall.undrawn"}
    assert "抽取价格分的参数" in hall() and "抽取价格分的参数" not in hall(cast.PROVIDER)
    assert "等待主持人宣布抽取" in hall(cast.PROVIDER)
    for by in (cast.PROVIDER, cast.SUPERVISOR, cast.OTHER_OFFICER):
        with pytest.raises(Refused, match="hall.not-officer"):
            starts(by)
    answer = accounts.client_of(cast.OFFICER).post(reverse("bidding:draw_coefficient", args=[number]), {"k": "0.03"})
    assert answer.status_code == 302
    draw = Draw.objects.get()
    assert (draw.id, [row["cid"] for row in draw.pool], draw.openings) == (f"{number}/k/1", VALUES, [])
    assert "抽取正在进行" in hall(cast.STRANGER) and ends() == {"hall.undrawn"}
    with pytest.raises(Refused, match="coefficient.nothing"):
        starts()

    assert contribute.why_not_attest(draw.pool, []) == ()
    ceremony.settled(draw, at=at)
    tender.refresh_from_db()
    value = coefficients.drawn(tender)["k"]
    draw.refresh_from_db()
    seed = bytes.fromhex(draw.seed)
    assert value == min(VALUES, key=lambda each: lots.ticket(seed, "k", each))
    assert f'<b class="num">{value}</b>' in hall(cast.STRANGER)
    with pytest.raises(Refused, match="coefficient.nothing"):
        starts()
    said = [str(lines.line(entry)) for entry in Entry.objects.filter(kind__in=["draw.announced", "draw.result"])]
    assert "宣布抽取价格分下浮系数" in said[0] and f"抽出的下浮系数为 {value}" in said[1]
    page = accounts.client_of(cast.STRANGER).get(reverse("draws:draw", args=[draw.id])).content.decode()
    assert "价格分下浮系数抽取" in page and f">{value}</code>" in page

    make.session_ended(tender, [bidder.organisation for bidder in make.BIDDERS[:3]], at=at)
    assert Opening.objects.get().ended_at == at


def test_a_draw_that_came_to_nothing_is_held_again_with_its_reason(monkeypatch):
    tender, number = read_out(monkeypatch)
    at = tender.closes_at + 4 * cast.MINUTE
    draw = coefficients.start(project_number=number, by=cast.OFFICER, at=at)
    late = at + timedelta(hours=2)
    drawing.advance(draw_id=draw.pk, by=cast.SYSTEM, at=late)

    standing = queries.stand(tender.project, at=late)
    assert standing.facts.undrawn and coefficients.shown(standing)["void"]
    again = coefficients.start(project_number=number, by=cast.OFFICER, at=late)
    assert (again.count, again.reason) == (2, "上一次抽取作废：参与方未在时限内交齐密钥")


def test_nothing_is_drawn_where_the_terms_say_so_or_before_the_prices_are_open():
    tender = make.open_hall()
    number, at = tender.project.number, tender.closes_at + 2 * cast.MINUTE
    Tender.objects.filter(pk=tender.pk).update(formula=FORMULA)
    with pytest.raises(Refused, match="hall.not-this-turn"):
        coefficients.start(project_number=number, by=cast.OFFICER, at=at)
    Tender.objects.filter(pk=tender.pk).update(formula=None)
    make.halves_released(tender)
    make.keys_released(tender)
    with pytest.raises(Refused, match="coefficient.nothing"):
        coefficients.start(project_number=number, by=cast.OFFICER, at=tender.closes_at + 4 * cast.MINUTE)
    assert coefficients.shown(queries.stand(tender.project, at=tender.closes_at + 4 * cast.MINUTE)) is None
