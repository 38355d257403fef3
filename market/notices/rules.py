"""What is announced, and what each announcement must say. Pure."""

from enum import StrEnum

from rulebook.law import Article

AWARD_CONTENT = Article("政府采购法实施条例", "第43条")


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


# Of these everybody who obtained the documents, enrolled or offered is told, besides the announcement: the deadline, or
# the purchase itself, is no longer what it was.
TOLD = frozenset({Type.FAILURE, Type.CANCELLATION, Type.SUSPENSION, Type.RESUMPTION})
