"""After the notice: each promise about versions, questions and a deadline that only moves forward."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from bidding.changes import outages, queries, services, tasks
from bidding.changes.models import Change, Question
from bidding.submission.models import Closing
from bidding.submission.queries import calendar
from bidding.tender import queries as tenders
from bidding.tender import services as tender_services
from bidding.tender.models import Tender
from ledger import blobs
from ledger.models import Entry, Log
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast, final
from tests.make import accounts, bidding

pytestmark = pytest.mark.django_db
EARLY = cast.NOON - 20 * cast.DAY  # the deadline is at noon
LATE = cast.NOON - 5 * cast.DAY
FAR = LATE + 15 * cast.DAY + cast.HOUR
PDF = b"%PDF-1.7 second"


def taken(*who: Any) -> Tender:
    tender = bidding.tender()
    for each in who:
        accounts.user(each)
        tender_services.take_documents(project_number=tender.project.number, by=each, at=EARLY)
    return tender


def propose(tender: Tender, *, at: datetime = EARLY, by: Any = cast.OFFICER, **said: Any) -> Change:
    said = {"text": "交货期改为 60 日", "may_affect": False} | said
    return services.propose(project_number=tender.project.number, by=by, at=at, **said)


def publish(tender: Tender, *, at: datetime = EARLY, **said: Any) -> dict[str, Any]:
    propose(tender, at=at, **said)
    return services.approve(project_number=tender.project.number, by=cast.APPROVER, at=at).content


def moves(tender: Tender) -> list[dict[str, Any]]:
    return [json.loads(entry.event)["d"] for entry in Entry.objects.filter(kind="tender.deadline-moved")]


def test_a_new_version_takes_the_place_of_the_old_one_which_stays_readable():
    tender = taken()
    old = tenders.documents(tender)[0]
    propose(tender, documents=[(old.name, io.BytesIO(PDF)), ("图纸.zip", io.BytesIO(zipped("a.dwg")))])

    assert [each.sha256 for each in tenders.documents(tender)] == [old.sha256]
    with pytest.raises(type(old).DoesNotExist):
        tenders.document(tender.project, tenders.sha256(PDF), viewer=cast.PROVIDER)
    assert tenders.document(tender.project, tenders.sha256(PDF), viewer=cast.OFFICER)
    content = services.approve(project_number=tender.project.number, by=cast.APPROVER, at=EARLY).content

    assert [(each.name, each.version) for each in tenders.documents(tender)] == [(old.name, 2), ("图纸.zip", 1)]
    assert [each.sha256 for each in tenders.superseded(tender)] == [old.sha256]
    assert blobs.read(tenders.sha256(PDF)) == PDF
    assert blobs.read(old.sha256) == b"%PDF-1.7 tender"
    assert content["type"] == "correction"
    assert [(each["version"], each["replaces"]) for each in content["documents"]] == [(2, old.sha256), (1, "")]


def zipped(*names: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return whole.getvalue()


OF_A_VERSION_TO_COME = zipped("a").replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x63")


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ", "document.sort"),
        ("a.pdf", b"MZ\x90", "document.not-what-it-says"),
        ("a.docx", zipped("xl/workbook.xml"), "document.not-what-it-says"),
        ("a.docx", b"PK\x03\x04 cut", "document.not-what-it-says"),
        ("a.docx", OF_A_VERSION_TO_COME, "document.not-what-it-says"),
        ("a.docx", zipped("word/document.xml", "word/vbaProject.bin"), "document.macros"),
        ("../a.pdf", PDF, "document.bad-name"),
        ("a.pdf", b"", "document.size"),
    ],
)
def test_a_file_is_what_its_name_says_or_is_refused(name: str, data: bytes, code: str):
    tender = taken()

    with pytest.raises(Refused, match=code):
        propose(tender, documents=[(name, io.BytesIO(data))])
    assert not Change.objects.exists()


def test_two_persons_publish_a_change():
    tender = taken()
    number = tender.project.number
    propose(tender)

    for by, code in ((cast.OFFICER, "change.own"), (cast.OTHER_OFFICER, "project.not-officer")):
        with pytest.raises(Refused, match=code):
            services.approve(project_number=number, by=by, at=EARLY)
    with pytest.raises(Refused, match="change.pending"):
        propose(tender)
    services.send_back(project_number=number, comment="写明条款", by=cast.APPROVER, at=EARLY)
    with pytest.raises(Refused, match="change.none"):
        services.approve(project_number=number, by=cast.APPROVER, at=EARLY)
    assert publish(tender)["type"] == "clarification"


def test_everyone_who_took_the_documents_is_told_once_and_nobody_by_name():
    tender = taken(cast.PROVIDER, cast.RIVAL)
    Message.objects.all().delete()
    publish(tender)
    assert not Message.objects.filter(to_organisation__isnull=False).exists()  # the act's length tells nothing

    tasks.tell_takers(by=SYSTEM, at=EARLY)
    tasks.tell_takers(by=SYSTEM, at=EARLY)

    told = Message.objects.filter(to_organisation__isnull=False)
    assert sorted(told.values_list("to_organisation", flat=True)) == sorted([cast.HETAO, cast.YINSHAN])
    assert not [each for each in told if cast.NAMES[cast.HETAO] in each.body + each.subject]


def test_what_may_affect_bids_too_late_moves_the_deadline_or_is_refused():
    tender = taken()

    with pytest.raises(Refused, match="change.too-near") as refusal:
        propose(tender, at=LATE, may_affect=True)
    assert str(refusal.value.reasons[0].law) == "87号令 第27条"
    with pytest.raises(Refused, match="change.too-near"):
        propose(tender, at=LATE, may_affect=True, closes_at=LATE + 14 * cast.DAY)
    with pytest.raises(Refused, match="change.deadline-back"):
        propose(tender, at=EARLY, closes_at=cast.NOON - cast.DAY)
    content = publish(tender, at=LATE, may_affect=True, closes_at=FAR)

    tender.refresh_from_db()
    assert tender.closes_at == FAR
    assert content["deadline_was"] < content["deadline"]
    (told,) = moves(tender)
    assert (told["was"], told["deadline"]) == (content["deadline_was"], content["deadline"])
    assert told["sha256"] == tender.project.notices.get(number=2).sha256


@pytest.mark.embedded
def test_what_does_not_affect_bids_leaves_the_deadline_alone():
    tender = taken()
    publish(tender, at=LATE, may_affect=False)

    assert Tender.objects.get().closes_at == cast.NOON
    assert not moves(tender)


def test_an_approval_that_comes_too_late_for_the_new_deadline_is_refused():
    tender = taken()
    propose(tender, at=LATE, may_affect=True, closes_at=FAR)

    with pytest.raises(Refused, match="change.too-near"):
        services.approve(project_number=tender.project.number, by=cast.APPROVER, at=LATE + cast.DAY)
    with pytest.raises(Refused, match="change.closed"):
        services.approve(project_number=tender.project.number, by=cast.APPROVER, at=cast.NOON)
    with pytest.raises(Refused, match="change.closed"):
        services.propose(
            project_number=tender.project.number, text="x", may_affect=False, by=cast.OFFICER, at=cast.NOON
        )


def test_the_database_moves_a_published_deadline_only_forward_and_only_as_announced():
    tender = taken()

    def move(to: datetime) -> None:
        with transaction.atomic():
            Tender.objects.filter(pk=tender.pk).update(closes_at=to)

    for to in (cast.NOON + cast.DAY, cast.NOON - cast.DAY, FAR):
        with pytest.raises(IntegrityError):
            move(to)
    publish(tender, at=LATE, closes_at=FAR)
    with pytest.raises(IntegrityError):
        move(cast.NOON)
    change = Change.objects.get()
    for wrong in ({"closes_at": FAR + cast.DAY}, {"may_affect": True}, {"notice": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Change.objects.filter(pk=change.pk).update(**wrong)


def test_a_later_deadline_that_waits_for_approval_outlives_an_outage():
    tender = taken()
    propose(tender, at=EARLY, closes_at=FAR)
    tender.refresh_from_db()
    with transaction.atomic():
        outages.postpone(tender=tender, by_how_much=cast.HOUR, text="平台故障", by=cast.OPERATOR, at=EARLY)

    content = services.approve(project_number=tender.project.number, by=cast.APPROVER, at=EARLY + cast.HOUR).content

    tender.refresh_from_db()
    assert tender.closes_at == FAR and content["deadline_was"] == iso(cast.NOON + cast.HOUR)


def test_the_deadline_of_a_fixed_list_never_moves():
    tender = taken()
    propose(tender, at=LATE, closes_at=FAR)
    Closing.objects.create(tender=tender, digest="00", nonce=b"", listing="{}", fixed_at=LATE)

    with pytest.raises(IntegrityError), transaction.atomic():
        services.approve(project_number=tender.project.number, by=cast.APPROVER, at=LATE)


def test_a_question_is_answered_for_all_and_by_nobodys_name():
    tender = taken(cast.PROVIDER)
    number = tender.project.number
    before = Entry.objects.filter(log=Log.PUBLIC).count()
    asked = services.ask(project_number=number, text="验收以何时为准？", by=cast.PROVIDER, at=EARLY)

    assert Entry.objects.filter(log=Log.PUBLIC).count() == before
    assert [each.text for each in queries.open_questions(tender, viewer=cast.APPROVER)] == ["验收以何时为准？"]
    for stranger in (cast.STRANGER, cast.RIVAL, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.OPERATOR):
        assert not queries.open_questions(tender, viewer=stranger)
    content = publish(tender, text="", answers={str(asked.public_id): "以安装调试完成为准。"})

    assert content["answers"] == [{"question": "验收以何时为准？", "answer": "以安装调试完成为准。"}]
    assert not queries.open_questions(tender, viewer=cast.OFFICER)
    public = "".join(Entry.objects.filter(log=Log.PUBLIC).values_list("event", flat=True)) + json.dumps(content)
    for secret in (cast.HETAO, cast.NAMES[cast.HETAO], cast.PROVIDER.person, str(asked.public_id)):
        assert secret not in public
    with final.refused(), transaction.atomic():
        Question.objects.update(text="另一个问题")


@pytest.mark.embedded
def test_who_may_ask_until_when_and_not_as_whom():
    tender = taken(cast.PROVIDER)
    number = tender.project.number

    def refusal(text: str = "?", by: Any = cast.PROVIDER, at: datetime = EARLY) -> str:
        with pytest.raises(Refused) as refused:
            services.ask(project_number=number, text=text, by=by, at=at)
        return refused.value.reasons[0].code

    assert refusal(by=cast.RIVAL) == "question.not-taken"
    assert refusal(by=cast.OFFICER) == "question.not-provider"
    assert refusal(at=cast.NOON - 9 * cast.DAY) == "question.too-late"
    assert refusal(" ") == refusal("x" * 2001) == "question.length"
    assert refusal(f"{cast.NAMES[cast.HETAO]}能否投标？") == refusal(f"代码 {cast.HETAO}") == "question.names-itself"
    services.ask(project_number=number, text="?", by=cast.PROVIDER, at=cast.NOON - 10 * cast.DAY)


@pytest.mark.embedded
def test_an_answer_to_no_question_is_not_found():
    tender = taken()

    with pytest.raises(Question.DoesNotExist):
        propose(tender, answers={"00000000-0000-4000-8000-000000000000": "x"})


def test_bids_after_the_old_deadline_are_held_to_the_new_one():
    tender = taken(cast.PROVIDER)
    publish(tender, at=LATE, may_affect=True, closes_at=FAR)
    assert calendar(tenders.tender(tender.project.number)).closes_at == FAR
    assert Tender.objects.get().terms["deadline"] < moves(tender)[0]["deadline"]  # the pinned terms stay as they were
    assert timedelta(days=15) <= FAR - LATE
