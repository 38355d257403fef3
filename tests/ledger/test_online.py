"""What migrations do while the house works is there afterwards, the second time as well, and held nobody up."""

import pytest
from django.db import DatabaseError, connection, models
from django.db.migrations.state import ProjectState

from ledger import online
from ledger.models import HighWater
from rulebook import clock

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]


def carried_out(operation: online.AddIndex | online.AddCheck) -> None:
    from django.apps import apps

    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("ledger", after)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("ledger", editor, before, after)


def test_an_index_and_a_check_are_made_beside_those_who_write_and_again_where_they_failed() -> None:
    HighWater.objects.create(pk=1, at=clock.now())
    cursor = connection.cursor()
    cursor.execute("SET ROLE NONE")
    try:
        for _ in range(2):
            carried_out(online.AddIndex("highwater", models.Index(fields=["at"], name="marks_by_instant")))
            check = models.CheckConstraint(condition=models.Q(id__lt=9), name="one_mark")
            carried_out(online.AddCheck("highwater", check))
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'marks_by_instant'::regclass")
        assert cursor.fetchall() == [(True,)]
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = 'one_mark'")
        assert cursor.fetchall() == [(True,)]
        with pytest.raises(DatabaseError, match="one_mark"):
            HighWater.objects.create(pk=10, at=clock.now())
    finally:
        cursor.execute("ALTER TABLE ledger_highwater DROP CONSTRAINT IF EXISTS one_mark")
        cursor.execute("DROP INDEX IF EXISTS marks_by_instant; RESET ROLE")
