"""From the contract to the rating, each desk says what next, by when, and why, in order."""

from datetime import timedelta
from decimal import Decimal

import pytest

from intermediaries.ratings import services as ratings
from market.performance import ending, money, services
from market.performance.rules import INSPECTION
from portal.desk import queries
from rulebook.calendar import day_in_china
from tests import cast
from tests.make import performance as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
NUMBER = make.market.NUMBER
KEYS = "登记单位身份公钥"  # stands on the desk of a provider without one


def desk(viewer, *, at=cast.NOON):
    return [duty.what for duty in queries.duties(viewer, at=at) if duty.what != KEYS]


def test_a_plan_a_delivery_an_answer_in_turn():
    made = make.contract()
    assert desk(cast.OFFICER) == desk(cast.PROVIDER) == ["填写履约计划"]
    assert desk(cast.RIVAL) == desk(cast.OTHER_OFFICER) == []
    on = day_in_china(cast.NOON)
    services.propose_plan(number=NUMBER, lines=make.lines(on=on), by=cast.OFFICER, at=cast.NOON)
    assert (desk(cast.OFFICER), desk(cast.PROVIDER)) == (["等待对方确认履约计划"], ["确认履约计划"])
    services.settle_plan(number=NUMBER, agree=True, by=cast.PROVIDER, at=cast.NOON)
    assert (desk(cast.OFFICER), desk(cast.PROVIDER)) == (["等待交付"] * 2, ["交付成果"] * 2)

    make.handed(made, 1, at=cast.NOON)

    [inspect, wait] = queries.duties(cast.OFFICER, at=cast.NOON)
    assert (inspect.what, inspect.by, inspect.law) == ("验收成果", INSPECTION.due(cast.NOON), INSPECTION.law)
    assert wait.waits and desk(cast.PROVIDER) == ["等待验收", "交付成果"]
    services.inspect(number=NUMBER, milestone=1, accepted=False, reasons="缺少附件三", by=cast.OFFICER, at=cast.NOON)
    assert desk(cast.PROVIDER) == ["整改后再次交付", "交付成果"]
    make.accepted(made, 1, at=cast.NOON)
    assert desk(cast.OFFICER) == ["等待交付", "付款并登记"]  # by the day of the delivery, by the day of the law
    money.record_payment(number=NUMBER, amount=Decimal("400000"), paid_on=on, by=cast.OFFICER, at=cast.NOON)
    assert desk(cast.OFFICER) == ["等待交付"] and "确认收款" in desk(cast.PROVIDER)
    ending.give_notice(
        number=NUMBER, grounds="业主长期不提供场地", files=[make.given()], by=cast.PROVIDER, at=cast.NOON
    )
    assert "答复解除通知" in desk(cast.OFFICER) and "答复解除通知" not in desk(cast.PROVIDER)
    ending.reply(number=NUMBER, agrees=False, text="场地已经移交", by=cast.OFFICER, at=cast.NOON)
    assert "登记解除争议的处理结果" in desk(cast.SUPERVISOR) and desk(cast.OFFICER) == ["等待交付"]


def test_what_is_over_is_rated_paid_and_answered():
    make.completed()
    assert (desk(cast.OFFICER), desk(cast.PROVIDER)) == (["评价对方", "付款并登记"], ["评价对方"])
    make.rated(by=cast.OFFICER, points=(1,), level=1)
    assert desk(cast.OFFICER) == ["付款并登记"] and desk(cast.PROVIDER) == ["评价对方"]  # nothing of what was said
    make.rated(by=cast.PROVIDER)
    assert desk(cast.PROVIDER) == ["答复差评"] and "核查差评" not in desk(cast.SUPERVISOR)
    ratings.answer(number=NUMBER, side="provider", text="已派专人整改", by=cast.PROVIDER, at=cast.NOON)
    assert desk(cast.PROVIDER) == [] and "核查差评" in desk(cast.SUPERVISOR)
    ratings.find(number=NUMBER, side="provider", finding="righted", text="回访属实", by=cast.SUPERVISOR, at=cast.NOON)
    assert "核查差评" not in desk(cast.SUPERVISOR, at=cast.NOON + timedelta(days=60))
