"""A call to the hotline is a row of its own since it can be imported; the column it had before is nobody's."""

from collections.abc import Iterator

from django.db import migrations

from ledger.guards import by_engine, final, guard, refuse

TABLE = "market_complaint"
FINAL = (
    'id, public_id, project_id, challenge_id, "after", route, about, subject, other, organisation, name, person, points,'
    " request, interest, body, filed_at"
)
ALL = ("final", "stays", "once", "no_replace_0", "no_replace_1")


def again(postgresql: bool) -> Iterator[str]:
    """SQLite has lost them all; of PostgreSQL's the one that named the column was taken off."""
    if postgresql:
        yield from refuse(f"{TABLE}_final", TABLE, f"UPDATE OF {FINAL}", "1 = 1", f"final: {TABLE}")(True)
        return
    yield from final(
        TABLE, FINAL, once="outcome, ended_at", done="OLD.ended_at IS NOT NULL", keys=("id", "public_id")
    )(False)


class Migration(migrations.Migration):

    dependencies = [
        ('market', '0004_words_of_notices'),
    ]

    operations = [
        guard(by_engine(
            sqlite=[f"DROP TRIGGER IF EXISTS {TABLE}_{name}" for name in ALL],
            postgresql=[f"DROP TRIGGER {TABLE}_final ON {TABLE}"],
        )),
        migrations.RemoveConstraint(model_name='complaint', name='one_complaint_a_ticket'),
        migrations.RemoveField(model_name='complaint', name='ticket'),
        guard(again),
    ]
