"""Filters and tags of the shared parts: instants, money, digests, reasons, cards.

Load with `{% load parts %}`. Nothing here reads the database.
"""

import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField, CheckboxInput
from django.template import defaultfilters
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from accounts.finality import Final
from accounts.finality import of as final_of
from rulebook.calendar import limit_words
from rulebook.house import HOUSE
from rulebook.law import Article
from rulebook.refusal import Reason
from rulebook.terms import USUAL, Terms
from rulebook.times import iso as iso_text
from rulebook.times import parse_iso

register = template.Library()

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN_THOUSAND = Decimal(10000)
MINUS = "\u2212"
OWN = re.compile(rf"{HOUSE} 第(\d+)条")


@register.filter
def lang_tag(language: str) -> str:
    """A language as HTML wants it."""
    return {"zh-hans": "zh-Hans", "mvf": "mn-Mong"}.get(language, language)


@register.simple_tag
def html_lang() -> str:
    """The language of the page as HTML wants it."""
    return lang_tag(get_language() or "zh-hans")


HAN = re.compile("[\u3400-\u9fff]")


@register.filter
def tongue(value: object) -> SafeString:
    """What says that this text is Chinese, for an element of a page in another language: names and notices stay as they
    were published, and whoever has the page read out hears them in their own language. Nothing on a Chinese page.
    """
    foreign = not (get_language() or "zh-hans").startswith("zh") and HAN.search(str(value))
    return SafeString(' lang="zh-Hans"' if foreign else "")


@register.filter
def named(value: object) -> object:
    """A name or a text within a line, in an element that says it is Chinese where the page speaks another language."""
    mark = tongue(value)
    return format_html("<span{}>{}</span>", mark, value) if mark else value


@register.filter
def filesizeformat(size: int) -> str:
    """A size in B, KB, MB: Django has a word for the smallest, which not every language of the pages has."""
    return f"{size}\u00a0B" if size < 1024 else defaultfilters.filesizeformat(size)


def _instant(value: datetime | str) -> datetime:
    return parse_iso(value) if isinstance(value, str) else value


@register.filter
def iso(value: datetime | str | None) -> str:
    """An instant for machines, UTC."""
    return iso_text(_instant(value).astimezone(UTC)) if value else ""


@register.filter
def seen(value: object) -> dict[str, str]:
    """The hidden field by which a second person's yes names what was read: `rulebook.seen`."""
    return {"seen": str(value)}


@register.filter
def moment(value: datetime | str | None) -> str:
    """An instant for people, Beijing time, to the second: 2026-11-24 09:17:42."""
    return f"{_instant(value).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if value else ""


@register.filter
def minute(value: datetime | str | None) -> str:
    """An instant for people, Beijing time, to the minute: 2026-11-24 09:17."""
    return f"{_instant(value).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def due(value: datetime | str | None) -> str:
    """A time limit for people, Beijing time: one that falls at midnight is the day before it, at 24:00."""
    return limit_words(_instant(value)) if value else ""


@register.filter
def clock_time(value: datetime | str | None) -> str:
    """The time of day alone, Beijing time: 09:17:42."""
    return f"{_instant(value).astimezone(SHANGHAI):%H:%M:%S}" if value else ""


@register.filter
def money(value: Decimal | str | int | None) -> str:
    """Yuan to the cent with separators: 1,000,000.00; a dash for nothing."""
    if value is None or value == "":
        return "—"
    amount = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{amount:,.2f}".replace("-", MINUS)


@register.filter
def signed(value: Decimal) -> str:
    """Points with their sign, one place: +2.0, −20.0."""
    return f"{value:+.1f}".replace("-", MINUS)


@register.filter
def wan(value: Decimal | str | int | None) -> str:
    """Yuan shown in 万元 where sizes are compared; the exact figure in the tooltip, for screen readers and in print."""
    if value is None or value == "":
        return "—"
    units = (Decimal(value) / TEN_THOUSAND).quantize(Decimal("0.01"), ROUND_HALF_UP)
    short = f"{units:,.2f}".removesuffix("00").removesuffix(".")
    return format_html(
        '<span title="{exact} {yuan}">{short}&nbsp;{unit}'
        '<span class="visually-hidden exact"> ({exact} {yuan})</span></span>',
        exact=money(value),
        yuan=gettext("元"),
        short=short.replace("-", MINUS),
        unit=gettext("万元"),
    )


@register.filter
def digest(value: str | bytes | None) -> str:
    """A hash short enough to read; the whole of it in the tooltip."""
    text = value.hex() if isinstance(value, bytes | memoryview) else str(value or "")
    if not text:
        return ""
    short = text if len(text) <= 16 else f"{text[:8]}…{text[-4:]}"
    return format_html('<code title="{}">{}</code>', text, short)


