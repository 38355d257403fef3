"""Each role's desk: do this by then, because; and never a word about others' offers."""

import pytest

from bidding.opening import services as openings
from bidding.tender.models import Taking
from market.projects.rules import Stage
from portal.desk import queries
from tests import cast
from tests.make import accounts, bidding, bidding_offers, market

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]
BEFORE = cast.NOON - cast.HOUR
AFTER = cast.NOON + cast.MINUTE


def whats(viewer, *, at):
    return [duty.what for duty in queries.duties(viewer, at=at)]


def page(viewer, monkeypatch, *, at):
    monkeypatch.setattr("rulebook.clock.now", lambda: at)
    answer = accounts.client_of(viewer).get("/desk/")
    assert answer.status_code == 200
    return answer.content.decode()


def taken(tender, viewer):
    Taking.objects.create(
        tender=tender, organisation=viewer.organisation, person=viewer.person, receipt="", taken_at=BEFORE
    )


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/desk/").url.startswith("/accounts/login/")


def test_a_role_without_duties_has_an_empty_desk(monkeypatch):
    assert "现在没有要办的事" in page(cast.AUDITOR, monkeypatch, at=BEFORE)


def test_an_officer_finishes_his_draft_and_another_approves_it():
    market.project(stage=Stage.DRAFT)
    assert whats(cast.OFFICER, at=BEFORE) == ["编制采购文件"]

    market.project(number="T-2", stage=Stage.DRAFT, submitted_at=BEFORE)

    assert "审批采购文件" in whats(cast.APPROVER, at=BEFORE)
    assert "等待审批" in whats(cast.OFFICER, at=BEFORE)


def test_an_approved_draft_is_scheduled_and_then_waits_for_its_minute():
    told = {"stage": Stage.DRAFT, "submitted_at": BEFORE, "approved_at": BEFORE, "approved_by": cast.APPROVER.person}
    market.project(number="T-1", **told)
    market.project(number="T-2", **told, scheduled_at=BEFORE)

    assert sorted(whats(cast.OFFICER, at=BEFORE)) == ["排定公布时间", "等待公布"]


def test_another_house_s_officer_sees_none_of_it():
    market.project(stage=Stage.DRAFT)
    bidding.tender(number="T-2")

    assert whats(cast.OTHER_OFFICER, at=BEFORE) == []


def test_the_officer_waits_for_the_deadline_and_then_opens_the_hall():
    tender = bidding_offers.closed_tender(3)

    assert whats(cast.OFFICER, at=BEFORE) == ["等待投标截止"]
    assert whats(cast.OFFICER, at=AFTER) == ["主持开标"]

    openings.open_hall(project_number=tender.project.number, by=cast.OFFICER, at=AFTER)

    assert whats(cast.OFFICER, at=AFTER) == ["继续主持开标"]


@pytest.mark.both
def test_after_the_opening_the_officer_checks_qualifications():
    bidding_offers.opened_tender(3)

    assert whats(cast.OFFICER, at=AFTER) == ["资格审查"]


def test_a_report_is_answered_within_its_days(monkeypatch):
    held = market.proposal(market.project(stage=Stage.PROPOSED))

    (duty,) = queries.duties(cast.OFFICER, at=AFTER)

    assert (duty.what, duty.by) == ("确定中标人", held.due_at)
    assert "《87号令》第68条" in page(cast.OFFICER, monkeypatch, at=AFTER)


def test_an_award_is_followed_by_a_contract():
    market.project(stage=Stage.AWARDED)

    assert whats(cast.OFFICER, at=AFTER) == ["提交合同给对方确认"]


def test_a_provider_registers_his_key_first():
    accounts.user(cast.PROVIDER)

    assert whats(cast.PROVIDER, at=BEFORE) == ["登记单位身份公钥"]


def test_a_provider_hands_in_before_the_deadline_and_is_then_at_ease():
    tender = bidding_offers.open_tender()
    taken(tender, cast.PROVIDER)
    assert whats(cast.PROVIDER, at=BEFORE) == ["递交投标文件"]

    bidding_offers.sealed_bid(tender, cast.PROVIDER)

    assert whats(cast.PROVIDER, at=BEFORE) == ["等待投标截止"]
    assert whats(cast.PROVIDER, at=cast.NOON) == []
    assert whats(cast.RIVAL, at=BEFORE) == []


@pytest.mark.both
def test_in_the_hall_each_has_his_own_next_thing():
    tender = bidding_offers.open_hall(3)
    assert whats(cast.PROVIDER, at=AFTER) == ["到场并解密"]
    assert whats(cast.SUPERVISOR, at=AFTER) == ["监督开标"]
    assert whats(cast.WITNESS, at=AFTER) == ["见证开标"]
    assert whats(cast.HOLDER, at=AFTER) == []

    bidding_offers.halves_released(tender)
    assert whats(cast.HOLDER, at=AFTER) == ["释放开标密钥"]

    bidding_offers.keys_released(tender)

    assert whats(cast.PROVIDER, at=AFTER) == ["确认开标记录"]
    assert whats(cast.WITNESS, at=AFTER) == ["见证签字"]
    assert whats(cast.HOLDER, at=AFTER) == []


def test_a_holder_is_asked_for_keys_by_number_and_never_by_title(monkeypatch):
    tender = bidding.tender(stage=Stage.DRAFT)
    tender.committees.update(state="wanted")
    told = page(cast.HOLDER, monkeypatch, at=BEFORE)

    assert "提交开标公钥" in told
    assert tender.project.number in told
    assert tender.project.title not in told


def test_the_supervision_sees_that_a_hall_waits_to_be_opened():
    bidding_offers.closed_tender(3)

    assert whats(cast.SUPERVISOR, at=BEFORE) == []
    assert whats(cast.SUPERVISOR, at=AFTER) == ["查看截标情况"]


@pytest.mark.both
def test_the_desk_is_sorted_by_time_and_each_line_has_one_button(monkeypatch):
    market.proposal(market.project(number="T-1", stage=Stage.PROPOSED))
    market.project(number="T-2", stage=Stage.DRAFT, publish_at=cast.NOON)

    assert whats(cast.OFFICER, at=BEFORE) == ["编制采购文件", "确定中标人"]
    assert page(cast.OFFICER, monkeypatch, at=BEFORE).count('class="btn btn--small') == 2
