"""Purchases of the supermarket without offers: firms enrol and lots decide, or make a short list the buyer picks from;
or the buyer names one. Then all that comes after.

By hand: who is enrolled, when the list is fixed, how many are enough, how often lots may come to nothing.
"""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from draws.models import Draw
from ledger import sequencer
from ledger.models import Entry, Log
from market.awards.models import Proposal
from market.projects.models import Project
from market.selection import direct, services, tasks
from market.selection.models import ChoicePool, Enrolment, EnrolmentWithdrawal, EntrantList, Pick, ShortList
from tests import cast
from tests.hardening.machines.desk import FIRMS, OF, ORGS, PEOPLE, VALID, WORDS
from tests.hardening.machines.house import MARKS, MOMENT, always, walk
from tests.hardening.machines.performed import Performed
from tests.make import accounts, choices, purchases
from tests.make import draws as lots

pytestmark = MARKS

DRAIN = timedelta(seconds=15)
MOST_DRAWS = 3


class ByLot(Performed):
    """Four firms may enrol, one is enough."""

    edition, least = "zjcs-random", 1

    @classmethod
    def world(cls):
        accounts.world()
        return choices.open_choice(edition=cls.edition, fund="own")

    def begin(self) -> None:
        self.project = self.made
        self.at = choices.CLOSES - cast.HOUR
        super().begin()
        self.enrolled: dict[str, int] = dict.fromkeys(ORGS, 0)  # how often, taken back or not
        self.live: set[str] = set()
        self.fixed = self.closed = self.settled = False
        self.drawn = 0
        self.short: list[str] = []
        self.short_at = self.at

    def marks(self):
        yield from super().marks()
        yield from (choices.CLOSES, choices.CLOSES + DRAIN, choices.SELECTS)
        yield self.row.determination.due(self.short_at) if self.short else None

    def state(self):
        enrolled = Enrolment.objects.count(), EnrolmentWithdrawal.objects.count()
        chosen = ChoicePool.objects.count(), ShortList.objects.count(), Pick.objects.count(), Draw.objects.count()
        return super().state(), enrolled, chosen, EntrantList.objects.exclude(entry=None).count()

    def rows(self):
        return super().rows(), EntrantList.objects.count()

    def arrived(self, queued: int) -> None:
        """It came in the last moment before the deadline, whoever is answered first."""
        if queued == 0 and self.at < choices.CLOSES:
            self.at = choices.CLOSES - MOMENT

    @rule(who=st.sampled_from((*FIRMS, *FIRMS, *PEOPLE)), queued=st.integers(0, 7))
    def somebody_enrols(self, who, queued):
        if self.stage != "open" and queued:
            return
        self.arrived(queued)
        org, before = who.organisation, Enrolment.objects.count()
        now = self.stage == "open" and self.at < choices.CLOSES and not self.fixed
        may = who in FIRMS and now and (org in self.live or not self.out(org))
        if self.tell(services.enrol, may, by=who):
            assert Enrolment.objects.count() == before + (org not in self.live)
            self.enrolled[org] += org not in self.live
            self.live.add(org)

    @rule(who=st.sampled_from((*FIRMS, cast.OFFICER)), queued=st.integers(0, 7))
    def somebody_takes_it_back(self, who, queued):
        if self.stage != "open" and queued:
            return
        self.arrived(queued)
        now = self.stage == "open" and self.at < choices.CLOSES and not self.fixed
        if self.tell(services.withdraw, now and who.organisation in self.live and who in FIRMS, by=who):
            self.live.discard(who.organisation)

    @rule(who=st.sampled_from(FIRMS), pick=st.integers(0, 7))
    def a_stranger_sees_nothing_of_it(self, who, pick):
        """Whoever enrols or takes it back: a page looked at before and after is the same."""
        if pick == 7 and self.stage == "open" and not self.fixed:
            before = self.shown_to_strangers()
            if who.organisation in self.live:
                self.somebody_takes_it_back(who, 1)
            else:
                self.somebody_enrols(who, 1)
            assert self.shown_to_strangers() == before

    @rule(by=st.sampled_from((cast.SYSTEM, cast.OFFICER, cast.PROVIDER)))
    def the_list_is_fixed(self, by):
        may = self.fixed or (by is cast.SYSTEM and self.at >= choices.CLOSES + DRAIN)
        if self.tell(services.fix_list, may, by=by):
            self.fixed = True

    @rule()
    def the_list_is_announced(self):
        """With too few the purchase fails, and nobody learns who they were."""
        self.tick(tasks.close_enrolment)
        self.fixed = self.fixed or (self.stage == "open" and self.at >= choices.CLOSES + DRAIN)
        if not self.fixed or self.closed or self.stage != "open":
            return
        sequencer.turn(at=self.at)
        self.tick(tasks.close_enrolment)
        self.closed = True
        if len(self.live) < self.least:
            self.go("failed")
        else:
            self.named |= self.live

    @rule()
    def the_day_of_choice_comes(self):
        due = self.stage == "open" and self.closed and self.at >= choices.SELECTS and not self.resting()
        self.tick(tasks.choose)
        if due:
            fit = {org for org in self.live if not self.out(org) and self.at < VALID}
            told = ChoicePool.objects.get().content
            assert {each["org"] for each in told["eligible"]} == fit
            assert {each["org"] for each in told["out"]} == self.live - fit
            if len(fit) < self.least:
                self.go("failed")
            else:
                self.go("deciding")
                self.drawn = 1
        else:
            self.come_of_it()

    @rule(void=st.integers(0, 3))
    def lots_are_drawn(self, void):
        """Without the messages that lead to it, which draws' own tests play; sometimes they come to nothing."""
        row = Draw.objects.order_by("-count").first()
        if row is None or self.stage != "deciding" or row.phase in ("settled", "void"):
            return
        if void == 0:
            Draw.objects.filter(pk=row.pk).update(phase="void", void_reason="参与方未到", ended_at=self.at)
        else:
            lots.decided(row, at=self.at)
        self.settled = void > 0
        self.tick(tasks.choose)
        self.come_of_it()

    def come_of_it(self) -> None:
        """What follows from a draw that is over, once the clock has looked."""
        row = Draw.objects.order_by("-count").first()
        if self.stage != "deciding" or row is None:
            return
        if not self.settled:
            told = Draw.objects.filter(phase="void").count()
            if told == MOST_DRAWS and self.drawn == MOST_DRAWS:
                self.go("failed")
            self.drawn = min(told + 1, MOST_DRAWS)
            assert Draw.objects.count() == self.drawn
        else:
            self.result()

    def result(self) -> None:
        if not self.resting():
            self.proposed()
            self.is_drawn()

    def is_drawn(self) -> None:
        """Anybody who makes the draw again comes to the same."""
        row, held = Draw.objects.get(phase="settled"), Proposal.objects.get().content["basis"]
        assert (held["seed"], held["draw"], held["pool"]) == (row.seed, row.pk, row.pool)
        again = lots.lots.select(
            bytes.fromhex(row.seed), row.pool, lots.lots.parse_strata(lots.queries.strata(row)), max_per_org=1
        )
        assert again == row.result

    @rule(until=st.integers(0, 3))
    def it_goes_its_usual_way(self, until):
        """So that lives come to what follows: firms enrol, the list, the day, the lots, the publication's end."""
        if self.stage == "open" and self.at < choices.CLOSES:
            for who in FIRMS[: until + 1]:
                self.somebody_enrols(who, 1)
        if until and self.stage in ("open", "deciding"):
            self.at = max(self.at, choices.SELECTS)
            self.the_list_is_announced()
            self.the_day_of_choice_comes()
            self.lots_are_drawn(until)
        if until > 2 and self.stage == "proposed":
            self.at = max(self.at, self.later(self.due, self.since))
            self.deem(cast.SYSTEM, 0)

    @always
    def nobody_is_enrolled_twice_or_late(self):
        rows = list(Enrolment.objects.order_by("pk").values_list("organisation", "version", "received_at"))
        assert all(at < choices.CLOSES for *_, at in rows)
        for org, often in self.enrolled.items():
            assert [version for each, version, _ in rows if each == org] == list(range(1, often + 1))
        live = Enrolment.objects.filter(withdrawal=None).values_list("organisation", flat=True)
        assert sorted(live) == sorted(self.live)

    def end(self) -> None:
        super().end()
        self.saw(withdrawn=EnrolmentWithdrawal.objects.exists(), void=self.drawn > 1, picked=Pick.objects.exists())
        received = Entry.objects.filter(log=Log.SEALED, stream=f"project/{self.number}").count()
        assert received == sum(self.enrolled.values()) + EnrolmentWithdrawal.objects.count()  # one receipt each


