"""Acts of paper: print the record of a session that has ended, file a scan of a stamped copy."""

from datetime import datetime

from django.db import transaction

from bidding.opening import queries as openings
from bidding.opening.models import Opening
from bidding.papers import queries, rules
from bidding.papers.events import RecordPrinted, ScanFiled
from bidding.papers.models import Paper
from documents import typesetting
from ledger.services import publish_blob, record
from market.projects import queries as projects
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason, Refused, refuse_if

TEMPLATE = "bidding/papers/record.typ"


def print_record(*, opening: Opening, by: Actor, at: datetime) -> Paper:
    """Print an ended session's record and publish it with its hash; printing again changes nothing.

    Refused while the session runs.  Law: 电子招标投标办法 第32条.
    """
    if opening.ended_at is None or not opening.record_sha256:
        raise Refused(Reason("papers.nothing-to-print", Kind.NOT_NOW, "{terms.opening}还没有结束，没有可以打印的记录"))
    # Set before the project is held: nobody waits for a printer.
    data = typesetting.pdf(TEMPLATE, queries.content(opening), at=opening.ended_at)
    with transaction.atomic():
        project = projects.hold_published(opening.tender.project.number)
        printed = Paper.objects.filter(opening=opening, origin=Paper.Origin.PRINTED).first()
        if printed:
            return printed
        facts = {"sha256": publish_blob(data), "size": len(data)}
        event = RecordPrinted(stream=project.log, session=opening.session, record_sha256=opening.record_sha256, **facts)
        paper = Paper(
            opening=opening,
            origin=Paper.Origin.PRINTED,
            title=f"{opening.tender.project.terms.opening}记录",
            type=rules.PDF,
            **facts,
        )
        paper.entry = record(event, at=at)
        paper.save(force_insert=True)
        return paper


@transaction.atomic
def file_scan(*, project_number: str, title: str, data: bytes, by: Actor, at: datetime) -> Paper:
    """File a scan of a stamped copy with the newest ended session; the same file again changes nothing.

    Refused when it is not the host's officer, the opening runs, or the file is no PDF, JPEG or PNG.
    """
    project = projects.hold_published(project_number)
    over = queries.sessions_over(project)
    opening = over[-1] if over else None
    kind = rules.kind_of(data)
    filed = Paper.objects.filter(opening=opening, origin=Paper.Origin.SCAN).count() if opening else 0
    hosts = openings.hosts(project)
    refuse_if(
        rules.why_not_file(hosts=hosts, over=bool(over), filed=filed, title=title, size=len(data), kind=kind, by=by)
    )
    assert opening is not None and kind is not None, "a rule has let a scan through before the opening ended"
    sha256 = publish_blob(data)
    again = Paper.objects.filter(opening=opening, sha256=sha256).first()
    if again:
        return again
    facts = {"title": title.strip(), "type": kind, "sha256": sha256, "size": len(data)}
    event = ScanFiled(stream=project.log, session=opening.session, org=by.organisation, **facts)
    paper = Paper(opening=opening, origin=Paper.Origin.SCAN, **facts)
    paper.entry = record(event, at=at)
    paper.save(force_insert=True)
    return paper
