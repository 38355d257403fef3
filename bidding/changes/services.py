"""Acts after the notice: ask; propose a change; approve it, which publishes it; tell those who took the documents."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from accounts import inbox
from accounts.queries import people
from bidding.changes import events, queries, rules
from bidding.changes.models import Answer, Change, Question
from bidding.changes.rules import Said
from bidding.tender import files
from bidding.tender import queries as tenders
from bidding.tender import rules as tender_rules
from bidding.tender.models import Document, Taking, Tender
from ledger.services import publish_copy, record
from market.notices import services as notices
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects import queries as projects
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen
from rulebook.times import iso


@transaction.atomic
def ask(*, project_number: str, text: str, by: Actor, at: datetime) -> Question:
    """Ask about the documents. The buyer reads the text and never who asked; nobody else sees anything of it.

    Refused to anyone who did not take the documents, after the limit of the procedure, and when it names its asker.
    Law: 电子招标投标办法 第22条.
    """
    project = projects.hold(project_number)
    tender = tenders.tender(project_number)
    text = _nfc(text)
    refuse_if(queries.why_not_ask(tender, text=text, by=by, at=at))
    asked = Question.objects.create(
        tender=tender, organisation=by.organisation, person=by.person, text=text, asked_at=at
    )
    record(
        events.QuestionAsked(
            stream=project.log, number=project.number, org=by.organisation, question=str(asked.public_id), text=text
        ),
        at=at,
    )
    return asked


@transaction.atomic
def propose(
    *,
    project_number: str,
    text: str = "",
    differences: Sequence[tuple[str, str, str]] = (),
    answers: Mapping[str, str] | None = None,
    documents: Sequence[tuple[str, BinaryIO]] = (),
    may_affect: bool,
    closes_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Change:
    """Draft a correction or clarification for the approval of a second officer.

    differences: (place, was, now).  answers: a question's public id ↦ the answer.  documents: (name, file); one that
    is named like an older one becomes its next version.  closes_at: the later deadline, where it moves.
    Refused after the deadline, while another one waits, when it says nothing, and when it may affect bids and leaves
    them less time than the procedure asks.  Law: 87号令 第27条; 政府采购法实施条例 第31条.
    """
    projects.hold(project_number)
    tender = tenders.tender(project_number)
    told = {key: _nfc(value) for key, value in (answers or {}).items() if value.strip()}
    rows = tuple((_nfc(place), _nfc(was), _nfc(now)) for place, was, now in differences)
    said = Said(_nfc(text), told, rows, len(documents), may_affect, closes_at)
    refuse_if(queries.why_not_change(tender, said=said, by=by, at=at))
    made = Change.objects.create(
        tender=tender,
        text=said.text,
        differences=[{"place": place, "was": was, "now": now} for place, was, now in rows],
        may_affect=may_affect,
        was=tender.closes_at if closes_at else None,
        closes_at=closes_at,
        proposed_by=by.person,
        proposed_at=at,
    )
    asked = {str(each.public_id): each for each in queries.open_questions(tender, viewer=by)}
    for key, answer in told.items():
        if key not in asked:
            raise Question.DoesNotExist
        Answer.objects.create(change=made, question=asked[key], text=answer)
    _put_documents(tender, made, documents, at=at)
    for user in people(organisation=tender.project.preparer, role=Role.OFFICER):
        if str(user.public_id) != by.person:
            inbox.post(
                topic=inbox.Topic.DUTY,
                to_user=str(user.public_id),
                subject=f"待审批：更正或者澄清（{tender.project.title}）",
                body=f"{by.name}拟了更正或者澄清，请审批；审批后立即公告。",
                link=_page(project_number),
                at=at,
            )
    return made


def _put_documents(tender: Tender, change: Change, given: Sequence[tuple[str, BinaryIO]], *, at: datetime) -> None:
    standing = {each.name: each for each in tenders.documents(tender)}
    held: list[str] = []
    for raw, file in given:
        name = unicodedata.normalize("NFC", raw.strip())
        received = files.received(file)
        refuse_if(tender_rules.why_not_add_document(name=name, size=received.size, held=held) or received.why_not(name))
        held.append(name)
        version = standing[name].version + 1 if name in standing else 1
        received.keep(tender=tender, name=name, at=at, change=change, version=version)


@transaction.atomic
def send_back(*, project_number: str, comment: str, seen: str | None = None, by: Actor, at: datetime) -> Change:
    """Send the waiting change back; what it proposed stays on file and takes no effect.

    seen: as for `approve`.  Refused without a comment, and where another waits than was read.
    """
    projects.hold(project_number)
    tender = tenders.tender(project_number)
    waits = queries.pending(tender)
    refuse_if(rules.why_not_return(queries.standing(tender), pending=waits is not None, comment=comment, by=by))
    change = Change.objects.get(tender=tender, published_at=None, returned_at=None)
    refuse_if(why_not_seen(seen, stands=change.public_id))
    change.returned_at, change.comment = at, _nfc(comment)
    change.save(update_fields=["returned_at", "comment"])
    return change


@transaction.atomic
def approve(*, project_number: str, seen: str | None = None, by: Actor, at: datetime) -> Notice:
    """Approve the waiting change: it is announced, its files and its deadline take effect, all in one.

    seen: the change that was read, by its public id; see `rulebook.seen`.
    Refused for the officer who drafted it, after the deadline, when it leaves bidders too little time by now, and where
    another took the place of what was read.
    Law: 87号令 第27条; 政府采购法实施条例 第31条; 招标投标法实施条例 第21条.
    """
    project = projects.hold(project_number)
    tender = tenders.tender(project_number)
    refuse_if(queries.why_not_approve(tender, by=by, at=at))
    change = Change.objects.get(tender=tender, published_at=None, returned_at=None)
    refuse_if(why_not_seen(seen, stands=change.public_id))
    if change.closes_at is not None:
        change.was = tender.closes_at  # an outage may have moved it since this was proposed
    content = _content(tender, change, _publish_documents(tender, change, at=at))
    kind = Type.CORRECTION if change.differences or content["documents"] or change.closes_at else Type.CLARIFICATION
    notice = notices.announce(project=project, type=kind, content=content, by=by, at=at)
    change.approved_by, change.published_at, change.notice = by.person, at, notice
    change.save(update_fields=["approved_by", "published_at", "notice", "was"])
    if change.closes_at is None:
        return notice
    was, tender.closes_at = tender.closes_at, change.closes_at
    tender.save(update_fields=["closes_at"])
    record(
        events.DeadlineMoved(
            stream=project.log, notice=notice.number, sha256=notice.sha256, was=iso(was), deadline=iso(tender.closes_at)
        ),
        at=at,
    )
    return notice


def _publish_documents(tender: Tender, change: Change, *, at: datetime) -> list[dict[str, Any]]:
    """Make the change's files public and mark what they take the place of."""
    standing = {each.name: each for each in tenders.documents(tender)}
    told = []
    for document in Document.objects.filter(change=change).order_by("id"):
        publish_copy(document.stored_as, sha256=document.sha256, size=document.size)
        old = standing.get(document.name)
        if old is not None:
            old.superseded_at = at
            old.save(update_fields=["superseded_at"])
        told.append(
            {"name": document.name, "version": document.version, "size": document.size, "sha256": document.sha256,
             "replaces": old.sha256 if old else ""}
        )  # fmt: skip
    return told


