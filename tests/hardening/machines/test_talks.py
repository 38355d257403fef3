"""Talks behind closed doors: noted, changed, left; sealed quotes called for in rounds, closed, opened or left shut.

Quotes are really sealed and opened. By hand: who still takes part, who was heard, whether a round has quotes enough;
nobody outside learns who takes part, how many they are, or what they quote.
"""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bidding.evaluation import negotiating, queries
from bidding.evaluation.models import Evaluation, Leaving, TalkNote, TermsChange
from bidding.evaluation.rules import LIFE, Step
from bidding.evaluation.tasks import rank_prices
from bidding.opening.models import OpeningUnit
from bidding.submission.models import Bid, Round
from bidding.submission.tasks import close_rounds
from ledger import sequencer
from ledger.models import Entry, Log
from market.projects.models import Project
from proofs.scoring import decimal
from rulebook.refusal import Refused
from tests import cast
from tests.hardening.machines.house import MARKS, House, always, code, walk
from tests.make import bidding_offers as offers
from tests.make import evaluation as panels
from tests.make import experts
from tests.make import negotiation as make

pytestmark = MARKS

PLAYERS = offers.BIDDERS
ORGS = tuple(player.organisation for player in PLAYERS)
PRICES = ("450000.00", "440000.00", "430000.00", "490000.00")  # the last is above the limit
MOST_ROUNDS = 3
WORDS = "就服务响应时间进行了磋商"


