"""Act: write down something done well. Whoever knows of it tells: this floor knows neither contracts nor ratings."""

from datetime import datetime

from django.db import transaction

from blacklist.credit import rules
from blacklist.credit.models import Merit
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if


@transaction.atomic
def note_merit(*, code: str, kind: str, evidence: str, title: str, by: Actor, at: datetime) -> Merit:
    """Note a contract performed in time, or a rating that praises; once for each purchase.

    The fact itself is public where it happened and is recorded there; this is its place in the score.
    Refused for what is no row of the rules.  Law: 明标平台规则 第52条.
    """
    refuse_if(rules.why_not_note(kind=kind, evidence=evidence))
    told = {"title": title[:200], "on": day_in_china(at), "recorded_at": at}
    return Merit.objects.get_or_create(code=code, kind=kind, evidence=evidence, defaults=told)[0]