def _content(tender: Tender, change: Change, documents: list[dict[str, Any]]) -> dict[str, Any]:
    """What the notice says; of a question only its text."""
    answers = sorted(change.answers.select_related("question"), key=lambda each: each.question.public_id)
    return {
        "text": change.text,
        "answers": [{"question": each.question.text, "answer": each.text} for each in answers],
        "differences": change.differences,
        "documents": documents,
        "may_affect": change.may_affect,
        "deadline": iso(change.closes_at or tender.closes_at),
        **change.moves,
    }


@transaction.atomic
def tell(*, project_number: str, change: Change, by: Actor, at: datetime) -> int:
    """Tell everyone who took the documents, after the act, so that its length says nothing about how many they are.

    Nobody learns who they are. Telling again tells nobody. Returns how many were told.
    """
    projects.hold(project_number)
    change = Change.objects.select_related("notice__project", "tender__project").get(pk=change.pk)
    if change.told_at is not None or change.notice is None:
        return 0
    told = 0
    for taking in Taking.objects.filter(tender=change.tender):
        inbox.post(
            topic=inbox.Topic.DUTY,
            due_at=change.tender.closes_at,
            to_organisation=taking.organisation,
            subject=f"{change.notice.type_words}：{change.tender.project.title}",
            body=change.text or f"{change.tender.project.terms.documents}有更正或者澄清，详见公告。",
            link=change.notice.get_absolute_url(),
            at=at,
        )
        told += 1
    change.told_at = at
    change.save(update_fields=["told_at"])
    return told


def _page(number: str) -> str:
    return f"/projects/{number}/changes/"


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
