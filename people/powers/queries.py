"""The one question at the doors of bidding and buying, and what a house's administrators see of it."""

from django.db import connection
from django.db.models import QuerySet

from people.powers import rules
from people.powers.models import OnlyAuthorised, Power
from rulebook.actor import Actor
from rulebook.refusal import Reason

# Written out: asked before every act on a project, at a deadline too.
_ASKED = (
    "SELECT EXISTS (SELECT 1 FROM people_power p JOIN accounts_user u ON u.id = p.user_id"
    " WHERE u.public_id = %s AND p.project_number IN ('', %s)) FROM people_onlyauthorised WHERE organisation_id = %s"
)


def why_not_act(number: str, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against this person's acting for his house on a project; empty: on a new one."""
    if by.role not in rules.ASKED or not by.person:  # who speaks by the key of the house needs no other word of it
        return ()
    person = by.person if connection.vendor == "postgresql" else by.person.replace("-", "")
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [person, number, by.organisation])
        row = cursor.fetchone()
    return rules.why_not_act(only_authorised=row is not None, authorised=row is not None and bool(row[0]), by=by)


def only_authorised(code: str) -> bool:
    """Whether only who is authorised acts for the house."""
    return OnlyAuthorised.objects.filter(organisation_id=code).exists()


def powers(code: str) -> QuerySet[Power]:
    """Who may act on what, by person."""
    rows = Power.objects.filter(user__organisation_id=code).select_related("user")
    return rows.order_by("user_id", "project_number")
