from django.conf import settings
from django.db import migrations, models

from bidding.opening.opened import keep

READ_OUT = ("sheet", "price")


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
        migrations.RunPython(adopt, migrations.RunPython.noop),
    ]
