"""Which passwords will do: NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2."""

import hashlib
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import check_password as is_it
from django.contrib.auth.hashers import identify_hasher, make_password
from django.forms import PasswordInput

from accounts.factors.forms import PasswordForm
from accounts.forms import SignIn, SignUpForm
from accounts.models import User
from accounts.passwords import NotBreached, NotGuessed, is_listed
from accounts.passwords import check_password as check
from rulebook.refusal import Refused

pytestmark = pytest.mark.embedded
SOMEBODY = User(username="13904710001", name="张秀英")
SENTENCE = "河边的柳树 今年发芽早 二十棵 "


@pytest.mark.parametrize(
    "guessed",
    [
        "mingbiao1234567", "Mingbiao@ggzy2026", "明标明标明标明标明标明标明标明标", "bayannur-caigou-admin",
        "巴彦淖尔公共资源交易平台密码",
        "qwertyuiopasdfghjkl", "abcdefghijklmnopq", "987654321987654321", "aaaaaaaaaaaaaaaa", "ababababababababab",
        "1q2w3e4r5t6y7u8i9o", "13904710001张秀英", "张秀英张秀英张秀英password",
    ],
)  # fmt: skip
def test_what_everybody_would_try_is_no_password(guessed):
    with pytest.raises(Refused, match="password"):
        check(guessed, SOMEBODY)


@pytest.mark.parametrize(
    "own",
    [
        SENTENCE,
        "x" * 20 + SENTENCE * 20,
        "correct horse battery staple",
        "在中国采购 也要想八个以上别的字才行",
        "q7#Lm2!vT9$kW4z",
    ],
)
def test_any_sentence_of_ones_own_will_do_as_it_was_typed(own):
    check(own, SOMEBODY)
    if own is SENTENCE:  # each look costs a slow hash
        kept = make_password(own)
        assert is_it(own, kept) and not is_it(own.strip(), kept)


def test_what_was_breached_is_refused_where_the_list_is_given(tmp_path, settings):
    words = [f"{SENTENCE}{n}" for n in range(40)]
    hashes = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in words[:-1])
    listed = tmp_path / "breached.txt"
    listed.write_bytes(b"".join(f"{one}:{n * 977}\r\n".encode() for n, one in enumerate(hashes)))

    assert all(is_listed(listed, word) for word in words[:-1]) and not is_listed(listed, words[-1])
    NotBreached().validate(words[0])
    settings.BREACHED = str(listed)
    with pytest.raises(Refused, match="password"):
        check(words[0], SOMEBODY)
    check(words[-1], SOMEBODY)
    listed.write_bytes(b"")
    assert not is_listed(listed, words[0])


def test_every_door_that_sets_one_asks_all_of_them(settings):
    asked = [each["NAME"].rpartition(".")[2] for each in settings.AUTH_PASSWORD_VALIDATORS]
    assert asked == ["MinimumLengthValidator", "CommonPasswordValidator", "NotGuessed", "NotBreached"]
    NotGuessed().validate(SENTENCE)  # where nobody is known yet


def test_a_field_of_a_password_is_masked_and_takes_what_is_pasted():
    fields = [form.base_fields[name] for form in (SignIn, SignUpForm, PasswordForm) for name in form.base_fields
              if "password" in name or isinstance(form.base_fields[name].widget, PasswordInput)]  # fmt: skip

    assert len(fields) >= 3
    for field in fields:
        assert isinstance(field.widget, PasswordInput) and not field.strip
        assert field.widget.attrs["autocomplete"] in ("current-password", "new-password")
        assert field.max_length is None or field.max_length >= 64


def test_passwords_lie_as_argon2id(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = make_password(SENTENCE)

    told = identify_hasher(kept).decode(kept)
    assert told["variety"] == "argon2id" and told["memory_cost"] >= 19 * 1024 and told["time_cost"] >= 2
    assert all(a != b for a, b in pairwise(make_password(SENTENCE) for _ in range(2)))
