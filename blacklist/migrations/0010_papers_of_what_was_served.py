"""What was served before decisions were papers is issued as well."""

from django.db import migrations

SERVED = ("served", "appealed", "ruling", "closed")


def wait_for_paper(apps, schema_editor):
    cases, papers = apps.get_model("blacklist", "Case"), apps.get_model("blacklist", "DecisionPaper")
    papers.objects.bulk_create(papers(case=row) for row in cases.objects.filter(state__in=SERVED).order_by("pk"))


class Migration(migrations.Migration):
    dependencies = [("blacklist", "0009_decisions_on_paper")]
    operations = [migrations.RunPython(wait_for_paper, migrations.RunPython.noop, elidable=True)]
