"""Acts: name who keeps the key, and count his drill."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import inbox
from accounts import services as accounts
from accounts.models import KeyRevocation
from accounts.queries import checked
from people.colleagues.houses import colleague, hold_own, note
from people.colleagues.rules import What
from people.custody import queries, rules
from people.custody.models import Custodian, Drill
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


@transaction.atomic
def name(*, person: UUID, by: Actor, at: datetime) -> Custodian:
    """Name a custodian; he owes a drill."""
    house = hold_own(by=by)
    user = colleague(person, by=by)
    keeps = Custodian.objects.filter(user=user, ended_at=None).exists()
    refuse_if(rules.why_not_keep(active=user.is_active, keeps=keeps))
    row = Custodian.objects.create(organisation=house, user=user, since=at)
    note(house.code, What.CUSTODIAN, user=user, by=by, at=at)
    return row


@transaction.atomic
def end(*, person: UUID, by: Actor, at: datetime) -> None:
    """Somebody keeps the key no more. He has seen it: whether a new generation is due the house decides."""
    house = hold_own(by=by)
    user = colleague(person, by=by)
    if Custodian.objects.filter(user=user, ended_at=None).update(ended_at=at, challenge=""):
        note(house.code, What.NO_CUSTODIAN, user=user, by=by, at=at)


@transaction.atomic
def challenge(*, by: Actor, at: datetime) -> Custodian:
    """What this custodian is to sign: 32 fresh bytes. Raises Custodian.DoesNotExist for anybody else."""
    row = Custodian.objects.select_for_update(of=("self",)).get(user__public_id=by.person or None, ended_at=None)
    row.challenge, row.asked_at = secrets.token_hex(32), at
    row.save(update_fields=["challenge", "asked_at"])
    return row


@transaction.atomic
def drill(*, statement: Mapping[str, Any], by: Actor, at: datetime) -> Drill:
    """Count a custodian's drill: he has opened his copy and signed the challenge with it; once a generation.

    Raises Custodian.DoesNotExist for anybody else.
    Refused for another's statement, an older generation, and a challenge that is not the last one.
    Spec: docs/proofs.md, statements.
    """
    said = checked(statement, v="drill/1")
    row = Custodian.objects.select_for_update(of=("self",)).get(user__public_id=by.person or None, ended_at=None)
    newest = queries.custody(row.organisation_id).gen
    refuse_if(
        rules.why_not_drill(said=said, challenge=row.challenge, asked_at=row.asked_at, newest=newest, by=by, at=at)
    )
    row.challenge = ""
    row.save(update_fields=["challenge"])
    made, new = Drill.objects.get_or_create(custodian=row, gen=said["gen"], defaults={"statement": said, "at": at})
    if new:
        note(row.organisation_id, What.DRILLED, user=row.user, told=str(said["gen"]), by=by, at=at)
    return made


@transaction.atomic
def revoke(*, statement: Any, by: Actor, at: datetime) -> KeyRevocation:
    """End a generation of one's house's key with the `idr/1` a later one signed; the same again changes nothing.

    Everybody who administers the house or keeps its key is told, whoever did it.
    Refused for anybody but those, and as `accounts.services.revoke_key` says.
    Spec: docs/proofs.md, registration.
    """
    refuse_if(queries.why_not_revoke(by))
    row, new = accounts.revoke_key(statement=statement, by=by, at=at)
    if not new:
        return row
    note(row.organisation_id, What.KEY_REVOKED, told=str(row.gen), by=by, at=at)
    for user in queries.keepers(row.organisation_id):
        inbox.post(
            to_user=user,
            subject=f"第 {row.gen} 代单位密钥已吊销",
            body=f"{by.name}用第 {row.statement['gen']} 代密钥吊销了第 {row.gen} 代。此后它签的声明一律不收，"
            "以前收下的照样有效。用它封的文件仍要靠它解开：密钥文件请保存到这些项目结束。"
            "不是本单位办的，立即告知监督部门。",
            link="/people/custody/revoke/",
            topic=inbox.Topic.ACCOUNT,
            at=at,
        )
    return row
