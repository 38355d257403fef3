"""A case from its report to its end, and what the database itself refuses."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from blacklist.cases import appeals, process, queries, rules, services
from blacklist.cases.models import Case, Restriction, Step
from blacklist.cases.process import Act, Outcome, Source, State, Terms
from blacklist.cases.rules import Kind
from ledger import lines
from ledger.models import Entry
from ledger.queries import entries_after
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, cases

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LATER = cast.NOON + 9 * cast.DAY
SERVED = cast.NOON + 10 * cast.DAY
OUTSIDE = [cast.STRANGER, cast.RIVAL, cast.PROVIDER, cast.WITNESS, cast.AUDITOR, cast.OFFICER]


@pytest.fixture(autouse=True)
def people():
    for code in (cast.HETAO, cast.YINSHAN, cast.BUREAU, cast.PLATFORM, cast.BUYER):
        accounts.organisation(code)


def refused(code, act, **told):
    with pytest.raises(Refused) as refusal:
        act(**told)
    assert [reason.code for reason in refusal.value.reasons][0] == code


def test_from_report_to_the_end_and_no_residue():
    rows = cases.served()
    points, suspension = rows
    first, last = suspension.starts_at, suspension.ends_at

    assert first == rules.midnight(rules.day_in_china(SERVED) + cast.DAY)
    for at, kept_out in ((first - SECOND, False), (first, True), (last - SECOND, True), (last, False)):
        assert (cast.HETAO in queries.restricted([cast.HETAO], at=at)) is kept_out
        assert (suspension in queries.shown(at=at)) is kept_out
    assert queries.findings(cast.HETAO, at=first) == [points, suspension]
    assert not queries.findings(cast.HETAO, at=points.ends_at)
    assert Case.objects.get().state == State.SERVED
    kinds = [entry.kind for entry in entries_after("cases")]
    assert kinds == ["cases.reported", "cases.noticed", "cases.decided", "cases.served"]


@pytest.mark.embedded
def test_the_log_tells_the_whole_of_it_and_names_nobody():
    rows = cases.served()
    told = "".join(lines.line(entry) for entry in entries_after("cases"))

    for word in (cast.HETAO, cast.NAMES[cast.HETAO], rows[0].name, cases.FACTS, "giving-up"):
        assert word not in told
        assert word not in "".join(str(entry.event) for entry in Entry.objects.filter(stream="cases"))
    assert rows[0].decision_no in told


@pytest.mark.embedded
def test_everybody_else_is_refused_at_every_act():
    row = cases.noticed()
    told = {"public_id": row.public_id, "at": LATER}
    for by in OUTSIDE:
        refused("cases.not-a-keeper", services.take_up, **told, by=by)
        refused("cases.not-a-keeper", services.notice, **told, by=by, terms=cases.SIX_MONTHS, text="x")
        refused("cases.not-a-keeper", services.propose, **told, by=by, outcome=Outcome.RESTRICT, text="x")
        refused("cases.not-a-keeper", services.second, **told, by=by, agrees=True)
        refused("cases.not-a-keeper", services.serve, **told, by=by)
        refused("cases.not-a-keeper", services.dismiss, **told, by=by, text="x")
        refused("cases.not-a-keeper", services.refer, **told, by=by, text="x")
        refused("cases.not-a-keeper", appeals.propose_ruling, **told, by=by, outcome=Outcome.UPHELD, text="x")
    for by in (cast.STRANGER, cast.RIVAL, cast.SUPERVISOR, cast.OFFICER):
        refused("cases.not-the-party", services.state, **told, by=by, text="x")
        refused("cases.not-the-party", services.ask_hearing, **told, by=by)
        refused("cases.not-the-party", appeals.appeal, **told, by=by, text="x")
    assert row.steps.count() == 3


@pytest.mark.embedded
def test_who_reports_whom():
    told = {"subject": cast.YINSHAN}
    for by in (cast.PROVIDER, cast.STRANGER, cast.EXPERT):
        refused("cases.not-a-reporter", cases.case, by=by)
    refused("cases.no-such-ground", cases.case, ground="expert-absent", **told)
    refused("cases.no-agreement", cases.case, subject=cast.LANGSHAN)
    refused("cases.not-yet-happened", cases.case, occurred_on=rules.day_in_china(cast.NOON + cast.DAY), **told)
    refused("cases.too-long-ago", cases.case, occurred_on=rules.day_in_china(cast.NOON - 800 * cast.DAY), **told)
    cases.case(**told)
    refused("cases.known", cases.case, **told)
    assert cases.case(source=Source.SYSTEM, by=cast.SYSTEM).reported_by == ""


@pytest.mark.embedded
def test_nobody_keeps_what_he_reported_or_seconds_what_he_proposed():
    row = cases.case(source=Source.SUPERVISION, by=cast.SUPERVISOR)
    told = {"public_id": row.public_id, "at": cast.NOON}
    refused("cases.reporter", services.take_up, **told, by=cast.SUPERVISOR)
    services.take_up(**told, by=cast.OPERATOR)
    refused("cases.state-not-now", services.take_up, **told, by=cast.OPERATOR)
    services.notice(**told, terms=cases.SIX_MONTHS, text=cases.FACTS, by=cast.OPERATOR)
    refused("cases.state-not-now", services.notice, **told, terms=cases.SIX_MONTHS, text=cases.FACTS, by=cast.OPERATOR)
    refused("cases.noticed-already", services.dismiss, **told, text=cases.FACTS, by=cast.OPERATOR)

    told["at"] = LATER
    more = {"outcome": Outcome.RESTRICT, "terms": cases.SIX_MONTHS, "text": cases.FACTS}
    services.propose(**told, **more, by=cast.OPERATOR)
    refused("cases.second-person", services.second, **told, agrees=True, by=cast.OPERATOR)
    refused("cases.reporter", services.second, **told, agrees=True, by=cast.SUPERVISOR)
    services.second(**told, agrees=False, text="期限偏长", by=cast.SECOND_SUPERVISOR)
    more["terms"] = Terms(6, Kind.SUSPENSION, 1)
    services.propose(**told, **more, by=cast.SECOND_SUPERVISOR)
    services.second(**told, agrees=True, by=cast.OPERATOR)
    refused("cases.nothing-proposed", services.second, **told, agrees=True, by=cast.OPERATOR)


@pytest.mark.embedded
def test_nothing_is_decided_before_the_last_second_to_answer():
    row = cases.noticed()
    told = {"public_id": row.public_id}
    until = process.window(cast.NOON, process.DEFENCE)
    more = {"outcome": Outcome.RESTRICT, "terms": cases.SIX_MONTHS, "text": cases.FACTS, "by": cast.SUPERVISOR}

    services.state(**told, text="材料价格上涨属于情势变更", by=cast.PROVIDER, at=until - SECOND)
    refused("cases.no-more-words", services.state, **told, text="又及补充", by=cast.PROVIDER, at=until)
    refused("cases.hearing-too-late", services.ask_hearing, **told, by=cast.PROVIDER, at=until)
    refused("cases.unheard", services.propose, **told, **more, at=until - SECOND)
    heavier = {**more, "terms": Terms(7)}
    refused("cases.too-many-points", services.propose, **told, **heavier, at=until)
    services.propose(**told, **more, at=until)


def test_a_hearing_comes_before_the_decision_and_its_chair_did_not_examine():
    row = cases.noticed(terms=Terms(3, Kind.SUSPENSION, 2))
    told = {"public_id": row.public_id}
    services.ask_hearing(**told, by=cast.PROVIDER, at=cast.NOON)
    refused("cases.hearing-asked", services.ask_hearing, **told, by=cast.PROVIDER, at=cast.NOON)
    more = {"outcome": Outcome.RESTRICT, "terms": Terms(3, Kind.SUSPENSION, 2), "text": cases.FACTS}
    refused("cases.hearing-first", services.propose, **told, **more, by=cast.SUPERVISOR, at=LATER)

    when = process.first_hearing(cast.NOON) + 9 * cast.HOUR
    hear = {"when": when, "place": "第一会议室", "at": cast.NOON}
    refused("cases.examiner-chairs", services.set_hearing, **told, **hear, by=cast.SUPERVISOR)
    refused("cases.hearing-too-soon", services.set_hearing, **told, **{**hear, "when": when - cast.DAY},
            by=cast.SECOND_SUPERVISOR)  # fmt: skip
    services.set_hearing(**told, **hear, by=cast.SECOND_SUPERVISOR)
    refused("cases.not-the-chair", services.record_hearing, **told, text="到场陈述", by=cast.OPERATOR, at=when)
    refused("cases.hearing-not-yet", services.record_hearing, **told, text="到场陈述", by=cast.SECOND_SUPERVISOR,
            at=when - SECOND)  # fmt: skip
    services.record_hearing(**told, text="双方到场陈述", by=cast.SECOND_SUPERVISOR, at=when)
    heavier = {**more, "terms": Terms(3, Kind.SUSPENSION, 3)}
    refused("cases.beyond-charge", services.propose, **told, **heavier, by=cast.SUPERVISOR, at=when)
    services.propose(**told, **more, by=cast.SUPERVISOR, at=when)


def test_an_appeal_stays_what_its_row_says_and_two_others_rule():
    points, suspension = cases.served()
    told = {"public_id": points.case.public_id}
    at = suspension.starts_at + cast.HOUR
    refused("cases.appeal-too-late", appeals.appeal, **told, text="事实不清", by=cast.PROVIDER,
            at=process.window(SERVED, process.APPEAL_IN))  # fmt: skip
    assert queries.restricted([cast.HETAO], at=at - SECOND)
    appeals.appeal(**told, text="事实认定不清", by=cast.PROVIDER, at=at)
    refused("cases.appealed", appeals.appeal, **told, text="事实不清", by=cast.PROVIDER, at=at)
    assert not queries.findings(cast.HETAO, at=at)

    more = {"outcome": Outcome.UPHELD, "text": "原决定并无不当", "at": at + cast.DAY}
    for by in (cast.SUPERVISOR, cast.SECOND_SUPERVISOR):
        refused("cases.signed-it", appeals.propose_ruling, **told, **more, by=by)
    appeals.propose_ruling(**told, **more, by=cast.OPERATOR)
    refused("cases.signed-it", appeals.second_ruling, **told, agrees=True, by=cast.SUPERVISOR, at=at)
    appeals.second_ruling(**told, agrees=True, by=cases.THIRD_SUPERVISOR, at=at + cast.DAY)

    assert not queries.restricted([cast.HETAO], at=at + cast.DAY - SECOND)
    assert queries.restricted([cast.HETAO], at=at + cast.DAY)
    assert Restriction.objects.get(kind=Kind.SUSPENSION).ends_at == suspension.ends_at  # longer for nobody


@pytest.mark.parametrize(
    ("outcome", "terms", "left"), [(Outcome.ANNULLED, Terms(), []), (Outcome.CHANGED, Terms(2), [2])]
)
def test_a_ruling_annuls_or_lightens_from_the_moment_it_is_agreed(outcome, terms, left):
    points, suspension = cases.served()
    told, at = {"public_id": points.case.public_id}, suspension.starts_at + cast.HOUR
    appeals.appeal(**told, text="事实认定不清", by=cast.PROVIDER, at=at)
    if terms.points:
        worse = {"outcome": outcome, "terms": cases.SIX_MONTHS, "text": "原决定过重"}
        refused("cases.not-lighter", appeals.propose_ruling, **told, **worse, by=cast.OPERATOR, at=at)
    appeals.propose_ruling(**told, outcome=outcome, terms=terms, text="原决定过重", by=cast.OPERATOR, at=at)
    appeals.second_ruling(**told, agrees=True, by=cases.THIRD_SUPERVISOR, at=at)

    assert not queries.restricted([cast.HETAO], at=at)
    assert [row.points for row in queries.findings(cast.HETAO, at=at)] == left
    assert Case.objects.get().state == State.CLOSED


def test_a_removal_binds_while_its_appeal_is_heard():
    (removal,) = cases.served(ground="lending", terms=Terms(0, Kind.REMOVAL, 12))
    appeals.appeal(public_id=removal.case.public_id, text="事实认定不清", by=cast.PROVIDER, at=removal.starts_at)

    assert queries.restricted([cast.HETAO], at=removal.starts_at)


def test_a_repair_is_two_keepers_word_after_its_time_and_opens_the_gate_at_once():
    points, suspension = cases.served()
    about, told = suspension.public_id, {"public_id": suspension.case.public_id}
    early, at = suspension.starts_at + 80 * cast.DAY, suspension.starts_at + 100 * cast.DAY
    asked = {"restriction": about, "duty_done": "已赔偿损失并整改", "promise": True, "by": cast.PROVIDER}
    refused("cases.repair-too-early", appeals.ask_repair, **asked, at=early)
    refused("cases.no-promise", appeals.ask_repair, **{**asked, "promise": False}, at=at)
    refused("cases.not-the-party", appeals.ask_repair, **{**asked, "by": cast.RIVAL}, at=at)
    appeals.ask_repair(**asked, at=at)
    refused("cases.repair-asked", appeals.ask_repair, **asked, at=at)
    more = {"restriction": about, "outcome": Outcome.REPAIRED, "text": "已经整改到位"}
    appeals.propose_repair(**more, by=cast.SUPERVISOR, at=at)
    refused("cases.repair-second-person", appeals.second_repair, **told, agrees=True, by=cast.SUPERVISOR, at=at)
    assert queries.restricted([cast.HETAO], at=at)
    appeals.second_repair(**told, agrees=True, by=cast.OPERATOR, at=at)

    assert not queries.restricted([cast.HETAO], at=at)
    assert suspension not in queries.shown(at=at)
    assert [row.kind for row in queries.findings(cast.HETAO, at=at)] == [Kind.POINTS]  # each is repaired by itself
    assert Restriction.objects.get(public_id=about).ended_because == "repaired"
    told = json.loads(Entry.objects.get(kind="cases.repaired").event)["d"]
    assert told["promise"] == rules.PROMISE and cast.HETAO not in json.dumps(told)  # published, by no name


@pytest.mark.embedded
def test_two_persons_may_let_a_charge_be_or_recommend_it_to_the_authority():
    for n, outcome in enumerate((Outcome.DISMISS, Outcome.REFER)):
        row = cases.noticed(ground="false-materials", project=f"P{n}", terms=Terms(20))
        told = {"public_id": row.public_id, "at": LATER}
        services.propose(**told, outcome=outcome, text=cases.FACTS, by=cast.SUPERVISOR)
        assert services.second(**told, agrees=True, by=cast.SECOND_SUPERVISOR).state == outcome + (
            "ed" if outcome is Outcome.DISMISS else "red"
        )
    row = cases.case(project="P3")
    refused(
        "cases.state-not-now", services.refer, public_id=row.public_id, text="移送", by=cast.SUPERVISOR, at=cast.NOON
    )
    services.take_up(public_id=row.public_id, by=cast.SUPERVISOR, at=cast.NOON)
    refused("cases.no-law", services.refer, public_id=row.public_id, text="移送财政局", by=cast.SUPERVISOR, at=LATER)
    services.dismiss(public_id=row.public_id, text="查无实据", by=cast.SUPERVISOR, at=LATER)
    assert not Restriction.objects.exists()


def guarded(statement, *values, says):
    with pytest.raises(DatabaseError, match=f"{says}|permission denied"), transaction.atomic():
        connection.cursor().execute(statement, values)


def test_the_database_lets_nobody_shorten_lengthen_or_delete_a_decision():
    points, suspension = cases.served()
    for column in ("ends_at", "starts_at", "subject", "kind", "points", "case_id"):
        guarded(f"UPDATE blacklist_restriction SET {column} = {column}", says="final")
    guarded("DELETE FROM blacklist_restriction", says="final")
    guarded("DELETE FROM blacklist_case", says="final|FOREIGN")
    guarded("UPDATE blacklist_case SET reported_by = 'x'", says="final")
    guarded("UPDATE blacklist_restriction SET ended_at = starts_at, ended_because = 'x'", says="signed")
    guarded("UPDATE blacklist_restriction SET stayed_at = starts_at", says="signed")
    appeals.appeal(public_id=points.case.public_id, text="事实不清", by=cast.PROVIDER, at=suspension.starts_at)
    guarded("UPDATE blacklist_restriction SET stayed_at = NULL", says="final")
    guarded("UPDATE blacklist_restriction SET resumed_at = stayed_at", says="signed")


def test_the_database_lets_nothing_bind_that_two_persons_did_not_sign():
    row = cases.noticed()
    told = {"case": row, "round": 1, "decision_no": "1", "body": row.body, "subject": row.subject, "name": row.name,
            "ground": row.ground, "kind": Kind.SUSPENSION, "decided_at": LATER, "starts_at": LATER + cast.DAY,
            "ends_at": LATER + 9 * cast.DAY}  # fmt: skip

    def bind():
        with pytest.raises(IntegrityError, match="two persons"), transaction.atomic():
            Restriction.objects.create(**told, public_id=uuid.uuid4())

    def sign(act, by, at=LATER):
        Step.objects.create(case=row, seq=row.steps.count() + 1, act=act, round=1, person=by.person, at=at)

    bind()
    sign(Act.PROPOSED, cast.SUPERVISOR)
    bind()
    with pytest.raises(IntegrityError), transaction.atomic():
        sign(Act.AGREED, cast.SUPERVISOR)
    with pytest.raises(IntegrityError, match="reported"), transaction.atomic():
        sign(Act.AGREED, cast.OFFICER)
    bind()
    sign(Act.AGREED, cast.OPERATOR)
    Restriction.objects.create(**told)
    other = cases.noticed(project="early")
    for n, (act, by) in enumerate(((Act.PROPOSED, cast.SUPERVISOR), (Act.AGREED, cast.OPERATOR)), 4):
        Step.objects.create(case=other, seq=n, act=act, round=1, person=by.person, at=cast.NOON + cast.DAY)
    told["case"] = other
    bind()


def test_an_appeal_and_a_repair_that_wait_side_by_side_are_each_signed_by_two():
    """One round for both would show the party a ruling nobody has agreed to, and take one's second word for a third."""
    (row,) = cases.served(ground="late", terms=Terms(3))
    case, at = Case.objects.get(pk=row.case_id), row.starts_at
    appeals.ask_repair(restriction=row.public_id, duty_done="已补交成果", promise=True, by=cast.PROVIDER, at=at)
    told = {"restriction": row.public_id, "outcome": Outcome.REPAIRED, "text": "已纠正，属实"}
    appeals.propose_repair(**told, by=cast.SUPERVISOR, at=at)
    appeals.appeal(public_id=case.public_id, text="逾期系不可抗力", by=cast.PROVIDER, at=at)
    ruling = {"outcome": Outcome.UPHELD, "text": "不可抗力不成立"}
    appeals.propose_ruling(public_id=case.public_id, **ruling, by=cases.THIRD_SUPERVISOR, at=at)

    appeals.second_repair(public_id=case.public_id, agrees=True, by=cases.THIRD_SUPERVISOR, at=at)

    shown = queries.told_to_party(list(case.steps.order_by("seq")), queries.file_of(case))
    assert not [step for step in shown if step.outcome == Outcome.UPHELD]
    appeals.second_ruling(public_id=case.public_id, agrees=True, by=cases.FOURTH_SUPERVISOR, at=at)
    signed = Step.objects.filter(case=case, act__in=(Act.PROPOSED, Act.AGREED)).values_list("round", "person")
    assert len(set(signed)) == len(signed) == 6
