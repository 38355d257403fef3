from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bidding', '0002_rest_auctions_with_their_purchase'),
    ]

    operations = [
        migrations.AddField(
            model_name='openingunit',
            name='files',
            field=models.JSONField(default=list),
        ),
    ]
