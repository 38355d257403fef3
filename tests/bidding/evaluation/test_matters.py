"""What a panel settles beside its sheets: its leader, what it asks of a bidder, and what follows for the report."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Message
from bidding.evaluation import matters, raising, services, settled, tasks
from bidding.evaluation.chair import election
from bidding.evaluation.rules import Step
from experts.panels.request import OWNER
from ledger.models import Entry, Log
from market.awards.models import Proposal
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
person = experts.person_of
CORRECTED = {"to": "1050000.00", "rule": "words-figures", "minutes": 30}


def raises(evaluation, kind, org=cast.HETAO, by=0, at=LATER, **facts):
    return raising.raise_matter(
        project_number=evaluation.project.number, kind=kind, org="" if kind == "same-brand" else org, text="见第5页",
        facts={"minutes": 30} | facts if kind in ("clarify", "explain") else facts,
        by=person(make.members(evaluation)[by]), at=at,
    )  # fmt: skip


def votes(evaluation, row, *yes, stage="ask", first=1):
    for place, said in enumerate(yes, first):
        raising.vote(
            project_number=evaluation.project.number, matter=row.pk, stage=stage, yes=said,
            by=person(make.members(evaluation)[place]), at=LATER,
        )  # fmt: skip
    row.refresh_from_db()
    return row


def asked(evaluation, kind, **facts):
    row = raises(evaluation, kind, **facts)
    return votes(evaluation, row, True, True)


def replies(evaluation, row, by=cast.PROVIDER, text="以大写为准", agreed=None, at=LATER):
    return raising.reply(
        project_number=evaluation.project.number, matter=row.pk, text=text, agreed=agreed, by=by, at=at
    )


def report(evaluation):
    evaluation.refresh_from_db()
    return {bid["org"]: bid for bid in json.loads(evaluation.report)["bids"]}


def test_a_leader_needs_more_than_half_else_the_first_two_are_voted_on_again():
    five = {1, 2, 3, 4, 5}
    assert election([], seats=five, barred={5}).standing == (1, 2, 3, 4)
    assert election([{1: 1, 2: 1, 3: 1, 4: 4}], seats=five, barred=()).leader is None  # one has not voted
    assert election([{1: 1, 2: 1, 3: 1, 4: 4, 5: 4}], seats=five, barred=()).leader == 1
    again = election([{1: 1, 2: 1, 3: 4, 4: 4, 5: 2}], seats=five, barred=())
    assert (again.leader, again.round, again.standing) == (None, 2, (1, 4))
    settled_in_two = [{1: 1, 2: 1, 3: 4, 4: 4, 5: 2}, dict.fromkeys(five, 4)]
    assert election(settled_in_two, seats=five, barred=()).leader == 4
    assert election(settled_in_two, seats=five - {4} | {6}, barred=()).leader is None  # who led has left
    assert election([dict.fromkeys(five, 5)], seats=five, barred={5}).leader is None


def test_nobody_judges_before_a_leader_is_elected_and_the_buyers_own_may_not_be():
    evaluation = make.signed_in(make.seated())
    first, *others = make.members(evaluation)
    number = evaluation.project.number
    for seat in (first, *others):
        services.declare(project_number=number, by=person(seat), at=LATER)
    with pytest.raises(Refused, match="leader.first"):
        services.review(project_number=number, votes=make.votes(evaluation), by=person(first), at=LATER)
    type(first).objects.filter(pk=first.pk).update(stratum=OWNER)
    with pytest.raises(Refused, match="leader.owners"):
        raising.elect(project_number=number, choice=1, by=person(others[0]), at=LATER)
    for seat in (first, *others):
        raising.elect(project_number=number, choice=2, by=person(seat), at=LATER)
        if seat is first:
            with pytest.raises(Refused, match="leader.voted"):
                raising.elect(project_number=number, choice=3, by=person(seat), at=LATER)
    assert settled.chosen(evaluation).leader == others[0].pk
    with pytest.raises(Refused, match="leader.elected"):
        raising.elect(project_number=number, choice=2, by=person(first), at=LATER)


def test_a_correction_the_bidder_confirms_is_what_the_report_compares_and_the_award_pays():
    evaluation = make.scoring_open()
    row = raises(evaluation, "correct", **CORRECTED)
    assert row.carried is None and not Message.objects.filter(subject__contains="书面答复").exists()
    row = votes(evaluation, row, True, True)
    make.locked(evaluation)
    assert evaluation.step == Step.SCORES  # the report waits for the bidder
    with pytest.raises(Refused, match="matter.agree"):
        replies(evaluation, row)
    replies(evaluation, row, agreed=True)
    found = report(evaluation)
    assert evaluation.step == Step.SIGNING
    assert found[cast.HETAO]["corrected"] == {"to": "1050000.00", "rule": "words-figures"}
    assert found[cast.HETAO]["quote"] == "1000000.00" and found[cast.HETAO]["adjusted"] == "1050000.00"
    make.signed(evaluation)
    told = {each.org: each.quote for each in Proposal.objects.get().ranked}
    assert told[cast.HETAO] == Decimal("1050000.00")


@pytest.mark.parametrize("silent", [True, False])
def test_a_bidder_who_does_not_confirm_or_says_nothing_is_out_and_too_few_end_the_purchase(silent):
    evaluation = make.scoring_open()
    row = asked(evaluation, "correct", **CORRECTED)
    if silent:
        tasks.close_silent(by=SYSTEM, at=row.due_at - timedelta(seconds=1))
        row.refresh_from_db()
        assert row.closed_at is None
        with pytest.raises(Refused, match="matter.too-late"):
            replies(evaluation, row, agreed=True, at=row.due_at)
        tasks.close_silent(by=SYSTEM, at=row.due_at)
    else:
        replies(evaluation, row, agreed=False)
    evaluation.refresh_from_db()
    assert evaluation.compliance[cast.HETAO] == {"compliant": False, "reasons": ["不确认按规定修正后的报价"]}
    assert evaluation.step == Step.FAILED  # two are left of three


def test_a_low_price_is_explained_in_time_and_the_panel_judges_by_majority():
    signs = matters.low_price_signs({"a": Decimal(39), "b": Decimal(90), "c": Decimal(110)}, cap=Decimal(120))
    assert {org: len(found) for org, found in signs.items()} == {"a": 3}
    assert matters.low_price_signs({"a": Decimal(54)}, cap=Decimal(120)) == {}
    evaluation = make.reviewed(make.declared(make.seated(4)))
    row = asked(evaluation, "explain")
    with pytest.raises(Refused, match="matter.decided"):
        votes(evaluation, row, True, stage="judge")
    with pytest.raises(Refused, match="matter.reply-text"):
        replies(evaluation, row, text=" ")
    replies(evaluation, row, text="本单位有现货")
    assert row.raised.makes_invalid == ""
    row = votes(evaluation, row, True, True, False, True, stage="judge")
    assert row.upheld is True
    evaluation.refresh_from_db()
    assert (evaluation.step, evaluation.compliance[cast.HETAO]["compliant"]) == (Step.SCORES, False)
    make.locked(evaluation)
    assert report(evaluation)[cast.HETAO]["rank"] is None


def test_of_one_brand_only_the_best_is_a_candidate_and_they_count_as_one():
    evaluation = make.scoring_open(4)
    row = raises(evaluation, "same-brand", orgs=[cast.HETAO, cast.WULIANG])
    votes(evaluation, row, True, True)
    assert settled.Settled(evaluation).bidders() == 3
    with pytest.raises(Refused, match="matter.twice"):
        raises(evaluation, "same-brand", orgs=[cast.HETAO, cast.YINSHAN])
    make.signed(make.locked(evaluation))
    found = report(evaluation)
    assert found[cast.HETAO]["rank"] is not None and found[cast.WULIANG]["rank"] is None
    assert cast.WULIANG not in {each.org for each in Proposal.objects.get().ranked}


def test_what_is_not_carried_has_no_effect_and_what_is_foreign_is_refused():
    evaluation = make.scoring_open()
    row = votes(evaluation, raises(evaluation, "correct", **CORRECTED), False, False, False)
    assert (row.carried, row.due_at, row.raised.waits_for) == (False, None, "")
    for kind, facts, code in (
        ("policy", {"policy": "domestic"}, "matter.policy"), ("other", {}, "matter.unknown"),
        ("correct", {**CORRECTED, "to": "-1"}, "matter.correction"), ("clarify", {"minutes": 4}, "matter.minutes"),
        ("correct", {**CORRECTED, "rule": "a hunch"}, "matter.correction"),
        ("same-brand", {"orgs": [cast.HETAO]}, "matter.whose"), ("clarify", {"org": "nobody"}, "matter.whose"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            raises(evaluation, kind, **facts)
    make.locked(evaluation)
    with pytest.raises(Refused, match="matter.not-the-moment"):
        raises(evaluation, "clarify")


def test_the_page_of_matters_is_read_as_cheaply_with_many_as_with_one():
    evaluation = make.scoring_open()
    member = accounts.client_of(person(make.members(evaluation)[4]))
    page = reverse("bidding:matters", args=[evaluation.project.number])
    counts = []
    for more in (1, 3):
        for _ in range(more):
            asked(evaluation, "clarify")
        with CaptureQueriesContext(connection) as read:
            assert member.get(page).status_code == 200
        counts.append(len(read))
    assert counts[0] == counts[1] and sum("panelmatter" in row["sql"] for row in read.captured_queries) == 2


def test_what_is_asked_is_read_by_the_panel_and_that_bidder_alone():
    evaluation = make.scoring_open()
    address = reverse("bidding:asked", args=[evaluation.project.number])
    page = reverse("bidding:matters", args=[evaluation.project.number])
    public = Entry.objects.filter(log=Log.PUBLIC).count()
    row = asked(evaluation, "clarify")
    assert Entry.objects.filter(log=Log.PUBLIC).count() == public
    assert "见第5页" not in Message.objects.get(subject__contains="书面答复").body

    def status(actor, to, **data):
        client = accounts.client_of(actor)
        return (client.post(to, data) if data else client.get(to)).status_code

    assert status(cast.PROVIDER, address) == 200
    for other in (cast.RIVAL, cast.OFFICER, cast.SUPERVISOR):
        assert (status(other, address), status(other, page)) == (404, 404), other
        assert status(other, f"{address}{row.pk}", text="x") == 404
        assert status(other, f"{page}{row.pk}", stage="ask", yes="yes") == 404
    member = person(make.members(evaluation)[4])
    assert (status(member, page), status(member, address)) == (200, 404)
    sent = accounts.client_of(cast.PROVIDER).post(f"{address}{row.pk}", {"text": "第5页的数量为两套"})
    assert sent.status_code == 302
    assert "第5页的数量为两套" in accounts.client_of(member).get(page).content.decode()
    with pytest.raises(Refused, match="matter.answered"):
        replies(evaluation, row)
