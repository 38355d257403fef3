"""Acts between two sessions of an opening: who passed is put on record, then the host opens what they sealed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bidding.opening import doors, events, few, hosting, queries, rules
from bidding.opening.models import Admission, Opening, OpeningUnit
from bidding.opening.telling import shut_doors, tell
from bidding.submission import queries as submissions
from bidding.submission.models import Round
from bidding.tender.models import Tender
from ledger.services import publish_blob
from market.projects.models import Project
from proofs import canonical
from rulebook.actor import Actor
from rulebook.refusal import refuse_if
from rulebook.times import iso


def admit(*, project: Project, passed: Mapping[str, str], at: datetime) -> list[Admission]:
    """Put on record who passed the judgement after the first session. The caller holds the project.

    passed: organisation ↦ name.

    Until this is in the log no key of a later session may be released; of whoever is not named, none ever.
    """
    tender = queries.stand(project, at=at).tender
    entry = tell(project, events.TechPassed(stream=project.log, passed=sorted(passed)), at=at)
    return Admission.objects.bulk_create(Admission(tender=tender, organisation=org, entry=entry) for org in passed)


@transaction.atomic
def open_session(*, project_number: str, by: Actor, at: datetime) -> Opening:
    """Open the next session for those who passed; what the others sealed for it is never opened.

    Refused when it is not the host, before it is on record who passed, or when it is open already.
    Law: 公路工程建设项目招标投标管理办法 第41条 (to verify).
    """
    standing = doors.hold(project_number, by=by, at=at)
    project = standing.project
    refuse_if(rules.why_not_open_session(standing.facts, by=by))
    tender, closing, row = standing.tender, standing.closing, standing.round
    assert closing is not None  # a session was opened before
    live = submissions.live(tender, round=row)
    if row and len(live) < standing.facts.min_bids:
        refuse_if((few.too_few_quotes(project.least_to_go_on),))
    if row and not standing.admitted:  # until here nobody is told who goes on
        admit(project=project, passed=row.invited, at=at)
    admitted = [bid for bid in live if row or bid.org in standing.admitted]
    opening = Opening.objects.create(
        tender=tender,
        session=standing.session,
        opened_by=by.person,
        opened_at=at,
        turn_ends=at + timedelta(seconds=tender.window),
    )
    OpeningUnit.objects.bulk_create(
        OpeningUnit(opening=opening, bid=bid.parts[part]) for bid in admitted for part in standing.parts
    )
    event = events.SessionOpened(
        stream=project.log,
        session=opening.session,
        closing=closing.digest,
        bidders=[bid.org for bid in admitted],
        window_ends=iso(opening.turn_ends),
        **(_list(tender, row) if row else {}),
    )
    hosting.note(standing, by=by)
    tell(project, event, at=at)
    shut_doors(project, session=opening.session, closing=closing.digest, at=at)
    return opening


def _list(tender: Tender, row: Round) -> dict[str, Any]:
    """What proves that a round's list is the one that was closed, and every quote on it in the sealed log."""
    return {
        "round": row.number,
        "nonce": bytes(row.nonce).hex(),
        "live_sha256": publish_blob(row.listing.encode()),
        "sealed_sha256": publish_blob(canonical.dumps(queries.sealed_proofs(tender, round=row))),
    }
