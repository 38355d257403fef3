"""Papers of an opening: printed once when it has ended, from the signed record, and scans filed by the host alone."""

import html
import json
import re
from typing import Any

import pytest
import typst
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from bidding.opening.events import OpeningPaused, OpeningResumed
from bidding.opening.models import Opening
from bidding.papers import queries, rules, services
from bidding.papers.models import Paper
from bidding.papers.tasks import print_records
from documents import typesetting
from ledger import blobs
from ledger.models import Entry, Stream
from ledger.services import record
from rulebook.refusal import Refused
from tests.cast import HOUR, MINUTE, OFFICER, OTHER_OFFICER, PROVIDER, STRANGER, SUPERVISOR, SYSTEM
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SCAN = b"%PDF-1.7\nstamped\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
HOSTILE = '#panic("x") *粗* _斜_ $x^2$ `代码` @ref <label> \\ // 注释 #import "/etc/passwd"'


def printed() -> Paper:
    """An opening that has ended, and its paper."""
    tender = make.opened_tender()
    print_records(by=SYSTEM, at=tender.closes_at + HOUR)
    return Paper.objects.get()


def test_the_record_is_printed_once_when_the_opening_has_ended_and_its_hash_is_public():
    tender = make.read_out_tender()
    print_records(by=SYSTEM, at=tender.closes_at + HOUR)
    assert not Paper.objects.exists()

    Opening.objects.filter(tender=tender).update(ended_at=tender.closes_at + HOUR)
    for _ in range(2):
        print_records(by=SYSTEM, at=tender.closes_at + HOUR)

    paper = Paper.objects.get()
    data = blobs.read(paper.sha256)
    told = json.loads(Entry.objects.get(kind="papers.printed").event)["d"]
    assert (told["sha256"], told["size"]) == (paper.sha256, len(data))
    assert told["record_sha256"] == Opening.objects.get().record_sha256
    assert data.startswith(b"%PDF-1.7") and b"pdfaid:part" in data


def test_what_interrupted_the_session_stands_on_it_however_long_the_story_before_it():
    tender = make.opened_tender()
    stream, opening = tender.project.log, Opening.objects.get()
    record(OpeningPaused(stream=stream, by=OFFICER.organisation, reason="上一场"), at=opening.opened_at - MINUTE)
    record(OpeningPaused(stream=stream, by=OFFICER.organisation, reason="核对授权"), at=opening.opened_at + MINUTE)
    common = {"log": "public", "stream": stream, "event": "not read", "leaf": b""}
    Entry.objects.bulk_create(
        Entry(seq=1000 + n, kind="test.said", at=opening.opened_at, **common) for n in range(2100)
    )
    Stream.objects.filter(name=stream).update(last=9000)
    record(OpeningResumed(stream=stream, by=OFFICER.organisation, window_ends=""), at=opening.opened_at + 2 * MINUTE)

    told = queries._incidents(opening)

    assert [line.split(" ")[-1] for line in told] == ["暂停：核对授权", "恢复"]


def test_every_signature_and_every_refusal_stands_on_it():
    tender = make.read_out_tender()
    at, number = tender.closes_at + HOUR, tender.project.number
    record = {"record_sha256": Opening.objects.get().record_sha256}
    make.heard(tender, [make.said("ack/1", make.BIDDERS[0].organisation, record, number=number, at=at)], at=at)
    objection = make.said("obj/1", make.BIDDERS[1].organisation, {"text": "唱标的交货期有误"}, number=number, at=at)
    make.heard(tender, [objection], at=at)
    Opening.objects.update(ended_at=at)

    content = queries.content(Opening.objects.get())

    said = [row["said"] for row in content["signatures"]]
    assert said[0].startswith("电子签名") and said[1:3] == ["提出异议，未签署", "未签署"]
    assert [row["role"] for row in content["signatures"][3:]] == ["见证人", "主持人"]
    assert [row["text"] for row in content["objections"]] == ["唱标的交货期有误"]
    assert {row["price"] for row in content["bidders"]} == {"1,000,000.00", "1,100,000.00", "1,250,000.00"}
    assert content["code"].startswith("<svg") and content["check"].endswith(f"/projects/{NUMBER}/papers/")


