"""Acts on a draft: its terms, its documents, approval and the minute of publication; and corrections after it."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from accounts import inbox
from bidding.tender import queries, rules
from bidding.tender.models import Document, Taking, Tender
from bidding.tender.rules import Factor
from market.notices import services as notices
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects import queries as projects
from market.projects import rules as project_rules
from market.projects import services as project_services
from market.projects.models import Project
from market.projects.rules import Timetable, procedure_of
from rulebook.actor import Actor
from rulebook.refusal import refuse_if
from rulebook.times import iso

TERMS = ("supply_ends_at", "closes_at", "price_weight", "small_deduction", "factors", "qualifications")


@transaction.atomic
def draft(*, facts: Mapping[str, Any], terms: Mapping[str, Any], by: Actor, at: datetime) -> Tender:
    """Begin a project with the terms of its tender; what is still wrong with them is said before approval.

    facts: `market.projects.services.FACTS`.  terms: TERMS, factors as `Factor`.
    Refused when it is not an officer, or the edition has no place here.
    """
    project = project_services.draft(facts=facts, by=by, at=at)
    return Tender.objects.create(project=project, **_by_procedure(project), **_plain(terms))


@transaction.atomic
def edit(*, project_number: str, facts: Mapping[str, Any], terms: Mapping[str, Any], by: Actor, at: datetime) -> Tender:
    """Change a draft. Refused once it is in approval or published."""
    project = project_services.edit(number=project_number, facts=facts, by=by, at=at)
    tender = Tender.objects.get(project=project)
    changed = {**_by_procedure(project), **_plain(terms)}
    for name, value in changed.items():
        setattr(tender, name, value)
    tender.save(update_fields=list(changed))
    return tender


@transaction.atomic
def add_document(*, project_number: str, name: str, data: bytes, by: Actor, at: datetime) -> Document:
    """Put a document to a draft. It stays private until the notice. Refused when too large, unnamed or named twice."""
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    name = unicodedata.normalize("NFC", name.strip())
    held = [each.name for each in queries.documents(tender)]
    refuse_if(
        project_rules.why_not_edit(project, by=by) or rules.why_not_add_document(name=name, size=len(data), held=held)
    )
    return Document.objects.create(
        tender=tender,
        name=name,
        size=len(data),
        sha256=queries.sha256(data),
        file=ContentFile(data, name="document"),
        added_at=at,
    )


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


@transaction.atomic
def correct(*, project_number: str, text: str, by: Actor, at: datetime) -> Notice:
    """Announce a correction and tell everyone who took the documents; nobody learns who they are, or how many.

    Refused for anyone but the buyer's officer, after the deadline, and too near to it.
    Law: 87号令 第27条; 电子招标投标办法 第22条.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    refuse_if(queries.why_not_correct(tender, text=text, by=by, at=at))
    for taking in Taking.objects.filter(tender=tender):
        inbox.post(
            to_organisation=taking.organisation,
            subject=f"更正公告：{project.title}",
            body=_nfc(text),
            link=f"/projects/{project_number}/",
            at=at,
        )
    content = {"text": _nfc(text), "deadline": iso(tender.closes_at)}
    return notices.announce(project=project, type=Type.CORRECTION, content=content, by=by, at=at)


def factors_of(*, rows: Sequence[Mapping[str, Any]]) -> list[Factor]:
    """Factors from the rows of a form, each with a key of its own."""
    return [
        Factor(f"f{place}", row["name"], row["max"], bool(row["objective"]), row.get("standard", ""))
        for place, row in enumerate(rows, start=1)
    ]


def _by_procedure(project: Project) -> dict[str, Any]:
    row = procedure_of(project.method, project.edition)
    return {"drain": row.drain, "window": row.window, "min_bids": row.min_competitors, "policy": rules.POLICY}


def _plain(terms: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: terms[name] for name in TERMS}
    plain["factors"] = [_normal(factor.as_json()) for factor in plain["factors"]]
    plain["qualifications"] = [_nfc(text) for text in plain["qualifications"] if text.strip()]
    return plain


def _normal(factor: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _nfc(value) if isinstance(value, str) else value for key, value in factor.items()}


def _nfc(text: str) -> str:
    """Canonical texts are NFC and without control characters but line breaks."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
