"""What the house writes down by itself: one table, run by celery beat or by the embedded thread alike.

A tick only records what is already so; it is idempotent, may be late and may run twice. Its function lives in the
`tasks.py` of the slice that owns the act and takes `by` (always SYSTEM) and `at`.
"""

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, OperationalError
from django.utils.module_loading import import_string

from accounts import services
from config import timekeeper
from config.watching import metrics
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from rulebook.rows import gathering_troubles, left_for_next_time, trouble
from rulebook.watched import watched

log = logging.getLogger(__name__)
WATCHING = "config.watching."


@dataclass(frozen=True, slots=True)
class Tick:
    """One task function by its dotted name, and how often it runs in seconds.

    apart: it waits for others' machines, so that in the embedded house nothing waits for it.
    """

    task: str
    every: float
    apart: bool = False


TICKS: tuple[Tick, ...] = (
    Tick("accounts.tasks.deliver", 2),
    Tick("accounts.reaching.tasks.send_due", 2, apart=True),
    Tick("accounts.reaching.tasks.forget_unconfirmed", 600),
    Tick("accounts.reaching.tasks.forget_old", 600),
    Tick("accounts.tasks.forget_attempts", 600),
    Tick("accounts.sessions.tasks.forget", 3600),
    Tick("config.watching.tasks.watch", 10),
    Tick("ledger.tasks.carry_files", 2, apart=True),
    Tick("documents.issued.tasks.announce_certificate", 600),
    Tick("blacklist.cases.tasks.issue_decisions", 5),
    Tick("draws.tasks.advance_draws", 1),
    Tick("experts.certificates.tasks.remind_of_ends", 3600),
    Tick("experts.panels.tasks.call_drawn", 1),
    Tick("experts.panels.tasks.carry_out_calls", 2),
    Tick("intermediaries.ratings.tasks.close_due", 60),
    Tick("intermediaries.registry.tasks.remind", 600),
    Tick("intermediaries.registry.tasks.free_silent", 600),
    Tick("intermediaries.registry.tasks.watch_corrections", 600),
    Tick("bidding.evaluation.tasks.call_fixed", 1),
    Tick("bidding.evaluation.tasks.look_up", 10),
    Tick("bidding.evaluation.tasks.replace_barred", 10),
    Tick("bidding.evaluation.tasks.settle_ties", 2),
    Tick("bidding.evaluation.tasks.close_silent", 2),
    Tick("bidding.evaluation.tasks.rank_prices", 2),
    Tick("bidding.tender.tasks.publish_due", 1),
    Tick("bidding.changes.tasks.tell_takers", 1),
    Tick("bidding.changes.tasks.keep_deadlines", 5),
    Tick("bidding.telling.tasks.tell_concerned", 1),
    Tick("market.notices.tasks.resume_over", 5),
    Tick("bidding.holding.tasks.reserve_numbers", 60),
    Tick("bidding.tender.tasks.raise_alarms", 60),
    Tick("market.catalogue.tasks.remind", 3600),
    Tick("market.catalogue.tasks.withdraw_lapsed", 600),
    Tick("market.purchases.tasks.publish_due", 1),
    Tick("market.awards.tasks.deem_determined", 5),
    Tick("market.awards.tasks.abandon_silent", 5),
    Tick("market.awards.tasks.announce_determined", 1),
    Tick("market.contracts.tasks.issue_letters", 2),
    Tick("market.selection.tasks.close_enrolment", 1),
    Tick("market.selection.tasks.choose", 1),
    Tick("market.performance.tasks.end_silent", 60),
    Tick("bidding.submission.tasks.close_bidding", 1),
    Tick("bidding.submission.tasks.close_rounds", 1),
    Tick("bidding.opening.tasks.disclose_quotes", 5),
    Tick("bidding.submission.tasks.forget_uploads", 60),
    Tick("bidding.opening.tasks.advance_openings", 1),
    Tick("bidding.auction.tasks.call_auctions", 1),
    Tick("bidding.auction.tasks.end_auctions", 1),
    Tick("bidding.sealed.tasks.prepare_and_publish", 1),
    Tick("bidding.sealed.tasks.open_and_choose", 1),
    Tick("bidding.sealed.tasks.excuse_barred", 10),
    Tick("bidding.papers.tasks.print_records", 2),
    Tick("supervision.clues.tasks.screen_openings", 10),
    Tick("supervision.flags.tasks.note_results", 30),
    Tick("supervision.monitors.tasks.watch", 2),
    Tick("supervision.monitors.tasks.escalate_late", 60),
    Tick("supervision.tips.tasks.close_days", 600),
    Tick("portal.ocds.tasks.write_days", 300),
    Tick("keeping.archives.tasks.pack", 20, apart=True),
    Tick("keeping.retention.tasks.delete_due", 600),
)


def run(task: str, *, at: datetime) -> None:
    """Run one tick as the system; a refusal is logged and left for the next time.

    None but the watching runs where the clock is not right (`timekeeper.may_judge`): it would end what is still open.
    What went wrong with single rows, or with the whole, is put on the operators' desk; the whole rises then.
    """
    if not task.startswith(WATCHING) and not timekeeper.may_judge():
        return
    with gathering_troubles() as troubles, watched("tick", task=task):
        try:
            import_string(task)(by=SYSTEM, at=at)
            metrics.tick_finished(task, seconds=clock.system().timestamp())
        except Refused as refusal:
            log.info("%s refused: %s", task, refusal)
        except Exception as error:
            troubles.append(trouble("", error))
            raise
        finally:
            with contextlib.suppress(DatabaseError):  # the engine is down: the log has it
                for each in troubles:
                    services.note_trouble(tick=task, what=each.what, fault=each.fault, by=SYSTEM, at=at)


def run_all(tasks: Sequence[str], *, at: datetime) -> None:
    """Run ticks one after the other; what goes wrong in one leaves the others to run.

    Unless the engine is down: the others would wait for it as long, and come again by themselves.
    """
    with gathering_troubles():
        for task in tasks:
            down = False
            with left_for_next_time(task):
                try:
                    run(task, at=at)
                except OperationalError:
                    down = True
                    raise
            if down:
                return
