"""Access restored by two persons: who may, what the code is worth, and that nothing else is touched."""

import pytest
from django.test import Client

from accounts.models import AccessReset, Message, User
from accounts.resets import rules, services
from accounts.resets.rules import Lost
from rulebook.actor import Actor, Role
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts
from tests.make.factors import PASSWORD, authenticator, code, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
FIRST, SECOND, ALONE = (
    Actor(f"00000000-0000-4000-8000-0000000009{n}", Role.PROVIDER, cast.HETAO, name=name)
    for n, name in ((91, "郭同事"), (92, "何同事"), (93, "高同事"))
)
OPERATORS = (
    cast.OPERATOR,
    Actor("00000000-0000-4000-8000-000000000994", Role.OPERATOR, cast.PLATFORM, name="郑运维"),
)
WHY = {"reason": "手机随离职人员带走", "identity": "当面核对身份证件"}


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    now = [cast.NOON]
    monkeypatch.setattr("rulebook.clock.now", lambda: now[0])
    return now


@pytest.fixture
def firm():
    """Three people of one firm; the first has lost his telephone."""
    authenticator(cast.PROVIDER)
    for actor in (FIRST, SECOND, cast.RIVAL, *OPERATORS):
        accounts.user(actor, password=PASSWORD)
    return accounts.user(cast.PROVIDER)


def asked(user, by=FIRST, lost=Lost.FACTOR, at=cast.NOON, **told):
    return services.ask_reset(user=user, lost=lost, **{**WHY, **told}, by=by, at=at)


def confirmed(row, by=SECOND, at=cast.NOON, reason="打工作电话回拨确认"):
    return services.confirm_reset(reset=row.public_id, reason=reason, by=by, at=at)[1]


def refusal(act, *args, **told):
    with pytest.raises(Refused) as refused:
        act(*args, **told)
    return refused.value.reasons[0].code


def test_who_may_vouch_for_whom():
    def why(by, vouchers=2, cooling=False, may=True):
        told = {"subject": cast.PROVIDER.person, "organisation": cast.HETAO, "vouchers": vouchers, "may": may}
        return [reason.code for reason in rules.why_not_vouch(**told, cooling=cooling, by=by)]

    assert why(FIRST) == []
    assert why(cast.PROVIDER) == ["accounts.reset-own"]
    assert why(cast.RIVAL) == why(cast.SUPERVISOR) == ["accounts.reset-stranger"]
    assert why(cast.OPERATOR) == ["accounts.reset-house"]
    assert why(cast.OPERATOR, vouchers=1, may=False) == why(FIRST, vouchers=1) == []
    assert why(FIRST, may=False) == ["accounts.reset-administrators"]
    assert why(FIRST, cooling=True) == ["accounts.cooling"]
    nobody = {"subject": cast.EXPERT.person, "organisation": "", "vouchers": 0, "may": False, "cooling": False}
    assert rules.why_not_vouch(**nobody, by=cast.OPERATOR) == ()
    assert rules.why_not_vouch(**nobody, by=Actor("x", Role.EXPERT))[0].code == "accounts.reset-stranger"


def test_two_other_persons_once_each_and_in_a_day(firm):
    assert refusal(asked, firm, by=cast.PROVIDER) == "accounts.reset-own"
    assert refusal(asked, firm, by=cast.RIVAL) == "accounts.reset-stranger"
    assert refusal(asked, firm, by=cast.OPERATOR) == "accounts.reset-house"
    assert refusal(asked, firm, reason=" ", identity="x") == "accounts.reset-reason"
    row = asked(firm)
    assert refusal(asked, firm, by=SECOND) == "accounts.reset-asked"
    assert refusal(confirmed, row, by=FIRST) == "accounts.reset-two"
    assert refusal(confirmed, row, by=cast.PROVIDER) == "accounts.reset-own"
    assert refusal(confirmed, row, reason="") == "accounts.reset-checked"
    assert refusal(confirmed, row, at=cast.NOON + cast.DAY) == "accounts.reset-over"
    confirmed(row)
    assert refusal(confirmed, row) == "accounts.reset-over"
    assert refusal(services.drop_reset, reset=row.public_id, by=SECOND, at=cast.NOON) == "accounts.reset-settled"

    told = Message.objects.filter(to_organisation=cast.HETAO)
    assert [message.subject for message in told.order_by("id")] == ["有人申请恢复登录", "登录已由两人恢复"]
    assert not Message.objects.filter(to_role=Role.OPERATOR).exists()


