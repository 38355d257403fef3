"""What proves who somebody is: the rules alone."""

import pytest

from accounts.factors import rules, totp
from accounts.rules import HOUSES, Kind
from rulebook.actor import Role
from tests import cast
from tests.make.factors import SECRET, code


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.mark.parametrize("role", HOUSES)
def test_everybody_but_a_citizen_needs_a_second_factor(role):
    assert all(rules.must_have_second(kind=kind, role=role) for kind in (None, *Kind) if kind is not Kind.CITIZEN)
    assert not rules.must_have_second(kind=Kind.CITIZEN, role=Role.OFFICER)


def test_a_proof_stands_five_minutes_and_not_from_the_future():
    at = cast.NOON
    assert rules.is_fresh(at, at=at)
    assert rules.is_fresh(at, at=at + 5 * cast.MINUTE - cast.MINUTE / 60)
    assert not rules.is_fresh(at, at=at + 5 * cast.MINUTE)
    assert not rules.is_fresh(at, at=at - cast.MINUTE)
    assert not rules.is_fresh(None, at=at)


def test_a_sign_in_that_began_is_finished_within_ten_minutes():
    assert rules.why_not_go_on(began_at=cast.NOON, at=cast.NOON + 9 * cast.MINUTE) == ()
    for began in (None, cast.NOON + cast.MINUTE, cast.NOON - 10 * cast.MINUTE):
        assert codes(rules.why_not_go_on(began_at=began, at=cast.NOON)) == ["accounts.sign-in-over"]


def test_five_codes_after_one_password():
    assert rules.why_not_try_code(rules.TRIES) == ()
    assert codes(rules.why_not_try_code(rules.TRIES + 1)) == ["accounts.factor-tries"]


def test_the_last_factor_stays_where_one_is_needed_and_all_stay_after_a_reset():
    assert rules.why_not_remove(left=0, needed=False, cooling=False) == ()
    assert rules.why_not_remove(left=1, needed=True, cooling=False) == ()
    assert codes(rules.why_not_remove(left=0, needed=True, cooling=False)) == ["accounts.factor-last"]
    assert codes(rules.why_not_remove(left=3, needed=False, cooling=True)) == ["accounts.cooling"]
    assert codes(rules.why_not_add_passkey(has=rules.PASSKEYS)) == ["accounts.passkeys-many"]


def test_codes_of_rfc_6238_and_a_telephone_half_a_minute_off():
    secret = b"12345678901234567890"  # appendix B, its last six digits
    at = cast.NOON.fromtimestamp(1111111109, tz=cast.NOON.tzinfo)
    assert totp.step_of(secret, "081804", at=at) == 1111111109 // 30
    assert totp.step_of(SECRET, code(cast.NOON - cast.MINUTE / 2), at=cast.NOON) is not None
    assert totp.step_of(SECRET, code(cast.NOON - 2 * cast.MINUTE), at=cast.NOON) is None
    assert totp.step_of(SECRET, "not a code", at=cast.NOON) is None


def test_a_secret_is_sealed_under_the_house_s_own(settings):
    sealed = totp.seal(SECRET)
    assert SECRET.hex() not in sealed and totp.unseal(sealed) == SECRET
    settings.SECRET_KEY = "another"
    assert totp.unseal(sealed) is None
