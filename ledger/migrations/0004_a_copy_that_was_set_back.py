from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_files_on_their_way'),
    ]

    operations = [
        migrations.AddField(
            model_name='highwater',
            name='set_back_at',
            field=models.DateTimeField(null=True),
        ),
    ]
