"""Bids are looked at once their opening is over: what is found has an owner, is the supervision's, rejects nobody."""

import io
import json
import time
import zipfile
import zlib
from pathlib import Path

import manimgx_fonts_cjk
import pytest
import typst
from django.test import Client

from bidding.submission import services as submission
from bidding.submission.traces import Traces
from config.ticks import TICKS
from rulebook.refusal import Refused
from supervision.clues import queries, reading, services
from supervision.clues.models import Clue, Screening
from supervision.clues.reading import PARTICULARS, paper
from supervision.clues.rules import Kind, Offer, clues
from supervision.clues.tasks import screen_openings
from supervision.monitors.models import Alert
from tests import cast
from tests.cast import HETAO, HOUR, MINUTE, NOON, YINSHAN
from tests.make import accounts, experts
from tests.make import bidding_offers as make
from tests.make import evaluation as evaluations
from tests.make.market import NUMBER

AFTER = NOON + 5 * MINUTE
PAGE = f"/supervision/clues/{NUMBER}/"
WORDS = "。".join(f"第{number}节本单位采用自行编写的第{number}号运行维护办法" for number in range(40))


def docx(*, author="", editor="", text, origin="00A1B2C3"):
    """A small document with an author, as an office suite packs it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "docProps/core.xml",
            f"<cp:coreProperties><dc:creator>{author}</dc:creator>"
            f"<cp:lastModifiedBy>{editor}</cp:lastModifiedBy></cp:coreProperties>",
        )
        packed.writestr("docProps/app.xml", "<Properties><Application>WPS Office</Application></Properties>")
        packed.writestr("word/settings.xml", f'<w:settings><w:rsidRoot w:val="{origin}"/></w:settings>')
        packed.writestr("word/document.xml", "".join(f"<w:p><w:t>{line}</w:t></w:p>" for line in text.split("。")))
    return held.getvalue()


def bid(tender, by, *, files, price, traces):
    at = NOON - HOUR
    subs = make.prepared(tender, by, price=price, files=files, at=at)
    submission.submit(project_number=NUMBER, subs=subs, by=by, at=at, traces=traces)


def opened(number_of_rings=1):
    """Three bids, of which two come from one desk where there is a ring; their opening is over."""
    tender = make.open_tender()
    desk = Traces("203.0.113.9", "Mozilla/5.0", "d" * 22, "")
    contact = json.dumps({"contact": "周小二", "phone": "0478-8220000", "mail": "", "account": "6222 0001"}).encode()
    for place, by in enumerate(make.BIDDERS[:3]):
        joins = place < 2 and number_of_rings
        own = docx(
            author=f"作者{place}",
            editor=f"编辑{place}",
            origin=f"0000000{place}",
            text=WORDS.replace("本单位", f"本单位{place}号"),
        )
        same = docx(author="周小二", editor="周小二", text=f"{WORDS}。第{place}家自己加的一句话在此")
        files = [("方案.docx", same if joins else own), *([(PARTICULARS, contact)] if joins else [])]
        left = desk if joins else Traces(f"198.51.100.{place}", "Mozilla/5.0", f"{place}" * 22, "")
        bid(tender, by, files=files, price=make.PRICES[place], traces=left)
    make.closed(tender)
    make.services.open_hall(project_number=NUMBER, by=cast.OFFICER, at=NOON + MINUTE)
    make.halves_released(tender)
    make.keys_released(tender)
    assert queries.due() == []
    make.session_ended(tender, [bidder.organisation for bidder in make.BIDDERS[:3]], at=NOON + 4 * MINUTE)
    return tender


@pytest.mark.embedded
@pytest.mark.django_db
def test_a_ring_is_found_once_has_an_owner_and_is_shown_to_nobody_but_the_supervision(settings):
    supervisor = accounts.client_of(cast.SUPERVISOR)
    tender = opened()
    assert supervisor.get(PAGE).status_code == 404  # nothing was looked at yet
    before = list(tender.openings.values_list("units__verdict", flat=True))

    screen_openings(by=cast.SYSTEM, at=AFTER)
    screen_openings(by=cast.SYSTEM, at=AFTER + MINUTE)

    row = Screening.objects.get()
    ring = sorted([cast.HETAO, cast.YINSHAN])
    assert (row.groups, row.screened_at, row.read, len(row.bidders)) == ([ring], AFTER, 3, 3)
    found = {clue.kind: clue for clue in Clue.objects.all()}
    alone = {Kind.ADDRESS, Kind.DEVICE, Kind.AUTHOR, Kind.EDITOR, Kind.PHONE, Kind.PERSON, Kind.ACCOUNT, Kind.TEXT}
    assert alone <= set(found) and all(sorted(found[kind].orgs) == ring for kind in alone)
    assert found[Kind.ADDRESS].evidence["values"] == ["203.0.113.9"]
    alert = Alert.objects.get(kind="clue.ring")
    assert (alert.owner, alert.project, alert.evidence["link"]) == (cast.SUPERVISOR.person, tender.project, PAGE)
    assert not [name for name in cast.NAMES.values() if name in alert.what]
    assert list(tender.openings.values_list("units__verdict", flat=True)) == before  # nobody is rejected by it

    told = supervisor.get(PAGE).content.decode()
    for words in ("线索不是结论", "203.0.113.9", cast.NAMES[cast.HETAO], "也可能是", "共享办公", "建议核实"):
        assert words in told
    assert tender.project.title in supervisor.get("/supervision/clues/").content.decode()
    assert supervisor.get("/supervision/clues/P-NONE/").status_code == 404
    for actor in (
        cast.PROVIDER,
        cast.FOURTH,
        cast.OFFICER,
        cast.OTHER_OFFICER,
        cast.WITNESS,
        cast.OPERATOR,
        cast.EXPERT,
    ):
        client = accounts.client_of(actor)
        assert client.get(PAGE).status_code == client.get("/supervision/clues/").status_code == 404, actor
    assert Client().get(PAGE).status_code == 302


@pytest.mark.embedded
@pytest.mark.django_db
def test_honest_bids_leave_a_screening_and_no_alert_and_only_the_clock_looks():
    opened(number_of_rings=0)
    opening = queries.due()[0]
    with pytest.raises(Refused):
        services.screen(opening_id=opening, by=cast.SUPERVISOR, at=AFTER)

    screen_openings(by=cast.SYSTEM, at=AFTER)

    assert Screening.objects.get().groups == []
    assert not Alert.objects.filter(kind="clue.ring").exists()
    assert "没有哪两家合计达到" in accounts.client_of(cast.SUPERVISOR).get(PAGE).content.decode()
    assert "supervision.clues.tasks.screen_openings" in {tick.task for tick in TICKS}


@pytest.mark.embedded
@pytest.mark.django_db
def test_a_panels_member_sees_the_clues_once_he_has_declared_and_no_expert_of_another_panel_does():
    evaluation = evaluations.signed_in(evaluations.seated())
    screen_openings(by=cast.SYSTEM, at=AFTER)
    member = experts.person_of(evaluations.members(evaluation)[0])
    client = accounts.client_of(member)
    assert client.get(PAGE).status_code == 404  # he may yet be tied to a bidder

    evaluations.declared(evaluation)

    assert "线索不是结论" in client.get(PAGE).content.decode()
    assert client.get("/supervision/clues/").status_code == 404
    seated = {experts.person_of(seat).person for seat in evaluations.members(evaluation)}
    other = next(one for one in cast.EXPERTS if one.person not in seated)
    assert accounts.client_of(other).get(PAGE).status_code == 404


@pytest.mark.embedded
def test_files_say_who_made_them_and_broken_ones_say_nothing(tmp_path):
    def said(name, data):
        (tmp_path / name).write_bytes(data)
        return paper(tmp_path / name)

    told = said("a.docx", docx(author="张三", editor="李四", text="这是一句足够长的话。这是另一句足够长的话"))
    assert (told.author, told.editor, told.tool) == ("张三", "李四", "WPS Office")
    assert told.origins == {"00A1B2C3"} and told.clauses == {"这是一句足够长的话", "这是另一句足够长的话"}
    author = "王五".encode("utf-16-be").hex()
    pdf = (
        b"%PDF-1.7\n1 0 obj<</Author <feff" + author.encode() + b">/Producer (Maker \\(2\\))>>endobj\n"
        b"trailer<</ID[<0123456789abcdef0123456789abcdef><ff>]>>"
    )
    told = said("b.pdf", pdf)
    assert (told.author, told.tool, told.origins) == ("王五", "Maker (2)", {"0123456789abcdef0123456789abcdef"})
    assert said("c.txt", "第一句话说得很长，第二句话也说得很长".encode("gb18030")).clauses == {
        "第一句话说得很长", "第二句话也说得很长"
    }  # fmt: skip
    for name, data in (("d.docx", b"PK\x03\x04 broken"), ("e.pdf", b"no pdf"), ("f.exe", b"MZ"), ("g.docx", b"")):
        told = said(name, data)
        assert (told.author, told.clauses, len(told.sha256)) == ("", frozenset(), 64)


def printed(*lines: str, author: str = "") -> bytes:
    """A PDF of these lines as a program makes one, with fonts of its own."""
    source = f'#set document(author: "{author}", date: none)\n#set text(font: "Noto Sans CJK SC")\n' + "\\ ".join(lines)
    return typst.compile(source.encode(), font_paths=[str(Path(manimgx_fonts_cjk.__file__).parent)])


@pytest.mark.embedded
def test_a_pdf_is_read_for_its_words_and_compared_with_every_other_kind_of_file(tmp_path):
    def said(name, data, **other):
        (tmp_path / name).write_bytes(data)
        return paper(tmp_path / name, **other)

    own = [f"本单位在河套灌区第{mark}号断面布设采样点并保证数据质量。" for mark in "甲乙丙丁戊己庚辛壬癸子丑寅卯"]
    form = ["第一章投标函", "致河套市生态环境局：我方愿意按照采购文件的要求承担责任，并声明如下内容属实。"]
    ours, theirs = said("a.pdf", printed(*form, *own, author="张三")), said("b.docx", docx(text="".join(own)))
    assert theirs.clauses <= ours.clauses and ours.author == "张三"
    [clue] = clues([Offer(HETAO, papers=(ours,)), Offer(YINSHAN, papers=(theirs,))])
    assert (clue.kind, clue.points) == (Kind.TEXT, 30)
    # Two that only printed the tender's own form, its headings run on into the sentences, share nothing.
    given = said("form.docx", docx(text="。".join(form)), whole=True)
    filled = [said(f"{mark}.pdf", printed(*form, f"{mark}单位自己写的一句话足够长了。")) for mark in "甲乙"]
    shared = filled[0].clauses & filled[1].clauses
    assert shared - given.clauses and all(clause in given.body for clause in shared)


@pytest.mark.embedded
def test_a_hostile_pdf_costs_nothing_but_its_own_words(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE", 0.6)
    packed = zlib.compress(b"BT (a) Tj ET\n" * 3_000_000)
    bomb = tmp_path / "bomb.pdf"
    bomb.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode/Length "
        + str(len(packed)).encode() + b">>stream\n" + packed + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )  # fmt: skip
    began = time.monotonic()
    told = paper(bomb)
    assert time.monotonic() - began < 5
    assert len(told.clauses) == 1 and len(told.sha256) == 64  # the digest of its one stream, as of a scan
    with bomb.open("rb") as file:
        assert reading._pdf_words(file) == ""
