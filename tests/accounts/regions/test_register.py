"""The register of regions, and how far an office reaches: two of the three offices say so, or nothing changes."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts import inbox
from accounts.models import Delivery, Region, RegionAct, User
from accounts.regions import queries, rules, services
from accounts.regions.rules import Act
from accounts.services import create_user
from ledger.models import Entry
from ledger.queries import facts_of
from rulebook.actor import SYSTEM, Role
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
AT = cast.NOON
CITY = {"act": Act.ENTER, "code": "1508", "name": "河套市", "name_mn": "ᠬᠡᠲᠠᠤ", "body": cast.BUREAU, "phone": "0478-1"}


def two(by=cast.OPERATOR, second=cast.SECURITY, **told):
    return services.confirm(public_id=services.propose(**told, by=by, at=AT).public_id, by=second, at=AT)


def codes(refused):
    return {reason.code for reason in refused.value.reasons}


def test_two_offices_enter_a_region_and_one_alone_changes_nothing():
    accounts.world()
    made = services.propose(**CITY, by=cast.OPERATOR, at=AT)
    assert not Region.objects.exists() and not Entry.objects.filter(kind="accounts.region-entered").exists()

    same_office = replace(cast.OPERATOR, person=cast.AUDITOR.person)
    posted = replace(cast.SECURITY, region="1508")
    for second in (cast.OPERATOR, same_office, cast.SUPERVISOR, cast.OFFICER, cast.STRANGER, posted):
        with pytest.raises(Refused):
            services.confirm(public_id=made.public_id, by=second, at=AT)
    services.confirm(public_id=made.public_id, by=cast.AUDITOR, at=AT)

    (city,) = queries.regions()
    assert (city.code, city.name, city.body_id, city.digits) == ("1508", "河套市", cast.BUREAU, "150800")
    (entry,) = Entry.objects.filter(kind="accounts.region-entered")
    assert facts_of(entry)["offices"] == ["auditor", "operator"]
    for again in (services.confirm, services.drop):
        with pytest.raises(Refused, match="regions.over"):
            again(public_id=made.public_id, by=cast.SECURITY, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():  # the table knows it too
        RegionAct.objects.filter(pk=made.pk).update(confirmed_role="operator")


def test_everything_that_is_wrong_with_a_region_is_said_at_once():
    accounts.world()
    with pytest.raises(Refused) as refused:
        services.propose(act=Act.ENTER, code="1500", name=" ", body=cast.HETAO, by=cast.OPERATOR, at=AT)
    assert codes(refused) == {"regions.code", "regions.name", "regions.body"}
    for who in (cast.SUPERVISOR, cast.OFFICER, cast.STRANGER, SYSTEM, replace(cast.OPERATOR, region="1508")):
        with pytest.raises(Refused) as refused:
            services.propose(**CITY, by=who, at=AT)
        assert codes(refused) <= {"regions.not-steward", "regions.not-everywhere"}


def test_an_office_reaches_its_region_and_somebody_of_it_always_reaches_everywhere():
    accounts.world()
    two(**CITY)
    person = accounts.user(cast.SUPERVISOR).public_id
    two(act=Act.POST, person=person, code="1508")
    assert User.objects.get(public_id=person).as_actor() == replace(cast.SUPERVISOR, region="1508")
    assert facts_of(Entry.objects.get(kind="accounts.office-posted"))["region"] == "1508"

    second = accounts.user(cast.SECOND_SUPERVISOR).public_id
    for told, code in (
        ({"person": second, "code": "1508"}, "regions.last-everywhere"),
        ({"person": accounts.user(cast.WITNESS).public_id, "code": "1507"}, "regions.unknown"),
        ({"person": accounts.user(cast.PROVIDER).public_id, "code": "1508"}, "regions.nobody"),
    ):
        with pytest.raises(Refused, match=code):
            services.propose(act=Act.POST, **told, by=cast.OPERATOR, at=AT)
    with pytest.raises(Refused, match="regions.posted"):
        services.propose(act=Act.STRIKE, code="1508", by=cast.OPERATOR, at=AT)
    own = services.propose(
        act=Act.POST, person=accounts.user(cast.WITNESS).public_id, code="1508", by=cast.AUDITOR, at=AT
    )
    RegionAct.objects.filter(pk=own.pk).update(user=accounts.user(cast.SECURITY))
    with pytest.raises(Refused, match="regions.own"):
        services.confirm(public_id=own.public_id, by=cast.SECURITY, at=AT)

    two(act=Act.POST, person=person, code="")
    two(act=Act.STRIKE, code="1508")
    assert not queries.regions() and rules.served("150802", []) == ""


def test_an_office_is_told_of_what_lies_where_it_reaches():
    accounts.world()
    city, away = (replace(cast.SUPERVISOR, person=f"00000000-0000-4000-8000-0000000009{n}", region=region, name=region)
                  for n, region in ((11, "1529"), (12, "1508")))  # fmt: skip
    for actor in (city, away):
        accounts.user(actor)

    inbox.post(to_role=Role.SUPERVISOR, region="152921", subject="旗里的事", body="", at=AT)
    inbox.post(to_role=Role.SUPERVISOR, region="", subject="不在哪里的事", body="", at=AT)
    inbox.post(to_organisation=cast.BUREAU, to_role=Role.SUPERVISOR, subject="本单位的事", body="", at=AT)
    inbox.deliver(at=AT)

    told = {(each.user.name, each.message.subject) for each in Delivery.objects.select_related("user", "message")}
    everywhere = {cast.SUPERVISOR.name, cast.SECOND_SUPERVISOR.name}
    assert {name for name, subject in told if subject == "旗里的事"} == {"1529", *everywhere}
    assert {name for name, subject in told if subject == "不在哪里的事"} == everywhere
    assert {name for name, subject in told if subject == "本单位的事"} == {"1529", "1508", *everywhere}
    with pytest.raises(ValueError, match="lies"):
        inbox.post(to_role=Role.SUPERVISOR, subject="哪里", body="", at=AT)


def test_somebody_new_reaches_no_farther_than_who_lets_him_in_and_his_own_house():
    accounts.world()
    two(**CITY)

    def new(name, **facts):
        return create_user(username=name, password="", name=name, by=SYSTEM, at=AT, **facts).region

    assert new("a", role=Role.SUPERVISOR, organisation=cast.BUREAU) == "1508"  # what its house supervises
    assert new("b", role=Role.SUPERVISOR, organisation=cast.BUREAU, region="150802") == "150802"
    assert new("c", role=Role.WITNESS, organisation=cast.CENTRE, region="1507") == "1507"
    assert new("d", role=Role.HOLDER, organisation=cast.CENTRE, region="1507") == ""


def test_the_first_regions_come_from_a_table_and_later_ones_do_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    accounts.world()
    table = tmp_path / "regions.csv"
    table.write_text(
        f"code,name,name_mn,name_en,body,phone\n15,内蒙古自治区,,,,\n1508,巴彦淖尔市,,Bayannur,{cast.BUREAU},12345\n"
        "150802,临河区,,,,\n", encoding="utf-8-sig",
    )  # fmt: skip
    call_command("enter_regions", str(table))
    assert [row.code for row in queries.regions()] == ["15", "1508", "150802"]
    assert queries.of("150823").code == "1508" and queries.of("44") is None
    assert queries.competent("150802") == [cast.BUREAU] and queries.competent("15") == []
    assert rules.parent_of("150802", {"15", "1508"}) == "1508" and rules.beneath("1508", ["15", "1508", "150802"])[1:]
    with pytest.raises(CommandError):
        call_command("enter_regions", str(table))
