"""Set the stage in the house that MINGBIAO_DATA names, around the present, and write down its pages with sessions.

With --spiked every text people typed there is an attack (`scripts.poison`).
"""

import json
import sys
from contextlib import nullcontext
from datetime import timedelta

import django
from django.conf import settings
from django.test import Client
from django.urls import resolve

django.setup()

from rulebook import clock  # noqa: E402
from rulebook.actor import Actor  # noqa: E402
from scripts import poison  # noqa: E402

Line = tuple[str, str, str, str]  # a page's name, who looks, the cookie of his browser, its address
NOW = clock.now()
with poison.spiked() if "--spiked" in sys.argv else nullcontext():
    from tests import cast

    # The makers' noon is put to tomorrow before they are imported: what they make is then of these days.
    cast.NOON = (NOW + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    from scripts import stage, stage_files, stage_signin
    from tests.make import accounts


def session_of(viewer: Actor) -> str:
    """The cookie of somebody's browser; empty for the public's."""
    return accounts.client_of(viewer).cookies["sessionid"].value if viewer.person else ""


def remembered() -> list[Line]:
    """Pages for whoever is known by his session alone: first of all, for a sign-in that has begun is soon over."""
    clients: dict[str, Client] = {}
    lines = []
    for name, who, words, path in stage_signin.sessions(clock.now()):
        session = clients.setdefault(who, Client()).session
        session.update(words)
        session.save()
        lines.append((name, who, clients[who].cookies["sessionid"].value, path))
    return lines


if __name__ == "__main__":
    stage.fill(NOW)
    pages = stage.pages()
    if "--spiked" in sys.argv:
        from scripts import spikes

        pages += spikes.PAGES
        spikes.fill(NOW)
        told = {"held": spikes.held()}
        (settings.DATA / "spikes.json").write_text(json.dumps(told | {"wrongs": spikes.wrongs(told["held"])}))
    lines = [
        (name, accounts.username_of(viewer) if viewer.person else "public", session_of(viewer), path)
        for name, viewer, path in pages
    ]
    lines = remembered() + lines
    (settings.DATA / "pages.tsv").write_text("\n".join("\t".join(line) for line in lines))
    if "--spiked" in sys.argv:
        asked = [(address, session_of(who), path) for address, who, path in stage_files.asked(NOW)]
        walked = {resolve(path.partition("?")[0]).route for name, _who, _session, path in lines if name != "missing"}
        (settings.DATA / "files.json").write_text(json.dumps({"asked": asked, "walked": sorted(walked)}))
