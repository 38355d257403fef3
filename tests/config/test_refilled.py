"""A refusal loses nothing typed: the page comes back with the form as it was sent, secrets and files left out."""

import re

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from config import refilled
from rulebook.terms import USUAL
from tests import cast, make
from tests.make import performance, providers
from tests.make.market import NUMBER

PAGE = """<!DOCTYPE html><main id="main"><a href="?rows=9">more</a>
<form method="post" action="/act"><input type="hidden" name="id" value="1"><textarea name="why">of one</textarea></form>
<details><summary>s</summary><form method="post" action="/act"><input type="hidden" name="id" value="2">
<input name="who" value="old"><input type="password" name="pw"><input type="checkbox" name="yes" checked>
<input type="radio" name="r" value="a" checked><input type="radio" name="r" value="b"><input type="file" name="f">
<select name="s"><option value="1" selected>1<option value="2">2</select>
<textarea name="why">of two</textarea></form></details>
<form method="post" action="/other"><input name="who" value="other"></form>
<form action="?x=1"></form>&amp;&#60;</main>"""


def test_of_several_forms_the_one_that_was_sent_is_filled_and_its_fold_opened(monkeypatch):
    monkeypatch.setattr(refilled, "_read", lambda request, path: PAGE)
    sent = QueryDict(mutable=True)
    sent.update({"id": "2", "who": '"<x>"', "pw": "hidden words", "r": "b", "s": "2", "why": "long </textarea> words",
                 "gone": "a field that is no more", "csrfmiddlewaretoken": "t" * 40})  # fmt: skip
    request = RequestFactory().post("/act", sent)

    page = refilled.page_with(request, path="/page/?a=1", context={"title": "no", "reasons": [], "terms": USUAL})

    assert page and "hidden words" not in page and "ttttt" not in page
    assert '<textarea name="why">of one</textarea>' in page and 'value="other"' in page
    assert 'value="&quot;&lt;x&gt;&quot;"' in page and "\nlong &lt;/textarea&gt; words</textarea>" in page
    assert "<details open>" in page and '<input type="checkbox" name="yes">' in page
    assert '<input type="radio" name="r" value="a">' in page and 'name="r" value="b" checked' in page
    assert '<option value="1">1<option value="2" selected>' in page
    assert "a field that is no more" in page  # in words
    assert 'href="/page/?rows=9"' in page and 'action="/page/?x=1"' in page and page.endswith("&amp;&#60;</main>")
    assert page.count('name="_page" value="/page/?a=1"') == 3


@pytest.mark.embedded
@pytest.mark.django_db
def test_on_the_contracts_page_and_the_providers_own_what_was_typed_comes_back(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)
    performance.agreed()
    here = f"/projects/{NUMBER}/performance/"
    provider = make.accounts.client_of(cast.PROVIDER)
    note = "第一期报告已当面交给王工，附签收单"

    def send(what: str, told: dict[str, str], came: str, **more: str) -> str:
        headers = {"Accept": "text/html", "Referer": f"http://testserver{came}"}
        answer = provider.post(what, told | more, headers=headers)
        assert answer.status_code in (409, 422)
        return answer.content.decode()

    first = send(f"{here}invoice", {"i-number": "", "i-amount": "12345.67", "i-issued_on": "2026-11-24"}, here)
    assert 'value="12345.67"' in first and 'role="alert"' in first and "交付节点" in first
    marks = re.findall(r'name="_page" value="([^"]+)"', first)
    assert set(marks) == {here}
    again = send(f"{here}invoice", {"i-number": "x" * 99, "i-amount": "7.65"}, f"{here}invoice", _page=here)
    assert 'value="7.65"' in again
    gone = send(f"{here}reply", {"r-agree": "", "r-answer": note}, here)  # nothing to reply to: no such form
    assert note in gone
    elsewhere = send(f"{here}invoice", {"i-amount": "7.65"}, "", _page="//elsewhere.example/")
    assert "elsewhere" not in elsewhere


@pytest.mark.embedded
@pytest.mark.django_db
def test_the_providers_own_page_keeps_what_was_typed(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)
    providers.entered()
    client = make.accounts.client_of(cast.PROVIDER)
    first, second = providers.employed(serial=1), providers.employed(serial=2)
    came = {"Accept": "text/html", "Referer": "http://testserver/providers/me/"}

    told = {"of": str(second.pk), f"c{second.pk}-kind": "注册测绘师", f"c{second.pk}-number": "CH-77"}
    page = client.post("/providers/me/certify/", told, headers=came)
    typed = client.post("/providers/me/place/", {"p-region": "满洲里市", "p-address": "", "p-phone": "1"}, headers=came)

    assert page.status_code == typed.status_code == 422
    assert page.content.decode().count('value="CH-77"') == 1 and "<details" in page.content.decode()
    assert 'value="满洲里市"' in typed.content.decode()
    fields = re.findall(r'name="c(\d+)-number"[^>]*value="CH-77"', page.content.decode())
    assert fields in ([], [str(second.pk)]) and first.pk != second.pk
