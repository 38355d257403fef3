"""The full record: for supervision, audit, the panel at work, each bidder his own part; nobody else finds it."""

import io
import zipfile

import pytest
from django.test import Client

from bidding.evaluation.models import Evaluation
from bidding.tender.models import Tender
from portal.record import queries
from proofs import record
from proofs.record import full
from rulebook.actor import Actor, Role
from tests import cast
from tests.make import accounts
from tests.make import evaluation as evaluations
from tests.make.notifier import expert_of
from tests.portal.record.test_record import played

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # a record's files do not change with the engine


def fetched(number, viewer):
    client = accounts.client_of(viewer) if viewer else Client()
    answer = client.get(f"/projects/{number}/record-full.zip")
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content


def checked(path, data):
    path.write_bytes(data)
    assert full.is_full(str(path))
    return {check.name: check for check in record.verify_full(str(path)).checks}


def changed(data, name, other):
    """The file with one member replaced, or one more."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        if other is not None:
            target.writestr(name, other)
    return made.getvalue()


def test_who_is_entitled_has_what_opens_again_and_nobody_else_finds_it(tmp_path):
    accounts.world()
    tender = played(bidders=4, absent=1)
    number = tender.project.number

    _, public = fetched_public(number)
    path = tmp_path / "record-full.zip"
    for viewer, units in ((cast.SUPERVISOR, 3), (cast.AUDITOR, 3), (cast.FOURTH, 0), (cast.PROVIDER, 1)):
        status, data = fetched(number, viewer)
        assert status == 200
        found = checked(path, data)
        assert found["full"].holds and f"{units} 份技术文件" in found["full"].text
        assert not [check.text for check in found.values() if check.holds is False]
        assert full.public_part(str(path)) == public
    for viewer in (cast.OFFICER, cast.OTHER_OFFICER, cast.HOLDER, cast.WITNESS, cast.EXPERT):
        assert fetched(number, viewer)[0] == 404
    assert fetched(number, None)[0] == 302
    for viewer, is_told in ((cast.SUPERVISOR, True), (cast.PROVIDER, True), (cast.OFFICER, False)):
        page = accounts.client_of(viewer).get(f"/projects/{number}/log/").content.decode()
        assert ("record-full.zip" in page) is is_told

    with zipfile.ZipFile(io.BytesIO(data)) as source:
        [envelope] = [name for name in source.namelist() if name.startswith(full.FOLDER)]
        sealed, told = source.read(envelope), source.read(full.FILE)
    for name, other in (
        (envelope, sealed[:-1] + bytes([sealed[-1] ^ 1])), (envelope, None), ("envelopes/more", b"x"),
        (full.FILE, told.replace(number.encode(), b"T-2026-999")),
        (full.FILE, told.replace(b'"role":"b"', b'"role":"c"')),
    ):  # fmt: skip
        assert checked(path, changed(data, name, other))["full"].holds is False


def fetched_public(number):
    answer = Client().get(f"/projects/{number}/record.zip")
    return answer.status_code, b"".join(answer.streaming_content)


def test_before_the_opening_has_ended_there_is_none():
    accounts.world()
    number = played("read out").project.number
    assert {fetched(number, viewer)[0] for viewer in (cast.SUPERVISOR, cast.PROVIDER, cast.OFFICER)} == {404}


def test_the_panel_has_it_while_it_works_and_only_who_declared_no_conflict():
    evaluation = evaluations.declared(evaluations.seated())
    tender = evaluations.tender_of(evaluation)
    [first, *_] = evaluations.members(evaluation)
    expert = Actor(str(expert_of(first).user.public_id), Role.EXPERT, "", "专家")
    assert queries.entitled(tender, viewer=expert) is None
    Evaluation.objects.update(step="done")
    with pytest.raises(Tender.DoesNotExist):
        queries.entitled(evaluations.tender_of(Evaluation.objects.get()), viewer=expert)
    with pytest.raises(Tender.DoesNotExist):
        queries.entitled(tender, viewer=cast.EXPERTS[9])
