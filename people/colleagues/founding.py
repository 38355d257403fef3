"""The three who keep a platform come into it before there is anybody who could invite them: once, by links on paper."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import services as accounts
from accounts.models import Organisation, User
from accounts.rules import STEWARDS, Kind
from people.colleagues import rules
from people.colleagues.houses import note
from people.colleagues.models import Invitation
from people.colleagues.rules import What
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if


@transaction.atomic
def found(
    *, platform: tuple[str, str], watching: tuple[str, str, str], names: Mapping[Role, str], by: Actor, at: datetime
) -> dict[Role, str]:
    """Invite the security officer, the operator and the auditor; role ↦ link, whose word is kept nowhere.

    platform: credit code and name of the house that runs the platform.  watching: code, name and kind of the house the
    auditor is of, another one.  names: role ↦ whom.  The security officer administers the platform's people.
    Called again it calls earlier links back that nobody has used, and leaves out whoever is in.
    Refused to all but the system, once all three are in, to bring in one whom the security officer could invite, and
    where one person or one house would hold offices that are to be apart.
    Law: GB/T 22239-2019 8.1.5.
    """
    list(Organisation.objects.select_for_update().filter(code__in=[platform[0], watching[0]]))
    held = frozenset(Role(role) for role in User.objects.filter(role__in=STEWARDS).values_list("role", flat=True))
    refuse_if(rules.why_not_found(
        held=held, names=names, one_house=platform[0] == watching[0], kind=watching[2], by=by
    ))  # fmt: skip
    houses = {Role.SECURITY: platform[0], Role.OPERATOR: platform[0], Role.AUDITOR: watching[0]}
    accounts.create_organisation(code=platform[0], name=platform[1], kind=Kind.PLATFORM, by=by, at=at)
    accounts.create_organisation(code=watching[0], name=watching[1], kind=Kind(watching[2]), by=by, at=at)
    Invitation.objects.filter(by_user=None, used_at=None, revoked_at=None).update(revoked_at=at)
    links = {}
    for role in rules.FOUNDERS:
        if role in held:
            continue
        token = secrets.token_urlsafe(32)
        row = Invitation.objects.create(
            organisation_id=houses[role], role=role, name=names[role].strip(), administers=role is Role.SECURITY,
            token_sha256=hashlib.sha256(token.encode()).hexdigest(), by_user=None, sent_at=at,
            expires_at=at + rules.INVITED_FOR,
        )  # fmt: skip
        note(houses[role], What.INVITED, told=row.name, by=by, at=at)
        links[role] = f"{settings.SITE}/invitations/{token}/"
    return links
