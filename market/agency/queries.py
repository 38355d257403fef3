"""Reads of letters: each is its two sides' to see, and the supervision's; what notices name of it is public."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from accounts.queries import organisation
from accounts.regions.queries import lies_in
from accounts.rules import Kind
from blacklist.gate import queries as blacklist
from documents.evidence.models import Evidence
from documents.issued import queries as issued
from documents.issued.models import Issued
from intermediaries.registry import queries as registry
from market.agency import rules
from market.agency.models import Entrustment
from market.agency.rules import State
from market.projects.models import Project
from market.projects.rules import ENDS, Category, Stage
from market.projects.sides import Mandate
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason
from rulebook.regions import region_of

ABOUT = "agency"  # of evidence and papers: a letter
WATCHERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})
OVER = [Stage.COMPLETED.value, Stage.TERMINATED.value, *(stage.value for stage in ENDS)]
AGREED = Q(steps__kind=State.AGREED.value)
ENDED = Q(steps__kind=State.ENDED.value)


def visible_to(viewer: Actor) -> QuerySet[Entrustment]:
    """Letters this viewer may read, the newest first."""
    found = Entrustment.objects.select_related("owner", "agent", "file").prefetch_related("steps").order_by("-pk")
    if viewer.role in WATCHERS:
        return found.filter(lies_in("owner_id", viewer.region))
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        return found.none()
    return found.filter(Q(owner=viewer.organisation) | Q(agent=viewer.organisation))


def one(public_id: UUID, *, viewer: Actor) -> Entrustment:
    """One of those. Raises Entrustment.DoesNotExist: not found and not visible look the same."""
    return visible_to(viewer).get(public_id=public_id)


def may_have(evidence: Evidence, viewer: Actor) -> bool:
    """Whether somebody may have the file of a letter: the two sides, and whoever watches."""
    return visible_to(viewer).filter(file=evidence).exists()


def paper(letter: Entrustment) -> Issued | None:
    """The signed letter, from the agent's yes on."""
    return issued.of(f"{ABOUT}:{letter.public_id}")


def waiting(viewer: Actor) -> QuerySet[Entrustment]:
    """Letters the viewer's house has to answer."""
    return visible_to(viewer).filter(agent=viewer.organisation, steps=None)


def agents() -> QuerySet[Organisation]:
    """Those who may be entrusted, by name."""
    return Organisation.objects.filter(kind=Kind.AGENT.value).order_by("name")


def in_force(viewer: Actor, *, at: datetime) -> list[Entrustment]:
    """Letters under which the viewer's house may begin a purchase now."""
    on = day_in_china(at)
    found = visible_to(viewer).filter(AGREED, agent=viewer.organisation, first__lte=on, last__gte=on)
    return [row for row in found if not why_not_use(row, by=viewer, at=at)]


def kind_of(actor: Actor) -> str:
    """What the actor's organisation is to the market."""
    return str(organisation(actor.organisation).kind) if actor.organisation else ""


def bans(agent: str, *, owner: str, categories: Sequence[str] | frozenset[str], at: datetime) -> tuple[Reason, ...]:
    """Decisions that keep an agent from acting in such purchases.

    Law: 政府采购法 第78条; 招标投标法 第50条.
    """
    regimes = ("A" if Category.WORKS.value in categories else "") + ("BC" if set(categories) - {"works"} else "")
    people = registry.people_of(agent)
    found = [
        reason
        for regime in regimes
        for reason in blacklist.why_not_take_part(agent, regime=regime, region=region_of(owner), people=people, at=at)
    ]
    return tuple(dict.fromkeys(found))


def bans_of(letter: Entrustment, *, at: datetime) -> tuple[Reason, ...]:
    """The same for the agent of a letter."""
    return bans(letter.agent_id, owner=letter.owner_id, categories=letter.categories, at=at)


def purchases(letter: Entrustment) -> QuerySet[Project]:
    """What goes on, or went, under a letter now, the newest first."""
    own = Project.objects.filter(agent=letter.agent_id, mandate__letter=str(letter.public_id))
    return own.select_related("buyer", "agent").order_by("-drafted_at", "number")


