"""What stands on the map of the site."""

from django.db.models import Max
from django.urls import reverse

from accounts.regions.queries import regions
from market.notices.models import Notice
from portal.buyers.queries import codes

EACH = 5000  # notices a map
ALWAYS = (
    "portal:home", "portal:notices", "market:catalogue", "market:approvals", "market:providers", "portal:buyers",
    "portal:statistics", "portal:trade", "portal:verify", "portal:rules", "blacklist:list", "market:complaints_guide",
    "market:complaint_decisions", "bidding:roster",
)  # fmt: skip


def maps() -> range:
    """The numbers of the maps there are: each holds a stretch of ids, so none moves when another notice comes."""
    last = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
    return range(1, -(-last // EACH) + 1)


def map_of(n: int) -> list[Notice]:
    """The notices of one map."""
    if not 0 < n < 10**9:
        return []
    found = Notice.objects.filter(pk__gt=(n - 1) * EACH, pk__lte=n * EACH).select_related("project").order_by("pk")
    return list(found.defer("text"))


def pages() -> list[str]:
    """Pages that do not come and go, every buyer's, and the front room of every region."""
    return (
        [reverse(name) for name in ALWAYS]
        + [reverse("portal:buyer", args=[code]) for code in codes(most=EACH)]
        + [reverse("portal:region", args=[row.digits]) for row in regions()]
    )
