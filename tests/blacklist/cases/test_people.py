"""Cases about persons: chosen by what papers say of them, known by a keyed hash, shown by a mask."""

import re

import pytest

from blacklist.cases.models import Case, Restriction
from blacklist.cases.process import Terms
from blacklist.cases.rules import Body, Kind
from market.projects import gate
from market.projects.models import Project
from tests import cast
from tests.make import accounts, blacklist, cases, experts, providers

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PAGE = "/cases/report/person/"
BOSS = {"find": "1", "name": "陈河", "firm": cast.NAMES[cast.HETAO]}
CHARGE = {"ground": "lending", "occurred_on": "2026-11-20", "facts": cases.FACTS}


@pytest.fixture(autouse=True)
def world(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)
    accounts.world()
    providers.entered(legal_rep_id=blacklist.PERSON)
    providers.employed()


def asked(actor, **told):
    answer = accounts.client_of(actor).post(PAGE, told)
    return answer.status_code, answer.content.decode()


def offered(page):
    return re.findall(r'name="person" value="([^"]+)"', page)


def test_a_person_is_chosen_by_name_and_firm_or_by_certificate_and_is_shown_masked():
    status, page = asked(cast.OFFICER, **BOSS)
    assert status == 200 and offered(page) == [f"rep-{cast.HETAO}"]
    assert "陈*" in page and "法定代表人" in page
    for firm in (cast.HETAO.lower(), cast.NAMES[cast.HETAO]):
        assert len(offered(asked(cast.OFFICER, find="1", name="苏布德", firm=firm)[1])) == 1
    _, page = asked(cast.OFFICER, find="1", certificate="CH-1")
    assert "苏**" in page and "证书尾号 CH-1" in page
    for nobody in ({"name": "陈河", "firm": cast.NAMES[cast.YINSHAN]}, {"certificate": "CH-2"}, {"certificate": "0"}):
        assert "没有查到这个人" in asked(cast.OFFICER, find="1", **nobody)[1]
    assert asked(cast.OFFICER, find="1", name="陈河")[0] == 422
    assert asked(cast.RIVAL, **BOSS)[0] == 403


def test_who_is_in_the_register_of_experts_only_its_keepers_learn():
    (row,) = experts.register(1)
    told = {"find": "1", "certificate": row.number}
    assert "没有查到这个人" in asked(cast.OPERATOR, **told)[1]  # his identity is not known to the register
    row.user.dossier.id_tag = "e" * 64
    row.user.dossier.save()
    (ref,) = offered(asked(cast.OPERATOR, **told)[1])
    assert not offered(asked(cast.OFFICER, **told)[1]) + offered(asked(cast.WITNESS, **told)[1])
    assert "没有查到这个人" in asked(cast.OFFICER, person=ref, **CHARGE)[1]
    assert asked(cast.OPERATOR, person=ref, **CHARGE | {"ground": "expert-partial"})[0] == 302
    assert (Case.objects.get().subject, Case.objects.get().party_person) == ("e" * 64, str(row.user.public_id))


def test_a_restriction_of_its_legal_representative_keeps_a_firm_out_and_names_nobody(monkeypatch):
    (ref,) = offered(asked(cast.OFFICER, **BOSS)[1])
    assert asked(cast.OFFICER, person=ref, **CHARGE | {"ground": "late"})[0] == 422  # a firm's, no person's
    assert asked(cast.OFFICER, person="rep-nobody", **CHARGE)[0] == 422  # nobody: looked up again
    assert asked(cast.OFFICER, person=ref, **CHARGE)[0] == 302
    row = Case.objects.get()
    assert (row.body, row.party_org, row.subject) == (Body.PERSON, cast.HETAO, row.subject.lower())
    assert blacklist.PERSON not in str(list(Case.objects.values()))
    mine = accounts.client_of(cast.OFFICER).get("/cases/").content.decode()
    assert "陈*" in mine and "陈河" not in mine

    told = cases.of_person(ref, facts=cases.FACTS, terms=Terms(0, Kind.REMOVAL, 12))
    (removal,) = cases.served(**told)
    project = Project(buyer_id=cast.BUYER, method="random", edition="zjcs-random")
    monkeypatch.setattr("rulebook.clock.now", lambda: removal.starts_at)
    public = accounts.client_of(cast.STRANGER).get("/restrictions/").content.decode()
    assert "陈*" in public
    for word in ("陈河", cast.HETAO, removal.subject, cast.NAMES[cast.HETAO]):
        assert word not in public
    party = accounts.client_of(cast.PROVIDER).get(f"/cases/{removal.case.public_id}/decision/").content.decode()
    assert "陈*" in party and removal.subject not in party
    assert accounts.client_of(cast.RIVAL).get(f"/cases/{removal.case.public_id}/").status_code == 404
    assert Restriction.objects.get().ends_at > removal.starts_at
    assert gate.why_not_banned(project, org=cast.HETAO, at=removal.starts_at)
    assert not gate.why_not_banned(project, org=cast.YINSHAN, at=removal.starts_at)
