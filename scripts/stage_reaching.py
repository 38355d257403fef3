"""How somebody is reached, with everything and with nothing; a gateway that is away: of `scripts.stage`."""

from datetime import datetime, time, timedelta

from accounts import inbox
from accounts.reaching import services
from accounts.reaching.models import Contact, Gateway, Sending
from accounts.reaching.rules import Channel, State, Topic, Way
from rulebook.actor import Actor
from tests import cast
from tests.make import reaching

Page = tuple[str, Actor, str]


def fill(now: datetime) -> None:
    """One person with two ways, a third that waits, choices and messages in every state; a channel that is away."""
    user = reaching.has(cast.PROVIDER, Way.EMAIL, Way.PHONE, at=now - cast.DAY)
    reaching.waits(cast.PROVIDER, Way.PHONE, at=now)
    reaching.waits(cast.RIVAL, Way.EMAIL, at=now)
    topics = {Channel.SMS: [Topic.TODAY, Topic.DUTY, Topic.ACCOUNT], Channel.EMAIL: list(Topic)}
    services.choose(user=user, topics=topics, begins=time(22), ends=time(7, 30), by=cast.PROVIDER, at=now)
    services.open_calendar(user=user, names=False, by=cast.PROVIDER, at=now)
    for n, (topic, subject) in enumerate(
        ((Topic.TODAY, "请提交最后报价"), (Topic.DUTY, "更正公告"), (Topic.PROGRESS, "异议答复"))
    ):
        at = now - timedelta(hours=n + 1)
        due = now + timedelta(hours=3) if topic is Topic.TODAY else None
        inbox.post(
            to_user=cast.PROVIDER.person, subject=f"{subject}：城区空气质量自动监测站设备采购", topic=topic, due_at=due,
            body="请登录办理。", link="/desk/", at=at,
        )  # fmt: skip
    inbox.deliver(at=now)
    for row, state in zip(Sending.objects.order_by("id"), State, strict=False):
        if state is not State.QUEUED:
            row.advance(state, at=now)
    told = {"failing_since": now, "rests_until": now + cast.DAY, "fault": "HTTP 503"}
    Gateway.objects.create(channel=Channel.VOICE.value, **told)


def pages() -> list[Page]:
    """One's own page with much and with nothing, a link out of a mail, the gateways, the inbox searched."""
    mail = Contact.objects.get(way=Way.EMAIL.value, confirmed_at=None).pk
    return [
        ("reaching", cast.PROVIDER, "/me/reaching/"),
        ("reaching", cast.SUPERVISOR, "/me/reaching/"),
        ("reaching-mail", cast.STRANGER, f"/me/reaching/email/{mail}/word/"),
        ("gateways", cast.OPERATOR, "/operations/gateways/"),
        ("inbox-found", cast.PROVIDER, "/inbox/?q=%E5%AA%92%E4%BD%93&topic=today"),
        ("inbox-unread", cast.PROVIDER, "/inbox/?unread=on"),
    ]