class ByCredit(ByLot):
    """Lots make a short list of three; the buyer picks off it with its reason, or its time passes. Two are enough."""

    edition, least = "zjcs-credit", 2

    def result(self) -> None:
        if not self.short:
            self.short = [each["org"] for each in ShortList.objects.get().listed]
            self.short_at = self.at
            assert len(self.short) == min(3, len(ChoicePool.objects.get().content["eligible"]))
        elif self.at >= self.row.determination.due(self.short_at) and not self.resting():
            self.picked(self.short[0])

    def picked(self, org: str) -> None:
        self.proposed()
        self.is_drawn()
        assert self.ranked == [org, *(each for each in self.short if each != org)]

    @rule(by=st.sampled_from((cast.OFFICER, cast.OFFICER, cast.OTHER_OFFICER, cast.PROVIDER)),
          which=st.integers(0, 3), reason=st.sampled_from((WORDS, WORDS, "")))  # fmt: skip
    def the_buyer_picks(self, by, which, reason):
        org = (*self.short, *ORGS)[which]
        now = self.stage == "deciding" and self.short and not self.resting()
        if self.tell(services.pick, now and by is cast.OFFICER and org in self.short and reason, org=org,
                     reason=reason, by=by):  # fmt: skip
            self.picked(org)


class Direct(Performed):
    """The buyer names one of three, with its price and its reason."""

    cap = Decimal("18000.00")

    @classmethod
    def world(cls):
        accounts.world()
        for serial, firm in enumerate(FIRMS[:3], start=1):
            purchases.able(firm, serial=serial)
        return purchases.published().project

    def begin(self) -> None:
        self.project = Project.objects.get(pk=self.made.pk)
        super().begin()
        self.kept = []
        self.bidders = ORGS  # whoever could have taken part may object

    @rule(by=st.sampled_from((cast.OFFICER, cast.OFFICER, cast.OFFICER, *PEOPLE)), which=st.integers(0, 3),
          amount=st.sampled_from((Decimal("17500.00"), Decimal("18000.00"), Decimal("18000.01"), Decimal())),
          reason=st.sampled_from((WORDS, WORDS, WORDS, "好")))  # fmt: skip
    def the_buyer_names_one(self, by, which, amount, reason):
        org = ORGS[which]
        fits = which < 3 and not self.out(org) and 0 < amount <= self.cap and reason == WORDS and self.at < VALID
        may = self.stage == "open" and by is cast.OFFICER and fits and not self.resting()
        if self.tell(direct.pick, may, org=org, amount=amount, reason=reason, by=by):
            self.go("deciding")
            self.proposed()
            assert (self.ranked, self.bidders) == ([org], (org,))
            self.bidders = ORGS

    @rule(which=st.integers(0, 2))
    def one_is_named_as_usual(self, which):
        if self.stage == "open":
            self.the_buyer_names_one(cast.OFFICER, which, Decimal("17500.00"), WORDS)

    def end(self) -> None:
        super().end()
        held = Proposal.objects.first()
        assert held is None or OF[held.ranked[0].org] in FIRMS[:3]


def test_the_life_of_a_purchase_by_lot():
    walk(ByLot, examples=20, far=("awarded", "completed", "failed", "next", "rested", "void"))


def test_the_life_of_a_purchase_by_credit():
    walk(ByCredit, examples=12, far=("proposed", "picked"))


def test_the_life_of_a_purchase_by_direct_choice():
    walk(Direct, examples=20, far=("awarded", "completed", "terminated"))
