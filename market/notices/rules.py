"""What is announced, and what each announcement must say. Pure."""

from enum import StrEnum

from market.projects.rules import LIFE, TOO_FEW, Stage
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

FAILURE_CONTENT = Article("政府采购法", "第36条")
AWARD_CONTENT = Article("政府采购法实施条例", "第43条")


def why_not_end_by_hand(*, stage: str, to: Stage) -> tuple[Reason, ...]:
    """Reasons against an officer's own word that a purchase failed: before the opening only the count decides that.

    Law: 87号令 第41条.
    """
    if stage == Stage.OPEN and to is Stage.FAILED:
        text = (
            "{terms.opening}前是否{terms.failure}，由{terms.closing}后的{terms.bidder}数认定，须经监督部门确认；"
            "如不再采购，请办理终止"
        )
        return (Reason("project.failed-by-hand", Kind.NOT_NOW, text, TOO_FEW),)
    return LIFE.why_not(Stage(stage), to)


class Type(StrEnum):
    """Kinds of notices."""

    TENDER = "tender"
    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    FAILURE = "failure"
    CANCELLATION = "cancellation"
    CANDIDATES = "candidates"
    AWARD = "award"
    CONTRACT = "contract"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
