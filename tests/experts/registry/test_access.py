"""First accounts: a slip is good once, for its own person, for a time; every other try hears the same sentence."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Attempt, Message
from experts.registry import access, slips
from experts.registry.models import AccessSlip, StandingChange
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts
from tests.make import experts as make_experts
from tests.make import registry as make

pytestmark = pytest.mark.django_db
PASSWORD = "一匹走过草原的枣红马二零二六年"  # 15 signs


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
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
    assert list(StandingChange.objects.filter(expert__number=number).values_list("what", flat=True)) == [
        "enrolled", "slip-issued", "account-opened",
    ]  # fmt: skip
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
