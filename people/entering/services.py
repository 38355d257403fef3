"""Acts: a house comes in; who finds its code taken asks or objects; the platform's keepers look."""

import hashlib
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from accounts import inbox, joining
from accounts import services as accounts
from accounts.models import Organisation, SignUp, User
from accounts.reaching.rules import Topic
from accounts.rules import Kind
from documents.evidence import services as evidence
from ledger.services import publish_blob
from people.colleagues import queries as colleagues
from people.colleagues import telling
from people.colleagues.houses import note
from people.colleagues.models import Administrator
from people.colleagues.rules import What
from people.entering import queries, rules
from people.entering.models import Agreement, Applicant
from people.entering.rules import State
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import refuse_if
from rulebook.regions import region_of


def begin(
    *, kind: str, code: str, firm: str, name: str, phone: str, password: str, promised: bool, agreed: bool,
    source: str, by: Actor, at: datetime,
) -> SignUp:  # fmt: skip
    """A house asks for a code. The same answer, after the same work, whether its credit code is known or not.

    Refused without a credit code, the promise and the agreement, and as `joining.begin`.
    Law: 电子签名法 第3条; 明标平台规则 第28条.
    """
    known = Kind(kind) if kind in set(Kind) else None
    refuse_if(
        rules.why_not_begin(kind=known, code=code, firm=firm, name=name, phone=phone, promised=promised, agreed=agreed)
    )
    assert known is not None, "the rule refuses others"
    facts = {"name": name.strip(), "firm": firm.strip(), "code": code}
    promise = hashlib.sha256(rules.promise_text(known)).hexdigest()
    return joining.ask_code(
        kind=known, facts=facts, phone=phone, password=password, promise=promise, source=source, at=at
    )


def confirm(
    *, sign_up: UUID, code: str, document: BinaryIO | None, document_name: str = "", by: Actor, at: datetime
) -> User | None:
    """The code came back: the house is in and its person administers it; None where somebody has to look first.

    Who finds the credit code taken, or brings a document, becomes an `Applicant` under the same public id.
    Refused with a wrong code, and without the document where one is asked for.
    """
    kind = Kind(SignUp.objects.get(public_id=sign_up).kind)
    refuse_if(rules.why_not_confirm(kind=kind, document=document is not None))

    def enter(row: SignUp, at: datetime) -> User | None:
        facts, taken = row.facts, Organisation.objects.filter(code=row.facts["code"]).exists()
        if not taken and kind not in rules.WITH_DOCUMENT:
            return _enter(
                code=facts["code"], firm=facts["firm"], kind=kind, name=facts["name"], hashed=row.password,
                promise=row.promise, at=at,
            )  # fmt: skip
        made = Applicant.objects.create(
            public_id=row.public_id, state=(State.KNOWN if taken else State.WAITING).value, code=facts["code"],
            firm=facts["firm"], kind=row.kind, name=facts["name"], phone=row.phone, password=row.password,
            promise=row.promise, came_at=at,
        )  # fmt: skip
        if document is not None:
            evidence.keep(about=queries.about(made), name=document_name, blob=document, by=SYSTEM, at=at)
        if not taken:
            _tell_keepers(Role.OPERATOR, made, "有单位申请入驻，请核对证明文件", at=at)
        return None

    return joining.confirm(sign_up=sign_up, code=code, enter=enter, by=by, at=at)


@transaction.atomic
def ask(*, applicant: UUID, by: Actor, at: datetime) -> Applicant:
    """Ask the house whose code it is for an invitation; its administrators are told the name and the number."""
    row = Applicant.objects.select_for_update().get(public_id=applicant)
    refuse_if(rules.why_not_speak(state=State(row.state), text="", objects=False))
    row.password = ""
    row.save(update_fields=["password"])
    row.become(State.ASKED)
    _tell_house(row, f"{row.name}（{row.phone}）希望加入本单位。认识的，请发邀请；不认识的，不必理会。", at=at)
    return row


@transaction.atomic
def object_to(*, applicant: UUID, text: str, by: Actor, at: datetime) -> Applicant:
    """Say that the house is one's own and others hold its code; the security officer looks. Its people are told."""
    row = Applicant.objects.select_for_update().get(public_id=applicant)
    refuse_if(rules.why_not_speak(state=State(row.state), text=text, objects=True))
    row.text = text.strip()
    row.save(update_fields=["text"])
    row.become(State.OBJECTED)
    _tell_house(row, "有人对本单位信用代码的登记提出异议，平台安全管理员将核实，请留意来电。", at=at)
    _tell_keepers(Role.SECURITY, row, "有人对信用代码的登记提出异议", at=at)
    return row


