"""Sealed quotes of the supermarket: taken back, closed, opened by holders or not at all, explained where they are low,
given points by the owner's panel; the lowest or the best is proposed. Then all that comes after.

By hand: who still offers, what a quote far below the others must say, who stands on the day, which comes first.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts.models import User
from bidding.opening import hearing
from bidding.opening.models import Opening, OpeningUnit, Release
from bidding.opening.tasks import advance_openings
from bidding.sealed import judging, low, tasks
from bidding.sealed.models import Assessment, FixedQuotes, Judge, LowQuote
from bidding.submission import services as submission
from bidding.submission.models import Bid, Closing, LateBid, Withdrawal
from bidding.submission.tasks import close_bidding
from draws.models import Draw
from ledger import sequencer
from rulebook.actor import Actor, Role
from tests import cast
from tests.hardening.machines.desk import FIRMS, ORGS, WORDS
from tests.hardening.machines.house import MARKS, MOMENT, always, code, walk
from tests.hardening.machines.performed import Performed
from tests.make import accounts, purchases
from tests.make import bidding_offers as offers
from tests.make import draws as lots
from tests.make import sealed as make

pytestmark = MARKS

PRICES = {"price": ("2600.00", "900.00", "2700.00", "2500.00"), "merit": ("2600.00", "2500.00", "2700.00", "2500.00")}
FACTORS = [{"key": "f1", "name": "技术路线", "max": "60", "standard": "路线清楚、可行"}]
DRAIN = timedelta(seconds=2)
OWNER = Actor("00000000-0000-4000-8000-000000000051", Role.OFFICER, purchases.FIRM, "钱业主")
PANEL = (OWNER, *(Actor(f"00000000-0000-4000-8000-00000000009{n}", Role.OFFICER, purchases.FIRM, f"评审{n}")
                  for n in (1, 2, 3)))  # fmt: skip


class ByPrice(Performed):
    """Four have sealed a quote, the second far below the others; one is enough. The lowest that stands is first."""

    way, least, facts = "price", 1, {}
    owner = OWNER

    @classmethod
    def world(cls):
        accounts.world()
        tender = make.offered(PRICES[cls.way], edition=f"rehearsal-{cls.way}", **cls.facts)
        for who in PANEL[1:]:
            told = {
                "username": f"u{who.person[-2:]}",
                "name": who.name,
                "role": who.role,
                "organisation_id": make.purchases.FIRM,
            }
            User.objects.get_or_create(public_id=who.person, defaults=told)
        return tender

    def begin(self) -> None:
        self.tender, self.project = self.made, self.made.project
        self.at = self.made.closes_at - cast.MINUTE
        super().begin()
        self.prices = dict(zip(ORGS, map(Decimal, PRICES[self.way]), strict=True))
        self.envelopes = {org: list(Bid.objects.filter(organisation=org).order_by("part")) for org in ORGS}
        self.live = set(ORGS)
        self.taken_back: dict[str, list[Any]] = {}  # what each said who took his back
        self.fixed = self.announced = False
        self.opened_at: Any = None
        self.keys: dict[str, set[str]] = {org: set() for org in ORGS}
        self.standing: list[str] = []
        self.asked: dict[str, list[Any]] = {}  # due, said, judge by, accepted
        self.panel: dict[str, str] = {}  # person → named, declared, recused
        self.points: dict[tuple[str, str], str] = {}

    def marks(self):
        yield from super().marks()
        yield from (self.tender.closes_at, self.tender.closes_at + DRAIN)
        for opening in Opening.objects.all():
            yield opening.turn_ends
        for row in LowQuote.objects.all():
            yield from (row.due_at, row.judge_by)

    def state(self):
        opening = list(Opening.objects.values_list("read_out_at", "ended_at", "rescue_from"))
        said = list(LowQuote.objects.order_by("pk").values_list("answered_at", "judged_at"))
        judges = list(Judge.objects.order_by("pk").values_list("declared_at", "recused"))
        done = Withdrawal.objects.count(), Draw.objects.count(), Assessment.objects.count()
        return super().state(), opening, said, judges, done, FixedQuotes.objects.count(), Bid.objects.count()

    def rows(self):
        return super().rows(), Closing.objects.count(), Release.objects.count()

    def project_act(self, call: Any, may: Any, **facts: Any) -> bool:
        told = self.act(call, project_number=self.number, **facts, at=self.at)
        assert bool(code(told)) != bool(may), (call.__name__, self.stage, code(told), may, facts)
        return bool(may)

    # -- until the deadline

    @rule(who=st.sampled_from(FIRMS), pick=st.integers(0, 3), last=st.booleans())
    def a_quote_is_taken_back(self, who, pick, last):
        if pick:
            return
        org = who.organisation
        if last and self.at < self.tender.closes_at:
            self.at = self.tender.closes_at - MOMENT
        wds = [
            offers.said("wd/1", org, {"eid": row.eid, "seq": 2}, number=self.number, part=row.part, at=self.at)
            for row in self.envelopes[org]
        ]
        late = LateBid.objects.count()
        told = self.act(submission.withdraw, leaves=1, project_number=self.number, wds=wds, by=who, at=self.at)
        may = self.at < self.tender.closes_at and not self.fixed and self.stage == "open" and org in self.live
        again = wds == self.taken_back.get(org)  # said again word for word it gets the same answer
        assert bool(code(told)) != (may or again), code(told)
        assert LateBid.objects.count() >= late
        if may:
            self.live.discard(org)
            self.taken_back[org] = wds

    @rule()
    def the_list_is_closed(self):
        """Fixed, sealed, announced; with nobody on it, or with too few, nothing is opened for good."""
        due = self.at >= self.tender.closes_at + DRAIN and self.stage == "open"
        self.tick(close_bidding)
        self.fixed = self.fixed or due
        if due:
            sequencer.turn(at=self.at)
            self.tick(close_bidding)
            sequencer.turn(at=self.at)
            self.announced = True

    # -- the opening

    @rule()
    def the_clock_opens_and_chooses(self):
        opens = self.stage == "open" and self.announced and not self.resting()
        if opens and len(self.live) < self.least:
            self.go("failed")
        elif opens:
            self.opened_at = self.at
            self.named |= self.live
            self.go("deciding")
        self.tick(advance_openings)
        self.tick(tasks.open_and_choose)
        self.come_of_it()

    @rule(holder=st.sampled_from(make.HOLDERS), org=st.sampled_from(ORGS))
    def a_key_is_released(self, holder, org):
        if self.opened_at is None or org not in self.live:
            return
        for bid in self.envelopes[org]:
            said = offers.key(self.tender, holder, bid, at=self.at)
            was = OpeningUnit.objects.get(bid=bid).verdict
            told = self.act(hearing.hear, project_number=self.number, statement=said, at=self.at)
            assert code(told) or not was or holder in self.keys[org]
        if not code(told):
            self.keys[org].add(holder)

    @rule(enough=st.integers(0, 7))
    def the_holders_release(self, enough):
        for holder in make.HOLDERS[: 2 if enough else 1]:
            for org in ORGS:
                self.a_key_is_released(holder, org)
        self.the_clock_opens_and_chooses()

    def come_of_it(self) -> None:
        """What follows once every envelope has its verdict: read from the rows, compared with the hand's reckoning."""
        opening = Opening.objects.first()
        if opening is None or self.stage != "deciding" or opening.ended_at is None:
            return
        held = FixedQuotes.objects.first()
        shown = {unit.bid.organisation for unit in OpeningUnit.objects.select_related("bid") if unit.verdict == "OK"}
        assert shown == {org for org in self.live if len(self.keys[org]) >= 2}
        fit = {org for org in shown if not self.out(org)}
        if not self.standing and held is None:
            assert len(fit) < self.least
            self.go("failed")
            return
        if not self.standing:
            self.standing = sorted(row["org"] for row in held.rows if not row["reasons"])
            assert set(self.standing) == fit and len(fit) >= self.least
            self._who_is_low()
        self.choose()

    def _who_is_low(self) -> None:
        quotes = [self.prices[org] for org in self.standing]
        bound = sum(quotes) / len(quotes) * Decimal("0.60") if len(quotes) > 2 and self.way == "price" else 0
        told = {row.organisation: row for row in LowQuote.objects.all()}
        assert set(told) == {org for org in self.standing if self.prices[org] < bound}
        self.asked = {org: [row.due_at, False, None, None] for org, row in told.items()}

    def choose(self) -> None:
        """Once nobody is waited for: the lowest that is believed comes first."""
        for due, said, by, taken in self.asked.values():
            if (not said and self.at < due) or (said and taken is None and self.at < by):
                return
        out = {org for org, (_, said, _, taken) in self.asked.items() if not said or taken is False}
        kept = sorted((self.prices[org], org) for org in self.standing if org not in out)
        if not kept:
            self.go("failed")
        elif not self.resting():
            self.proposed()
            assert self.ranked == [org for _, org in kept]

    @rule(who=st.sampled_from(FIRMS), text=st.sampled_from((WORDS, WORDS, "")))
    def a_low_quote_is_explained(self, who, text):
        asked = self.asked.get(who.organisation)
        if not self.asked:
            return
        may = asked and not asked[1] and self.at < asked[0] and text
        if self.project_act(low.explain, may, text=text, by=who):
            asked[1], asked[2] = True, LowQuote.objects.get(organisation=who.organisation).judge_by

    @rule(by=st.sampled_from((OWNER, OWNER, cast.OFFICER, cast.PROVIDER)), accepted=st.booleans())
    def an_explanation_is_judged(self, by, accepted):
        for org, asked in self.asked.items():
            may = by is OWNER and asked[1] and asked[3] is None and self.at < asked[2]
            if LowQuote.objects.get(organisation=org).judged_at is not None:
                continue  # the house has taken what the buyer let pass
            if self.project_act(low.judge, may, org=org, accepted=accepted, reason=WORDS, by=by):
                asked[3] = accepted

    @rule(until=st.integers(0, 3))
    def it_goes_its_usual_way(self, until):
        """So that lives come to what follows: closed, opened, released, explained."""
        if self.stage == "open":
            self.at = max(self.at, self.tender.closes_at + DRAIN)
            self.the_list_is_closed()
            self.the_clock_opens_and_chooses()
        if until and self.stage == "deciding":
            self.the_holders_release(1)
        if until > 1 and self.asked and self.stage == "deciding":
            self.at = max(self.at, *(asked[0] for asked in self.asked.values()))
            self.the_clock_opens_and_chooses()
        if until > 2 and self.stage == "proposed":
            self.at = max(self.at, self.later(self.due, self.since))
            self.deem(cast.SYSTEM, 0)

    @always
    def nothing_is_opened_before_its_time_or_with_a_key_too_few(self):
        for unit in OpeningUnit.objects.exclude(verdict="").select_related("bid"):
            assert self.opened_at is not None and self.opened_at >= self.tender.closes_at
            assert (unit.verdict == "OK") == (len(self.keys[unit.bid.organisation]) >= 2)
        assert all(row.received_at < self.tender.closes_at for row in Withdrawal.objects.all())

    def end(self) -> None:
        super().end()
        self.saw(opened=self.opened_at is not None, low=bool(self.asked), withdrawn=len(self.live) < len(ORGS),
                 explained=any(said for _, said, *_ in self.asked.values()))  # fmt: skip


