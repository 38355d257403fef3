"""Colleagues come in by a link, are changed and blocked at once, act on what they are given, and hand over."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import inbox
from accounts import services as entered
from accounts.models import Delivery, User
from accounts.rules import Kind
from people.colleagues import queries, rules, services
from people.colleagues.models import Administrator, Invitation, Step
from people.colleagues.rules import What
from people.custody import services as keeping
from people.custody.models import Custodian
from people.powers import services as authorising
from people.powers.models import Power
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts
from tests.make.accounts import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
WORD = "xiang-ban-yi-jian-shi"
COLLEAGUE = Actor("00000000-0000-4000-8000-000000000072", Role.PROVIDER, cast.HETAO, "苏同事")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)


def house(*others: Actor) -> None:
    """A firm whose administrator is the cast's provider, with these colleagues."""
    for each in (cast.PROVIDER, *others):
        accounts.user(each)
    services.appoint_first(person=cast.PROVIDER.person, by=SYSTEM, at=cast.NOON)


def refused(service, **told) -> str:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        service(**{"by": cast.PROVIDER, "at": cast.NOON, **told})
    return refusal.value.reasons[0].code


def whats(code=cast.HETAO) -> list[str]:
    return [step.what for step in reversed(queries.steps(code))]


def test_a_link_works_once_for_seven_days_and_not_when_it_was_called_back():
    house()
    told = {"role": "provider", "name": "苏同事", "phone": "", "administers": "on"}
    head = client_of(cast.PROVIDER)
    head.post("/people/invite", told)
    link = re.search(r"data-link>([^<]+)<", head.get("/people/").content.decode())[1]
    assert "data-link" not in head.get("/people/").content.decode()  # shown once
    row = Invitation.objects.get()
    assert link.rsplit("/", 2)[1] not in str(vars(row))

    guest, path = client_of(cast.STRANGER), "/" + link.split("/", 3)[3]
    assert "河套仪器有限公司邀请您担任" in guest.get(path).content.decode()
    assert guest.post(path, {"password": "short"}).status_code == 422
    assert guest.post(path, {"password": WORD}).url == "/people/"
    user = User.objects.get(name="苏同事")
    assert user.username == cast.HETAO and user.organisation_id == cast.HETAO and user.check_password(WORD)
    assert queries.administrators(cast.HETAO).count() == 2
    assert "邀请已使用过" in client_of(cast.STRANGER).get(path).content.decode()
    assert client_of(cast.STRANGER).get("/invitations/none/").status_code == 404

    told = {**told, "administers": False}
    row, token = services.invite(**told, by=cast.PROVIDER, at=cast.NOON)
    over = cast.NOON + rules.INVITED_FOR
    assert refused(services.accept, token=token, password=WORD, at=over) == "people.invitation-over"
    assert refused(services.revoke, invitation=row.public_id, by=cast.RIVAL) == "people.not-administrator"
    client_of(cast.PROVIDER).post(f"/people/invitations/{row.public_id}/revoke")
    assert refused(services.accept, token=token, password=WORD) == "people.invitation-over"
    assert refused(services.revoke, invitation=row.public_id) == "people.not-waiting"
    assert refused(services.invite, **{**told, "role": "operator"}) == "people.no-such-role"
    assert refused(services.invite, **{**told, "phone": "1"}) == "people.phone"
    assert whats() == ["appointed", "invited", "joined", "appointed", "invited", "revoked"]


def test_nobody_but_its_administrators_decides_on_a_house_and_others_do_not_find_its_people():
    house(COLLEAGUE)
    accounts.user(cast.RIVAL)
    services.appoint_first(person=cast.RIVAL.person, by=SYSTEM, at=cast.NOON)
    page = f"/people/{COLLEAGUE.person}/"
    assert client_of(cast.PROVIDER).get(page).status_code == 200
    for other, status in ((cast.STRANGER, 302), (cast.RIVAL, 404), (COLLEAGUE, 404), (cast.EXPERT, 404)):
        client = client_of(other)
        assert [client.get(page + more).status_code for more in ("", "hand-over/")] == [status] * 2
    for what in ("appoint", "dismiss", "block", "unblock", "keep", "unkeep"):
        assert client_of(COLLEAGUE).post(f"{page}{what}").status_code == 403
        assert client_of(cast.RIVAL).post(f"{page}{what}").status_code == 404
    assert "仅本单位的单位管理员" in client_of(COLLEAGUE).get("/people/").content.decode()
    assert client_of(COLLEAGUE).get("/people/history/").status_code == 404
    assert client_of(cast.PROVIDER).get("/people/history/").status_code == 200
    assert client_of(cast.EXPERT).get("/people/").status_code == 404


def test_a_block_bites_at_the_next_word_and_the_last_administrator_stays():
    house(COLLEAGUE)
    his = client_of(COLLEAGUE)
    assert his.get("/desk/").status_code == 200
    client_of(cast.PROVIDER).post(f"/people/{COLLEAGUE.person}/block")
    assert his.get("/desk/").status_code == 302
    assert refused(services.block, person=COLLEAGUE.person) == "people.blocked-already"
    assert refused(services.appoint, person=COLLEAGUE.person) == "people.blocked"
    client_of(cast.PROVIDER).post(f"/people/{COLLEAGUE.person}/unblock")
    assert his.get("/desk/").status_code == 302  # what was open before stays shut
    assert User.objects.get(public_id=COLLEAGUE.person).is_active

    assert refused(services.block, person=cast.PROVIDER.person) == "people.myself"
    assert refused(services.dismiss, person=cast.PROVIDER.person) == "people.last-administrator"
    services.appoint(person=COLLEAGUE.person, by=cast.PROVIDER, at=cast.NOON)
    services.block(person=cast.PROVIDER.person, by=COLLEAGUE, at=cast.NOON)
    assert refused(services.dismiss, person=COLLEAGUE.person, by=COLLEAGUE) == "people.last-administrator"
    assert (
        refused(services.change_role, person=COLLEAGUE.person, role="officer", by=COLLEAGUE) == "people.role-of-another"
    )


