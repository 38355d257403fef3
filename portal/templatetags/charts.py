"""Charts the house draws itself, without script or style of their own. Load with `{% load charts %}`."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
FULL, HIGH, STEP = 400, 16, 44


@register.simple_tag
def bars(rows: Sequence[Any]) -> SafeString:
    """Lying bars, one below the other; a second, hollow so that it stays apart without colour, under the first.

    For the eye: the table beside it has the figures. rows: with label, value, words, second, second_words.
    """
    most = max((max(row.value, row.second or Decimal()) for row in rows), default=Decimal()) or Decimal(1)
    drawn, top = [], 0
    for row in rows:
        words = row.words if row.second is None else f"{row.words} / {row.second_words}"
        drawn.append(
            format_html(
                '<text x="0" y="{}" font-size="13">{} {}</text><rect class="bar" x="0" y="{}" width="{}" height="{}"/>',
                top + 14,
                row.label,
                words,
                top + 20,
                int(row.value / most * FULL),
                HIGH if row.second is None else HIGH // 2,
            )
        )
        if row.second is not None:
            drawn.append(
                format_html(
                    '<rect class="gap" x="0" y="{}" width="{}" height="{}"/>',
                    top + 20 + HIGH // 2,
                    int(row.second / most * FULL),
                    HIGH // 2,
                )
            )
        top += STEP
    return format_html(
        '<svg viewBox="0 0 {} {}" aria-hidden="true">{}</svg>',
        FULL,
        top,
        format_html_join("", "{}", ((each,) for each in drawn)),
    )
