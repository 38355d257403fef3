"""What counts against somebody in the register: bars by an authority. Pure."""

from datetime import date

from experts.registry.rules import BARRED, why_not_keep_register
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason

LONGEST_DECISION = 120


def why_not_bar(*, until: date, decision: str, on: date, by: Actor) -> tuple[Reason, ...]:
    """Reasons against writing down a bar.

    Law: 政府采购法实施条例 第75条.
    """
    if reasons := why_not_keep_register(by=by):
        return reasons
    reasons = ()
    if not decision.strip() or len(decision.strip()) > LONGEST_DECISION:
        reasons += (Reason("expert.bar-undecided", Kind.NOT_VALID, "须写明处理决定的文号", BARRED),)
    if until < on:
        reasons += (Reason("expert.bar-over", Kind.NOT_VALID, "禁止期限不能早于今天", BARRED),)
    return reasons
