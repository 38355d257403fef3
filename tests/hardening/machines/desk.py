"""What every purchase of the supermarket comes to, however its provider is chosen: publication, objections, the award,
the winner's yes or silence, the contract; rests, bans and the buyer's own end.  What follows is in `performed`.

The model knows by hand who may do what when, and how much later a clock that rested ends.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import rule

from intermediaries.ratings.models import Occasion, Rating
from ledger.models import Entry, Log
from market.awards import accepting, tasks
from market.awards import services as awards
from market.awards.models import Award, Proposal, ResultObjection
from market.contracts import services as contracts
from market.contracts.models import Contract, ContractProposal
from market.notices import services as notices
from market.notices import suspending
from market.notices import tasks as clock_of_rests
from market.notices.models import Notice
from market.performance.models import Delivery, Inspection, Plan, Termination
from market.projects.models import Project, Suspension
from market.projects.rules import LIFE, Stage
from proofs.selection import why_not_selection
from rulebook import clock
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from tests import cast
from tests.hardening.machines.house import House, always, code
from tests.make import blacklist, choices
from tests.make import performance as make

FIRMS = choices.FIRMS
ORGS = tuple(firm.organisation for firm in FIRMS)
OF = dict(zip(ORGS, FIRMS, strict=True))
PEOPLE = (*FIRMS, cast.OFFICER, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.STRANGER)
WORDS, PAPER = "经核对，情况属实，同意", make.PAPER
LAST_DAY_OF_BAN = date(2027, 2, 28)
VALID = cast.NOON + 399 * cast.DAY  # until when the firms' certificates hold
LIKELY: Mapping[str, tuple[str, ...]] = {
    "open": (),
    "deciding": (),
    "proposed": ("object", "answer", "determine_by_hand", "deem", "deem", "deem", "take_back"),
    "awarded": ("accept", "accept", "accept", "decline", "fall_silent", "put_forward", "put_forward", "confirm",
                "confirm", "send_back", "take_back"),
    "contracted": ("plan", "plan", "settle", "settle", "deliver", "deliver", "inspect", "inspect", "inspect",
                   "give_notice", "reply", "take_notice_back", "decide", "end_silent"),
    "completed": ("rate", "rate", "close_ratings"),
    "terminated": ("rate", "rate", "close_ratings"),
    "failed": ("accept", "deem"),
    "cancelled": ("object", "deem"),
}  # fmt: skip
ANY = tuple(sorted({name for names in LIKELY.values() for name in names}))


class Desk(House):
    """One purchase.  A machine of a way of choosing says how it comes to a ranking."""

    project: Project
    owner = cast.OFFICER  # who buys

    def begin(self) -> None:
        self.number, self.row = self.project.number, self.project.procedure
        self.stage, self.stages = "open", ["open"]
        self.bidders: tuple[str, ...] = ORGS  # who may object
        self.ranked: list[str] = []
        self.since = self.over = self.due = self.at  # of the publication, its end, the end of the buyer's days
        self.objections: list[bool] = []  # answered
        self.mine: list[str] = []  # whose each of them is, empty once it is answered
        self.declined: list[str] = []
        self.winner, self.awarded_at, self.accepted = "", self.at, False
        self.rests: list[list[Any]] = []  # since, announced end, ended, ground
        self.bans: dict[str, datetime] = {}
        self.waits = self.late_said = False  # a contract before the winner; with a reason for being late
        self.put = ""  # the side whose plan waits
        self.planned = False
        self.handed: dict[int, str] = {}  # milestone → waits, returned, accepted
        self.signed_on = day_in_china(self.at)
        self.notice: list[Any] | None = None  # side, due, replied
        self.rated: set[str] = set()
        self.rate_until: datetime | None = None
        self.shown = False
        self.named: set[str] = set()  # who may be known by now
        self.kept: list[str] = []  # digests of the notices so far

    def marks(self):
        yield from (self.over, self.later(self.due, self.since), self.rate_until)
        if self.stage == "awarded":
            yield self.yes_until()
            yield self.later(self.row.contract.due(self.awarded_at), self.awarded_at)
        yield from (until for _, until, ended, _ in self.rests if ended is None)
        yield self.notice[1] if self.notice else None

    def state(self):
        found = Contract.objects.count(), Suspension.objects.count()
        stage = Project.objects.values_list("stage", flat=True).get(number=self.number)
        given = list(Award.objects.order_by("pk").values_list("organisation", "accepted_at", "declined_at"))
        said = list(ResultObjection.objects.order_by("pk").values_list("answered_at", flat=True))
        agreed = Plan.objects.filter(agreed=True).count()
        ends = list(Termination.objects.order_by("pk").values_list("ended_at", flat=True))
        done = Delivery.objects.count(), Inspection.objects.count(), Notice.objects.count(), Rating.objects.count()
        return stage, found, given, said, agreed, ends, done

    def rows(self):
        return (
            Plan.objects.count(), ContractProposal.objects.filter(settled_at=None).count(), Proposal.objects.count(),
            Occasion.objects.filter(shown_at=None).count(), Termination.objects.filter(replied_at=None).count(),
        )  # fmt: skip

    # -- by hand

    def resting(self) -> bool:
        """Nothing goes on."""
        return any(since <= self.at < min(until, ended or until) for since, until, ended, _ in self.rests)

    def later(self, due: datetime, since: datetime) -> datetime:
        """A clock's end, with as long as it rested between its beginning and its end."""
        for began, until, ended, _ in self.rests:
            end = min(until, ended or until, self.at)
            if max(began, since) < min(due, end):
                due += end - max(began, since)
        return due

    def yes_until(self) -> datetime:
        return self.later(self.row.selection.accept.due(self.awarded_at), self.awarded_at)

    def out(self, org: str) -> bool:
        """It is banned, and the ban has begun and is not over."""
        return org in self.bans and day_in_china(self.at) <= LAST_DAY_OF_BAN

    def turn(self) -> str:
        """Whose turn it is; empty for nobody's."""
        return next((org for org in self.ranked if org not in self.declined and not self.out(org)), "")

    def as_here(self, by: Actor) -> Actor:
        """The officer is whoever buys here."""
        return self.owner if by is cast.OFFICER else by

    def side(self, by: Actor) -> str:
        if by is self.owner:
            return "buyer"
        return "provider" if self.winner and OF[self.winner] is by else ""

    def go(self, stage: str) -> None:
        self.stage = stage
        self.stages.append(stage)
        if stage in ("failed", "cancelled"):
            for rest in self.rests:
                rest[2] = rest[2] or self.at

    def proposed(self) -> None:
        """The result has come: it adds up, anybody can make it again, and it is published."""
        held = Proposal.objects.get(project__number=self.number)
        assert why_not_selection(held.content) == ()
        self.ranked = [each.org for each in held.ranked]
        assert self.ranked and len(set(self.ranked)) == len(self.ranked)
        self.bidders = tuple(bid["org"] for bid in held.content["bids"])
        self.since, self.over = self.at, self.row.publicity.due(self.at)
        self.due = self.over
        self.named |= set(self.bidders)
        self.go("proposed")

    # -- acts

    def tell(self, call: Callable[..., Any], may: object, **facts: Any) -> bool:
        """Asked and done where it may be, refused where not."""
        told = self.act(call, number=self.number, **facts, at=self.at)
        assert bool(code(told)) != bool(may), (call.__name__, self.stage, may, code(told), facts)
        return bool(may)

    def tick(self, call: Callable[..., Any]) -> None:
        """The clock looks at everything; looking again changes nothing."""
        self.act(call, by=cast.SYSTEM, at=self.at)

    @rule(pick=st.integers(0, 255), who=st.sampled_from(PEOPLE), n=st.integers(0, 63))
    def somebody_acts(self, pick: int, who: Actor, n: int) -> None:
        """Mostly what comes next, by who may; sometimes anything, by anybody."""
        who, likely = self.as_here(who), LIKELY[self.stage] or ANY
        name = ANY[pick % len(ANY)] if pick > 235 else likely[pick % len(likely)]
        if pick % 4 and self.winner:
            theirs = ("accept", "decline", "confirm", "send_back", "deliver")
            who = OF[self.winner] if name in theirs else self.owner
            if name in ("plan", "settle", "reply", "give_notice", "take_notice_back", "rate"):
                who = (OF[self.winner], self.owner)[n % 2]
            if name == "settle" and self.put and n % 3:
                who = self.owner if self.put == "provider" else OF[self.winner]
            who = cast.SUPERVISOR if name == "decide" else who
        getattr(self, name)(who, n)

    def object(self, by, n):
        may = by in FIRMS and by.organisation in self.bidders and self.stage == "proposed" and self.at < self.over
        text = WORDS if n % 4 else ""
        waiting = self.mine.count(by.organisation) if by in FIRMS else 0
        told = self.act(awards.object_to_candidates, twice=False, number=self.number, text=text, by=by, at=self.at)
        assert bool(code(told)) != bool(may and text and waiting < 5), code(told)
        if not code(told):
            self.objections.append(False)
            self.mine.append(by.organisation)

    def answer(self, by, n):
        rows = list(ResultObjection.objects.order_by("pk"))
        if not rows:
            return
        which = n % len(rows)
        by = self.owner if n % 4 else by
        may = by is self.owner and not self.objections[which]
        if self.tell(awards.answer_objection, may, objection=str(rows[which].public_id), text=WORDS, by=by):
            self.objections[which] = True
            self.mine[which] = ""

    def determine_by_hand(self, by, n):
        """It is the house's to do, and nobody else's."""
        org = (self.ranked or list(ORGS))[n % len(self.ranked or ORGS)]
        self.tell(awards.determine, False, org=org, by=by if by is not cast.STRANGER else self.owner)

    def deem(self, by, n):
        waits = False in self.objections or self.at < self.over
        due = self.stage == "proposed" and self.at >= self.later(self.due, self.since) and not waits
        org = self.turn()
        self.tick(tasks.deem_determined)
        if due and org and not self.resting():
            self.winner, self.awarded_at, self.accepted = org, self.at, False
            self.go("awarded")
        elif due and not org:
            self.go("failed")

    def accept(self, by, n):
        may = self.stage == "awarded" and self.side(by) == "provider" and not self.accepted
        if self.tell(accepting.accept, may and self.at < self.yes_until(), by=by):
            self.accepted = True

    def decline(self, by, n):
        reason = WORDS if n % 4 else ""
        may = self.stage == "awarded" and self.side(by) == "provider" and reason
        if self.tell(awards.decline, may, reason=reason, by=by):
            self._declined()

    def fall_silent(self, by, n):
        silent = self.stage == "awarded" and not self.accepted and self.at >= self.yes_until()
        self.tick(tasks.abandon_silent)
        if silent:
            self._declined()

    def _declined(self) -> None:
        self.declined.append(self.winner)
        self.winner, self.waits = "", False
        self.due = self.since = self.at
        self.go("proposed")

    def put_forward(self, by, n):
        amount = Award.objects.filter(declined_at=None).values_list("amount", flat=True).first() or Decimal(1)
        late, wrong = n % 2, n % 8 == 0
        may = self.stage == "awarded" and by is self.owner and self.accepted and not self.waits
        may = may and not self.resting() and not wrong and (late or not self._is_late())
        told = self.act(
            contracts.propose, number=self.number, amount=amount + wrong, payment="验收后付清", delivery="三十日内",
            file=PAPER, name="合同.pdf", late_reason=WORDS if late else "", by=by, at=self.at,
        )  # fmt: skip
        if not self.out(self.winner):  # what a ban since makes of a contract stands where bans are tried
            assert bool(code(told)) != bool(may), (code(told), n)
        if not code(told):
            self.waits, self.late_said = True, bool(late)

    def _is_late(self) -> bool:
        due = self.later(self.row.contract.due(self.awarded_at), self.awarded_at)
        return day_in_china(self.at) >= day_in_china(due)

    def confirm(self, by, n):
        may = self.stage == "awarded" and self.waits and self.side(by) == "provider" and not self.resting()
        may = may and (self.late_said or not self._is_late())
        told = self.act(contracts.confirm, number=self.number, by=by, at=self.at)
        if not self.out(self.winner):
            assert bool(code(told)) != bool(may), code(told)
        if not code(told):
            self.waits, self.signed_on = False, day_in_china(self.at)
            self.go("contracted")

    def send_back(self, by, n):
        reasons = WORDS if n % 4 else "改"
        may = self.stage == "awarded" and self.waits and self.side(by) == "provider" and reasons == WORDS
        if self.tell(contracts.send_back, may, reasons=reasons, by=by):
            self.waits = False

    def take_back(self, by, n):
        if self.tell(contracts.take_back, self.stage == "awarded" and self.waits and by is self.owner, by=by):
            self.waits = False

    # -- rests, ends, bans, strangers

    @rule(by=st.sampled_from((cast.SUPERVISOR, cast.OFFICER, cast.PROVIDER)), days=st.sampled_from((1, 9, 29, 40)),
          pick=st.integers(0, 5))  # fmt: skip
    def the_purchase_rests(self, by, days, pick):
        if pick:
            return
        by = self.as_here(by)
        ground = "complaint-d" if by is cast.SUPERVISOR else "own"
        stages = ("open", "deciding", "proposed", "awarded", "contracted") if by is cast.SUPERVISOR else ("open",)
        may = by is not cast.PROVIDER and self.stage in stages and days < 30
        may = may and all(ended for _, _, ended, _ in self.rests)
        may = may and (ground != "own" or all(before != ground for *_, before in self.rests))
        until = self.at + timedelta(days=days)
        facts = {"ground": ground, "text": WORDS, "document": "河财监〔2026〕1号", "until": until, "by": by}
        if self.tell(suspending.suspend, may, **facts):
            self.rests.append([self.at, until, None, ground])

    @rule(by=st.sampled_from((cast.SUPERVISOR, cast.OFFICER, cast.SYSTEM, cast.PROVIDER)))
    def the_purchase_goes_on(self, by):
        by = self.as_here(by)
        rest = next((each for each in self.rests if each[2] is None), None)
        if rest is None and self.rests:
            return  # asked often enough where none ever began
        theirs = by is cast.SUPERVISOR or (by is self.owner and rest and rest[3] == "own")
        may = rest and (self.at >= rest[1] if by is cast.SYSTEM else theirs)
        if by is cast.SYSTEM:
            self.tick(clock_of_rests.resume_over)
        else:
            self.tell(suspending.resume, may, text=WORDS, by=by)
        if may:
            rest[2] = min(self.at, rest[1])

    @rule(by=st.sampled_from((cast.OFFICER, cast.OTHER_OFFICER, cast.PROVIDER)), pick=st.integers(0, 15))
    def the_buyer_ends_it(self, by, pick):
        if pick == 15:
            by = self.as_here(by)
            may = by is self.owner and self.stage in ("open", "deciding", "proposed")
            facts = {"to": Stage.CANCELLED, "ground": "change", "facts": WORDS, "by": by}
            if self.tell(notices.end_by_hand, may, **facts):
                self.go("cancelled")

    @rule(who=st.sampled_from(FIRMS), pick=st.integers(0, 11))
    def a_firm_is_banned(self, who, pick):
        org = who.organisation
        if pick == 11 and org not in self.bans and day_in_china(self.at) < LAST_DAY_OF_BAN:
            blacklist.sanction(code=org, name=cast.NAMES[org], decision_no=f"禁{org}", **choices.BAN)
            self.bans[org] = self.at

    def shown_to_strangers(self) -> dict[str, tuple[int, bytes]]:
        """What a stranger is shown of it now."""
        system, clock.system = clock.system, lambda: self.at
        clock.forget()
        try:
            told = {}
            for path in (f"/purchases/{self.number}/", f"/api/streams/project/{self.number}/entries"):
                answer = Client().get(path)
                told[path] = (answer.status_code, answer.content)
            return told
        finally:
            clock.system = system
            clock.forget()

    @rule(pick=st.integers(0, 7))
    def a_stranger_looks(self, pick):
        if pick == 7:
            for path, (status, content) in self.shown_to_strangers().items():
                assert status == 200, path
                for org in set(ORGS) - self.named:
                    assert org.encode() not in content and cast.NAMES[org].encode() not in content, path

    @always
    def it_stands_where_the_model_does(self):
        stage = Project.objects.values_list("stage", flat=True).get(number=self.number)
        assert stage == self.stage, (stage, self.stages)
        for frm, to in zip(self.stages, self.stages[1:], strict=False):
            assert not LIFE.why_not(Stage(frm), Stage(to)), self.stages

    @always
    def one_wins_and_what_was_said_stays_said(self):
        rows = list(Award.objects.order_by("pk").values_list("organisation", "declined_at"))
        assert [org for org, gone in rows if gone is None] == [self.winner] * bool(self.winner)
        assert [org for org, gone in rows if gone] == self.declined
        told = list(
            Notice.objects.filter(project__number=self.number).order_by("number").values_list("sha256", flat=True)
        )
        assert told[: len(self.kept)] == self.kept
        self.kept = told
        assert Contract.objects.count() == (self.stage in ("contracted", "completed", "terminated"))

    @always
    def nobody_is_named_before_he_may_be(self):
        """But whom a decision names, in the register of decisions: what is looked at is the purchase's own."""
        told = "".join(
            Entry.objects.filter(log=Log.PUBLIC, stream=f"project/{self.number}").values_list("event", flat=True)
        )
        assert not [org for org in set(ORGS) - self.named if org in told]

    def end(self) -> None:
        self.saw(**dict.fromkeys(self.stages, True), rested=bool(self.rests), shown=self.shown,
                 next=len(self.declined) > 0 and bool(self.winner), objected=bool(self.objections))  # fmt: skip
