"""The rehearsal's client sends what a browser would send."""

import pytest

from rehearsal.__main__ import kinds_of, size_of
from rehearsal.client import _page, words_of
from rehearsal.kinds import DEFAULT, KINDS
from rehearsal.story import Untrue

HTML = """<main><p>未到<b>开标时间</b></p>
<form action="/a/open" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t">
<select name="kind"><option value="1">一</option><option value="2" selected>二</option></select>
<textarea name="why">旧</textarea><input type="checkbox" name="sure" value="yes">
<button name="org" value="X">开</button></form>
<form id="later" action="/b/save" method="post"><input name="title" value="旧题"></form><button form="later">存</button>
<form action="/c/no" method="post"><button disabled>否</button></form></main>"""


def test_an_untouched_form_sends_what_stands_in_it() -> None:
    form = _page("http://site/", HTML).form("/a/open")

    assert form.filled({}) == [("csrfmiddlewaretoken", "t"), ("kind", "2"), ("why", "旧")]
    assert dict(form.filled({"sure": "yes", "org": "X", "why": "新"})) == {
        "csrfmiddlewaretoken": "t", "kind": "2", "why": "新", "sure": "yes", "org": "X"
    }  # fmt: skip


def test_a_field_the_form_does_not_have_is_not_sent() -> None:
    with pytest.raises(KeyError):
        _page("http://site/", HTML).form("/a/open").filled({"price": "1"})


def test_a_button_outside_belongs_to_the_form_it_names_and_a_disabled_one_presses_nothing() -> None:
    page = _page("http://site/", HTML)

    assert page.form("/b/save").enabled
    assert not page.form("/c/no").enabled
    with pytest.raises(LookupError):
        page.form("/d/missing")


def test_a_refusal_is_read_as_a_person_reads_it() -> None:
    assert words_of(HTML).startswith("未到 开标时间")
    assert words_of('{"code": "hall.too-early"}') == '{"code": "hall.too-early"}'


def test_sizes_are_read_with_their_units() -> None:
    assert [size_of(text) for text in ("2MB", "300k", "17", "1GB")] == [2 << 20, 300 << 10, 17, 1 << 30]
    with pytest.raises(Untrue):
        size_of("viel")


def test_what_is_played_is_named_by_its_kind_one_or_several() -> None:
    assert kinds_of(DEFAULT) == ["tender"] and kinds_of(" two-envelope,tender") == ["two-envelope", "tender"]
    with pytest.raises(Untrue, match="negotiation"):
        kinds_of("auction")


def test_every_kind_is_played_to_its_verified_record_and_names_each_act_as_often_as_it_has_sessions() -> None:
    for kind in KINDS.values():
        acts = [name for name, _ in kind.acts]
        assert acts[-1] == "核验全程记录" and acts.count("结束开标") == (len(kind.sessions) if kind.seats else 0)


def test_two_envelopes_have_no_act_that_the_kinds_played_in_every_run_do_not_have() -> None:
    played = {act for kind in ("tender", "negotiation") for _, act in KINDS[kind].acts}
    assert {act for _, act in KINDS["two-envelope"].acts} <= played
