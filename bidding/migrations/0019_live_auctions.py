"""Live auctions. Who takes part and every quote stay as they were written, and so does a judged explanation."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = {
    "bidding_auctionbidder": ("id", "auction_id, organisation", "auction_id, alias"),
    "bidding_quote": ("id", "bidder_id, quote", "auction_id, number"),
}
EXPLAINED = "bidding_priceexplanation"
ASKED = "id, auction_id, organisation, price, grounds, asked_at, due_at"
JUDGED = "text, said_by, said_at, accepted, reason, judged_by, judged_at"


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    market = import_module("market.migrations.0003_what_is_final")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in APPEND_ONLY.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)
    for statement in market.guards(
        EXPLAINED, final=ASKED, once=JUDGED, done="OLD.judged_at IS NOT NULL", keys=("id",), postgresql=postgresql
    ):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('bidding', '0018_quotes_that_open_by_themselves'),
        ('market', '0009_a_supermarket_of_services'),
        ('market', '0003_what_is_final'),
        ('ledger', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Auction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DecimalField(decimal_places=2, max_digits=15)),
                ('step', models.DecimalField(decimal_places=2, max_digits=15)),
                ('window', models.PositiveIntegerField()),
                ('most', models.PositiveIntegerField()),
                ('restart', models.PositiveIntegerField()),
                ('called_at', models.DateTimeField()),
                ('starts_at', models.DateTimeField()),
                ('opens_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('number', models.PositiveIntegerField(default=0)),
                ('best', models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ('leader', models.CharField(blank=True, max_length=8)),
                ('extended', models.PositiveIntegerField(default=0)),
                ('paused_at', models.DateTimeField(null=True)),
                ('paused_by', models.CharField(blank=True, max_length=10)),
                ('pause_reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='auction', to='market.project')),
            ],
        ),
        migrations.CreateModel(
            name='AuctionBidder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('alias', models.CharField(max_length=8)),
                ('salt', models.CharField(max_length=64)),
                ('commitment', models.CharField(max_length=64)),
                ('auction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bidders', to='bidding.auction')),
            ],
        ),
        migrations.CreateModel(
            name='PriceExplanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('price', models.DecimalField(decimal_places=2, max_digits=15)),
                ('grounds', models.JSONField()),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('said_by', models.CharField(blank=True, max_length=36)),
                ('said_at', models.DateTimeField(null=True)),
                ('accepted', models.BooleanField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('judged_by', models.CharField(blank=True, max_length=36)),
                ('judged_at', models.DateTimeField(null=True)),
                ('auction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='bidding.auction')),
            ],
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=36)),
                ('quote', models.UUIDField(default=uuid.uuid4)),
                ('typed', models.CharField(max_length=40)),
                ('price', models.DecimalField(decimal_places=2, max_digits=15)),
                ('at', models.DateTimeField()),
                ('number', models.PositiveIntegerField(null=True)),
                ('ceiling', models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ('closes_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('refused', models.CharField(blank=True, max_length=60)),
                ('refusal', models.JSONField(default=list)),
                ('auction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='bidding.auction')),
                ('bidder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='bidding.auctionbidder')),
            ],
        ),
        migrations.AddIndex(
            model_name='auction',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['ends_at'], name='auction_running'),
        ),
        migrations.AddConstraint(
            model_name='auction',
            constraint=models.CheckConstraint(condition=models.Q(('start__gt', 0), ('step__gt', 0)), name='auction_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='auction',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('opens_at'))), name='auction_ends_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='auction',
            constraint=models.CheckConstraint(condition=models.Q(('extended__lte', models.F('most'))), name='auction_extended_at_most'),
        ),
        migrations.AddConstraint(
            model_name='auction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('best', None), ('leader', ''), ('number', 0)), models.Q(('best__gt', 0), ('number__gt', 0), models.Q(('leader', ''), _negated=True)), _connector='OR'), name='auction_led_by_a_quote'),
        ),
        migrations.AddConstraint(
            model_name='auctionbidder',
            constraint=models.UniqueConstraint(fields=('auction', 'organisation'), name='bidder_once_an_auction'),
        ),
        migrations.AddConstraint(
            model_name='auctionbidder',
            constraint=models.UniqueConstraint(fields=('auction', 'alias'), name='alias_once_an_auction'),
        ),
        migrations.AddConstraint(
            model_name='priceexplanation',
            constraint=models.UniqueConstraint(fields=('auction', 'organisation'), name='explained_once'),
        ),
        migrations.AddConstraint(
            model_name='priceexplanation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted', None), ('judged_at', None)), models.Q(('accepted__isnull', False), ('judged_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='explanation_judged_with_reasons'),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(fields=['bidder', 'at'], name='quotes_of_bidder'),
        ),
        migrations.AddConstraint(
            model_name='quote',
            constraint=models.UniqueConstraint(fields=('bidder', 'quote'), name='quote_once_a_bidder'),
        ),
        migrations.AddConstraint(
            model_name='quote',
            constraint=models.UniqueConstraint(fields=('auction', 'number'), name='quote_number_once'),
        ),
        migrations.AddConstraint(
            model_name='quote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ceiling', None), ('closes_at', None), ('ends_at', None), ('number', None), models.Q(('refused', ''), _negated=True)), models.Q(('at__lt', models.F('closes_at')), ('number__gt', 0), ('price__gt', 0), ('price__lte', models.F('ceiling')), ('refused', ''), ('ends_at__gte', models.F('closes_at'))), _connector='OR'), name='quote_better_and_in_time'),
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
