"""The report is built once every judgement is in: every figure in it follows from what was opened and locked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bidding.evaluation import events, queries
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from bidding.evaluation.settled import Settled
from bidding.opening import coefficients
from bidding.opening.queries import OpenedBid
from bidding.tender import queries as tenders
from ledger.services import record
from proofs import canonical, commitment
from proofs.scoring import build_report


def report(evaluation: Evaluation, *, told: Settled | None = None, at: datetime) -> None:
    """Build the report and commit to it in the log; the panel signs it next. The caller holds the project.

    told: what the matters made of the bids, where the act has read it.

    Law: 87号令 第55条, 第57条.
    """
    _keep(evaluation, built(told or Settled(evaluation)), at=at)
    evaluation.advance(Step.SIGNING, at=at)
    record(events.Reported(stream=evaluation.project.log, commitment=evaluation.commitment), at=at)


def report_again(evaluation: Evaluation, *, told: Settled, at: datetime) -> None:
    """Build the unsigned report anew where what was settled of the prices changes it, and say so in the log.

    Law: 87号令 第59条, 第60条.
    """
    made = built(told)
    if canonical.dumps(made).decode() == evaluation.report:
        return
    record(events.PriceSettled(stream=evaluation.project.log, before=evaluation.commitment), at=at)
    _keep(evaluation, made, at=at)
    record(events.Reported(stream=evaluation.project.log, commitment=evaluation.commitment), at=at)


def built(told: Settled) -> dict[str, Any]:
    """The report that follows from what was opened, locked and settled so far."""
    evaluation = told.evaluation
    project = evaluation.project
    sheets = queries.sheets(evaluation)
    corrected, granted = told.corrected, told.granted
    bids = []
    for bid in queries.bids(evaluation):
        found = evaluation.compliance[bid.org]
        scores = {str(seat): dict(sheet[bid.org]) for seat, sheet in sheets.items()} if found["compliant"] else {}
        bids.append(
            {"org": bid.org, "name": bid.name, "quote": _quote(bid), "small": bid.small,
             "compliant": found["compliant"], "reasons": found["reasons"], "scores": scores,
             **({"corrected": corrected[bid.org]} if bid.org in corrected else {}),
             **({"policies": granted[bid.org]} if bid.org in granted else {})}
        )  # fmt: skip
    return build_report(
        number=project.number, scoring=queries.scoring(project), bids=bids, seats=len(sheets),
        same_brand=told.same_brand(), drawn=coefficients.drawn(tenders.tender(project.number)),
    )  # fmt: skip


def _keep(evaluation: Evaluation, made: Mapping[str, Any], *, at: datetime) -> None:
    salt = commitment.fresh()
    evaluation.report, evaluation.report_salt = canonical.dumps(made).decode(), salt.hex()
    evaluation.reported_at, evaluation.commitment = at, commitment.commit(commitment.REPORT, made, salt)
    evaluation.save(update_fields=["report", "report_salt", "reported_at", "commitment"])


def _quote(bid: OpenedBid) -> str | None:
    """The quote as it was read out; None where the price was never opened."""
    if bid.quote is not None:
        return str(bid.quote)
    return str(bid.sheet.get("price", "")) if bid.sheet else None
