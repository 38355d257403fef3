"""Set the stage in the house that MINGBIAO_DATA names, around the present, and write down its pages with sessions."""

from datetime import timedelta

import django
from django.conf import settings

django.setup()

from rulebook import clock  # noqa: E402
from tests import cast  # noqa: E402

# The makers' noon is put to tomorrow before they are imported: what they make is then of these days.
NOW = clock.now()
cast.NOON = (NOW + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)

from scripts import stage  # noqa: E402
from tests.make import accounts  # noqa: E402

if __name__ == "__main__":
    stage.fill(NOW)
    lines = []
    for name, viewer, path in stage.pages():
        who = accounts.username_of(viewer) if viewer.person else "public"
        session = accounts.client_of(viewer).cookies["sessionid"].value if viewer.person else ""
        lines.append("\t".join((name, who, session, path)))
    (settings.DATA / "pages.tsv").write_text("\n".join(lines))
