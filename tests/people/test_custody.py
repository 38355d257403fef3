"""Two keep the key of a house, and each has shown that he can open his copy."""

from datetime import timedelta

import pytest

from people.colleagues import services as colleagues
from people.custody import queries, rules, services
from people.custody.models import Custodian, Drill
from proofs import canonical
from proofs import statement as statements
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast
from tests.make import accounts
from tests.make.accounts import client_of
from tests.people.test_colleagues import COLLEAGUE

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PERSONS = (cast.PROVIDER, COLLEAGUE)


def signed(challenge, *, by=cast.PROVIDER, gen=1, person=""):
    fields = {"person": person or by.person, "challenge": challenge}
    return statements.sign("drill/1", fields, by=accounts.signer(by.organisation, gen), ts=iso(cast.NOON))


def refused(statement, *, by=cast.PROVIDER, at=cast.NOON):
    with pytest.raises(Refused) as refusal:
        services.drill(statement=statement, by=by, at=at)
    return refusal.value.reasons[0].code


def test_each_custodian_signs_his_own_fresh_challenge_with_the_newest_key_and_two_are_wanted(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)
    for each in (*PERSONS, cast.RIVAL):
        accounts.user(each)
    for code in (cast.HETAO, cast.YINSHAN):
        accounts.key(code)
    colleagues.appoint_first(person=cast.PROVIDER.person, by=SYSTEM, at=cast.NOON)
    assert queries.custody(cast.HETAO).lacks
    with pytest.raises(Custodian.DoesNotExist):
        services.challenge(by=COLLEAGUE, at=cast.NOON)
    for each in PERSONS:
        client_of(cast.PROVIDER).post(f"/people/{each.person}/keep")
    page = client_of(cast.PROVIDER).get("/people/custody/").content.decode()
    assert page.count("待演练") == 2 and "现在 0 人能打开" in page
    first = services.challenge(by=cast.PROVIDER, at=cast.NOON).challenge
    mine = services.challenge(by=cast.PROVIDER, at=cast.NOON).challenge
    assert first != mine and len(mine) == 64

    assert refused(signed(first)) == "custody.stale"
    assert refused(signed(mine), at=cast.NOON + rules.ANSWER_WITHIN) == "custody.stale"
    assert refused(signed(mine, person=COLLEAGUE.person)) == "custody.not-own"
    assert refused(signed(mine, by=cast.RIVAL), by=cast.PROVIDER) == "custody.not-own"
    assert refused({**signed(mine), "challenge": first}) == "statement.bad-signature"
    services.drill(statement=signed(mine), by=cast.PROVIDER, at=cast.NOON)
    assert refused(signed(mine)) == "custody.stale"  # used
    assert queries.custody(cast.HETAO).lacks and queries.custody(cast.HETAO).drilled == 1

    browser = client_of(COLLEAGUE)
    asked = browser.post("/api/custody/challenge", {}, content_type="application/json").json()
    said = signed(asked["challenge"], by=COLLEAGUE)
    answer = browser.post("/api/custody/drill", {"statement": said}, content_type="application/json")
    assert answer.json() == {"gen": 1} and not queries.custody(cast.HETAO).lacks
    assert "2 人能打开第 1 代密钥" in browser.get("/people/custody/").content.decode()

    accounts.services.register_key(
        statement=_second(), by=cast.PROVIDER, at=cast.NOON + timedelta(hours=1)
    )  # a new generation: both drill again
    assert queries.custody(cast.HETAO).lacks and Drill.objects.count() == 2
    again = services.challenge(by=cast.PROVIDER, at=cast.NOON).challenge
    assert refused(signed(again)) == "custody.old-key"
    client_of(cast.PROVIDER).post(f"/people/{COLLEAGUE.person}/unkeep")
    with pytest.raises(Custodian.DoesNotExist):
        services.challenge(by=COLLEAGUE, at=cast.NOON)


def _second():
    """Generation 2, signed by generation 1."""
    new, old = accounts.signer(cast.HETAO, 2), accounts.signer(cast.HETAO)
    said = {"key": canonical.b64u(new.key), "not_before": iso(cast.NOON), "v": "idk/1", "org": cast.HETAO, "gen": 2}
    said["ts"] = iso(cast.NOON)
    return {**said, "sig": canonical.b64u(old.sign(statements.message(said)))}
