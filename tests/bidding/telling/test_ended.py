"""What becomes of a purchase that is ended by hand, and of the one that follows: for clocks, bids and people."""

import pytest

from accounts.models import Message
from bidding.changes.models import Change
from bidding.submission.models import Bid
from bidding.telling import tasks
from bidding.tender import again, drafting, services
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from market.notices import queries as notices
from market.notices import services as announcing
from market.notices import suspending
from market.notices import tasks as notice_ticks
from market.notices.models import Telling
from market.projects import queries as projects
from market.projects.again import Said
from market.projects.models import Again, Project, Suspension
from market.projects.rules import Stage
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast
from tests.cast import DAY, HOUR, NOON
from tests.make import accounts, bidding, bidding_offers, choices, market
from tests.market.projects.test_endings import SAID

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
BEFORE = NOON - HOUR


def told(organisation: str) -> list[str]:
    return list(Message.objects.filter(to_organisation=organisation).order_by("id").values_list("subject", flat=True))


def cancel(number: str = market.NUMBER):
    return announcing.end_by_hand(
        number=number, to=Stage.CANCELLED, ground="change", facts="规划调整", by=cast.OFFICER, at=BEFORE
    )


def test_a_termination_tells_whoever_is_concerned_alone_and_leaves_everything_sealed():
    tender = bidding_offers.open_tender()
    for each in (cast.PROVIDER, cast.RIVAL):
        services.take_documents(project_number=tender.project.number, by=each, at=NOON - 20 * DAY)
    bidding_offers.sealed_bid(tender, cast.THIRD, at=NOON - DAY)
    suspending.suspend(
        number=tender.project.number, ground="own", text="须查明", until=NOON + 9 * DAY, by=cast.OFFICER, at=NOON - DAY
    )
    accounts.user(cast.SUPERVISOR)

    notice = cancel()
    assert str(notice.content["reasons"][0]["law"]) == "87号令 第29条"
    assert notice.content["refund"]["within"] == "5个工作日"
    assert not any(cast.NAMES[each] in notice.text for each in (cast.HETAO, cast.YINSHAN, cast.WULIANG))
    assert not [each for each in told(cast.HETAO) if "终止" in each]  # a tick tells, not the act
    for _ in range(2):
        tasks.tell_concerned(by=SYSTEM, at=NOON)

    for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
        assert [each.split("：")[0] for each in told(org)] == ["暂停公告", "终止公告"]
    assert told(cast.LANGSHAN) == [] and not Telling.objects.filter(told_at=None).exists()
    bodies = set(Message.objects.filter(subject__startswith="终止公告").values_list("body", flat=True))
    assert len(bodies) == 1 and "5个工作日内退还" in bodies.pop()  # the same words to all, naming nobody
    assert Message.objects.filter(to_role="supervisor", subject__startswith="采购终止").exists()
    held = Suspension.objects.get()  # what is over does not go on again
    assert (held.ended_at, held.end_notice) == (BEFORE, notice)
    notice_ticks.resume_over(by=SYSTEM, at=NOON + 30 * DAY)
    assert [each.type for each in notices.of(market.NUMBER)] == ["tender", "suspension", "cancellation"]
    assert Bid.objects.count() == 2 and not Change.objects.exists()
    with pytest.raises(Refused):
        bidding_offers.sealed_bid(tender, cast.FOURTH, at=BEFORE)
    with pytest.raises(Refused, match="project.stage-not-now"):
        cancel()
    with pytest.raises(Refused, match="again.cancelled"):
        again.begin_again(project_number=market.NUMBER, by=cast.OFFICER, at=NOON)


def failed() -> Tender:
    tender = bidding.tender()
    for each in (cast.PROVIDER, cast.RIVAL):
        accounts.user(each)
        services.take_documents(project_number=tender.project.number, by=each, at=NOON - 20 * DAY)
    Tender.objects.update(guarantee={"amount": "20000.00", "forms": ["bank"]})
    reasons = [{"text": "投标人不足3家", "law": "87号令 第41条"}]
    Project.objects.update(stage=Stage.FAILED.value, stage_at=NOON, end_reasons=reasons)
    return tender


def begin(*, by=cast.OFFICER):
    return again.begin_again(project_number=market.NUMBER, by=by, at=NOON)


