"""A decision on an expert is asked between invitation and seat and after: he is replaced, and nobody is told who."""

import json
from datetime import date

import pytest

from bidding.evaluation import queries, raising, services
from bidding.evaluation.rules import Step
from bidding.evaluation.tasks import replace_barred
from experts.panels.models import Seat
from experts.panels.rules import SeatState
from ledger.models import Entry
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, blacklist, experts, registry
from tests.make import evaluation as make
from tests.make.evaluation import LATER
from tests.make.notifier import expert_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def banned(person, serial, **other):
    """A decision on whoever this is, under the number by which the register knows him."""
    number = registry.known(expert_of(person).user, serial)
    facts = {"basis": "gpr-75", "ends_on": date(2099, 2, 28), "decision_no": f"河罚{serial}号", "at": LATER}
    return blacklist.person(number, **facts | other)


def ticked():
    replace_barred(by=cast.SYSTEM, at=LATER)


def replaced():
    return [json.loads(entry.event)["d"] for entry in Entry.objects.filter(kind="evaluation.replaced").order_by("seq")]


def test_who_is_banned_after_the_draw_neither_accepts_nor_signs_in_nor_declares_and_the_next_in_line_is_asked(
    monkeypatch,
):
    monkeypatch.setattr("rulebook.clock.now", lambda: LATER)
    evaluation = make.qualified()
    number, panel = evaluation.project.number, experts.drawn_panel(make.convened(evaluation), at=LATER, played=False)
    asked = experts.invited(panel)

    # asked and then banned: he cannot accept, sees why himself, and may decline; the next in line is asked
    banned(asked[0], 1)
    elsewhere = banned(asked[1], 2, basis="zb-56")  # a ban from works keeps nobody from this panel
    with pytest.raises(Refused, match=r"blacklist\.banned"):
        experts.answers(asked[0], at=LATER)
    page = accounts.client_of(experts.person_of(asked[0])).get(f"/experts/invitations/{asked[0].public_id}/")
    assert "河罚1号" in page.content.decode() and elsewhere.decision_no not in page.content.decode()
    ticked()
    ticked()
    (line,) = replaced()
    assert line["out"] == asked[0].cid and line["reason"] == "declined"
    following = Seat.objects.get(cid=line["in"])
    assert SeatState(following.state) is SeatState.INVITED

    # accepted and then banned
    for seat in (asked[1], asked[2], asked[3], asked[4]):
        experts.answers(seat, at=LATER)
    banned(asked[2], 3)
    ticked()
    assert replaced()[-1]["out"] == asked[2].cid and len(replaced()) == 2

    # seated: neither signs in nor declares; lifted, he goes on as if nothing had been
    for seat in experts.invited(panel):
        experts.answers(seat, at=LATER)
    sitting = make.members(evaluation)[0]
    himself = experts.person_of(sitting)
    row = banned(sitting, 4)
    with pytest.raises(Refused, match=r"blacklist\.banned"):
        raising.sign_in(project_number=number, promised=True, by=himself, at=LATER)
    blacklist.followed(row.public_id, "stayed", at=LATER)
    make.signed_in(evaluation)
    blacklist.followed(row.public_id, "resumed", at=LATER)
    with pytest.raises(Refused, match=r"blacklist\.banned"):
        services.declare(project_number=number, by=himself, at=LATER)
    shown = accounts.client_of(himself).get(f"/projects/{number}/evaluation/").content.decode()
    assert "河罚4号" in shown and 'aria-disabled="true"' in shown
    blacklist.followed(row.public_id, "stayed", at=LATER)
    services.declare(project_number=number, by=himself, at=LATER)
    ticked()
    assert len(replaced()) == 2

    # judging: what he said is void, the next in line sits, and the panel begins again where it must
    make.declared(evaluation)
    assert evaluation.step == Step.REVIEW
    blacklist.followed(row.public_id, "resumed", at=LATER)
    ticked()
    evaluation.refresh_from_db()
    assert replaced()[-1]["out"] == sitting.cid and evaluation.step == Step.PANEL
    (called,) = experts.invited(panel)
    experts.answers(called, at=LATER)
    make.declared(evaluation)
    assert evaluation.step == Step.REVIEW and len(make.members(evaluation)) == 5
    assert queries.member(evaluation.project, himself) is None

    # nobody is told who: the public log speaks as of everybody who leaves, and no page of the officer's says a word
    told = "".join(entry.event for entry in Entry.objects.filter(log="public", stream=evaluation.project.log))
    assert "禁" not in "".join(str(each) for each in replaced()) and "河罚" not in told
    for where in ("panel/", "evaluation/"):
        page = accounts.client_of(cast.OFFICER).get(f"/projects/{number}/{where}").content.decode()
        assert "禁止参加评审" not in page and "河罚" not in page
    with pytest.raises(Refused, match=r"seat\.not-system"):
        services.seating.pass_over_barred(seat=called, by=cast.SUPERVISOR, at=LATER)
