"""Whose address it is, is proved before anything goes there; choices and addresses are one's own alone."""

import re

import pytest
from django.core import mail

from accounts.models import Message
from accounts.reaching import rules, services
from accounts.reaching import tasks as ticks
from accounts.reaching.models import Contact
from accounts.reaching.rules import Channel, Topic, Way
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cast import MINUTE, NOON, OFFICER, PROVIDER, RIVAL
from tests.make import accounts, notifier, reaching
from tests.make.reaching import MAIL, OPENID, PHONE

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def confirmed(actor=PROVIDER):
    return {
        row.way: row.address for row in Contact.objects.filter(user=accounts.user(actor), confirmed_at__isnull=False)
    }


def refused(act, *args, **told):
    with pytest.raises(Refused) as refusal:
        act(*args, **told)
    return refusal.value.reasons[0].code


def test_a_telephone_is_one_s_own_once_its_code_came_back():
    row, code = reaching.named(PROVIDER, Way.PHONE, PHONE)
    assert confirmed() == {} and PHONE not in row.sealed
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    said = {"contact": row, "by": PROVIDER, "at": NOON}
    assert refused(services.confirm_contact, word=wrong, **said) == "accounts.code-wrong"
    services.confirm_contact(word=f" {code} ", **said)
    assert confirmed() == {"phone": PHONE}
    assert refused(services.confirm_contact, word=code, **said) == "reaching.proof-over"

    later = NOON + 2 * MINUTE
    row, code = reaching.named(PROVIDER, Way.PHONE, "13904780012", at=later)
    assert confirmed() == {"phone": PHONE}  # the old one stands until the new one is proved
    over = {"contact": row, "word": code, "by": PROVIDER}
    assert refused(services.confirm_contact, **over, at=later + 10 * MINUTE) == "reaching.proof-over"
    services.confirm_contact(**over, at=later + MINUTE)
    assert confirmed() == {"phone": "13904780012"} and Contact.objects.count() == 1
    assert Message.objects.filter(topic=Topic.ACCOUNT, subject="通知方式已变更").count() == 2


def test_a_code_is_tried_five_times_and_sent_so_often():
    row, code = reaching.named(PROVIDER, Way.PHONE, PHONE)
    for n in range(5):
        wrong = f"{(int(code) + 1 + n) % 10**6:06d}"
        assert refused(services.confirm_contact, contact=row, word=wrong, by=PROVIDER, at=NOON) == "accounts.code-wrong"
    assert refused(services.confirm_contact, contact=row, word=code, by=PROVIDER, at=NOON) == "reaching.proof-over"
    assert refused(reaching.named, RIVAL, Way.PHONE, PHONE) == "accounts.code-soon"  # whoever asks: nobody is flooded
    assert refused(reaching.named, PROVIDER, Way.PHONE, "12345") == "reaching.address"
    for bad in ("a@b", "a b@example.cn", "a@example.cn\nBcc: x@example.cn", "甲@example.cn"):
        assert refused(reaching.named, PROVIDER, Way.EMAIL, bad) == "reaching.address"


def test_a_mailbox_is_proved_by_its_link_and_looking_proves_nothing():
    reaching.named(PROVIDER, Way.EMAIL, MAIL, at=clock.now())
    path = re.search(r"/me/reaching/email/\S+", mail.outbox[0].body)[0]
    anybody = accounts.client_of(cast.STRANGER)  # on the telephone, where nobody is signed in
    page = anybody.get(path).content.decode()
    assert "是我的邮箱，确认" in page and MAIL not in page and confirmed() == {}
    assert anybody.post(f"{path[:-6]}x/").status_code == 422 and confirmed() == {}
    assert "已确认" in anybody.post(path).content.decode()
    assert confirmed() == {"email": MAIL}
    assert "已确认" in anybody.get(path).content.decode()
    assert anybody.get("/me/reaching/email/00000000-0000-4000-8000-000000000000/x/").status_code == 404


def test_wechat_is_proved_by_a_code_that_its_gateway_heard(settings):
    client = accounts.client_of(PROVIDER)
    with reaching.gateway(settings):
        page = client.post("/me/reaching/wechat/").content.decode()
        code = re.search(r"绑定 (\d{8})", page)[1]
        said = {"code": code, "address": OPENID}
        stranger = accounts.client_of(cast.STRANGER)
        assert reaching.told(stranger, "bindings", said, at=clock.now(), secret="y" * 32).status_code == 404
        wrong = {"code": f"{(int(code) + 1) % 10**8:08d}", "address": OPENID}
        assert reaching.told(stranger, "bindings", wrong, at=clock.now()).status_code == 404
        assert reaching.told(stranger, "bindings", {"code": code, "address": "<x>"}, at=clock.now()).status_code == 422
        assert reaching.told(stranger, "bindings", said, at=clock.now()).json() == {"state": "confirmed"}
        assert reaching.told(stranger, "bindings", said, at=clock.now()).status_code == 404
    assert confirmed() == {"wechat": OPENID}