def test_what_failed_is_bought_again_with_what_may_be_taken_over_and_no_more():
    first = failed()
    with pytest.raises(Refused, match="project.not-officer"):
        begin(by=cast.OTHER_OFFICER)
    made = begin()

    project, before = made.project, Project.objects.get(number=market.NUMBER)
    assert (project.stage, project.again.before) == (Stage.DRAFT, before)
    assert (project.title, project.budget, made.factors) == (before.title, before.budget, first.factors)
    assert [each.sha256 for each in tenders.documents(made)] == [each.sha256 for each in tenders.documents(first)]
    assert tenders.documents(made)[0].file.name != tenders.documents(first)[0].file.name
    assert project.number != before.number and not tenders.committees(made)  # keys are made anew, for another number
    assert not (project.submitted_at or project.approved_at or project.scheduled_at or made.terms)
    row = project.procedure
    assert row.preparation.met(project.publish_at, made.closes_at)
    assert row.supply.met(project.publish_at, made.supply_ends_at)
    with pytest.raises(Refused, match="again.under-way"):
        begin()

    missing = {each.code for each in tenders.missing(made, at=NOON)}
    assert {"again.no-analysis", "again.no-measures"} <= missing
    with pytest.raises(Refused, match="again.no-measures"):
        drafting.submit_for_approval(project_number=project.number, by=cast.OFFICER, at=NOON)
    with pytest.raises(Refused):
        again.say_why(project_number=project.number, said=SAID, by=cast.PROVIDER, at=NOON)
    again.say_why(project_number=project.number, said=SAID, by=cast.OFFICER, at=NOON)
    assert not {each.code for each in tenders.missing(made, at=NOON)} & {"again.no-analysis", "again.no-measures"}
    Project.objects.filter(pk=project.pk).update(submitted_at=NOON)
    with pytest.raises(Refused, match="project.in-approval"):
        again.say_why(project_number=project.number, said=Said("改", "改", ""), by=cast.OFFICER, at=NOON)
    Project.objects.filter(pk=project.pk).update(stage=Stage.FAILED.value, published_at=NOON)
    assert not again.why_not_begin(Project.objects.get(pk=project.pk), by=cast.OFFICER)
    assert [each.before.number for each in projects.earlier(project)] == [market.NUMBER]


def test_the_two_name_each_other_for_everybody_once_the_second_is_announced(client):
    failed()
    officer = accounts.client_of(cast.OFFICER)
    here = f"/projects/{market.NUMBER}/"
    assert "重新采购" in officer.get(here).content.decode()
    assert "重新采购" not in client.get(here).content.decode()
    assert accounts.client_of(cast.OTHER_OFFICER).post(f"{here}again").status_code == 404
    assert client.post(f"{here}again").url.startswith("/accounts/login/")
    there = officer.post(f"{here}again").url
    assert officer.post(f"{here}again").status_code == 409
    assert "投标人不足3家" in officer.get(there).content.decode()
    said = {"analysis": SAID.analysis, "measures": SAID.measures, "approval": ""}
    assert accounts.client_of(cast.OTHER_OFFICER).post(f"{there}again", said).status_code == 404
    assert officer.post(f"{there}again", said | {"analysis": "长" * 2001}).status_code == 302
    assert not Again.objects.get().analysis
    assert officer.post(f"{there}again", said).status_code == 302
    second = Again.objects.get().project
    assert second.number in officer.get(here).content.decode()
    assert second.number not in client.get(here).content.decode()  # a draft is its own house's

    Project.objects.filter(pk=second.pk).update(stage=Stage.OPEN.value, published_at=NOON, notice_ends_at=NOON)
    second.refresh_from_db()
    tender = Tender.objects.get(project=second)
    Tender.objects.filter(pk=tender.pk).update(terms=Tender.objects.get(project__number=market.NUMBER).terms)
    period = {"notice_period": "5个工作日", "notice_ends_at": iso(NOON)}
    content = tenders.notice_content(tender) | period
    assert content["again"]["reasons"] == [{"text": "投标人不足3家", "law": "87号令 第41条"}]
    notice = announcing.announce(project=second, type=notices.Notice.Type.TENDER, content=content, by=SYSTEM, at=NOON)
    tasks.tell_concerned(by=SYSTEM, at=NOON)
    assert [f"{notice.type_words}：{second.title}"] == told(cast.HETAO) == told(cast.YINSHAN)
    assert second.number in client.get(here).content.decode()
    page = client.get(f"/projects/{second.number}/").content.decode()
    for words in (market.NUMBER, SAID.analysis, SAID.measures, "87号令 第43条"):
        assert words in page


def test_in_the_supermarket_whoever_enrolled_is_told_too_and_the_next_purchase_tells_them_again():
    project = choices.open_choice()
    choices.enrolled(project, cast.PROVIDER, cast.RIVAL)
    early = choices.CLOSES - HOUR / 2
    with pytest.raises(Refused, match="project.ground-unknown"):
        announcing.end_by_hand(
            number=project.number, to=Stage.CANCELLED, ground="force", facts="x", by=cast.OFFICER, at=early
        )
    notice = announcing.end_by_hand(
        number=project.number, to=Stage.CANCELLED, ground="change", facts="规划调整", by=cast.OFFICER, at=early
    )
    assert "refund" not in notice.content and str(notice.content["reasons"][0]["law"]) == "明标平台规则 第29条"
    tasks.tell_concerned(by=SYSTEM, at=choices.CLOSES)
    ended = {
        org: len([each for each in told(org) if "终止" in each]) for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG)
    }
    assert ended == {cast.HETAO: 1, cast.YINSHAN: 1, cast.WULIANG: 0}
    content = {"again": project.number}
    second = market.project(number="P-2")
    announcing.announce(project=second, type=notices.Notice.Type.TENDER, content=content, by=SYSTEM, at=NOON)
    tasks.tell_concerned(by=SYSTEM, at=NOON)
    assert len([each for each in told(cast.HETAO) if second.title in each]) == 1 and not told(cast.WULIANG)