@transaction.atomic
def find(*, applicant: UUID, holds: bool, text: str, by: Actor, at: datetime) -> Applicant:
    """Find on a document or an objection. Where an objection holds, all accounts of the house are shut at once.

    The house keeps what it has done; its identity key stays until it is registered anew in person.
    Refused to all but the keeper whose it is, twice, and without a word on what was looked at.
    """
    row = Applicant.objects.select_for_update().get(public_id=applicant)
    objection, house = row.state == State.OBJECTED, Organisation.objects.filter(code=row.code).first()
    platforms = holds and objection and house is not None and Kind(house.kind) not in rules.FIRST_ROLE
    refuse_if(rules.why_not_find(state=State(row.state), text=text, platforms=platforms, by=by))
    if not holds:
        state, words = State.DISMISSED if objection else State.REFUSED, f"未通过：{text.strip()}"
    elif objection:
        row.user, state = _take_over(row, by=by, at=at), State.UPHELD
        words = f"异议成立，原有账户已停用。请用 {row.user.username} 和注册时的密码登录。"
    elif house is not None:  # somebody else was confirmed meanwhile
        state, words = State.KNOWN, "该信用代码已由他人登记，请回到申请页面，请求邀请或者提出异议。"
    else:
        row.user = _enter(
            code=row.code, firm=row.firm, kind=Kind(row.kind), name=row.name, hashed=row.password,
            promise=row.promise, at=at,
        )  # fmt: skip
        state, words = State.ENTERED, f"核对通过，请用 {row.user.username} 和注册时的密码登录。"
    row.finding, row.found_at, row.found_by = text.strip(), at, by.person
    row.password = row.password if state is State.KNOWN else ""
    row.save(update_fields=["user", "finding", "found_at", "found_by", "password"])
    row.become(state)
    phone = row.phone
    transaction.on_commit(lambda: telling.send(phone, f"【明标】{words}", at=at))
    return row


@transaction.atomic
def agree(*, by: Actor, at: datetime) -> Agreement:
    """Sign the agreement in force for a house that has not; again changes nothing.

    Refused to all but administrators.
    """
    refuse_if(colleagues.why_not_administer(by))
    user = User.objects.get(public_id=by.person)
    found = queries.agreement(by.organisation)
    if found is None:
        found = _agree(user, promise="", at=at)
        note(by.organisation, What.AGREED, user=user, told=rules.EDITION, by=by, at=at)
    return found


def _enter(*, code: str, firm: str, kind: Kind, name: str, hashed: str, promise: str, at: datetime) -> User:
    """The house with its first person, who administers it and has signed for it."""
    accounts.create_organisation(code=code, name=firm, kind=kind, by=SYSTEM, at=at)
    return _first_person(code, kind, name=name, hashed=hashed, promise=promise, at=at)


def _first_person(code: str, kind: Kind, *, name: str, hashed: str, promise: str, at: datetime) -> User:
    user = accounts.create_user(
        username=queries.next_username(code), password="", hashed=hashed, name=name, role=rules.FIRST_ROLE[kind],
        organisation=code, by=SYSTEM, at=at,
    )  # fmt: skip
    Administrator.objects.create(user=user, organisation_id=code, since=at)
    _agree(user, promise=promise, at=at)
    note(code, What.JOINED, user=user, told=user.role, by=user.as_actor(), at=at)
    note(code, What.APPOINTED, user=user, by=SYSTEM, at=at)
    note(code, What.AGREED, user=user, told=rules.EDITION, by=user.as_actor(), at=at)
    return user


def _take_over(row: Applicant, *, by: Actor, at: datetime) -> User:
    house = Organisation.objects.select_for_update().get(code=row.code)
    for user in User.objects.filter(organisation=house, is_active=True):
        accounts.let_in(user=user, active=False, by=by, at=at)
        note(house.code, What.BLOCKED, user=user, told="信用代码异议成立", by=by, at=at)
    Administrator.objects.filter(organisation=house).delete()
    return _first_person(house.code, Kind(house.kind), name=row.name, hashed=row.password, promise=row.promise, at=at)


def _agree(user: User, *, promise: str, at: datetime) -> Agreement:
    return Agreement.objects.create(
        organisation_id=user.organisation_id, user=user, edition=rules.EDITION,
        sha256=publish_blob(rules.agreement_text()), promise=promise, at=at,
    )  # fmt: skip


def _tell_house(row: Applicant, words: str, *, at: datetime) -> None:
    for head in colleagues.administrators(row.code):
        inbox.post(
            to_user=head, subject="有人登记本单位的信用代码", body=words, link="/people/", topic=Topic.ACCOUNT, at=at
        )


def _tell_keepers(role: Role, row: Applicant, words: str, *, at: datetime) -> None:
    inbox.post(
        to_role=role, region=region_of(row.code), subject=words, body=row.firm, link=f"/entries/{row.public_id}/",
        topic=Topic.DUTY, at=at,
    )  # fmt: skip
