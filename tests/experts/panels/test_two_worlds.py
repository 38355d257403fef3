"""Two worlds in which other people sit, or other bidders' people are struck: nobody outside can tell them apart.

Everything is compared but random bytes: every row of every table, the log, files, and the pages of everybody outside.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.db import connection, transaction

from draws.models import Draw
from experts.panels import early, queries, release, services, sitting
from experts.panels.models import Seat, Struck
from experts.registry.models import Expert
from ledger import sequencer
from ledger.models import Entry
from ledger.services import record
from tests import cast
from tests.cast import NOON
from tests.experts.panels.test_early import STREAM, Named
from tests.make import accounts, notifier
from tests.make import evaluation as make
from tests.make import experts as people
from tests.make.evaluation import LATER
from tests.make.notifier import expert_of

# One engine: after a roll-back the other one counts its rows on, and a row's number is no random byte.
pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
RANDOM = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|\b[0-9a-f]{8,}\b|[A-Za-z0-9+/_-]{22,}={0,2}"
    r"|…[0-9a-f]{4}\b"  # how a digest ends on a page
)


@dataclass
class World:
    """What can be seen from outside, without random bytes; and inside, who sits."""

    seen: dict[str, list[str]] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)

    def look(self, place: str, lines: list[str]) -> None:
        """Keep what is at a place. Who is who keeps his name: only what is random is taken out."""
        self.seen[place] = [RANDOM.sub(self.shown, line) for line in lines]

    def shown(self, found: re.Match[str]) -> str:
        return self.names.get(found.group().replace("-", ""), "~")

    def meet(self) -> None:
        """Know everybody of the register by the ids he has here."""
        for each in everybody():
            self.names[str(each.user.public_id).replace("-", "")] = f"person {each.number}"
            self.names[str(each.public_id).replace("-", "")] = f"expert {each.number}"


def everybody():
    return Expert.objects.select_related("user").order_by("pk")


def cell(value):
    return f"{len(bytes(value))} bytes" if isinstance(value, bytes | memoryview) else repr(value)


def tables(world):
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            world.look(f"table {table}", [", ".join(cell(each) for each in row) for row in cursor.fetchall()])


def pages(world, number, expert):
    """The pages of everybody outside: the officer, who keeps the register, a bidder, an expert who does not sit."""
    everywhere = [f"/projects/{number}/{page}" for page in ("", "panel/", "log/", "evaluation/", "record.zip", "hall/")]
    everywhere += [
        "/desk/",
        "/experts/register/",
        "/experts/invitations/",
        f"/api/streams/project/{number}/entries?after=0",
    ]
    for viewer in (cast.OFFICER, cast.OTHER_OFFICER, cast.OPERATOR, cast.PROVIDER, cast.STRANGER, expert):
        client = accounts.client_of(viewer)
        who = viewer.role if viewer is not expert else "another expert"
        own = [f"/experts/register/{each.public_id}/" for each in everybody()[:6]] if viewer is cast.OPERATOR else []
        for n, place in enumerate(everywhere + own):
            answer = client.get(place)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            zipped = place.endswith(".zip") and answer.status_code == 200
            text = members(body) if zipped else body.decode().splitlines()
            world.look(f"{who} at page {n}", [f"{answer.status_code}", *text])


def members(data):
    """What is in an archive: its own size follows from random bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [f"{each.filename} {each.file_size}" for each in archive.infolist()]


def on_disk():
    """Every file of the house but the database's own and its keys, which are made once."""
    found = {path for path in settings.DATA.rglob("*") if path.is_file() and "sqlite" not in path.name}
    return {path for path in found if settings.KEYS not in path.parents}


def files(world, before):
    """What a world wrote; its names are hashes, and it is taken away again."""
    found = on_disk() - before
    world.look("files", [f"{path.relative_to(settings.DATA)} {path.stat().st_size}" for path in found])
    world.seen["files"].sort()
    for path in found:
        path.unlink()


def differing(one, other):
    """Where two worlds differ, with the first line that does."""
    found = {}
    for place in one.seen.keys() | other.seen.keys():
        here, there = one.seen.get(place), other.seen.get(place)
        if here != there:
            found[place] = next(
                ((a, b) for a, b in zip(here or [], there or [], strict=False) if a != b), (here, there)
            )
    return found


class RolledBack(Exception):
    pass