class Talked(House):
    """Four suppliers, three judges, a consultation over services: with two it may go on."""

    @classmethod
    def world(cls):
        row = make.talking(4)
        cls.judges = [experts.person_of(seat) for seat in panels.members(row)]
        return row

    def begin(self) -> None:
        self.row, self.at = self.made, make.TALKED
        self.project = Project.objects.get(pk=self.row.project_id)
        self.number, self.least = self.project.number, self.project.least_to_go_on[0]
        self.tender = make.tender_of(self.row)
        self.steps = ["talks"]
        self.going, self.heard = set(ORGS), set()
        self.changes: list[bool] = []
        self.rounds = 0
        self.round: Any = None
        self.quoted: dict[str, str] = {}
        self.last = self.fixed = self.announced = False

    @property
    def step(self) -> str:
        return self.steps[-1]

    def marks(self):
        if self.round is not None:
            yield from (self.round.closes_at, self.round.closes_at + self.drain())

    def drain(self) -> timedelta:
        return timedelta(seconds=self.tender.drain)

    def state(self):
        step = Evaluation.objects.values_list("step", flat=True).get(pk=self.row.pk)
        told = TermsChange.objects.exclude(confirmed_at=None).count(), Round.objects.exclude(entry=None).count()
        return step, TalkNote.objects.count(), Leaving.objects.count(), Round.objects.count(), told, Bid.objects.count()

    def rows(self):
        return TermsChange.objects.count(), Round.objects.exclude(fixed_at=None).count()

    def tell(self, call: Any, may: Any, **facts: Any) -> bool:
        told = self.act(call, project_number=self.number, **facts, at=self.at)
        assert bool(code(told)) != bool(may), (call.__name__, self.step, code(told), may, facts)
        return bool(may)

    @rule(who=st.integers(0, 5), org=st.sampled_from(ORGS))
    def a_talk_is_noted(self, who, org):
        by = (*self.judges, cast.OFFICER, cast.SUPERVISOR, cast.PROVIDER)[who]
        told = self.act(negotiating.note_talk, twice=False, project_number=self.number, org=org, text=WORDS, by=by,
                        at=self.at)  # fmt: skip
        may = who < 3 and self.step == "talks" and org in self.going
        assert bool(code(told)) != may, code(told)
        if may:
            self.heard.add(org)

    @rule(who=st.integers(0, 5), pick=st.integers(0, 3))
    def a_change_is_proposed(self, who, pick):
        if pick == 0:
            by = (*self.judges, cast.OFFICER, cast.SUPERVISOR, cast.PROVIDER)[who]
            told = self.act(negotiating.propose_change, twice=False, project_number=self.number, text=WORDS, by=by,
                            at=self.at)  # fmt: skip
            assert bool(code(told)) != (who < 3 and self.step == "talks"), code(told)
            self.changes += [False] * (not code(told))

    @rule(by=st.sampled_from((cast.OFFICER, cast.OFFICER, cast.OTHER_OFFICER, cast.PROVIDER)))
    def a_change_is_confirmed(self, by):
        """Then all who take part are told alike."""
        for place, row in enumerate(TermsChange.objects.order_by("pk")):
            may = by is cast.OFFICER and not self.changes[place] and self.step == "talks"
            if self.tell(negotiating.confirm_change, may, change=row.pk, by=by):
                self.changes[place] = True
                row.refresh_from_db()
                assert set(row.told_to) == self.going

    @rule(who=st.sampled_from((*PLAYERS, cast.OFFICER)), pick=st.integers(0, 5))
    def somebody_leaves(self, who, pick):
        if pick == 0:
            may = who in PLAYERS and self.step == "talks" and who.organisation in self.going
            if self.tell(negotiating.leave, may, by=who):
                self.going.discard(who.organisation)
                if len(self.going) < self.least:
                    self.steps.append("failed")

    @rule(who=st.integers(0, 5), last=st.booleans())
    def quotes_are_called_for(self, who, last):
        by = (self.judges[0], *self.judges, cast.OFFICER, cast.PROVIDER)[who]
        last = last or self.rounds + 1 >= MOST_ROUNDS
        may = by == self.judges[0] and self.step == "talks" and all(self.changes)
        may = may and (self.rounds > 0 or self.going <= self.heard)
        if self.tell(negotiating.call_round, may, last=last, by=by):
            self.round, self.rounds = Round.objects.order_by("number").last(), self.rounds + 1
            self.quoted, self.last, self.fixed, self.announced = {}, last, False, False
            assert set(self.round.invited) == self.going
            self.steps.append("price")

    @rule(who=st.sampled_from(PLAYERS), price=st.sampled_from(PRICES))
    def a_quote_is_handed_in(self, who, price):
        """Nobody outside sees that it was."""
        if self.round is None and who is not PLAYERS[0]:
            return
        told = self.shown()
        now = self.step == "price" and not self.fixed and self.at < self.round.closes_at
        may = now and who.organisation in self.going
        try:
            offers.sealed_bid(make.tender_of(self.row), who, price=price, small=False, at=self.at)
        except (Refused, LookupError):
            assert not may
        else:
            assert may
            self.quoted[who.organisation] = price
            self.done += 1
        assert self.shown() == told

    def shown(self) -> str:
        """All that the public log says of it."""
        own = Entry.objects.filter(log=Log.PUBLIC, stream=self.project.log)
        return "".join(own.order_by("seq").values_list("event", flat=True))

    @rule()
    def the_round_is_closed(self):
        """Fixed, sealed, announced; with too few quotes the purchase fails, and they stay shut for good."""
        due = self.round is not None and self.at >= self.round.closes_at + self.drain()
        self.act(close_rounds, by=cast.SYSTEM, at=self.at)
        if not due or self.announced or self.step != "price":
            return
        self.fixed = True
        sequencer.turn(at=self.at)
        self.act(close_rounds, by=cast.SYSTEM, at=self.at)
        sequencer.turn(at=self.at)
        self.announced = True
        self.act(rank_prices, by=cast.SYSTEM, at=self.at)
        if len(self.quoted) < self.least:
            self.steps.append("failed")

    @rule()
    def the_quotes_are_opened(self):
        """By all who quoted and the holders; who quoted nothing is out, and above the limit nobody stands."""
        if self.step != "price" or not self.announced:
            return
        offers.next_session(make.tender_of(self.row), at=self.at)
        for _ in range(2):  # the ledger has what was opened; that talks go on with it is no further fact
            rank_prices(by=cast.SYSTEM, at=self.at)
        self.done += 1
        self.going &= set(self.quoted)
        if self.last:
            self.going -= {org for org, price in self.quoted.items() if decimal(price) > self.project.price_cap}
        enough = len(self.going) >= self.least
        self.steps += (["scores"] if self.last else ["talks"]) if enough else ["failed" if self.last else "talks"]
        if not enough and not self.last:
            self.steps.append("failed")

    @rule(until=st.integers(0, 3))
    def it_goes_its_usual_way(self, until):
        """So that lives come to what follows: all are heard, quotes called for, handed in, opened."""
        for org in sorted(self.going - self.heard):
            self.a_talk_is_noted(0, org)
        self.a_change_is_confirmed(cast.OFFICER)
        if until:
            self.quotes_are_called_for(0, until == 3)
        if until > 1 and self.step == "price":
            for who in PLAYERS[:3]:
                if who.organisation not in self.quoted:
                    self.a_quote_is_handed_in(who, PRICES[until - 1])
            self.at = max(self.at, self.round.closes_at + self.drain())
            self.the_round_is_closed()
            self.the_quotes_are_opened()

    @always
    def it_stands_where_the_model_does(self):
        row = Evaluation.objects.get(pk=self.row.pk)
        assert row.step == self.step, self.steps
        for frm, to in zip(self.steps, self.steps[1:], strict=False):
            assert not LIFE.why_not(Step(frm), Step(to)), self.steps
        if self.step != "failed":
            assert queries.going_on(row) == self.going
        failed = Project.objects.values_list("stage", flat=True).get(pk=self.project.pk) == "failed"
        assert failed == (self.step == "failed")

    @always
    def nobody_outside_knows_who_or_what(self):
        told = self.shown()
        assert not [each for each in (*ORGS, *PRICES) if each in told]
        assert all(row.received_at < row.closes_at for row in Bid.objects.all())
        opened = OpeningUnit.objects.filter(bid__part="price").exclude(verdict="")
        assert self.rounds or not opened.exists()

    def end(self) -> None:
        self.saw(**dict.fromkeys(self.steps, True), again=self.rounds > 1, left=len(self.going) < len(ORGS))


def test_the_life_of_talks():
    walk(Talked, examples=2, far=("price",))
