"""The second factor: asked for at the door, good once, throttled by source, and asked for anew before some acts."""

import json

import pytest
from django.test import Client, RequestFactory

from accounts import services
from accounts.factors.models import AccountStep, Passkey, RecoveryCode
from accounts.factors.models import Authenticator as Totp
from accounts.models import Attempt, BrowserSession, IdentityKey, Message
from accounts.rules import TRIES
from accounts.source import source_of
from config.sessions import SessionStore
from tests import cast
from tests.make import accounts
from tests.make.authenticator import Authenticator
from tests.make.factors import PASSWORD, authenticator, code, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SECOND, SECURITY = "/accounts/second/", "/accounts/security/"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    now = [cast.NOON]
    monkeypatch.setattr("rulebook.clock.now", lambda: now[0])
    return now


def is_in(client):
    return client.get("/inbox/").status_code == 200


def show(client, told, *, source="192.0.2.1", to=SECOND):
    return client.post(to, {"_proof_code": told}, REMOTE_ADDR=source)


def said(answer):
    """The codes of a refusal, as a program hears them."""
    return [reason["code"] for reason in answer.json()["reasons"]]


def passkey_of(actor, *, client=None, settings=None):
    """A passkey added on one's own page."""
    client = client or accounts.client_of(actor)
    key = Authenticator()
    asked = client.post("/accounts/passkeys/new/", HTTP_ACCEPT="application/json").json()
    answer = client.post("/accounts/passkeys/", {"made": json.dumps(key.make(asked)), "name": "办公电脑"})
    assert answer.status_code == 302, answer.content
    return key


def ask(client):
    return client.post("/accounts/passkeys/ask/").json()


def by_passkey(client, answer):
    return client.post("/accounts/passkeys/sign-in/", {"_proof_passkey": json.dumps(answer)})


def test_after_the_password_a_code_opens_and_nothing_is_half_open_before(noon):
    authenticator(cast.PROVIDER)
    client = Client()
    planted = client.session.session_key

    first = sign_in(cast.PROVIDER, client=client)
    assert first.url == SECOND and not is_in(client)
    pending = client.cookies["sessionid"].value
    assert BrowserSession.objects.get(session_key=SessionStore.row_key(pending)).user_id is None
    answer = show(client, code(cast.NOON))

    assert answer.url == "/desk/" and is_in(client)
    assert client.cookies["sessionid"].value not in (planted, pending)
    assert not any(SessionStore().exists(key) for key in (planted, pending))
    assert not Attempt.objects.exists()


def test_a_code_is_good_once_for_whoever_saw_it(noon):
    authenticator(cast.PROVIDER)
    first, thief = Client(), Client()
    for client in (first, thief):
        sign_in(cast.PROVIDER, client=client)
    seen = code(cast.NOON)

    assert show(first, seen).status_code == 302
    noon[0] += cast.MINUTE / 4
    assert show(thief, seen).status_code == 422 and not is_in(thief)
    assert show(thief, code(cast.NOON - cast.MINUTE / 2)).status_code == 422  # an older one neither
    noon[0] += cast.MINUTE
    assert show(thief, code(noon[0])).status_code == 302


def test_guesses_are_five_a_password_however_many_networks_send_them():
    authenticator(cast.PROVIDER)
    thief, owner = Client(), Client()
    sign_in(cast.PROVIDER, client=thief, source="198.51.100.9")
    answers = [show(thief, "000000", source=f"198.51.100.{n}").status_code for n in range(20, 26)]
    assert answers == [422] * 5 + [409]
    assert show(thief, code(cast.NOON), source="198.51.100.30").status_code == 409

    assert sign_in(cast.PROVIDER, client=owner, source="203.0.113.9").url == SECOND
    assert show(owner, code(cast.NOON), source="203.0.113.9").status_code == 302


def test_three_sources_that_tried_a_thousand_times_do_not_keep_the_victim_out():
    authenticator(cast.PROVIDER)
    for n in range(1000):
        source = source_of(RequestFactory().get("/", REMOTE_ADDR=f"198.51.100.{n % 3}"))
        if Attempt.objects.filter(source=source).count() < TRIES:
            services.try_door(source=source, at=cast.NOON)
    pending, victim = Client(), Client()
    sign_in(cast.PROVIDER, client=pending, source="203.0.113.9")

    refused = show(pending, code(cast.NOON), source="198.51.100.1")
    assert refused.status_code == 409 and "尝试次数过多" in refused.content.decode()
    assert sign_in(cast.PROVIDER, client=victim, source="203.0.113.9").status_code == 302
    assert show(victim, code(cast.NOON), source="203.0.113.9").status_code == 302


