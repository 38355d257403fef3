"""One row for each message, person and channel; handed over once, tried again, given up; a dead gateway is alone."""

import smtplib
from datetime import time

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts import inbox, tasks
from accounts.models import Delivery, Message
from accounts.reaching import queries, rules, sending, services, signing
from accounts.reaching import tasks as ticks
from accounts.reaching.models import Gateway, Sending
from accounts.reaching.rules import STEP, Channel, State, Topic, Way
from rulebook import clock
from rulebook.actor import SYSTEM, Role
from rulebook.rows import gathering_troubles
from tests import cast
from tests.cast import DAY, HOUR, MINUTE, NOON, PROVIDER, RIVAL
from tests.make import accounts, notifier, reaching

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def gateway(settings):
    with reaching.gateway(settings) as server:
        yield server


def tick(at=NOON):
    ticks.send_due(by=SYSTEM, at=at)


def states():
    return {row.channel: row.state for row in Sending.objects.all()}


def test_a_message_goes_once_by_each_way_that_was_confirmed_and_wanted(gateway):
    reaching.has(PROVIDER)
    accounts.user(RIVAL)  # confirmed nothing
    inbox.post(to_role=Role.PROVIDER, subject="x", body="x", topic=Topic.TODAY, at=NOON)
    assert not Sending.objects.exists()
    tasks.deliver(by=SYSTEM, at=NOON)
    assert states() == dict.fromkeys(["email", "sms", "wechat"], State.QUEUED)  # nobody is rung up unasked

    for _ in range(2):
        inbox.deliver(at=NOON)
        sending.queue(
            deliveries=Delivery.objects.filter(user__public_id=PROVIDER.person), message=Message.objects.get(),
            by=SYSTEM, at=NOON,
        )  # fmt: skip
        tick()

    assert states() == dict.fromkeys(["email", "sms", "wechat"], State.HANDED)
    assert [each["channel"] for each in gateway.taken] == ["sms", "wechat"] and len(mail.outbox) == 1
    row = Sending.objects.get(channel="sms")
    asked = gateway.taken[0]
    assert asked["headers"]["Idempotency-Key"] == asked["reference"] == row.reference
    told = {"speaker": signing.HOUSE, "stamp": asked["headers"][signing.TIME_HEADER], "body": asked["raw"]}
    assert signing.spoken_at(reaching.SECRET, signed=asked["headers"][signing.SIGNATURE_HEADER], **told)
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{Sending.objects.get(channel='email').reference}@")
    with pytest.raises(IntegrityError), transaction.atomic():
        Sending.objects.create(delivery=row.delivery, channel="sms", reference="r", due_at=NOON, told_at=NOON)


def test_what_can_wait_waits_for_the_full_ten_minutes_and_what_was_read_is_not_sent(gateway):
    user = reaching.has(PROVIDER, Way.PHONE)
    at = NOON + 3 * MINUTE
    reaching.post(PROVIDER, topic=Topic.DUTY, at=at)
    reaching.post(PROVIDER, topic=Topic.DUTY, at=at)
    tick(at + MINUTE)
    assert not gateway.taken

    accounts.client_of(PROVIDER).post(f"/inbox/{Delivery.objects.earliest('id').public_id}/")
    reaching.post(PROVIDER, topic=Topic.DUTY, at=at)
    tick(NOON + STEP)

    assert len(gateway.taken) == 1  # one was read, two say the same
    assert sorted(Sending.objects.values_list("state", flat=True)) == ["handed", "needless", "needless"]
    services.drop_contact(user=user, way=Way.PHONE, by=PROVIDER, at=NOON + STEP)
    reaching.post(PROVIDER, topic=Topic.TODAY, at=NOON + HOUR)
    assert Sending.objects.count() == 3


