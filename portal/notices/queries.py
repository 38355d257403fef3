"""Notices found: the lines of a page, with the words that were searched for marked in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from market.notices import index
from market.notices import queries as notices
from market.notices.index import Asked
from market.notices.models import Notice
from rulebook import bigrams

PAGE = 20
COUNTED = 100  # as far as is counted: to count on would cost more the longer the history
AROUND = 36  # characters shown on either side of a word


@dataclass(frozen=True)
class Line:
    """A notice with its title, and where else the words stand in it; both may hold marks."""

    notice: Notice
    title: SafeString | str
    said: SafeString | str = ""


@dataclass(frozen=True)
class Found:
    """A page of them.  count: as far as it goes, None on a later page.  more: id the next page goes on below."""

    lines: list[Line]
    count: int | None
    more: int | None

    @property
    def beyond(self) -> bool:
        """There are more than are counted."""
        return self.count is not None and self.count > COUNTED

    @property
    def counted(self) -> int:
        return min(self.count or 0, COUNTED)


def found(asked: Asked, *, before: int | None = None) -> Found:
    """A page of what was asked for, newest first. Two queries, however many there are."""
    ids = index.find(asked, before=before, most=(PAGE if before else COUNTED) + 1)
    rows = notices.these(ids[:PAGE])
    more = ids[PAGE - 1] if len(ids) > PAGE else None
    return Found([line(row, asked.words) for row in rows], None if before else len(ids), more)


def line(notice: Notice, words: str) -> Line:
    """A notice as one line of a list."""
    sought = _sought(words)
    if sought is None:
        return Line(notice, notice.project.title)
    for text in _texts(notice.content):
        if found := sought.search(text):
            start, end = max(0, found.start() - AROUND), found.end() + AROUND
            cut = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
            return Line(notice, marked(notice.project.title, sought), marked(cut, sought))
    return Line(notice, marked(notice.project.title, sought))


def _sought(words: str) -> re.Pattern[str] | None:
    runs = sorted(set(bigrams.runs(words)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, runs)), re.IGNORECASE) if runs else None


def marked(text: str, sought: re.Pattern[str]) -> SafeString:
    """The text with what was searched for in marks."""
    parts, at = [], 0
    for found in sought.finditer(text):
        parts.append((text[at : found.start()], found.group()))
        at = found.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[at:])


def _texts(content: dict[str, Any]) -> Iterator[str]:
    """What a notice says beside its title, which stands above it anyway."""
    yield content.get("buyer", {}).get("name", "")
    yield content.get("project", "")
    yield from (text for text in index.texts({**content, "title": ""}) if text)
