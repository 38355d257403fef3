"""Every door to what cannot be undone asks once more who is there, and no other act is held up."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.make import accounts
from tests.make.factors import authenticator

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
NUMBER, ID = ["T-2026-000"], ["00000000-0000-4000-8000-000000000000"]
# quality §1.4: open, release, draw, submit a score sheet, award, blacklist, register a key, change a factor.
# A release is a statement signed by the key itself, at a door without a session.
GRAVE = {
    "bidding:open_hall": NUMBER, "bidding:open_session": NUMBER, "bidding:declare_too_few": NUMBER,
    "bidding:close_hall": NUMBER, "bidding:draw_coefficient": NUMBER, "bidding:call_panel": NUMBER,
    "bidding:lock_sheet": NUMBER, "market:publish_candidates": NUMBER, "market:determine": NUMBER,
    "market:accept": NUMBER, "market:pick": NUMBER,
    "market:pick_directly": NUMBER, "blacklist:list_confirm": ID, "blacklist:decision": [], "blacklist:confirm": ID,
    "accounts:passkey_add": [], "accounts:passkey_remove": ID, "accounts:authenticator_begin": [],
    "market:agree_entrustment": ID, "market:end_entrustment": ID,
    "accounts:authenticator_remove": [], "accounts:codes": [], "accounts:confirm_reset": ID, "accounts:resets": [],
}  # fmt: skip
CASE = ("propose", "second", "propose-ruling", "second-ruling")


@pytest.fixture
def old_session():
    """Somebody with a factor whose last proof is long ago."""
    authenticator(cast.SUPERVISOR)
    return accounts.client_of(cast.SUPERVISOR)


def asks(client: Client, address: str) -> bool:
    answer = client.post(address, {"words": "都在"}, HTTP_REFERER="http://testserver/desk/")
    page = answer.content.decode()
    return answer.status_code == 200 and "确认是您本人" in page and 'value="都在"' in page


def test_a_form_is_asked_for_a_proof_and_loses_nothing(old_session):
    doors = {name: reverse(name, args=args) for name, args in GRAVE.items()}
    doors |= {name: reverse("blacklist:case_act", args=[*ID, name]) for name in CASE}
    assert [name for name, address in doors.items() if not asks(old_session, address)] == []


def test_a_script_is_told_so(old_session):
    statement = json.dumps({"statement": {}})
    for address in ("/api/keys", "/accounts/passkeys/new/"):
        told = old_session.post(address, statement, content_type="application/json", HTTP_ACCEPT="application/json")
        assert [reason["code"] for reason in told.json()["reasons"]] == ["accounts.step-up"], address


def test_what_can_be_undone_or_stands_at_a_deadline_is_not_asked(old_session):
    for address in (
        "/accounts/logout/",
        f"/accounts/sessions/{ID[0]}/",
        reverse("blacklist:case_act", args=[*ID, "state"]),
    ):
        assert not asks(old_session, address), address