def test_quiet_hours_and_choices_are_kept(gateway):
    user = reaching.has(PROVIDER, Way.PHONE)
    chosen = {Channel.SMS: [Topic.DUTY, Topic.PROGRESS], Channel.VOICE: [Topic.TODAY]}
    services.choose(user=user, topics=chosen, begins=time(11), ends=time(14), by=PROVIDER, at=NOON)
    reaching.post(PROVIDER, topic=Topic.PROGRESS)
    reaching.post(PROVIDER, topic=Topic.DUTY, due_at=NOON + 5 * HOUR)
    reaching.post(PROVIDER, topic=Topic.TODAY)
    tick()
    assert [(each["channel"], each["words"]) for each in gateway.taken] == [
        ("sms", "【明标】您有一件待办事项，请登录查看。"),
        ("voice", "【明标】您有一件须尽快办理的事项，请登录查看。"),
    ]
    tick(NOON + 2 * HOUR)  # 14:00
    assert len(gateway.taken) == 3


def test_a_gateway_that_is_away_rests_is_tried_with_growing_pauses_and_given_up(gateway):
    reaching.has(PROVIDER)
    gateway.answer = 503
    reaching.post(PROVIDER, topic=Topic.TODAY)
    at, tried = NOON, []
    while Sending.objects.filter(channel="sms", state=State.QUEUED).exists():
        before = len(gateway.taken)
        tick(at)
        tried += [at] * sum(each["channel"] == "sms" for each in gateway.taken[before:])
        at += 15 * MINUTE if at > NOON + HOUR else cast.MINUTE / 2
        assert at < NOON + 2 * DAY
    pauses = [after - before for before, after in zip(tried, tried[1:], strict=False)]
    assert len(tried) == len(rules.PAUSES) + 1 and pauses == sorted(pauses)
    assert {each["reference"] for each in gateway.taken if each["channel"] == "sms"} == {
        Sending.objects.get(channel="sms").reference
    }
    assert states() == {"email": State.HANDED, "sms": State.GIVEN_UP, "wechat": State.GIVEN_UP}
    page = accounts.client_of(PROVIDER).get("/me/reaching/").content.decode()
    assert "多次未能发出，已停止" in page and "已交给网关" in page


def test_a_dead_gateway_costs_one_try_a_round_and_holds_up_no_other(gateway, settings):
    settings.GATEWAYS = {**settings.GATEWAYS, "sms": "http://127.0.0.1:9/"}
    for actor in (PROVIDER, RIVAL, cast.THIRD):
        reaching.has(actor, Way.PHONE, Way.WECHAT)
        reaching.post(actor, topic=Topic.TODAY)
    tick()
    assert [each["channel"] for each in gateway.taken] == ["wechat"] * 3
    assert Sending.objects.filter(channel="sms", tries=1).count() == 1  # the others did not wait for it either
    assert queries.due(Channel.SMS, at=NOON, most=9) == []
    desk = accounts.client_of(cast.OPERATOR).get("/desk/").content.decode()
    assert "处理提醒通道故障" in desk and "URLError" in desk

    settings.GATEWAYS = {**settings.GATEWAYS, "sms": gateway.url}
    tick(NOON + MINUTE)
    tick(NOON + MINUTE)
    assert states() == {"sms": State.HANDED, "wechat": State.HANDED} and not Gateway.objects.exists()


def test_an_address_that_is_no_more_is_not_tried_again(gateway):
    reaching.has(PROVIDER, Way.PHONE)
    gateway.answer = 410
    reaching.post(PROVIDER, topic=Topic.TODAY)
    tick()
    tick(NOON + HOUR)
    assert states() == {"sms": State.FAILED} and len(gateway.taken) == 1 and not Gateway.objects.exists()


def test_a_bug_with_one_row_is_told_and_the_others_go_on(gateway):
    reaching.has(PROVIDER, Way.PHONE).contacts.update(sealed="k1.AAAA")
    reaching.has(RIVAL, Way.PHONE)
    reaching.post(PROVIDER, topic=Topic.TODAY, at=NOON - MINUTE)
    reaching.post(RIVAL, topic=Topic.TODAY)
    with gathering_troubles() as troubles:
        tick()
    assert len(troubles) == 1 and len(gateway.taken) == 1


