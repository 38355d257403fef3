"""What the supervision found in the bids of one opening, to be looked at: a ring of two, and an innocent third."""

from datetime import datetime
from decimal import Decimal

from bidding.opening.models import Opening
from supervision.clues import rules
from supervision.clues.models import Clue, Screening
from supervision.clues.rules import Offer, Paper
from tests import cast

WORDS = frozenset(f"第 {number} 节 本单位自行编写的运行维护办法与备件清单" for number in range(1, 31))


def fill(number: str, now: datetime) -> None:
    """The bids of this purchase were looked at."""
    plan = Paper("技术方案.docx", "", author="周小二", editor="周小二", tool="WPS 12.1", clauses=WORDS)
    own = {"addresses": frozenset({"203.0.113.9"}), "phones": frozenset({"0478-8220000"}), "papers": (plan,)}
    found = rules.clues([
        Offer(cast.HETAO, quote=Decimal("981234.17"), **own),
        Offer(cast.YINSHAN, quote=Decimal("981234.90"), **own),
        Offer(cast.WULIANG, quote=Decimal("1148211.53"), addresses=frozenset({"203.0.113.9"})),
    ])  # fmt: skip
    opening = Opening.objects.filter(tender__project__number=number).earliest("pk")
    row = Screening.objects.create(
        opening=opening, bidders={org: cast.NAMES[org] for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG)}, read=7,
        groups=[list(group) for group in rules.suspected(found)], screened_at=now,
    )  # fmt: skip
    Clue.objects.bulk_create(
        Clue(screening=row, kind=one.kind.value, orgs=list(one.orgs), points=one.points, evidence=one.evidence)
        for one in found
    )


def pages(number: str) -> list[tuple[str, cast.Actor, str]]:
    """The pages of clues and of red flags."""
    return [
        ("clues", cast.SUPERVISOR, f"/supervision/clues/{number}/"),
        ("clues-newest", cast.SUPERVISOR, "/supervision/clues/"),
        ("flags", cast.STRANGER, "/flags/"),
        ("flags-played", cast.STRANGER, "/flags/?played=1"),
    ]
