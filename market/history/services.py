"""Act: load a reported set from its file."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from market.history.models import Transaction, TransactionSet
from market.history.rules import Outcome
from rulebook.actor import Actor

FILES = Path(__file__).parent


@transaction.atomic
def load(*, key: str, by: Actor, at: datetime) -> TransactionSet:
    """Load the set kept in `<key>.json` beside this module, replacing what was loaded of it before.

    Raises FileNotFoundError when there is no such file.
    """
    told = json.loads((FILES / f"{key}.json").read_text())
    head = {field: told[field] for field in ("title", "period", "source", "basis")}
    kept, _ = TransactionSet.objects.update_or_create(key=told["set"], defaults=head)
    kept.transactions.all().delete()
    Transaction.objects.bulk_create(
        Transaction(
            set=kept,
            number=row["number"],
            outcome=row.get("outcome", Outcome.DONE),
            control=Decimal(row["control"]) if row.get("control") else None,
            award=Decimal(row["award"]) if row.get("award") else None,
            notices=row.get("notices", 1),
        )
        for row in told["rows"]
    )
    return kept
