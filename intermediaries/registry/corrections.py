"""When a correction may be told, and looked at again. Pure."""

from datetime import timedelta

from intermediaries.registry.rules import why_not_keep, why_not_own
from rulebook.actor import Actor
from rulebook.house import own
from rulebook.refusal import Kind, Reason

CORRECTED = own(93)
REMIND_BEFORE = timedelta(days=3)
# What a report of something not set right may charge a firm with, of the cases' catalogue.
GROUNDS_OF_CHECKS = ("false-materials", "lending", "staff-mismatch", "expired-certificate")


def why_not_say(*, provider: str, done: bool, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against saying that something has been set right: the firm's own people, until it was looked at again."""
    if reasons := why_not_own(provider=provider, by=by):
        return reasons
    if done:
        return (Reason("provider.rechecked", Kind.NOT_NOW, "已经复查", CORRECTED),)
    if not text.strip():
        return (Reason("provider.correction", Kind.NOT_VALID, "请写明改正了什么", CORRECTED),)
    return ()


def why_not_look_again(
    *, done: bool, due: bool, said: bool, corrected: bool, note: str, ground: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against a second check.  due: its day is over.  said: the firm says that it is done.

    ground: what the report charges where it was not set right. Its further day is the check's own to refuse.
    """
    if reasons := why_not_keep(by=by):
        return reasons
    if done:
        return (Reason("provider.rechecked", Kind.NOT_NOW, "已经复查", CORRECTED),)
    if not due and not (said and corrected):
        text = "改正期限内不作未改正的结论；机构说明已改正的，可以提前复查"
        return (Reason("provider.recheck-early", Kind.NOT_NOW, text, CORRECTED),)
    reasons = ()
    if not note.strip():
        reasons += (Reason("provider.recheck-note", Kind.NOT_VALID, "请写明复查查明的事实", CORRECTED),)
    if not corrected and ground not in GROUNDS_OF_CHECKS:
        text = "未改正的，请选择报告不良行为核查的事由"
        reasons += (Reason("provider.recheck-ground", Kind.NOT_VALID, text, CORRECTED),)
    return reasons
