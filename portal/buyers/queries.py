"""Figures of one buyer in one year, each over the rows beside it. A year's purchases are read, never all of them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import Organisation
from accounts.rules import Kind
from intermediaries.registry import queries as registry
from market.awards.models import Award
from market.complaints import queries as complaints
from market.complaints.forms import OUTCOME_WORDS
from market.complaints.models import Decision
from market.complaints.rules import FOUNDED, Outcome
from market.projects.models import Project
from market.projects.rules import ENDS, Stage
from rulebook.calendar import CHINA, day_in_china

BUYERS = (Kind.BUYER.value, Kind.AGENT.value, Kind.ENTERPRISE.value)  # what a citizen buys is on its own pages alone
PAGE = 50
SHOWN = 20  # rows of a table before it says that there are more


@dataclass
class Share:
    """A line of a table.  amount: yuan awarded.  href: of its own page, where the public has one."""

    name: str
    code: str = ""
    count: int = 0
    amount: Decimal = Decimal(0)
    href: str = ""


@dataclass
class Year:
    """What a buyer did in a year of its publications, rehearsals left out.

    published: purchases announced in the year.  awarded, amount: those of them that stand awarded, and the yuan of
    them.  ended: failed or cancelled.  decided: decisions on complaints announced in the year; founded: of them.
    """

    published: int = 0
    awarded: int = 0
    amount: Decimal = Decimal(0)
    ended: int = 0
    ways: list[Share] = field(default_factory=list)
    providers: list[Share] = field(default_factory=list)
    newest: list[Project] = field(default_factory=list)
    decisions: list[tuple[Decision, str]] = field(default_factory=list)
    decided: int = 0
    founded: int = 0


def listed(*, words: str = "", after: str = "") -> tuple[list[Organisation], str]:
    """A page of the bodies that have published a purchase, by credit code, and where the next goes on."""
    found = _listed().filter(code__gt=after)
    for word in words.split()[:5]:
        found = found.filter(Q(name__contains=word) | Q(code=word))
    rows = list(found.order_by("code")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].code if len(rows) > PAGE else ""


def codes(*, most: int) -> list[str]:
    """Their credit codes."""
    return list(_listed().order_by("code").values_list("code", flat=True)[:most])


def _listed() -> QuerySet[Organisation]:
    bought = Project.objects.filter(buyer=OuterRef("pk"), published_at__isnull=False).exclude(stage=Stage.DRAFT)
    return Organisation.objects.filter(Exists(bought), kind__in=BUYERS)


def buyer(code: str) -> Organisation:
    """One of them. Raises Organisation.DoesNotExist, for those who never published anything as well."""
    return _listed().get(code=code)


def year_of(row: Organisation, year: int) -> Year:
    """The figures of one calendar year in China."""
    since, until = span(year)
    found = Project.objects.filter(buyer=row, published_at__gte=since, published_at__lt=until)
    projects = [each for each in found.exclude(stage=Stage.DRAFT).order_by("-published_at") if not rehearsed(each)]
    held = {each.project_id: each for each in Award.objects.filter(project__in=found, declined_at=None)}
    told, ways, providers = Year(published=len(projects), newest=projects[:SHOWN]), {}, {}  # type: ignore[var-annotated]
    for each in projects:
        each.award_held = held.get(each.pk)  # type: ignore[attr-defined]
        way = ways.setdefault(each.procedure.title, Share(gettext(each.procedure.title)))
        way.count += 1
        told.ended += Stage(each.stage) in ENDS
        if award := held.get(each.pk):
            told.awarded += 1
            told.amount += award.amount
            way.amount += award.amount
            share = providers.setdefault(award.organisation, Share(award.name, award.organisation))
            share.count += 1
            share.amount += award.amount
    told.ways = sorted(ways.values(), key=lambda each: (-each.count, each.name))
    told.providers = sorted(providers.values(), key=lambda each: (-each.amount, each.code))[:SHOWN]
    known = registry.known({each.code for each in told.providers})
    for share in told.providers:
        share.href = reverse("market:shopfront", args=[share.code]) if share.code in known else ""
    decided = complaints.decisions().filter(complaint__project__buyer=row)
    decisions = list(decided.filter(published_at__gte=since, published_at__lt=until))
    told.decisions = [(each, str(OUTCOME_WORDS[Outcome(each.complaint.outcome)])) for each in decisions[:SHOWN]]
    told.decided = len(decisions)
    told.founded = sum(Outcome(each.complaint.outcome) in FOUNDED for each in decisions)
    return told


def rehearsed(project: Project) -> bool:
    """Played, not bought."""
    return project.edition.startswith("rehearsal")


def years(row: Organisation) -> list[int]:
    """The years in which it published, the latest first."""
    found = Project.objects.filter(buyer=row, published_at__isnull=False).exclude(stage=Stage.DRAFT)
    first, last = found.order_by("published_at").first(), found.order_by("-published_at").first()
    if first is None or last is None or first.published_at is None or last.published_at is None:
        return []
    return list(range(day_in_china(last.published_at).year, day_in_china(first.published_at).year - 1, -1))


def span(year: int) -> tuple[datetime, datetime]:
    """The instants at which a year in China begins and the next one does."""
    begins = datetime.combine(date(year, 1, 1), datetime.min.time(), CHINA)
    return begins, datetime.combine(date(year, 12, 31) + timedelta(days=1), datetime.min.time(), CHINA)
