"""Another register: bad rows at once, one keeper stages, a second confirms, nobody is eligible before the promise."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation
from documents import sheets
from intermediaries.registry import importing, queries, services, staffing
from intermediaries.registry.models import Import, Provider, Qualification
from intermediaries.registry.rules import Need, State, Wanted
from ledger.models import Entry
from rulebook import clock
from rulebook.calendar import day_in_china
from rulebook.credit_code import check_character
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts, registry
from tests.make import providers as make

pytestmark = pytest.mark.django_db


def code(serial: int) -> str:
    first = f"91152900MA0B{serial:05d}"
    return first + check_character(first)


def line(serial=1, **other):
    told = [
        f"岱海{serial}号测绘有限公司", code(serial), "白音", "乌兰察布市", "集宁区 1 号", "测绘", "白音", "0474-1",
        "测绘资质", "乙级", f"乙测{serial}", "自然资源厅", "2099-12-31",
    ]  # fmt: skip
    return [str(cell) for cell in (dict(zip(importing.HEAD, told, strict=True)) | other).values()]


def table(*rows):
    return [list(importing.HEAD), *rows]


def upload(client, data, name="旗名录.csv"):
    return client.post("/providers/register/import/", {"file": SimpleUploadedFile(name, data)})


def csv(*rows, coding="utf-8"):
    return "\r\n".join(",".join(row) for row in table(*rows)).encode(coding)


def test_every_bad_row_is_told_at_once_and_nothing_is_staged():
    make.entered()
    make.entered(cast.RIVAL)
    make.qualified(cast.RIVAL, number="乙测9")
    accounts.organisation(cast.BUYER)
    bad = [
        line(1), line(1, 联系人="别人", 证书编号="乙测1b"), line(2, 统一社会信用代码=code(2)[:-1] + "I"),
        line(3, 法定代表人=""), line(4, 证书编号="乙测1"), line(5, 有效期至="去年"), line(6, 有效期至="2020-01-01"),
        line(7, 发证机关=""),
        line(8, 统一社会信用代码=cast.HETAO), line(9), line(10, 统一社会信用代码=cast.BUYER),
        line(11, 住所地区="长" * 61),
    ]  # fmt: skip
    answer = upload(accounts.client_of(cast.OPERATOR), csv(*bad))

    assert answer.status_code == 422
    assert sorted((each.row, each.column) for each in answer.context["wrong"]) == sorted([
        (3, "联系人"), (4, "统一社会信用代码"), (5, "法定代表人"), (6, "证书编号"), (7, "有效期至"), (8, "有效期至"),
        (9, "发证机关"), (10, "统一社会信用代码"), (11, "证书编号"), (12, "统一社会信用代码"), (13, "住所地区"),
    ])  # fmt: skip
    assert not Import.objects.exists()
    with pytest.raises(Refused, match="provider.bad-row"):
        importing.stage(name="x", table=table(*bad), by=cast.OPERATOR, at=NOON)
    assert [w.why for w in importing.check([["别的"]], at=NOON)[1]][0].startswith("首行应为")


def test_one_keeper_stages_a_second_confirms_and_the_firms_wait_for_their_promise():
    now = clock.now()
    first, second = accounts.client_of(cast.OPERATOR), accounts.client_of(cast.SUPERVISOR)
    rows = [line(1), line(1, 资质类别="勘察资质", 证书编号="K-1", 有效期至=""), line(2)]
    made = upload(first, csv(*rows, coding="gb18030"))
    batch = Import.objects.get()
    assert made.url == f"/providers/register/imports/{batch.public_id}/" and batch.providers == 2
    assert not Provider.objects.exists()
    assert first.post(f"{made.url}confirm/").status_code == 403
    page = second.get(made.url).content.decode()
    assert "岱海2号测绘有限公司" in page and "核对名录导入" in second.get("/desk/").content.decode()
    assert "核对名录导入" not in first.get("/desk/").content.decode()
    assert second.post(f"{made.url}confirm/").status_code == 302
    assert second.post(f"{made.url}confirm/").status_code == 409

    assert (
        set(Provider.objects.values_list("state", flat=True)) == {State.LISTED} and Qualification.objects.count() == 3
    )
    need, on = Need((Wanted("测绘资质", "乙级"),)), day_in_china(now)
    assert [r.code for r in queries.why_not(code(1), need=need, on=on)] == ["provider.not-entered"]
    assert Entry.objects.filter(kind="providers.listed").count() == 2
    assert queries.walk(words="岱海2号")  # the public finds it
    by = accounts.user(
        type(cast.PROVIDER)("00000000-0000-4000-8000-000000000099", cast.PROVIDER.role, cast.HETAO, "新")
    )
    by.organisation_id = code(1)
    services.enter(profile=make.PROFILE, promised=True, by=by.as_actor(), at=now)
    assert not queries.why_not(code(1), need=need, on=on)


def test_a_workbook_is_read_like_a_csv_and_what_is_put_away_lists_nobody():
    data = sheets.write(importing.HEAD, [line(1)], name="providers")
    client = accounts.client_of(cast.OPERATOR)
    made = upload(client, data, "旗名录.xlsx")
    assert client.post(f"{made.url}discard/").status_code == 302
    with pytest.raises(Refused, match="provider.import-done"):
        importing.confirm(staged=Import.objects.get(), by=cast.SUPERVISOR, at=NOON)
    assert not Organisation.objects.filter(code=code(1)).exists()
    assert upload(client, b"\x00", "a.csv").status_code == upload(client, b"x", "a.xlsx").status_code == 422
    head = sheets.read(io.BytesIO(client.get("/providers/register/template/").content))[0][0]
    assert tuple(head[: len(importing.HEAD)]) == importing.HEAD
    assert accounts.client_of(cast.PROVIDER).get("/providers/register/import/").status_code == 404


def person(serial=1, **other):
    told = [f"白音{serial}号", registry.id_number(serial), "2020-03-01", "注册测绘师", f"CH-{serial}", "2099-12-31"]
    return list((dict(zip(staffing.HEAD, told, strict=True)) | other).values())


def test_a_firm_brings_in_its_staff_whole_or_not_at_all():
    now = clock.now()
    make.entered(at=now)
    make.entered(cast.RIVAL, at=now)
    make.employed(cast.RIVAL, serial=9, at=now)
    client, head = accounts.client_of(cast.PROVIDER), ",".join(staffing.HEAD)

    def sent(*rows, by=client):
        data = "\r\n".join([head, *map(",".join, rows)]).encode()
        return by.post("/providers/me/staff/", {"file": SimpleUploadedFile("人员.csv", data)})

    bad = [
        person(1), person(2, 身份证号码="150000197506010011"), person(9), person(3, 有效期至="2020-01-01"),
        person(1, 姓名="别人", 证书编号="CH-1b"), person(4, 证书编号="CH-1"), person(5, 入职日="去年"),
        person(6, 证书类别=""),
    ]  # fmt: skip
    answer = sent(*bad)
    assert answer.status_code == 422
    assert {(each.row, each.column) for each in answer.context["wrong"]} == {
        (3, "身份证号码"), (4, "身份证号码"), (4, "证书编号"), (5, "有效期至"), (6, "姓名"), (7, "证书编号"),
        (8, "入职日"), (9, "证书编号"),
    }  # fmt: skip
    here = Provider.objects.get(organisation=cast.HETAO)
    assert not here.staff.exists()
    with pytest.raises(Refused, match="provider.bad-row"):
        staffing.bring_in(code=cast.HETAO, table=[list(staffing.HEAD), *bad], by=cast.PROVIDER, at=now)
    with pytest.raises(Refused, match="provider.not-own"):
        staffing.bring_in(code=cast.HETAO, table=[list(staffing.HEAD), person(1)], by=cast.RIVAL, at=now)
    assert sent(person(1), person(1, 证书类别="注册建造师", 证书编号="J-1", 有效期至=""), person(2)).status_code == 302
    assert sorted(here.staff.values_list("name", flat=True)) == ["白音1号", "白音2号"]
    assert len(queries.certificates(here)) == 3
    assert sent(person(1)).status_code == 422 and here.staff.count() == 2  # once
    assert accounts.client_of(cast.OPERATOR).get("/providers/me/staff/").status_code == 404
    book = sheets.read(io.BytesIO(client.get("/providers/me/staff/template/").content))[0]
    assert tuple(book[0][: len(staffing.HEAD)]) == staffing.HEAD
