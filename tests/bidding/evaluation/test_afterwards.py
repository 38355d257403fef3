"""After an evaluation: losers read their own points, both sides appraise each other, the supervision body has clues."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Message
from bidding.evaluation import afterwards, bias
from bidding.evaluation.panel_models import Appraisal
from market.awards import results
from market.awards.models import Proposal
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER
from tests.make.notifier import expert_of

pytestmark = pytest.mark.embedded

AGENCY = dict.fromkeys(afterwards.OF_AGENCY, 5)
EXPERT = dict.fromkeys(afterwards.OF_EXPERT, 4)


def test_clues_are_shares_of_the_others_mean_and_do_not_depend_on_the_order() -> None:
    D = Decimal
    panel = {"a": {"x": D(60), "y": D(40)}, "b": {"x": D(40), "y": D(40)}, "c": {"x": D(40), "y": D(40)}}
    assert bias.shares(panel)["a"] == {"x": D("0.5"), "y": D(0)}
    other = {"a": {"x": D(50), "z": D(10)}, "d": {"x": D(40), "z": D(20)}}
    told = bias.clues([panel, other])
    random.Random(3).shuffle(panels := [panel, other])
    assert bias.clues(panels) == bias.clues(panels[::-1]) == told
    first = next(clue for clue in told if clue.expert == "a")
    assert (first.panels, first.favoured, first.times, first.leaning) == (2, "x", 2, D("0.375"))
    assert first.deviation == D("0.313")  # of 0.5, 0, 0.25, 0.5
    assert bias.clues([{"alone": {"x": D(1)}}]) == []


@pytest.mark.django_db
def test_a_loser_reads_its_own_points_both_sides_appraise_and_clues_come_with_the_result(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: LATER)
    evaluation = make.scoring_open()
    number = evaluation.project.number
    member, *others = [experts.person_of(seat) for seat in make.members(evaluation)]

    def appraises(by, at=LATER, marks=None, seat=0, text=""):
        return afterwards.appraise(
            project_number=number, seat_no=seat, marks=AGENCY if marks is None else marks, text=text, by=by, at=at
        )

    with pytest.raises(Refused, match=r"appraisal\.too-early"):
        appraises(member)
    make.signed(make.locked(evaluation, **{cast.HETAO: {"f1": "30", "f2": "10"}}))
    evaluation.refresh_from_db()
    for marks in ({}, EXPERT, AGENCY | {"order": 6}):
        with pytest.raises(Refused, match=r"appraisal\.marks"):
            appraises(member, marks=marks)
    due = afterwards.WITHIN.due(evaluation.step_since)
    with pytest.raises(Refused, match=r"appraisal\.too-late"):
        appraises(member, at=due)
    appraises(member, at=due - timedelta(seconds=1), text="引导不当")
    with pytest.raises(Refused, match=r"appraisal\.done"):
        appraises(member)
    appraises(cast.OFFICER, marks=EXPERT, seat=2)
    for stranger in (cast.RIVAL, cast.SUPERVISOR, cast.PROVIDER):
        with pytest.raises(Refused, match=r"appraisal\.not-yours"):
            appraises(stranger, marks=EXPERT, seat=3)
    assert Appraisal.objects.count() == 2

    def page(actor, name, *args, status=200):
        answer = accounts.client_of(actor).get(reverse(name, args=args))
        assert answer.status_code == status
        return answer.content.decode()

    assert "引导不当" in page(cast.SUPERVISOR, "bidding:evaluation", number)
    assert "引导不当" not in page(cast.OFFICER, "bidding:evaluation", number)
    assert "评价采购组织单位" in page(others[0], "bidding:evaluation", number)
    assert afterwards.clues(cast.SUPERVISOR) == []  # nothing before the result is public
    page(cast.OFFICER, "bidding:clues", status=404)
    assert results.own(evaluation.project, viewer=cast.PROVIDER) is None

    winner = Proposal.objects.get().ranked[0].org
    make.awarded(number, winner, at=LATER)

    letter = Message.objects.get(to_organisation_id=cast.HETAO, subject__startswith="评审结果").body
    assert "10.00/" in letter and "价格 29.70/" in letter
    mine = page(cast.PROVIDER, "market:award", number)
    assert "本单位的评审结果" in mine and "10.00" in mine
    assert "本单位的评审结果" not in page(cast.STRANGER, "market:award", number)
    clue = page(cast.SUPERVISOR, "bidding:clues")
    assert clue.count("0.000") >= 5 and all(expert_of(seat).user.name in clue for seat in make.members(evaluation))
