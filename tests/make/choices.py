"""Choices in the supermarket without offers: providers that enrol, the list at the deadline, the lots."""

from datetime import datetime, timedelta
from typing import Any

from draws import queries as draws
from draws.models import Draw
from market.awards.models import Proposal
from market.projects.models import Project
from market.projects.rules import Stage
from market.selection import services, tasks
from rulebook.actor import SYSTEM, Actor
from tests import cast
from tests.make import accounts, market, providers
from tests.make import draws as lots
from tests.make.ledger import sequenced

FIRMS = (cast.PROVIDER, cast.RIVAL, cast.THIRD, cast.FOURTH)
CLOSES = cast.NOON
SELECTS = cast.NOON + cast.HOUR
BAN = {"basis": "apl-9", "regimes": "D"}  # on what a provider is banned from the supermarket
CERTIFIED = {"qualifications": [{"kind": "测绘资质", "grade": "乙级"}], "every": True, "staff": []}


def open_choice(*, edition: str = "zjcs-random", firms: int = 4, **other: Any) -> Project:
    """A published purchase whose time of enrolment runs, and so many qualified firms in the register."""
    for code in (cast.CENTRE, cast.NOTARY, cast.PLATFORM, cast.BUREAU):
        accounts.key(code)
    told = {"closes_at": CLOSES, "selects_at": SELECTS, "need": CERTIFIED} | other
    purchase = market.purchase(edition=edition, **told)
    market.notice(purchase.project)
    for firm in FIRMS[:firms]:
        certified(firm)
    return purchase.project


def certified(firm: Actor, *, days: int = 400) -> None:
    """A firm in the register with the certificate the purchase asks for, that ends so many days after NOON."""
    at = cast.NOON - 2 * cast.DAY
    providers.entered(firm, at=at)
    providers.qualified(firm, at=at, days=days + 2)


def enrolled(project: Project, *firms: Actor, at: datetime = CLOSES - cast.HOUR) -> None:
    """These firms enrol."""
    for firm in firms:
        services.enrol(number=project.number, by=firm, at=at)


def closed(project: Project, *firms: Actor, at: datetime = CLOSES + cast.MINUTE) -> Project:
    """These firms enrol, and the house closes the list."""
    enrolled(project, *firms)
    tasks.close_enrolment(by=SYSTEM, at=at)
    sequenced(at=at)
    tasks.close_enrolment(by=SYSTEM, at=at)
    return Project.objects.get(pk=project.pk)


def chosen(project: Project, *, at: datetime = SELECTS) -> Draw | None:
    """The day of choice comes; the draw that is announced on it, if any."""
    tasks.choose(by=SYSTEM, at=at)
    return draws.latest(project.number, "provider")


def drawn(project: Project, *, at: datetime = SELECTS) -> Project:
    """The lots are drawn and written down, without the messages that lead to it."""
    row = chosen(project, at=at)
    assert row is not None
    lots.decided(row, at=at)
    tasks.choose(by=SYSTEM, at=at + timedelta(seconds=1))
    return Project.objects.get(pk=project.pk)


def ranked(project: Project) -> list[str]:
    """Organisations in turn, as the award desk has them."""
    return [each.org for each in Proposal.objects.get(project=project).ranked]


def won(**other: Any) -> Project:
    """A choice by lot with three firms whose result is public."""
    project = drawn(closed(open_choice(**other), *FIRMS[:3]))
    assert project.stage == Stage.PROPOSED
    return project
