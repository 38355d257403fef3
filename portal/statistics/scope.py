"""Which purchases a page of the statistics is about, as rows of the database: what is public of them, and nothing else.

A purchase is told of from its publication on; what came of it from the notice that says so; how many took part only
once its result is announced. Of what runs no figure depends on who takes part.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext_lazy as _

from accounts.regions.queries import lies_in
from bidding.opening.doors import undisclosed
from bidding.opening.models import OpeningUnit
from bidding.tender.models import Tender
from market.catalogue.models import ServiceItem
from market.projects.models import Project
from market.projects.rules import PROCEDURES, Stage
from market.selection.models import Enrolment
from rulebook.calendar import CHINA

LONGEST = timedelta(days=3 * 366)  # a page never reads more than so long a time
USUAL = timedelta(days=365)
REGIME_WORDS = {
    "A": _("招标投标法（工程招标）"),
    "B": _("政府采购法（公开招标）"),
    "C": _("政府采购法（非招标方式）"),
    "D": _("中介服务超市"),
}
REGIMES: Mapping[str, tuple[str, ...]] = {
    letter: tuple(row.edition.value for row in PROCEDURES.values() if row.regime == letter) for letter in REGIME_WORDS
}
PLAYED = tuple({row.edition.value for row in PROCEDURES.values() if not row.for_real})
# Ways to look at a set of purchases side by side.
DIMENSIONS = {
    "month": _("发布月份"),
    "regime": _("适用制度"),
    "method": _("采购方式"),
    "region": _("服务地区"),
    "item": _("服务事项或采购类别"),
    "department": _("事项主管部门"),
    "buyer": _("采购人（业主）"),
    "agent": _("采购代理机构"),
}
NARROWED = ("regime", "region", "division", "item", "buyer", "agent")  # what a scope may be narrowed to
OWN = "-"  # in place of an agent's code: what the purchaser does itself


@dataclass(frozen=True)
class Scope:
    """since, until: days of publication, both included.  regime, region, item, buyer, agent: empty for any.

    division: digits of where the buyer is.  played: purchases of rehearsal editions alone, else real ones alone.
    supervised: the supervision looks.
    by: of DIMENSIONS, how the groups are made.
    """

    since: date
    until: date
    regime: str = ""
    region: str = ""
    division: str = ""
    item: str = ""
    buyer: str = ""
    agent: str = ""
    played: bool = False
    supervised: bool = False
    by: str = "month"

    @property
    def query(self) -> str:
        """As an address carries it."""
        told = {"since": self.since.isoformat(), "until": self.until.isoformat(), "by": self.by}
        told |= {key: value for key in NARROWED if (value := getattr(self, key))}
        return urlencode(told | ({"played": "1"} if self.played else {}))


def purchases(scope: Scope) -> QuerySet[Project]:
    """The published purchases of a scope. Costs one range of the index of publication."""
    start = datetime.combine(scope.since, time(), CHINA)
    end = datetime.combine(scope.until + timedelta(days=1), time(), CHINA)
    found = Project.objects.filter(published_at__gte=start, published_at__lt=end).exclude(stage=Stage.DRAFT.value)
    found = found.filter(edition__in=PLAYED) if scope.played else found.exclude(edition__in=PLAYED)
    if scope.regime:
        found = found.filter(edition__in=REGIMES.get(scope.regime, ()))
    if scope.region:
        found = found.filter(purchase__region=scope.region)
    found = found.filter(lies_in("buyer_id", scope.division))
    if scope.item:
        found = found.filter(Q(purchase__item=scope.item) | Q(purchase=None, category=scope.item))
    if scope.buyer:
        found = found.filter(buyer=scope.buyer)
    if scope.agent:
        found = found.filter(agent=None) if scope.agent == OWN else found.filter(agent=scope.agent)
    return found


def with_result(found: QuerySet[Project]) -> QuerySet[Project]:
    """The same, each with the award that stands as `won`, and when its time of taking part was over."""
    return found.annotate(
        won=FilteredRelation("awards", condition=Q(awards__declined_at=None)),
        over_at=Coalesce(F("purchase__closes_at"), F("tender__closes_at")),
    )


DONE = Q(won__isnull=False)
# The price was the buyer's from the beginning and nobody competed for it: there is nothing to compare.
COMPARED = DONE & (Q(purchase=None) | Q(purchase__price_known=False))


def with_takers(found: QuerySet[Project]) -> QuerySet[Project]:
    """The same with how many took part as `takers`: of purchases whose result is announced, where it is public.

    None for every other, so that nothing is told of what runs or ended without a result.
    """
    enrolled = Enrolment.objects.filter(project=OuterRef("pk"), withdrawal=None).exclude(
        project__entrants__published=""
    )
    enrolled = enrolled.filter(project__entrants__published_at__isnull=False)
    opened = OpeningUnit.objects.filter(opening__tender__project=OuterRef("pk"), opening__session=1)
    opened = opened.exclude(opening__tender__in=Tender.objects.filter(undisclosed()).values("pk"))
    return found.annotate(
        takers=Case(
            When(
                DONE,
                then=Coalesce(
                    Subquery(enrolled.values("project").annotate(n=Count("pk")).values("n")),
                    Subquery(
                        opened.values("opening__tender__project")
                        .annotate(n=Count("bid__organisation", distinct=True))
                        .values("n")
                    ),
                ),
            ),
            default=None,
        )
    )


def dimension(scope: Scope) -> Any:
    """The expression purchases are grouped by."""
    regime = Case(
        *[When(edition__in=editions, then=Value(letter)) for letter, editions in REGIMES.items()],
        default=Value(""),
        output_field=CharField(),
    )
    department = ServiceItem.objects.filter(code=OuterRef("purchase__item")).values("department__name")[:1]
    # People who buy for themselves stand together, except before the supervision.
    people = When(buyer__kind="citizen", then=Value("citizen"))
    expressions: Mapping[str, Any] = {
        "month": TruncMonth("published_at", tzinfo=CHINA),
        "regime": regime,
        "method": F("method"),
        "region": Coalesce(F("purchase__region"), Value("")),
        "item": Coalesce(F("purchase__item"), F("category")),
        "department": Coalesce(Subquery(department), Value("")),
        "buyer": F("buyer") if scope.supervised else Case(people, default=F("buyer"), output_field=CharField()),
        "agent": Coalesce(F("agent_id"), Value(OWN)),  # who does it now, or did it to its end
    }
    return expressions[scope.by]
