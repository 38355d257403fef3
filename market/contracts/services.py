"""Acts that make a contract: the buyer puts it forward with its file, the winner confirms it or sends it back."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from django.db import transaction

from accounts import inbox
from documents.evidence import services as evidence
from ledger.services import record
from market.awards.models import Award
from market.contracts import queries, rules
from market.contracts.events import ContractProposed, ContractRecorded, ContractReturned, ContractTakenBack
from market.contracts.models import Contract, ContractProposal
from market.notices import services as notices
from market.notices.rules import Type
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.money import yuan
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen
from rulebook.times import iso


@transaction.atomic
def propose(
    *, number: str, amount: Decimal, payment: str, delivery: str, file: BinaryIO | bytes, name: str,
    late_reason: str = "", by: Actor, at: datetime,
) -> ContractProposal:  # fmt: skip
    """Put the contract before the winner, at the winner's quote, with its terms and its text as a PDF.

    Refused for anyone but the buyer's officer, while one waits, at another amount, without its terms, late without a
    reason, with a banned winner, and for a file that is no PDF.
    Law: 政府采购法 第46条; 87号令 第71条; 民法典 第470条.
    """
    project = projects.hold(number)
    amount = yuan(amount)
    refuse_if(
        queries.why_not_propose(
            project, amount=amount, payment=payment, delivery=delivery, late_reason=late_reason, by=by, at=at
        )
    )
    award = Award.objects.get(project=project, declined_at=None)
    public_id = uuid.uuid4()
    kept = evidence.keep(about=f"{queries.ABOUT}:{public_id}", name=name, blob=file, by=by, at=at)
    refuse_if(rules.why_not_file(kind=kept.media_type))
    row = ContractProposal.objects.create(
        public_id=public_id, award=award, version=award.proposals.count() + 1, amount=amount, payment=payment.strip(),
        delivery=delivery.strip(), late_reason=late_reason.strip(), file=kept, proposed_by=by.person, proposed_at=at,
    )  # fmt: skip
    _tell(project, award, Role.PROVIDER, "请确认合同", "对方提交了合同，请确认，或者写明意见退回。", at=at)
    record(ContractProposed(stream=project.log, version=row.version, sha256=kept.sha256, size=kept.size), at=at)
    return row


@transaction.atomic
def take_back(*, number: str, by: Actor, at: datetime) -> ContractProposal:
    """Take a contract back before the winner answers. Refused for anyone but the buyer's officer."""
    project = projects.hold(number)
    waiting = queries.waiting(project)
    refuse_if(rules.why_not_take_back(stage=project.stage, buyer=project.buyer_id, waiting=waiting is not None, by=by))
    assert waiting is not None, "the rule refuses where none waits"
    _settle(waiting, agreed=None, reasons="", by=by, at=at)
    _tell(project, waiting.award, Role.PROVIDER, "合同已撤回", "对方撤回了合同，修改后会重新提交。", at=at)
    record(ContractTakenBack(stream=project.log, version=waiting.version), at=at)
    return waiting


@transaction.atomic
def send_back(
    *, number: str, reasons: str, seen: str | None = None, by: Actor, at: datetime
) -> ContractProposal:  # fmt: skip
    """Send a contract back with what is to be changed.  seen: the version that was read.

    Refused for anyone but the winner, without reasons, and where another version took the place of what was read.
    """
    project = projects.hold(number)
    waiting = queries.waiting(project)
    refuse_if(
        rules.why_not_return(
            stage=project.stage, winner=queries.winner(project), waiting=waiting is not None, reasons=reasons, by=by
        )
    )
    assert waiting is not None, "the rule refuses where none waits"
    refuse_if(why_not_seen(seen, stands=waiting.version))
    _settle(waiting, agreed=False, reasons=reasons, by=by, at=at)
    _tell(project, waiting.award, Role.OFFICER, "合同被退回", reasons.strip(), at=at)
    record(ContractReturned(stream=project.log, version=waiting.version), at=at)
    return waiting


@transaction.atomic
def confirm(
    *, number: str, late_reason: str = "", seen: str | None = None, by: Actor, at: datetime
) -> Contract:  # fmt: skip
    """Say yes to the contract that waits: from here on it stands, and it is announced.

    seen: the version that was read.
    Refused for anyone but the winner, while nothing waits or the purchase rests, after the days of the law without a
    reason, for a winner that is banned by now, and where another version took the place of what was read.
    Law: 政府采购法 第46条; 政府采购法实施条例 第50条; 民法典 第490条.
    """
    project = projects.hold(number)
    refuse_if(queries.why_not_confirm(project, late_reason=late_reason, by=by, at=at))
    waiting = queries.waiting(project)
    assert waiting is not None, "the rule refuses where none waits"
    refuse_if(why_not_seen(seen, stands=waiting.version))
    award, amount, signed_on = waiting.award, waiting.amount, day_in_china(at)
    why_late = waiting.late_reason or late_reason.strip()
    _settle(waiting, agreed=True, reasons="", by=by, at=at)
    project.advance(Stage.CONTRACTED, at=at)
    content = {
        "provider": {"org": award.organisation, "name": award.name},
        "amount": str(amount),
        "signed_on": signed_on.isoformat(),
        "late_reason": why_late,
        "awarded_at": iso(award.determined_at),
    }
    notice = notices.announce(project=project, type=Type.CONTRACT, content=content, by=by, at=at)
    contract = Contract.objects.create(
        project=project, award=award, notice=notice, amount=amount, signed_on=signed_on, late_reason=why_late,
        recorded_at=at,
    )  # fmt: skip
    _tell(project, award, Role.OFFICER, "合同已确认", "对方已确认合同，合同公告已发布。", at=at)
    record(ContractRecorded(stream=project.log, org=award.organisation, amount=str(amount), signed_on=signed_on), at=at)
    return contract


def _settle(row: ContractProposal, *, agreed: bool | None, reasons: str, by: Actor, at: datetime) -> None:
    row.agreed, row.reasons, row.settled_by, row.settled_at = agreed, reasons.strip(), by.person, at
    row.save(update_fields=["agreed", "reasons", "settled_by", "settled_at"])


def _tell(project: Project, award: Award, role: Role, subject: str, body: str, *, at: datetime) -> None:
    org = project.buyer_id if role is Role.OFFICER else award.organisation
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=org, to_role=role, subject=f"{subject}：{project.title}", body=body,
        link=f"/projects/{project.number}/award/", at=at,
    )  # fmt: skip
