"""Acts: order that something is kept, lift that order; propose, confirm, withdraw and carry out a deletion."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts import inbox
from keeping.backups import files
from keeping.retention import queries, rules
from keeping.retention.events import STREAM, Deleted
from keeping.retention.models import Deletion, Hold
from ledger.services import record
from market.projects import queries as projects
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.jurisdiction import in_region
from rulebook.refusal import refuse_if


@transaction.atomic
def order(*, project_number: str, reason: str, by: Actor, at: datetime) -> Hold:
    """Order that what is known of a procurement is kept on; ordering it again changes nothing.

    Refused to anybody but supervision and audit, and without a reason.
    """
    project = projects.hold(project_number)
    refuse_if(rules.why_not_hold(reason=reason, by=in_region(by, project.region)))
    told = {"reason": reason.strip(), "set_by": by.person, "set_name": by.name, "set_at": at}
    return Hold.objects.get_or_create(project=project, lifted_at=None, defaults=told)[0]


@transaction.atomic
def lift(*, project_number: str, reason: str, by: Actor, at: datetime) -> Hold | None:
    """Lift the order, with the reason. None where none stands. Refused as ordering is."""
    project = projects.hold(project_number)
    refuse_if(rules.why_not_hold(reason=reason, by=in_region(by, project.region)))
    row = queries.hold(project)
    if row is not None:
        row.lifted_reason, row.lifted_by, row.lifted_at = reason.strip(), by.person, at
        row.save(update_fields=["lifted_reason", "lifted_by", "lifted_at"])
    return row


@transaction.atomic
def propose(*, project_number: str, by: Actor, at: datetime) -> Deletion:
    """Propose to delete the contents whose term is over; proposing it again changes nothing.

    Refused to anybody but the house that keeps the file, before the term is over, and while anything holds it.
    Law: 政府采购法 第42条.
    """
    project = projects.hold(project_number)
    refuse_if(queries.why_not_delete(project, by=by, at=at))
    told = {"proposed_by": by.person, "proposed_name": by.name, "proposed_at": at}
    row, new = Deletion.objects.get_or_create(project=project, withdrawn_at=None, done_at=None, defaults=told)
    if new:
        inbox.post(
            topic=inbox.Topic.DUTY, to_role=Role.AUDITOR, region=project.region, subject="有到期资料待确认删除",
            body=f"{project.buyer.name}提出删除项目 {project.number} 的封存内容，请核对后确认或撤回。",
            link=f"/projects/{project.number}/archive/", at=at,
        )  # fmt: skip
    return row


@transaction.atomic
def confirm(*, project_number: str, by: Actor, at: datetime) -> Deletion:
    """Let a proposed deletion happen, a day from now. Refused to all but supervision and audit, and as proposing."""
    project = projects.hold(project_number)
    row = queries.under_way(project)
    waits = row is not None and row.due_at is None
    refuse_if(
        rules.why_not_confirm(
            waits=waits, reasons=queries.why_still_kept(project, at=at), by=in_region(by, project.region)
        )
    )
    assert row is not None, "the rule refuses without one"
    row.confirmed_by, row.confirmed_name, row.due_at = by.person, by.name, at + rules.COOL_OFF
    row.save(update_fields=["confirmed_by", "confirmed_name", "due_at"])
    return row


@transaction.atomic
def withdraw(*, project_number: str, by: Actor, at: datetime) -> Deletion:
    """Call a deletion off before it happens. Refused to who can neither propose nor confirm, and where none waits."""
    project = projects.hold(project_number)
    row = queries.under_way(project)
    owners = frozenset(filter(None, (project.buyer_id, project.agent_id)))
    refuse_if(
        rules.why_not_withdraw(
            waits=row is not None and not row.digest, owners=owners, by=in_region(by, project.region)
        )
    )
    assert row is not None, "the rule refuses without one"
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    return row


def carry_out(*, deletion: Deletion, by: Actor, at: datetime) -> bool:
    """Delete what a confirmed deletion takes, once its day is over. False where something has come to hold it.

    The list and the log's entry are committed first, then the bytes go, then it is done: who dies between goes on the
    next time.
    """
    with transaction.atomic():
        project = projects.hold(deletion.project.number)
        row = Deletion.objects.select_for_update().get(pk=deletion.pk)
        if row.withdrawn_at or row.done_at or row.due_at is None or at < row.due_at:
            return False
        if not row.digest:
            if queries.why_still_kept(project, at=at):
                return False
            listed = [[name, sha256, files.size(name)]
                      for name, sha256 in queries.contents(project)]  # fmt: skip
            row.files, row.salt = listed, secrets.token_hex(32)
            row.digest = canonical.sha256(bytes.fromhex(row.salt), canonical.dumps(listed)).hex()
            row.save(update_fields=["files", "salt", "digest"])
            event = Deleted(stream=STREAM, number=project.number, law=str(rules.LAW), digest=row.digest)
            record(event, at=at)
    for name, _sha256, _size in row.files:
        files.forget(name)
    row.done_at = at
    row.save(update_fields=["done_at"])
    return True
