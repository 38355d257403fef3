"""Figures of a set of transactions, each with its definition and the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from market.awards.models import Award
from market.history import queries as history
from market.history.models import Transaction, TransactionSet
from market.history.rules import Outcome, Savings, rate_of, savings
from market.projects.models import Project
from market.projects.rules import PROCEDURES, Stage

HERE = "here"  # the set of the purchases run on this platform
FOR_REAL = tuple({row.edition.value for row in PROCEDURES.values() if row.for_real})
ENDS = {Stage.FAILED.value: Outcome.FAILED, Stage.CANCELLED.value: Outcome.CANCELLED}


@dataclass(frozen=True)
class Head:
    """What a set is and rests on."""

    key: str
    title: str
    period: str
    source: str
    basis: str


@dataclass(frozen=True)
class Row:
    """A purchase run here, as a transaction. control: its price cap; award: the standing award; yuan."""

    number: str
    outcome: Outcome
    control: Decimal
    award: Decimal | None

    @property
    def saved(self) -> Decimal | None:
        return None if self.award is None else self.control - self.award

    @property
    def rate(self) -> Decimal | None:
        return None if self.saved is None else rate_of(self.saved, self.control)


@dataclass(frozen=True)
class Told:
    """A set as the page, the spreadsheet and the programs get it."""

    head: Head | TransactionSet
    rows: Sequence[Row | Transaction]
    figures: Savings
    notices: int


def sets() -> list[Head | TransactionSet]:
    """What can be looked at: the reported sets, and the purchases run here once there are any."""
    own: list[Head | TransactionSet] = [_here()] if _any_here() else []
    return [*history.sets(), *own]


def told(key: str) -> Told:
    """A set with its figures, computed now from its rows. Raises TransactionSet.DoesNotExist."""
    if key == HERE:
        own = _rows_here()
        return Told(head=_here(), rows=own, figures=savings(own), notices=_notices_here())
    head = history.transaction_set(key)
    rows = list(history.rows(key))
    return Told(head=head, rows=rows, figures=savings(rows), notices=history.notices(key))


def first() -> Told | None:
    """The set the front page shows: the first reported one."""
    reported = history.sets()
    return told(reported[0].key) if reported else None


def _here() -> Head:
    return Head(
        key=HERE,
        title=_("本平台项目"),
        period=_("开始运行至今"),
        source=_("本平台公布的公告"),
        basis=_("逐项取自已公布的中标公告：控制价为最高限价，中标价为公告的中标金额；演练版次的项目不计入。"),
    )


def _any_here() -> bool:
    awarded = Award.objects.filter(declined_at=None, project__edition__in=FOR_REAL)
    return awarded.exists() or Project.objects.filter(stage__in=ENDS, edition__in=FOR_REAL).exists()


def _rows_here() -> list[Row]:
    """The purchases run here that came to an end everybody may know, by number."""
    real = {"project__edition__in": FOR_REAL}
    awards = Award.objects.filter(declined_at=None, **real).select_related("project")
    done = [Row(each.project.number, Outcome.DONE, each.project.price_cap, each.amount) for each in awards]
    ended = Project.objects.filter(stage__in=ENDS, edition__in=FOR_REAL)
    rest = [Row(each.number, ENDS[each.stage], each.price_cap, None) for each in ended]
    return sorted(done + rest, key=lambda row: row.number)


def _notices_here() -> int:
    real = Project.objects.filter(edition__in=FOR_REAL)
    return real.filter(notices__isnull=False).values_list("notices", flat=True).count()
