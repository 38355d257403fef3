"""The lines of a department's desk about the service items it keeps."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from market.catalogue import queries
from market.catalogue.rules import BASIS_WANTED, BUNDLED, REMIND_BEFORE
from portal.desk.duties import Duty
from rulebook.actor import Actor
from rulebook.calendar import CHINA, day_in_china


def duties(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Items whose legal basis ends or has ended with nothing after it, bundles a part has outgrown."""
    on = day_in_china(at)
    for row in queries.ending(on=on, within=REMIND_BEFORE, department=viewer.organisation):
        assert row.basis_until is not None, "what has no end does not end"
        edit = reverse("market:item_edit", args=[row.item.code])
        ends = datetime.combine(row.basis_until + timedelta(days=1), time.min, tzinfo=CHINA)
        if row.basis_until < on:
            why = _("依据已于{day}失效，已不得要求办理").format(day=row.basis_until.isoformat())
            yield Duty(_("公布有依据的新一版"), row.name, why, edit, _("去编制"), law=BASIS_WANTED)
        else:
            why = _("依据延续的公布下一版；不延续的，到期自动退出目录")
            yield Duty(_("设置依据即将失效"), row.name, why, edit, _("去编制"), ends, BASIS_WANTED)
    for change in queries.waiting(on=on, department=viewer.organisation):
        edit = reverse("market:item_edit", args=[change.bundle.item.code])
        why = _("所含事项“{name}”改变了要求，更新前不能采购").format(name=change.part.name)
        yield Duty(_("更新多评合一事项"), change.bundle.name, why, edit, _("去更新"), law=BUNDLED)