def evaluated(caplog, *, changes=()):
    """A world in which a panel has judged and nobody is determined; rolled back. The draw chose among sixteen.

    changes: of a member's row, each of which must be found in the tables.
    """
    world, before = World(), on_disk()
    caplog.clear()
    with pytest.raises(RolledBack), transaction.atomic():
        accounts.organisation(cast.PLATFORM)  # no empty house: nothing is put back from another test's world
        people.expert(40, employer=cast.HETAO)  # left out, with a reason
        evaluation = make.ranked()
        number = evaluation.project.number
        seats = queries.seated(number)
        world.meet()
        world.inside = frozenset(expert_of(seat).number for seat in seats)
        sequencer.turn(at=LATER)
        tables(world)
        for change in changes:
            with pytest.raises(RolledBack), transaction.atomic():
                Seat.objects.filter(pk=seats[0].pk).update(**change(expert_of(seats[0])))
                broken = World(names=world.names)
                tables(broken)
                assert "table experts_seat" in differing(broken, world)
                raise RolledBack
        pages(world, number, next(e for e in everybody() if e.number == "expert-040").user.as_actor())
        world.look("the site's own log", [record.getMessage() for record in caplog.records])
        assert release.owed(number)
        files(world, before)
        raise RolledBack
    return world


@pytest.fixture
def still(monkeypatch):
    """Time stands still, and seat numbers, which are drawn by lot, follow the order: they are random as well."""
    monkeypatch.setattr("rulebook.clock.now", lambda: LATER)

    class Unshuffled:
        def shuffle(self, free):
            pass

    monkeypatch.setattr(sitting.secrets, "SystemRandom", Unshuffled)


def test_whoever_sits_everybody_outside_sees_the_same_until_the_names_are_let_go(still, caplog):
    # Broken on purpose: what names a member in a row is found.
    one = evaluated(caplog, changes=[lambda who: {"expert": who}, lambda who: {"why": who.employer_name}])
    other = evaluated(caplog)
    while other.inside == one.inside:
        other = evaluated(caplog)

    assert len(one.inside) == len(other.inside) == 5 and len(one.seen) > 150
    assert differing(one, other) == {}


def struck(of, names):
    """A world in which an early order is called by and the people of one bidder are struck; rolled back."""
    world = World()
    with pytest.raises(RolledBack), transaction.atomic():
        accounts.organisation(cast.PLATFORM)
        people.register(10)
        bidders = [people.expert(20 + n, employer=code) for n, code in enumerate(names)]
        panel = people.called_panel(seats=5, early=True)
        world.meet()
        world.look("before", [f"{row.kind} {row.event}" for row in Entry.objects.order_by("pk")])
        draw = Draw.objects.get(pk=panel.draw_id)
        masks = {row["number"]: row["cid"] for row in notifier.running().store.rows([r["cid"] for r in draw.pool])}
        gone = masks[next(e.number for e in bidders if e.employer_code == of)]
        line = [cid for cid in sorted(masks.values()) if cid != gone]
        line.insert(1, gone)  # the draw is random: let it have the same shape in both worlds
        Draw.objects.filter(pk=draw.pk).update(
            phase="settled", seed="00" * 32,
            result=[{"key": "A-it", "chosen": line[:5], "standby": line[5:], "skipped": [], "short": 0}],
        )  # fmt: skip
        services.seat_drawn(project_number="P-1", by=cast.SYSTEM, at=NOON)
        tables(world)
        world.seen |= {f"fixed {place}": lines for place, lines in world.seen.items() if place.startswith("table")}
        with transaction.atomic():
            record(Named(stream=STREAM), at=NOON)
        sequencer.turn(at=NOON)
        early.call_fixed(project_number="P-1", avoid={of: "employer-of-bidder"}, by=cast.SYSTEM, at=NOON)
        assert [row["cid"] for row in Struck.objects.get().rows] == [gone]
        people.seated(panel)
        sequencer.turn(at=NOON)
        tables(world)
        world.inside = frozenset({of})
        raise RolledBack
    return world


def test_whoever_s_people_are_struck_from_an_order_fixed_before_the_opening_looks_the_same(still):
    one, other = (struck(code, (cast.HETAO, cast.YINSHAN)) for code in (cast.HETAO, cast.YINSHAN))

    assert one.inside != other.inside and len(one.seen) > 150
    assert differing(one, other) == {}
