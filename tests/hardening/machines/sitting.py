"""A panel over opened bids: sits, declares, elects, reviews, scores, disagrees, reports, signs; members leave and come;
it judges again.  What becomes of its report is in `test_panel`.

By hand: who has done what, whether a bid stands by the majority, whether all agree, whose turn it is. Another's points
and the names of the panel stand in no public entry before their time.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bidding.evaluation import going_back, raising, scoring, services, settled
from bidding.evaluation.models import Evaluation, Review, Rollback, Sheet, SheetVersion, Signature
from bidding.evaluation.panel_models import LeaderVote, SignIn
from bidding.evaluation.rules import LIFE, Step, Vote
from bidding.evaluation.tasks import settle_ties
from draws.models import Draw
from experts.panels.models import Panel
from ledger.models import Entry, Log
from market.awards.models import Award, Determination, Proposal, ResultObjection
from market.projects.models import Project, Suspension
from market.projects.rules import LIFE as STAGES
from market.projects.rules import Stage
from proofs import canonical, commitment
from proofs.scoring import why_not_report
from rulebook.actor import Actor
from tests import cast
from tests.hardening.machines.house import MARKS, House, always, code
from tests.make import bidding_offers, draws, experts
from tests.make import evaluation as make

pytestmark = MARKS

ORGS = tuple(sorted(bidder.organisation for bidder in bidding_offers.BIDDERS))
OF = {bidder.organisation: bidder for bidder in bidding_offers.BIDDERS}
PRICES = ("1000000.00", "1100000.00", "1000000.00", "1180000.00")  # two of them equal: a tie may come of it
SHEETS = ({"f1": "30", "f2": "20"},) * 6 + ({"f1": "28", "f2": "20"}, {"f1": "30", "f2": "17"})
SEATS = 5
OUTSIDE = (cast.OFFICER, cast.SUPERVISOR, cast.PROVIDER, cast.OTHER_OFFICER, cast.STRANGER)
WORDS = "漏看检测报告，理由成立"
LIKELY = {
    "panel": ("sign_in", "declare", "sit", "sit", "elect"),
    "review": ("elect", "review", "review", "review"),
    "scores": ("score", "lock", "lock"),
    "dispute": ("reopen", "score", "lock"),
    "signing": ("sign", "sign", "sign", "ask_again", "decide", "note_refusal"),
    "tie": ("draw_lots",),
    "done": ("publish", "object", "answer", "determine", "determine", "announce", "decline", "ask_again", "decide"),
    "failed": ("lock", "determine"),
}  # fmt: skip
ANY = tuple(sorted({name for names in LIKELY.values() for name in names} | {"recuse", "excuse"}))
REPLACEABLE = ("panel", "review", "scores", "dispute")


@dataclass
class Judge:
    """One seat, and what who sits there has done."""

    no: int
    pk: int
    who: Actor
    signed_in: bool = False
    declared: bool = False
    against: set[str] | None = None  # the bids he found invalid; None before his review
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    version: int = 0
    locked: bool = False
    signed: bool = False


class Sitting(House):
    """Four bids, five seats taken, under the law of 2017: the award names the panel."""

    edition, category, ground = "87-2017", "goods", "other"

    @classmethod
    def world(cls):
        make.accounts.world()
        project = make.opened(4, prices=PRICES, played=True)
        evaluation = services.qualify(
            project_number=project.number, findings=make.findings(project), by=cast.OFFICER, at=make.LATER
        )
        experts.seated(make.convened(evaluation), at=make.LATER, played=False)
        Project.objects.filter(pk=evaluation.project_id).update(edition=cls.edition, category=cls.category)
        cls.people = {seat.pk: (seat.seat_no, experts.person_of(seat)) for seat in make.members(evaluation)}
        return evaluation

    def begin(self) -> None:
        self.evaluation = Evaluation.objects.select_related("project").get(pk=self.made.pk)
        self.project = self.evaluation.project
        self.number, self.row, self.at = self.project.number, self.project.procedure, make.LATER
        self.judges = {pk: Judge(no, pk, who) for pk, (no, who) in self.people.items()}
        self.gone: list[Actor] = []
        self.steps, self.stages = ["panel"], ["deciding"]
        self.stand: tuple[str, ...] = ()
        self.asked = self.open = False  # to judge again; a determination waits for its notice
        self.rest: Any = None  # until when
        self.ranked: list[str] = []
        self.declined: list[str] = []
        self.winner, self.over = "", None
        self.waiting: list[bool] = []  # objections, answered or not
        self.objected_by: list[str] = []
        self.reported = ""

    @property
    def step(self) -> str:
        return self.steps[-1]

    @property
    def stage(self) -> str:
        return self.stages[-1]

    def marks(self):
        yield from (self.rest, self.over)

    def state(self):
        row = Evaluation.objects.get(pk=self.evaluation.pk)
        stage = Project.objects.values_list("stage", flat=True).get(pk=self.project.pk)
        given = list(Award.objects.order_by("pk").values_list("organisation", "declined_at"))
        decided = Rollback.objects.filter(approved=True).count(), Determination.objects.filter(closed_at=None).count()
        said = list(ResultObjection.objects.order_by("pk").values_list("answered_at", flat=True))
        done = SignIn.objects.count(), SheetVersion.objects.count(), Suspension.objects.count()
        # Who stands is told with the report, and who signed it with the award.
        step = {"review": "judges", "scores": "judges", "tie": "signing", "done": "signing"}.get(row.step, row.step)
        stage = "deciding" if stage == "proposed" and not given else stage
        return step, row.commitment, stage, given, decided, said, done

    def rows(self):
        counts = (each.objects.count() for each in (Review, LeaderVote, Signature, Rollback, Proposal))
        return tuple(counts), list(Sheet.objects.order_by("pk").values_list("scores", "locked_at"))

    # -- by hand

    def resting(self) -> bool:
        return self.rest is not None and self.at < self.rest

    def go(self, step: str, *, stage: str = "") -> None:
        if step != self.step:
            self.steps.append(step)
        if stage:
            self.stages.append(stage)

    def tell(self, call: Any, may: Any, **facts: Any) -> bool:
        told = self.act(call, project_number=self.number, **facts, at=self.at)
        assert bool(code(told)) != bool(may), (call.__name__, self.step, self.stage, code(told), may, facts)
        return bool(may)

    def seated(self) -> list[Judge]:
        return sorted(self.judges.values(), key=lambda judge: judge.no)

    def judge(self, by: Actor) -> Judge | None:
        return next((judge for judge in self.judges.values() if judge.who == by), None)

    def full(self) -> bool:
        return len(self.judges) == SEATS

    def leader(self) -> Any:
        return settled.chosen(self.evaluation)

    # -- who acts

    @rule(pick=st.integers(0, 255), n=st.integers(0, 63))
    def somebody_acts(self, pick: int, n: int) -> None:
        """Mostly what comes next, by who may; sometimes anything, by anybody."""
        likely = LIKELY[self.step]
        name = ANY[pick % len(ANY)] if pick > 225 else likely[pick % len(likely)]
        everybody = [judge.who for judge in self.seated()] or list(OUTSIDE)
        who = everybody[n % len(everybody)]
        if name in ("ask_again", "publish", "answer", "determine"):
            who = cast.OFFICER
        if name in ("decide", "note_refusal", "excuse"):
            who = cast.SUPERVISOR
        if pick % 6 == 0:
            who = (*OUTSIDE, *self.gone)[n % (len(OUTSIDE) + len(self.gone))]
        getattr(self, name)(who, n)

    def sign_in(self, by, n):
        own, promised = self.judge(by), n % 8 > 0
        may = own and self.step in REPLACEABLE and not own.signed_in and promised
        if self.tell(raising.sign_in, may, promised=promised, by=by):
            own.signed_in = True

    def declare(self, by, n):
        own = self.judge(by)
        may = own and self.step in REPLACEABLE and own.signed_in and not own.declared
        if self.tell(services.declare, may, by=by):
            own.declared = True
            if self.full() and all(judge.declared for judge in self.judges.values()):
                self.go("review")

    def elect(self, by, n):
        own, stands = self.judge(by), self.leader()
        choice = (self.seated()[n % 2] if n % 4 else self.seated()[0]).no if self.judges else 1
        pk = next((judge.pk for judge in self.judges.values() if judge.no == choice), 0)
        may = own and own.declared and self.step in REPLACEABLE and stands.leader is None and pk in stands.standing
        may = may and not LeaderVote.objects.filter(seat=own.pk, round=stands.round).exists()
        self.tell(raising.elect, may, choice=choice, by=by)

    def review(self, by, n):
        own = self.judge(by)
        against = {ORGS[n % 4]} if n % 8 == 7 else {ORGS[0]} if n % 8 == 6 else set()
        votes = [Vote(org, org not in against, (self.ground,) * (org in against), "见第3页") for org in ORGS]
        votes = votes[1:] if n == 60 else votes
        may = own and own.declared and self.step == "review" and own.against is None and n != 60
        if self.tell(services.review, may and self.leader().leader and not self.resting(), votes=votes, by=by):
            own.against = against
            self._reviewed()

    def _reviewed(self) -> None:
        if not self.full() or any(judge.against is None for judge in self.judges.values()):
            return
        out = {org for org in ORGS if 2 * sum(org in judge.against for judge in self.judges.values()) > SEATS}
        self.stand = tuple(org for org in ORGS if org not in out)
        if len(self.stand) < self.row.least_compliant[0]:
            self.go("failed", stage="failed")
            return
        self.go("scores")
        for judge in self.judges.values():
            judge.locked = judge.locked and set(judge.cells) == set(self.stand)

    def score(self, by, n):
        own, cells = self.judge(by), {org: dict(SHEETS[(n + place) % 8 if n % 4 == 0 else 0])
                                      for place, org in enumerate(self.stand or ORGS)}  # fmt: skip
        may = own and own.declared and self.step in ("scores", "dispute") and not own.locked
        if own and own.version:  # what may change of a sheet that was locked before, its own tests know
            told = self.act(scoring.save_scores, project_number=self.number, cells=cells, by=by, at=self.at)
            assert may or code(told)
            may = not code(told)
        else:
            may = self.tell(scoring.save_scores, may, cells=cells, by=by)
        if may:
            own.cells = {**own.cells, **cells}

    def lock(self, by, n):
        own, sure = self.judge(by), n % 8 > 0
        if own and not own.cells and n % 2 and self.step == "scores" and own.declared:
            self.score(by, n * 4)
        whole = own and all(org in own.cells for org in self.stand)
        may = own and own.declared and self.step in ("scores", "dispute") and whole and sure and not self.resting()
        if not self.tell(scoring.lock_sheet, (own and own.locked) or may, confirmed=sure, by=by) or own.locked:
            return
        own.locked, own.version = True, own.version + 1
        own.cells = {org: own.cells[org] for org in self.stand}
        if self.full() and all(judge.locked for judge in self.judges.values()):
            agree = all(len({judge.cells[org]["f1"] for judge in self.judges.values()}) == 1 for org in self.stand)
            self.go("signing" if agree else "dispute")

    def reopen(self, by, n):
        own, reason = self.judge(by), WORDS if n % 8 else ""
        may = own and self.step == "dispute" and own.locked and reason
        if self.tell(scoring.reopen_sheet, may, reason=reason, by=by):
            own.locked = False

    def sign(self, by, n):
        own = self.judge(by)
        may = own and self.step == "signing" and not own.signed and not self.asked and not self.resting()
        if self.tell(scoring.sign_report, may, dissent=WORDS if n % 4 == 0 else "", by=by):
            self._signed(own)

    def note_refusal(self, by, n):
        if self.judges:
            own = self.seated()[n % len(self.judges)]
            may = by is cast.SUPERVISOR and self.step == "signing" and not own.signed and not self.asked
            if self.tell(going_back.note_refusal, may, seat_no=own.no, by=by):
                self._signed(own)

    def _signed(self, own: Judge) -> None:
        own.signed = True
        if all(judge.signed for judge in self.judges.values()):
            ranks = [bid["rank"] for bid in json.loads(self.fresh().report)["bids"] if bid["rank"]]
            if len(set(ranks)) < len(ranks):
                self.go("tie")
            else:
                self._proposed()

    def draw_lots(self, by, n):
        row = Draw.objects.filter(project_number=self.number, purpose="tie").order_by("-count").first()
        if self.step == "tie" and row is not None:
            draws.decided(row, at=self.at)
            self.act(settle_ties, by=cast.SYSTEM, at=self.at)
            if not self.resting():
                self._proposed()

    def _proposed(self) -> None:
        held = Proposal.objects.get(superseded_at=None)
        assert why_not_report(held.content) == ()
        self.ranked, self.declined, self.winner, self.over = [each.org for each in held.ranked], [], "", None
        self.waiting, self.objected_by = [], []
        assert set(self.ranked) <= set(self.stand)
        self.go("done", stage="proposed")

    def fresh(self) -> Evaluation:
        return Evaluation.objects.get(pk=self.evaluation.pk)

    # -- again

    def ask_again(self, by, n):
        now = self.step == "signing" or (self.stage == "proposed" and self.step == "done" and not self.open)
        may = by is cast.OFFICER and now and not self.asked and not (self.step == "done" and self.declined)
        if self.tell(going_back.ask, may, ground="sum", reason=WORDS, by=by):
            self.asked = True

    def decide(self, by, n):
        yes = n % 2 == 0
        may = by is cast.SUPERVISOR and self.asked
        if yes and self.step == "done":
            may = may and self.stage == "proposed" and not self.open and not self.declined
        if self.tell(going_back.decide, may, approves=yes, why=WORDS, by=by):
            self.asked = False
            if yes:
                for judge in self.judges.values():
                    judge.locked = judge.signed = False
                self.go("scores", stage="deciding" if self.step == "done" else "")

    # -- members leave and come

    def recuse(self, by, n):
        own = self.judge(by)
        if self.tell(services.recuse, own and self.step in REPLACEABLE, reason=WORDS, by=by):
            self._left(own)

    def excuse(self, by, n):
        if self.judges:
            own = self.seated()[n % len(self.judges)]
            may = by is cast.SUPERVISOR and self.step in REPLACEABLE
            if self.tell(services.excuse, may, seat_no=own.no, reason=WORDS, by=by):
                self._left(own)

    def _left(self, own: Judge) -> None:
        del self.judges[own.pk]
        self.gone.append(own.who)
        self.go("panel")

    def sit(self, by, n):
        """Whoever is called next says yes; where nobody is left to be called the panel stays short."""
        for seat in (each for each in experts.invited(Panel.objects.get()) if self.at < each.answer_by):
            experts.answers(seat, accepts=n % 8 > 0, at=self.at)
        for seat in make.members(self.evaluation):
            if seat.pk not in self.judges:
                self.judges[seat.pk] = Judge(seat.seat_no, seat.pk, experts.person_of(seat))

    @rule(until=st.integers(0, 4))
    def it_goes_its_usual_way(self, until):
        """So that lives come to what follows: all sit, declare, elect, review, score alike, sign."""
        self.sit(cast.SYSTEM, 1)
        for act in ("sign_in", "declare", "elect", *("review", "score", "lock", "sign")[:until]):
            if act == "elect" and self.leader().leader:
                continue
            for judge in self.seated():
                if not self._has(judge, act):
                    getattr(self, act)(judge.who, 4 if act == "elect" else 1)

    def _has(self, judge: Judge, act: str) -> bool:
        done = {"sign_in": judge.signed_in, "declare": judge.declared, "review": judge.against is not None,
                "score": judge.locked or judge.version, "lock": judge.locked, "sign": judge.signed}  # fmt: skip
        return bool(done.get(act))

    # -- what holds always

    @always
    def it_stands_where_the_model_does(self):
        row = self.fresh()
        stage = Project.objects.values_list("stage", flat=True).get(pk=self.project.pk)
        assert (row.step, stage) == (self.step, self.stage), (self.steps, self.stages)
        for frm, to in zip(self.steps, self.steps[1:], strict=False):
            assert not LIFE.why_not(Step(frm), Step(to)), self.steps
        for frm, to in zip(self.stages, self.stages[1:], strict=False):
            assert not STAGES.why_not(Stage(frm), Stage(to)), self.stages
        assert Award.objects.filter(declined_at=None).count() == bool(self.winner)
        assert Proposal.objects.filter(superseded_at=None).count() == (self.step == "done")

    @always
    def a_report_is_made_of_the_sheets_that_were_locked(self):
        row = self.fresh()
        if self.step in ("signing", "tie", "done"):
            told = json.loads(row.report)
            assert why_not_report(told) == () and told["seats"] == SEATS
            assert row.commitment == commitment.commit(commitment.REPORT, told, bytes.fromhex(row.report_salt))
            for bid in told["bids"]:
                assert bid["compliant"] == (bid["org"] in self.stand)
                for judge in self.judges.values() if bid["compliant"] else ():
                    assert bid["scores"][str(judge.no)] == judge.cells[bid["org"]]

    @always
    def nothing_is_told_before_its_time(self):
        """Points when all have locked, and then their commitments; who judged, and the ranking, with the award."""
        rows = Entry.objects.filter(log=Log.PUBLIC, stream=self.project.log).values_list("kind", "event")
        told = "".join(event for _, event in rows)
        locked = [
            canonical.parse_object(event.encode())["d"] for kind, event in rows if kind == "evaluation.sheet-locked"
        ]
        assert len(locked) % SEATS == 0
        for judge in self.judges.values():
            assert judge.who.person not in told and judge.who.name not in told
        if not Award.objects.exists():
            assert "market.award-published" not in {kind for kind, _ in rows}
            assert '"scores"' not in told and "sheets_sha256" not in told
