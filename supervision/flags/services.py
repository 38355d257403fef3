"""The act of noting what is public of a result, for the flags."""

from datetime import datetime

from market.awards.models import Award
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused
from supervision.flags import queries, rules
from supervision.flags.models import FlagFacts


def note_result(*, award: Award, by: Actor, at: datetime) -> FlagFacts:
    """Note a published result's facts, once; noting them again changes nothing. Refused to anybody but the clock."""
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("flags.not-system", Kind.NOT_YOURS, "结果公布后由平台自动登记"))
    row, _ = FlagFacts.objects.get_or_create(
        award=award,
        defaults={
            "facts": rules.stored(queries.purchase(award)), "played": not award.project.procedure.for_real,
            "title": award.project.title, "noted_at": at,
        },
    )  # fmt: skip
    return row
