"""The platform's own sanction: report, notice, answer, hearing, decision of two, service, appeal, repair, end.

Beside the services runs the bare fold of the case: both refuse the same for the same reason, and stand at the same.
What is in force is looked for in the rows, by hand.
"""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from blacklist.cases import appeals, process, refusals, rules, services
from blacklist.cases.models import Case, Restriction
from blacklist.cases.models import Step as Row
from blacklist.cases.process import LIFE, RULINGS, Act, Outcome, State, Step, Terms
from blacklist.cases.queries import file_of
from blacklist.gate import queries as gate
from rulebook.actor import Actor
from tests import cast
from tests.hardening.machines.house import MARKS, House, always, code, walk
from tests.make import accounts
from tests.make import cases as make

pytestmark = MARKS

PARTY = cast.PROVIDER
ACTORS = (*make.KEEPERS, make.FOURTH_SUPERVISOR, PARTY, PARTY, cast.OFFICER, cast.RIVAL, cast.STRANGER)
CHARGES = (make.SIX_MONTHS, Terms(10), Terms(0, rules.Kind.REMOVAL, 12), Terms(5, rules.Kind.SUSPENSION, 1))
TEXT = "经查证属实，理由成立"
LIKELY = {
    State.REPORTED: ("take_up",),
    State.EXAMINING: ("notice",),
    State.NOTICED: ("propose", "propose", "propose", "ask_hearing", "answer"),
    State.HEARING: ("set_hearing", "record_hearing", "propose", "answer"),
    State.PROPOSED: ("agree", "agree", "agree", "agree", "send_back"),
    State.DECIDED: ("serve",),
    State.SERVED: ("appeal", "ask_repair", "propose_repair", "agree_to_repair"),
    State.APPEALED: ("rule_on_it", "ask_repair", "propose_repair"),
    State.RULING: ("agree", "propose_repair", "agree_to_repair", "send_back"),
    State.CLOSED: ("ask_repair", "propose_repair", "agree_to_repair"),
}
RELIED_ON = {"decided", "served", "appealed", "closed", "dismissed", "referred"}
ANY = sorted({name for names in LIKELY.values() for name in names} | {"dismiss", "refer"})


