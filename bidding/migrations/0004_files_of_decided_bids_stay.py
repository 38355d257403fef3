from django.db import migrations

from ledger.guards import by_engine, guard, refuse

# What was opened is written with the verdict, and from then on part of it.
ONCE = "verdict, findings, sheet, consortium, guarantee, files, decided_at"


class Migration(migrations.Migration):

    dependencies = [
        ('bidding', '0003_files_of_opened_bids'),
    ]

    operations = [
        guard(
            by_engine(
                sqlite=["DROP TRIGGER bidding_openingunit_once"],
                postgresql=["DROP TRIGGER bidding_openingunit_once ON bidding_openingunit"],
            ),
            refuse(
                "bidding_openingunit_once", "bidding_openingunit", f"UPDATE OF {ONCE}", "OLD.verdict <> ''",
                "final: bidding_openingunit",
            ),
        ),
    ]
