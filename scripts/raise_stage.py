"""Set the stage in the house that MINGBIAO_DATA names, around the present, and write down its pages with sessions.

With --spiked every text people typed there is an attack (`scripts.poison`).
"""

import json
import sys
from contextlib import nullcontext
from datetime import timedelta

import django
from django.conf import settings

django.setup()

from rulebook import clock  # noqa: E402
from scripts import poison  # noqa: E402

NOW = clock.now()
with poison.spiked() if "--spiked" in sys.argv else nullcontext():
    from tests import cast

    # The makers' noon is put to tomorrow before they are imported: what they make is then of these days.
    cast.NOON = (NOW + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    from scripts import stage
    from tests.make import accounts

if __name__ == "__main__":
    stage.fill(NOW)
    lines = []
    for name, viewer, path in stage.pages():
        who = accounts.username_of(viewer) if viewer.person else "public"
        session = accounts.client_of(viewer).cookies["sessionid"].value if viewer.person else ""
        lines.append("\t".join((name, who, session, path)))
    (settings.DATA / "pages.tsv").write_text("\n".join(lines))
    if "--spiked" in sys.argv:
        from scripts import spikes

        spikes.fill(NOW)
        told = {"held": spikes.held()}
        (settings.DATA / "spikes.json").write_text(json.dumps(told | {"wrongs": spikes.wrongs(told["held"])}))
