"""Entering organisations and people, pinning keys, whose a statement is."""

import pytest

from accounts import queries, services
from accounts.models import IdentityKey, Organisation, User
from accounts.rules import Kind
from ledger import lines
from ledger.models import Entry
from proofs import canonical, ed25519
from proofs import statement as statements
from proofs.organisation import Organisation as Signer
from rulebook.actor import Role
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast
from tests.make import accounts

pytestmark = pytest.mark.django_db
TS = iso(cast.NOON)


def enter(**other):
    facts = {
        "code": cast.HETAO,
        "name": "河套仪器有限公司",
        "kind": Kind.PROVIDER,
        "by": cast.OPERATOR,
        "at": cast.NOON,
    }
    return services.create_organisation(**{**facts, **other})


def test_entering_an_organisation_twice_enters_it_once():
    enter()
    enter()

    assert Organisation.objects.count() == 1


def test_a_credit_code_cannot_be_taken_over():
    enter()

    with pytest.raises(Refused, match="accounts.code-taken"):
        enter(name="别家公司")


def test_a_person_acts_in_one_role_for_one_organisation():
    enter()
    user = services.create_user(
        username="chen", password="a long enough pass", name="陈投标", role=Role.PROVIDER, organisation=cast.HETAO,
        by=cast.OPERATOR, at=cast.NOON,
    )  # fmt: skip

    actor = user.as_actor()

    assert (actor.role, actor.organisation, actor.name) == (Role.PROVIDER, cast.HETAO, "陈投标")
    assert queries.person(actor.person) == user
    assert list(queries.people(organisation=cast.HETAO, role=Role.PROVIDER)) == [user]


def test_two_people_cannot_share_a_username():
    accounts.user(cast.OPERATOR)
    told = {"password": "a long enough pass", "name": "某人", "role": Role.EXPERT, "by": cast.OPERATOR, "at": cast.NOON}
    services.create_user(username="someone", **told)

    with pytest.raises(Refused, match="accounts.username-taken"):
        services.create_user(username="someone", **told)

    assert User.objects.filter(username="someone").count() == 1


def test_a_registered_key_is_pinned_and_public():
    accounts.key(cast.HETAO)

    assert queries.pinned_keys(cast.HETAO) == {1: accounts.signer(cast.HETAO).key}
    assert queries.key_statements(cast.HETAO) == [accounts.key_statement(cast.HETAO)]
    assert [(entry.stream, entry.kind) for entry in Entry.objects.all()] == [("keys", "accounts.key-registered")]
    assert f"单位 {cast.HETAO} 登记第 1 代身份公钥" in lines.line(Entry.objects.get())


def test_registering_the_same_statement_twice_records_it_once():
    accounts.key(cast.HETAO)
    accounts.key(cast.HETAO)

    assert IdentityKey.objects.count() == Entry.objects.count() == 1


def succeed(*, signed_by):
    """The idk/1 of generation 2, signed with the key of a generation."""
    new = accounts.signer(cast.HETAO, 2)
    fields = {"key": canonical.b64u(new.key), "not_before": TS}
    unsigned = {**fields, "v": "idk/1", "org": cast.HETAO, "gen": 2, "ts": TS}
    signature = accounts.signer(cast.HETAO, signed_by).sign(statements.message(unsigned))
    return {**unsigned, "sig": canonical.b64u(signature)}


def test_a_new_generation_signed_by_the_old_one_is_pinned_beside_it():
    accounts.key(cast.HETAO)

    services.register_key(statement=succeed(signed_by=1), by=cast.PROVIDER, at=cast.NOON)

    assert set(queries.pinned_keys(cast.HETAO)) == {1, 2}


def test_a_thief_of_the_session_cannot_pin_a_key_of_his_own():
    accounts.key(cast.HETAO)

    with pytest.raises(Refused, match="accounts.key-unsigned"):
        services.register_key(statement=succeed(signed_by=2), by=cast.PROVIDER, at=cast.NOON)

    assert set(queries.pinned_keys(cast.HETAO)) == {1}


def test_a_key_is_nobody_elses_too():
    accounts.key(cast.HETAO)
    accounts.organisation(cast.YINSHAN)
    copied = statements.sign(
        "idk/1",
        {"key": canonical.b64u(accounts.signer(cast.HETAO).key), "not_before": TS},
        by=Signer(cast.YINSHAN, 1, accounts.signer(cast.HETAO).seed),
        ts=TS,
    )

    with pytest.raises(Refused, match="accounts.key-used"):
        services.register_key(statement=copied, by=cast.RIVAL, at=cast.NOON)


@pytest.mark.parametrize("wrong", [None, [], "x", {}, {"v": "idk/1"}, {"v": "sub/1"}])
def test_what_is_no_statement_is_refused_in_words(wrong):
    with pytest.raises(Refused, match="statement.malformed"):
        services.register_key(statement=wrong, by=cast.PROVIDER, at=cast.NOON)


def test_an_organisation_that_never_entered_has_no_key():
    with pytest.raises(Refused, match="accounts.no-such-organisation"):
        services.register_key(statement=accounts.key_statement(cast.HETAO), by=cast.PROVIDER, at=cast.NOON)


def objection(**other):
    unit = {"tender": "T-1", "lot": "1", "part": "sheet"}
    return {
        **statements.sign("obj/1", {"unit": unit, "text": "有异议"}, by=accounts.signer(cast.HETAO), ts=TS),
        **other,
    }


def test_a_statement_counts_when_the_pinned_key_of_its_generation_signed_it():
    accounts.key(cast.HETAO)

    told = queries.checked(objection(), v="obj/1")

    assert queries.actor_by_statement(told).organisation == cast.HETAO
    assert queries.actor_by_statement(told).role is Role.PROVIDER
    assert queries.actor_by_statement(told, role=Role.HOLDER).role is Role.HOLDER


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"text": "没有异议"}, "statement.bad-signature"),
        ({"gen": 2}, "statement.unknown-key"),
        ({"org": cast.YINSHAN}, "statement.unknown-key"),
        ({"more": 1}, "statement.malformed"),
        ({"ts": "yesterday"}, "statement.malformed"),
        ({"v": "ack/1"}, "statement.malformed"),
    ],
)
def test_a_changed_statement_does_not_count(other, code):
    accounts.key(cast.HETAO)

    with pytest.raises(Refused, match=code):
        queries.checked(objection(**other), v="obj/1")


def test_a_key_made_for_the_test_is_a_true_ed25519_key():
    signer = accounts.signer(cast.HETAO)

    assert ed25519.verify(signer.key, signer.sign(b"x"), b"x")


def test_a_centre_stands_for_a_holder_and_the_bureau_for_the_supervision():
    for code, role in ((cast.CENTRE, Role.HOLDER), (cast.BUREAU, Role.SUPERVISOR), (cast.PLATFORM, Role.CONTRIBUTOR)):
        accounts.organisation(code)
        assert queries.actor_by_statement({"org": code}).role is role


def test_a_code_that_never_entered_is_its_own_name():
    accounts.organisation(cast.HETAO)

    assert queries.name_of(cast.HETAO) == "河套仪器有限公司"
    assert queries.name_of("unknown") == "unknown"
    assert queries.names_of({cast.HETAO, "unknown"}) == {cast.HETAO: "河套仪器有限公司", "unknown": "unknown"}
