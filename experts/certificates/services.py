"""Acts on certificates: hand one in, take it back, look at it; remind its person before it ends."""

from datetime import date, datetime

from django.db import transaction

from accounts import inbox, sealing
from experts.certificates import queries, rules
from experts.certificates.models import Certificate
from experts.certificates.rules import REMIND, Proof
from experts.certificates.words import PROOF_WORDS
from experts.registry import particulars
from experts.registry.models import Dossier, Look
from experts.registry.rules import why_not_keep_register
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if


@transaction.atomic
def add(*, proof: Proof, name: str, file: bytes, valid_until: date | None, by: Actor, at: datetime) -> Certificate:
    """Hand in a proof of what one says of oneself; it lies sealed, name and bytes.

    Refused when it is no expert or applicant with a dossier, and with every reason against the file.
    Law: 政府采购评审专家管理办法 第6条.
    """
    dossier = Dossier.objects.select_for_update().filter(user__public_id=by.person or None).first()
    held = dossier.certificates.filter(removed_at__isnull=True).count() if dossier else 0
    suffix = rules.suffix_of(file[:16])
    refuse_if(
        rules.why_not_add(
            has_dossier=dossier is not None, size=len(file), suffix=suffix, name=name, held=held,
            valid_until=valid_until, on=day_in_china(at), by=by,
        )
    )  # fmt: skip
    assert dossier is not None
    made = Certificate(
        dossier=dossier, proof=proof.value, suffix=suffix, size=len(file), valid_until=valid_until, added_at=at
    )
    about = queries.about(made)
    made.sealed, made.file = sealing.seal({"name": name.strip()}, about=about), sealing.seal_file(file, about=about)
    made.save(force_insert=True)
    return made


@transaction.atomic
def remove(*, certificate: Certificate, by: Actor, at: datetime) -> Certificate:
    """Take one's own proof back; nothing of it stays but that there was one.

    Refused when it is somebody else's.
    """
    row = Certificate.objects.select_for_update(of=("self",)).select_related("dossier__user").get(pk=certificate.pk)
    refuse_if(rules.why_not_remove(own=_own(row, by)))
    if row.removed_at is None:
        row.sealed, row.file, row.removed_at = "", b"", at
        row.save(update_fields=["sealed", "file", "removed_at"])
    return row


@transaction.atomic
def look(*, certificate: Certificate, purpose: str, by: Actor, at: datetime) -> bytes:
    """See a proof. The look is written down with those at the person's particulars before anything is shown.

    Refused for anybody but a keeper with a purpose, and the person.
    """
    row = Certificate.objects.select_related("dossier__user").get(pk=certificate.pk, removed_at__isnull=True)
    refuse_if(rules.why_not_look(own=_own(row, by), purpose=purpose, by=by))
    said = f"证明材料（{PROOF_WORDS[Proof(row.proof)]}）：{purpose.strip() or '本人查看'}"
    name = particulars.masked("name", by.name) if by.role is Role.EXPERT else by.name
    Look.objects.create(
        dossier=row.dossier, by_person=by.person, by_name=name, by_role=by.role, purpose=said[:200], at=at
    )
    return sealing.unseal_file(row.file, about=queries.about(row))


@transaction.atomic
def remind(*, certificate: int, by: Actor, at: datetime) -> None:
    """Tell its person once that a proof is about to end. Does nothing twice."""
    row = Certificate.objects.select_for_update(of=("self",)).select_related("dossier__user").get(pk=certificate)
    if row.removed_at or row.reminded_at or row.valid_until is None:
        return
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    body = f"您的证明材料（{PROOF_WORDS[Proof(row.proof)]}）有效期至{row.valid_until}，请及时上传新的；复核时会核对。"
    inbox.post(
        topic=inbox.Topic.REGISTER,
        to_user=row.dossier.user,
        subject="证明材料即将到期",
        body=body,
        link="/experts/me/",
        at=at,
    )


def ending(*, on: date) -> list[int]:
    """Certificates whose person is to be reminded."""
    found = Certificate.objects.filter(removed_at__isnull=True, reminded_at__isnull=True, valid_until__lte=on + REMIND)
    return list(found.order_by("valid_until").values_list("pk", flat=True)[:200])


@transaction.atomic
def reseal(*, by: Actor, at: datetime) -> int:
    """Seal with the newest key what an older one sealed. Returns how many it touched. Refused when it is no keeper."""
    refuse_if(why_not_keep_register(by=by))
    touched = 0
    for pk in list(Certificate.objects.filter(removed_at__isnull=True).values_list("pk", flat=True)):
        row = Certificate.objects.select_for_update().get(pk=pk)
        about = queries.about(row)
        if (held := sealing.opened_of_old(row.sealed, about=about)) is None:
            continue
        row.sealed = sealing.seal(held, about=about)
        row.file = sealing.seal_file(sealing.unseal_file(row.file, about=about), about=about)
        row.save(update_fields=["sealed", "file"])
        touched += 1
    return touched


def _own(row: Certificate, by: Actor) -> bool:
    return bool(by.person) and str(row.dossier.user.public_id) == by.person
