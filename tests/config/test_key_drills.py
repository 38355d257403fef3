"""Drills of `docs/operations.md`, Keys, that no other test plays: a key is changed or over, and the house goes on."""

import http.client
import json
from datetime import timedelta

import pytest
from django.test import override_settings

from accounts import services as accounts_services
from accounts.factors import services as factors
from accounts.factors import totp
from accounts.factors.models import Authenticator
from accounts.factors.rules import Proof
from documents import signing
from documents.issued import queries as issued
from documents.issued import tasks
from ledger import golive, witnesses
from ledger import queries as ledger
from ledger.models import Log
from notifier import client as site
from notifier.server import Notifier, Server
from notifier.store import Store
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from rulebook.rows import gathering_troubles
from tests import cast
from tests.ledger.test_witnesses import Office
from tests.make import accounts
from tests.make import ledger as make
from tests.make.factors import SECRET, authenticator, code

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
OLD, NEW = "the house's secret of last year, long enough", "the house's secret of this year, long enough"


def shown(word: str) -> Proof:
    return factors.use_code(user=accounts.user(cast.PROVIDER), code=word, may_reset=True, by=SYSTEM, at=cast.NOON)


def test_the_house_s_secret_is_changed_and_nobody_is_signed_out_or_locked_out(settings):
    settings.SECRET_KEY = OLD
    authenticator(cast.PROVIDER)
    spare = factors.make_codes(user=accounts.user(cast.PROVIDER), by=SYSTEM, at=cast.NOON)
    browser, idle = accounts.client_of(cast.PROVIDER), accounts.client_of(cast.PROVIDER)
    tag = accounts_services.person_tag(id_number="150802199003070018")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]

    assert browser.get("/desk/").status_code == 200
    assert accounts_services.person_tag(id_number="150802199003070018") == tag  # who holds one office is still known
    assert shown(spare[0]) is Proof.RECOVERY
    assert shown(code(cast.NOON)) is Proof.TOTP  # and is sealed anew by being used
    settings.SECRET_KEY_FALLBACKS = []
    assert totp.unseal(Authenticator.objects.get().sealed) == SECRET
    with pytest.raises(Refused):
        shown(spare[1])  # what was not used or made anew under the new one is over with the old
    assert (browser.get("/desk/").status_code, idle.get("/desk/").status_code) == (200, 302)  # and with it who was away


def test_a_certificate_that_ends_is_told_a_month_before_and_signs_nothing_after(tmp_path):
    with override_settings(KEYS=tmp_path / "a", DOCUMENT_KEY="", DOCUMENT_CERTIFICATE=""):
        first, end = signing.certificate(at=cast.NOON), cast.NOON + signing.LASTS

        def said(at) -> list[str]:
            with gathering_troubles() as troubles:
                tasks.announce_certificate(by=SYSTEM, at=at)
            return [each.what for each in troubles]

        assert said(cast.NOON) == said(end - timedelta(days=31)) == []
        assert said(end - timedelta(days=30, seconds=-1)) == ["签章证书还有30天到期"]
        assert said(end + cast.DAY) == ["签章证书还有0天到期"]
        with pytest.raises(Refused, match="certificate-over"):
            signing.sign(b"%PDF", reason="x", at=end)

    with override_settings(KEYS=tmp_path / "b", DOCUMENT_KEY="", DOCUMENT_CERTIFICATE=""):  # another takes its place
        assert said(end) == [] and signing.days_left(at=end) == signing.LASTS.days
        prints = [signing.fingerprint(signing.der_of(each)) for each in (signing.certificate(at=end), first)]
    assert [told["sha256"] for _, told in issued.certificates()] == prints  # papers of the first are still its own


def test_the_notifiers_token_is_changed_and_no_question_is_refused_meanwhile(tmp_path, settings):
    def serving(tokens: str) -> Server:
        return Server(Notifier(Store(":memory:"), tokens)).start()

    def asked(door: Server, token: str) -> int:
        link = http.client.HTTPConnection(*door.server_address)
        link.request("POST", "/open", json.dumps({"cid": "x"}), {"Authorization": f"Bearer {token}"})
        status = link.getresponse().status
        link.close()
        return status

    settings.NOTIFIER_TOKEN = tmp_path / "token"
    doors = [serving("old"), serving("new\nold\n"), serving("new\n")]
    try:
        assert [asked(doors[0], each) for each in ("old", "new", "")] == [200, 401, 401]
        assert [asked(doors[1], each) for each in ("old", "new", "", "new old")] == [200, 200, 401, 401]
        assert [asked(doors[2], each) for each in ("old", "new", "")] == [401, 200, 401]
        for token, door in zip(("old\n", "old\n", "new\nold\n", "new\n"), (0, 1, 1, 2), strict=True):
            settings.NOTIFIER_TOKEN.write_text(token)
            settings.NOTIFIER = doors[door].url
            site._forget()
            assert site.mine("nobody at all") == frozenset()  # each step in its order, and it answers
            site._mine.clear()
    finally:
        for door in doors:
            door.shutdown()
        site._forget()


def test_a_witness_that_lost_its_key_comes_back_under_another_and_the_quorum_holds(tmp_path, settings):
    offices = [Office(f"bureau.example/w{n}", tmp_path / str(n)) for n in (1, 2)]
    again = None
    try:
        settings.WITNESSES, settings.QUORUM = [office.entry for office in offices], 1

        def grown(text: str) -> list[bool]:
            entry = make.entry(text)
            make.sequenced()
            asked = []
            for witness in witnesses.configured():
                try:
                    asked.append(witnesses.ask(witness, Log.PUBLIC, at=cast.NOON))
                except OSError:
                    asked.append(False)
            assert ledger.covered(entry)
            return asked

        assert grown("one") == [True, True]
        offices[0].close()  # its key is gone, and its memory with it
        assert grown("two") == [False, True]
        again = Office("bureau.example/w1", tmp_path / "new")
        settings.WITNESSES = [again.entry, offices[1].entry]

        assert grown("three") == [True, True]  # it starts from nothing, and was shown that all of it only grew
        golive.check()
    finally:
        for office in filter(None, (offices[1], again)):
            office.close()
