"""Who reads the site's database learns nobody's place; who is behind a mask, the notifier says when it may."""

import http.client
import json
import re
from collections import Counter

import pytest
from django.apps import apps
from django.db import connection, transaction

from accounts.models import User
from draws.models import Draw
from experts.panels import release, services
from experts.panels.models import LeftOut, Panel, Seat
from experts.registry import queries as registry
from experts.registry.models import Dossier, Expert
from ledger import queries as ledger
from ledger import sequencer
from ledger.models import Entry
from ledger.services import record
from market.awards.events import Determined
from market.awards.models import Proposal
from notifier import MOST_PEOPLE, client
from notifier.asking import asks_first
from notifier.server import Notifier, Server
from notifier.store import Store, Unknown
from proofs import lots, note
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts, notifier
from tests.make import evaluation as make
from tests.make import experts as people
from tests.make.evaluation import LATER

pytestmark = pytest.mark.django_db
HEX = re.compile(r"\b[0-9a-f]{64}\b")


def dump():
    """Every row of every table as text, by table."""
    told = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            told[table] = [
                repr([bytes(each) if isinstance(each, memoryview) else each for each in row]) for row in cursor
            ]
    return told


def traces(expert, told):
    """Where a person is met in the whole database, and how often: his words in any text, his rows by any key."""
    words = (expert.number, str(expert.public_id), str(expert.user.public_id), expert.user.username,
             registry.names_of([expert])[expert.pk], expert.employer_code, expert.employer_name)  # fmt: skip
    words += tuple(word.replace("-", "") for word in words[1:3])
    found = Counter()
    for table, rows in told.items():
        for n, word in enumerate(words):
            whole = re.compile(rf"(?<![0-9A-Za-z-]){re.escape(word)}(?![0-9A-Za-z-])")
            found[table, n] += sum(word in row and whole.search(row) is not None for row in rows)
    for model, pk in ((Expert, expert.pk), (User, expert.user_id), (Dossier, expert.user.dossier.pk)):
        for relation in model._meta.related_objects:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: pk})
            found[relation.related_model.__name__, relation.field.name] += rows.count()
    return +found


def given_away(told):
    """Those of the register who are met otherwise than most, and masks that something in the database opens."""
    everybody = Expert.objects.select_related("user__dossier")
    seen = {expert.number: traces(expert, told) for expert in everybody}
    usual, _ = Counter(tuple(sorted(each.items(), key=repr)) for each in seen.values()).most_common(1)[0]
    strange = {number for number, each in seen.items() if tuple(sorted(each.items(), key=repr)) != usual}
    digests = {word for rows in told.values() for row in rows for word in HEX.findall(row)}
    opened = {number for number in seen for salt in digests if lots.masked(number, bytes.fromhex(salt)) in digests}
    return strange | opened


def test_the_whole_database_does_not_tell_the_seated_from_those_who_were_not_drawn():
    evaluation = make.ranked()
    told, seats = dump(), make.members(evaluation)
    text = " ".join(row for rows in told.values() for row in rows)
    kept = notifier.running().store.rows([row["cid"] for row in Draw.objects.get().pool])

    assert len(seats) == 5 and len(kept) == 16 and Proposal.objects.get().experts == []
    assert {model._meta.db_table for model in apps.get_models()} <= told.keys()
    assert not [row for row in kept if row["salt"] in text or row["employer_salt"] in text]
    assert given_away(told) == set()

    # Broken on purpose: what the database held before the notifier was would be found.
    mine = notifier.expert_of(seats[0])
    (row,) = [row for row in kept if row["cid"] == seats[0].cid]
    for change in ({"expert": mine}, {"salt": row["salt"]}, {"why": f"{mine.employer_name}的人"}):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Seat.objects.filter(pk=seats[0].pk).update(**change)
            assert given_away(dump()) == {mine.number}
            raise ZeroDivisionError