class Sanctioned(House):
    """One case against one house."""

    ground, charges = "giving-up", CHARGES

    @classmethod
    def world(cls):
        for who in (*make.KEEPERS, make.FOURTH_SUPERVISOR, PARTY, cast.OFFICER):
            accounts.user(who)

    def begin(self) -> None:
        self.case = make.case(evidence=(), ground=self.ground)
        self.id = self.case.public_id
        self.file = file_of(self.case)

    def marks(self):
        yield from (self.file.defence_until, self.file.appeal_until, self.file.hearing_at)
        for row in Restriction.objects.all():
            yield from (row.starts_at, row.ends_at)
            yield rules.midnight(refusals.repair_from(row.ground, starts_at=row.starts_at))

    def state(self):
        """Every restriction, and what of the case others rely on; who examines and who proposes is its keepers' own."""
        made = Restriction.objects.order_by("pk").values_list(
            "kind", "starts_at", "stayed_at", "resumed_at", "ended_at"
        )
        stands = Case.objects.get(pk=self.case.pk).state
        return [*made, "appealed" if stands == "ruling" else stands if stands in RELIED_ON else ""]

    def rows(self):
        return Row.objects.filter(case=self.case).count()

    @rule(pick=st.integers(0, 255), who=st.sampled_from(ACTORS), n=st.integers(0, 255))
    def somebody_acts(self, pick: int, who: Actor, n: int) -> None:
        """Mostly what comes next, by anybody; sometimes anything at all."""
        likely = LIKELY.get(self.file.state, ANY)
        name = ANY[pick % len(ANY)] if pick > 230 else likely[pick % len(likely)]
        if pick % 5:
            keepers = (*make.KEEPERS, make.FOURTH_SUPERVISOR)
            who = PARTY if name in ("answer", "appeal", "ask_hearing", "ask_repair") else keepers[n % len(keepers)]
        getattr(self, name)(who, n)

    def asked(self, call: Any, reasons: Any, step: Step | None, **facts: Any) -> None:
        """The service and the fold say the same; what was done is the fold's next step."""
        told = self.act(call, twice=not reasons, **facts, at=self.at)
        assert code(told) == (reasons[0].code if reasons else ""), (call.__name__, code(told), reasons)
        if reasons:
            return
        assert step is not None
        was, self.file = self.file, process.after(self.file, step)
        assert was.state is self.file.state or not LIFE.why_not(was.state, self.file.state)

    def step(self, act: Act, by: Actor, **other: Any) -> Step:
        return Step(act, by.person, self.at, **other)

    def take_up(self, by, n):
        self.asked(services.take_up, refusals.why_not_take_up(self.file, by=by), self.step(Act.TAKEN_UP, by),
                   public_id=self.id, by=by)  # fmt: skip

    def dismiss(self, by, n):
        text = TEXT if n % 4 == 0 else ""
        self.asked(services.dismiss, refusals.why_not_dismiss(self.file, text=text, by=by),
                   self.step(Act.DISMISSED, by), public_id=self.id, text=text, by=by)  # fmt: skip

    def refer(self, by, n):
        text = TEXT if n % 4 == 0 else ""
        self.asked(services.refer, refusals.why_not_refer(self.file, text=text, by=by), self.step(Act.REFERRED, by),
                   public_id=self.id, text=text, by=by)  # fmt: skip

    def notice(self, by, n):
        terms = self.charges[n % len(self.charges)]
        step = self.step(Act.NOTICED, by, terms=terms, until=process.window(self.at, process.DEFENCE))
        self.asked(services.notice, refusals.why_not_notice(self.file, terms=terms, text=TEXT, by=by), step,
                   public_id=self.id, terms=terms, text=TEXT, by=by)  # fmt: skip

    def answer(self, by, n):
        by = PARTY if n % 2 else by
        against = refusals.why_not_state(self.file, text=TEXT, by=by, at=self.at)
        if against:
            self.asked(services.state, against, None, public_id=self.id, text=TEXT, by=by)
            return
        services.state(public_id=self.id, text=TEXT, by=by, at=self.at)  # one may say more than once
        self.file = process.after(self.file, self.step(Act.STATED, by))

    def ask_hearing(self, by, n):
        by = PARTY if n % 2 else by
        self.asked(services.ask_hearing, refusals.why_not_ask_hearing(self.file, by=by, at=self.at),
                   self.step(Act.HEARING_ASKED, by), public_id=self.id, by=by)  # fmt: skip

    def set_hearing(self, by, n):
        when = process.first_hearing(self.at) - timedelta(microseconds=n % 3 == 0) + cast.DAY * (n % 5 == 0)
        against = refusals.why_not_set_hearing(self.file, when=when, by=by, at=self.at)
        if against or self.file.hearing_at is None:
            facts = {"public_id": self.id, "when": when, "place": "三楼听证室", "by": by}
            if against:
                self.asked(services.set_hearing, against, None, **facts)
                return
            services.set_hearing(**facts, at=self.at)  # and another time, while it has not been held
            self.file = process.after(self.file, self.step(Act.HEARING_SET, by, until=when))

    def record_hearing(self, by, n):
        chair = next((who for who in ACTORS if n % 4 and who.person and who.person == self.file.chair), by)
        against = refusals.why_not_record_hearing(self.file, text=TEXT, by=chair, at=self.at)
        self.asked(services.record_hearing, against, self.step(Act.HEARD, chair), public_id=self.id, text=TEXT,
                   by=chair)  # fmt: skip

    def propose(self, by, n):
        outcome = (*[Outcome.RESTRICT] * 6, Outcome.DISMISS, Outcome.REFER)[n // 5 % 8]
        terms = self.file.charge if n % 4 else self.charges[n % len(self.charges)]
        against = refusals.why_not_propose(self.file, outcome=outcome, terms=terms, text=TEXT, by=by, at=self.at)
        kept = terms if outcome is Outcome.RESTRICT else process.NOTHING
        self.asked(services.propose, against, self.step(Act.PROPOSED, by, outcome=outcome, terms=kept),
                   public_id=self.id, outcome=outcome, terms=terms, text=TEXT, by=by)  # fmt: skip

    def agree(self, by, n):
        self._second(by, agrees=True)

    def send_back(self, by, n):
        self._second(by, agrees=False)

    def _second(self, by, *, agrees):
        told = self.file.proposal
        ruling = told is not None and told.outcome in RULINGS
        call = appeals.second_ruling if ruling else services.second
        outcome, terms = (told.outcome, told.terms) if told else (None, process.NOTHING)
        step = self.step(Act.AGREED if agrees else Act.RETURNED, by, outcome=outcome, terms=terms)
        self.asked(call, refusals.why_not_second(self.file, by=by), step, public_id=self.id, agrees=agrees, by=by)

    def serve(self, by, n):
        step = self.step(Act.SERVED, by, until=process.window(self.at, process.APPEAL_IN))
        self.asked(services.serve, refusals.why_not_serve(self.file, by=by), step, public_id=self.id, by=by)

    def appeal(self, by, n):
        by = PARTY if n % 2 else by
        self.asked(appeals.appeal, refusals.why_not_appeal(self.file, text=TEXT, by=by, at=self.at),
                   self.step(Act.APPEALED, by), public_id=self.id, text=TEXT, by=by)  # fmt: skip

    def rule_on_it(self, by, n):
        outcome, terms = (Outcome.UPHELD, Outcome.CHANGED, Outcome.ANNULLED)[n % 3], Terms(1)
        against = refusals.why_not_rule(self.file, outcome=outcome, terms=terms, text=TEXT, by=by)
        kept = terms if outcome is Outcome.CHANGED else process.NOTHING
        self.asked(appeals.propose_ruling, against, self.step(Act.PROPOSED, by, outcome=outcome, terms=kept),
                   public_id=self.id, outcome=outcome, terms=terms, text=TEXT, by=by)  # fmt: skip

    def ask_repair(self, by, n):
        row = Restriction.objects.order_by("pk")[n % 2 :].first()
        if row is None:
            return
        by, about = PARTY if n % 2 else by, str(row.public_id)
        against = refusals.why_not_ask_repair(
            self.file, about=about, starts_at=row.starts_at, binding=in_force(row, self.at), duty_done=TEXT,
            promise=n % 8 > 0, by=by, at=self.at,
        )  # fmt: skip
        self.asked(appeals.ask_repair, against, self.step(Act.REPAIR_ASKED, by, about=about),
                   restriction=row.public_id, duty_done=TEXT, promise=n % 8 > 0, by=by)  # fmt: skip

    def propose_repair(self, by, n):
        row = Restriction.objects.order_by("pk")[n % 2 :].first()
        if row is None:
            return
        about, outcome = str(row.public_id), (Outcome.REPAIRED, Outcome.REFUSED)[n // 2 % 2]
        against = refusals.why_not_propose_repair(self.file, about=about, outcome=outcome, text=TEXT, by=by)
        self.asked(appeals.propose_repair, against, self.step(Act.PROPOSED, by, about=about, outcome=outcome),
                   restriction=row.public_id, outcome=outcome, text=TEXT, by=by)  # fmt: skip

    def agree_to_repair(self, by, n):
        told, agrees = self.file.repair, n % 4 > 0
        about, outcome = (told.about, told.outcome) if told else ("", None)
        step = self.step(Act.AGREED if agrees else Act.RETURNED, by, about=about, outcome=outcome)
        self.asked(appeals.second_repair, refusals.why_not_second_repair(self.file, by=by), step, public_id=self.id,
                   agrees=agrees, by=by)  # fmt: skip

    @always
    def the_rows_say_what_the_fold_says(self):
        kept = Case.objects.get(pk=self.case.pk)
        assert (kept.state, file_of(kept)) == (self.file.state.value, self.file)

    @always
    def a_gate_shuts_on_what_is_in_force_and_on_nothing_else(self):
        bound = [row for row in Restriction.objects.all() if in_force(row, self.at)]
        shut = gate.why_not_take_part(cast.HETAO, regime="D", at=self.at)
        assert bool(shut) == any(row.kind in ("suspension", "removal") for row in bound)
        assert not gate.why_not_take_part(cast.HETAO, regime="B", at=self.at)  # it binds in the platform's own market
        for row in bound:
            self._lawful(row)

    def _lawful(self, row: Restriction) -> None:
        """Two persons, neither the reporter; a notice and the whole of its time; a hearing where one was asked for."""
        steps = list(Row.objects.filter(case=self.case).order_by("seq"))
        signed = {step.act: step for step in steps if step.round == row.round and not step.about}
        proposed, agreed = signed["proposed"], signed["agreed"]
        assert len({proposed.person, agreed.person, cast.OFFICER.person}) == 3
        first = {step.act: step for step in reversed(steps)}
        told, served = first["noticed"], first["served"]
        assert told.until - told.at > 5 * cast.DAY
        assert told.until <= first["proposed"].at <= served.at < row.starts_at
        if "hearing-asked" in first:
            heard = first["heard"]
            assert heard.person != first["taken-up"].person
            assert heard.at <= proposed.at

    def end(self) -> None:
        acts = set(Row.objects.values_list("act", flat=True))
        rows = list(Restriction.objects.all())
        self.saw(
            served=bool(rows), bound=any(row.starts_at <= self.at for row in rows), heard="heard" in acts,
            appealed="appealed" in acts, ruled=self.file.ruling is not None, repaired=any(row.ended_at for row in rows),
            both=self.file.appealed_at is not None and "repair-asked" in acts,
        )  # fmt: skip


def in_force(row: Restriction, at: Any) -> bool:
    """By hand: its days, not ended, not put off by an appeal."""
    put_off = row.stayed_at is not None and (row.resumed_at is None or at < row.resumed_at)
    return row.starts_at <= at < row.ends_at and row.ended_at is None and not put_off


class Minor(Sanctioned):
    """Points alone, which may be repaired at once: an appeal and a repair wait side by side."""

    ground, charges = "late", (Terms(3), Terms(1))


def test_the_life_of_a_case():
    walk(Sanctioned, examples=30)


def test_the_life_of_a_small_case():
    walk(Minor, examples=30)
