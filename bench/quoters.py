"""Two hundred bidders of one auction, in a fresh house: `python -m bench.quoters open BIDDERS SECONDS`, `… told`.

`open` prints everybody's session and where the auction's story begins; it runs for so long. `told` prints that story
as the house holds it afterwards. Both run in the house's environment.
"""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from accounts.models import Organisation, User  # noqa: E402
from accounts.rules import Kind  # noqa: E402
from bench import bidders  # noqa: E402
from bidding.auction import queries, services  # noqa: E402
from intermediaries.registry.models import Provider  # noqa: E402
from intermediaries.registry.promise import EDITION  # noqa: E402
from intermediaries.registry.rules import State  # noqa: E402
from rulebook import clock  # noqa: E402
from rulebook.actor import SYSTEM, Role  # noqa: E402
from rulebook.credit_code import check_character  # noqa: E402
from tests.make import auctions, market  # noqa: E402

NUMBER = "A-BENCH"
STEP = "1.00"
START = "900000000.00"


def opened(count: int, seconds: float) -> dict[str, Any]:
    """An auction that is open, with so many bidders signed in."""
    now = clock.now()
    codes = [f"91152900MA1C{n:05d}" for n in range(count)]
    codes = [start + check_character(start) for start in codes]
    Organisation.objects.bulk_create(
        [
            Organisation(code=code, name=f"第{n}号机构", kind=Kind.PROVIDER, is_small=False)
            for n, code in enumerate(codes)
        ]
    )
    profile = {**auctions.providers.PROFILE, "entered_at": now, "changed_at": now,
               "state": State.ENTERED.value, "edition": EDITION}  # fmt: skip
    Provider.objects.bulk_create([Provider(organisation_id=code, **profile) for code in codes])
    facts = {"role": Role.PROVIDER, "password": "!"}
    users = User.objects.bulk_create(
        [User(username=f"quoter{n}", organisation_id=code, name=f"第{n}号", **facts) for n, code in enumerate(codes)]
    )
    begins = now - timedelta(minutes=1)
    terms = {"start": START, "step": STEP, "minutes": 2 + int(seconds // 60), "window": 5, "most": 3}
    purchase = market.purchase(
        number=NUMBER, edition="zjcs-auction", fund="fiscal", auction=terms, price_known=False,
        closes_at=begins - timedelta(minutes=1), selects_at=begins,
    )  # fmt: skip
    made = services.call(project_number=NUMBER, entrants=codes, by=SYSTEM, at=purchase.closes_at)
    assert made is not None
    return {
        "number": NUMBER,
        "after": queries.called_seq(made) - 1,
        "cookies": [bidders._session(user) for user in users],
    }


def told() -> dict[str, Any]:
    """The public story, and how many quotes were kept, accepted or not."""
    made = queries.auction(NUMBER)
    return {"entries": queries.entries(made), "kept": made.quotes.count()}


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    answer = opened(int(numbers[0]), float(numbers[1])) if what == "open" else told()
    sys.stdout.write(json.dumps(answer))