def test_names_leave_only_with_the_log_s_word_that_the_winner_of_this_purchase_is_determined():
    evaluation = make.ranked()
    number, stream = evaluation.project.number, evaluation.project.log
    cids = [seat.cid for seat in make.members(evaluation)]

    def told(event):
        with transaction.atomic():
            entry = record(event, at=LATER)
        sequencer.turn(at=LATER)
        return entry, ledger.tlog_proof(entry)

    def release_by(entry, proof):
        return client.release(cids, entry=entry, proof=proof, log=release.log_key())

    assert release.people(number, stream=stream) == {}
    seated = Entry.objects.get(kind="evaluation.seated")
    other, its_proof = told(Determined(stream="project/other"))
    for entry, proof in (
        (seated.event, ledger.tlog_proof(seated)),  # too early
        (other.event, its_proof),  # of another purchase
        (other.event.replace("project/other", stream), its_proof),  # never in the log
        (other.event, "nothing"),
        ("{}", its_proof),
    ):
        with pytest.raises(Refused, match="panel.names-secret"):
            release_by(entry, proof)
    lawful, proof = told(Determined(stream=stream))
    unsigned = proof.rpartition("\n\n")[0] + "\n\n"
    with pytest.raises(Refused, match="panel.names-secret"):
        release_by(lawful.event, unsigned)
    notifier.running().quorum, notifier.running().witnesses = 1, [WITNESS]
    try:
        with pytest.raises(Refused, match="panel.names-secret"):  # no witness has seen it
            release_by(lawful.event, proof)
    finally:
        notifier.running().quorum, notifier.running().witnesses = 0, []

    shown = release_by(lawful.event, proof)
    assert shown == release_by(lawful.event, proof) and [row["cid"] for row in shown] == sorted(cids)
    assert all(lots.masked(row["number"], bytes.fromhex(row["salt"])) == row["cid"] for row in shown)
    assert release.publish(number, stream=stream) and not release.owed(number)
    assert {seat.expert.number for seat in Seat.objects.filter(expert__isnull=False)} == {r["number"] for r in shown}


WITNESS = note.parse_private(note.generate("witness.example"), kind=note.COSIGNATURE).verifier.vkey


def person(n, **facts):
    return {"person": f"p{n}", "handle": f"h{n}", "number": f"N-{n}", "employers": [f"e{n // 2}"], "strata": ["A"],
            "code": "", "panels": 0} | facts  # fmt: skip


def test_lists_are_masked_once_and_leave_out_whom_only_the_notifier_knows_and_outlive_a_restart(tmp_path):
    store = Store(tmp_path / "n.sqlite3")
    facts = {"stream": "project/1", "people": [person(n) for n in range(8)], "most": 2}
    first = store.make_list(key="a", **facts)
    assert store.make_list(key="a", **facts) == first and len(first["pool"]) == 8 and not first["out"]
    assert len({row["org"] for row in first["pool"]}) == 4
    assert [row["cid"] for row in first["pool"]] == sorted(row["cid"] for row in first["pool"])
    assert not {row["cid"] for row in store.make_list(key="b", **facts)["pool"]} & {r["cid"] for r in first["pool"]}
    masks = {row["number"]: row["cid"] for row in store.list_of(first["pool"][0]["cid"])}
    assert store.whose(["p0"]) == []  # a candidate knows nothing of his lists
    store.drawn([masks["N-0"], masks["N-2"]])
    store.close()

    again = Store(tmp_path / "n.sqlite3")
    assert again.whose(["p0", "p1"]) == [("p0", masks["N-0"])]
    assert again.groups([masks["N-0"], masks["N-1"], masks["N-2"]]) == {
        masks["N-0"]: 0, masks["N-1"]: 0, masks["N-2"]: 1,
    }  # fmt: skip
    told = again.make_list(
        key="c", before=[masks["N-0"], masks["N-2"]], sitting=[masks["N-2"]], seated=[masks["N-4"], "unknown"],
        **facts | {"people": [*(person(n) for n in range(4)), person(4, panels=1), person(5, code="on-leave")]},
    )  # fmt: skip
    codes = {again.rows([row["cid"]])[0]["number"]: row["code"] for row in told["out"]}
    assert codes == {"N-0": "called-before", "N-2": "called-before", "N-3": "employer-on-panel",
                     "N-4": "too-many-panels", "N-5": "on-leave"}  # fmt: skip
    with pytest.raises(Unknown):
        again.drawn(["unknown"])
    (named,) = again.name(key="d", stream="project/1", people=[person(9)])
    assert again.whose(["p9"]) == [("p9", named)] and again.name(key="d", stream="x", people=[person(9)]) == [named]
    again.close()


