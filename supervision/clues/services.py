"""The act of looking at the bids of an opening that is over: once, by the clock; an alert where it is worth one."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bidding.opening.models import Opening
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind as Refusal
from rulebook.refusal import Reason, Refused
from supervision.clues import queries, rules
from supervision.clues.models import Clue, Screening
from supervision.clues.words import WORDS
from supervision.monitors.rules import Light
from supervision.monitors.services import raise_alert

RED = 60  # points two bidders share
LAW = "财政部令第87号第三十七条；招标投标法实施条例第四十条"


def screen(*, opening_id: int, by: Actor, at: datetime) -> Screening:
    """Look for what the bids of this session share; looking again changes nothing. Nobody is rejected by it.

    Every group of bidders that shares enough becomes an alert, which has an owner and ends with a finding.
    Refused to anybody but the clock, and before the session has ended.
    """
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("screen.not-system", Refusal.NOT_YOURS, "线索由平台在开启结束后自动查找"))
    opening = Opening.objects.select_related("tender__project").get(pk=opening_id)
    if opening.ended_at is None:
        raise Refused(Reason("screen.early", Refusal.NOT_NOW, "开启结束后才查找线索"))
    told = queries.gathered(opening.tender)
    found = rules.clues(told.offers, given=told.given)
    groups = rules.suspected(found)
    with transaction.atomic():
        row, new = Screening.objects.get_or_create(
            opening=opening,
            defaults={
                "bidders": dict(told.bidders), "read": told.read, "groups": [list(group) for group in groups],
                "screened_at": at,
            },
        )  # fmt: skip
        if new:
            Clue.objects.bulk_create(
                Clue(screening=row, kind=one.kind.value, orgs=list(one.orgs), points=one.points, evidence=one.evidence)
                for one in found
            )
            for group in groups:
                _alert(opening, group, found, by=by, at=at)
    return row


def _alert(opening: Opening, group: Sequence[str], found: Sequence[rules.Clue], *, by: Actor, at: datetime) -> None:
    project = opening.tender.project
    within = [one for one in found if len(set(one.orgs) & set(group)) > 1]
    points = max(rules.strength(within).values())
    kinds = sorted({one.kind for one in within}, key=lambda kind: -rules.POINTS[kind])
    raise_alert(
        kind="clue.ring",
        subject=f"project/{project.number}",
        fact=f"{opening.session} {hashlib.sha256(' '.join(group).encode()).hexdigest()[:32]}",
        what=f"{len(group)} 家的{project.terms.file}有 {len(kinds)} 种相同之处，请核实。这是线索，不是结论。",
        project=project,
        light=Light.RED if points >= RED else Light.YELLOW,
        law=LAW,
        evidence={
            "rows": [[str(WORDS[kind]), str(sum(one.kind == kind for one in within))] for kind in kinds],
            "link": f"/supervision/clues/{project.number}/",
        },
        by=by,
        at=at,
    )
