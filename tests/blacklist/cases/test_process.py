"""No path leads to a restriction but by two persons, a notice and the whole of the time to answer it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blacklist.cases import process, refusals, rules
from blacklist.cases.process import LIFE, RULINGS, Act, File, Outcome, State, Step, Terms
from blacklist.cases.rules import CONSEQUENCES, GROUNDS, WEIGHTS, Kind
from rulebook.actor import Actor, Role
from rulebook.house import CLAUSES, own
from tests import cast

KEEPERS = [Actor(f"k{n}", Role.SUPERVISOR, cast.BUREAU) for n in range(6)]
REPORTER = KEEPERS[0]
PARTY = cast.PROVIDER
ACTORS = [*KEEPERS, PARTY, PARTY, cast.RIVAL, cast.STRANGER]
HEAVY = Terms(10, Kind.SUSPENSION, 3)
CHARGES = [HEAVY, Terms(20), Terms(0, Kind.REMOVAL, 12), Terms(5, Kind.SUSPENSION, 6)]
WAITS = [cast.HOUR, 3 * cast.HOUR, cast.DAY, 4 * cast.DAY, 9 * cast.DAY, 15 * cast.DAY, 40 * cast.DAY]
WORDS = "经查证属实"
LIKELY = {
    State.REPORTED: ["take_up"],
    State.EXAMINING: ["notice"],
    State.NOTICED: ["propose", "propose", "ask_hearing", "state"],
    State.HEARING: ["set_hearing", "record_hearing", "propose", "state"],
    State.PROPOSED: ["agree", "agree", "agree", "back"],
    State.DECIDED: ["serve"],
    State.SERVED: ["appeal", "ask_repair", "propose_repair", "second_repair"],
    State.APPEALED: ["rule"],
    State.RULING: ["agree", "agree", "back"],
    State.CLOSED: ["ask_repair", "propose_repair", "second_repair"],
}
ANY = sorted({act for acts in LIKELY.values() for act in acts} | {"dismiss", "refer"})
OUTCOMES = [*[Outcome.RESTRICT] * 5, Outcome.DISMISS, Outcome.REFER]
REPAIR_OUTCOMES = [Outcome.REPAIRED, Outcome.REFUSED]


@dataclass
class Row:
    """A restriction as a table would hold it."""

    made: process.Made
    signed_in: int
    about: str
    ground: str = "collusion"
    decision_no: str = "1"
    stayed_at: datetime | None = None
    resumed_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def kind(self):
        return self.made.kind

    @property
    def starts_at(self):
        return self.made.starts_at

    @property
    def ends_at(self):
        return self.made.ends_at


class World:
    """The machine as services drive it, in memory: every step that was not refused, and what it did."""

    def __init__(self) -> None:
        self.file = File("collusion", REPORTER.person, party_org=cast.HETAO)
        self.at = cast.NOON
        self.steps: list[tuple[int, Step]] = []
        self.rows: list[Row] = []
        self.add(Act.REPORTED, REPORTER)

    def add(self, act: Act, by: Actor, **other) -> None:
        step = Step(act, by.person, self.at, **other)
        was, self.file = self.file.state, process.after(self.file, step)
        assert was is self.file.state or not LIFE.why_not(was, self.file.state)
        self.steps.append((self.file.round, step))

    def do(self, name: str, by: Actor, n: int) -> None:
        getattr(self, name)(by, n)

    def take_up(self, by, n):
        if not refusals.why_not_take_up(self.file, by=by):
            self.add(Act.TAKEN_UP, by)

    def dismiss(self, by, n):
        if n % 8 == 0 and not refusals.why_not_dismiss(self.file, text=WORDS, by=by):
            self.add(Act.DISMISSED, by)

    def refer(self, by, n):
        if n % 8 == 0 and not refusals.why_not_refer(self.file, text=WORDS, by=by):
            self.add(Act.REFERRED, by)

    def notice(self, by, n):
        terms = CHARGES[n % len(CHARGES)]
        if not refusals.why_not_notice(self.file, terms=terms, text=WORDS, by=by):
            self.add(Act.NOTICED, by, terms=terms, until=process.window(self.at, process.DEFENCE))

    def state(self, by, n):
        if not refusals.why_not_state(self.file, text=WORDS, by=by, at=self.at):
            self.add(Act.STATED, by)

    def ask_hearing(self, by, n):
        if not refusals.why_not_ask_hearing(self.file, by=by, at=self.at):
            self.add(Act.HEARING_ASKED, by)

    def set_hearing(self, by, n):
        when = process.first_hearing(self.at) if n % 4 else self.at + cast.DAY
        if not refusals.why_not_set_hearing(self.file, when=when, by=by, at=self.at):
            self.add(Act.HEARING_SET, by, until=when)

    def record_hearing(self, by, n):
        by = next((who for who in KEEPERS if n % 4 and who.person == self.file.chair), by)
        if not refusals.why_not_record_hearing(self.file, text=WORDS, by=by, at=self.at):
            self.add(Act.HEARD, by)

    def propose(self, by, n):
        outcome, terms = OUTCOMES[n % len(OUTCOMES)], CHARGES[n % len(CHARGES)]
        if n % 2:
            terms = self.file.charge
        told = {"outcome": outcome, "terms": terms}
        if not refusals.why_not_propose(self.file, **told, text=WORDS, by=by, at=self.at):
            self.add(Act.PROPOSED, by, **told)

    def rule(self, by, n):
        told = {"outcome": list(Outcome)[3 + n % 3], "terms": Terms(1)}
        if not refusals.why_not_rule(self.file, **told, text=WORDS, by=by):
            self.add(Act.PROPOSED, by, **told)

    def agree(self, by, n):
        if refusals.why_not_second(self.file, by=by):
            return
        told = self.file.proposal
        self.add(Act.AGREED, by, outcome=told.outcome)
        if told.outcome is Outcome.UPHELD:
            for row in self.rows:
                row.resumed_at = self.at if row.stayed_at else None
        elif told.outcome in RULINGS:
            for row in self.rows:
                row.ended_at = row.ended_at or self.at
        if told.outcome is Outcome.CHANGED:
            self.rows += [Row(made, self.file.round, f"r{made.kind}") for made in process.remade(self.file)]

    def back(self, by, n):
        if n % 4 == 0 and not refusals.why_not_second(self.file, by=by):
            self.add(Act.RETURNED, by)

    def serve(self, by, n):
        if not refusals.why_not_serve(self.file, by=by):
            made = process.made(self.file, served_at=self.at)
            self.add(Act.SERVED, by, until=process.window(self.at, process.APPEAL_IN))
            self.rows += [Row(each, self.file.round, f"s{each.kind}") for each in made]

    def appeal(self, by, n):
        if n % 2 and not refusals.why_not_appeal(self.file, text=WORDS, by=by, at=self.at):
            self.add(Act.APPEALED, by)
            for row in self.rows:
                row.stayed_at = self.at if CONSEQUENCES[row.kind].stays else None

    def ask_repair(self, by, n):
        row = self.rows[n % len(self.rows)] if self.rows else None
        if row is None:
            return
        told = {"about": row.about, "starts_at": row.starts_at, "binding": rules.in_force(row, at=self.at)}
        if not refusals.why_not_ask_repair(self.file, **told, duty_done=WORDS, promise=True, by=by, at=self.at):
            self.add(Act.REPAIR_ASKED, by, about=row.about)

    def propose_repair(self, by, n):
        about = next(iter(self.file.repairs), "")
        told = {"about": about, "outcome": REPAIR_OUTCOMES[n % 2]}
        if not refusals.why_not_propose_repair(self.file, **told, text=WORDS, by=by):
            self.add(Act.PROPOSED, by, **told)

    def second_repair(self, by, n):
        told = self.file.repair
        if refusals.why_not_second_repair(self.file, by=by):
            return
        self.add(Act.AGREED, by, about=told.about, outcome=told.outcome)
        for row in self.rows:
            if row.about == told.about and told.outcome is Outcome.REPAIRED:
                row.ended_at = row.ended_at or self.at

    def check(self) -> bool:
        """What the law asks of anything in force, looked for in the bare history. True when something is in force."""
        for row in self.rows:
            assert row.ends_at <= row.starts_at + 37 * 31 * cast.DAY
            if not rules.in_force(row, at=self.at):
                continue
            assert row.starts_at <= self.at < row.ends_at
            (proposed,) = [s for n, s in self.steps if n == row.signed_in and s.act is Act.PROPOSED]
            (agreed,) = [s for n, s in self.steps if n == row.signed_in and s.act is Act.AGREED]
            assert len({proposed.person, agreed.person, REPORTER.person}) == 3
            acts = {s.act: s for _, s in self.steps}
            told = acts[Act.NOTICED]
            assert told.until - told.at > 5 * cast.DAY
            first = next(s for _, s in self.steps if s.act is Act.PROPOSED)
            assert told.until <= first.at <= acts[Act.SERVED].at < row.starts_at
            if Act.HEARING_ASKED in acts:
                heard = acts[Act.HEARD]
                assert heard.person != acts[Act.TAKEN_UP].person
                assert acts[Act.HEARING_SET].until <= heard.at <= proposed.at
            if Act.APPEALED in acts and proposed.outcome not in RULINGS and CONSEQUENCES[row.kind].stays:
                ruled = [s for n, s in self.steps if n > row.signed_in and s.outcome is Outcome.UPHELD]
                assert any(s.act is Act.AGREED for s in ruled)
                assert not {s.person for s in ruled} & {proposed.person, agreed.person}
            return True
        return False


seen = {"in force": 0, "appealed": 0, "repaired": 0, "heard": 0}


@pytest.mark.embedded
@settings(max_examples=2000, deadline=None, database=None)
@given(st.binary(min_size=150, max_size=150))
def test_no_path_to_in_force_without_two_persons_a_notice_and_its_time(steps):
    world, bound = World(), False
    for step in range(50):
        a, b, n = steps[3 * step : 3 * step + 3]
        world.at += WAITS[n % len(WAITS)] * (b % 3 > 0)
        likely = LIKELY.get(world.file.state)
        if likely is None:
            break
        name = ANY[a % len(ANY)] if a > 200 else likely[a % len(likely)]
        world.do(name, ACTORS[b % len(ACTORS)], n)
        bound |= world.check()
    acts = {step.act for _, step in world.steps}
    seen["in force"] += bound
    seen["appealed"] += Act.APPEALED in acts and bound
    seen["heard"] += Act.HEARD in acts and bound
    seen["repaired"] += any(row.ended_at for row in world.rows)


@pytest.mark.embedded
def test_the_walk_went_where_it_matters():
    walked = sum(seen.values())

    assert not walked or min(seen.values()) > 10, seen


def test_every_row_of_the_catalogue_can_be_decided_and_ends():
    for ground in GROUNDS.values():
        assert 0 < ground.points <= 20
        assert Kind.POINTS in ground.kinds
        (clause,) = [each for each in CLAUSES if own(each.number) == ground.rule]
        assert f"{ground.name}，{ground.points}分" in clause.text
        assert WEIGHTS[ground.severity].longest <= 36
    for row in CONSEQUENCES.values():
        assert row.shortest <= row.longest <= 36


def test_a_term_begins_the_day_after_its_service_and_ends_to_the_second():
    """Worked number 11, for the platform: from 2026-03-01 for a year, free from 2027-03-01 on."""
    served = datetime(2026, 2, 28, 9, 0, tzinfo=UTC)

    starts_at, ends_at = rules.term(Kind.REMOVAL, ground="collusion", months=12, served_at=served)

    assert starts_at == datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
    assert ends_at == datetime(2027, 2, 28, 16, 0, tzinfo=UTC)
    assert rules.months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("told", "shut"),
    [
        (datetime(2026, 11, 27, 4, tzinfo=UTC), date(2026, 12, 5)),  # Friday: five working days are the next week
        (datetime(2026, 2, 13, 4, tzinfo=UTC), date(2026, 2, 28)),  # over 春节; the Saturday before it is worked
        (datetime(2026, 2, 14, 4, tzinfo=UTC), date(2026, 3, 1)),  # and so is the Saturday after it, the fifth day
        (datetime(2026, 9, 25, 4, tzinfo=UTC), date(2026, 10, 10)),  # over 国庆
    ],
)
def test_five_working_days_skip_holidays_and_count_exchanged_weekends(told, shut):
    """Worked number 12."""
    until = process.window(told, process.DEFENCE)

    days = [day for n in range(1, 40) if process.is_working_day(day := told.date() + n * cast.DAY)]
    assert until == rules.end_of(days[4])
    assert rules.day_in_china(until) == shut


def test_a_hearing_leaves_seven_full_working_days():
    file = replace(noticed(), state=State.HEARING, hearing_asked=True)
    by, at = KEEPERS[2], cast.NOON  # Tuesday 24 November

    assert refusals.why_not_set_hearing(file, when=rules.midnight(date(2026, 12, 3)) + 9 * cast.HOUR, by=by, at=at)
    assert not refusals.why_not_set_hearing(file, when=rules.midnight(date(2026, 12, 4)) + 9 * cast.HOUR, by=by, at=at)
    assert refusals.why_not_set_hearing(file, when=rules.midnight(date(2026, 12, 5)) + 9 * cast.HOUR, by=by, at=at)


def noticed() -> File:
    file = File("collusion", REPORTER.person, party_org=cast.HETAO)
    until = process.window(cast.NOON, process.DEFENCE)
    for step in (
        Step(Act.REPORTED, REPORTER.person, cast.NOON),
        Step(Act.TAKEN_UP, KEEPERS[1].person, cast.NOON),
        Step(Act.NOTICED, KEEPERS[1].person, cast.NOON, until, terms=HEAVY),
    ):
        file = process.after(file, step)
    return file