class ByMerit(ByPrice):
    """The owner's panel of three or more gives points with reasons; two must offer."""

    way, least, facts = "merit", 2, {"factors": FACTORS}

    def seats(self, *states: str) -> list[str]:
        return [person for person, state in self.panel.items() if state in states]

    @rule(by=st.sampled_from((OWNER, OWNER, OWNER, cast.OFFICER, cast.PROVIDER)), who=st.sampled_from(PANEL))
    def a_judge_is_named(self, by, who):
        late = self.panel_until is not None and self.at >= self.panel_until
        may = by is OWNER and self.stage in ("open", "deciding") and not self.points and not late
        if self.project_act(judging.name_judge, may and who.person not in self.panel, person=who.person, by=by):
            self.panel[who.person] = "named"

    @property
    def panel_until(self) -> Any:
        opening = Opening.objects.exclude(ended_at=None).first()
        return self.later(self.row.selection.panel.due(opening.ended_at), opening.ended_at) if opening else None

    @rule(who=st.sampled_from((*PANEL, cast.PROVIDER)), tied=st.integers(0, 7))
    def a_judge_declares(self, who, tied):
        late = self.panel_until is not None and self.at >= self.panel_until
        may = self.panel.get(who.person) == "named" and self.standing and not late and self.stage == "deciding"
        if self.project_act(judging.declare, may, recused=tied == 0, reason=WORDS, by=who):
            self.panel[who.person] = "declared" if tied else "recused"

    @rule(
        who=st.sampled_from((*PANEL, cast.PROVIDER)),
        org=st.sampled_from(ORGS),
        points=st.sampled_from(("50", "50", "40", "61")),
    )
    def points_are_given(self, who, org, points):
        late = self.panel_until is not None and self.at >= self.panel_until
        may = self.panel.get(who.person) == "declared" and not late and not self.seats("named")
        may = may and len(self.seats("declared")) >= 3 and org in self.standing and (who.person, org) not in self.points
        told = {"org": org, "scores": {"f1": points}, "reason": "路线清楚，人员配备与项目相称。", "by": who}
        if self.stage == "deciding" and self.project_act(judging.assess, may and points != "61", **told):
            self.points[who.person, org] = points

    @rule()
    def everybody_gives_his_points(self):
        for who in PANEL[:3]:
            if who.person not in self.panel and self.stage in ("open", "deciding"):
                self.a_judge_is_named(OWNER, who)
        for who in PANEL:
            if self.panel.get(who.person) == "named" and self.standing:
                self.a_judge_declares(who, 1)
        for who in PANEL:
            for org in self.standing if self.panel.get(who.person) == "declared" else ():
                if (who.person, org) not in self.points:
                    self.points_are_given(who, org, "50")
        self.the_clock_opens_and_chooses()

    def choose(self) -> None:
        able = self.seats("declared", "named")
        whole = len(able) >= 3 and all((person, org) in self.points for person in able for org in self.standing)
        if not whole:
            if self.at >= self.panel_until:
                self.go("failed")
            return
        tie = Draw.objects.filter(purpose="tie").first()
        if tie is not None and tie.phase != "settled":
            lots.decided(tie, at=self.at)
            self.tick(tasks.open_and_choose)
        if not self.resting():
            self.proposed()
            total = {
                org: sum(Decimal(self.points[person, org]) for person in able) / len(able) for org in self.standing
            }
            lowest = min(self.prices[org] for org in self.standing)
            best = {org: total[org] + lowest / self.prices[org] * self.weight() for org in self.standing}
            assert best[self.ranked[0]] >= max(best.values()) - Decimal("0.02")  # points of a price are rounded

    def weight(self) -> Decimal:
        return 100 - Decimal(FACTORS[0]["max"])


def test_the_life_of_a_purchase_by_sealed_price():
    walk(ByPrice, examples=3, far=("low", "explained", "proposed"))


def test_the_life_of_a_purchase_by_merit():
    walk(ByMerit, examples=2, far=("proposed",))
