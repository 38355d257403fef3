"""What the pages of an evaluation send, read into what the rules take. Shape only, never law."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.timezone import is_naive, make_aware

from bidding.evaluation.rules import Finding, Vote
from experts.panels.elsewhere import Outside

YES_NO = {"yes": True, "no": False}


def findings(data: QueryDict) -> list[Finding]:
    """One finding for each (organisation, condition) that was answered."""
    named = [name.partition(":")[2].partition(":") for name in data if name.startswith("passed:")]
    return [
        Finding(org, key, YES_NO.get(data.get(f"passed:{org}:{key}", "")), data.get(f"reason:{org}:{key}", "").strip())
        for org, _, key in named
    ]


def votes(data: QueryDict, orgs: Sequence[str]) -> list[Vote]:
    """One view on each organisation's compliance; grounds and note belong to a negative one."""
    found = []
    for org in orgs:
        compliant = YES_NO.get(data.get(f"compliant:{org}", ""))
        grounds = () if compliant else tuple(data.getlist(f"ground:{org}"))
        found.append(Vote(org, compliant, grounds, "" if compliant else data.get(f"note:{org}", "").strip()))
    return found


def moment(text: str) -> datetime | None:
    """An instant typed into the browser's own control, in Beijing time; None for nothing or nonsense."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return make_aware(typed) if is_naive(typed) else typed


def representatives(data: QueryDict) -> list[str]:
    """The register numbers of the owner's people, as typed."""
    return [number for text in data.getlist("representative") if (number := text.strip()[:40])]


def written(data: QueryDict, orgs: Sequence[str]) -> list[Vote]:
    """The review as it stands while it is written: nothing that was typed is left out."""
    return [
        Vote(org, YES_NO.get(data.get(f"compliant:{org}", "")), tuple(data.getlist(f"ground:{org}")),
             data.get(f"note:{org}", ""))
        for org in orgs
    ]  # fmt: skip


def outside(data: QueryDict) -> Outside:
    """A panel drawn elsewhere: one member a line, register number and the specialty's key between spaces."""
    return Outside(data.get("source", "").strip()[:120], data.get("reference", "").strip()[:120], members(data))


def members(data: QueryDict) -> list[tuple[str, str]]:
    """(specialty, register number): one a line, the number and the specialty's key between spaces."""
    found = []
    for line in data.get("members", "")[:4000].splitlines():
        number, _, key = line.strip().partition(" ")
        if number:
            found.append((key.strip()[:40], number[:40]))
    return found


def cells(data: QueryDict) -> dict[str, dict[str, str]]:
    """The cells a score form names: points:<organisation>:<factor>."""
    found: dict[str, dict[str, str]] = {}
    for name, text in data.items():
        word, _, place = name.partition(":")
        org, _, factor = place.partition(":")
        if word == "points" and org and factor:
            found.setdefault(org, {})[factor] = str(text)[:20]
    return found


def strata(data: QueryDict) -> list[tuple[str, int]]:
    """(specialty, seats) of every row that names both; what is no number counts as none."""
    rows = zip(data.getlist("specialty"), data.getlist("seats"), strict=False)
    return [(key, int(seats) if seats.isascii() and seats.isdigit() else 0) for key, seats in rows if key]


def whole(text: str) -> int:
    """A small whole number; what is none counts as 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def matter(data: QueryDict) -> tuple[str, str, str, dict[str, Any]]:
    """(kind, organisation, text, facts) of a matter, with the facts its kind asks for."""
    kind, minutes = data.get("kind", ""), whole(data.get("minutes", ""))
    found: dict[str, Any] = {
        "correct": {"to": data.get("to", "").strip(), "rule": data.get("rule", ""), "minutes": minutes},
        "same-brand": {"orgs": sorted(set(data.getlist("orgs")))},
        "policy": {"policy": data.get("policy", "")},
    }  # fmt: skip
    facts = found.get(kind, {"minutes": minutes})
    return kind, "" if kind == "same-brand" else data.get("org", ""), data.get("text", ""), facts
