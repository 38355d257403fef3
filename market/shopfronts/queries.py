"""Reads of the directory and of one shopfront. A page of the directory costs a fixed number of short index ranges."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects

from blacklist.credit import queries as credit
from blacklist.sanctions import queries as blacklist
from intermediaries.ratings import queries as ratings
from intermediaries.ratings.words import means_of
from intermediaries.registry import queries as providers
from intermediaries.registry.models import Provider
from intermediaries.registry.queries import LOOKED_AT, Step
from intermediaries.registry.rules import State, valid
from intermediaries.registry.words import CHANGE_WORDS, FINDING_WORDS, OUTCOME_WORDS, STATE_WORDS
from market.awards.models import Award
from market.catalogue import queries as catalogue
from market.catalogue.models import Offer
from market.performance import queries as performance
from market.projects.rules import Stage

PAGE = 20
OPEN = (Stage.AWARDED.value, Stage.CONTRACTED.value)


@dataclass(frozen=True)
class Line:
    """A provider in the directory.  holds: what is valid on the day."""

    provider: Provider
    holds: list[str]
    words: tuple[Any, str]


def directory(
    *, words: str = "", region: str = "", item: str = "", after: str = "", on: date
) -> tuple[list[Line], str]:
    """A page of providers, and where the next one goes on; empty at the end.

    words: parts of the name.  item: code of a service they offer.  Where few of those looked at fit, the page is
    short and the next goes on: no page looks at more than a fixed number.
    """
    steps = (
        _offering(item, after)
        if item and not words.strip()
        else providers.walk(words=words, region=region, after=after)
    )
    fit = providers.shown({step.provider for step in steps}, words=words, region=region)
    if item:
        offered = Offer.objects.filter(item__code=item, provider__in=list(fit))
        keep = set(offered.values_list("provider_id", flat=True))
        fit = {pk: row for pk, row in fit.items() if pk in keep}
    found: dict[int, Provider] = {}
    last, following = "", steps[-1].cursor if len(steps) == LOOKED_AT else ""
    for step in steps:
        if step.provider in fit:
            if len(found) == PAGE and step.provider not in found:
                following = last
                break
            found[step.provider] = fit[step.provider]
        last = step.cursor
    rows = list(found.values())
    prefetch_related_objects(rows, "qualifications")
    return [_line(row, on=on) for row in rows], following


def _offering(item: str, after: str) -> list[Step]:
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    rows = Offer.objects.filter(item__code=item, provider__gt=start).order_by("provider")
    return [Step(pk, str(pk)) for pk in rows.values_list("provider", flat=True)[:LOOKED_AT]]


def _line(row: Provider, *, on: date) -> Line:
    held = [each for each in row.qualifications.all() if each.struck_on is None and valid(each, on=on)]
    return Line(row, sorted({f"{each.kind}{each.grade}" for each in held}), STATE_WORDS[State(row.state)])


def provider(code: str) -> Provider:
    """A provider the public may see: in the register, or once there. Raises Provider.DoesNotExist."""
    return providers.of(code)


def shopfront(row: Provider, *, on: date, at: datetime) -> dict[str, Any]:
    """Everything public about one provider."""
    code = row.organisation_id
    people: dict[str, list[Any]] = {}
    for each in providers.certificates(row):
        people.setdefault(each.person.name, []).append((each, valid(each, on=on)))
    won = Award.objects.filter(organisation=code, declined_at=None).select_related(
        "project__buyer", "project__contract"
    )
    return {
        "row": row, "state_words": STATE_WORDS[State(row.state)], "entered": row.state == State.ENTERED,
        "places": row.places.order_by("-main", "region"), "former": row.former_names.order_by("-pk"),
        "qualifications": [(each, valid(each, on=on)) for each in providers.held(row)],
        "people": people, "offers": catalogue.offers_of(row.pk, on=on),
        "won": won.order_by("-determined_at")[:50], "means": means_of(ratings.mean_of(code)),
        "credit": credit.score(code, at=at),
        "performed": {each["number"]: each for each in performance.record_of(code, on=on)},
        "bans": list(blacklist.shown(at=at, words=code)),
        "checks": [(each, OUTCOME_WORDS[each.outcome]) for each in row.checks.order_by("-pk")[:50]],
        "findings": [(each, FINDING_WORDS[each.found.finding])
                     for each in providers.objections(row).filter(found__isnull=False)[:50]],
        "history": [(CHANGE_WORDS[line["what"]], line) for line in providers.history(row)],
    }  # fmt: skip


def open_contracts(code: str) -> list[str]:
    """Numbers of the projects a provider has won and not completed."""
    rows = Award.objects.filter(organisation=code, declined_at=None, project__stage__in=OPEN)
    return list(rows.values_list("project__number", flat=True))


def as_data(row: Provider, *, on: date) -> dict[str, Any]:
    """A line of the directory as open data."""
    line = _line(row, on=on)
    return {
        "code": row.organisation_id, "name": row.organisation.name, "region": row.region, "state": row.state,
        "holds": line.holds,
    }  # fmt: skip
