import json

import pytest

from bidding.evaluation import queries, scoring
from bidding.evaluation.models import Sheet
from bidding.evaluation.rules import Step
from draws import services as drawing
from draws.models import Draw
from experts.panels import queries as panels
from ledger.models import Entry, Log
from market.awards.models import Proposal
from market.projects.models import Project
from proofs import commitment
from proofs.prices import pool_of
from rulebook.refusal import Refused
from tests import cast
from tests.make import draws, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


person = experts.person_of


def public(kind):
    rows = Entry.objects.filter(log=Log.PUBLIC, kind=kind).order_by("seq")
    return [json.loads(row.event)["d"] for row in rows]


def test_a_draft_survives_and_cells_not_sent_stay():
    evaluation = make.scoring_open()
    seat = make.members(evaluation)[0]
    make.saves(evaluation, seat, {cast.HETAO: {"f1": "12.5"}})
    make.saves(evaluation, seat, {cast.HETAO: {"f2": "7"}, cast.YINSHAN: {"f1": "30.0"}})

    assert Sheet.objects.get().scores == {cast.HETAO: {"f1": "12.5", "f2": "7"}, cast.YINSHAN: {"f1": "30"}}


def test_points_out_of_range_or_step_are_refused():
    evaluation = make.scoring_open()
    seat = make.members(evaluation)[0]

    for text in ("40.5", "-1", "12.3", "NaN", "1e1000", "abc", "Infinity", "40,0"):
        with pytest.raises(Refused, match="sheet.points"):
            make.saves(evaluation, seat, {cast.HETAO: {"f1": text}})
        assert not Sheet.objects.exists(), text


def test_full_width_digits_are_read_as_the_number_they_mean():
    evaluation = make.scoring_open()

    make.saves(evaluation, make.members(evaluation)[0], {cast.HETAO: {"f1": "４０"}})

    assert Sheet.objects.get().scores == {cast.HETAO: {"f1": "40"}}


@pytest.mark.parametrize("cells", [{"nobody": {"f1": "1"}}, {cast.HETAO: {"f9": "1"}}])
def test_a_cell_that_is_not_on_the_sheet_is_refused(cells):
    evaluation = make.scoring_open()

    with pytest.raises(Refused, match="sheet.unknown-cell"):
        make.saves(evaluation, make.members(evaluation)[0], cells)


def test_a_lock_is_complete_confirmed_and_final():
    evaluation = make.scoring_open()
    seat = make.members(evaluation)[0]
    number, who = evaluation.project.number, person(seat)
    make.saves(evaluation, seat, {cast.HETAO: {"f1": "12"}})
    with pytest.raises(Refused, match="sheet.incomplete"):
        scoring.lock_sheet(project_number=number, confirmed=True, by=who, at=LATER)
    make.saves(evaluation, seat)
    with pytest.raises(Refused, match="sheet.unconfirmed"):
        scoring.lock_sheet(project_number=number, confirmed=False, by=who, at=LATER)

    first = scoring.lock_sheet(project_number=number, confirmed=True, by=who, at=LATER)
    again = scoring.lock_sheet(project_number=number, confirmed=True, by=who, at=LATER)

    assert first.commitment == again.commitment and Sheet.objects.get().version == 1
    with pytest.raises(Refused, match="sheet.locked"):
        make.saves(evaluation, seat, {cast.HETAO: {"f1": "13"}})


def test_locks_become_public_all_at_once():
    evaluation = make.scoring_open()
    *first, last = make.members(evaluation)
    for seat in first:
        make.locks(evaluation, seat)
    assert public("evaluation.sheet-locked") == []
    assert Entry.objects.filter(log=Log.SEALED, kind="evaluation.sheet-sealed").count() == 4

    make.locks(evaluation, last)

    assert [said["seat"] for said in public("evaluation.sheet-locked")] == [1, 2, 3, 4, 5]


def test_a_commitment_opens_to_the_sheet_that_was_locked():
    evaluation = make.locked(make.scoring_open())

    for said in public("evaluation.sheet-locked"):
        version = Sheet.objects.get(seat__seat_no=said["seat"], seat__state="seated").versions.get()
        opened = commitment.commit("eval1/sheet", json.loads(version.content), bytes.fromhex(version.salt))
        assert opened == said["commitment"]
    assert evaluation.step == Step.SIGNING


def test_scores_before_the_review_has_ended_are_refused():
    evaluation = make.declared(make.seated())

    with pytest.raises(Refused, match="sheet.not-the-moment"):
        make.saves(evaluation, make.members(evaluation)[0], {cast.HETAO: {"f1": "1"}})


def disputed():
    evaluation = make.scoring_open()
    seats = make.members(evaluation)
    for n, seat in enumerate(seats):
        points = {"f1": "25" if n == 0 else "30", "f2": str(10 + n)}
        make.locks(evaluation, seat, make.cells(evaluation, **{cast.HETAO: points}))
    evaluation.refresh_from_db()
    return evaluation, seats


