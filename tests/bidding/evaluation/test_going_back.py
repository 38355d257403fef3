"""Before and under the report: sums far off, dissents, refusals, and scoring again on an approved application."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Message
from bidding.evaluation import going_back, queries, scoring
from bidding.evaluation.models import Rollback, Signature
from bidding.evaluation.rules import Step
from ledger import blobs
from ledger.models import Entry, Log
from market.awards import queries as awards_desk
from market.awards import services as awards
from market.awards.models import Proposal
from proofs import commitment
from proofs.record import outcome
from proofs.record.checks import Broken
from rulebook import clock
from rulebook.actor import Role
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
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


def test_scoring_again_takes_an_application_and_an_approval_and_keeps_what_was(monkeypatch):
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
    monkeypatch.setattr(clock, "system", lambda: LATER)
    supervisor = accounts.client_of(cast.SUPERVISOR)
    door = reverse("bidding:decide_rollback", args=[number])
    yes = {"approves": "yes", "why": "属实"}
    for read in ({}, {"seen": "1"}):  # of nothing, or of the one that was refused
        assert "读过的内容已被修改" in supervisor.post(door, yes | read).content.decode()
    shown = supervisor.get(reverse("bidding:evaluation", args=[number]))
    assert supervisor.post(door, yes | accounts.seen_on(shown, door)).status_code == 302

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


def test_after_the_last_signature_the_panel_judges_again_while_nobody_is_determined_and_what_was_is_kept():
    evaluation = make.ranked()
    number, seats = evaluation.project.number, make.members(evaluation)
    project, first = evaluation.project, evaluation.commitment
    before = Proposal.objects.get()

    def ask(ground="sum"):
        return going_back.ask(project_number=number, ground=ground, reason="汇总时漏加一项", by=cast.OFFICER, at=LATER)

    with pytest.raises(Refused, match="award.no-objection"):
        ask("objection")
    assert "申请重新评审" in page(evaluation, cast.OFFICER)
    ask()
    assert awards_desk.proposal(project) == before  # until it is decided
    going_back.decide(project_number=number, approves=True, why="属实", by=cast.SUPERVISOR, at=LATER)

    project.refresh_from_db()
    evaluation.refresh_from_db()
    assert (project.stage, evaluation.step) == ("deciding", Step.SCORES)
    assert awards_desk.proposal(project) is None and awards_desk.earlier(project) == [before]
    with pytest.raises(Refused, match="award.not-proposed|project.stage"):
        awards.determine(number=number, org=cast.YINSHAN, by=cast.OFFICER, at=LATER)
    make.locked(evaluation, **{cast.YINSHAN: LOW})
    with pytest.raises(Refused, match="rollback.ground"):
        ask("objection")  # of a report that is still being signed nobody outside knows
    make.signed(evaluation)

    held = awards_desk.proposal(project)
    assert held != before and [each.org for each in held.ranked][0] == cast.HETAO != before.ranked[0].org
    letters = Message.objects.filter(to_role=Role.SUPERVISOR, subject__startswith="重新评审改变评审结果")
    assert letters.count() == 1 and len(held.sheets) == 10
    assert [said["before"] for said in told("evaluation.rolled-back")] == [first]
    address = reverse("market:award", args=[number])
    for by, sees in ((cast.OFFICER, True), (cast.PROVIDER, False), (cast.STRANGER, False)):
        assert ("原评审报告" in accounts.client_of(by).get(address).content.decode()) is sees

    make.awarded(number, cast.HETAO, at=LATER)
    [published] = told("market.award-published")
    [earlier] = published["earlier"]
    assert commitment.matches(first, commitment.REPORT, before.content, bytes.fromhex(earlier["salt"]))
    assert blobs.read(earlier["report_sha256"]) == before.report.encode()
    assert "原评审报告" in accounts.client_of(cast.STRANGER).get(address).content.decode()
    with pytest.raises(Refused, match="award.too-late-to-judge-again"):
        ask()
    with pytest.raises(IntegrityError, match="final"), transaction.atomic():
        Proposal.objects.filter(pk=before.pk).update(superseded_at=None)
    assert len(seats) == 5


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
        ((one, ("evaluation.price-settled", back[1]), two), True),
        ((one, ("evaluation.price-settled", {"before": "c"}), two), False),
        ((one, two), False), ((back, one, two), False), ((one, (back[0], {"before": "c"}), two), False),
    ):  # fmt: skip
        record = Told(*entries)
        try:
            outcome._made_anew(record, record.of("evaluation.reported"))
        except Broken:
            assert not right, entries
        else:
            assert right, entries