def test_recovery_codes_are_shown_once_and_good_once(noon):
    authenticator(cast.PROVIDER)
    client = Client()
    sign_in(cast.PROVIDER, client=client)
    show(client, code(cast.NOON))
    page = client.post("/accounts/codes/").content.decode()
    spare = page.partition("<li><code>")[2].partition("</code>")[0]
    assert RecoveryCode.objects.count() == 10
    assert spare.replace("-", "") not in str(list(RecoveryCode.objects.values()))

    again = Client()
    sign_in(cast.PROVIDER, client=again)
    assert show(again, f" {spare.upper()} ").status_code == 302
    third = Client()
    sign_in(cast.PROVIDER, client=third)
    assert show(third, spare).status_code == 422
    assert AccountStep.objects.filter(kind="code-used").count() == 1


def test_a_passkey_signs_in_by_itself_and_its_answer_is_good_once(noon):
    key = passkey_of(cast.PROVIDER)
    client = Client()
    answer = key.use(ask(client))

    assert by_passkey(client, answer).url == "/desk/" and is_in(client)
    thief = Client()
    ask(thief)
    assert by_passkey(thief, answer).status_code == 422  # another challenge
    assert by_passkey(Client(), answer).status_code == 422  # none
    late = Client()
    asked = ask(late)
    noon[0] += 6 * cast.MINUTE
    assert by_passkey(late, key.use(asked)).status_code == 422


def test_a_passkey_answers_for_its_site_its_finger_its_owner_and_its_only_copy():
    key = passkey_of(cast.PROVIDER)
    for spoil in ("site", "finger", "signature", "copy"):
        client = Client()
        asked = ask(client)
        key.flags = 0x01 if spoil == "finger" else 0x05
        if spoil == "copy":
            key.count = 0
            Passkey.objects.update(sign_count=7)
        answer = key.use(asked, origin="https://mingbiao.phish.example" if spoil == "site" else None)
        if spoil == "signature":
            answer["response"]["signature"] = answer["response"]["signature"][::-1]
        assert by_passkey(client, answer).status_code == 422, spoil
        assert not is_in(client)

    authenticator(cast.RIVAL)
    rival = Client()
    sign_in(cast.RIVAL, client=rival)
    key.count = 100
    answer = rival.post(SECOND, {"_proof_passkey": json.dumps(key.use(ask(rival)))})
    assert answer.status_code == 422  # somebody else's
    for junk in ("", "null", "[]", '{"rawId": 7}', '{"rawId": "x", "response": "y"}', "{"):
        client = Client()
        ask(client)
        assert client.post("/accounts/passkeys/sign-in/", {"_proof_passkey": junk}).status_code == 422
    accounts.user(cast.PROVIDER).__class__.objects.update(is_active=False)
    client = Client()
    assert by_passkey(client, key.use(ask(client))).status_code == 422  # shut out


def test_where_the_house_asks_for_two_who_has_one_adds_another_before_he_is_in(settings, noon):
    settings.SECOND_FACTOR = True
    accounts.user(cast.OFFICER, password=PASSWORD)
    client, key = Client(), Authenticator()

    assert sign_in(cast.OFFICER, client=client).url == "/accounts/second/new/"
    assert client.get("/accounts/second/new/").status_code == 200 and not is_in(client)
    assert client.get(SECURITY).status_code == 302
    asked = client.post("/accounts/passkeys/new/", HTTP_ACCEPT="application/json").json()
    assert client.post("/accounts/passkeys/", {"made": json.dumps(key.make(asked))}).url == SECURITY
    assert is_in(client)

    thief = Client()  # knows the password alone
    assert sign_in(cast.OFFICER, client=thief).url == SECOND
    for door in ("/accounts/passkeys/new/", "/accounts/authenticator/begin/", "/accounts/passkeys/"):
        assert thief.post(door, HTTP_ACCEPT="application/json").status_code in (403, 422), door
    assert thief.get("/accounts/second/new/").status_code == 403
    assert not is_in(thief) and Passkey.objects.count() == 1
    noon[0] += 11 * cast.MINUTE
    assert show(thief, "000000").status_code == 409


def test_an_authenticator_is_set_up_by_its_first_code(settings):
    settings.SECOND_FACTOR = True
    accounts.user(cast.OFFICER, password=PASSWORD)
    client = Client()
    sign_in(cast.OFFICER, client=client)
    client.post("/accounts/authenticator/begin/")
    page = client.get("/accounts/authenticator/").content.decode()
    import base64

    spelt = page.partition('class="mono" translate="no">')[2].partition("<")[0].replace(" ", "")
    secret = base64.b32decode(spelt)

    assert client.post("/accounts/authenticator/", {"code": "000000"}).status_code == 422
    assert client.post("/accounts/authenticator/", {"code": code(cast.NOON, secret)}).url == SECURITY
    assert is_in(client) and spelt not in Totp.objects.get().sealed
    refused = client.post("/accounts/authenticator/remove/", HTTP_ACCEPT="application/json")
    assert said(refused) == ["accounts.factor-last"]