@register.filter
def sentence(reason: Reason | Mapping[str, str], terms: Terms = USUAL) -> str:
    """The sentence of a reason in the reader's language and these terms; a mapping was put into words before."""
    if isinstance(reason, Mapping):
        return reason["text"]
    return gettext(reason.text).format_map({"terms": terms, **reason.values})


@register.filter
def said(text: str, terms: Terms) -> str:
    """A translated sentence with what these terms call things: `{{ _("{terms.opening}大厅")|said:terms }}`."""
    return str(text).format(terms=terms) if "{terms." in str(text) else text


@register.filter
def article(law: Article | str) -> str:
    """An article as Chinese texts quote it: 《招标投标法》第37条. The platform's own leads to its text."""
    if isinstance(law, str):
        own = OWN.fullmatch(law)
        return _linked(own[1], law) if own else law
    edition = f"({law.edition})" if law.edition else ""
    words = f"《{law.law}{edition}》{law.number}"
    own = OWN.fullmatch(str(law))
    return _linked(own[1], words) if own else words


def _linked(number: str, words: str) -> SafeString:
    """A citation of the platform's own rules, as a link to the article."""
    return format_html('<a href="{}#a{}">{}</a>', reverse("portal:rules"), number, words)


@register.filter
def anchor(value: object) -> str:
    """A short stable id for an element, from whatever makes it unique."""
    return f"x{zlib.crc32(str(value).encode()):08x}"


@register.filter
def as_id(value: object) -> str:
    """The value if it is the id of an element: a page's own form of the same name is none."""
    return value if isinstance(value, str) else ""


@register.simple_tag
def why_id(*distinct: object) -> str:
    """The id of a list of reasons, from what makes its button unique on the page."""
    return anchor("|".join(str(part) for part in distinct))


@register.simple_tag
def finality(door: str = "", action: str = "") -> Final | None:
    """The row of an act that cannot be taken back, by its door's name or by the address a button posts to."""
    return final_of(str(door or ""), str(action or ""))


@register.filter
def kind_words(kind: str) -> str:
    """The words for an entry whose kind has no template of its own."""
    return gettext("记录事项 {kind}").format(kind=kind)


TONES = {"tender": "info", "award": "ok", "contract": "ok", "failure": "bad", "cancellation": "bad"}


@register.filter
def notice_tone(type: str) -> str:
    """The colour of a notice's badge; its word says the same."""
    return TONES.get(type, "warn")


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def described(field: BoundField) -> SafeString:
    """The control of a field, tied to its help and its errors for screen readers."""
    told = [f"{field.auto_id}_helptext"] if field.help_text else []
    attrs = {}
    if field.errors:
        told.append(f"{field.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if told:
        attrs["aria-describedby"] = " ".join(told)
    return field.as_widget(attrs=attrs)


@register.filter
def get(mapping: dict, key: object) -> object:
    """The value of a key that is itself a variable."""
    return mapping.get(key)


@register.simple_block_tag
def card(content: str, title: str = "", extra: str = "", id: str = "") -> str:
    """A card around its content: `{% card title=_("事实") %} … {% endcard %}`."""
    return render_to_string("parts/card.html", {"title": title, "body": content, "extra": extra, "id": id})


@register.simple_tag
def comparison(control: Decimal, award: Decimal, saved: Decimal) -> SafeString:
    """Two lying bars, what was allowed and what was agreed, in 万元. For the eye: a table beside it has the figures.

    Solid and dashed, so that they stay apart on paper without colour.
    """
    full = 400
    rows = [(gettext("控制价"), control, "bar"), (gettext("中标价"), award, "bar bar--two")]
    drawn = [
        format_html(
            '<text x="0" y="{text}" font-size="14">{label} {value}</text>'
            '<rect class="{css}" x="0" y="{top}" width="{wide}" height="26"/>',
            text=place * 64 + 16,
            top=place * 64 + 24,
            label=label,
            value=f"{amount / TEN_THOUSAND:,.0f}",
            css=css,
            wide=int(amount / control * full) if control else 0,
        )
        for place, (label, amount, css) in enumerate(rows)
    ]
    gap = int(saved / control * full) if control else 0
    drawn.append(format_html('<rect class="gap" x="{x}" y="88" width="{wide}" height="26"/>', x=full - gap, wide=gap))
    return format_html(
        '<svg viewBox="0 0 400 120" aria-hidden="true">{}</svg>',
        format_html_join("", "{}", ((each,) for each in drawn)),
    )


@register.filter
def spaced_digest(value: str) -> str:
    """A fingerprint in groups of eight, to be read aloud and compared."""
    return " ".join(re.findall(".{1,8}", value))
