"""Acts of rating: open, rate, show, answer, find."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import inbox
from blacklist.credit import services as credit
from blacklist.credit.rules import Good
from documents.evidence import services as proofs
from intermediaries.ratings import queries, rules
from intermediaries.ratings.events import RatingAnswered, RatingFound, RatingSealed, RatingsShown, sealed_stream
from intermediaries.ratings.models import FollowUp, Occasion, Rating
from intermediaries.ratings.rules import HIGHEST, RULES, Side
from ledger.services import record
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import refuse_if
from rulebook.regions import region_of

DEFAULT_LEVEL = HIGHEST - 1  # 满意; it has no points


@transaction.atomic
def open_occasion(
    *, number: str, title: str, item: str, buyer: tuple[str, str], provider: tuple[str, str], completed: bool,
    by: Actor, at: datetime,
) -> Occasion:  # fmt: skip
    """Both sides may rate each other from here. The caller holds the purchase, and knows who they are.

    buyer, provider: credit code and name.  completed: else the contract was terminated, and no mean counts it.
    """
    made = Occasion.objects.create(
        project_number=number, title=title, item=item, buyer=buyer[0], buyer_name=buyer[1], provider=provider[0],
        provider_name=provider[1], completed=completed, opened_at=at, closes_at=RULES.rate.due(at),
    )  # fmt: skip
    body = "请在期限内评价对方。双方都评价后或者期限届满时，两份评价同时公开；此前互不可见。"
    for org, role in ((buyer[0], Role.OFFICER), (provider[0], Role.PROVIDER)):
        inbox.post(
            topic=inbox.Topic.DUTY,
            to_organisation=org, to_role=role, subject=f"请评价：{title}", body=body, link=_page(number), at=at
        )  # fmt: skip
    return made


@transaction.atomic
def record_rating(
    *, number: str, level: int, scores: Mapping[str, int], text: str, evidence: str = "", files: Sequence[Any] = (),
    by: Actor, at: datetime,
) -> Rating:  # fmt: skip
    """Rate the other side; final, and seen by nobody until both have rated or the time is over.

    level: 1–5, from very dissatisfied to very satisfied.  scores: 1–5 in each dimension of the other side.
    files: uploads that prove it, for the two sides and the supervision once it is shown.
    Refused to anyone but the two sides, a second time, too late, and for a low one without reason and evidence.
    """
    occasion = _held(number)
    side = occasion.parties.side_of(by)
    said = {"level": level, "scores": scores, "text": text, "evidence": evidence}
    refuse_if(queries.why_not_say(occasion, said=said, by=by, at=at))
    assert side is not None, "the rule refuses whoever stands on neither side"
    _keep(queries.about(number, side.other), files, by=by, at=at)
    low = rules.is_low(level=level, scores=scores)
    made = Rating.objects.create(
        occasion=occasion, side=side.other.value, organisation=occasion.parties.code(side.other), level=level,
        scores=dict(scores), text=text.strip(), evidence=evidence.strip(), low=low, by_default=False,
        by_person=by.person, given_at=at,
    )  # fmt: skip
    record(
        RatingSealed(
            stream=sealed_stream(number), side=made.side, level=level, scores=dict(scores), text=made.text,
            evidence=made.evidence,
        ),
        at=at,
    )  # fmt: skip
    if occasion.ratings.count() == len(Side):
        _show(occasion, at=at)
    return made


@transaction.atomic
def close(*, number: str, by: Actor, at: datetime) -> Occasion:
    """The time of rating is over: who said nothing is marked so, and what was said is shown. Idle when shown already.

    Refused to anybody but the platform's own tick, and before the time.
    """
    occasion = _held(number)
    refuse_if(rules.why_not_close(closes_at=occasion.closes_at, by=by, at=at))
    if occasion.shown_at is not None:
        return occasion
    given = {row.side for row in occasion.ratings.all()}
    for side in Side:
        if side.value not in given:
            Rating.objects.create(
                occasion=occasion, side=side.value, organisation=occasion.parties.code(side), level=DEFAULT_LEVEL,
                scores={}, low=False, by_default=True, given_at=at,
            )  # fmt: skip
    _show(occasion, at=at)
    return occasion


@transaction.atomic
def answer(*, number: str, side: str, text: str, files: Sequence[Any] = (), by: Actor, at: datetime) -> FollowUp:
    """Answer a low rating: what was looked into, what was put right.  side: who was rated.

    Refused to anyone but who was rated, before it is shown, and twice.  Law: 国办发〔2019〕51号 第三部分.
    """
    occasion = _held(number)
    rating = Rating.objects.select_related("follow_up").get(occasion=occasion, side=side)
    refuse_if(queries.why_not_answer(rating, text=text, by=by))
    _keep(queries.about(number, side, answer=True), files, by=by, at=at)
    held = rating.follow_up
    held.answer, held.answered_by, held.answered_at = text.strip(), by.person, at
    held.save(update_fields=["answer", "answered_by", "answered_at"])
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=Role.SUPERVISOR,
        region=region_of(occasion.buyer),
        subject="差评已答复，请核查",
        body=occasion.title,
        link="/ratings/follow-ups/",
        at=at,
    )
    record(RatingAnswered(stream=occasion.log, side=rating.side, org=rating.organisation, text=held.answer), at=at)
    return held


@transaction.atomic
def find(*, number: str, side: str, finding: str, text: str, by: Actor, at: datetime) -> FollowUp:
    """Say what became of a low rating; an unfounded one stays to be read and counts in no mean.

    Refused to anyone but the supervision, before the answer or its last day, and twice.
    """
    occasion = _held(number)
    rating = Rating.objects.select_related("follow_up").get(occasion=occasion, side=side)
    held = queries.follow_up(rating)
    refuse_if(
        rules.why_not_find(
            followed=held is not None, answered=bool(held and held.answered_at), found=bool(held and held.found_at),
            due_at=held.due_at if held else None, finding=finding, text=text, by=by, at=at,
        )
    )  # fmt: skip
    assert held is not None, "the rule refuses what nobody follows"
    held.finding, held.finding_text, held.found_by_name, held.found_at = finding, text.strip(), by.name, at
    held.save(update_fields=["finding", "finding_text", "found_by_name", "found_at"])
    for org in (occasion.buyer, occasion.provider):
        inbox.post(to_organisation=org, subject="差评核查结论", body=text.strip(), link=_page(number), at=at)
    record(
        RatingFound(
            stream=occasion.log, side=rating.side, org=rating.organisation, finding=finding, text=held.finding_text
        ),
        at=at,
    )
    return held


def _held(number: str) -> Occasion:
    return Occasion.objects.select_for_update().get(project_number=number)


def _show(occasion: Occasion, *, at: datetime) -> None:
    """Both at once: the moment in which either is seen."""
    occasion.shown_at = at
    occasion.save(update_fields=["shown_at"])
    rows = list(occasion.ratings.order_by("side"))
    for row in rows:
        if rules.praises(side=row.side, level=row.level, completed=occasion.completed, by_default=row.by_default):
            credit.note_merit(
                code=row.organisation, kind=Good.PRAISED, evidence=occasion.project_number, title=occasion.title,
                by=SYSTEM, at=at,
            )  # fmt: skip
        if row.low:
            due_at = RULES.answer.due(at)
            FollowUp.objects.create(rating=row, due_at=due_at, finding_due_at=RULES.finding.due(due_at))
            role = Role.OFFICER if row.side == Side.BUYER else Role.PROVIDER
            body = "收到差评，请在期限内核实、整改并答复；答复后由监督人员核查。"
            link, subject = _page(occasion.project_number), f"差评待整改：{occasion.title}"
            inbox.post(to_organisation=row.organisation, to_role=role, subject=subject, body=body, link=link, at=at)
    record(
        RatingsShown(stream=occasion.log, completed=occasion.completed, ratings=[queries.as_told(row) for row in rows]),
        at=at,
    )


def _page(number: str) -> str:
    return f"/projects/{number}/ratings/"


def _keep(about: str, files: Sequence[Any], *, by: Actor, at: datetime) -> None:
    for file in files:
        proofs.keep(about=about, name=file.name, blob=file, by=by, at=at)