def test_scenario_8_a_disagreement_on_an_objective_factor_stops_the_report_until_it_is_resolved():
    evaluation, seats = disputed()
    assert evaluation.step == Step.DISPUTE and not public("evaluation.reported")
    assert queries.disputed(evaluation) == ((cast.HETAO, "f1"),)
    number, who = evaluation.project.number, person(seats[0])
    with pytest.raises(Refused, match="report.not-ready"):
        make.signs(evaluation, seats[1])
    with pytest.raises(Refused, match="sheet.reopen-reason"):
        scoring.reopen_sheet(project_number=number, reason=" ", by=who, at=LATER)

    scoring.reopen_sheet(project_number=number, reason="漏看检测报告", by=who, at=LATER)
    with pytest.raises(Refused, match="sheet.not-disputed"):
        make.saves(evaluation, seats[0], {cast.HETAO: {"f2": "29"}})
    make.saves(evaluation, seats[0], {cast.HETAO: {"f1": "30"}})
    scoring.lock_sheet(project_number=number, confirmed=True, by=who, at=LATER)

    evaluation.refresh_from_db()
    assert evaluation.step == Step.SIGNING
    assert [said["seat"] for said in public("evaluation.sheet-corrected")] == [seats[0].seat_no]
    assert Sheet.objects.get(seat=seats[0]).versions.order_by("version").last().why == "漏看检测报告"
    assert "漏看检测报告" not in " ".join(Entry.objects.filter(log=Log.PUBLIC).values_list("event", flat=True))


def test_a_correction_that_still_differs_leaves_the_dispute_open():
    evaluation, seats = disputed()
    number, who = evaluation.project.number, person(seats[0])
    scoring.reopen_sheet(project_number=number, reason="复核", by=who, at=LATER)
    make.saves(evaluation, seats[0], {cast.HETAO: {"f1": "26"}})
    scoring.lock_sheet(project_number=number, confirmed=True, by=who, at=LATER)

    evaluation.refresh_from_db()
    assert evaluation.step == Step.DISPUTE


def test_a_sheet_is_not_reopened_without_a_dispute():
    evaluation = make.scoring_open()
    seat = make.members(evaluation)[0]
    make.locks(evaluation, seat)

    with pytest.raises(Refused, match="sheet.no-dispute"):
        scoring.reopen_sheet(project_number=evaluation.project.number, reason="x", by=person(seat), at=LATER)


def test_subjective_scores_may_differ_and_the_mean_counts():
    evaluation = make.scoring_open()
    for n, seat in enumerate(make.members(evaluation)):
        make.locks(evaluation, seat, make.cells(evaluation, **{cast.HETAO: {"f1": "30", "f2": str(20 + n)}}))

    evaluation.refresh_from_db()
    found = {bid["org"]: bid for bid in json.loads(evaluation.report)["bids"]}
    assert found[cast.HETAO]["total"] == "81.70"  # 29.70 + 30 + mean(20…24)
    assert found[cast.HETAO]["rank"] == 1


def test_the_coefficient_that_was_drawn_at_the_opening_makes_the_price_points():
    evaluation = make.scoring_open()
    project, tender = evaluation.project, make.tender_of(evaluation)
    drawn = {"key": "mean-ratio", "params": {}, "draw": {"k": ["0.1", "0.2"]}}
    type(tender).objects.filter(pk=tender.pk).update(formula=drawn)
    draw = drawing.announce(
        project_number=project.number, purpose="k", stream=project.log, contributors=draws.CONTRIBUTORS,
        strata=[{"key": "k", "need": 1, "standby": 0}], max_per_org=1, pool=pool_of("k", ["0.1", "0.2"]), openings=[],
        windows=draws.WINDOWS, by=cast.OFFICER, at=LATER,
    )  # fmt: skip
    value = draws.decided(draw).result[0]["chosen"][0]
    make.locked(evaluation)

    told = json.loads(evaluation.report)
    assert told["drawn"] == {"k": value} and told["scoring"]["formula"] == drawn
    points = {bid["org"]: bid["price_points"] for bid in told["bids"]}
    # adjusted 1,000,000, 990,000 and 1,250,000: mean 1,080,000, less a tenth 972,000, less a fifth 864,000
    wanted = {"0.1": ["29.16", "29.45", "23.33"], "0.2": ["25.92", "26.18", "20.74"]}[value]
    assert [points[org] for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG)] == wanted


# The report


def test_a_member_signs_once_with_his_dissent_and_the_last_hands_in():
    evaluation = make.locked(make.scoring_open())
    *first, last = make.members(evaluation)
    make.signs(evaluation, first[0], "对甲公司的技术得分有不同意见")
    with pytest.raises(Refused, match="report.signed"):
        make.signs(evaluation, first[0])
    for seat in first[1:]:
        make.signs(evaluation, seat)
    assert not Proposal.objects.exists()

    make.signs(evaluation, last)

    assert Proposal.objects.count() == 1


def test_equal_points_and_quotes_are_put_in_order_by_lot_before_the_report_goes_to_the_buyer():
    evaluation = make.scoring_open(4, prices=("1000000.00", "1250000.00", "1200000.00", "1200000.00"))
    make.locked(evaluation)
    make.signed(evaluation)
    assert evaluation.step == Step.TIE and not Proposal.objects.exists()
    draw = Draw.objects.get(purpose="tie")
    said = " ".join(Entry.objects.filter(log=Log.PUBLIC, kind__startswith="draw.").values_list("event", flat=True))
    assert cast.WULIANG not in said and cast.LANGSHAN not in said and len(draw.pool) == 2

    make.tie_settled(evaluation)

    behind = {row["cid"]: row["number"] for row in draw.openings}
    drawn = [behind[cid] for cid in draws.draw_row(draw).result[0]["chosen"]]
    order = Proposal.objects.get().order
    assert [org for org in order if org in (cast.WULIANG, cast.LANGSHAN)] == drawn
    assert evaluation.step == Step.DONE


def test_one_seat_is_not_told_by_the_public_log_who_sits_on_it():
    make.ranked()

    seated = public("evaluation.seated")[0]["seats"]
    assert seated == sorted(seated)
    assert [s.cid for s in panels.seated(Project.objects.get().number)] != []
