"""What follows a contract in the supermarket: milestones, delivery, inspection, notice, an end, the ratings of both."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from intermediaries.ratings import services as ratings
from intermediaries.ratings import tasks as ratings_clock
from intermediaries.ratings.models import Occasion
from market.contracts.models import Contract
from market.performance import ending, services
from market.performance import tasks as clock_of_contracts
from market.performance.models import Termination
from rulebook.actor import Actor
from tests import cast
from tests.hardening.machines.desk import OF, WORDS, Desk
from tests.make import performance as make


class Performed(Desk):
    """A purchase to its very end."""

    @rule(steps=st.sampled_from((2, 5, 11, 11)), agree=st.integers(0, 3))
    def it_goes_on_as_usual(self, steps, agree):
        """So that lives come to an end: the publication's, the winner's yes, the contract, all of it delivered.

        agree: 0 where instead of delivering the two end it.
        """
        if self.stage == "proposed":
            self.at = max(self.at, self.later(self.due, self.since))
            self.deem(cast.SYSTEM, 0)
        if not self.winner:
            return
        ours, theirs = self.owner, OF[self.winner]
        usual: list[tuple[Callable[[Actor, int], None], Actor, int]] = []
        if self.stage == "awarded":
            usual += [(self.accept, theirs, 0), (self.put_forward, ours, 1), (self.confirm, theirs, 0)]
        usual += [(self.plan, ours, 1), (self.settle, theirs, 1)]
        if agree:
            usual += [
                (self.deliver, theirs, 0),
                (self.inspect, ours, 2),
                (self.deliver, theirs, 1),
                (self.inspect, ours, 3),
            ]
        else:
            usual += [(self.give_notice, theirs, 4), (self.reply, ours, 2)]
        usual += [(self.rate, theirs, 0), (self.rate, ours, 1)]
        for act, by, n in usual[:steps]:
            act(by, n)

    # Before there is a contract nobody can ask for it.

    def contracted(self) -> bool:
        return Contract.objects.exists()

    def plan(self, by, n):
        if self.contracted():
            price = Contract.objects.get().amount
            amounts = (str(price - 1), "1") if n % 8 else (str(price), "1")
            put = make.lines(on=self.signed_on, amounts=amounts)
            may = self.stage == "contracted" and self.side(by) and not self.put and not self.planned and n % 8
            if self.tell(services.propose_plan, may, lines=put, by=by):
                self.put = self.side(by)

    def settle(self, by, n):
        if self.contracted():
            agree, side = n % 4 > 0, self.side(by)
            may = self.stage == "contracted" and self.put and side and side != self.put
            if self.tell(services.settle_plan, may, agree=agree, reason=WORDS, by=by):
                self.put, self.planned = "", self.planned or agree

    def deliver(self, by, n):
        if self.contracted():
            which = n % 2 + 1
            may = self.stage == "contracted" and self.side(by) == "provider" and self.planned and not self.resting()
            may = may and self.handed.get(which) not in ("waits", "accepted")
            if self.tell(services.deliver, may, milestone=which, note=WORDS, by=by):
                self.handed[which] = "waits"

    def inspect(self, by, n):
        if self.contracted():
            which, yes = n % 2 + 1, n % 8 > 1
            may = self.stage == "contracted" and by is self.owner and self.handed.get(which) == "waits"
            facts = {"milestone": which, "accepted": yes, "reasons": "" if yes else WORDS, "by": by}
            if self.tell(services.inspect, may and not self.resting(), **facts):
                self.handed[which] = "accepted" if yes else "returned"
                if list(self.handed.values()) == ["accepted"] * 2:
                    self.notice = None
                    self._ended("completed")

    def _ended(self, stage: str) -> None:
        self.rate_until = Occasion.objects.get().closes_at
        self.go(stage)

    def give_notice(self, by, n):
        if self.contracted() and n % 4 == 0:
            files = [make.given()] if n % 8 else []
            may = self.stage == "contracted" and self.side(by) and self.notice is None and files
            if self.tell(ending.give_notice, may, grounds=WORDS, files=files, by=by):
                self.notice = [self.side(by), Termination.objects.latest("pk").due_at, ""]

    def reply(self, by, n):
        if self.contracted():
            agrees, side = n % 2 == 0, self.side(by)
            may = self.stage == "contracted" and self.notice and not self.notice[2] and side
            may = may and side != self.notice[0]
            if self.tell(ending.reply, may, agrees=agrees, text=WORDS, by=by):
                self.notice[2] = "agrees" if agrees else "objects"
                if agrees:
                    self._ended("terminated")

    def take_notice_back(self, by, n):
        if self.contracted():
            may = self.stage == "contracted" and self.notice and self.side(by) == self.notice[0]
            if self.tell(ending.withdraw_notice, may, by=by):
                self.notice = None

    def decide(self, by, n):
        if self.contracted():
            ends = n % 2
            may = self.stage == "contracted" and by is cast.SUPERVISOR and self.notice and self.notice[2] == "objects"
            if self.tell(ending.decide, may, outcome="decided" if ends else "rejected", text=WORDS, by=by):
                self.notice = None
                if ends:
                    self._ended("terminated")

    def end_silent(self, by, n):
        silent = self.stage == "contracted" and self.notice and not self.notice[2] and self.at >= self.notice[1]
        self.tick(clock_of_contracts.end_silent)
        if silent:
            self._ended("terminated")

    def rate(self, by, n):
        if self.rate_until:
            side, points = self.side(by), (5, 4, 2)[n % 3]
            may = side and side not in self.rated and self.at < self.rate_until and not self.shown
            rated = make.Side.PROVIDER if side != "provider" else make.Side.BUYER
            low = {"evidence": "第1次交付迟到五天"} if points < 3 else {}
            facts = {"level": points, "scores": make.scores(rated, points), "text": WORDS, **low, "by": by}
            if self.tell(ratings.record_rating, may, **facts):
                self.rated.add(side)
                self.shown = len(self.rated) == 2

    def close_ratings(self, by, n):
        if self.rate_until:
            self.tick(ratings_clock.close_due)
            self.shown = self.shown or self.at >= self.rate_until
