"""Acts on letters: offer, agree, decline, take back, end; and who goes on with the purchases under one."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from django.db import transaction

from accounts import inbox
from accounts.queries import organisation
from blacklist.lists import services as lists
from blacklist.lists.rules import Gate
from documents import qr, signing, typesetting
from documents.evidence import rules as evidence_rules
from documents.evidence import services as evidence
from documents.issued import services as issued
from ledger.locks import hold_final
from ledger.services import record
from market.agency import queries, rules
from market.agency.events import AgentLeft, AgentNamed
from market.agency.models import Entrustment, EntrustmentStep
from market.agency.rules import State, Terms
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.sides import ENTRUSTABLE, IN_SUPERMARKET, Mandate
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.calendar import day_in_china
from rulebook.money import yuan
from rulebook.refusal import refuse_if
from rulebook.times import iso

TEMPLATE = "market/agency/letter.typ"
REGIME = "B"  # whose law wants an agent looked up before it is entrusted: 财库〔2016〕125号


@transaction.atomic
def offer(*, agent: str, terms: Terms, file: BinaryIO | bytes, name: str, by: Actor, at: datetime) -> Entrustment:
    """Put a letter before an agent, with the agreement both have signed as a PDF; the agent is looked up in the lists.

    agent: credit code. Raises Organisation.DoesNotExist.
    Refused for anyone but a purchaser's officer, to anybody but an agent, to one that is banned, and with everything
    that is wrong with its terms at once.
    Law: 政府采购法 第19条, 第20条; 政府采购法实施条例 第16条; 财库〔2016〕125号.
    """
    to = organisation(agent)
    data = file if isinstance(file, bytes) else file.read()
    refuse_if(
        rules.why_not_offer(
            terms, kind=queries.kind_of(by), agent_kind=to.kind, file=evidence_rules.kind_of(data),
            bans=queries.bans(agent, owner=by.organisation, categories=terms.categories, at=at),
            on=day_in_china(at), by=by,
        )
    )  # fmt: skip
    public_id = uuid.uuid4()
    kept = evidence.keep(about=f"{queries.ABOUT}:{public_id}", name=name, blob=data, by=by, at=at)
    letter = Entrustment.objects.create(
        public_id=public_id, owner_id=by.organisation, agent=to, title=terms.title.strip(),
        works=sorted(terms.works), categories=sorted(terms.categories),
        most=None if terms.most is None else yuan(Decimal(terms.most)), single=terms.single, first=terms.first,
        last=terms.last, fee=terms.fee.strip(), payer=terms.payer, contact_name=terms.contact.strip(),
        contact_phone=terms.phone.strip(), address=terms.address.strip(), file=kept, offered_by=by.person,
        offered_by_name=by.name, offered_at=at,
    )  # fmt: skip
    lists.look_up(about=letter.log, gate=Gate.ENTRUST, bodies={agent: to.name}, regime=REGIME, by=SYSTEM, at=at)
    _tell(letter, agent, "收到采购委托", f"{letter.owner.name}委托贵机构代理采购，请核对后确认或者说明不接受。", at)
    return letter


def agree(*, public_id: uuid.UUID, contact: Mapping[str, str], by: Actor, at: datetime) -> Entrustment:
    """Accept a letter for the agent; it is issued signed, its hash is public, and purchases may be begun under it.

    contact: "contact_name", "contact_phone", "address" of the agent, which notices name.
    Refused for anyone but the agent's officer, once answered, after its last day, and under a ban.
    Law: 政府采购法 第20条; 电子签名法 第13条.
    """
    letter = queries.one(public_id, viewer=by)
    _refuse_agreeing(letter, contact, by=by, at=at)
    told, paper_id = {name: value.strip() for name, value in contact.items()}, uuid.uuid4()
    values = queries.letter_page(letter, contact=told, public_id=paper_id) | {
        "agreed_by": by.name, "agreed_on": day_in_china(at).isoformat(),
        "certificate": signing.fingerprint(signing.der_of(signing.certificate(at=at))),
    }  # fmt: skip
    # Set and signed before anything is held: nobody waits for a printer.
    data = typesetting.pdf(TEMPLATE, values | {"code": qr.svg(values["check"])}, at=at)
    pdf = signing.sign(data, reason=f"签发{letter.owner.name}的授权委托书", at=at)
    with transaction.atomic():
        letter = _held(public_id, by)
        _refuse_agreeing(letter, contact, by=by, at=at)
        _step(letter, State.AGREED, contact=told, by=by, at=at)
        _tell(letter, letter.owner_id, "委托已确认", f"{letter.agent.name}已接受委托，可以开始编制采购文件。", at)
        issued.issue(
            stream=letter.log, about=f"{queries.ABOUT}:{letter.public_id}", title="授权委托书", pdf=pdf,
            public_id=paper_id, public=False, by=by, at=at,
        )  # fmt: skip
    return letter


def _refuse_agreeing(letter: Entrustment, contact: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    refuse_if(
        rules.why_not_agree(
            agent=letter.agent_id, state=letter.state, last=letter.last, contact=list(contact.values()),
            bans=queries.bans_of(letter, at=at), on=day_in_china(at), by=by,
        )
    )  # fmt: skip


@transaction.atomic
def decline(*, public_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> Entrustment:
    """Say no to a letter, with the reason. Refused for anyone but the agent's officer, and once answered."""
    letter = _held(public_id, by)
    refuse_if(rules.why_not_decline(agent=letter.agent_id, state=letter.state, reason=reason, by=by))
    _step(letter, State.DECLINED, reason=reason, by=by, at=at)
    _tell(letter, letter.owner_id, "委托未被接受", reason.strip(), at)
    return letter


