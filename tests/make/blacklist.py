"""Recorded decisions, and what followed them."""

from datetime import date, datetime
from uuid import UUID

from blacklist.sanctions import services
from blacklist.sanctions.models import Sanction, SanctionDraft
from tests import cast

FACTS = {
    "code": cast.HETAO,
    "name": cast.NAMES[cast.HETAO],
    "authority": "河套市财政局",
    "decision_no": "河财采罚〔2026〕3号",
    "basis": "gp-77",
    "grounds": "提供虚假材料谋取中标",
    "decided_on": date(2026, 2, 20),
    "starts_on": date(2026, 3, 1),
    "ends_on": date(2027, 2, 28),
}
PERSON = "150727197506010015"  # well formed and nobody's
DOCUMENT = {"authority": "河套市人民政府", "document_no": "河政复决〔2026〕8号", "reason": "复议决定书主文"}


def sanction(*, at: datetime = cast.NOON, **other: object) -> Sanction:
    """A ban of 2026-03-01 for one year, recorded by one supervisor and confirmed by another at noon."""
    return services.confirm(draft=drafted(at=at, **other).public_id, by=cast.SECOND_SUPERVISOR, at=at)


def drafted(*, at: datetime = cast.NOON, **other: object) -> SanctionDraft:
    """The same, recorded and not confirmed."""
    return services.record_decision(**{**FACTS, **other}, by=cast.SUPERVISOR, at=at)


def person(id_number: str, **other: object) -> Sanction:
    """A person kept out of everything for a year."""
    return sanction(**{"code": "", "id_number": id_number, "name": "张建国", "basis": "apl-9", **other})


def followed(public_id: UUID, fact: str, *, at: datetime = cast.NOON, **other: str) -> Sanction:
    """What followed a decision, by two supervisors."""
    draft = services.note(public_id=public_id, fact=fact, **{**DOCUMENT, **other}, by=cast.SUPERVISOR, at=at)
    return services.confirm(draft=draft.public_id, by=cast.SECOND_SUPERVISOR, at=at)
