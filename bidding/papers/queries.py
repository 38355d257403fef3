"""Reads of an opening's papers, and what stands on the printed record."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.queries import name_of
from accounts.templatetags.parts import moment, money
from bidding.opening import doors, words
from bidding.opening.models import Acknowledgement, HallObjection, Opening
from bidding.opening.rules import quote
from bidding.papers.models import Paper
from bidding.tender.models import Tender
from documents import qr
from ledger import blobs
from ledger import queries as ledger
from ledger.lines import told
from ledger.models import Entry
from market.projects.models import Project
from proofs import canonical
from rulebook.rows import if_any
from rulebook.terms import Terms

INCIDENTS = {
    "opening.paused": "暂停：{reason}",
    "opening.resumed": "恢复",
    "opening.extended": "延长 {minutes} 分钟：{reason}",
    "opening.incident": "平台故障 {number}：{cause}",
}


def of(project: Project) -> list[Paper]:
    """The papers of a project's openings, in the order in which they became public."""
    return list(_papers().filter(opening__tender__project=project).order_by("entry__seq"))


def sessions_over(project: Project) -> list[Opening]:
    """The sessions that have ended, in order; none while what happened in them is not public."""
    if doors.is_shut(project):
        return []
    ended = Opening.objects.filter(tender__project=project, ended_at__isnull=False)
    return list(ended.order_by("session").select_related("tender__project"))


def unprinted() -> list[Opening]:
    """Ended sessions whose record is not printed yet."""
    printed = Paper.objects.filter(origin=Paper.Origin.PRINTED).values("opening_id")
    found = Opening.objects.filter(ended_at__isnull=False).exclude(record_sha256="").exclude(pk__in=printed)
    found = found.exclude(tender__in=Tender.objects.filter(doors.undisclosed()))  # a printed record is public
    return if_any(found.select_related("tender__project").order_by("pk"))


def one(project: Project, sha256: str) -> Paper:
    """A paper of this project. Raises Paper.DoesNotExist for anything else."""
    return _papers().filter(opening__tender__project=project, sha256=sha256)[:1].get()


def page_of(number: str) -> str:
    """The address of a project's papers, as it stands on them."""
    return f"{settings.SITE}/projects/{number}/papers/"


def content(opening: Opening) -> dict[str, Any]:
    """What stands on a session's printed record: the signed record, then who signed, objected, answered."""
    project = opening.tender.project
    record = canonical.parse_object(blobs.read(opening.record_sha256))
    assert opening.ended_at is not None, "only an ended session is printed"
    check = page_of(project.number)
    return {
        "title": project.title,
        "terms": project.terms.words(),
        "agreed": str(project.procedure.silence or ""),
        "number": project.number,
        "buyer": record["buyer"]["name"],
        "opened_at": moment(record["opened_at"]),
        "read_out_at": moment(record["read_out_at"]),
        "ended_at": moment(opening.ended_at),
        "closing": record["closing"],
        "record_sha256": opening.record_sha256,
        "bidders": [_bidder(bidder, project.terms) for bidder in record["bidders"]],
        "signatures": _signatures(opening, record),
        "objections": _objections(opening),
        "incidents": _incidents(opening),
        "check": check,
        "code": qr.svg(check),
    }


def _papers() -> QuerySet[Paper]:
    return Paper.objects.select_related("entry", "opening")


def _bidder(bidder: dict[str, Any], terms: Terms) -> dict[str, Any]:
    sheet = bidder["sheet"] or {}
    amount = quote(sheet)
    states = [f"{words.part(part['part'])}：{words.verdict(part['verdict'], terms)}" for part in bidder["parts"]]
    return {
        "name": bidder["name"],
        "present": bidder["present"],
        "price": str(sheet.get("price", "—")) if amount is None else money(amount),
        "delivery": str(sheet.get("delivery", "—")),
        "states": states + [words.finding(code, terms) for part in bidder["parts"] for code in part["findings"]],
    }


def _signatures(opening: Opening, record: dict[str, Any]) -> list[dict[str, str]]:
    terms = opening.tender.project.terms
    signed = Acknowledgement.objects.filter(opening=opening).select_related("entry").order_by("entry__seq")
    objected = set(HallObjection.objects.filter(opening=opening).values_list("organisation", flat=True))
    by_bidder = {row.organisation: row for row in signed if row.role == Acknowledgement.As.BIDDER}
    rows = [
        {
            "name": bidder["name"],
            "role": words.signer("bidder", terms),
            "said": _said(by_bidder.get(bidder["org"]), objected=bidder["org"] in objected),
        }
        for bidder in record["bidders"]
    ]
    for role in (Acknowledgement.As.WITNESS, Acknowledgement.As.HOST):
        own = [row for row in signed if row.role == role]
        rows += [
            {"name": name_of(row.organisation), "role": words.signer(role, terms), "said": _said(row)} for row in own
        ] or [{"name": "—", "role": words.signer(role, terms), "said": _said(None)}]
    return rows


def _said(row: Acknowledgement | None, *, objected: bool = False) -> str:
    if row:
        return f"电子签名，{moment(row.entry.at)}"
    return "提出异议，未签署" if objected else "未签署"


def _objections(opening: Opening) -> list[dict[str, str]]:
    rows = HallObjection.objects.filter(opening=opening).select_related("entry").order_by("entry__seq")
    return [{"name": name_of(row.organisation), "text": row.text, "answer": row.answer or "—"} for row in rows]


def _incidents(opening: Opening) -> list[str]:
    """What interrupted or lengthened this session, as the public record has it."""
    stream = opening.tender.project.log
    found = ledger.entries_of(stream, INCIDENTS, since=opening.opened_at, until=opening.ended_at)
    return [_incident(told(entry)["data"], entry) for entry in found]


def _incident(data: Any, entry: Entry) -> str:
    return f"{moment(entry.at)} {name_of(data['by'])} {INCIDENTS[entry.kind].format(**data)}"
