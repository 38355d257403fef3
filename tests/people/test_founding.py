"""A platform begins with three persons: invited on its server, once, each into an office of his own."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Organisation, User
from people.colleagues import founding, queries, rules
from people.colleagues.models import Invitation
from rulebook.actor import SYSTEM, Role
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PLATFORM, BUREAU = "91152900MA0A00003C", cast.BUREAU
WORD = "xiang-ban-yi-jian-shi"
IDS = ("152801199001010012", "152801199001010020", "152801199001010039")
NAMES = {Role.SECURITY: "赵安全", Role.OPERATOR: "吴运维", Role.AUDITOR: "李审计"}
FACTS = {"platform": (PLATFORM, "明标平台运营中心"), "watching": (BUREAU, "河套市财政局", "regulator"), "names": NAMES}


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("rulebook.clock.system", lambda: cast.NOON)


def command(**names):
    told, said = {role.value: name for role, name in NAMES.items()} | names, io.StringIO()
    call_command("first_people", platform=FACTS["platform"], watching=FACTS["watching"][:2], **told, stdout=said)
    return said.getvalue()


def codes(**other):
    told = {"held": set(), "names": NAMES, "one_house": False, "kind": "regulator", "by": SYSTEM} | other
    return [each.code for each in rules.why_not_found(**told)]


def test_three_offices_three_persons_two_houses():
    assert codes() == []
    assert codes(by=cast.OPERATOR) == codes(by=cast.STRANGER) == ["people.not-system"]
    assert codes(held={*NAMES}) == codes(held={Role.SECURITY}) == ["people.founded"]
    assert codes(held={Role.SECURITY, Role.OPERATOR}) == codes(held={Role.OPERATOR}) == []
    assert codes(one_house=True) == codes(kind="provider") == ["people.audits-itself"]
    assert codes(names=NAMES | {Role.AUDITOR: " 赵安全"}) == ["people.three-offices"]
    assert codes(names={}) == ["people.no-name", "people.three-offices"]


def test_an_empty_platform_gets_its_three_by_links_that_work_once_and_nobody_after_them():
    said = command()
    lost, links = re.findall(r"/invitations/\S+", said), re.findall(r"/invitations/\S+", command())
    assert len(lost) == len(links) == 3 and not set(lost) & set(links)
    assert not any(link.split("/")[2] in str(list(Invitation.objects.values())) for link in links)
    client = Client()
    assert "邀请已失效" in client.get(lost[0]).content.decode()
    told = {"password": WORD, "again": WORD}
    for link, number in zip(links, IDS, strict=True):
        assert Client().post(link, {**told, "id_number": number}).status_code == 302
    assert [user.role for user in User.objects.order_by("pk")] == ["security", "operator", "auditor"]
    security = User.objects.get(role="security")
    assert [user.pk for user in queries.administrators(PLATFORM)] == [security.pk]
    assert not queries.administrators(BUREAU).exists()
    assert "邀请已使用过" in client.get(links[0]).content.decode()
    for again in ({}, {"security": "另一人"}):
        with pytest.raises(CommandError, match="平台已有安全管理员"):
            command(**again)
    assert Invitation.objects.filter(used_at=None, revoked_at=None).count() == 0


def test_whoever_holds_one_office_comes_into_no_other():
    links = founding.found(**FACTS, by=SYSTEM, at=cast.NOON)
    for role, ok in ((Role.SECURITY, True), (Role.OPERATOR, False)):
        path = "/invitations/" + links[role].split("/invitations/")[1]
        answer = Client().post(path, {"password": WORD, "again": WORD, "id_number": IDS[0]})
        assert (answer.status_code == 302) is ok
    assert User.objects.count() == 1


def test_a_refused_beginning_leaves_nothing_behind():
    accounts.user(cast.PROVIDER)
    before = Organisation.objects.count()
    with pytest.raises(Refused, match=r"people\.audits-itself"):
        founding.found(**FACTS | {"watching": (PLATFORM, "明标平台运营中心", "regulator")}, by=SYSTEM, at=cast.NOON)
    assert (Organisation.objects.count(), Invitation.objects.count()) == (before, 0)
