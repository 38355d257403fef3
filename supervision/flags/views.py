"""The public page of red flags, and the same for programs."""

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from supervision.flags import queries
from supervision.flags.words import WORDS

SHOWN = 50  # of one flag
FENCES = {"q1": "Q1", "q3": "Q3", "low": _("下界"), "high": _("上界"), "least": _("界限"), "often": _("次数界限")}
SIDES = {"buyer": _("采购人"), "bidder": _("报价单位")}


@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """Every flag with its definition, how many rows it rests on, and what is flagged."""
    played = request.GET.get("played") == "1"
    told = queries.told(played=played)
    rows = [
        {
            "code": flag.code,
            "words": WORDS[flag.code],
            "flag": flag,
            "fences": [(_fence(name), figure(value)) for name, value in flag.fences.items()],
            "hits": [_hit(hit, told.names) for hit in flag.hits[:SHOWN]],
            "more": max(0, len(flag.hits) - SHOWN),
        }
        for flag in told.flags
    ]
    context = {"rows": rows, "count": told.rows, "newest": queries.NEWEST, "played": played, "nav": "statistics"}
    return render(request, "supervision/flags/flags.html", context)


def figure(value: Fraction) -> str:
    """A figure with four places, without zeros that say nothing."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def _fence(name: str) -> str:
    side, _sep, plain = name.rpartition("_")
    return f"{SIDES[side]} {FENCES[plain]}" if side else str(FENCES[name])


def _hit(hit: Any, names: dict[str, str]) -> dict[str, Any]:
    link = f"/projects/{hit.subject}/" if hit.about == "purchase" else ""
    return {"name": names.get(hit.subject, hit.subject), "link": link, "value": figure(hit.value)}
