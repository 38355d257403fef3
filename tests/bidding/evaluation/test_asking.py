"""Nobody waits for the notifier: no row is held while it is asked, and what changed meanwhile is asked again."""

import pytest
from django.db import connections, transaction

from bidding.evaluation import services
from draws.models import Draw
from experts.panels.models import Panel
from experts.registry.models import Expert
from experts.registry.rules import Standing
from ledger.models import Entry
from market.projects import queries as projects
from notifier import asking, client
from notifier.server import Notifier, Server
from notifier.store import Store
from rulebook.refusal import Refused
from tests import cast, slow
from tests.make import accounts, draws, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER, STRATA
from tests.make.notifier import TOKEN

pytestmark = pytest.mark.django_db(transaction=True)


class Meanwhile(Store):
    """What the notifier keeps; before a list is told, something happens in the house, each time the next of these."""

    def __init__(self, *happens):
        super().__init__(":memory:")
        self.happens, self.lists = list(happens), 0

    def make_list(self, **asked):
        self.lists += 1
        told = super().make_list(**asked)
        if self.happens:
            try:
                self.happens.pop(0)()
            finally:
                connections.close_all()
        return told


@pytest.fixture
def number():
    for code in (*draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register(14)
    return make.qualified().project.number


@pytest.fixture
def meanwhile(settings):
    """The notifier of this test; what it is given happens while it is asked."""

    def begun(*happens):
        store = Meanwhile(*happens)
        settings.NOTIFIER = Server(Notifier(store, TOKEN)).start().url
        return store

    return begun


def convened(number):
    return services.convene(project_number=number, strata=STRATA, by=cast.OFFICER, at=LATER)


def called():
    kinds = Entry.objects.filter(kind__in=["draw.announced", "panel.left-out-committed"]).count()
    return Panel.objects.count(), Draw.objects.count(), kinds


def test_the_project_is_free_while_the_notifier_is_asked_and_a_list_that_is_true_no_more_is_asked_again(
    number, meanwhile
):
    def one_leaves():
        with transaction.atomic():
            projects.hold(number)
            Expert.objects.filter(number="expert-003").update(state=Standing.LEFT)

    store = meanwhile(one_leaves)
    convened(number)

    draw = Draw.objects.get()
    assert (store.lists, len(draw.pool)) == (2, 13)
    assert {row["cid"] for row in draw.pool} <= {row["cid"] for row in store.list_of(draw.pool[0]["cid"])}


def test_who_calls_the_panel_while_another_asks_calls_it_alone(number, meanwhile):
    meanwhile(lambda: convened(number))
    with pytest.raises(Refused, match="panel.called"):
        convened(number)

    assert called()[:2] == (1, 1)


def test_nothing_is_half_done_when_the_notifier_dies_with_the_answer_and_asked_again_it_is_done_once(number, meanwhile):
    def dies():
        raise OSError("the process is gone")

    none = called()
    store = meanwhile(dies, dies)  # a connection that broke is tried once more
    with pytest.raises(Refused, match="panel.notifier-silent"):
        convened(number)
    assert called() == none
    convened(number)

    assert (store.lists, called()[:2]) == (3, (1, 1))


def test_an_act_asks_outside_of_itself_once_for_each_question_and_is_done_once():
    done, asked = [], []

    def put(words):
        asked.append(words)
        assert not transaction.get_connection().in_atomic_block
        return words.encode()

    def question(words):
        return asking.answer(words, lambda: put(words))

    @asking.asks_first
    def part():
        return question("two")

    @asking.asks_first
    def whole():
        transaction.on_commit(lambda: done.append(question("after")))
        return question("one") + part() + question("one")

    assert whole() == b"onetwoone"
    assert (done, asked) == ([b"after"], ["one", "two", "after"])

    changing = iter(range(1000))

    @asking.asks_first
    def never():
        return question(f"{next(changing)}")

    with pytest.raises(Refused, match="panel.changing"):
        never()
    assert len(asked) == 3 + asking.MOST and question("outside") == b"outside"


def test_asking_inside_an_act_is_told_of():
    act = transaction.atomic(lambda: client.groups(["00"]))

    with pytest.raises(slow.HeldOver):
        act()
    assert slow.found == ["notifier.client._post"]
    slow.found.clear()
