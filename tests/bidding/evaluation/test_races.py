"""Two at once: one effect."""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connections

from bidding.evaluation import scoring, services
from bidding.evaluation.models import Evaluation, Sheet, SheetVersion
from bidding.evaluation.rules import Step
from draws.models import Draw
from ledger.models import Entry
from market.awards.models import Proposal
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = int(os.environ.get("RACES", "12"))  # the same race so often; RACES=200 asks for more than every run pays for


def at_once(*acts):
    """Run acts in threads that start together; returns what each came to."""
    barrier = Barrier(len(acts))

    def run(act):
        barrier.wait(60)
        try:
            while True:
                try:
                    return act()
                except OperationalError as error:
                    # Who waited too long for a row asks again, as after a 503. A deadlock is no such thing.
                    if "lock timeout" not in str(error):
                        raise
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_seven_members_lock_at_once_again_and_again_and_sign_at_once_and_one_report_goes_out_each_time(monkeypatch):
    monkeypatch.setattr(make, "STRATA", [("A-it", 7)])
    experts.register(24)
    evaluation = make.scoring_open()
    number = evaluation.project.number
    people = [experts.person_of(seat) for seat in make.members(evaluation)]
    for seat in make.members(evaluation):
        make.saves(evaluation, seat)

    def lock(by):
        return lambda: scoring.lock_sheet(project_number=number, confirmed=True, by=by, at=LATER)

    def sign(by):
        return lambda: scoring.sign_report(project_number=number, by=by, at=LATER)

    at_once(*[lock(by) for by in [*people, *people]])
    assert Sheet.objects.filter(locked_at__isnull=False).count() == 7 and SheetVersion.objects.count() == 7
    assert reports() == 1
    again_and_again([lock(by) for by in people], times=TIMES - 1)
    assert Sheet.objects.filter(locked_at__isnull=False).count() == 7 and SheetVersion.objects.count() == 7 * TIMES
    assert Entry.objects.filter(kind="evaluation.sheet-locked").count() == 7 * TIMES
    assert reports() == TIMES
    told = at_once(*[sign(by) for by in [*people, *people]])

    assert Proposal.objects.count() == 1
    assert sum(isinstance(each, Refused) for each in told) == 7


def reports():
    return Entry.objects.filter(kind="evaluation.reported").count()


def again_and_again(locks, *, times):
    """Each member locks again and again, all starting together; between two times the sheets are taken up again."""
    begun = reports()

    def taken_up():
        assert (reports(), Evaluation.objects.get().step) == (begun + next(done), Step.SIGNING)
        Sheet.objects.update(locked_at=None)
        Evaluation.objects.update(step=Step.SCORES)

    done = itertools.count()
    barrier = Barrier(len(locks), action=taken_up)

    def run(lock):
        try:
            for _ in range(times):
                barrier.wait(60)
                lock()
        except BaseException:
            barrier.abort()
            raise
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(locks)) as pool:
        list(pool.map(run, locks))


def test_two_officers_qualify_and_call_at_once_and_one_does():
    project = make.opened()
    findings = make.findings(project)
    for code in (*make.draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register()

    def qualify(by):
        return lambda: services.qualify(project_number=project.number, findings=findings, by=by, at=LATER)

    def convene(by):
        return lambda: services.convene(project_number=project.number, strata=make.STRATA, by=by, at=LATER)

    told = at_once(qualify(cast.OFFICER), qualify(cast.APPROVER))
    assert Evaluation.objects.count() == 1 and sum(isinstance(each, Refused) for each in told) == 1
    told = at_once(convene(cast.OFFICER), convene(cast.APPROVER))
    assert Draw.objects.count() == 1 and sum(isinstance(each, Refused) for each in told) == 1


def test_declining_twice_at_once_calls_one_standby():
    evaluation = make.qualified()
    panel = make.convened(evaluation)
    experts.drawn_panel(panel, at=LATER, played=False)
    seat = experts.invited(panel)[0]

    at_once(*[lambda: experts.answers(seat, accepts=False, at=LATER)] * 4)

    assert len(experts.invited(panel)) == 5
