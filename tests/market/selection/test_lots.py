"""Choosing by lot: who is left on the day, the draw, the standby ranks, and the award desk after it."""

import json
from datetime import timedelta

import pytest

from draws import services as drawing
from draws.models import Draw
from ledger import blobs
from ledger.models import Entry, Log
from market.awards import accepting, services, tasks
from market.awards import queries as awards
from market.awards.models import Award, Proposal
from market.contracts import queries as contracts
from market.projects.models import Project
from market.projects.rules import Stage
from market.selection import queries
from market.selection import services as selection
from market.selection import tasks as choice
from proofs import canonical
from proofs.selection import why_not_selection
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cells import cell
from tests.make import accounts, blacklist, choices
from tests.make import draws as lots

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]
DAY = choices.SELECTS


def now(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def facts(project: Project, *kinds: str) -> list[dict]:
    rows = Entry.objects.filter(log=Log.PUBLIC, stream=project.log, kind__in=kinds).order_by("seq")
    return [json.loads(row.event)["d"] for row in rows]


def determined(project: Project, *, after: timedelta = 10 * cast.DAY) -> Award:
    tasks.deem_determined(by=SYSTEM, at=DAY + after)
    return awards.standing(now(project))


@cell("lots", "many")
def test_four_enrol_one_certificate_ends_that_day_and_lots_decide_among_three():
    """Scenario 9."""
    project = choices.open_choice(firms=3, selects_at=choices.CLOSES + cast.DAY)
    choices.certified(cast.FOURTH, days=0)  # its last day is the day of the deadline
    closed = choices.closed(project, *choices.FIRMS)
    done = choices.drawn(closed, at=choices.CLOSES + cast.DAY)

    [frozen] = facts(done, "selection.pool-frozen")
    pool = canonical.parse(blobs.read(frozen["sha256"]))
    [out] = pool["out"]
    assert (out["org"], "到期" in out["reasons"][0]) == (cast.LANGSHAN, True)
    assert {each["org"] for each in pool["eligible"]} == {cast.HETAO, cast.YINSHAN, cast.WULIANG}
    held = Proposal.objects.get(project=done)
    assert why_not_selection(held.content) == ()
    assert sorted(choices.ranked(done)) == sorted(each["org"] for each in pool["eligible"])
    assert (done.stage, held.content["basis"]["draw"]) == (Stage.PROPOSED, f"{done.number}/provider/1")
    page = accounts.client_of(cast.STRANGER).get(f"/purchases/{done.number}/choice/").content.decode()
    assert "到期" in page and "在本机重算" in page


def test_a_report_whose_ranks_are_not_the_lots_does_not_add_up():
    report = Proposal.objects.get(project=choices.won()).content
    swapped = json.loads(json.dumps(report))
    first, second = (next(bid for bid in swapped["bids"] if bid["rank"] == rank) for rank in (1, 2))
    first["rank"], second["rank"] = 2, 1

    assert why_not_selection(swapped) == ("the ranks are not those of the lots",)
    left = {**report, "bids": [bid for bid in report["bids"] if bid["rank"] != 3]}
    assert why_not_selection(left)
    assert why_not_selection({**report, "basis": {**report["basis"], "seed": "00" * 32}})


@pytest.mark.both
@cell("lots", "tied")  # chance alone decides among all
def test_the_draw_is_held_by_three_who_are_not_the_buyer_and_settles_by_their_messages():
    project = choices.closed(choices.open_choice(), *choices.FIRMS)
    row = choices.chosen(project)

    assert {each["org"] for each in row.contributors} == {cast.CENTRE, cast.NOTARY, cast.PLATFORM}
    assert [(s["need"], s["standby"]) for s in row.strata] == [(1, 2)]
    row = lots.settled(row, at=DAY)
    choice.choose(by=SYSTEM, at=DAY + cast.MINUTE)

    assert choices.ranked(project) == queries.order_of(row)
    others = [bid for bid in Proposal.objects.get(project=project).content["bids"] if bid["rank"] is None]
    assert [bid["reasons"] for bid in others] == [["未抽中"]]


@cell("lots", "1", "2", "banned")
@pytest.mark.parametrize(("fund", "left", "goes_on"), [("fiscal", 2, False), ("own", 1, True), ("own", 0, False)])
def test_whoever_is_banned_in_between_is_out_and_too_few_fail_the_purchase(fund, left, goes_on):
    project = choices.closed(choices.open_choice(firms=3, fund=fund), *choices.FIRMS[:3])
    accounts.world()
    for number, firm in enumerate(choices.FIRMS[left:3]):
        code = firm.organisation
        blacklist.sanction(**choices.BAN, code=code, name=cast.NAMES[code], decision_no=f"河综〔2026〕{number}号")
    row = choices.chosen(project)

    assert (row is not None) is goes_on
    [frozen] = facts(project, "selection.pool-frozen")
    assert (frozen["eligible"], frozen["out"]) == (left, 3 - left)
    out = canonical.parse(blobs.read(frozen["sha256"]))["out"]
    assert all("河综〔2026〕" in each["reasons"][0] for each in out)
    assert now(project).stage == (Stage.DECIDING if goes_on else Stage.FAILED)
    if not goes_on:
        assert "选取日符合条件的机构不足" in now(project).end_reasons[0]["text"]


@pytest.mark.both
def test_a_draw_that_comes_to_nothing_is_held_again_with_the_reason_and_in_the_end_fails():
    project = choices.closed(choices.open_choice(), *choices.FIRMS)
    at = DAY
    choices.chosen(project)
    for count in (1, 2, 3):
        row = Draw.objects.get(project_number=project.number, count=count)
        at += 20 * cast.MINUTE
        drawing.advance(draw_id=row.pk, by=SYSTEM, at=at)  # nobody gave a key
        choice.choose(by=SYSTEM, at=at)

    assert [bool(row.reason) for row in Draw.objects.order_by("count")] == [False, True, True]
    assert now(project).stage == Stage.FAILED and "抽取作废" in now(project).end_reasons[0]["text"]


def test_nothing_happens_before_the_announced_time_and_nothing_twice():
    project = choices.closed(choices.open_choice(), *choices.FIRMS)

    assert choices.chosen(project, at=DAY - timedelta(microseconds=1)) is None
    with pytest.raises(Refused):
        selection.choose(number=project.number, by=SYSTEM, at=DAY - timedelta(microseconds=1))
    first = choices.chosen(project)
    assert choices.chosen(project) == first and Draw.objects.count() == 1
    done = choices.drawn(project)
    choice.choose(by=SYSTEM, at=DAY + cast.HOUR)
    assert Proposal.objects.filter(project=done).count() == 1


def test_the_result_is_published_at_once_and_the_house_determines_when_that_is_over():
    project = choices.won()
    first, *_ = choices.ranked(project)
    held = Proposal.objects.get(project=project)

    [candidates] = [row for row in project.notices.all() if row.type == "candidates"]
    assert [each["org"] for each in candidates.content["candidates"]] == choices.ranked(project)
    assert determined(project, after=timedelta(0)) is None
    with pytest.raises(Refused) as caught:
        services.determine(number=project.number, org=first, by=cast.OFFICER, at=held.publicity_ends_at)
    assert caught.value.reasons[0].code == "award.by-house"
    award = determined(project)
    assert (award.organisation, str(award.amount)) == (first, "3000.00")
    assert determined(project) == award


@pytest.mark.both
def test_an_objection_holds_the_award_up_until_it_is_answered():
    project = choices.won()
    raised = services.object_to_candidates(number=project.number, text="签号不符", by=cast.RIVAL, at=DAY + cast.MINUTE)

    assert determined(project) is None
    services.answer_objection(
        number=project.number, objection=str(raised.public_id), text="已重算，一致", by=cast.OFFICER, at=DAY + cast.HOUR
    )
    assert determined(project) is not None


def test_who_is_banned_while_the_result_is_public_is_passed_over_with_the_reason():
    project = choices.won()
    first, second, _ = choices.ranked(project)
    accounts.world()
    blacklist.sanction(**choices.BAN, code=first, name=cast.NAMES[first])

    assert determined(project).organisation == second
    [published] = facts(project, "market.award-published")
    assert published["passed_over"] == [{"org": first, "why": "banned", "numbers": []}]


def firm(org: str):
    return next(each for each in choices.FIRMS if each.organisation == org)


@pytest.mark.both
def test_the_winner_says_yes_and_then_the_contract_may_follow():
    project = choices.won()
    award = determined(project)
    due = awards.accept_due(now(project), award)
    at = award.determined_at + cast.HOUR

    assert [r.code for r in awards.why_not_contract_yet(now(project))] == ["award.not-accepted"]
    page = accounts.client_of(firm(award.organisation)).get(f"/projects/{project.number}/award/").content.decode()
    assert "确认中选" in page
    desks = {
        who: accounts.client_of(who).get("/desk/").content.decode() for who in (firm(award.organisation), cast.OFFICER)
    }
    assert "去确认" in desks[firm(award.organisation)] and "等待中选机构确认" in desks[cast.OFFICER]
    for who in (cast.OFFICER, firm(choices.ranked(project)[1])):
        with pytest.raises(Refused):
            accepting.accept(number=project.number, by=who, at=at)
    with pytest.raises(Refused):
        accepting.accept(number=project.number, by=firm(award.organisation), at=due)
    accepting.accept(number=project.number, by=firm(award.organisation), at=at)
    with pytest.raises(Refused):
        accepting.accept(number=project.number, by=firm(award.organisation), at=at)

    assert facts(project, "market.award-accepted") == [{"stream": project.log, "org": award.organisation, "seq":
           facts(project, "market.award-accepted")[0]["seq"]}]  # fmt: skip
    assert contracts.awards.why_not_contract_yet(now(project)) == ()
    tasks.abandon_silent(by=SYSTEM, at=due + cast.DAY)
    assert awards.standing(now(project)).organisation == award.organisation


@pytest.mark.both
def test_silence_is_a_no_and_the_next_follows_until_nobody_is_left():
    project = choices.won()
    order, at = choices.ranked(project), DAY + 10 * cast.DAY
    with pytest.raises(Refused):  # a buyer cannot skip the winner it does not like
        determined(project)
        services.decline(number=project.number, reason="他不做", by=cast.OFFICER, at=at)

    for place, org in enumerate(order):
        award = awards.standing(now(project))
        assert award.organisation == org
        at = awards.accept_due(now(project), award)
        tasks.abandon_silent(by=SYSTEM, at=at - timedelta(microseconds=1))
        assert awards.standing(now(project)) == award
        tasks.abandon_silent(by=SYSTEM, at=at)
        declined = facts(project, "market.award-declined")[place]
        assert declined["next"] == (order[place + 1] if place < 2 else None)
        tasks.deem_determined(by=SYSTEM, at=at)

    assert now(project).stage == Stage.FAILED
    assert "放弃" in now(project).end_reasons[0]["text"]
