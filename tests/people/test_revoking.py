"""A stolen generation of a house's key is ended: by whom, with which key, what is refused after it and what stays."""

import threading
import time

import pytest
from django.db import transaction

from accounts import queries as keys
from accounts import services as accounts_services
from accounts.inbox import deliver
from accounts.models import Delivery, KeyRevocation
from bidding.submission import queries as bids
from bidding.submission import services as bidding
from bidding.tender import committees
from ledger import lines
from ledger.models import Entry
from people.colleagues import services as colleagues
from people.colleagues.models import Step
from people.custody import services
from proofs import statement as statements
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast
from tests.cast import HETAO, HOUR, NOON, PROVIDER, RIVAL
from tests.ledger.test_races import at_once
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.accounts import client_of, signer
from tests.make.ledger import entry
from tests.make.market import NUMBER
from tests.people.test_colleagues import COLLEAGUE

EARLY = NOON - HOUR
UNIT = {"tender": NUMBER, "lot": "1", "part": "sheet"}


def revocation(revokes=1, *, gen=2, org=HETAO):
    return statements.sign("idr/1", {"revokes": revokes}, by=signer(org, gen), ts=iso(EARLY))


def house():
    """Somebody who administers HETAO, a colleague, a rival, the first generations of their keys."""
    for actor in (PROVIDER, COLLEAGUE, RIVAL):
        accounts.user(actor)
    for code in (HETAO, cast.YINSHAN):
        accounts.key(code)
    colleagues.appoint_first(person=PROVIDER.person, by=SYSTEM, at=EARLY)


def refused(statement, *, by=PROVIDER):
    with pytest.raises(Refused) as refusal:
        services.revoke(statement=statement, by=by, at=EARLY)
    return refusal.value.reasons[0].code


def post(client, statement):
    return client.post("/api/custody/revoke", {"statement": statement}, content_type="application/json")


@pytest.mark.django_db
@pytest.mark.embedded
def test_its_keepers_end_a_stolen_generation_with_a_later_one_once_and_everybody_is_told(client):
    house()
    page = client_of(PROVIDER).get("/people/custody/revoke/").content.decode()
    assert "现在没有可吊销的一代" in page and "先在「单位密钥」页生成并登记新一代" in page
    assert refused(revocation(gen=1)) == "accounts.key-newest"  # before there is a second
    assert refused(revocation()) == "accounts.key-newest"
    accounts.next_key(HETAO, 2)
    assert refused(revocation(gen=1)) == "accounts.key-not-later"  # whoever stole it
    assert refused(revocation(2, gen=1)) == "accounts.key-newest"
    assert refused(revocation(2, gen=2)) == "accounts.key-newest"
    assert refused(revocation(1, gen=3)) == "accounts.key-not-later"
    assert refused(revocation(7)) == "accounts.no-such-key"
    assert refused({**revocation(), "sig": revocation(7)["sig"]}) == "accounts.revocation-unsigned"
    assert refused({**revocation(), "more": 1}) == "statement.malformed"
    assert refused(None) == "statement.malformed"
    assert refused(revocation(), by=COLLEAGUE) == "custody.not-keeper"
    assert refused(revocation(), by=RIVAL) == "custody.not-keeper"
    colleagues.appoint_first(person=RIVAL.person, by=SYSTEM, at=EARLY)
    assert refused(revocation(), by=RIVAL) == "accounts.not-own-revocation"
    assert post(client, revocation()).status_code == 401
    told = post(client_of(COLLEAGUE), revocation())
    assert (told.status_code, told.json()["reasons"][0]["code"]) == (403, "custody.not-keeper")
    assert "仅本单位的单位管理员和密钥保管人" in client_of(COLLEAGUE).get("/people/custody/revoke/").content.decode()
    assert not KeyRevocation.objects.exists()

    services.name(person=COLLEAGUE.person, by=PROVIDER, at=EARLY)
    assert 'data-gens="1"' in client_of(COLLEAGUE).get("/people/custody/revoke/").content.decode()
    assert post(client_of(COLLEAGUE), revocation()).json() == {"org": HETAO, "revoked": 1}
    assert post(client_of(COLLEAGUE), revocation()).status_code == 200  # the same again
    later = statements.sign("idr/1", {"revokes": 1}, by=signer(HETAO, 2), ts=iso(NOON))
    assert refused(later) == "accounts.key-revoked"
    [row] = KeyRevocation.objects.all()
    assert (row.gen, row.statement) == (1, revocation())
    assert Step.objects.filter(what="key-revoked", told="1").count() == 1
    [told] = Entry.objects.filter(kind="accounts.key-revoked")
    assert f"单位 {HETAO} 吊销第 1 代身份公钥，由第 2 代签署" in lines.line(told)
    deliver(at=NOON)
    about = Delivery.objects.filter(message__subject="第 1 代单位密钥已吊销")
    assert {str(each.user.public_id) for each in about} == {PROVIDER.person, COLLEAGUE.person} and len(about) == 2
    assert client.get(f"/api/keys/{HETAO}").json()["revoked"] == [revocation()]
    for address in ("/keys/", "/people/custody/revoke/"):
        assert "已吊销" in client_of(PROVIDER).get(address).content.decode()
    assert client.get("/people/custody/revoke/").status_code == 302
    assert client_of(cast.EXPERT).get("/people/custody/revoke/").status_code == 404

    accounts.next_key(HETAO, 3, by=signer(HETAO, 3))  # whose generation 2 was the thief's: in person, then both end
    assert refused(revocation(2, gen=1)) == "accounts.key-not-later"
    services.revoke(statement=revocation(2, gen=3), by=PROVIDER, at=EARLY)
    assert set(keys.pinned_keys(HETAO)) == {1, 2, 3} and set(keys.pinned_keys(HETAO, at=NOON)) == {3}


