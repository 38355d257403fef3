"""The reverse auction: quotes against the clock, pauses, extensions, the end, an explanation, the award after it.

The model keeps the ladder by hand: what the lowest is, when it ends, how often that moved. The public log, replayed by
the code that strangers run, comes to the same.
"""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bidding.auction import services
from bidding.auction.models import Auction, PriceExplanation, Quote
from ledger.models import Entry, Log
from market.projects.models import Project
from proofs import auction as arithmetic
from proofs import canonical
from rulebook.times import iso
from tests import cast
from tests.hardening.machines.house import MARKS, MOMENT, House, always, code, walk
from tests.make import auctions, blacklist

pytestmark = MARKS

START, STEP, MOST = Decimal("100000.00"), Decimal("500.00"), 3
WINDOW, RESTART = timedelta(seconds=30), timedelta(seconds=10)
BIDDERS = auctions.BIDDERS
ACTORS = (*BIDDERS, *BIDDERS, cast.OFFICER, cast.SUPERVISOR, cast.OTHER_OFFICER, cast.STRANGER)
DOWN = (Decimal("0"), Decimal("499.99"), Decimal("500"), Decimal("500.01"), Decimal("1500"), Decimal("60000"))
REASON = "网络故障，暂停排查"


class Auctioned(House):
    """One auction among four."""

    @classmethod
    def world(cls):
        return auctions.auction()

    def begin(self) -> None:
        self.auction = self.made
        self.number = self.auction.project.number
        self.at = self.auction.called_at
        self.opens_at, self.ends_at = self.auction.opens_at, self.auction.ends_at
        self.best: Decimal | None = None
        self.accepted: list[tuple[str, Decimal]] = []
        self.extended = 0
        self.paused: tuple[object, str] | None = None  # since when, by which side
        self.ended = False
        self.banned: set[str] = set()
        self.sent: set[tuple[str, UUID]] = set()  # a number is its maker's own

    def marks(self):
        yield from (self.opens_at, self.ends_at, self.ends_at - WINDOW, self.ends_at + timedelta(seconds=1))
        yield from PriceExplanation.objects.values_list("due_at", flat=True)

    def state(self):
        row = Auction.objects.get(pk=self.auction.pk)
        stage = Project.objects.get(pk=row.project_id).stage
        asked = list(PriceExplanation.objects.values_list("organisation", "said_at", "judged_at"))
        return row.number, row.ends_at, row.paused_at, row.ended_at, stage, asked

    def rows(self):
        return Quote.objects.filter(refused="").count()  # one that was refused is kept for its maker

    @rule(by=st.sampled_from(ACTORS), down=st.sampled_from(DOWN), n=st.integers(0, 60))
    def somebody_quotes(self, by, down, n):
        price = (START if self.best is None else self.best) - down
        self._quote(by, price, UUID(int=n))

    @rule(
        who=st.sampled_from(BIDDERS),
        n=st.integers(0, 60),
        shift=st.sampled_from((-1, 0, 0, 1)),
        which=st.integers(0, 2),
    )
    def a_quote_comes_in_at_the_last_moment(self, who, n, shift, which):
        at = (self.opens_at, self.ends_at - WINDOW, self.ends_at)[which] + shift * MOMENT
        if self.at <= at:
            self.at = at
            self._quote(who, (START if self.best is None else self.best - STEP), UUID(int=n))

    def _quote(self, by, price, number):
        known = (by.organisation, number) in self.sent
        self.act(services.quote, project_number=self.number, quote=number, price=f"{price:.2f}", by=by, at=self.at)
        if known:
            return
        row = Quote.objects.filter(bidder__organisation=by.organisation, quote=number).first()
        accepted = row is not None and not row.refused
        assert accepted == self._counts(by, price), (by.name, price, self.at, row and row.refused)
        if row is not None:
            self.sent.add((by.organisation, number))
        if accepted:
            if self.at > self.ends_at - WINDOW and self.extended < MOST:
                self.extended, self.ends_at = self.extended + 1, self.at + WINDOW
            self.best = price
            self.accepted.append((by.organisation, price))

    def _counts(self, by, price) -> bool:
        """By hand: whose it is, when it came, how low it is."""
        mine = by.organisation in auctions.ORGS and by in BIDDERS and by.organisation not in self.banned
        now = self.opens_at <= self.at < self.ends_at and self.paused is None and not self.ended
        return bool(mine and now and 0 < price <= (START if self.best is None else self.best - STEP))

    @rule(by=st.sampled_from(ACTORS), reason=st.sampled_from((REASON, REASON, "")))
    def somebody_stops_the_clock(self, by, reason):
        told = self.act(services.pause, project_number=self.number, reason=reason, by=by, at=self.at)
        side = {cast.OFFICER: "host", cast.SUPERVISOR: "supervisor"}.get(by)
        may = side and reason and self.paused is None and not self.ended and self.at < self.ends_at
        assert bool(code(told)) != bool(may), code(told)
        if may:
            self.paused = (self.at, side)

    @rule(by=st.sampled_from(ACTORS))
    def somebody_lets_it_go_on(self, by):
        told = self.act(services.resume, project_number=self.number, by=by, at=self.at)
        side = {cast.OFFICER: "host", cast.SUPERVISOR: "supervisor"}.get(by)
        may = side and self.paused is not None and not self.ended and side in ("supervisor", self.paused[1])
        assert bool(code(told)) != bool(may), code(told)
        if may:
            since = self.paused[0]
            left = self.ends_at - max(since, self.opens_at)
            wait = max(self.opens_at - since, timedelta())
            self.opens_at = self.at + RESTART + wait
            self.ends_at, self.paused = self.opens_at + left, None

    @rule(by=st.sampled_from((cast.SYSTEM, cast.SYSTEM, cast.OFFICER, cast.PROVIDER)))
    def the_end_is_noted(self, by):
        told = self.act(services.end, project_number=self.number, by=by, at=self.at)
        due = self.paused is None and self.at >= self.ends_at + timedelta(seconds=1)
        assert bool(code(told)) != (self.ended or bool(by is cast.SYSTEM and due)), code(told)
        self.ended = self.ended or not code(told)

    @rule(by=st.sampled_from(ACTORS), text=st.sampled_from(("人工两人，三天，合计如附表", "")))
    def somebody_explains_his_price(self, by, text):
        asked = PriceExplanation.objects.filter(judged_at=None).first()
        told = self.act(services.explain, project_number=self.number, text=text, by=by, at=self.at)
        if not code(told):
            assert asked is not None and by.organisation == asked.organisation and self.at < asked.due_at and text

    @rule(by=st.sampled_from((cast.OFFICER, cast.OFFICER, cast.SYSTEM, cast.PROVIDER)), accepted=st.booleans())
    def an_explanation_is_judged(self, by, accepted):
        asked = PriceExplanation.objects.filter(judged_at=None).first()
        told = self.act(services.judge, project_number=self.number, accepted=accepted, reason="成本构成合理", by=by,
                        at=self.at, twice=False)  # fmt: skip
        if not code(told):
            assert asked is not None and by in (cast.OFFICER, cast.SYSTEM)
            assert asked.said_at is not None or self.at >= asked.due_at

    @rule(who=st.sampled_from(BIDDERS), pick=st.integers(0, 7))
    def a_bidder_is_banned(self, who, pick):
        if pick == 7 and who.organisation not in self.banned:
            blacklist.sanction(code=who.organisation, name=who.name, decision_no=f"禁{who.organisation}", basis="apl-9")
            self.banned.add(who.organisation)

    @always
    def the_row_stands_where_the_model_does(self):
        row = Auction.objects.get(pk=self.auction.pk)
        assert (row.opens_at, row.ends_at, row.best, row.extended) == (
            self.opens_at, self.ends_at, self.best, self.extended,
        )  # fmt: skip
        assert (row.paused_at is not None) == (self.paused is not None)
        assert (row.number, bool(row.ended_at)) == (len(self.accepted), self.ended)
        assert row.extended <= MOST
        prices = [price for _, price in self.accepted]
        assert all(later <= earlier - STEP for earlier, later in zip(prices, prices[1:], strict=False))

    @always
    def nobody_is_named_before_the_end(self):
        if not self.ended:
            told = "".join(
                Entry.objects.filter(log=Log.PUBLIC, stream=f"project/{self.number}").values_list("event", flat=True)
            )
            assert not [org for org in auctions.ORGS if org in told]

    def end(self) -> None:
        rows = Entry.objects.filter(log=Log.PUBLIC, stream=f"project/{self.number}").order_by("seq")
        entries = [
            {"kind": row.kind, "at": iso(row.at), "data": canonical.parse_object(row.event.encode())["d"]}
            for row in rows
        ]
        self.saw(
            quoted=bool(self.accepted), extended=self.extended > 0, ended=self.ended, all_moved=self.extended == MOST,
            resumed=any(entry["kind"] == arithmetic.RESUMED for entry in entries),
            explained=PriceExplanation.objects.exclude(judged_at=None).exists(),
        )  # fmt: skip
        ladder = arithmetic.replay(self.number, entries)
        assert ladder.state.ends_at == self.ends_at
        assert [quote.price for quote in ladder.quotes] == [price for _, price in self.accepted]
        assert ladder.ended == self.ended
        assert Project.objects.get(number=self.number).stage in ("deciding", "proposed", "failed")


def test_the_life_of_an_auction():
    walk(Auctioned, examples=20, see=("quoted", "ended"))
