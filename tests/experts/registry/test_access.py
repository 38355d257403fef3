"""First accounts: a slip is good once, for its own person, for a time; every other try hears the same sentence."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Attempt, Message
from experts.registry import access, slips
from experts.registry.models import AccessSlip, StandingChange
from notifier import gateways
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts, notifier
from tests.make import experts as make_experts
from tests.make import registry as make

pytestmark = pytest.mark.django_db
PASSWORD = "一匹走过草原的枣红马二零二六年"  # 15 signs


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: NOON)


def test_an_expert_opens_the_account_he_was_entered_with_and_signs_in():
    number, keeper = make.brought_in(1, 2)[0].number, accounts.client_of(cast.OPERATOR)
    assert "2 名专家还没有启用账户" in keeper.get("/experts/register/slips/").content.decode()
    shown = keeper.post("/experts/register/slips/", {"new": "1"})
    words = re.findall(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", shown.content.decode())
    assert len(words) == 2 and shown["Cache-Control"] == "no-store"
    assert not AccessSlip.objects.filter(code_hash__in=words).exists()
    assert number in keeper.get("/experts/register/slips/").content.decode()
    word = next(w for w in words if AccessSlip.objects.get(code_hash=slips.digest(w)).expert.number == number)

    def tries(client, **other):
        told = {"code": word.lower(), "id_number": make.id_number(1), "password": PASSWORD, "again": PASSWORD}
        return client.post("/experts/enter/", told | other)

    fresh = Client()
    for other, text in (({"again": PASSWORD + "x"}, "两次输入的密码不一致"), ({"password": "短", "again": "短"}, "15")):
        answer = tries(fresh, **other)
        assert answer.status_code == 422 and text in answer.content.decode()
    # Another person, a word nobody has: the same answer, and each counts as a try at the door.
    wrong = [tries(fresh, id_number=make.id_number(2)), tries(fresh, code="0" * 20)]
    opened = tries(fresh)
    assert opened.status_code == 302
    wrong.append(tries(Client()))  # used
    assert {answer.status_code for answer in wrong} == {422} and Attempt.objects.count() == 3
    assert len({re.findall(r"凭证不存在[^<]*", answer.content.decode())[0] for answer in wrong}) == 1
    assert number in fresh.get("/experts/enter/done/").content.decode()
    assert fresh.get("/experts/enter/done/").status_code == 404
    assert fresh.post("/accounts/login/", {"username": number, "password": PASSWORD}).status_code == 302
    assert number in fresh.get("/experts/me/").content.decode()
    changes = StandingChange.objects.filter(expert__number=number).order_by("pk").values_list("what", flat=True)
    assert list(changes) == ["enrolled", "slip-issued", "account-opened"]
    assert Message.objects.filter(subject="账户已启用").count() == 1
    for other in (cast.OFFICER, cast.EXPERT):
        assert accounts.client_of(other).post("/experts/register/slips/").status_code == 404


def test_a_slip_ends_with_its_time_with_the_next_one_and_with_the_register():
    expert = make.brought_in(1)[0]
    tell = {"id_number": make.id_number(1), "password": PASSWORD, "by": cast.STRANGER}
    ((_, first, _),) = access.issue(experts=[expert], by=cast.OPERATOR, at=NOON)
    ((_, second, slip),) = access.issue(experts=[expert], by=cast.OPERATOR, at=NOON)
    for word, at in ((first, NOON), (second, slip.expires_at)):
        with pytest.raises(Refused, match="slip.not-good"):
            access.enter(code=word, at=at, **tell)
    nobody_known = make_experts.expert(3)  # entered without an identity number
    for who, by, code in ((expert, cast.OFFICER, "expert.not-keeper"),
                          (nobody_known, cast.OPERATOR, "slip.unidentified")):  # fmt: skip
        with pytest.raises(Refused, match=code):
            access.issue(experts=[who], by=by, at=NOON)
    access.enter(code=second, at=slip.expires_at - timedelta(seconds=1), **tell)
    with pytest.raises(Refused, match="slip.opened"):
        access.issue(experts=[expert], by=cast.OPERATOR, at=NOON)


class Tower:
    """A gateway that writes down what it is given, and takes nothing while it is down."""

    def __init__(self):
        self.given, self.down = [], False

    def send(self, message):
        if self.down:
            raise gateways.Undelivered("Tower")
        self.given.append(message)
        return False


def test_slips_go_by_the_gateway_where_that_is_asked_for_and_are_printed_all_the_same(monkeypatch):
    tower = Tower()
    monkeypatch.setattr(notifier.running(), "gateway", lambda channel: tower)
    expert, keeper = make.brought_in(1)[0], accounts.client_of(cast.OPERATOR)
    page = f"/experts/register/{expert.public_id}/slip/"

    assert "短信" not in keeper.post(page).content.decode().split("<main")[1] and not tower.given
    shown = keeper.post(page, {"send": "yes"}).content.decode()
    (word,) = re.findall(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", shown)
    (said,) = tower.given
    assert "已交短信网关" in shown and word in said.words and "/experts/enter/" in said.words
    assert (said.channel, said.to) == ("sms", str(expert.public_id)) and make.id_number(1) not in said.words
    kept = notifier.running().store.last_sent(1)[0]
    assert kept["number"] == expert.number and word not in kept["words"]  # the notifier keeps no word of it
    tower.down = True
    shown = keeper.post("/experts/register/slips/", {"send": "yes"}).content.decode()
    assert "短信没有送出" in shown and re.findall(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", shown)


def test_who_lost_his_password_gets_a_slip_by_two_keepers_and_the_old_one_holds_until_it_is_used():
    expert = make.brought_in(1)[0]
    tell = {"id_number": make.id_number(1), "by": cast.STRANGER, "at": NOON}
    one, other = accounts.client_of(cast.OPERATOR), accounts.client_of(cast.SUPERVISOR)
    page = f"/experts/register/{expert.public_id}/"

    def asks(client, **told):
        return client.post(f"{page}slip/ask/", {"reason": "本人持身份证到场"} | told).status_code

    def decides(client, outcome="agree", seen=1):
        return client.post(f"{page}slip/decide/", {"outcome": outcome, "seen": seen})

    assert (asks(one), decides(one).status_code) == (409, 409)  # never opened; nothing asked
    ((_, word, _),) = access.issue(experts=[expert], by=cast.OPERATOR, at=NOON)
    access.enter(code=word, password=PASSWORD, **tell)
    signed_in = Client()
    login = {"username": expert.user.username, "password": PASSWORD}
    signed_in.post("/accounts/login/", login)
    assert (asks(accounts.client_of(cast.OFFICER)), asks(one, reason="x")) == (404, 422)
    assert (asks(one), asks(other), decides(one).status_code) == (302, 409, 403)
    assert "待另一名管理人员复核" in one.get(page).content.decode() and "复核并发放" in other.get(page).content.decode()
    assert decides(other, "drop").status_code == 302 and asks(other) == 302
    assert decides(one).status_code == 409  # he read the one that was dropped
    shown = decides(one, **accounts.seen_on(one.get(page), "slip/decide/"))
    (word,) = re.findall(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", shown.content.decode())
    assert shown["Cache-Control"] == "no-store" and decides(one).status_code == 409
    assert signed_in.get("/experts/me/").status_code == 200
    with pytest.raises(Refused, match="slip.not-good"):
        access.enter(code=word, password=PASSWORD, **tell | {"id_number": make.id_number(2)})

    access.enter(code=word, password=PASSWORD + "新", **tell)

    assert signed_in.get("/experts/me/").status_code == 302  # whoever was signed in with the old one is out
    assert Client().post("/accounts/login/", login).status_code != 302
    assert Client().post("/accounts/login/", login | {"password": PASSWORD + "新"}).status_code == 302
    with pytest.raises(Refused, match="slip.not-good"):
        access.enter(code=word, password=PASSWORD, **tell)
    assert list(StandingChange.objects.filter(expert=expert).values_list("what", flat=True)) == [
        "enrolled", "slip-issued", "account-opened", "slip-asked", "slip-asked", "slip-issued", "account-opened",
    ]  # fmt: skip
    assert Message.objects.filter(subject="账户凭证").count() == 2
