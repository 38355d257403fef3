"""An ended procurement is packed by itself; who may has the package, and anybody checks it without the house."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from django.test import Client

from keeping.archives import contents, queries, rules, tasks
from keeping.archives.models import Package, ToPack
from keeping.archives.rules import Level
from keeping.retention import queries as retention
from keeping.retention import rules as terms
from keeping.retention import services as deletion
from keeping.retention import tasks as deletions
from keeping.retention.models import Deletion
from ledger import queries as ledger
from ledger.models import Entry
from market.projects.models import Project
from market.projects.rules import Stage
from proofs.__main__ import main as proofs
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts
from tests.make import ledger as make
from tests.portal.record.test_record import played

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
AT = cast.NOON + 2 * cast.DAY


def ended(**facts) -> Project:
    """An opened tender that failed, all of it in the log."""
    accounts.world()
    project = played(**facts).project
    project.advance(Stage.FAILED, at=AT)
    make.entry("项目终止", stream=project.log, at=AT)
    make.sequenced(at=AT)
    return project


def tick(at) -> None:
    make.sequenced(at=at)
    tasks.pack(by=SYSTEM, at=at)
    tasks.pack(by=SYSTEM, at=at + rules.QUIET)
    make.sequenced(at=at + rules.QUIET)


def fetched(number, viewer, level="archive"):
    client = accounts.client_of(viewer) if viewer else Client()
    answer = client.get(f"/projects/{number}/{level}.zip")
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content


def holds(path, data) -> int:
    path.write_bytes(data)
    return proofs(["verify-archive", str(path)])


def changed(data, name, other):
    """The package with one file replaced, one more or one less."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        if other is not None:
            target.writestr(name, other)
    return made.getvalue()


def page(number, viewer=None) -> str:
    client = accounts.client_of(viewer) if viewer else Client()
    return client.get(f"/projects/{number}/archive/").content.decode()


def test_what_has_ended_is_packed_once_handed_to_whom_it_may_be_and_checked_without_us(tmp_path, capsys):
    accounts.world()
    project = played(bidders=3).project
    number = project.number
    make.sequenced(at=AT)
    tasks.pack(by=SYSTEM, at=AT)
    assert not ToPack.objects.exists() and fetched(number, None)[0] == 404
    assert "采购尚未结束" in page(number)

    project.advance(Stage.FAILED, at=AT)
    make.entry("项目终止", stream=project.log, at=AT)
    make.sequenced(at=AT)
    tasks.pack(by=SYSTEM, at=AT)
    assert ToPack.objects.filter(project=project).exists() and "正在生成" in page(number)
    tick(AT)

    status, public = fetched(number, None)
    assert status == 200 and holds(tmp_path / "p.zip", public) == 0
    assert "结论：全部相符" in capsys.readouterr().out
    for viewer in (cast.OFFICER, cast.SUPERVISOR, cast.AUDITOR):
        status, full = fetched(number, viewer, "archive-full")
        assert status == 200 and f"/projects/{number}/archive-full.zip" in page(number, viewer)
    assert holds(tmp_path / "f.zip", full) == 0 and "3 份技术文件由封存的密文重新开启" in capsys.readouterr().out
    for viewer in (cast.PROVIDER, cast.OTHER_OFFICER, cast.HOLDER, cast.EXPERT, cast.WITNESS, cast.OPERATOR):
        assert fetched(number, viewer, "archive-full")[0] == 404
        assert "archive-full.zip" not in page(number, viewer)
    assert fetched(number, None, "archive-full")[0] == 302

    names = set(zipfile.ZipFile(io.BytesIO(public)).namelist())
    assert {"archive.json", "index.html", "record.zip", "checkpoints/public.txt"} <= names
    assert not names & {"record-full.zip"} and "record-full.zip" in zipfile.ZipFile(io.BytesIO(full)).namelist()
    for name, other in (("index.html", b"<html>"), ("more.txt", b"more"), ("checkpoints/public.txt", None),
                        ("record.zip", b"PK"), ("archive.json", b"{}")):  # fmt: skip
        assert holds(tmp_path / "bad.zip", changed(public, name, other)) in (1, 2), name

    row = queries.newest(project, Level.PUBLIC)
    told = json.loads(Client().get(f"/projects/{number}/archive-proof.json").content)
    assert told["sha256"] == row.sha256 and row.sha256 in told["entry"] and told["proof"]
    assert '"size"' not in Entry.objects.filter(stream="archives").order_by("-seq").first().event

    again = _written(project, Level.PUBLIC), _written(project, Level.PUBLIC)
    assert again[0] == again[1]
    tick(AT + cast.HOUR)
    assert Package.objects.count() == 2  # nothing new was said: nothing is made
    make.entry("投诉处理决定", stream=project.log, at=AT + cast.HOUR)
    tick(AT + 2 * cast.HOUR)
    assert Package.objects.count() == 4 and queries.newest(project, Level.PUBLIC).upto == ledger.last_seq(project.log)


