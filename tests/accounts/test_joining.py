"""Signing up: a code to the telephone, that lasts and is tried so often; nobody learns which number is known."""

from datetime import timedelta

import pytest

from accounts import joining, rules, services
from accounts.models import SignUp, User
from accounts.passwords import check_password
from rulebook.actor import STRANGER
from rulebook.refusal import Refused
from tests import cast
from tests.make import notifier
from tests.make.accounts import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PHONE, WORD = "13904700001", "xiang-ban-yi-jian-shi"


def begun(at=cast.NOON, phone=PHONE, source="10.0.0.1"):
    return joining.begin(name="张秀英", phone=phone, password=WORD, source=source, by=STRANGER, at=at)


def tried(row, code, at=cast.NOON):
    return joining.confirm_citizen(sign_up=row.public_id, code=code, by=STRANGER, at=at)


def refused(*args, **told):
    with pytest.raises(Refused) as refusal:
        begun(*args, **told) if not args or not isinstance(args[0], SignUp) else tried(*args, **told)
    return refusal.value.reasons[0].code


def test_nobody_is_entered_before_the_code_comes_back_and_nothing_typed_is_kept_after():
    row = begun()
    assert not User.objects.exists() and WORD not in row.password and row.code_hash != notifier.code_for(PHONE)

    user = tried(row, notifier.code_for(PHONE))

    assert user.username == PHONE and user.check_password(WORD) and user.organisation.name == "张*"
    row.refresh_from_db()
    assert (row.facts, row.password, row.code_hash) == ({}, "", "")
    assert refused(row, "000000") == "accounts.code-over"  # used


def test_a_code_lasts_ten_minutes_and_five_tries_each_counted():
    row = begun()
    good = notifier.code_for(PHONE)
    wrong = f"{(int(good) + 1) % 10**6:06d}"
    assert refused(row, good, at=cast.NOON + rules.CODE_LASTS) == "accounts.code-over"
    for _ in range(rules.CODE_TRIES):
        assert refused(row, wrong) == "accounts.code-wrong"
    assert refused(row, good) == "accounts.code-over"

    later = cast.NOON + timedelta(minutes=2)
    joining.send_again(sign_up=row.public_id, by=STRANGER, at=later)
    fresh = notifier.code_for(PHONE)
    assert tried(row, fresh, at=later).username == PHONE


def test_a_telephone_and_a_place_get_so_many_codes_an_hour():
    begun()
    assert refused() == "accounts.code-soon"
    for n in range(1, rules.CODES_AN_HOUR):
        begun(cast.NOON + n * timedelta(minutes=2))
    assert refused(cast.NOON + timedelta(minutes=20)) == "accounts.code-often"
    for n in range(rules.CODES_OF_SOURCE - rules.CODES_AN_HOUR):
        begun(phone=f"139047100{n:02d}", source="10.0.0.1")
    assert refused(phone="13904720000") == "accounts.code-often"
    assert begun(phone="13904720000", source="10.0.0.2")

    services.forget_attempts(at=cast.NOON + timedelta(hours=3))
    assert not SignUp.objects.exists()  # nobody confirmed


def test_a_known_number_answers_like_any_other_and_only_its_telephone_is_told():
    tried(begun(), notifier.code_for(PHONE))
    later = cast.NOON + timedelta(minutes=5)

    again, other = begun(later), begun(later, phone="13904700002")

    assert "您已有账户" in notifier.last_words(PHONE)
    codes = [refused(row, "000000", at=later) for row in (again, other)]
    assert codes[0] == codes[1] == "accounts.code-wrong"
    pages = []
    for row in (again, other):
        page = client_of(cast.STRANGER).get(f"/accounts/sign-up/{row.public_id}/").content.decode()
        pages.append(page.partition("<main")[2].replace(str(row.public_id), "").replace("0001", "").replace("0002", ""))
    strip = [page.partition('name="csrfmiddlewaretoken"')[0] for page in pages]
    assert strip[0] == strip[1]


def test_where_no_message_can_be_sent_it_says_so(settings, monkeypatch):
    monkeypatch.setattr("notifier.client._post", lambda *_: (502, b'{"why": "full"}'))
    assert refused() == "accounts.code-unsent"


def test_a_short_password_is_refused_in_chinese() -> None:
    with pytest.raises(Refused) as refused:
        check_password("短", User(username=PHONE, name="张秀英"))

    assert refused.value.reasons[0].sentence() == "密码太短，至少15个字；可以是一句只有您知道的话"
