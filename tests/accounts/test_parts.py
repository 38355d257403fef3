"""The shared parts say what they are given, to everybody who reads, sees, hears or prints."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string

from accounts.templatetags import parts
from rulebook.law import Article
from rulebook.refusal import Kind, Reason
from rulebook.terms import USUAL

LAW = Article("招标投标法实施条例", "第44条")
TOO_FEW = Reason("x.too-few", Kind.NOT_NOW, "投标人不足{least}家", LAW, {"least": 3})
AT = datetime(2026, 11, 24, 1, 17, 42, 5, tzinfo=UTC)


def shown(template, told):
    """A part as a page shows it, which always has words of a law."""
    return render_to_string(template, {"terms": USUAL, **told})


def button(**told):
    return shown("parts/button_with_reasons.html", {"csrf_token": "t", **told})


def test_a_button_that_works_posts_its_own_form():
    made = button(label="开标", action="/open", fields={"x": "1"})

    assert '<form method="post" action="/open">' in made
    assert 'name="csrfmiddlewaretoken"' in made
    assert '<input type="hidden" name="x" value="1">' in made
    assert "aria-disabled" not in made


def test_a_refused_button_is_shown_grey_reachable_and_tied_to_its_reasons_with_the_article():
    made = button(label="开标", action="/open", against=(TOO_FEW,))

    assert "<form" not in made
    assert 'aria-disabled="true"' in made and " disabled" not in made.replace("aria-disabled", "")
    described = made.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{described}"' in made
    assert "投标人不足3家" in made
    assert "《招标投标法实施条例》第44条" in made


def test_two_buttons_of_a_page_keep_their_reasons_apart():
    one, other = (button(label=label, action="/open", against=(TOO_FEW,)) for label in ("开标", "结束"))

    assert one.split('id="')[1].split('"')[0] != other.split('id="')[1].split('"')[0]


def test_a_button_can_belong_to_a_form_or_lead_somewhere():
    assert 'form="decision"' in button(label="登记", form="decision")
    assert '<a class="btn btn--quiet" href="/x">' in button(label="查看", href="/x", variant="quiet")
    assert "不可恢复" in button(label="删除", action="/x", consequence="不可恢复")


def test_a_form_of_the_page_that_is_called_form_is_not_taken_for_an_id():
    made = button(label="开标", action="/open", form=Asking())

    assert '<form method="post" action="/open">' in made


def test_a_name_on_a_button_cannot_bring_markup_along():
    assert "<script>" not in button(label="<script>alert(1)</script>", action="/x")


def test_an_instant_is_read_in_beijing_and_written_in_utc():
    assert parts.moment(AT) == "2026-11-24 09:17:42"
    assert parts.minute(AT) == "2026-11-24 09:17"
    assert parts.clock_time("2026-11-24T01:17:42.000005Z") == "09:17:42"
    assert parts.iso(AT) == "2026-11-24T01:17:42.000005Z"
    assert parts.moment(None) == parts.minute(None) == parts.clock_time(None) == parts.iso(None) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("1000000"), "1,000,000.00"), ("0.005", "0.01"), (None, "—"), ("", "—"), (Decimal("-3.1"), "−3.10")],
)
def test_money_is_shown_to_the_cent_with_separators(value, shown):
    assert parts.money(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("47070000", "4,707"), ("1234567", "123.46"), ("100", "0.01"), ("0", "0")]
)
def test_ten_thousands_carry_the_exact_figure_along(value, shown):
    made = parts.wan(value)

    assert f">{shown}&nbsp;万元" in made
    assert f'title="{parts.money(value)} 元"' in made
    assert parts.wan(None) == "—"


def test_a_digest_is_shortened_and_whole_in_its_title():
    made = parts.digest(bytes(range(32)))

    assert "00010203…1e1f" in made
    assert bytes(range(32)).hex() in made
    assert parts.digest("abc") == '<code title="abc">abc</code>'
    assert parts.digest(None) == ""
    assert parts.spaced_digest("0123456789ab") == "01234567 89ab"


def test_an_article_with_an_edition_names_it():
    assert parts.article(Article("87号令", "第9条", "2017")) == "《87号令(2017)》第9条"
    assert parts.article("招标投标法 第37条") == "招标投标法 第37条"


def test_reasons_already_in_words_are_shown_as_they_are():
    assert "{text}" in shown("parts/reasons.html", {"reasons": [{"text": "{text}", "law": None}]})


class Asking(forms.Form):
    price = forms.CharField(label="报价", help_text="单位元")
    note = forms.CharField(label="备注", required=False)
    agree = forms.BooleanField(label="同意")
    token = forms.CharField(widget=forms.HiddenInput)


def field(form, name, **told):
    return shown("parts/form_field.html", {"field": form[name], **told})


def test_a_field_is_tied_to_its_label_help_and_errors():
    form = Asking({"price": ""})

    made = field(form, "price")

    assert '<label for="id_price">报价' in made
    assert 'aria-invalid="true"' in made
    assert 'aria-describedby="id_price_helptext id_price_error"' in made
    assert 'id="id_price_error"' in made and 'id="id_price_helptext"' in made


def test_an_optional_field_says_so_unless_it_is_a_filter():
    assert "选填" in field(Asking(), "note")
    assert "选填" not in field(Asking(), "note", plain=1)
    assert "选填" not in field(Asking(), "price")


def test_a_check_box_stands_before_its_words_and_a_hidden_field_is_just_there():
    made = field(Asking(), "agree")

    assert made.index("checkbox") < made.index("同意")
    assert field(Asking(), "token").startswith("<input")


def test_errors_are_summed_up_above_the_form_and_lead_to_their_fields():
    made = shown("parts/form_errors.html", {"form": Asking({})})

    assert 'role="alert"' in made
    assert 'href="#id_price"' in made
    assert shown("parts/form_errors.html", {"form": Asking()}).strip() == ""


def test_a_stage_bar_names_the_present_stage():
    stages = [
        {"label": "招标", "state": "done"},
        {"label": "开标", "state": "now", "note": "2 / 3"},
        {"label": "定标", "state": "next"},
    ]

    made = shown("parts/stage_bar.html", {"stages": stages})

    assert made.count("aria-current") == 1
    assert '<li class="is-now" aria-current="step"><b>开标</b><small>2 / 3</small>' in made
    assert "（已完成）" in made


def test_a_countdown_is_readable_without_script_and_silent_but_for_milestones():
    made = shown("parts/countdown.html", {"until": AT, "label": "距截止"})

    assert "2026-11-24 09:17:42" in made
    assert 'aria-hidden="true"' in made and 'role="timer"' in made


def test_an_entry_says_when_what_and_which():
    entry = SimpleNamespace(seq=31, at=AT, kind="x.happened")

    made = shown("parts/entry.html", {"entry": entry, "data": {}, "index": 2041})

    for told in ("09:17:42", "记录事项 x.happened", "第 31 条", "#2041", 'data-seq="31"'):
        assert told in made
    assert "#" not in shown("parts/entry.html", {"entry": entry, "data": {}}).replace('"', "").split("条")[1]


def test_facts_show_what_is_missing_as_none():
    made = shown("parts/facts.html", {"rows": [("预算", "1,300,000.00 元"), ("备注", ""), ("人", "甲", "注")]})

    assert "<dt>预算</dt><dd>1,300,000.00 元</dd>" in made
    assert "无" in made
    assert "<small>注</small>" in made


def test_a_list_of_one_page_counts_and_a_longer_one_leads_on_with_its_filters():
    short = shown("parts/pager.html", {"page": Paginator(range(3), 20).get_page(1)})
    long = shown("parts/pager.html", {"page": Paginator(range(50), 20).get_page(2), "query": "type=award"})

    assert "共 3 条" in short and "rel=" not in short
    assert 'href="?type=award&amp;page=1"' in long and 'href="?type=award&amp;page=3"' in long


def test_a_card_holds_what_stands_in_it_and_escapes_its_title():
    made = Template("{% load parts %}{% card title=title %}<p>{{ text }}</p>{% endcard %}").render(
        Context({"title": "<b>", "text": "<i>"})
    )

    assert "<h2>&lt;b&gt;</h2>" in made
    assert "<p>&lt;i&gt;</p>" in made


def test_a_refusal_says_what_was_refused_why_and_what_now():
    made = shown("parts/refusal.html", {"reasons": (TOO_FEW,), "title": "不能开标", "back": "/x"})

    for told in ("不能开标", "投标人不足3家", "《招标投标法实施条例》第44条", "没有任何内容被改动", 'href="/x"'):
        assert told in made


def test_nothing_yet_is_said_with_what_will_make_it_so():
    made = shown("parts/empty.html", {"text": "还没有", "hint": "会有的", "href": "/x", "label": "去看"})

    assert "还没有" in made and "会有的" in made and 'href="/x"' in made


def test_a_rehearsal_is_announced_above_its_page():
    project = SimpleNamespace(edition="rehearsal")

    assert "不是真实采购" in shown("parts/banner.html", {"project": project})
    assert "一人保管" in shown("parts/banner.html", {"site_banner": "演示：各方密钥由一人保管"})
    assert shown("parts/banner.html", {}).strip() == ""


def test_bars_of_nothing_have_no_length():
    assert 'width="0"' in parts.comparison(Decimal(0), Decimal(0), Decimal(0))