def test_whoever_leaves_hands_everything_over_in_one_act_and_keeps_his_name_on_what_he_did():
    house(COLLEAGUE)
    heir = User.objects.get(public_id=COLLEAGUE.person)
    leaver = User.objects.get(public_id=cast.PROVIDER.person)
    authorising.give(person=leaver.public_id, number="P-1", by=cast.PROVIDER, at=cast.NOON)
    authorising.give(person=heir.public_id, number="P-1", by=cast.PROVIDER, at=cast.NOON)
    authorising.give(person=leaver.public_id, every=True, by=cast.PROVIDER, at=cast.NOON)
    services.invite(role="provider", name="蒋新人", phone="", administers=False, by=cast.PROVIDER, at=cast.NOON)
    keeping.name(person=leaver.public_id, by=cast.PROVIDER, at=cast.NOON)
    inbox.post(to_user=leaver, subject="有更正", body="请看", at=cast.NOON)
    inbox.deliver(at=cast.NOON)
    his, head = client_of(cast.PROVIDER), client_of(cast.PROVIDER)
    page = head.get(f"/people/{leaver.public_id}/hand-over/").content.decode()
    assert all(word in page for word in ("P-1", "全部项目", "蒋新人", "登记单位身份公钥", "<dd>1</dd>"))
    assert refused(services.hand_over, person=leaver.public_id, to=leaver.public_id) == "people.no-heir"
    assert head.post(f"/people/{leaver.public_id}/hand-over/").status_code == 422
    assert head.post(f"/people/{leaver.public_id}/hand-over/", {"to": "nobody"}).status_code == 422

    head.post(f"/people/{leaver.public_id}/hand-over/", {"to": str(heir.public_id)})

    assert his.get("/desk/").status_code == 302
    assert sorted(Power.objects.filter(user=heir).values_list("project_number", flat=True)) == ["", "P-1"]
    assert not Power.objects.filter(user=leaver).exists()
    assert Invitation.objects.get().by_user == heir and Delivery.objects.get(user=heir).message.subject == "有更正"
    assert [each.user for each in Administrator.objects.all()] == [heir]
    assert Custodian.objects.get(ended_at=None).user == heir
    assert Step.objects.filter(person=cast.PROVIDER.person, what=What.INVITED).exists()
    assert refused(services.unblock, person=leaver.public_id, by=COLLEAGUE) == "people.left"
    again = {"person": leaver.public_id, "to": heir.public_id, "by": COLLEAGUE}
    assert refused(services.hand_over, **again) == "people.left-already"
    assert "已离职" in client_of(COLLEAGUE).get("/people/").content.decode()


def test_system_security_and_audit_are_three_persons_by_constraint():
    accounts.user(cast.OPERATOR)
    accounts.user(cast.SECURITY)
    number = "11010519491231002X"
    told = {"password": WORD, "name": "某人", "organisation": cast.PLATFORM, "by": SYSTEM, "at": cast.NOON}
    with pytest.raises(Refused, match="accounts.steward-unknown"):
        entered.create_user(username="a", role=Role.OPERATOR, **told)
    first = entered.create_user(username="a", role=Role.OPERATOR, id_number=number, **told)
    assert number not in str(vars(first))
    for role, where in ((Role.SECURITY, cast.PLATFORM), (Role.AUDITOR, cast.BUREAU), (Role.OPERATOR, cast.PLATFORM)):
        accounts.organisation(where)
        with pytest.raises(Refused, match="accounts.steward-twice"):
            entered.create_user(username="b", role=role, id_number=number.lower(), **{**told, "organisation": where})
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(role=Role.SECURITY).update(person_tag=first.person_tag)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=first.pk).update(person_tag=None)
    # Who runs the platform does not say who acts on it, and nobody moves from one office to another.
    Administrator.objects.create(user=first, organisation_id=cast.PLATFORM, since=cast.NOON)
    Administrator.objects.create(user=User.objects.get(name="苏安全"), organisation_id=cast.PLATFORM, since=cast.NOON)
    assert refused(services.block, person=cast.SECURITY.person, by=first.as_actor()) == "people.not-security"
    moved = {"person": first.public_id, "role": "security", "by": cast.SECURITY}
    assert refused(services.change_role, **moved) == "accounts.steward-moves"
    assert rules.roles_of(Kind.PLATFORM) == [Role.CONTRIBUTOR, Role.OPERATOR, Role.SECURITY]


def test_the_security_officer_puts_a_first_administrator_where_there_is_none():
    accounts.user(cast.PROVIDER)
    accounts.user(cast.OPERATOR)
    client, told = client_of(cast.SECURITY), {"person": cast.PROVIDER.person}
    assert cast.PROVIDER.name in client.get(f"/people/first/?code={cast.HETAO}").content.decode()
    assert client_of(cast.OPERATOR).get("/people/first/").status_code == 404
    assert refused(services.appoint_first, by=cast.OPERATOR, **told) == "people.not-security-officer"
    assert client.post("/people/first/", {"person": "nobody"}).status_code == 404
    client.post("/people/first/", told)
    assert refused(services.appoint_first, by=cast.SECURITY, **told) == "people.has-administrator"
    assert queries.administers(cast.PROVIDER) and not queries.administers(cast.RIVAL)
    late = cast.NOON + timedelta(days=1)
    assert refused(services.appoint, person=cast.PROVIDER.person, at=late) == "people.administers"