def running(letter: Entrustment) -> QuerySet[Project]:
    """Those that are not over."""
    return purchases(letter).exclude(stage__in=OVER)


def why_not_use(letter: Entrustment, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against beginning a purchase under a letter now."""
    return rules.why_not_use(
        agent=letter.agent_id, state=letter.state, first=letter.first, last=letter.last, single=letter.single,
        used=purchases(letter).count() if letter.single else 0, bans=bans_of(letter, at=at), on=day_in_china(at),
        by=by,
    )  # fmt: skip


def why_not_cover(project: Project, *, category: str = "", budget: Decimal | None = None) -> tuple[Reason, ...]:
    """Reasons why a purchase is beyond its agent's letter; none where nobody is entrusted.

    category, budget: as they are about to be; without them, as they are.
    """
    if project.agent_id is None:
        return ()
    letter = Entrustment.objects.get(public_id=project.mandate["letter"])
    return rules.why_not_cover(
        categories=letter.categories, most=letter.most, category=category or project.category,
        budget=project.budget if budget is None else budget,
    )  # fmt: skip


def mandate(letter: Entrustment) -> Mandate:
    """What the agent may do in a purchase under an agreed letter."""
    yes, issued_letter = letter.agreed, paper(letter)
    assert yes is not None and issued_letter is not None, "only what was agreed is used"
    return Mandate(
        owner=letter.owner_id, agent=letter.agent_id, letter=str(letter.public_id), sha256=issued_letter.sha256,
        works=tuple(letter.works), fee=letter.fee, payer=letter.payer, contact=yes.contact_name,
        phone=yes.contact_phone, address=yes.address,
    )  # fmt: skip


def contact(letter: UUID) -> dict[str, str]:
    """Whom to ask at the purchaser, as its letter says."""
    row = Entrustment.objects.get(public_id=letter)
    return {name: getattr(row, name) for name in ("contact_name", "contact_phone", "address")}


def successors(project: Project, *, leaving: Entrustment, at: datetime) -> list[Entrustment]:
    """Other letters of the same purchaser under which this purchase may go on."""
    on = day_in_china(at)
    found = Entrustment.objects.filter(AGREED, owner=project.buyer_id, first__lte=on, last__gte=on)
    rows = found.exclude(pk=leaving.pk).select_related("agent", "owner").prefetch_related("steps").order_by("-pk")
    return [row for row in rows if follows(row, project, at=at)]


def follows(letter: Entrustment, project: Project, *, at: datetime) -> bool:
    """Whether a purchase may be handed to the agent of this letter."""
    taking_over = Actor("", Role.OFFICER, letter.agent_id)
    shut = why_not_use(letter, by=taking_over, at=at) or rules.why_not_cover(
        categories=letter.categories, most=letter.most, category=project.category, budget=project.budget
    )
    return not shut and letter.owner_id == project.buyer_id


def letter_page(letter: Entrustment, *, contact: dict[str, str], public_id: UUID) -> dict[str, Any]:
    """What stands on the signed letter.  contact: of the agent.  public_id: of the paper, for its code."""
    many = "一个项目" if letter.single else "委托期限内的各个项目"
    return {
        "owner": letter.owner.name, "agent": letter.agent.name, "title": letter.title, "many": many,
        "works": letter.works_words, "categories": "、".join(letter.categories_words),
        "most": f"{letter.most:,.2f} 元" if letter.most is not None else "不限", "first": letter.first.isoformat(),
        "last": letter.last.isoformat(), "fee": letter.fee, "payer": letter.payer_words,
        "owner_contact": f"{letter.contact_name} {letter.contact_phone}，{letter.address}",
        "agent_contact": f"{contact['contact_name']} {contact['contact_phone']}，{contact['address']}",
        "offered_by": letter.offered_by_name, "file_sha256": letter.file.sha256,
        "check": issued.check_page(public_id),
    }  # fmt: skip
