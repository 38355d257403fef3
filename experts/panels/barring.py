"""Decisions on people who are to judge, asked again after the list was made: at the answer, and of whoever sits.

What a project asks about is wired in the settings, for nothing down here knows procedures. Who is behind a mask only
the notifier knows, and it is asked only where somebody of the register is under a decision at all.
"""

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from blacklist.gate import queries as blacklist
from experts.panels.listing import Bans
from experts.panels.models import Panel, Seat
from experts.panels.rules import COUNTS
from experts.registry.models import Dossier
from notifier import client as notifier
from rulebook.refusal import Reason

WHY = "处于禁止参加评审活动的期限内"


def why_not_judge(project_number: str, person: str, *, at: datetime) -> tuple[Reason, ...]:
    """Reasons of decisions against somebody's judging in a project; none of who is known by no number.

    For himself alone.  person: his account.  Law: 政府采购法实施条例 第75条; 招标投标法 第56条.
    """
    tag = Dossier.objects.filter(user__public_id=person).values_list("id_tag", flat=True).first()
    why_not: tuple[Reason, ...] = import_string(settings.JUDGE_GATE)(project_number, tag, at=at) if tag else ()
    return why_not


def suspects(*, at: datetime) -> dict[str, str]:
    """Account ↦ keyed hash of everybody of the register under a decision that is not over, wherever it binds."""
    found = blacklist.people(at=at)
    rows = Dossier.objects.filter(id_tag__in=found) if found else Dossier.objects.none()
    return {str(person): tag for person, tag in rows.values_list("user__public_id", "id_tag")}


def barred_seats(panel: Panel, *, among: dict[str, str], banned: Bans) -> list[Seat]:
    """The seats of this panel, asked or taken, whose people a decision keeps from judging here.

    among: as `suspects` tells.  Refused when the notifier does not answer.
    """
    out = set(banned(among.values())) if among else set()
    people = [person for person, tag in among.items() if tag in out]
    if not people:
        return []
    seats = {seat.cid: seat for seat in panel.seats.filter(state__in=COUNTS).select_related("expert__user")}
    theirs = {cid for _, cid in notifier.whose(people, list(seats))}
    named = {cid for cid, seat in seats.items() if seat.expert and str(seat.expert.user.public_id) in people}
    return [seat for cid, seat in seats.items() if cid in theirs | named]
