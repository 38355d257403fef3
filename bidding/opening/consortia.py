"""What may be against a bid that is made together, once the names are known: not before the opening. Pure."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from rulebook.credit_code import why_not_credit_code
from rulebook.law import Article

TOGETHER = Article("政府采购法", "第24条")
ONCE_ONLY = Article("政府采购法实施条例", "第22条")


class Fault(StrEnum):
    """Why a bid made together, or one beside it, is invalid."""

    MALFORMED = "consortium-malformed"
    CODE = "consortium-code"
    BANNED = "consortium-banned"
    TWICE = "consortium-twice"
    UNCONFIRMED = "consortium-unconfirmed"


def members_of(consortium: Mapping[str, object] | None) -> tuple[str, ...]:
    """Credit codes of the members besides the lead, as the opening wrote them down."""
    rows = consortium["members"] if consortium else ()
    assert isinstance(rows, Sequence)
    return tuple(str(row["org"]) for row in rows)


def _confirmed(consortium: Mapping[str, object] | None) -> list[bool]:
    """Of each member whether it said so itself; what was opened before that was asked counts as said."""
    rows = consortium["members"] if consortium else ()
    assert isinstance(rows, Sequence)
    return [bool(row.get("confirmed", True)) for row in rows]


def faults(
    consortia: Mapping[str, Mapping[str, object] | None], *, banned: Collection[str]
) -> dict[str, tuple[Fault, ...]]:
    """Bidder ↦ what is against his bid because of who bids together, in one lot.

    consortia: every bidder named at the opening ↦ whom he names, None who bids alone.  banned: who may not take part.
    Whoever names a member that bids beside it, alone or in another consortium, makes its own bid invalid. What a lead
    writes about others is its word alone: it takes nothing away from a bid that does not say so itself, or one bidder
    could throw out its rivals by naming them. Those are the panel's to judge, by the agreement. A member that has not
    said itself, under its own key, that it takes part makes the bid that names it invalid.
    Law: 政府采购法 第24条; 政府采购法实施条例 第22条.
    """
    sides: dict[str, set[str]] = {}
    for lead, consortium in consortia.items():
        for org in (lead, *members_of(consortium)):
            sides.setdefault(org, set()).add(lead)
    found: dict[str, tuple[Fault, ...]] = {}
    for lead, consortium in consortia.items():
        members = members_of(consortium)
        wrong = (
            (Fault.MALFORMED, bool(consortium and consortium["fault"])),
            (Fault.CODE, any(why_not_credit_code(org) for org in members)),
            (Fault.BANNED, any(org in banned for org in members)),
            (Fault.TWICE, any(len(sides[org]) > 1 for org in members)),
            (Fault.UNCONFIRMED, not all(_confirmed(consortium))),
        )
        if told := tuple(fault for fault, holds in wrong if holds):
            found[lead] = told
    return found