@transaction.atomic
def take_back(*, public_id: uuid.UUID, by: Actor, at: datetime) -> Entrustment:
    """Take a letter back before it is answered. Refused for anyone but the purchaser's officer, and after."""
    letter = _held(public_id, by)
    refuse_if(rules.why_not_take_back(owner=letter.owner_id, state=letter.state, by=by))
    _step(letter, State.TAKEN_BACK, by=by, at=at)
    _tell(letter, letter.agent_id, "委托已撤回", f"{letter.owner.name}撤回了委托。", at)
    return letter


@transaction.atomic
def end(*, public_id: uuid.UUID, reason: str, successors: Mapping[str, str], by: Actor, at: datetime) -> Entrustment:
    """End a letter from here on; what was done under it stays, and each open purchase goes on with whoever is named.

    successors: number of each purchase that is not over ↦ public id of the letter it goes on under, "self" for the
    purchaser itself.
    Refused for anyone but the two sides, to the agent while purchases run, and while one of them has no successor.
    Law: 政府采购法 第20条; 民法典 第933条.
    """
    letter = _held(public_id, by)  # before the projects: whoever begins one under it waits here
    numbers = list(queries.running(letter).order_by("number").values_list("number", flat=True))
    held = [projects.hold(number) for number in numbers]
    heirs = {project.number: _heir(letter, project, successors.get(project.number, ""), at=at) for project in held}
    refuse_if(
        rules.why_not_end(
            owner=letter.owner_id, agent=letter.agent_id, state=letter.state,
            running={project.number: project.title for project in held},
            named={number: named for number, (named, _) in heirs.items()}, reason=reason, by=by,
        )
    )  # fmt: skip
    _step(letter, State.ENDED, reason=reason, by=by, at=at)
    for project in held:
        _hand_over(project, heirs[project.number][1], at=at)
    other = letter.agent_id if by.organisation == letter.owner_id else letter.owner_id
    _tell(letter, other, "委托已终止", f"自即日起终止，已经办理的事项不受影响。原因：{reason.strip()}", at)
    return letter