REGISTER = "/api/keys"


def registration():
    accounts.organisation(cast.HETAO)
    return json.dumps({"statement": accounts.key_statement(cast.HETAO)})


def test_nobody_is_asked_anew_who_has_no_factor_where_none_is_asked_for():
    client = accounts.client_of(cast.PROVIDER)
    assert client.post(REGISTER, registration(), content_type="application/json").status_code == 200


def test_a_script_s_door_says_step_up_and_opens_after_the_proof(noon):
    authenticator(cast.PROVIDER)
    client = Client()
    sign_in(cast.PROVIDER, client=client)
    show(client, code(cast.NOON))
    noon[0] += 6 * cast.MINUTE
    before = client.cookies["sessionid"].value

    refused = client.post(REGISTER, registration(), content_type="application/json")
    assert refused.status_code == 409 and said(refused) == ["accounts.step-up"]
    assert client.get("/accounts/step-up/").json() == {"passkeys": 0, "codes": True, "password": False}
    wrong = client.post("/accounts/step-up/", {"_proof_password": PASSWORD}, HTTP_ACCEPT="application/json")
    assert said(wrong) == ["accounts.factor-wrong"]  # the password is no second factor
    proof = {"_proof_code": code(noon[0])}
    assert client.post("/accounts/step-up/", proof, HTTP_ACCEPT="application/json").status_code == 200

    assert client.cookies["sessionid"].value != before  # a new right, a new key
    assert client.post(REGISTER, registration(), content_type="application/json").status_code == 200
    assert IdentityKey.objects.count() == 1


def test_a_form_comes_back_with_all_that_was_typed_and_goes_through_with_the_proof(noon):
    from tests.make import bidding_offers as make

    make.open_tender()
    authenticator(cast.SUPERVISOR)
    client = Client()
    sign_in(cast.SUPERVISOR, client=client)
    show(client, code(cast.NOON))
    noon[0] += 6 * cast.MINUTE
    typed = {"person": cast.HOLDER.person, "reason": "两行\n字 & <b>", "more": ["一", "二"]}

    page = client.post("/accounts/resets/", typed, HTTP_REFERER="http://testserver/accounts/resets/")
    text = page.content.decode()
    assert page.status_code == 200 and "确认是您本人" in text
    for value in ("两行\n字 &amp; &lt;b&gt;", 'value="一"', 'value="二"', 'name="_page"'):
        assert value in text
    wrong = client.post("/accounts/resets/", {**typed, "_proof_code": "000000"})
    assert wrong.status_code == 409 and "两行\n字 &amp;" in wrong.content.decode()
    through = client.post("/accounts/resets/", {**typed, "_proof_code": code(noon[0])})
    assert through.status_code == 422  # the form itself, which wants more: the proof was taken
    assert client.post("/accounts/resets/", typed).status_code == 422  # and stands for five minutes


def test_where_the_house_asks_the_password_serves_who_has_nothing_else(settings, noon):
    settings.SECOND_FACTOR = True
    accounts.user(cast.PROVIDER, password=PASSWORD)
    accounts.organisation(cast.HETAO).__class__.objects.filter(code=cast.HETAO).update(kind="citizen")
    accounts.user(cast.PROVIDER).__class__.objects.filter(username="u11").update(role="officer")
    client = Client()
    assert sign_in(cast.PROVIDER, client=client).url == "/desk/"  # a citizen needs no second factor
    noon[0] += 6 * cast.MINUTE
    page = client.post("/accounts/codes/")
    assert "再输一次登录密码" in page.content.decode()
    assert client.post("/accounts/codes/", {"_proof_password": "wrong"}).status_code == 409
    assert "恢复码" in client.post("/accounts/codes/", {"_proof_password": PASSWORD}).content.decode()


def test_what_changes_is_told_and_kept_and_another_s_passkey_is_not_there():
    passkey_of(cast.PROVIDER)
    row = Passkey.objects.get()
    assert [step.kind for step in AccountStep.objects.all()] == ["passkey-added"]
    assert Message.objects.filter(to_user=row.user, subject="您的登录方式有变动").count() == 1

    rival = accounts.client_of(cast.RIVAL)
    assert rival.post(f"/accounts/passkeys/{row.public_id}/remove/").status_code == 404
    assert Passkey.objects.exists()
