"""Several workers at one message, and a receipt in between: it is handed over once, and delivered stays delivered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.reaching import sending
from accounts.reaching.models import Sending
from accounts.reaching.rules import State, Topic, Way
from rulebook.actor import SYSTEM
from tests.cast import NOON, PROVIDER
from tests.make import reaching

pytestmark = pytest.mark.django_db(transaction=True)


def test_workers_at_once_hand_over_once_and_a_receipt_between_them_holds(settings):
    with reaching.gateway(settings) as gateway:
        reaching.has(PROVIDER, Way.PHONE)
        reaching.post(PROVIDER, topic=Topic.TODAY)
        row = Sending.objects.get()

        def carry(_n):
            try:
                return sending.carry_out(sending=row.pk, by=SYSTEM, at=NOON)
            finally:
                connection.close()

        def hear(_n):
            try:
                return sending.hear(reference=row.reference, told=State.DELIVERED, fault="", by=SYSTEM, at=NOON).state
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            done = [pool.submit(act, n) for n, act in enumerate((carry, carry, hear, carry, carry, hear))]
            assert all(each.result() for each in done)
        row.refresh_from_db()
        assert len(gateway.taken) <= 1 and row.state == State.DELIVERED
