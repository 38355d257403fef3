"""Workbooks: every bad row at once, nobody entered unless all are good, nothing that acts, nothing that grows."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from accounts import sealing
from accounts.models import Message, User
from documents import sheets
from experts.registry import catalogue, importing, queries, staging
from experts.registry.models import Expert, Look, StagedImport
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts
from tests.make import registry as make
from tests.make.registry import line

pytestmark = pytest.mark.embedded


def book(*rows, head=importing.HEAD):
    made = Workbook()
    for row in (head, *rows):
        made.active.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def upload(client, data):
    return client.post("/experts/register/workbooks/", {"file": SimpleUploadedFile("e.xlsx", data)})


@pytest.mark.django_db
def test_every_bad_row_is_told_at_once_and_nobody_is_entered():
    client = accounts.client_of(cast.OPERATOR)
    bad = [
        line(1), line(2, 手机号码="1"), line(3, 职称="大师", 评审专业代码="alchemy"), line(4, 姓名=""),
        line(5, 身份证号码=make.id_number(1)), line(6, 工作单位代码="12152900MB1A00021X", 任职起始日="昨天"),
        line(7, 姓名="=1+1"), line(8, 身份证号码=150727197506010013), line(9, 从事相关工作起始年份=2020),
    ]  # fmt: skip
    answer = upload(client, book(*bad))

    assert answer.status_code == 422
    found = sorted((each.row, each.column) for each in answer.context["wrong"])
    assert found == sorted([
        (3, "手机号码"), (4, "职称"), (4, "评审专业代码"), (5, "姓名"), (6, "身份证号码"), (7, "工作单位代码"),
        (7, "任职起始日"), (8, "姓名"), (9, "身份证号码"), (10, "从事相关工作起始年份"),
    ])  # fmt: skip
    assert "与第2行重复" in answer.content.decode()
    table = sheets.read(io.BytesIO(book(*bad)))[0]
    with pytest.raises(Refused, match="import.bad-row"):
        staging.stage(table=table, by=cast.OPERATOR, at=NOON)
    assert not Expert.objects.exists() and not User.objects.filter(role="expert").exists()


@pytest.mark.django_db
def test_a_good_workbook_enters_everybody_and_comes_out_masked_or_with_a_look_at_each():
    client, other = accounts.client_of(cast.OPERATOR), accounts.client_of(cast.SUPERVISOR)
    good = book(line(1), line(2, 专家编号="NM-7", 任职起始日=NOON.replace(tzinfo=None, year=2020)))
    place = upload(client, good)["Location"]
    assert not Expert.objects.exists() and "白音1" not in StagedImport.objects.get().sealed
    assert Message.objects.filter(to_role="supervisor", subject="专家库批量导入待复核", link=place).count() == 1
    seen = client.get(place).content.decode()
    assert "导入须由提交人以外的另一名管理人员复核" in seen and "白**" in seen and "白音" not in seen
    assert client.post(f"{place}confirm/").status_code == 403 and not Expert.objects.exists()
    assert (
        place in other.get("/desk/").content.decode()
        and place in other.get("/experts/register/workbooks/").content.decode()
    )
    assert [other.post(f"{place}{act}/").status_code for act in ("else", "drop", "confirm", "confirm", "drop")] == [
        404, 422, 302, 409, 422,
    ]  # fmt: skip
    assert Expert.objects.count() == 2 and queries.how_many() == {"A-it": 2, "C-law": 2}
    assert StagedImport.objects.get().sealed == "" and "名单不再保留" in client.get(place).content.decode()
    assert not User.objects.get(username="NM-7").has_usable_password()
    again = upload(client, book(line(1), line(3, 专家编号="NM-7")))
    assert [(each.row, each.column) for each in again.context["wrong"]] == [(2, "身份证号码"), (3, "专家编号")]

    # Two imports of one person: the second one is bad by the time somebody would confirm it, and can be dropped.
    table = [list(importing.HEAD), line(3)]
    first, second = (staging.stage(table=table, by=cast.OPERATOR, at=NOON) for _ in range(2))
    assert sealing.is_current(first.sealed) and staging.cells(first) == table
    staging.confirm(staged=first, by=cast.SUPERVISOR, at=NOON)
    with pytest.raises(Refused, match="import.bad-row"):
        staging.confirm(staged=second, by=cast.SUPERVISOR, at=NOON)
    place = f"/experts/register/imports/{second.public_id}/"
    assert "已登记在另一账户名下" in other.get(place).content.decode()
    assert client.post(f"{place}drop/", {"note": "重复"}).status_code == 302
    assert (Expert.objects.count(), StagedImport.objects.exclude(sealed="").count()) == (3, 0)

    masked = client.get("/experts/register/export/").content
    rows = [list(row) for row in load_workbook(io.BytesIO(masked)).active.iter_rows(values_only=True)]
    assert rows[0] == list(importing.OUT) and {row[1] for row in rows[1:]} == {"白**"}
    assert not Look.objects.exists()
    assert client.post("/experts/register/export/", {"purpose": ""}).status_code == 422
    full = client.post("/experts/register/export/", {"purpose": "报送省级专家库"}).content
    names = {row[1] for row in load_workbook(io.BytesIO(full)).active.iter_rows(values_only=True)}
    assert {"白音1", "白音2"} <= names
    assert [look.purpose for look in Look.objects.all()] == ["报送省级专家库"] * 3
    head = next(load_workbook(io.BytesIO(client.get("/experts/register/template/").content)).active.values)
    assert head == importing.HEAD
    for other in (cast.OFFICER, cast.EXPERT):
        for path in ("workbooks", "export", "template", "slips", place.split("/", 3)[3][:-1]):
            assert accounts.client_of(other).get(f"/experts/register/{path}/").status_code == 404


def test_what_looks_like_a_formula_is_written_as_text():
    rows = [[f"{sign}cmd|' /C calc'!A0"] for sign in "=+-@"]
    made = load_workbook(io.BytesIO(sheets.write(["a"], rows, name="s"))).active

    assert [cell.data_type for (cell,) in made.iter_rows(min_row=2)] == ["s"] * 4
    assert all(cell.quotePrefix for (cell,) in made.iter_rows(min_row=2))


def test_what_is_no_workbook_or_would_grow_is_not_opened(monkeypatch):
    def why(data, **limits):
        table, wrong = sheets.read(io.BytesIO(data), **limits)
        assert not table
        return wrong[0].why

    def with_part(name, told):
        out = io.BytesIO(book(line()))
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(name, told)
        return out.getvalue()

    assert "不是可读的" in why(b"PK") and "不是可读的" in why(b"a,b\n1,2") and "不是可读的" in why(book(line())[:-200])
    assert why(with_part("xl/bomb.bin", bytes(sheets.MOST_UNPACKED + 1))) == "解压后过大"
    for told in (b'<!DOCTYPE x [<!ENTITY a "aa">]><x/>', '<!DOCTYPE x [<!ENTITY a "aa">]><x/>'.encode("utf-16")):
        assert why(with_part("xl/other.xml", told)) == "含有不允许的声明"
    assert "超过2行" in why(book(line(1), line(2), line(3)), most_rows=2)
    monkeypatch.setattr(sheets, "MOST_BYTES", 1 << 10)
    assert "文件超过" in why(book(line()))


@pytest.mark.django_db
def test_another_edition_of_the_catalogue_comes_into_force_whole_or_not_at_all(tmp_path):
    brought = catalogue.names()
    assert len(brought) > 200 and brought["A-it"] == "信息技术" and brought["B013401"] == "环境污染监测仪器设备"
    bad = tmp_path / "bad.csv"
    bad.write_text("代码,名称,上级代码\nX,甲,\nX,乙,\n坏,丙,\nY,,\nZ,丁,nowhere\n")
    with pytest.raises(CommandError) as refused:
        call_command("import_specialties", str(bad), edition="e1")
    assert [told.split()[0] for told in str(refused.value).split("\n")] == ["第3行", "第4行", "第5行", "第6行"]
    assert catalogue.names() == brought

    good = tmp_path / "good.xlsx"
    good.write_bytes(book(["X", "新专业", ""], ["X1", "新专业之一", "X"], head=catalogue.HEAD))
    call_command("import_specialties", str(good), edition="e1")
    assert set(catalogue.names()) == {"X", "X1", *(key for key in brought if "-" in key)}
    with pytest.raises(Refused, match="catalogue.edition"):
        catalogue.bring_in(edition="e1", rows=[catalogue.HEAD, ["Q", "q", ""]], by=cast.OPERATOR, at=NOON)
    with pytest.raises(Refused, match="expert.not-keeper"):
        catalogue.bring_in(edition="e2", rows=[], by=cast.OFFICER, at=NOON)