def _written(project, level) -> bytes:
    from contextlib import ExitStack

    from proofs import package

    target = io.BytesIO()
    told = {"number": project.number, "title": "x", "level": level.value, "ended": "x", "origin": "x"}
    with ExitStack() as held:
        package.write(target, told, contents.items(project, level, held))
    return target.getvalue()


def late(project):
    return AT.replace(year=AT.year + terms.YEARS) + cast.DAY


def test_nothing_is_deleted_before_its_term_nor_by_one_nor_while_it_is_held(tmp_path):
    project = ended(bidders=3)
    number = project.number
    tick(AT)
    _, public = fetched(number, None)
    then = late(project)
    act = {"project_number": number}

    def refused(code, does, **told):
        with pytest.raises(Refused, match=code):
            does(**act, **told)

    refused("keeping.term", deletion.propose, by=cast.OFFICER, at=AT)
    for stranger in (cast.PROVIDER, cast.SUPERVISOR, cast.OPERATOR, cast.OTHER_OFFICER):
        refused("keeping.not-owner", deletion.propose, by=stranger, at=then)
    refused("keeping.nothing-waits", deletion.confirm, by=cast.SUPERVISOR, at=then)
    refused("keeping.not-holding", deletion.order, reason="法院调取证据", by=cast.OFFICER, at=then)
    refused("keeping.reason", deletion.order, reason="保", by=cast.AUDITOR, at=then)
    elsewhere = replace(cast.SUPERVISOR, region="11")
    refused("keeping.not-holding", deletion.order, reason="法院调取证据材料", by=elsewhere, at=then)
    assert queries.levels(project, elsewhere) == [Level.PUBLIC]
    deletion.order(**act, reason="法院调取证据材料", by=cast.SUPERVISOR, at=then)
    refused("keeping.held", deletion.propose, by=cast.OFFICER, at=then)
    deletion.lift(**act, reason="案件已经审结了", by=cast.AUDITOR, at=then)

    row = deletion.propose(**act, by=cast.OFFICER, at=then)
    assert deletion.propose(**act, by=cast.OFFICER, at=then) == row
    refused("keeping.not-watcher", deletion.confirm, by=cast.OFFICER, at=then)
    for viewer, shown in (
        (cast.SUPERVISOR, ("确认删除", "撤回删除")),
        (cast.OFFICER, ("撤回删除",)),
        (cast.PROVIDER, ()),
    ):
        said = page(number, viewer)
        assert all((word in said) is (word in shown) for word in ("确认删除", "撤回删除"))
    for viewer, what, status in ((cast.OFFICER, "propose", 409), (cast.SUPERVISOR, "confirm", 409),
                                 (cast.OTHER_OFFICER, "propose", 403), (cast.PROVIDER, "propose", 404)):  # fmt: skip
        assert accounts.client_of(viewer).post(f"/projects/{number}/archive/{what}").status_code == status
    deletion.withdraw(**act, by=cast.OFFICER, at=then)
    deletion.propose(**act, by=cast.OFFICER, at=then)
    deletion.confirm(**act, by=cast.SUPERVISOR, at=then)
    refused("keeping.nothing-waits", deletion.confirm, by=cast.AUDITOR, at=then)
    kept = [name for name, _ in retention.contents(project)]
    assert any(name.startswith("envelopes/") for name in kept)
    deletions.delete_due(by=SYSTEM, at=then + cast.HOUR)
    assert not retention.done(project)  # a day to think better of it

    deletion.order(**act, reason="新的投诉涉及本项目", by=cast.AUDITOR, at=then)
    deletions.delete_due(by=SYSTEM, at=then + 2 * cast.DAY)
    assert not retention.done(project)
    deletion.lift(**act, reason="投诉已经办结了", by=cast.AUDITOR, at=then)
    deletions.delete_due(by=SYSTEM, at=then + 2 * cast.DAY)
    deletions.delete_due(by=SYSTEM, at=then + 3 * cast.DAY)

    done = Deletion.objects.get(done_at__isnull=False)
    assert [name for name, _, _ in done.files] == kept and all(len(sha256) == 64 for _, sha256, _ in done.files)
    (entry,) = Entry.objects.filter(stream="archives", kind="keeping.deleted")
    assert ledger.facts_of(entry)["digest"] == done.digest and "envelopes" not in entry.event
    from keeping.backups import files

    assert not any(files.size(name) for name in kept)
    assert fetched(number, cast.SUPERVISOR, "archive-full")[0] == 404 and "永久" not in page(number, cast.SUPERVISOR)
    status, after = fetched(number, None)
    assert (status, after) == (200, public) and holds(tmp_path / "p.zip", after) == 0
    assert "按保存期限删除" in page(number, cast.AUDITOR)


def test_the_page_of_terms_says_what_forgets_what(client):
    from config.ticks import TICKS

    said = client.get("/keeping/").content.decode()

    assert all(row.what in said for row in terms.TERMS)
    assert {row.tick for row in terms.TERMS if row.tick} <= {tick.task for tick in TICKS}
    assert terms.ends_on(cast.NOON.date().replace(year=2024, month=2, day=29)).isoformat() == "2039-03-01"
