"""Acts on a draft: its terms, its documents, approval and the minute of publication; and corrections after it."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction

from bidding.tender import files, queries, rules
from bidding.tender.layouts import Envelopes
from bidding.tender.models import Document, Tender
from bidding.tender.rules import Factor
from market.agency import services as agency
from market.projects import queries as projects
from market.projects import rules as project_rules
from market.projects import services as project_services
from market.projects.models import Project
from market.projects.rules import Timetable
from rulebook.actor import Actor
from rulebook.refusal import refuse_if

TERMS = ("supply_ends_at", "closes_at", "price_weight", "small_deduction", "factors", "qualifications")


@transaction.atomic
def draft(
    *, facts: Mapping[str, Any], terms: Mapping[str, Any], letter: UUID | None = None, by: Actor, at: datetime
) -> Tender:
    """Begin a project with the terms of its tender; what is still wrong with them is said before approval.

    facts: `market.projects.services.FACTS`.  terms: TERMS, factors as `Factor`.  letter: public id of the one an agent
    acts under. Raises Entrustment.DoesNotExist.
    Refused when it is not an officer, the edition has no place here, or an agent has no letter in force.
    """
    mandate = agency.use(public_id=letter, by=by, at=at) if letter else None
    project = project_services.draft(facts=facts, mandate=mandate, by=by, at=at)
    return Tender.objects.create(project=project, **{**_plain(terms), **_by_procedure(project)})


@transaction.atomic
def edit(*, project_number: str, facts: Mapping[str, Any], terms: Mapping[str, Any], by: Actor, at: datetime) -> Tender:
    """Change a draft. Refused once it is in approval or published."""
    project = project_services.edit(number=project_number, facts=facts, by=by, at=at)
    tender = Tender.objects.get(project=project)
    changed = {**_plain(terms), **_by_procedure(project)}
    for name, value in changed.items():
        setattr(tender, name, value)
    refuse_if(queries.why_not_envelopes(tender))
    tender.save(update_fields=list(changed))
    return tender


@transaction.atomic
def add_document(*, project_number: str, name: str, file: BinaryIO, by: Actor, at: datetime) -> Document:
    """Put a document to a draft. It stays private until the notice.

    Refused when it is too large, unnamed or named twice, or is not what its name says.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    name = unicodedata.normalize("NFC", name.strip())
    held = [each.name for each in queries.documents(tender)]
    refuse_if(project_rules.why_not_edit(project, by=by))
    received = files.received(file)
    refuse_if(rules.why_not_add_document(name=name, size=received.size, held=held) or received.why_not(name))
    return received.keep(tender=tender, name=name, at=at)


@transaction.atomic
def remove_document(*, project_number: str, name: str, by: Actor, at: datetime) -> None:
    """Take a document away from a draft. Raises Document.DoesNotExist."""
    project = projects.hold(project_number)
    refuse_if(project_rules.why_not_edit(project, by=by))
    document = Document.objects.get(tender__project=project, name=name)
    stored = document.file
    document.delete()
    transaction.on_commit(lambda: stored.delete(save=False))


@transaction.atomic
def submit_for_approval(*, project_number: str, by: Actor, at: datetime) -> Project:
    """Hand the draft in. Refused with everything it still lacks, each with its article, all at once."""
    projects.hold(project_number)
    missing = queries.missing(queries.tender(project_number), at=at)
    return project_services.submit_for_approval(number=project_number, missing=missing, by=by, at=at)


@transaction.atomic
def schedule(*, project_number: str, publish_at: datetime, by: Actor, at: datetime) -> Project:
    """Set the minute of publication. Refused when the periods no longer fit from that minute on."""
    projects.hold(project_number)
    tender = queries.tender(project_number)
    timetable = Timetable(publish_at, tender.supply_ends_at, tender.closes_at)
    return project_services.schedule(number=project_number, timetable=timetable, by=by, at=at)


def factors_of(*, rows: Sequence[Mapping[str, Any]]) -> list[Factor]:
    """Factors from the rows of a form, each with a key of its own."""
    return [
        Factor(
            f"f{place}",
            row["name"],
            row["max"],
            bool(row["objective"]),
            row.get("standard", ""),
            bool(row.get("technical")),
        )
        for place, row in enumerate(rows, start=1)
    ]


def _by_procedure(project: Project) -> dict[str, Any]:
    row = project.procedure
    least = row.least_to_open(project.ground)
    told = {"drain": row.drain, "window": row.window, "min_bids": least, "policy": row.policy}
    return told | ({"envelopes": row.form} if row.form else {})


def _plain(terms: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: terms[name] for name in TERMS} | {"envelopes": terms.get("envelopes") or Envelopes.ONE.value}
    plain |= {name: terms.get(name) for name in ("guarantee", "leader", "formula", "policies")}
    plain["factors"] = [_normal(factor.as_json()) for factor in plain["factors"]]
    plain["qualifications"] = [_nfc(text) for text in plain["qualifications"] if text.strip()]
    return plain


def _normal(factor: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _nfc(value) if isinstance(value, str) else value for key, value in factor.items()}


def _nfc(text: str) -> str:
    """Canonical texts are NFC and without control characters but line breaks."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
