"""Acts of a first account: a keeper issues a slip, its person opens the account with it."""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from accounts import inbox, sealing
from accounts import services as accounts
from experts.registry import particulars, slips
from experts.registry.models import AccessSlip, Expert, SlipAsked, StandingChange
from experts.registry.rules import Standing
from notifier import client as notifier
from rulebook.actor import Actor
from rulebook.refusal import Refused, refuse_if
from rulebook.seen import why_not_seen

log = logging.getLogger(__name__)
Issued = list[tuple[Expert, str, AccessSlip]]
STANDS = Q(used_at__isnull=True, replaced_at__isnull=True)


def unopened() -> list[Expert]:
    """Experts of the register whose account has no password yet and who can be known again, by number."""
    found = Expert.objects.filter(user__password__startswith=UNUSABLE_PASSWORD_PREFIX, user__is_active=True)
    found = found.exclude(state=Standing.LEFT).exclude(user__dossier__id_tag="")
    return list(found.select_related("user__dossier").order_by("number"))


def standing_slip(expert: Expert) -> AccessSlip | None:
    """The slip of this person that stands, used by nobody."""
    return expert.slips.filter(STANDS).first()


def asked(expert: Expert) -> SlipAsked | None:
    """The request for another slip that waits for a second keeper."""
    return expert.slips_asked.filter(decided_at__isnull=True).first()


def deliver(told: Issued, *, where: str) -> dict[int, bool]:
    """Have these slips sent as text messages. Returns by expert whether the gateway took it; printing stays.

    where: the address at which a slip is used.
    """
    found = {}
    for expert, word, slip in told:
        until = f"{localtime(slip.expires_at):%Y-%m-%d %H:%M}"
        said = slips.words(word.replace("-", ""), until=until, where=where)
        try:
            notifier.post(handle=str(expert.public_id), number=expert.number, reference=f"slip-{slip.code_hash[:32]}",
                          channel="sms", words=said, about="账户启用凭证（内容不留存）")  # fmt: skip
        except (notifier.Undelivered, Refused) as wrong:
            log.warning("a slip was not sent: %s", wrong)
            found[expert.pk] = False
        else:
            found[expert.pk] = True
    return found


@transaction.atomic
def ask_again(*, expert: Expert, reason: str, by: Actor, at: datetime) -> SlipAsked:
    """Ask for a slip for somebody who lost his password; another keeper decides, its person is told.

    Refused when it is no keeper, the account was never opened, it is asked already, or it is not said how he is known.
    """
    row = Expert.objects.select_for_update(of=("self",)).select_related("user__dossier").get(pk=expert.pk)
    refuse_if(
        slips.why_not_ask_again(
            opened=row.user.has_usable_password(), identified=bool(row.user.dossier.id_tag),
            standing=Standing(row.state), waits=asked(row) is not None, reason=reason, by=by,
        )
    )  # fmt: skip
    made = SlipAsked.objects.create(
        expert=row, reason=reason.strip(), asked_by=by.person, asked_name=by.name, asked_at=at
    )
    StandingChange.objects.create(expert=row, what="slip-asked", by_person=by.person, by_name=by.name, at=at)
    body = "有人称您遗失了密码，为您申请了新的凭证。如果不是您本人要求，请立即联系专家库管理人员。"
    inbox.post(topic=inbox.Topic.ACCOUNT, to_user=row.user, subject="账户凭证", body=body, link="/experts/me/", at=at)
    return made


@transaction.atomic
def decide_again(*, expert: Expert, agreed: bool, seen: str | None = None, by: Actor, at: datetime) -> Issued:
    """Issue the slip another keeper asked for, or drop the request. The old password holds until the slip is used.

    seen: the request that was read, by its number.
    Refused when it is no keeper or the same one, nothing is asked, or another request waits than was read.
    """
    row = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    waits = asked(row)
    refuse_if(slips.why_not_decide_again(first=waits.asked_by if waits else "", by=by))
    assert waits is not None
    refuse_if(why_not_seen(seen, stands=waits.number))
    waits.agreed, waits.decided_by, waits.decided_at = agreed, by.person, at
    waits.save(update_fields=["agreed", "decided_by", "decided_at"])
    return issue(experts=[row], again=True, by=by, at=at) if agreed else []


@transaction.atomic
def issue(*, experts: Sequence[Expert], again: bool = False, by: Actor, at: datetime) -> Issued:
    """Issue a slip to each of these; what stood before ends. Returns each with its word, which is kept nowhere.

    again: two keepers agreed to it for somebody who lost his password.
    Refused when it is no keeper, an account is open already, somebody left, or has no identity number on record.
    """
    told = []
    for expert in Expert.objects.select_for_update(of=("self",)).select_related("user__dossier").filter(
        pk__in=[each.pk for each in experts]
    ).order_by("number"):  # fmt: skip
        refuse_if(
            slips.why_not_issue(
                opened=expert.user.has_usable_password() and not again, identified=bool(expert.user.dossier.id_tag),
                standing=Standing(expert.state), by=by,
            )
        )  # fmt: skip
        expert.slips.filter(STANDS).update(replaced_at=at)
        word = "".join(secrets.choice(slips.ALPHABET) for _ in range(slips.LENGTH))
        slip = AccessSlip.objects.create(
            expert=expert, code_hash=slips.digest(word), issued_by=by.person, issued_at=at,
            expires_at=at + slips.LASTS, again=again,
        )  # fmt: skip
        StandingChange.objects.create(expert=expert, what="slip-issued", by_person=by.person, by_name=by.name, at=at)
        told.append((expert, slips.spelt(word), slip))
    return told


@transaction.atomic
def enter(*, code: str, id_number: str, password: str, by: Actor, at: datetime) -> Expert:
    """Open one's account: the slip's word, one's identity number, and a first password. The slip is used up.

    Refused in one and the same sentence when no slip has this word, it is used or over, or it is another person's;
    and when the password is too short or too common.
    """
    slip = (
        AccessSlip.objects.select_for_update(of=("self",)).select_related("expert__user__dossier")
        .filter(code_hash=slips.digest(code)).first()
    )  # fmt: skip
    tags = sealing.tags(id_number.strip().upper())
    refuse_if(
        slips.why_not_use(
            expires_at=slip.expires_at if slip else None,
            used=slip is not None and bool(slip.used_at or slip.replaced_at),
            same_person=slip is not None and slip.expert.user.dossier.id_tag in tags,
            stays=slip is not None and slip.expert.state != Standing.LEFT and slip.expert.user.is_active,
            at=at,
        )
    )  # fmt: skip
    assert slip is not None
    user = accounts.set_first_password(user=slip.expert.user, password=password, again=slip.again, by=by, at=at)
    slip.used_at = at
    slip.save(update_fields=["used_at"])
    StandingChange.objects.create(
        expert=slip.expert, what="account-opened", by_person=str(user.public_id),
        by_name=particulars.masked("name", user.name), at=at,
    )  # fmt: skip
    body = "您的账户已启用。如果不是您本人办理，请立即联系专家库管理人员。"
    inbox.post(topic=inbox.Topic.ACCOUNT, to_user=user, subject="账户已启用", body=body, link="/experts/me/", at=at)
    return slip.expert
