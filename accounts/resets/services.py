"""Acts: ask for somebody's access to be restored, confirm it as another person, drop it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import inbox
from accounts.models import User
from accounts.reaching.rules import Topic
from accounts.resets import queries, rules
from accounts.resets.codes import digest_of, fresh_code, grouped
from accounts.resets.models import AccessReset
from accounts.resets.rules import CODE_LASTS, ENOUGH, Lost
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if
from rulebook.regions import region_of

LINK = "/accounts/resets/"
ASKED = "有人申请为{name}恢复登录，等待另一人核对身份后确认。如有疑问，请立即在“恢复登录”中撤下。"
CONFIRMED = (
    "{name}的登录由{asked}、{confirmed}两人核对身份后恢复（{lost}）。此记录长期保留；如非本单位意愿，请立即联系平台。"
)
WORDS = {Lost.FACTOR: "第二验证方式遗失", Lost.PASSWORD: "密码遗失"}


def _vouch(user: User, by: Actor, at: datetime) -> int:
    """Refuse who may not take part; otherwise how many of the person's house may."""
    vouchers = queries.vouchers(user)
    refuse_if(
        rules.why_not_vouch(
            subject=str(user.public_id), organisation=user.organisation_id or "", vouchers=len(vouchers),
            may=by.person in vouchers, cooling=queries.is_cooling_actor(by, at=at), by=by,
        )
    )  # fmt: skip
    return len(vouchers)


@transaction.atomic
def ask_reset(*, user: User, lost: Lost, reason: str, identity: str, by: Actor, at: datetime) -> AccessReset:
    """Ask that somebody's access be restored; everybody of his organisation is told.

    identity: how it was made sure that it is he who asks.
    Refused when it is one's own access or another house's, an operator asks where colleagues are enough, the reason or
    the identity check is missing, or one is waiting already.
    """
    held = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    vouchers = _vouch(held, by, at)
    waiting = AccessReset.objects.filter(user=held, confirmed_at=None, dropped_at=None)
    waiting.filter(asked_at__lte=at - rules.ASKED_LASTS).update(dropped_at=at)
    refuse_if(rules.why_not_ask(reason=reason, identity=identity, asked=waiting.exists()))
    row = AccessReset.objects.create(
        user=held, organisation=held.organisation, lost=lost, asked_by=User.objects.get(public_id=by.person),
        reason=reason.strip()[:300], identity=identity.strip()[:300], asked_at=at, with_platform=vouchers < ENOUGH,
    )  # fmt: skip
    _tell(row, "有人申请恢复登录", ASKED.format(name=held.name), at)
    return row


@transaction.atomic
def confirm_reset(*, reset: UUID, reason: str, by: Actor, at: datetime) -> tuple[AccessReset, str]:
    """Confirm as the second person; returns the row and the code, shown once and handed over in person.

    Nothing the person has is removed, and nobody is signed in by it: it stands once for what was lost.
    Refused when it is the first person or the subject, it was settled or is a day old, or no check is written down.
    """
    row = AccessReset.objects.select_for_update(of=("self",)).select_related("user", "asked_by").get(public_id=reset)
    _vouch(row.user, by, at)
    refuse_if(
        rules.why_not_confirm(
            asked_by=str(row.asked_by.public_id), asked_at=row.asked_at,
            is_open=row.confirmed_at is None and row.dropped_at is None, reason=reason, by=by, at=at,
        )
    )  # fmt: skip
    code = fresh_code()
    row.confirmed_by, row.confirm_reason, row.confirmed_at = User.objects.get(public_id=by.person), reason[:300], at
    row.code, row.expires_at = digest_of(row.user, code), at + CODE_LASTS
    row.save(update_fields=["confirmed_by", "confirm_reason", "confirmed_at", "code", "expires_at"])
    told = CONFIRMED.format(name=row.user.name, asked=row.asked_by.name, confirmed=by.name, lost=WORDS[Lost(row.lost)])
    _tell(row, "登录已由两人恢复", told, at)
    return row, grouped(code)


@transaction.atomic
def drop_reset(*, reset: UUID, by: Actor, at: datetime) -> AccessReset:
    """Take a request back, or turn it down: who may take part may do so, and the person himself."""
    row = AccessReset.objects.select_for_update(of=("self",)).select_related("user").get(public_id=reset)
    if by.person != str(row.user.public_id):
        _vouch(row.user, by, at)
    refuse_if(rules.why_not_drop(is_open=row.confirmed_at is None and row.dropped_at is None))
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])
    return row


def _tell(row: AccessReset, subject: str, body: str, at: datetime) -> None:
    """Everybody of the organisation, the person himself among them; the operators where they take part."""
    if row.organisation_id:
        inbox.post(
            to_organisation=row.organisation_id, subject=subject, body=body, link=LINK, topic=Topic.ACCOUNT, at=at
        )
    else:
        inbox.post(to_user=row.user, subject=subject, body=body, link="/accounts/security/", topic=Topic.ACCOUNT, at=at)
    if row.with_platform:
        region = region_of(row.organisation_id) if row.organisation_id else ""
        inbox.post(
            to_role=Role.OPERATOR, region=region, subject=subject, body=body, link=LINK, topic=Topic.ACCOUNT, at=at
        )
