"""What acts under a contract have in common: hold, files, words to the other side, the end of the purchase."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.core.files import File

from accounts import inbox
from blacklist.credit import services as credit
from blacklist.credit.rules import Good
from intermediaries.ratings import services as ratings
from intermediaries.ratings.rules import Side
from market.contracts.models import Contract
from market.performance import queries
from market.performance.events import Completed
from market.performance.models import Attachment, Delivery, Termination
from market.performance.rules import Outcome
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china

PIECE = 1 << 16  # bytes


@dataclass(frozen=True)
class Given:
    """A file as it came.  size: bytes."""

    name: str
    size: int
    sha256: str
    file: BinaryIO


def received(name: str, file: BinaryIO, *, size: int) -> Given:
    """A file read through once, a piece at a time."""
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
    return Given(name[-200:], size, digest.hexdigest(), file)


def held(number: str) -> tuple[Project, Contract]:
    """The project, held, and its contract. Raises Contract.DoesNotExist before there is one."""
    project = projects.hold(number)
    made = queries.contract(project)
    made.project = project
    return project, made


def commitment(*, salt: str, note: str, files: Sequence[Given]) -> str:
    """SHA-256 of what was handed over, in one spelling; without the salt it gives nothing away."""
    told = [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in files]
    return hashlib.sha256(canonical.dumps({"v": "delivery/1", "salt": salt, "note": note, "files": told})).hexdigest()


def complete(*, project: Project, made: Contract, by: Actor, at: datetime) -> Completed:
    """Everything is accepted: the purchase is completed and both sides may rate. The caller holds and records."""
    plan = queries.plan(made)
    Termination.objects.filter(contract=made, ended_at=None).update(outcome=Outcome.LAPSED.value, ended_at=at)
    end(project, made, to=Stage.COMPLETED, by=by, at=at)
    late = queries.delay(queries.lines(plan), queries.all_handed(made), on=day_in_china(at))
    if not late:
        credit.note_merit(
            code=made.award.organisation,
            kind=Good.PERFORMED,
            evidence=project.number,
            title=project.title,
            by=by,
            at=at,
        )
    return Completed(stream=project.log, amount=str(queries.total(made, plan)), days_late=late)


def end(project: Project, made: Contract, *, to: Stage, by: Actor, at: datetime) -> None:
    """The purchase is over, and both sides may say what they think of it. The caller holds the project."""
    project.advance(to, at=at)
    ratings.open_occasion(
        number=project.number, title=project.title, item=project.item, buyer=(project.buyer_id, project.buyer.name),
        provider=(made.award.organisation, made.award.name), completed=to is Stage.COMPLETED, by=by, at=at,
    )  # fmt: skip


def attach(made: Contract, files: Sequence[Given], *, side: Side, at: datetime, **to: Delivery | Termination) -> None:
    """Keep files the two sides gave each other."""
    for each in files:
        each.file.seek(0)
        Attachment.objects.create(
            contract=made, side=side.value, name=each.name, size=each.size, sha256=each.sha256,
            file=File(each.file, name="attachment"), added_at=at, **to,
        )  # fmt: skip


def tell(made: Contract, side: Side, subject: str, body: str, *, at: datetime) -> None:
    """A word to one side."""
    org = queries.parties(made).code(side)
    role = Role.OFFICER if side is Side.BUYER else Role.PROVIDER
    title, link = f"{subject}：{made.project.title}", f"/projects/{made.project.number}/performance/"
    inbox.post(topic=inbox.Topic.DUTY, to_organisation=org, to_role=role, subject=title, body=body, link=link, at=at)
