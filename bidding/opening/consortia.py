"""What may be against a bid that is made together, once the names are known: not before the opening. Pure."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from rulebook.credit_code import why_not_credit_code


class Fault(StrEnum):
    """Why a bid made together, or one beside it, is invalid."""

    MALFORMED = "consortium-malformed"
    CODE = "consortium-code"
    BANNED = "consortium-banned"
    TWICE = "consortium-twice"
    CONCERNED = "consortium-concerned"
    UNCONFIRMED = "consortium-unconfirmed"


def members_of(consortium: Mapping[str, object] | None) -> tuple[str, ...]:
    """Credit codes of the members besides the lead, as the opening wrote them down."""
    rows = consortium["members"] if consortium else ()
    assert isinstance(rows, Sequence)
    return tuple(str(row["org"]) for row in rows)


def _confirmed(consortium: Mapping[str, object] | None, *, unasked: bool) -> dict[str, bool]:
    """Each member ↦ whether it said so itself.  unasked: what counts where it was opened before that was asked."""
    rows = consortium["members"] if consortium else ()
    assert isinstance(rows, Sequence)
    return {str(row["org"]): bool(row.get("confirmed", unasked)) for row in rows}


def _sides(consortia: Mapping[str, Mapping[str, object] | None], *, unasked: bool) -> dict[str, set[str]]:
    """Organisation ↦ the bids in which it takes part by its own word, each by its lead."""
    sides: dict[str, set[str]] = {}
    for lead, consortium in consortia.items():
        said = _confirmed(consortium, unasked=unasked)
        for org in (lead, *(org for org in said if said[org])):
            sides.setdefault(org, set()).add(lead)
    return sides


def faults(
    consortia: Mapping[str, Mapping[str, object] | None], *, banned: Collection[str], all_invalid: bool = False
) -> dict[str, tuple[Fault, ...]]:
    """Bidder ↦ what is against his bid because of who bids together, in one lot.

    consortia: every bidder named at the opening ↦ whom he names, None who bids alone.  banned: who may not take part.
    all_invalid: of `market.projects.procedure.Together`.
    Whoever names a member that bids beside it, alone or in another consortium, makes its own bid invalid. What a lead
    writes about others is its word alone: it takes nothing away from a bid that does not say so itself, or one bidder
    could throw out its rivals by naming them. Where every bid concerned is invalid, a member's own word is what makes
    its other bid one of them; elsewhere that bid is the panel's to judge, by the agreement. A member that has not said
    itself, under its own key, that it takes part makes the bid that names it invalid.
    Law: 政府采购法 第24条; 政府采购法实施条例 第22条; 招标投标法实施条例 第37条.
    """
    sides = _sides(consortia, unasked=True)
    said = _sides(consortia, unasked=False) if all_invalid else {}
    found: dict[str, tuple[Fault, ...]] = {}
    for lead, consortium in consortia.items():
        members = members_of(consortium)
        wrong = (
            (Fault.MALFORMED, bool(consortium and consortium["fault"])),
            (Fault.CODE, any(why_not_credit_code(org) for org in members)),
            (Fault.BANNED, any(org in banned for org in members)),
            (Fault.TWICE, any(sides.get(org, set()) - {lead} for org in members)),
            (Fault.CONCERNED, bool(said.get(lead, set()) - {lead})),
            (Fault.UNCONFIRMED, not all(_confirmed(consortium, unasked=True).values())),
        )
        if told := tuple(fault for fault, holds in wrong if holds):
            found[lead] = told
    return found
