"""The act of recording a contract."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from ledger.services import record
from market.awards.models import Award
from market.contracts import queries
from market.contracts.events import ContractRecorded
from market.contracts.models import Contract
from market.notices import services as notices
from market.notices.rules import Type
from market.projects import queries as projects
from market.projects.rules import Stage
from rulebook.actor import Actor
from rulebook.money import yuan
from rulebook.refusal import refuse_if
from rulebook.times import iso


@transaction.atomic
def record_contract(
    *, number: str, amount: Decimal, signed_on: date, late_reason: str = "", by: Actor, at: datetime
) -> Contract:
    """Record and announce the contract with the winner, at the winner's quote.

    Refused for anyone but the buyer's officer, at another amount, late without a reason, or with a banned winner.
    Law: 政府采购法 第46条; 政府采购法实施条例 第50条; 87号令 第71条.
    """
    project = projects.hold(number)
    amount = yuan(amount)
    refuse_if(
        queries.why_not_record(project, amount=amount, signed_on=signed_on, late_reason=late_reason, by=by, at=at)
    )
    award = Award.objects.get(project=project, declined_at=None)
    project.advance(Stage.CONTRACTED, at=at)
    content = {
        "provider": {"org": award.organisation, "name": award.name},
        "amount": str(amount),
        "signed_on": signed_on.isoformat(),
        "late_reason": late_reason.strip(),
        "awarded_at": iso(award.determined_at),
    }
    notice = notices.announce(project=project, type=Type.CONTRACT, content=content, by=by, at=at)
    contract = Contract.objects.create(
        project=project,
        award=award,
        notice=notice,
        amount=amount,
        signed_on=signed_on,
        late_reason=late_reason.strip(),
        recorded_at=at,
    )
    record(ContractRecorded(stream=project.log, org=award.organisation, amount=str(amount), signed_on=signed_on), at=at)
    return contract
