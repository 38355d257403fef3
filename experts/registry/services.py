"""Acts: enter somebody, apply, judge an application, take leave, bar."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction

from accounts import inbox, sealing
from accounts.models import User
from accounts.regions import queries as regions
from experts.registry import catalogue, particulars, rules
from experts.registry.models import (
    Application,
    ApplicationStep,
    Dossier,
    Employment,
    Expert,
    Specialty,
    StandingChange,
)
from experts.registry.rules import ApplicationState, Post, Standing, Title, Verdict
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, Refused, refuse_if


@transaction.atomic
def enrol(
    *, number: str, user: User, employer_code: str, employer_name: str, specialties: list[str], region: str,
    employer_since: date | None = None, particulars_of: Mapping[str, str] | None = None, by: Actor, at: datetime,
) -> Expert:  # fmt: skip
    """Enter a person in the register of experts. His name goes into the sealed dossier, his account shows a mask.

    particulars_of: what else the dossier is to hold; what it holds already stays.
    Refused when the number is taken, or the specialties are none, too many or unknown.
    Law: 政府采购评审专家管理办法 第6条.
    """
    taken = Expert.objects.filter(number=number).exclude(user=user).exists()
    known = catalogue.names()
    refuse_if(
        rules.why_not_keep_register(by=by)
        or rules.why_not_enrol(number=number, specialties=specialties, number_taken=taken, known=known)
    )
    held = _dossier(user, particulars_of or {}, at=at)
    today = day_in_china(at)
    due = rules.next_review(on=today, birthday=particulars.born(held.get("id_number", "")))
    told = {"employer_code": employer_code, "employer_name": employer_name, "region": region, "review_due_on": due}
    expert = Expert.objects.select_for_update().filter(user=user).first()
    if expert is None:
        expert = Expert.objects.create(number=number, user=user, enrolled_at=at, **told)
    else:
        expert.advance(Standing.ENROLLED)
        Expert.objects.filter(pk=expert.pk).update(**told)
        expert.refresh_from_db()
    expert.specialties.all().delete()
    Specialty.objects.bulk_create(Specialty(expert=expert, key=key) for key in sorted(set(specialties)))
    since = employer_since or today
    main = expert.employments.filter(post=Post.MAIN, until__isnull=True).first()
    if main is not None and main.code != employer_code:
        main.until = max(main.since, since)
        main.save(update_fields=["until"])
        main = None
    if main is None:
        Employment.objects.create(expert=expert, code=employer_code, name=employer_name, post=Post.MAIN, since=since)
    StandingChange.objects.create(expert=expert, what="enrolled", by_person=by.person, by_name=by.name, at=at)
    return expert


def _held(user: User) -> dict[str, str]:
    """What the person's dossier holds; nothing when there is none."""
    dossier = Dossier.objects.filter(user=user).first()
    return sealing.unseal(dossier.sealed, about=str(dossier.public_id)) if dossier else {}


def _dossier(user: User, told: Mapping[str, str], *, at: datetime) -> dict[str, str]:
    """Put particulars into somebody's dossier and a mask in place of the account's name. Returns what it holds now."""
    dossier = Dossier.objects.select_for_update().filter(user=user).first() or Dossier(user=user, changed_at=at)
    about = str(dossier.public_id)
    held = sealing.unseal(dossier.sealed, about=about) if dossier.sealed else {"name": user.name}
    held |= {field: value for field, value in told.items() if value}
    found = sealing.tags(held["id_number"]) if held.get("id_number") else [""]
    if found != [""] and Dossier.objects.filter(id_tag__in=found).exclude(user=user).exists():
        raise Refused(Reason("expert.known-already", Kind.NOT_VALID, "这个身份证号码已登记在另一账户名下"))
    dossier.sealed, dossier.id_tag, dossier.changed_at = sealing.seal(held, about=about), found[0], at
    if dossier.pk:
        dossier.save(update_fields=["sealed", "id_tag", "changed_at"])
    else:
        dossier.save(force_insert=True)
    mask = particulars.masked("name", held["name"])
    if user.name != mask:
        user.name = mask
        user.save(update_fields=["name"])
    return held


@transaction.atomic
def keep_particulars(*, user: User, told: Mapping[str, str], by: Actor, at: datetime) -> None:
    """Change what one's own dossier holds: telephone, e-mail, account.

    Refused when it is not one's own, or the number cannot be one.
    Law: 政府采购评审专家管理办法 第10条.
    """
    refuse_if(rules.why_not_own(own=str(user.public_id) == by.person, by=by))
    told = {field: told.get(field, "") for field in ("phone", "email", "bank")}
    refuse_if(particulars.why_not_phone(told["phone"]) if told["phone"] else ())
    _dossier(user, told, at=at)


