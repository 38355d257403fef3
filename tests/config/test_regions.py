"""Several cities on one installation: what an office sees and does in another region is what the public does."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Message
from market.projects.models import Project
from rulebook import clock
from rulebook.actor import Actor, Role
from rulebook.jurisdiction import STAFF
from supervision.monitors import services as monitors
from tests import cast
from tests.config.declaring import rows
from tests.config.test_matrix import ROLES, filled, shut
from tests.make import accounts, cases, market
from tests.make import bidding_offers as make
from tests.make.market import NUMBER
from tests.market.complaints.test_complaints import filed

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
HERE, ELSEWHERE = "1529", "1508"  # the cast's buyers lie in 152900
STAFFED = ("supervisor", "auditor", "operator", "witness")


def posted(role: str, region: str) -> Actor:
    """One of the cast's staff in a second self, posted to a region."""
    actor = ROLES[role]
    number = (STAFFED.index(role) + 1) * 10 + int(region[2:4])
    return replace(actor, person=f"00000000-0000-4000-8000-000000007{number:03d}", region=region)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.HOUR)


def test_in_another_region_an_office_finds_what_a_stranger_finds() -> None:
    """The matrix, own region beside another: every page and operation of a procurement."""
    make.open_tender()
    own = {role: accounts.client_of(posted(role, HERE)) for role in STAFFED}
    away = {role: accounts.client_of(posted(role, ELSEWHERE)) for role in STAFFED}
    numbers, asked, let_in = {"": NUMBER}, 0, 0
    for turn, (path, (reads, acts, _)) in enumerate(rows("pages").items()):
        if "<str:number>" not in path:
            continue
        where = filled(path, numbers)
        for rule, ask in ((reads, Client.get), (acts, Client.post)):
            named = set(rule.split(",")) & set(STAFFED)
            for role in named or ({STAFFED[turn % 4]} if rule == "party" else ()):
                answer = ask(away[role], where)
                assert shut(answer), (path, role, answer.status_code)
                asked += 1
                if named and ask is Client.get:
                    let_in += ask(own[role], where).status_code == 200
    assert asked > 20 and let_in > 1
    for path, (rule,) in rows("operations").items():
        method, at = path.split(" ")
        if "{number}" in at and set(rule.split(",")) & set(STAFFED):
            answer = away["supervisor"].generic(method, "/api" + filled(at, numbers), "{}", "application/json")
            assert 400 <= answer.status_code < 500 and answer.status_code not in (409, 422), (path, answer.status_code)


LISTS = (
    "/supervision/", "/supervision/alerts/", "/supervision/alerts/?closed=1", "/supervision/clues/",
    "/supervision/rules/", "/supervision/pulse", "/cases/", "/complaints/own/", "/purchases/alerts/", "/agency/",
    "/ratings/follow-ups/", "/providers/register/", "/experts/register/", "/experts/clues/",
    "/desk/", "/inbox/", "/accounts/resets/",
)  # fmt: skip


VOLATILE = re.compile(rb'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')


def lists(client: Client) -> dict[str, bytes]:
    return {path: VOLATILE.sub(b"", client.get(path).content) for path in LISTS}


def test_an_office_sees_no_difference_whether_another_region_has_nothing_or_seven_tenders() -> None:
    accounts.world()
    clients = [accounts.client_of(posted(role, ELSEWHERE)) for role in ("supervisor", "auditor", "operator", "witness")]
    near = accounts.client_of(posted("supervisor", HERE))
    before, seen = [lists(client) for client in clients], lists(near)

    held = filed()
    case = cases.noticed(project=held.project.number)
    for n in range(6):
        market.project(number=f"T-2026-1{n}0", title=f"别处第{n}个项目")
    row = monitors.raise_alert(
        kind="clue.address", subject=held.project.log, fact="1", what="逾期", project=held.project, at=clock.now()
    )
    for client, was in zip(clients, before, strict=True):
        now = lists(client)
        assert [path for path in LISTS if now[path] != was[path]] == []
        for path in (f"/supervision/alerts/{row.public_id}/", f"/cases/{case.public_id}/", held.get_absolute_url()):
            assert client.get(path).status_code == 404, path
    assert [
        path for path in ("/supervision/", "/supervision/alerts/", "/cases/") if lists(near)[path] == seen[path]
    ] == []
    assert near.get(f"/supervision/alerts/{row.public_id}/").status_code == 200
    assert near.get(f"/cases/{case.public_id}/").status_code == 200
    assert Message.objects.filter(to_role=Role.SUPERVISOR, region=ELSEWHERE).count() == 0
    assert Project.objects.get(number=held.project.number).region == HERE


def test_whoever_tells_a_whole_office_says_where_what_it_is_about_lies() -> None:
    """`inbox.post` raises without it; read here, so that no rare message is the first to."""
    staff = {role.name for role in STAFF}
    for path in Path().glob("[a-z]*/**/*.py"):
        if path.parts[0] in ("tests", "scripts"):
            continue
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            told = {each.arg: each.value for each in call.keywords}
            role = told.get("to_role")
            if ast.unparse(call.func) != "inbox.post" or role is None or "to_organisation" in told:
                continue
            named = role.attr if isinstance(role, ast.Attribute) else ""
            assert "region" in told or (named and named not in staff), f"{path}:{call.lineno}"
