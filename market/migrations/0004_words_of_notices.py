"""The full-text index of notices, in the engine's own way: no model, for no two engines keep it alike."""

from django.db import migrations, models

SQLITE = "CREATE VIRTUAL TABLE market_noticewords USING fts5(tokens, content='', detail='none', tokenize='ascii')"
POSTGRESQL = (
    "CREATE TABLE market_noticewords (rowid bigint PRIMARY KEY, tokens tsvector NOT NULL)",
    "CREATE INDEX market_noticewords_tokens ON market_noticewords USING gin (tokens)",
)


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else (SQLITE,):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE market_noticewords", params=None)


class Migration(migrations.Migration):
    dependencies = [("market", "0003_agents_under_letters")]
    operations = [
        migrations.RunPython(make, drop),
        migrations.AddIndex("project", models.Index(fields=["buyer", "published_at"], name="project_of_buyer_by_day")),
    ]