def test_receipts_come_twice_late_out_of_order_and_before_the_answer(gateway):
    reaching.has(PROVIDER, Way.PHONE)
    reaching.post(PROVIDER, topic=Topic.TODAY)
    row, stranger = Sending.objects.get(), accounts.client_of(cast.STRANGER)

    def say(state, at=None, **other):
        said = {"reference": row.reference, "state": state, "fault": "busy"}
        return reaching.told(stranger, "sendings", said, at=at or clock.now(), **other)

    assert say("failed").json() == {"state": "failed"}  # it was quicker than the answer
    tick()
    assert not gateway.taken  # what is known needs no sending
    assert say("delivered").json() == say("failed").json() == say("delivered").json() == {"state": "delivered"}
    row.refresh_from_db()
    assert (row.state, row.fault) == ("delivered", "")

    assert say("delivered", at=clock.now() - 6 * MINUTE).status_code == 409
    assert say("delivered", secret="x" * 32).status_code == 404
    assert say("delivered", speaker=signing.HOUSE).status_code == 404
    assert say("opened").status_code == 422
    assert reaching.told(stranger, "sendings", ["x"], at=clock.now()).status_code == 422
    unknown = {"reference": "nobody's", "state": "delivered"}
    assert reaching.told(stranger, "sendings", unknown, at=clock.now()).status_code == 404
    body = {"reference": row.reference, "state": "delivered"}
    assert stranger.post("/api/gateways/sendings", body, content_type="application/json").status_code == 404


def test_two_workers_hand_over_once(gateway):
    reaching.has(PROVIDER, Way.PHONE)
    reaching.post(PROVIDER, topic=Topic.TODAY)
    number = Sending.objects.get().pk
    assert sending.carry_out(sending=number, by=SYSTEM, at=NOON) and sending.carry_out(
        sending=number, by=SYSTEM, at=NOON
    )
    assert len(gateway.taken) == 1


def test_without_a_gateway_the_demo_shows_it_and_production_has_no_such_channel(settings):
    user = reaching.has(PROVIDER, Way.PHONE)
    reaching.post(PROVIDER, topic=Topic.TODAY)
    tick()
    assert states() == {"sms": State.DELIVERED}
    assert "请登录查看" in notifier.last_words(user.contacts.get().address)
    settings.PRODUCTION = True
    reaching.post(PROVIDER, topic=Topic.TODAY, at=NOON + HOUR)
    assert (
        Sending.objects.count() == 1
        and "还没有开通站外提醒" in accounts.client_of(PROVIDER).get("/me/reaching/").content.decode()
    )


def test_mail_refused_at_once_is_said_a_later_bounce_is_told_by_the_door_and_all_of_it_forgotten_after_the_term(
    gateway, monkeypatch
):
    reaching.has(PROVIDER, Way.EMAIL)
    reaching.post(PROVIDER, topic=Topic.TODAY)

    def refuses(self):
        raise smtplib.SMTPRecipientsRefused({self.to[0]: (550, b"no such user")})

    with monkeypatch.context() as server:
        server.setattr(mail.EmailMessage, "send", refuses)
        tick()
    assert states() == {"email": State.FAILED} and not Gateway.objects.exists()
    told = accounts.client_of(PROVIDER).get("/me/reaching/").content.decode()
    assert "未送达" in told

    reaching.post(PROVIDER, topic=Topic.TODAY, at=NOON + HOUR)
    tick(NOON + HOUR)
    reference = mail.outbox[-1].extra_headers["Message-ID"].strip("<>").partition("@")[0]
    sending.hear(reference=reference, told=State.FAILED, fault="bounced", by=SYSTEM, at=NOON + 2 * HOUR)
    assert set(Sending.objects.values_list("state", flat=True)) == {State.FAILED}

    ticks.forget_old(by=SYSTEM, at=NOON + rules.KEPT - MINUTE)
    assert Sending.objects.count() == 2
    ticks.forget_old(by=SYSTEM, at=NOON + rules.KEPT)
    assert Sending.objects.count() == 1 and Message.objects.count() == 2
