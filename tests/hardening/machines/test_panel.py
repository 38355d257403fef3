"""A panel's report, and what comes of it: published, objected to, awarded, declined, judged again."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bidding.evaluation.models import Rollback
from ledger import sequencer
from market.awards import services as awards
from market.awards import tasks as clock_of_awards
from market.awards.models import Award, Determination, Proposal, ResultObjection
from market.notices import suspending
from tests import cast
from tests.hardening.machines.house import MARKS, code, walk
from tests.hardening.machines.sitting import OF, ORGS, WORDS, Sitting

pytestmark = MARKS


class Judged(Sitting):
    """Under the law of 2017: the award names the panel."""

    # -- the award

    def publish(self, by, n):
        may = by is cast.OFFICER and self.row.publicity and self.stage == "proposed" and self.over is None
        told = self.act(awards.publish_candidates, number=self.number, by=by, at=self.at)
        assert bool(code(told)) != bool(may), code(told)
        if may:
            self.over = self.row.publicity.due(self.at)

    def object(self, by, n):
        by = OF[ORGS[n % 4]] if n % 8 else by
        on = self.over is not None and (self.at < self.over or False in self.waiting)
        mine = sum(org == by.organisation for org in self.objected_by)
        may = by.organisation in ORGS and self.stage == "proposed" and on and mine < 5
        told = self.act(
            awards.object_to_candidates, twice=False, number=self.number, text=WORDS, by=by, at=self.at
        )  # fmt: skip
        assert bool(code(told)) != bool(may), (code(told), self.over)
        if may:
            self.waiting.append(False)
            self.objected_by.append(by.organisation)
            self.raised = self.at

    def answer(self, by, n):
        rows = list(ResultObjection.objects.order_by("-pk")[: len(self.waiting)])[::-1]
        if not rows:
            return
        which = n % len(rows)
        may = by is cast.OFFICER and not self.waiting[which]
        told = self.act(awards.answer_objection, number=self.number, objection=str(rows[which].public_id), text=WORDS,
                        by=by, at=self.at)  # fmt: skip
        assert bool(code(told)) != bool(may), code(told)
        if may:
            self.waiting[which], self.objected_by[which] = True, ""
            # The days of publicity go on, unless it is judged again: they rested while one waited.
            if False not in self.waiting and self.step == "done":
                self.over = self.published_until()

    def published_until(self) -> Any:
        """The days of publicity, longer by as long as somebody waited for an answer."""
        over, until = self.row.publicity.due(Proposal.objects.get(superseded_at=None).publicity.published_at), None
        for row in ResultObjection.objects.exclude(answered_at=None).order_by("-pk")[: len(self.waiting)][::-1]:
            begins = row.raised_at if until is None else max(row.raised_at, until)
            if row.answered_at > begins:
                over, until = over + (row.answered_at - begins), row.answered_at
        return over

    def turn(self) -> str:
        return next((org for org in self.ranked if org not in self.declined), "")

    def determine(self, by, n):
        org = self.turn() if n % 4 else (self.ranked or ORGS)[n % len(self.ranked or ORGS)]
        shown = not self.row.publicity or (self.over and self.at >= self.over and False not in self.waiting)
        may = by is cast.OFFICER and self.stage == "proposed" and not self.open and shown and not self.resting()
        told = self.act(awards.determine, number=self.number, org=org or ORGS[0], by=by, at=self.at)
        assert bool(code(told)) != bool(may and org and org == self.turn()), (code(told), org, self.ranked)
        if not code(told):
            if self.row.names_experts and not self.declined:
                self.open, self.chosen = True, org
            else:
                self.winner = org
                self.go("done", stage="awarded")

    def announce(self, by, n):
        """The notice with the names of the panel, once the log holds what lets them go; not while it rests."""
        before = self.open
        if n % 4:
            sequencer.turn(at=self.at)
        self.act(clock_of_awards.announce_determined, by=cast.SYSTEM, at=self.at)
        self.open = Determination.objects.filter(closed_at=None).exists()
        if before and not self.open and Award.objects.filter(declined_at=None).exists():
            self.winner = self.chosen
            self.go("done", stage="awarded")

    def decline(self, by, n):
        by = OF[self.winner] if self.winner and n % 4 else by
        may = self.stage == "awarded" and by in (OF[self.winner], cast.OFFICER)
        told = self.act(awards.decline, number=self.number, reason=WORDS, by=by, at=self.at)
        assert bool(code(told)) != bool(may), code(told)
        if may:
            self.declined.append(self.winner)
            self.winner = ""
            self.go("done", stage="proposed")

    @rule(by=st.sampled_from((cast.SUPERVISOR, cast.SUPERVISOR, cast.PROVIDER)), pick=st.integers(0, 7))
    def the_purchase_rests_or_goes_on(self, by, pick):
        if pick == 0 and self.rest is None:
            ground = "complaint-b" if self.row.regime == "B" else "complaint-a"
            until = self.at + timedelta(days=9)
            may = by is cast.SUPERVISOR and self.stage != "failed"
            told = self.act(suspending.suspend, number=self.number, ground=ground, text=WORDS, document="1号",
                            until=until, by=by, at=self.at)  # fmt: skip
            assert bool(code(told)) != may, code(told)
            self.rest = until if may else None
        elif self.rest and self.at < self.rest:
            told = self.act(suspending.resume, number=self.number, text=WORDS, by=by, at=self.at)
            assert bool(code(told)) != (by is cast.SUPERVISOR and self.stage != "failed"), code(told)
            self.rest = self.at if not code(told) else self.rest

    def end(self) -> None:
        self.saw(**dict.fromkeys(self.steps, True), **dict.fromkeys(self.stages, True), left=bool(self.gone),
                 again=Rollback.objects.filter(approved=True).exists(), objected=ResultObjection.objects.exists(),
                 next=bool(self.declined and self.winner))  # fmt: skip


class JudgedWorks(Judged):
    """The same for works: the candidates are published, and whoever bid may object before anybody is awarded."""

    edition, category, ground = "ztb-2019", "works", "unresponsive"


def test_the_life_of_an_evaluation():
    walk(Judged, examples=2, far=("dispute", "tie", "awarded", "left", "again"))


def test_the_life_of_an_evaluation_of_works():
    walk(JudgedWorks, examples=2, far=("awarded", "objected"))
