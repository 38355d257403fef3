"""Acts on somebody who is in the register: employers, training, yearly review, exit, and looking at particulars."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import inbox, sealing
from experts.registry import particulars, rules
from experts.registry.models import Dossier, Employment, Expert, Look, StagedImport, StandingChange, Training
from experts.registry.rules import Post, Standing
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, Refused, refuse_if


@transaction.atomic
def change_employer(
    *, number: str, code: str, name: str, post: Post, since: date, by: Actor, at: datetime
) -> Employment:
    """Say where one works, or sits on a board, from a day on. A new employer ends the one before; that stays on record.

    Refused when it is not one's own, the code is no credit code, the day is to come, or before the last change.
    Law: 政府采购评审专家管理办法 第10条.
    """
    expert = Expert.objects.select_for_update().get(number=number)
    refuse_if(
        rules.why_not_own(own=str(expert.user.public_id) == by.person, by=by)
        or particulars.why_not_employer(code=code, name=name, since=since, on=day_in_china(at))
    )
    if post is Post.MAIN:
        main = expert.employments.filter(post=Post.MAIN, until__isnull=True).first()
        if main is not None and since <= main.since:
            raise Refused(Reason("expert.employer-order", Kind.NOT_VALID, "新单位的任职起始日应晚于上一单位"))
        if main is not None:
            main.until = since - timedelta(days=1)
            main.save(update_fields=["until"])
        expert.employer_code, expert.employer_name = code, name.strip()
        expert.save(update_fields=["employer_code", "employer_name"])
    return Employment.objects.create(expert=expert, code=code, name=name.strip(), post=post, since=since)


@transaction.atomic
def end_employment(*, employment: Employment, until: date, by: Actor, at: datetime) -> Employment:
    """Say that a board seat, a second job or a share is over; it counts for three more years.

    Refused when it is not one's own, the employer itself, over already, or the day cannot be.
    """
    row = Employment.objects.select_for_update(of=("self",)).select_related("expert__user").get(pk=employment.pk)
    refuse_if(rules.why_not_own(own=str(row.expert.user.public_id) == by.person, by=by))
    if row.post == Post.MAIN or row.until is not None or not row.since <= until <= day_in_china(at):
        raise Refused(
            Reason("expert.employment-end", Kind.NOT_VALID, "结束日期须在任职期内且不晚于今天；工作单位请直接变更")
        )
    row.until = until
    row.save(update_fields=["until"])
    return row


@transaction.atomic
def train(*, number: str, subject: str, hours: int, on: date, by: Actor, at: datetime) -> Training:
    """Write down that somebody took part in a training.

    Refused when it is not a keeper, or it says nothing, or it is to come.
    """
    expert = Expert.objects.get(number=number)
    refuse_if(rules.why_not_training(subject=subject, hours=hours, on=on, today=day_in_china(at), by=by))
    return Training.objects.create(expert=expert, subject=subject.strip(), hours=hours, on=on, by_name=by.name, at=at)


@transaction.atomic
def review(*, number: str, passed: bool, note: str, by: Actor, at: datetime) -> Expert:
    """Write down a yearly review: who passed may be drawn for another year, who did not is suspended until he does.

    Refused when it is not a keeper, one failed without a reason or past the age limit, and for somebody who left.
    Law: 政府采购评审专家管理办法 第11条.
    """
    expert = Expert.objects.select_for_update().get(number=number)
    birthday = _birthday(expert)
    today = day_in_china(at)
    refuse_if(rules.why_not_review(passed=passed, note=note, birthday=birthday, on=today, by=by))
    wanted = Standing.ENROLLED if passed else Standing.SUSPENDED
    if expert.state == Standing.LEFT or expert.state != wanted:
        refuse_if(rules.why_not_stay(state=Standing(expert.state)))
        expert.advance(wanted)
    if passed:
        expert.review_due_on = rules.next_review(on=today, birthday=birthday)
        expert.save(update_fields=["review_due_on"])
    _note(expert, "review-passed" if passed else "review-failed", note, by=by, at=at)
    body = "您已通过年度复核。" if passed else f"您未通过年度复核，暂不参加抽取：{note.strip()}"
    inbox.post(
        topic=inbox.Topic.REGISTER, to_user=expert.user, subject="年度复核", body=body, link="/experts/me/", at=at
    )
    return expert


@transaction.atomic
def leave_register(*, number: str, reason: str, decision: str = "", by: Actor, at: datetime) -> Expert:
    """Take somebody out of the register: at his own wish, or by a decision with its number and reason.

    What he was drawn for before stays as it is; he is in no later pool.
    Refused for anybody else, without the decision's number and reason, and when he has left.
    Law: 政府采购评审专家管理办法 第11条.
    """
    expert = Expert.objects.select_for_update(of=("self",)).select_related("user").get(number=number)
    own = str(expert.user.public_id) == by.person
    refuse_if(rules.why_not_exit(own=own, reason=reason, decision=decision, by=by))
    expert.advance(Standing.LEFT)
    _note(expert, "left" if own else "removed", f"{decision} {reason}".strip(), by=by, at=at)
    if not own:
        body = f"您已不再担任评审专家：{decision} {reason}".strip()
        inbox.post(
            topic=inbox.Topic.REGISTER, to_user=expert.user, subject="专家库通知", body=body, link="/experts/me/", at=at
        )
    return expert


@transaction.atomic
def look(*, dossier: Dossier, purpose: str, by: Actor, at: datetime) -> dict[str, str]:
    """See somebody's particulars in full. The look is written down before anything is shown, one's own included.

    Refused for anybody but a keeper with a purpose, and the person.
    """
    own = str(dossier.user.public_id) == by.person
    refuse_if(rules.why_not_look(own=own, purpose=purpose, by=by))
    _looked(dossier, purpose.strip() or "本人查看", by=by, at=at)
    return sealing.unseal(dossier.sealed, about=str(dossier.public_id))


@transaction.atomic
def look_at_many(*, dossiers: list[Dossier], purpose: str, by: Actor, at: datetime) -> list[dict[str, str]]:
    """The same for an export: a look is written down for everybody in it, in their order.

    Refused for anybody but a keeper with a purpose.
    """
    refuse_if(rules.why_not_look(own=False, purpose=purpose, by=by))
    for dossier in dossiers:
        _looked(dossier, purpose.strip(), by=by, at=at)
    return [sealing.unseal(each.sealed, about=str(each.public_id)) for each in dossiers]


def _looked(dossier: Dossier, purpose: str, *, by: Actor, at: datetime) -> None:
    name = particulars.masked("name", by.name) if by.role is Role.EXPERT else by.name
    Look.objects.create(
        dossier=dossier, by_person=by.person, by_name=name, by_role=by.role, purpose=purpose[:200], at=at
    )


@transaction.atomic
def reseal(*, by: Actor, at: datetime) -> int:
    """Seal with the newest key what an older one sealed. Returns how many rows it touched.

    Refused when it is not a keeper.
    """
    refuse_if(rules.why_not_keep_register(by=by))
    touched = 0
    for row in Dossier.objects.select_for_update().order_by("pk").iterator(chunk_size=500):
        if (held := sealing.opened_of_old(row.sealed, about=str(row.public_id))) is None:
            continue
        row.sealed = sealing.seal(held, about=str(row.public_id))
        row.id_tag = sealing.tags(held["id_number"])[0] if held.get("id_number") else ""
        row.save(update_fields=["sealed", "id_tag"])
        touched += 1
    for staged in StagedImport.objects.select_for_update().exclude(sealed=""):
        if (cells := sealing.opened_of_old(staged.sealed, about=str(staged.public_id))) is None:
            continue
        staged.sealed = sealing.seal(cells, about=str(staged.public_id))
        staged.save(update_fields=["sealed"])
        touched += 1
    return touched


def _birthday(expert: Expert) -> date | None:
    dossier = expert.user.dossier
    held = sealing.unseal(dossier.sealed, about=str(dossier.public_id))
    return particulars.born(held.get("id_number", ""))


def _note(expert: Expert, what: str, note: str, *, by: Actor, at: datetime) -> None:
    name = particulars.masked("name", by.name) if by.role is Role.EXPERT else by.name
    StandingChange.objects.create(
        expert=expert, what=what, note=note.strip()[:500], by_person=by.person, by_name=name, at=at
    )
