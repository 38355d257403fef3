"""Acts: note where somebody signs in, tell of a new device, end sessions."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from accounts import inbox
from accounts.models import User
from accounts.reaching.rules import Topic
from accounts.sessions.models import BrowserSession, Device
from accounts.sessions.rules import DEVICE_KEPT
from rulebook.actor import Actor

NEW = "您的账户在一台新设备上登录"
NEW_BODY = (
    "设备：{device}；网络：{place}。是您本人，不必理会；不是，请立即打开“登录与安全”，"
    "退出其他设备并更换密码或验证方式，并告诉本单位管理人员。"
)


@transaction.atomic
def note_device(*, user: User, mark: str, device: str, place: str, by: Actor, at: datetime) -> Device:
    """Note the browser somebody signs in with, and tell him when it is one more than those he had.

    mark: the random word its cookie holds; kept as a digest.
    """
    digest = sha256(mark.encode()).hexdigest()
    others = Device.objects.filter(user=user).exclude(mark=digest).exists()
    told = {"words": device, "first_at": at, "last_at": at}
    row, is_new = Device.objects.get_or_create(user=user, mark=digest, defaults=told)
    if not is_new:
        row.last_at = at
        row.save(update_fields=["last_at"])
    elif others:
        body = NEW_BODY.format(device=device or "未能识别", place=place or "未能识别")
        inbox.post(to_user=user, subject=NEW, body=body, link="/accounts/security/", topic=Topic.ACCOUNT, at=at)
    return row


def note_seen(*, row: str, by: Actor, at: datetime) -> None:
    """Write down that a session was seen; the caller asks `rules.is_stale` first.  row: the key it is kept under."""
    BrowserSession.objects.filter(session_key=row).update(seen_at=at)


def end_session(*, user: User, session: UUID, by: Actor, at: datetime) -> int:
    """Sign one's own session out. Returns how many ended: 0 where it had ended already."""
    return BrowserSession.objects.filter(user=user, public_id=session).delete()[0]


def end_others(*, user: User, row: str, by: Actor, at: datetime) -> int:
    """Sign somebody out everywhere but in one session, of this key or of none. Returns how many sessions ended."""
    return BrowserSession.objects.filter(user=user).exclude(session_key=row).delete()[0]


def forget_old(*, by: Actor, at: datetime) -> None:
    """Drop sessions that are over and browsers nobody came back with."""
    BrowserSession.objects.filter(expire_date__lte=at).delete()
    Device.objects.filter(last_at__lte=at - DEVICE_KEPT).delete()
