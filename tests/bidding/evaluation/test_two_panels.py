"""Two worlds that differ in who sits on the panel and in nothing else look the same to everybody who is not told."""

import json
import re

import pytest
from django.db import transaction

from draws.models import Draw
from experts.panels.models import Panel
from tests import cast
from tests.make import accounts, draws, experts, notifier
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # what a panel's pages tell does not change with the engine
VIEWERS = (cast.OFFICER, cast.APPROVER, cast.PROVIDER, cast.RIVAL, cast.WITNESS, cast.OPERATOR, cast.AUDITOR,
           cast.STRANGER)  # fmt: skip
RANDOM = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|[0-9a-f]{64}|[0-9a-f]{8}…[0-9a-f]{4}'
    r"|[A-Za-z0-9_-]{40,}|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{22}"
)


class Enough(Exception):
    """Leaves a world behind, so that the next begins where this one began."""


def pages(number, draw):
    return (
        f"/projects/{number}/", f"/projects/{number}/panel/", f"/projects/{number}/evaluation/", f"/draws/{draw}/",
        f"/api/draws/{draw}", f"/api/draws/{draw}/openings", f"/api/streams/project/{number}/entries?after=0",
        f"/projects/{number}/log/", "/experts/invitations/", "/inbox/", "/desk/",
    )  # fmt: skip


def world(name, *, until):
    """What everybody sees when the panel is drawn from the people of this world."""
    try:
        with transaction.atomic():
            evaluation = make.qualified()
            for code in (*draws.CONTRIBUTORS, cast.BUREAU):
                accounts.key(code)
            experts.register(world=name)
            panel = make.services.convene(
                project_number=evaluation.project.number, strata=make.STRATA, by=cast.OFFICER, at=LATER
            )
            experts.drawn_panel(panel, at=LATER)
            for seat in experts.invited(panel)[: 5 if until == "seated" else 3]:
                experts.answers(seat, at=LATER)
            names = secrets_of(panel)
            raise Enough(look(evaluation.project.number, Draw.objects.get().pk), names)
    except Enough as left:
        return left.args


def secrets_of(panel):
    """Everything that would tell who was drawn."""
    told = set()
    for seat in panel.seats.all():
        expert, (kept,) = notifier.expert_of(seat), notifier.running().store.rows([seat.cid])
        told |= {expert.number, expert.employer_code, expert.employer_name, expert.user.name, expert.user.username,
                 str(expert.user.public_id), str(expert.public_id), str(seat.public_id), kept["salt"]}  # fmt: skip
    return told


def look(number, draw):
    """Status, headers that matter and body of each page for each viewer."""
    seen = {}
    for viewer in VIEWERS:
        client = accounts.client_of(viewer)
        for page in pages(number, draw):
            answer = client.get(page)
            seen[viewer.name, viewer.role, page] = (
                answer.status_code, len(answer.content), answer.get("ETag"), answer.content.decode()
            )  # fmt: skip
    return seen


@pytest.mark.parametrize("until", ["calling", "seated"])
def test_two_panels_look_the_same_and_nobody_is_named(monkeypatch, until):
    monkeypatch.setattr("rulebook.clock.now", lambda: LATER)
    accounts.world()

    first, names = world("a", until=until)
    second, others = world("b", until=until)

    assert first.keys() == second.keys()
    for key, (status, size, etag, body) in first.items():
        other_status, other_size, other_etag, other_body = second[key]
        assert status == other_status, key
        assert RANDOM.sub("*", sorted_ids(body)) == RANDOM.sub("*", sorted_ids(other_body)), key
        assert size == other_size and (body != other_body or etag == other_etag), key  # a tag is of the bytes
        assert not any(told in body for told in names | others), key


def sorted_ids(body):
    """A draw's public state with what depends on the random masks alone left out."""
    try:
        value = json.loads(body)
    except ValueError:
        return body
    return json.dumps(shape(value), ensure_ascii=False, sort_keys=True)


def shape(value):
    """The shape of a JSON value: texts of one length are alike, since hashes and seals are random."""
    if isinstance(value, dict):
        return {"*" if len(key) == 64 else key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return f"text of {len(value)}" if isinstance(value, str) and len(value) >= 40 else value


def test_a_member_and_a_standby_see_no_other_name(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: LATER)
    evaluation = make.scoring_open()
    panel = Panel.objects.get()
    members = make.members(evaluation)
    mine = members[0]
    waiting = panel.seats.filter(state="standby").first()
    number = evaluation.project.number

    for viewer in (mine, waiting):
        client = accounts.client_of(experts.person_of(viewer))
        told = secrets_of(panel) - own_secrets(viewer)
        for page in pages(number, panel.draw_id):
            body = re.sub(r'value="\w{64}"', "", client.get(page).content.decode())  # a random token may spell anything
            assert not any(secret in body for secret in told), page


def own_secrets(seat):
    user = notifier.expert_of(seat).user
    return {user.name, user.username, str(user.public_id), str(seat.public_id)}


def test_before_the_award_notice_the_logs_and_blobs_name_nobody(monkeypatch):
    from ledger import blobs
    from ledger.models import Blob, Entry, Log

    evaluation = make.ranked()
    told = secrets_of(Panel.objects.get())
    said = " ".join(Entry.objects.filter(log=Log.PUBLIC).values_list("event", flat=True))
    said += b" ".join(blobs.read(sha256) for sha256 in Blob.objects.values_list("sha256", flat=True)).decode("latin-1")

    assert evaluation.step == "done"
    assert not [secret for secret in told if secret in said]