def test_the_door_knows_its_site_by_the_token_and_sends_a_message_once(caplog):
    store = Store(":memory:")
    door = Server(Notifier(store, "t", show=True)).start()
    (cid,) = store.name(key="k", stream="s", people=[person(1)])

    def ask(path, body, token="t"):
        link = http.client.HTTPConnection(*door.server_address)
        link.request("POST", path, json.dumps(body), {"Authorization": f"Bearer {token}"})
        answer = link.getresponse()
        told = answer.status, json.loads(answer.read())
        link.close()
        return told

    try:
        for path in ("/whose", "/release", "/list", "/send", "/nothing"):
            assert ask(path, {}, token="wrong")[0] == 401
        sms = {"cid": cid, "reference": "r", "channel": "sms", "words": "<请登录>"}
        assert (ask("/send", sms), ask("/send", sms)) == ((200, {"arrived": True}),) * 2
        assert [row["number"] for row in store.last_sent(9)] == ["N-1"]
        assert ask("/send", sms | {"cid": "x"})[0] == 404 and ask("/nothing", {})[0] == 404
        assert ask("/open", {"cid": "x"}) == (200, []) and ask("/open", {"cid": cid})[0] == 409
        assert ask("/send", {})[0] == ask("/list", [])[0] == 400
        assert ask("/whose", {"people": [str(n) for n in range(MOST_PEOPLE + 1)], "cids": None})[0] == 409
        link = http.client.HTTPConnection(*door.server_address)
        link.request("GET", "/")
        page = link.getresponse().read().decode()
        assert "N-1" in page and "&lt;请登录&gt;" in page and "谁控制它，谁就知道名单" in page
        link.close()
        assert "N-1" not in caplog.text and "h1" not in caplog.text
    finally:
        door.shutdown()
        door.server_close()
        store.close()


@pytest.mark.embedded
def test_about_more_people_than_one_message_asks_an_act_puts_one_question_and_hears_of_all():
    many = [person(n) for n in range(MOST_PEOPLE + 2)]
    masks = notifier.running().store.name(key="many", stream="project/many", people=many)
    runs = []

    @asks_first
    def act():
        runs.append(1)
        return client.whose([each["person"] for each in many], masks[1:])

    assert act() == sorted(zip([each["person"] for each in many[1:]], masks[1:], strict=True)) and len(runs) == 2


@pytest.mark.embedded
def test_while_the_notifier_is_away_experts_are_told_so_and_nothing_else_stops(settings):
    people.register()
    panel = people.called_panel()
    settings.NOTIFIER = "http://127.0.0.1:9"
    page = accounts.client_of(cast.EXPERT).get("/experts/invitations/")
    assert page.status_code == 409 and "暂时无法确认您的席位，请稍后再试" in page.content.decode()
    for anybody in (cast.OFFICER, cast.EXPERT):
        assert accounts.client_of(anybody).get("/desk/").status_code == 200
    with pytest.raises(Refused, match="panel.notifier-silent"):
        people.called_panel(number="P-2")
    with pytest.raises(Refused, match="panel.notifier-silent"):
        people.drawn_panel(panel)
    assert (Panel.objects.get().state, Seat.objects.count(), LeftOut.objects.count()) == ("drawing", 0, 1)
    settings.NOTIFIER = ""
    with pytest.raises(Refused, match="panel.notifier-silent"):
        client.mine("somebody")


def test_a_seat_made_before_the_notifier_was_is_still_its_persons():
    people.register(2)
    own = people.expert(1)
    panel = Panel.objects.create(project_number="OLD", stream="x", size=1, strata=[], max_per_org=1, answer_seconds=9,
                                 state="calling", draw_id="", called_at=NOON)  # fmt: skip
    seat = Seat.objects.create(panel=panel, stratum="A-it", order=1, cid="old", salt="00", expert=own, state="invited",
                               answer_by=NOON + cast.HOUR)  # fmt: skip
    with pytest.raises(Seat.DoesNotExist):
        services.answer(invitation=seat.public_id, accepts=True, by=people.actor(2), at=NOON)

    assert services.answer(invitation=seat.public_id, accepts=True, by=people.actor(1), at=NOON).state == "seated"
