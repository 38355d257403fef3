"""Worlds that differ in who judges and how, against whom a sanction is prepared, who complains, who tells."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.test import Client

from bidding.evaluation.models import Evaluation
from blacklist.cases import services as cases_services
from draws.models import Draw
from market.complaints import services as complaints
from market.complaints.rules import About
from market.projects.rules import Stage
from proofs import canonical, tip
from rulebook.actor import SYSTEM, Actor
from supervision.tips import tasks as tipped
from tests import cast
from tests.cast import DAY, HOUR, MINUTE, NOON
from tests.hardening.secrecy.moments import Moment
from tests.make import (
    accounts,
    bidding,
    blacklist,
    cases,
    draws,
    evaluation,
    experts,
    market,
    performance,
    tips,
)
from tests.make.ledger import sequenced
from tests.make.market import NUMBER
from tests.make.notifier import expert_of

# -- a panel: who sits, what they score, how far they are


def called() -> None:
    """Bids are qualified, the register holds enough people; nobody is drawn."""
    evaluation.qualified()
    for code in (*draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register()
    experts.expert(40, specialties=("C-law",))  # on no list of this draw


DRAWN: list[set[str]] = []


def panel(world: int) -> Iterator[Moment]:
    """Others are drawn."""
    if not world:
        DRAWN.clear()
    later = evaluation.LATER
    row = evaluation.services.convene(project_number=NUMBER, strata=evaluation.STRATA, by=cast.OFFICER, at=later)
    experts.drawn_panel(row, at=later, played=False)
    asked = experts.invited(row)
    DRAWN.append({expert_of(seat).number for seat in asked})
    for seat in asked[:3]:
        experts.answers(seat, at=later)
    sequenced(at=later)
    told = {"number": NUMBER, "stream": f"project/{NUMBER}", "draw_id": Draw.objects.get().pk, "org": cast.HETAO}
    yield Moment("calling", later, told, "", {"y": experts.actor(40)})
    for seat in experts.invited(row):
        experts.answers(seat, at=later)
    sequenced(at=later)
    yield Moment("seated", later, told, "", {"y": experts.actor(40)})
    held = Evaluation.objects.get()
    evaluation.signed(evaluation.locked(evaluation.reviewed(evaluation.declared(held))))
    sequenced(at=later)
    yield Moment("reported", later, told, "", {"y": experts.actor(40)})


def scoring() -> None:
    """A panel that scores, one of whom has locked."""
    row = evaluation.scoring_open()
    evaluation.locks(row, evaluation.members(row)[0])


def held_by(who: int) -> Actor:
    """The member in that seat."""
    return experts.person_of(evaluation.members(Evaluation.objects.get())[who])


def judged(others: Callable[[Evaluation], Any], knows: str) -> Iterator[Moment]:
    """A member who has locked asks, and everybody else."""
    row = Evaluation.objects.get()
    others(row)
    sequenced(at=evaluation.LATER)
    told = {"number": NUMBER, "stream": f"project/{NUMBER}", "draw_id": Draw.objects.get().pk, "org": cast.HETAO}
    asking = {"x": held_by(0)}
    names = {member.person for member in map(experts.person_of, evaluation.members(row))}
    asking["y"] = next(one for one in cast.EXPERTS if one.person not in names)
    yield Moment("scoring", evaluation.LATER, told, knows, asking)


def scores(world: int) -> Iterator[Moment]:
    """Three others have locked the same points for all, or points that turn the order."""
    points = (evaluation.EQUAL, {"f1": "9.5", "f2": "3"})[world]

    def lock(row: Evaluation) -> None:
        for seat in evaluation.members(row)[1:4]:
            evaluation.locks(row, seat, evaluation.cells(row, **{cast.YINSHAN: points}))

    yield from judged(lock, "")


def pace(world: int) -> Iterator[Moment]:
    """No other has locked, or three have; who organises the evaluation and who supervises it see how far they are."""

    def lock(row: Evaluation) -> None:
        for seat in evaluation.members(row)[1:4]:
            (evaluation.locks if world else evaluation.saves)(row, seat)

    yield from judged(lock, "ocvuV")


# -- a sanction before it is published: against whom


def nothing() -> None:
    """An empty house."""


def subject(world: int) -> Iterator[Moment]:
    """A buyer reports one firm or another; one is charged, decided against; beside it a ban is drafted, not confirmed.

    At the end another case is decided and in force: its number and page are the same.
    """
    whom = (cast.HETAO, cast.LANGSHAN)[world]
    row = cases.case(at=NOON, by=cast.APPROVER, subject=whom)
    told: dict[str, Any] = {"public_id": row.public_id, "code": whom and cast.HETAO, "stream": "cases"}
    sequenced(at=NOON + MINUTE)
    yield Moment("reported", NOON + MINUTE, told, "cvuVam")
    cases_services.take_up(public_id=row.public_id, by=cast.SUPERVISOR, at=NOON)
    terms = {"terms": cases.SIX_MONTHS, "text": cases.FACTS}
    cases_services.notice(public_id=row.public_id, **terms, evidence=[cases.SCAN], by=cast.SUPERVISOR, at=NOON)
    drafted = blacklist.drafted(code=whom, name=cast.NAMES[whom])
    sequenced(at=NOON + MINUTE)
    yield Moment("noticed", NOON + MINUTE, told, "ctpqvuVam")
    later = NOON + 9 * DAY
    cases_services.propose(
        public_id=row.public_id, outcome=cases.Outcome.RESTRICT, **terms, by=cast.SUPERVISOR, at=later
    )
    cases_services.second(public_id=row.public_id, agrees=True, by=cast.SECOND_SUPERVISOR, at=later)
    cases.served(at=NOON, subject=cast.WULIANG)
    sequenced(at=NOON + 11 * DAY)
    yield Moment("decided", NOON + 11 * DAY, told | {"draft": drafted.public_id}, "ctpqvuVam")


def grievance() -> None:
    """A purchase one may challenge."""
    bidding.tender(project=market.project(stage=Stage.OPEN, notice_ends_at=NOON - DAY), closes_at=NOON + 30 * DAY)


def complainant(world: int) -> Iterator[Moment]:
    """One firm or another challenges, complains and is heard: the buyer learns who after the opening."""
    by, points = (cast.PROVIDER, cast.FOURTH)[world], ["参数只有一家满足"]
    facts: dict[str, Any] = {"about": About.DOCUMENTS, "number": NUMBER, "by": by}
    step = complaints.challenge(points=points, **facts, at=NOON - 2 * HOUR)
    sequenced(at=NOON - 2 * HOUR)
    told = {"public_id": step.public_id, "number": NUMBER, "stream": f"project/{NUMBER}", "code": cast.HETAO}
    yield Moment("challenged", NOON - HOUR, told, "pqt")
    complaints.answer(public_id=step.public_id, text="参数不作调整", by=cast.OFFICER, at=NOON - HOUR)
    held = complaints.file(
        after=step.public_id, body=cast.BUREAU, points=points, request="责令修改", interest="供应商", **facts,
        at=NOON - HOUR,
    )  # fmt: skip
    complaints.accept(public_id=held.public_id, by=cast.SUPERVISOR, at=NOON)
    sequenced(at=NOON)
    yield Moment("accepted", NOON, told | {"public_id": held.public_id}, "pqtvuV")


# -- tips: who tells, and whether somebody does


def receiving() -> None:
    """Two bodies receive."""
    tips.standing()


def sent(text: str, by: Client, n: int) -> str:
    """A tip by somebody's browser: its code."""
    code = tip.code_of(bytes([n] * 17))
    letter = tips.letter(code, tips.sealed(code, text))
    told = letter | {name: canonical.b64u(letter[name]) for name in ("lookup", "sealed")}
    answer = by.post("/api/tips/send", json.dumps(told), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return code


def tipster(world: int) -> Iterator[Moment]:
    """The same words by another: not even who reads them can tell."""
    browsers = [accounts.client_of(each) for each in (cast.PROVIDER, cast.EXPERTS[9])]
    code = sent("评标前有人打招呼", browsers[world], 9)
    yield Moment("told", NOON + MINUTE, {"public_id": tips.held(code), "stream": "tips"}, "")
    tipped.close_days(by=SYSTEM, at=NOON + DAY)
    sequenced(at=NOON + DAY)
    yield Moment("next day", NOON + DAY, {"public_id": tips.held(code), "stream": "tips"}, "")


def tipping(world: int) -> Iterator[Moment]:
    """Nobody tells anything, or two do, one of them at length; the two bodies know."""
    told: dict[str, Any] = {"stream": "tips"}
    for n in range(2 * world):
        sent("有" * (1 + 300 * n), Client(), 20 + n)
    yield Moment("told", NOON + MINUTE, told, "vuV")
    tipped.close_days(by=SYSTEM, at=NOON + DAY)
    sequenced(at=NOON + DAY)
    yield Moment("next day", NOON + DAY, told, "vuV")


# -- a rating before both sides have rated


def rated() -> None:
    """A contract that is over."""
    performance.completed()


def rating(world: int) -> Iterator[Moment]:
    """The buyer was content, or not."""
    performance.rated(NUMBER, by=cast.OFFICER, level=(5, 4)[world], points=(5 - world,), at=NOON)
    sequenced(at=NOON)
    yield Moment("sealed", NOON + MINUTE, {"number": NUMBER, "stream": f"project/{NUMBER}", "code": cast.HETAO}, "oc")