@transaction.atomic
def apply(
    *, personal: Mapping[str, str], title: Title, field_since: int, keys: Collection[str], employer_code: str,
    employer_name: str, employer_since: date, region: str, promised: bool, by: Actor, at: datetime,
) -> Application:  # fmt: skip
    """Ask to be entered in the register; after a return, ask again.

    personal: name, phone, id_number, and email and bank when told; what the dossier holds need not be told again.
    keys: specialties of the catalogue.
    Refused when one is in it or asks already, when the law asks for more, and when what is told cannot be so.
    Law: 政府采购评审专家管理办法 第6条, 第9条.
    """
    user = User.objects.select_for_update().filter(public_id=by.person or None).first()
    expert = Expert.objects.filter(user=user).first() if user else None
    open_one = _open_application(user) if user else None
    under_way = open_one is not None and ApplicationState(open_one.state) in rules.UNDER_WAY
    standing = Standing(expert.state) if expert else None
    refuse_if(rules.why_not_apply(standing=standing, under_way=under_way, by=by))
    assert user is not None
    today = day_in_china(at)
    personal = {field: value.strip() for field, value in personal.items()}
    personal["id_number"] = personal.get("id_number", "").upper()
    held = _held(user)
    three = {field: personal.get(field) or held.get(field, "") for field in ("name", "phone", "id_number")}
    refuse_if(
        (
            *rules.why_not_promise(promised),
            *particulars.why_not_personal(**three),
            *rules.why_not_qualified(
                title=title, field_since=field_since, birthday=particulars.born(three["id_number"]),
                barred_until=expert.barred_until if expert else None, on=today,
            ),
            *rules.why_not_specialties(keys, known=catalogue.names()),
            *particulars.why_not_employer(code=employer_code, name=employer_name, since=employer_since, on=today),
        )
    )  # fmt: skip
    _dossier(user, personal, at=at)
    told = {
        "title": title.value, "field_since": field_since, "keys": sorted(set(keys)), "employer_code": employer_code,
        "employer_name": employer_name.strip(), "employer_since": employer_since, "region": region,
        "edition": rules.ENTRY.edition, "submitted_at": at, "checked_by": "",
    }  # fmt: skip
    if open_one is None:
        open_one = Application.objects.create(
            dossier=Dossier.objects.get(user=user), state=ApplicationState.SUBMITTED.value, **told
        )
    else:
        open_one.advance(ApplicationState.SUBMITTED)
        Application.objects.filter(pk=open_one.pk).update(**told)
        open_one.refresh_from_db()
    _step(open_one, by=by, at=at)
    body = "有一份专家入库申请等待初审。"
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=Role.OPERATOR,
        region=regions.named(region),
        subject="专家入库申请",
        body=body,
        link=f"/experts/applications/{open_one.public_id}/",
        at=at,
    )
    return open_one


def _open_application(user: User) -> Application | None:
    """The person's application that is not over, locked."""
    waiting = [*(state.value for state in rules.UNDER_WAY), ApplicationState.RETURNED.value]
    return Application.objects.select_for_update().filter(dossier__user=user, state__in=waiting).first()


@transaction.atomic
def withdraw(*, application: Application, by: Actor, at: datetime) -> Application:
    """Take one's own application back.

    Refused when it is somebody else's, or decided.
    """
    application = Application.objects.select_for_update().get(pk=application.pk)
    refuse_if(rules.why_not_withdraw(own=str(application.dossier.user.public_id) == by.person))
    application.advance(ApplicationState.WITHDRAWN)
    _step(application, by=by, at=at)
    return application


@transaction.atomic
def judge(*, application: Application, verdict: Verdict, note: str, by: Actor, at: datetime) -> Application:
    """A keeper's word on an application: two of them must agree, either may return or refuse it with a reason.

    The second one's word enters the applicant in the register.
    Refused when it is not a keeper, not waiting, the same person twice, or a return or refusal without its reason.
    Law: 政府采购评审专家管理办法 第9条.
    """
    application = (
        Application.objects.select_for_update(of=("self",)).select_related("dossier__user").get(pk=application.pk)
    )
    state = ApplicationState(application.state)
    refuse_if(rules.why_not_judge(state=state, verdict=verdict, note=note, first=application.checked_by, by=by))
    user = application.dossier.user
    if verdict is Verdict.AGREE and state is ApplicationState.SUBMITTED:
        application.checked_by = by.person
        application.save(update_fields=["checked_by"])
        application.advance(ApplicationState.CHECKED)
        other = Role.SUPERVISOR if by.role is Role.OPERATOR else Role.OPERATOR
        _tell_keepers(application, other, at=at)
    elif verdict is Verdict.AGREE:
        application.advance(ApplicationState.ACCEPTED)
        before = Expert.objects.filter(user=user).first()
        enrol(
            number=before.number if before else fresh_number(), user=user,
            employer_code=application.employer_code, employer_name=application.employer_name,
            employer_since=application.employer_since, specialties=list(application.keys), region=application.region,
            by=by, at=at,
        )  # fmt: skip
        _tell(user, "您已入库", "您的评审专家入库申请已通过，可以被随机抽取。", at=at)
    elif verdict is Verdict.RETURN:
        application.advance(ApplicationState.RETURNED)
        _tell(user, "入库申请已退回补正", f"您的入库申请须补正：{note.strip()}", at=at)
    else:
        application.advance(ApplicationState.REFUSED)
        _tell(user, "入库申请未通过", f"您的入库申请未通过：{note.strip()}", at=at)
    _step(application, note=note.strip(), by=by, at=at)
    return application


def fresh_number() -> str:
    """A number that says neither when nor in which order somebody came."""
    while True:
        number = f"ZJ-{secrets.randbelow(10**8):08d}"
        if not Expert.objects.filter(number=number).exists():
            return number


def _step(application: Application, *, note: str = "", by: Actor, at: datetime) -> None:
    name = particulars.masked("name", by.name) if by.role is Role.EXPERT else by.name
    ApplicationStep.objects.create(
        application=application, state=application.state, note=note, by_person=by.person, by_name=name, at=at
    )


def _tell_keepers(application: Application, role: Role, *, at: datetime) -> None:
    link = f"/experts/applications/{application.public_id}/"
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=role,
        region=regions.named(application.region),
        subject="专家入库申请待复核",
        body="一份专家入库申请已通过初审，请复核。",
        link=link,
        at=at,
    )


def _tell(user: User, subject: str, body: str, *, at: datetime) -> None:
    inbox.post(topic=inbox.Topic.REGISTER, to_user=user, subject=subject, body=body, link="/experts/me/", at=at)