def test_a_name_full_of_markup_is_set_as_it_is_written():
    tender = make.opened_tender()
    content = queries.content(Opening.objects.get(tender=tender))
    names = [bidder["name"] for bidder in content["bidders"]]
    hostile = json.loads(json.dumps(content, ensure_ascii=False).replace(names[0], "甲" + json.dumps(HOSTILE)[1:-1]))

    data = typesetting.pdf(services.TEMPLATE, hostile, at=tender.closes_at)

    assert "甲" + HOSTILE in text_of(services.TEMPLATE, hostile)
    assert typesetting.pdf(services.TEMPLATE, hostile, at=tender.closes_at) == data


def test_the_page_tells_every_paper_and_who_may_file():
    paper = printed()

    for viewer in (STRANGER, PROVIDER, SUPERVISOR, OTHER_OFFICER):
        page = accounts.client_of(viewer).get(f"/projects/{NUMBER}/papers/").content.decode()
        assert paper.sha256 in page and "scan-file" not in page
    assert "scan-file" in accounts.client_of(OFFICER).get(f"/projects/{NUMBER}/papers/").content.decode()
    answer = Client().get(f"/projects/{NUMBER}/papers/{paper.sha256}")
    assert b"".join(answer.streaming_content) == blobs.read(paper.sha256)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert Client().get(f"/projects/{NUMBER}/papers/{'0' * 64}").status_code == 404
    assert "opening.hall-opened" not in page


def test_the_host_files_a_scan_and_it_is_public_with_its_hash():
    printed()
    client = accounts.client_of(OFFICER)
    for _ in range(2):
        upload = {"title": "盖章开标记录", "file": SimpleUploadedFile("x.pdf", SCAN)}
        assert client.post(f"/projects/{NUMBER}/papers/scans", upload).status_code == 302

    scan = Paper.objects.get(origin=Paper.Origin.SCAN)
    told = json.loads(Entry.objects.get(kind="papers.scan-filed").event)["d"]
    assert (told["sha256"], told["type"], told["title"]) == (scan.sha256, rules.PDF, "盖章开标记录")
    assert scan.sha256 in Client().get(f"/projects/{NUMBER}/papers/").content.decode()
    assert "盖章开标记录" in Client().get(f"/projects/{NUMBER}/log/").content.decode()


def test_who_may_not_file_and_what_is_no_scan():
    tender = make.opened_tender()
    for by, title, data, code in (
        (PROVIDER, "x", SCAN, "papers.not-host"),
        (OTHER_OFFICER, "x", SCAN, "papers.not-host"),
        (SUPERVISOR, "x", SCAN, "papers.not-host"),
        (OFFICER, "", SCAN, "papers.title"),
        (OFFICER, "名\u202e", SCAN, "papers.title"),
        (OFFICER, "x", b"", "papers.size"),
        (OFFICER, "x", b"<html>%PDF-%%EOF", "papers.type"),
        (OFFICER, "x", SCAN[:12], "papers.type"),
        (OFFICER, "x", b"\x89PNG\r\n\x1a\n cut", "papers.type"),
        (OFFICER, "x", SCAN + b" " * rules.LARGEST, "papers.size"),
    ):
        with pytest.raises(Refused) as refused:
            services.file_scan(project_number=NUMBER, title=title, data=data, by=by, at=tender.closes_at + HOUR)

        assert [reason.code for reason in refused.value.reasons] == [code], (by, title, data[:20])


def test_nothing_is_filed_before_the_opening_has_ended():
    tender = make.read_out_tender()

    with pytest.raises(Refused) as refused:
        services.file_scan(project_number=NUMBER, title="x", data=JPEG, by=OFFICER, at=tender.closes_at + HOUR)

    assert [reason.code for reason in refused.value.reasons] == ["papers.not-over"]


def test_a_paper_is_never_changed():
    paper = printed()

    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(sha256="0" * 64)


def text_of(template: str, values: dict[str, Any]) -> str:
    """The text of a paper, by the same compiler from the same template and values, in a form that has no glyphs."""
    root = settings.BASE_DIR / "templates"
    told = typst.compile(str(root / template), root=str(root), sys_inputs={"values": json.dumps(values)}, format="html")
    return html.unescape(re.sub(r"<[^>]*>", "", told.decode()))
