"""In which language a page speaks, and that the catalogues of the others are whole."""

import re
from io import BytesIO

import polib
import pytest
from pypdf import PdfReader

from scripts import messages
from tests import cast
from tests.make import auctions, bidding, bidding_offers, choices, purchases
from tests.tongues import unmarked_chinese

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
HOLE = re.compile(r"%\(\w+\)s|%%|\{\w*\}|\{[\w.]+\}")
WHOLE = ("en", "mn", "mvf")


def test_a_page_speaks_chinese_until_its_reader_chooses(client):
    page = client.get("/", headers={"accept-language": "en"})
    assert page["Content-Language"] == "zh-hans" and '<html lang="zh-Hans">' in page.text

    back = client.get("/language/en/?to=/notices/%3Fpage%3D2")
    assert (back.status_code, back["Location"]) == (302, "/notices/?page=2")
    page = client.get("/notices/")
    assert page["Content-Language"] == "en" and '<html lang="en">' in page.text
    assert "Cookie" in page["Vary"]


def test_names_and_notices_in_another_language_s_page_say_that_they_are_chinese(client):
    shown = bidding.tender().project
    pages = ("/", "/notices/", f"/projects/{shown.number}/notices/1/", f"/buyers/{shown.buyer_id}/")
    assert not any('lang="zh-Hans">' in client.get(page).text.split("<body")[1] for page in pages)

    client.get("/language/en/")

    for page in pages:
        body = client.get(page).text.split("<main")[1]
        bare = re.sub(r'<(\w+)[^>]* lang="zh-Hans"[^>]*>(?:(?!</\1>).)*</\1>', "", body, flags=re.S)
        assert shown.title in body and shown.title not in bare and shown.buyer.name not in bare, page


def test_what_a_reader_of_a_purchase_meets_is_in_his_language_or_says_that_it_is_chinese(client):
    number = bidding.tender().project.number
    purchases.item("NM-SB-001")
    won = choices.won().number
    auctions.auction()
    auctions.quoted(cast.PROVIDER, "99000")
    auctions.ended()
    opened = bidding_offers.read_out_tender(3, number="T-2026-006").project.number
    pages = ["/", "/notices/", "/verify/", "/catalogue/NM-SB-001/", "/catalogue/NM-SB-001/sheet/"]
    pages += [f"/purchases/{won}/", f"/purchases/{won}/choice/", f"/projects/{won}/award/", f"/projects/{opened}/hall/"]
    pages += [f"/purchases/{auctions.NUMBER}/", f"/purchases/{auctions.NUMBER}/auction/"]
    of_one = ("", "changes/", "papers/", "hall/", "award/", "timeline/", "log/", "notices/1/", "notice/print/")
    of_one += ("hall/replay/", "suspension/", "corrections/")
    pages += [f"/projects/{number}/{page}" for page in of_one]

    for language in WHOLE:
        client.get(f"/language/{language}/")
        assert not {page: found for page in pages if (found := unmarked_chinese(client.get(page).text))}, language


def test_what_is_written_down_is_written_in_chinese(client):
    client.get("/language/en/")

    refused = client.post("/accounts/login/", {"username": "nobody", "password": "wrong"})

    assert refused["Content-Language"] == "zh-hans" and "登录" in refused.text


def test_a_choice_leads_nowhere_else(client):
    assert client.get("/language/en/?to=https://elsewhere.example/")["Location"] == "/"
    assert client.get("/language/en/?to=//elsewhere.example/")["Location"] == "/"
    assert client.get("/language/xx/").status_code == 404
    client.cookies["language"] = "xx"
    assert client.get("/")["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("domain", ["django", "djangojs"])
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalogue_is_what_pages_say_now(language, domain):
    """`python -m scripts.messages` writes it anew."""
    path = messages.catalogue(language, domain)
    book = polib.pofile(str(path))
    said = messages.sentences(messages.PUBLIC if domain == "django" else messages.SCRIPTS)

    assert {entry.msgid for entry in book} == set(said)
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(path.with_suffix(".mo")))}
    assert compiled == {entry.msgid: entry.msgstr for entry in book if entry.msgstr}
    for entry in book:
        if entry.msgstr:
            assert set(HOLE.findall(entry.msgid)) == set(HOLE.findall(entry.msgstr)), entry.msgid
        else:
            assert language not in WHOLE, f"no words yet: {entry.msgid}"


def test_the_notice_sheet_is_read_and_printed_in_the_language_of_its_reader(client):
    purchases.item("NM-SB-001")
    client.get("/language/en/")

    page, paper = client.get("/catalogue/NM-SB-001/sheet/"), client.get("/catalogue/NM-SB-001/sheet.pdf")

    assert "One-time notice sheet" in page.text and "no other conditions or materials" in page.text
    said = "".join(leaf.extract_text() for leaf in PdfReader(BytesIO(paper.content)).pages)
    assert "One-time notice sheet" in said and "Page 1 of " in said

    client.get("/language/mvf/")  # whose script no font of paper holds
    said = PdfReader(BytesIO(client.get("/catalogue/NM-SB-001/sheet.pdf").content)).pages[0].extract_text()
    assert "一次性告知单" in said
