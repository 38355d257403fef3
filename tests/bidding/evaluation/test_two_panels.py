"""Who sits on a panel is on no page of a member and in no log before the award.

That nobody else can tell either: `tests/hardening/test_secrecy.py`.
"""

import re

import pytest

from experts.panels.models import Panel
from tests.make import accounts, experts, notifier
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # what a panel's pages tell does not change with the engine


def pages(number, draw):
    return (
        f"/projects/{number}/", f"/projects/{number}/panel/", f"/projects/{number}/evaluation/", f"/draws/{draw}/",
        f"/api/draws/{draw}", f"/api/draws/{draw}/openings", f"/api/streams/project/{number}/entries?after=0",
        f"/projects/{number}/log/", "/experts/invitations/", "/inbox/", "/desk/",
    )  # fmt: skip


def secrets_of(panel):
    """Everything that would tell who was drawn."""
    told = set()
    for seat in panel.seats.all():
        expert, (kept,) = notifier.expert_of(seat), notifier.running().store.rows([seat.cid])
        told |= {expert.number, expert.employer_code, expert.employer_name, expert.user.name, expert.user.username,
                 str(expert.user.public_id), str(expert.public_id), str(seat.public_id), kept["salt"]}  # fmt: skip
    return told


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