@pytest.mark.django_db
def test_a_thief_signs_nothing_more_and_what_he_did_is_undone_with_the_new_generation():
    tender = make.open_tender()
    accounts.user(PROVIDER)
    [*first] = make.sealed_bid(tender, at=EARLY - HOUR)
    thief = make.prepared(tender, PROVIDER, price="1.00", at=EARLY - HOUR)
    objection = statements.sign("obj/1", {"unit": UNIT, "text": "…"}, by=signer(HETAO), ts=iso(EARLY))
    keys.checked(objection, v="obj/1")
    accounts.next_key(HETAO, 2)
    accounts_services.revoke_key(statement=revocation(), by=PROVIDER, at=EARLY)

    def code(act, **told):
        with pytest.raises(Refused) as refusal:
            act(**told)
        return refusal.value.reasons[0].code

    told = {"project_number": NUMBER, "by": PROVIDER, "at": EARLY}
    assert code(bidding.submit, subs=thief, **told) == "statement.revoked-key"  # signed before, handed in after
    assert code(keys.checked, statement=objection, v="obj/1") == "statement.revoked-key"
    assert code(keys.hold_checked, said=objection) == "statement.revoked-key"  # checked before, acted on after
    slots = statements.sign("slots/1", {"unit": UNIT, "role": "c", "n": 2, "keys_sha256": "0" * 64},
                            by=signer(HETAO), ts=iso(EARLY))  # fmt: skip
    assert code(committees.keep_slots, statement=slots, keys="", at=EARLY) == "statement.revoked-key"
    [live] = bids.live(tender)
    assert {row.pk for row in live.parts.values()} == {row.pk for row in first}  # acknowledged before: it stands

    wds = [
        statements.sign("wd/1", {"unit": {**UNIT, "part": row.part}, "eid": row.eid, "seq": row.version + 1},
                        by=signer(HETAO, 2), ts=iso(EARLY))
        for row in first
    ]  # fmt: skip
    bidding.withdraw(wds=wds, **told)  # its owner takes it back with the generation that stands
    assert bids.live(tender) == []


@pytest.mark.django_db(transaction=True)
def test_two_ends_at_once_are_one_and_what_is_being_signed_stands_before_it():
    house()
    accounts.next_key(HETAO, 2)
    said = statements.sign("present/1", {"unit": UNIT}, by=signer(HETAO), ts=iso(EARLY))
    held = threading.Event()

    def sign() -> None:
        with transaction.atomic():
            keys.hold_checked(said)
            held.set()
            time.sleep(0.5)  # room for a revocation that does not wait
            entry("signed")

    def revoke() -> None:
        held.wait(60)
        services.revoke(statement=revocation(), by=PROVIDER, at=EARLY)

    at_once(sign, revoke, revoke)
    [*_, signed, revoked] = Entry.objects.filter(log="public").order_by("pk")
    assert signed.kind != revoked.kind == "accounts.key-revoked"
    assert KeyRevocation.objects.count() == Entry.objects.filter(kind="accounts.key-revoked").count() == 1
    assert Step.objects.filter(what="key-revoked").count() == 1
    with pytest.raises(Refused, match="statement.revoked-key"):
        keys.checked(said, v="present/1")
