"""What is announced, and what each announcement must say. Pure."""

from enum import StrEnum

from rulebook.law import Article

FAILURE_CONTENT = Article("政府采购法", "第36条")
AWARD_CONTENT = Article("政府采购法实施条例", "第43条")


class Type(StrEnum):
    """Kinds of notices."""

    TENDER = "tender"
    FAILURE = "failure"
    CANCELLATION = "cancellation"
    AWARD = "award"
    CONTRACT = "contract"
