"""What an act has to say reaches the right people once, and nobody else."""

import pytest

from accounts import inbox, queries, tasks
from accounts.models import Delivery, Message
from rulebook.actor import SYSTEM, Role
from tests import cast
from tests.make import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people():
    for actor in (cast.OFFICER, cast.APPROVER, cast.OTHER_OFFICER, cast.PROVIDER):
        accounts.user(actor)


def post(**to):
    return inbox.post(**to, subject="有一份通知", body="请查看", link="/desk/", at=cast.NOON)


def readers():
    return sorted(Delivery.objects.values_list("user__name", flat=True))


def test_nothing_arrives_before_the_tick_and_everything_after():
    post(to_organisation=cast.BUYER)
    assert not Delivery.objects.exists()

    tasks.deliver(by=SYSTEM, at=cast.NOON)

    assert readers() == sorted([cast.OFFICER.name, cast.APPROVER.name])


def test_a_second_tick_delivers_nothing_twice():
    post(to_role=Role.OFFICER)

    assert inbox.deliver(at=cast.NOON) == 1
    assert inbox.deliver(at=cast.NOON) == 0
    assert Delivery.objects.count() == 3


def test_organisation_and_role_narrow_each_other_down():
    post(to_organisation=cast.BUYER, to_role=Role.SUPERVISOR)
    post(to_organisation=cast.HETAO, to_role=Role.PROVIDER)

    inbox.deliver(at=cast.NOON)

    assert readers() == [cast.PROVIDER.name]
    assert not Message.objects.filter(delivered_at=None).exists()


def test_a_person_is_reached_by_public_id():
    post(to_user=cast.PROVIDER.person)
    inbox.deliver(at=cast.NOON)

    assert readers() == [cast.PROVIDER.name]


@pytest.mark.embedded
@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_a_message_leads_nowhere_else(link):
    with pytest.raises(ValueError, match="path of this site"):
        inbox.post(to_role=Role.OFFICER, subject="x", body="x", link=link, at=cast.NOON)


def test_a_message_has_somebody_to_go_to():
    with pytest.raises(ValueError, match="nobody"):
        post()


@pytest.mark.embedded
def test_the_inbox_shows_one_s_own_messages_and_counts_the_unread():
    post(to_user=cast.PROVIDER.person)
    inbox.deliver(at=cast.NOON)
    mine, other = accounts.client_of(cast.PROVIDER), accounts.client_of(cast.OFFICER)

    assert "有一份通知" in mine.get("/inbox/").content.decode()
    assert "还没有站内信" in other.get("/inbox/").content.decode()
    assert queries.unread(accounts.user(cast.PROVIDER)) == 1


def test_opening_a_message_marks_it_read_and_leads_on():
    post(to_user=cast.PROVIDER.person)
    inbox.deliver(at=cast.NOON)
    delivery = Delivery.objects.get()

    answer = accounts.client_of(cast.PROVIDER).post(f"/inbox/{delivery.public_id}/")

    assert answer.url == "/desk/"
    assert queries.unread(accounts.user(cast.PROVIDER)) == 0


@pytest.mark.embedded
def test_somebody_else_s_message_is_not_there():
    post(to_user=cast.PROVIDER.person)
    inbox.deliver(at=cast.NOON)

    answer = accounts.client_of(cast.OFFICER).post(f"/inbox/{Delivery.objects.get().public_id}/")

    assert answer.status_code == 404
    assert Delivery.objects.get().read_at is None


def test_messages_are_found_by_words_kind_and_unread_and_read_all_at_once():
    mine, other = accounts.client_of(cast.PROVIDER), accounts.client_of(cast.OFFICER)
    for n in range(23):
        said = {
            "subject": f"第 {n} 份",
            "body": "甲乙" if n % 2 else "丙丁",
            "topic": inbox.Topic.DUTY if n else inbox.Topic.ACCOUNT,
        }
        inbox.post(to_user=cast.PROVIDER.person, link="/desk/", at=cast.NOON + n * cast.MINUTE, **said)
    inbox.deliver(at=cast.NOON)

    def page(query="", client=mine):
        return client.get(f"/inbox/{query}").content.decode()

    assert "第 22 份" in page() and "第 2 份" not in page() and "第 2 份" in page("?page=2")
    assert "第 1 份" in page("?q=甲&page=1") and "第 2 份" not in page("?q=甲")
    assert "没有找到" in page("?q=甲+丙") and "第 0 份" in page("?topic=account")
    assert "第 0 份" not in page("?topic=duty&page=2") and "没有找到" not in page("?topic=nothing")
    newest = queries.inbox(accounts.user(cast.PROVIDER)).first()
    assert "23 封未读" in page() and str(newest.public_id) in page()

    inbox.post(to_user=cast.PROVIDER.person, subject="刚到", body="x", at=cast.NOON + cast.HOUR)
    inbox.deliver(at=cast.NOON + cast.HOUR)
    other.post("/inbox/read/", {"newest": newest.public_id})
    assert queries.unread(accounts.user(cast.PROVIDER)) == 24  # nobody reads for another
    mine.post("/inbox/read/", {"newest": newest.public_id})
    assert queries.unread(accounts.user(cast.PROVIDER)) == 1  # what came while one looked stays unread
    assert "刚到" in page("?unread=on") and "第 22 份" not in page("?unread=on")
