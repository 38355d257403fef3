"""Reads: which issue of each list is held, who stands on it, who was looked up."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet

from blacklist.lists import rules
from blacklist.lists.models import Inquiry, ListEntry, ListIssue


def held() -> dict[str, ListIssue]:
    """List ↦ its newest confirmed issue; those before it are not read."""
    confirmed = ListIssue.objects.exclude(confirmed_at=None).defer("table").order_by("-as_of", "-confirmed_at")
    newest = (confirmed.filter(list=key).first() for key in rules.LISTS)
    return {row.list: row for row in newest if row is not None}


def askable() -> set[str]:
    """The regimes in which a law wants a list asked that is held; in others nothing would be kept."""
    issues = held()
    return {regime for regime, keys in rules.ASKED.items() if any(key in issues for key in keys)}


def looked_up(abouts: Collection[str]) -> set[str]:
    """Those of these procurements whose bidders were looked up at the review."""
    rows = Inquiry.objects.filter(about__in=abouts, gate=rules.Gate.REVIEW.value)
    return set(rows.values_list("about", flat=True))


def waiting() -> QuerySet[ListIssue]:
    """What one supervisor brought in and another has yet to confirm."""
    return ListIssue.objects.filter(confirmed_at=None, dropped_at=None).order_by("pk")


def answers(code: str, *, regime: str, on: date) -> list[dict[str, Any]]:
    """What the lists that a law wants asked in a regime say of a body on a day; which are not held is said too."""
    issues, told = held(), []
    for key in rules.ASKED[regime]:
        row, issue = rules.LISTS[key], issues.get(key)
        found = ListEntry.objects.filter(issue=issue, code=code).order_by("pk") if issue else ()
        told.append({
            "list": key, "name": row.name, "law": str(row.law), "held": issue is not None,
            "as_of": issue.as_of.isoformat() if issue else "", "sha256": issue.sha256 if issue else "",
            "source": issue.source if issue else row.source,
            "found": [
                {"document_no": each.document_no, "reason": each.reason, "listed_on": each.listed_on.isoformat(),
                 "until": each.until.isoformat() if each.until else ""}
                for each in found if rules.binds(listed_on=each.listed_on, until=each.until, on=on)
            ],
        })  # fmt: skip
    return told


def inquiries(about: str, *, code: str = "") -> QuerySet[Inquiry]:
    """Who was looked up in a procurement: everybody, or one body."""
    found = Inquiry.objects.filter(about=about).order_by("asked_at", "name")
    return found.filter(code=code) if code else found