def test_in_the_demo_somebody_sends_the_wechat_code_for_one_and_nowhere_else(settings):
    client = accounts.client_of(PROVIDER)
    page = client.post("/me/reaching/wechat/").content.decode()
    code = re.search(r"绑定 (\d{8})", page)[1]
    assert "演示：替我发送" in page
    settings.PRODUCTION = True
    assert client.post("/me/reaching/wechat/play/", {"code": code}).status_code == 404
    settings.PRODUCTION = False
    assert accounts.client_of(RIVAL).post("/me/reaching/wechat/play/", {"code": code}).status_code == 404
    assert client.post("/me/reaching/wechat/play/", {"code": code}).status_code == 302
    assert list(confirmed()) == ["wechat"]


def test_the_page_does_what_the_acts_do():
    client = accounts.client_of(PROVIDER)
    assert "还没有确认" in client.get("/me/reaching/").content.decode()
    assert client.post("/me/reaching/phone/", {"address": ""}).status_code == 422
    client.post("/me/reaching/phone/", {"address": PHONE})
    assert "验证码已发往 139****0011" in client.get("/me/reaching/").content.decode()
    client.post("/me/reaching/phone/confirm/", {"code": notifier.code_for(PHONE)})
    assert confirmed() == {"phone": PHONE}
    told = {"sms": ["today", "account"], "quiet_begins": "22:00", "quiet_ends": "07:00"}
    assert client.post("/me/reaching/choices/", told).status_code == 302
    wish = accounts.user(PROVIDER).choices
    assert wish.topics["sms"] == ["today", "account"] and wish.topics["email"] == []
    assert client.post("/me/reaching/choices/", told | {"quiet_ends": ""}).status_code == 422
    assert client.post("/me/reaching/choices/", {"sms": ["everything"]}).status_code == 422
    assert PHONE not in client.get("/me/reaching/").content.decode()
    client.post("/me/reaching/phone/drop/")
    assert not Contact.objects.exists()
    for path in ("/me/reaching/pigeon/", "/me/reaching/pigeon/drop/"):
        assert client.post(path).status_code == 404
    stranger = accounts.client_of(cast.STRANGER)
    assert stranger.get("/me/reaching/").status_code == stranger.post("/me/reaching/choices/").status_code == 302
    assert accounts.client_of(OFFICER).get("/operations/gateways/").status_code == 404
    assert "正常" in accounts.client_of(cast.OPERATOR).get("/operations/gateways/").content.decode()


def test_an_address_that_was_never_proved_is_forgotten():
    reaching.named(PROVIDER, Way.PHONE, PHONE)
    ticks.forget_unconfirmed(by=SYSTEM, at=NOON + 9 * MINUTE)
    assert Contact.objects.count() == 1
    ticks.forget_unconfirmed(by=SYSTEM, at=NOON + rules.CONFIRM_WITHIN[Way.PHONE])
    assert not Contact.objects.exists()


def test_addresses_go_over_to_a_new_key(settings, tmp_path):
    user = reaching.has(PROVIDER, Way.PHONE)
    before, address = user.contacts.get().sealed, user.contacts.get().address
    held = settings.EXPERT_KEYS.read_text()
    settings.EXPERT_KEYS = tmp_path / "keys"
    settings.EXPERT_KEYS.touch(mode=0o600)
    settings.EXPERT_KEYS.write_text(f"k2 {'A' * 43}\n{held}")
    assert services.reseal(by=SYSTEM, at=NOON) == 1 and services.reseal(by=SYSTEM, at=NOON) == 0
    row = user.contacts.get()
    assert row.sealed != before and row.sealed.startswith("k2.") and row.address == address


def test_choices_of_one_are_not_another_s():
    reaching.has(PROVIDER, Way.PHONE)
    reaching.has(RIVAL, Way.PHONE)
    user = accounts.user(PROVIDER)
    services.choose(user=user, topics={Channel.SMS: []}, begins=None, ends=None, by=PROVIDER, at=NOON)
    for actor in (PROVIDER, RIVAL):
        reaching.post(actor, topic=Topic.TODAY)
    assert accounts.user(RIVAL).deliveries.get().sendings.count() == 1
    assert accounts.user(PROVIDER).deliveries.get().sendings.count() == 0
