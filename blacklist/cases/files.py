"""What every act of a case does: hold it, write its next step, tell its party, write down what was decided."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from accounts import inbox
from blacklist.cases import queries, rules
from blacklist.cases.models import Case, Restriction, Step
from blacklist.cases.process import Act, File, Made, Outcome, Terms
from documents.evidence import services as kept
from proofs import canonical
from rulebook.actor import Actor
from rulebook.calendar import day_in_china

Evidence = Sequence[tuple[str, BinaryIO | bytes]]  # name and bytes of each exhibit


def restrict(case: Case, made: Sequence[Made], *, file: File) -> list[Restriction]:
    """Write down what two persons decided, or what a ruling made of it."""
    signed = file.ruling or file.decision
    if file.decided_at is None or signed is None:
        raise ValueError("nothing was decided")
    return [
        Restriction.objects.create(
            case=case,
            round=signed.round,
            decision_no=number(case, at=file.decided_at),
            body=case.body,
            subject=case.subject,
            name=case.name,
            ground=case.ground,
            kind=row.kind.value,
            points=row.points,
            decided_at=file.decided_at,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in made
    ]


def held(public_id: UUID) -> tuple[Case, File]:
    """The case, locked, and its file."""
    case = Case.objects.select_for_update().get(public_id=public_id)
    return case, queries.file_of(case)


def add(
    case: Case,
    act: Act,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    evidence: Evidence = (),
    outcome: Outcome | None = None,
    terms: Terms | None = None,
    **other: object,
) -> Step:
    """Write the next step of a held case, with the files that prove it."""
    seq = Step.objects.filter(case=case).count() + 1
    about = queries.about(case, seq)
    files = [kept.keep(about=about, name=name, blob=blob, by=by, at=at) for name, blob in evidence]
    return Step.objects.create(
        case=case,
        seq=seq,
        act=act.value,
        person=by.person,
        name=by.name,
        at=at,
        text=text.strip(),
        evidence=[{"name": file.name, "sha256": file.sha256} for file in files],
        outcome=outcome.value if outcome else "",
        terms=terms.data() if terms else {},
        nonce=secrets.token_hex(16),
        **other,
    )


def digest(case: Case, row: Step) -> str:
    """What the log says of a step: a hash of its words, its evidence and its subject, blinded by its nonce."""
    told = {
        "case": str(case.public_id),
        "subject": case.subject,
        "ground": case.ground,
        "edition": case.edition,
        "seq": row.seq,
        "act": row.act,
        "text": row.text,
        "evidence": row.evidence,
        "outcome": row.outcome,
        "terms": row.terms,
        "nonce": row.nonce,
    }
    return hashlib.sha256(canonical.dumps(told)).hexdigest()


def number(case: Case, *, at: datetime) -> str:
    """The number of a case's decision."""
    return f"明处〔{day_in_china(at).year}〕{case.pk}号"


def tell_party(case: Case, subject: str, *, at: datetime) -> None:
    """A message to who answers for the subject, that leads to the case."""
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_user=case.party_person or None,
        to_organisation=case.party_org,
        subject=subject,
        body=f"{rules.GROUNDS[case.ground].name}：请在案件页面查看全文、期限和权利。",
        link=f"/cases/{case.public_id}/",
        at=at,
    )