def test_the_code_stands_once_for_the_factor_and_removes_nothing(firm, noon):
    made = confirmed(asked(firm))
    assert made.replace("-", "") not in str(list(AccessReset.objects.values()))
    client, thief = Client(), Client()
    for each in (client, thief):
        assert sign_in(cast.PROVIDER, client=each).url == "/accounts/second/"
    without = Client().post("/accounts/second/", {"_proof_code": made})
    assert without.status_code == 409  # the password comes first

    assert client.post("/accounts/second/", {"_proof_code": made}).url == "/desk/"
    assert thief.post("/accounts/second/", {"_proof_code": made}).status_code == 422  # used
    assert firm.authenticator.last_step == 0 and User.objects.get(pk=firm.pk).authenticator

    # today's work goes on; what would shut the owner out waits a day, and the record shows it
    removal = client.post("/accounts/authenticator/remove/", HTTP_ACCEPT="application/json")
    assert removal.json()["reasons"][0]["code"] == "accounts.cooling"
    assert refusal(asked, accounts.user(FIRST), by=cast.PROVIDER) == "accounts.cooling"
    assert "恢复后二十四小时内" in client.get("/accounts/resets/").content.decode()
    told = {"statement": accounts.key_statement(cast.HETAO)}
    assert client.post("/api/keys", told, content_type="application/json").status_code == 409
    noon[0] += cast.DAY
    assert sign_in(cast.PROVIDER, client=thief).url == "/accounts/second/"
    assert thief.post("/accounts/second/", {"_proof_code": code(noon[0])}).status_code == 302
    assert thief.post("/accounts/authenticator/remove/").status_code == 302


def test_a_code_is_over_after_two_hours_or_another(firm, noon):
    first = confirmed(asked(firm))
    second = confirmed(asked(firm, at=cast.NOON + cast.MINUTE), at=cast.NOON + cast.MINUTE)
    noon[0] += 2 * cast.MINUTE
    client = Client()
    sign_in(cast.PROVIDER, client=client)
    assert client.post("/accounts/second/", {"_proof_code": first}).status_code == 422
    noon[0] += 2 * cast.HOUR
    sign_in(cast.PROVIDER, client=client)
    assert client.post("/accounts/second/", {"_proof_code": second}).status_code == 422


def test_a_lost_password_is_replaced_and_the_factor_still_asked_for(firm, noon):
    made = confirmed(asked(firm, lost=Lost.PASSWORD))
    fresh = "a quite different phrase"

    def lost(username, told, word=fresh):
        return Client().post("/accounts/lost/", {"username": username, "code": told, "fresh": word})

    known, unknown = lost("u11", "0" * 20), lost("nobody", "0" * 20)
    assert known.status_code == unknown.status_code == 422
    assert [len(each.content) for each in (known, unknown)][0] - len(unknown.content) in range(-20, 20)
    assert lost("u12", made).status_code == 422  # somebody else's
    assert lost("u11", made, "short").status_code == 422
    assert lost("u11", made).url == "/accounts/login/"
    assert lost("u11", made).status_code == 422  # used

    client = Client()
    told = {"username": "u11", "password": fresh}
    assert client.post("/accounts/login/", told).url == "/accounts/second/"
    assert client.post("/accounts/second/", {"_proof_code": made}).status_code == 422


def test_a_house_of_one_is_helped_by_two_operators(noon):
    user = accounts.user(cast.RIVAL, password=PASSWORD)
    for actor in OPERATORS:
        accounts.user(actor, password=PASSWORD)
    desk = accounts.client_of(cast.OPERATOR)
    assert "褚投标" not in desk.get("/accounts/resets/").content.decode()
    assert "褚投标" in desk.get("/accounts/resets/?named=u12").content.decode()
    told = {"person": str(user.public_id), "lost": "factor", **WHY}
    assert desk.post("/accounts/resets/?named=u12", told).status_code == 302
    row = AccessReset.objects.get()
    assert desk.post(f"/accounts/resets/{row.public_id}/confirm/", {"reason": "核对了身份证"}).status_code == 403

    second = accounts.client_of(OPERATORS[1])
    page = second.post(f"/accounts/resets/{row.public_id}/confirm/", {"reason": "核对了身份证"})

    assert "data-reset-code" in page.content.decode()
    assert Message.objects.filter(to_organisation=cast.YINSHAN).count() == 2


def test_other_houses_see_nothing_of_it(firm):
    row = asked(firm)
    for actor in (cast.RIVAL, cast.SUPERVISOR, cast.OPERATOR):
        client = accounts.client_of(actor)
        assert "陈投标" not in client.get("/accounts/resets/").content.decode()
        for act in ("confirm", "drop"):
            assert client.post(f"/accounts/resets/{row.public_id}/{act}/", {"reason": "核对过"}).status_code == 404
    assert Client().get("/accounts/resets/").status_code == 302
    own = accounts.client_of(cast.PROVIDER)
    assert own.post(f"/accounts/resets/{row.public_id}/drop/").status_code == 302  # it is he, and he has lost nothing
