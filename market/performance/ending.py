"""Acts by which a contract ends before everything is accepted: notice with evidence, the other side's word, an end."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import inbox
from intermediaries.ratings.rules import Side
from ledger.services import record
from market.contracts.models import Contract
from market.performance import ends, queries, rules
from market.performance.acting import Given, attach, end, held, tell
from market.performance.ends import REPLY
from market.performance.events import TerminationEnded, TerminationNoticed
from market.performance.models import Termination
from market.performance.rules import ENDING, Outcome
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen


@transaction.atomic
def give_notice(*, number: str, grounds: str, files: Sequence[Given], by: Actor, at: datetime) -> Termination:
    """Give notice that one ends the contract, with evidence; the other side answers within its days.

    Refused to anyone but the two sides, while another waits, and without grounds and evidence.
    Law: 民法典 第563条, 第565条.
    """
    project, made = held(number)
    parties = queries.parties(made)
    refuse_if(
        ends.why_not_terminate(
            stage=project.stage, parties=parties, waiting=queries.termination(made) is not None, grounds=grounds,
            files=len(files), by=by,
        )
    )  # fmt: skip
    refuse_if(rules.why_not_files([each.size for each in files]))
    side = parties.side_of(by)
    assert side is not None, "the rule refuses whoever stands on neither side"
    row = Termination.objects.create(
        contract=made, side=side.value, grounds=grounds.strip(), noticed_by=by.person, noticed_at=at,
        due_at=REPLY.due(at),
    )  # fmt: skip
    attach(made, files, side=side, termination=row, at=at)
    tell(made, side.other, "收到解除合同通知", "请在期限内答复；逾期未答复的，合同自期限届满时解除。", at=at)
    record(TerminationNoticed(stream=project.log, side=side.value), at=at)
    return row


@transaction.atomic
def reply(
    *, number: str, agrees: bool, text: str = "", files: Sequence[Given] = (), seen: str | None = None, by: Actor,
    at: datetime,
) -> Termination:  # fmt: skip
    """Answer a notice: whoever agrees ends the contract; whoever objects says why, and it goes on until decided.

    seen: the notice that was read, by its public id.
    Refused to anyone but the other side, twice, without reasons against it, and where another notice took the place of
    what was read.
    """
    project, made = held(number)
    row = queries.termination(made)
    refuse_if(
        ends.why_not_reply(
            stage=project.stage, parties=queries.parties(made), side=row.side if row else None,
            replied=bool(row and row.replied_at), agrees=agrees, text=text, by=by,
        )
    )  # fmt: skip
    assert row is not None, "the rule refuses where nobody gave notice"
    refuse_if(why_not_seen(seen, stands=row.public_id))
    refuse_if(rules.why_not_files([each.size for each in files]))
    row.agrees, row.reply, row.replied_at = agrees, text.strip(), at
    row.save(update_fields=["agrees", "reply", "replied_at"])
    attach(made, files, side=Side(row.side).other, termination=row, at=at)
    tell(made, Side(row.side), "解除通知已答复", "对方同意解除。" if agrees else text.strip(), at=at)
    if agrees:
        _end(project, made, row, outcome=Outcome.AGREED, by=by, at=at)
    else:
        subject, link = f"解除合同有争议：{project.title}", f"/projects/{number}/performance/"
        body = "双方对解除合同有争议；有裁判、仲裁或者调解结果后请登记。"
        inbox.post(to_role=Role.SUPERVISOR, region=project.region, subject=subject, body=body, link=link, at=at)
    return row


@transaction.atomic
def withdraw_notice(*, number: str, by: Actor, at: datetime) -> Termination:
    """Take one's own notice back; the contract goes on."""
    project, made = held(number)
    row = queries.termination(made)
    refuse_if(
        ends.why_not_withdraw(stage=project.stage, parties=queries.parties(made), side=row.side if row else None, by=by)
    )
    assert row is not None, "the rule refuses where nobody gave notice"
    tell(made, Side(row.side).other, "解除通知已撤回", "合同继续履行。", at=at)
    _end(project, made, row, outcome=Outcome.WITHDRAWN, by=by, at=at)
    return row


@transaction.atomic
def decide(*, number: str, outcome: str, text: str, by: Actor, at: datetime) -> Termination:
    """Write down how a dispute over a notice was decided elsewhere.  text: which decision, with its number.

    Refused to anyone but the supervision, and where there is no dispute.
    """
    project, made = held(number)
    row = queries.termination(made)
    refuse_if(
        ends.why_not_decide(
            stage=project.stage, side=row.side if row else None, disputed=bool(row and row.agrees is False),
            outcome=outcome, text=text, by=by,
        )
    )  # fmt: skip
    assert row is not None, "the rule refuses where nobody gave notice"
    row.decision = text.strip()
    row.save(update_fields=["decision"])
    for side in Side:
        tell(made, side, "已登记解除争议的处理结果", row.decision, at=at)
    _end(project, made, row, outcome=Outcome(outcome), by=by, at=at)
    return row


@transaction.atomic
def end_silent(*, number: str, by: Actor, at: datetime) -> Termination | None:
    """Nobody answered a notice in time: the contract has ended. Refused to anybody but the platform's own tick."""
    project, made = held(number)
    row = queries.termination(made)
    refuse_if(
        ends.why_not_end_silent(
            side=row.side if row else None, replied=bool(row and row.replied_at), due_at=row.due_at if row else at,
            by=by, at=at,
        )
    )  # fmt: skip
    assert row is not None, "the rule refuses where nobody gave notice"
    _end(project, made, row, outcome=Outcome.SILENT, by=by, at=at)
    return row


def _end(project: Project, made: Contract, row: Termination, *, outcome: Outcome, by: Actor, at: datetime) -> None:
    """Write down what came of it; where it ends the contract, the purchase is over and both sides' words are public."""
    row.outcome, row.ended_at = outcome.value, at
    row.save(update_fields=["outcome", "ended_at"])
    over = outcome in ENDING
    if over:
        end(project, made, to=Stage.TERMINATED, by=by, at=at)
    record(
        TerminationEnded(
            stream=project.log, side=row.side, outcome=outcome.value, grounds=row.grounds if over else "",
            reply=row.reply if over else "", decision=row.decision,
        ),
        at=at,
    )  # fmt: skip
