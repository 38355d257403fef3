"""Acts of a first account: a keeper issues a slip, its person opens the account with it."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q

from accounts import inbox
from accounts import services as accounts
from experts.registry import particulars, sealing, slips
from experts.registry.models import AccessSlip, Expert, StandingChange
from experts.registry.rules import Standing
from rulebook.actor import Actor
from rulebook.refusal import refuse_if

STANDS = Q(used_at__isnull=True, replaced_at__isnull=True)


def unopened() -> list[Expert]:
    """Experts of the register whose account has no password yet and who can be known again, by number."""
    found = Expert.objects.filter(user__password__startswith=UNUSABLE_PASSWORD_PREFIX, user__is_active=True)
    found = found.exclude(state=Standing.LEFT).exclude(user__dossier__id_tag="")
    return list(found.select_related("user__dossier").order_by("number"))


def standing_slip(expert: Expert) -> AccessSlip | None:
    """The slip of this person that stands, used by nobody."""
    return expert.slips.filter(STANDS).first()


@transaction.atomic
def issue(*, experts: Sequence[Expert], by: Actor, at: datetime) -> list[tuple[Expert, str, AccessSlip]]:
    """Issue a slip to each of these; what stood before ends. Returns each with its word, which is kept nowhere.

    Refused when it is no keeper, an account is open already, somebody left, or has no identity number on record.
    """
    told = []
    for expert in Expert.objects.select_for_update(of=("self",)).select_related("user__dossier").filter(
        pk__in=[each.pk for each in experts]
    ).order_by("number"):  # fmt: skip
        refuse_if(
            slips.why_not_issue(
                opened=expert.user.has_usable_password(), identified=bool(expert.user.dossier.id_tag),
                standing=Standing(expert.state), by=by,
            )
        )  # fmt: skip
        expert.slips.filter(STANDS).update(replaced_at=at)
        word = "".join(secrets.choice(slips.ALPHABET) for _ in range(slips.LENGTH))
        slip = AccessSlip.objects.create(
            expert=expert, code_hash=slips.digest(word), issued_by=by.person, issued_at=at,
            expires_at=at + slips.LASTS,
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
    user = accounts.set_first_password(user=slip.expert.user, password=password, by=by, at=at)
    slip.used_at = at
    slip.save(update_fields=["used_at"])
    StandingChange.objects.create(
        expert=slip.expert, what="account-opened", by_person=str(user.public_id),
        by_name=particulars.masked("name", user.name), at=at,
    )  # fmt: skip
    body = "您的账户已启用。如果不是您本人办理，请立即联系专家库管理人员。"
    inbox.post(to_user=user, subject="账户已启用", body=body, link="/experts/me/", at=at)
    return slip.expert
