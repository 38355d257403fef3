"""What a correction changed, part by part: side by side and in one line, told by words and strokes, not by colour."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Span = tuple[str, str]
LONGEST = 4000  # characters compared one by one; a longer text is shown as replaced, which is true as well
SAME, GONE, NEW = "same", "gone", "new"


def spans(was: str, now: str) -> list[Span]:
    """What stayed, what is gone and what is new, in the order of reading. Joined without the new it is what was,
    without the gone what is now.

    >>> spans("预算三十万元", "预算四十万元")
    [('same', '预算'), ('gone', '三'), ('new', '四'), ('same', '十万元')]
    """
    if len(was) + len(now) > LONGEST:
        return [each for each in ((GONE, was), (NEW, now)) if each[1]]
    found: list[Span] = []
    for what, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if what == "equal":
            found.append((SAME, was[i:j]))
            continue
        found += [each for each in ((GONE, was[i:j]), (NEW, now[k:m])) if each[1]]
    return found


def told(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """The changes of a correction.  rows: {"place", "was", "now"}."""
    return format_html_join("", "{}", ((_one(each["place"], spans(each["was"], each["now"])),) for each in rows))


def _one(place: str, parts: list[Span]) -> SafeString:
    before = [each for each in parts if each[0] != NEW]
    after = [each for each in parts if each[0] != GONE]
    return format_html(
        '<div class="change"><strong>{}</strong><div class="change__sides"><div><b>{}</b><p>{}</p></div>'
        '<div><b>{}</b><p>{}</p></div></div><details class="fold"><summary>{}</summary><p>{}</p></details></div>',
        place, _("原来"), _marked(before) or _("（无）"), _("现在"), _marked(after) or _("（删去）"),
        _("合在一起看"), _marked(parts),
    )  # fmt: skip


def _marked(parts: list[Span]) -> SafeString:
    line = {
        SAME: "{}{}", GONE: '<del><span class="visually-hidden">{}</span>{}</del>',
        NEW: '<ins><span class="visually-hidden">{}</span>{}</ins>',
    }  # fmt: skip
    words = {SAME: "", GONE: _("〔删去：〕"), NEW: _("〔新增：〕")}
    return format_html_join("", "{}", ((format_html(line[kind], words[kind], text),) for kind, text in parts))
