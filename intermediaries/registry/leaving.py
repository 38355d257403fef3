"""Acts about somebody who has left a firm that does not release him: his word, a term, a notice; then he is free."""

from datetime import date, datetime

from django.db import transaction

from accounts import inbox
from intermediaries.registry import queries, rules, services
from intermediaries.registry.events import ProviderChanged, stream
from intermediaries.registry.models import Practitioner, ProviderChange, StaffClaim
from intermediaries.registry.rules import Claim
from intermediaries.registry.tags import tags
from ledger.services import record
from rulebook.actor import Actor, Role
from rulebook.calendar import add_working_days, day_in_china
from rulebook.refusal import refuse_if
from rulebook.regions import region_of
from rulebook.rows import left_for_next_time

PLACE = "/providers/me/"


@transaction.atomic
def claim(
    *, code: str, name: str, id_number: str, left_on: date, statement: str, by: Actor, at: datetime
) -> StaffClaim:
    """Bring the word of somebody who now practises for this firm that he has left the one he is entered with.

    That firm is told at once and has five working days to object; if it does not, he is free on the day after.
    Refused for anyone but the firm's own people, for who is entered nowhere else, without his words, and while such
    a claim is open.
    Law: 明标平台规则 第91条.
    """
    row = services.hold_own(code=code, by=by)
    found = Practitioner.objects.select_for_update(of=("self",)).select_related("provider")
    who = found.filter(id_tag__in=tags(id_number.strip()), left_on=None).first()
    refuse_if(
        rules.why_not_claim(
            named=who is not None and who.name == name.strip() and who.provider_id != row.pk, statement=statement,
            open_already=who is not None and who.claims.filter(outcome="").exists(), left_on=left_on,
            on=day_in_china(at),
        )
    )  # fmt: skip
    assert who is not None, "the rule refuses who is entered nowhere else"
    made = StaffClaim.objects.create(
        person=who, claimant=row, left_on=left_on, statement=statement.strip(), raised_at=at,
        due_on=add_working_days(day_in_china(at), rules.OBJECT_WITHIN),
    )  # fmt: skip
    body = f"{who.name}声明已于{left_on:%Y-%m-%d}离职，由{row.organisation.name}提交。"
    told = f"{body}有异议的，请在{made.due_on:%Y-%m-%d}前写明理由提出；期满不提出的，次日解除登记。"
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=who.provider.organisation_id,
        subject="执业人员声明离职",
        body=told,
        link=PLACE,
        at=at,
    )
    return made


@transaction.atomic
def object_to(*, claim: StaffClaim, text: str, by: Actor, at: datetime) -> StaffClaim:
    """Object as the firm he is entered with; a keeper decides then.

    Refused for anyone else, without reasons, after the term, twice, and once it is decided.
    """
    row = _hold(claim)
    refuse_if(
        rules.why_not_object_to_claim(
            provider=row.person.provider.organisation_id, decided=bool(row.outcome), objected=bool(row.objection),
            due_on=row.due_on, text=text, by=by, on=day_in_china(at),
        )
    )  # fmt: skip
    row.objection, row.objected_at = text.strip(), at
    row.save(update_fields=["objection", "objected_at"])
    about = f"{row.person.name}的离职声明有异议，请核查后决定。"
    for role in sorted(rules.KEEPERS):
        inbox.post(
            topic=inbox.Topic.DUTY,
            to_role=Role(role),
            region=region_of(row.person.provider.organisation_id),
            subject="执业人员离职有异议",
            body=about,
            link="/providers/register/",
            at=at,
        )
    return row


@transaction.atomic
def decide(*, claim: StaffClaim, frees: bool, reason: str, by: Actor, at: datetime) -> StaffClaim:
    """Say who is right once the firm has objected. Both firms are told, with the reason.

    Refused for anyone but a keeper, before there is an objection, twice, and without a reason.
    """
    row = _hold(claim)
    refuse_if(rules.why_not_decide_claim(decided=bool(row.outcome), objected=bool(row.objection), reason=reason, by=by))
    _end(row, Claim.FREED if frees else Claim.KEPT, reason=reason.strip(), by=by, at=at)
    return row


def free_silent(*, by: Actor, at: datetime) -> int:
    """Free those whose firms have not objected within the term. Returns how many.  Law: 明标平台规则 第91条."""
    done, on = 0, day_in_china(at)
    for each in queries.silent(on=on):
        with left_for_next_time(f"claim {each.public_id}"), transaction.atomic():
            row = _hold(each)
            gone = row.person.left_on is not None
            if row.outcome or (not gone and (row.objection or row.due_on >= on)):
                continue
            _end(row, Claim.FREED, reason="期满没有提出异议", by=by, at=at)
            done += not gone
    return done


def _end(row: StaffClaim, outcome: Claim, *, reason: str, by: Actor, at: datetime) -> None:
    if row.person.left_on is not None:  # the firm released him itself, or left the register
        outcome = Claim.DROPPED
    row.outcome, row.reason, row.by_name, row.decided_at = outcome.value, reason, by.name, at
    row.save(update_fields=["outcome", "reason", "by_name", "decided_at"])
    who, code = row.person, row.person.provider.organisation_id
    if outcome is Claim.DROPPED:
        return
    if outcome is Claim.FREED:
        who.left_on = max(row.left_on, who.joined_on)
        who.save(update_fields=["left_on"])
        who.certificates.filter(struck_on=None).update(struck_on=day_in_china(at))
        ProviderChange.objects.create(provider=who.provider, what="freed", told=who.name, by_name=by.name, at=at)
    said = "已解除在原机构的登记" if outcome is Claim.FREED else "不解除登记"
    for firm in (code, row.claimant.organisation_id):
        body = f"{who.name}：{said}。{reason}"
        inbox.post(
            topic=inbox.Topic.REGISTER,
            to_organisation=firm,
            subject="执业人员离职声明的结果",
            body=body,
            link=PLACE,
            at=at,
        )
    if outcome is Claim.FREED:
        record(ProviderChanged(stream=stream(code), org=code, what="freed", told=who.name), at=at)


def _hold(claim: StaffClaim) -> StaffClaim:
    """The claim, held after the person it is about, as whoever releases him by himself holds him."""
    Practitioner.objects.select_for_update().get(pk=claim.person_id)
    found = StaffClaim.objects.select_for_update(of=("self",)).select_related("person__provider", "claimant")
    return found.get(pk=claim.pk)
