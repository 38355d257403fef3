"""Before and under the report: sums far off, dissents, refusals, and scoring again on an approved application."""

import json

import pytest
from django.urls import reverse

from bidding.evaluation import going_back, queries, scoring
from bidding.evaluation.models import Rollback, Signature
from bidding.evaluation.rules import Step
from ledger.models import Entry, Log
from market.awards.models import Proposal
from proofs.record import outcome
from proofs.record.checks import Broken
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = pytest.mark.django_db
person = experts.person_of
HIGH = {"f1": "40", "f2": "30"}
LOW = {"f1": "30", "f2": "1"}


def told(kind):
    rows = Entry.objects.filter(log=Log.PUBLIC, kind=kind).order_by("seq")
    return [json.loads(row.event)["d"] for row in rows]


def far_off():
    """Seat 1 gives one bid 31 points where the others give 50."""
    evaluation = make.scoring_open()
    for n, seat in enumerate(make.members(evaluation)):
        sheet = make.cells(evaluation, **({cast.HETAO: LOW} if n == 0 else {}))
        make.locks(evaluation, seat, sheet)
    evaluation.refresh_from_db()
    return evaluation, make.members(evaluation)


def page(evaluation, actor):
    address = reverse("bidding:evaluation", args=[evaluation.project.number])
    return accounts.client_of(actor).get(address).content.decode()


def test_a_sum_far_off_is_corrected_on_the_spot_before_anybody_signs():
    evaluation, seats = far_off()
    number = evaluation.project.number
    first = evaluation.commitment
    assert "评分畸高、畸低的理由" in page(evaluation, person(seats[0]))
    assert "评分畸高、畸低的理由" not in page(evaluation, person(seats[1]))
    with pytest.raises(Refused, match="report.unexplained"):
        make.signs(evaluation, seats[0])
    with pytest.raises(Refused, match="sheet.no-dispute"):
        scoring.reopen_sheet(project_number=number, reason="也想改", by=person(seats[1]), at=LATER)

    scoring.reopen_sheet(project_number=number, reason="漏看第二册", by=person(seats[0]), at=LATER)
    with pytest.raises(Refused, match="sheet.not-disputed"):
        make.saves(evaluation, seats[0], {cast.YINSHAN: {"f1": "40"}})
    make.locks(evaluation, seats[0], {cast.HETAO: make.EQUAL})

    evaluation.refresh_from_db()
    assert evaluation.step == Step.SIGNING and evaluation.commitment != first
    assert [said["commitment"] for said in told("evaluation.reported")] == [first, evaluation.commitment]
    make.signed(evaluation)
    assert Proposal.objects.get().content["seats"] == 5


def test_once_somebody_has_signed_it_is_explained_and_a_refusal_without_words_agrees():
    evaluation, seats = far_off()
    number = evaluation.project.number
    make.signs(evaluation, seats[1], "第三家的方案更好")
    with pytest.raises(Refused, match="sheet.no-dispute"):
        scoring.reopen_sheet(project_number=number, reason="漏看", by=person(seats[0]), at=LATER)
    scoring.sign_report(project_number=number, explanation="方案照抄", by=person(seats[0]), at=LATER)
    scoring.sign_report(project_number=number, refuses=True, by=person(seats[2]), at=LATER)
    make.signs(evaluation, seats[3])
    for by, code in ((cast.OFFICER, "refusal.not-yours"), (person(seats[3]), "refusal.not-yours")):
        with pytest.raises(Refused, match=code):
            going_back.note_refusal(project_number=number, seat_no=5, by=by, at=LATER)
    with pytest.raises(Refused, match="refusal.not-now"):
        going_back.note_refusal(project_number=number, seat_no=4, by=cast.SUPERVISOR, at=LATER)
    going_back.note_refusal(project_number=number, seat_no=5, by=cast.SUPERVISOR, at=LATER)
    evaluation.refresh_from_db()
    assert evaluation.step == Step.DONE
    rows = Signature.objects.order_by("seat__seat_no").values_list("explanation", "dissent", "refused")
    assert list(rows) == [
        ("方案照抄", "", False), ("", "第三家的方案更好", False), ("", "", True), ("", "", False), ("", "", True)
    ]  # fmt: skip


def test_scoring_again_takes_an_application_and_an_approval_and_keeps_what_was():
    evaluation = make.locked(make.scoring_open())
    number, seats = evaluation.project.number, make.members(evaluation)
    first = evaluation.commitment
    make.signs(evaluation, seats[0])

    def ask(by=cast.OFFICER, ground="objective"):
        return going_back.ask(project_number=number, ground=ground, reason="第2项口径不一", by=by, at=LATER)

    def decide(by=cast.SUPERVISOR, approves=True, why="属实"):
        return going_back.decide(project_number=number, approves=approves, why=why, by=by, at=LATER)

    for by, ground, code in (
        (cast.SUPERVISOR, "sum", "evaluation.not-officer"),
        (cast.OFFICER, "x", "rollback.ground"),
    ):
        with pytest.raises(Refused, match=code):
            ask(by, ground)
    with pytest.raises(Refused, match="rollback.none"):
        decide()
    ask()
    with pytest.raises(Refused, match="rollback.not-now"):
        ask()
    with pytest.raises(Refused, match="report.rollback-asked"):
        make.signs(evaluation, seats[1])
    with pytest.raises(Refused, match="rollback.not-yours"):
        decide(by=cast.OFFICER)
    decide(approves=False, why="理由不成立")
    assert told("evaluation.rolled-back") == []
    ask()
    decide()

    row = Rollback.objects.get(approved=True)
    assert (row.state["commitment"], row.state["report"]["number"]) == (first, number)
    assert [each["seat"] for each in row.state["signed"]] == [1] and set(row.state["sheets"]) == set("12345")
    assert [(said["ground"], said["before"]) for said in told("evaluation.rolled-back")] == [("objective", first)]
    evaluation.refresh_from_db()
    assert evaluation.step == Step.SCORES and queries.progress(evaluation)["signed"] == 0
    make.locked(evaluation, **{cast.YINSHAN: HIGH})
    assert "原评审报告" in page(evaluation, person(seats[0])) and "原评审报告" in page(evaluation, cast.SUPERVISOR)
    make.signed(evaluation)
    assert len(Proposal.objects.get().sheets) == 10


def test_the_verifier_wants_a_reason_for_every_report_that_follows_another():
    class Told:
        def __init__(self, *entries):
            self.entries = [
                type("E", (), {"index": n, "kind": kind, "data": data}) for n, (kind, data) in enumerate(entries)
            ]

        def of(self, kind):
            return [entry for entry in self.entries if entry.kind == kind]

    one, two = ("evaluation.reported", {"commitment": "a"}), ("evaluation.reported", {"commitment": "b"})
    back = ("evaluation.rolled-back", {"ground": "sum", "before": "a"})
    for entries, right in (
        ((one,), True), ((one, back, two), True), ((one, ("evaluation.sheet-corrected", {}), two), True),
        ((one, two), False), ((back, one, two), False), ((one, (back[0], {"before": "c"}), two), False),
    ):  # fmt: skip
        record = Told(*entries)
        try:
            outcome._made_anew(record, record.of("evaluation.reported"))
        except Broken:
            assert not right, entries
        else:
            assert right, entries