def _heir(letter: Entrustment, project: Project, named: str, *, at: datetime) -> tuple[bool, Entrustment | None]:
    """Whether the purchase has a lawful successor, and the letter it goes on under; None: the purchaser itself."""
    if named == "self":
        return True, None
    fit = queries.successors(project, leaving=letter, at=at) if named else []
    found = next((row for row in fit if str(row.public_id) == named), None)
    return found is not None, found


def _hand_over(project: Project, letter: Entrustment | None, *, at: datetime) -> None:
    """From here the purchase is done by another: the agent of that letter, or the buyer. The caller holds it.

    What is published or about to be stays as it is; any other draft is approved anew by whoever goes on.
    """
    before, name = project.letter, project.agent.name if project.agent else ""
    assert before is not None, "only what an agent does is handed over"
    among = ENTRUSTABLE if project.procedure.selection is None else IN_SUPERMARKET
    following = queries.mandate(letter).among(among) if letter else None
    project.agent = letter.agent if letter else None
    project.mandate = following.as_json() if following else {}
    fields = ["agent", "mandate"]
    if project.stage == Stage.DRAFT and project.scheduled_at is None:
        project.submitted_at = project.approved_at = project.confirmed_at = None
        project.approved_by = project.confirmed_by = ""
        fields += ["submitted_at", "approved_at", "confirmed_at", "approved_by", "confirmed_by"]
    project.save(update_fields=fields)
    for org in {before.owner, before.agent, project.preparer}:
        inbox.post(
            to_organisation=org, to_role=Role.OFFICER, subject=f"采购项目移交：{project.title}",
            body=f"自即日起由{organisation(project.preparer).name}办理，此前已办理的事项继续有效。",
            link=project.get_absolute_url(), at=at,
        )  # fmt: skip
    if project.stage == Stage.DRAFT:
        return  # nothing of a draft is public
    if following:
        name_agent(project=project, at=at)
    else:
        left = {"agent": before.agent, "agent_name": name, "letter_sha256": before.sha256}
        record(AgentLeft(stream=project.log, owner=project.buyer_id, **left), at=at)


def use(*, public_id: uuid.UUID, by: Actor, at: datetime) -> Mandate:
    """What the agent may do in a purchase it is about to begin under a letter. Inside the caller's transaction.

    Refused for anyone but the agent's officer, while the letter is not in force, beyond its one purchase, and banned.
    Law: 政府采购法实施条例 第16条.
    """
    letter = _held(public_id, by)
    refuse_if(queries.why_not_use(letter, by=by, at=at))
    return queries.mandate(letter)


def name_agent(*, project: Project, at: datetime) -> None:
    """Record who acts for the buyer from here on; nothing where nobody does. The caller holds the project."""
    following = project.letter
    if following is None:
        return
    confirmed = iso(project.confirmed_at) if project.confirmed_at else ""
    record(
        AgentNamed(
            stream=project.log, owner=project.buyer_id, owner_name=project.buyer.name, agent=following.agent,
            agent_name=organisation(following.agent).name, works=sorted(following.works),
            letter_sha256=following.sha256, confirmed_at=confirmed,
        ),
        at=at,
    )  # fmt: skip


def _held(public_id: uuid.UUID, by: Actor) -> Entrustment:
    """The letter, locked until the end of the transaction. Raises Entrustment.DoesNotExist for who may not see it."""
    hold_final(queries.one(public_id, viewer=by))
    return queries.one(public_id, viewer=by)  # anew: where it stands may have changed while waiting


def _step(
    letter: Entrustment, kind: State, *, reason: str = "", contact: Mapping[str, str] | None = None, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    EntrustmentStep.objects.create(
        letter=letter, kind=kind.value, reason=reason.strip(), organisation=by.organisation, by=by.person,
        by_name=by.name, at=at, **(contact or {}),
    )  # fmt: skip


def _tell(letter: Entrustment, org: str, subject: str, body: str, at: datetime) -> None:
    inbox.post(
        to_organisation=org, to_role=Role.OFFICER, subject=f"{subject}：{letter.title}"[:200], body=body,
        link=letter.get_absolute_url(), at=at,
    )  # fmt: skip
