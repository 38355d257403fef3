from django.conf import settings
from django.db import migrations, models

from bidding.opening.opened import keep
from ledger.guards import by_engine, final, guard

READ_OUT = ("sheet", "price")

# SQLite makes the table anew for a column that is not null, and its guards are gone with the old one.
UNITS = final(
    "bidding_openingunit", "id, opening_id, bid_id",
    once="verdict, findings, sheet, consortium, guarantee, decided_at", done="OLD.verdict <> ''",
    keys=("id", "bid_id"),
)


def adopt(apps, schema_editor):
    """Files of bids opened before lay in a folder for each bidder; from now on the rows name them by their hash."""
    for unit in apps.get_model("bidding", "OpeningUnit").objects.exclude(bid__part__in=READ_OUT).select_related("bid"):
        folder = settings.DATA / "opened" / str(unit.bid.tender_id) / unit.bid.organisation / unit.bid.part
        if folder.is_dir():
            unit.files = keep(path for path in folder.iterdir() if path.is_file())
            unit.save(update_fields=["files"])


class Migration(migrations.Migration):

    dependencies = [
        ('bidding', '0002_rest_auctions_with_their_purchase'),
        ('ledger', '0003_files_on_their_way'),
    ]

    operations = [
        migrations.AddField(
            model_name='openingunit',
            name='files',
            field=models.JSONField(default=list),
        ),
        guard(by_engine(sqlite=tuple(UNITS(False)))),
        migrations.RunPython(adopt, migrations.RunPython.noop),
    ]
