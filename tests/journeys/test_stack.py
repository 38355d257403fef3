"""The scaled setup as `./mingbiao up` starts it, asked through nginx while its processes are killed one by one."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from redis import Redis, RedisError
from websockets.sync.client import connect
from websockets.typing import Origin

from config.up.standing import Standing, standing
from proofs import canonical
from rulebook import clock
from rulebook.times import iso
from tests import engines
from tests.architecture.source import ROOT
from tests.config import forked
from tests.config.processes import eventually
from tests.journeys import canaries

pytestmark = pytest.mark.scaled
Answer = tuple[int, Message, str]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """One that all tests of this file share, on tables that were made before."""
    folder = tmp_path_factory.mktemp("up")
    (folder / "tmp").mkdir(mode=0o777)
    environ = {"DATABASE_URL": engines.beside(os.environ["DATABASE_URL"]), "MINGBIAO_SEALED_EVERY": "5"}
    environ["TMPDIR"] = str(folder / "tmp")
    environ["MINGBIAO_CLOSING_BATCH"] = "64"  # nobody looks at how many leaves a closing fills
    engines.begin(folder / "data")
    with standing(folder, **environ) as stack:
        yield stack


def asked(stack: Standing, path: str, body: bytes | None = None, **headers: str) -> Answer:
    """Status, headers and body of an answer."""
    request = urllib.request.Request(stack.base + path, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as wrong:
        return wrong.code, wrong.headers, wrong.read().decode()


def well(stack: Standing) -> bool:
    """Whether it could keep a bid."""
    with contextlib.suppress(OSError):
        return asked(stack, "/readyz")[0] == 200
    return False


def connected() -> psycopg.Connection[tuple[object, ...]]:
    """Beside its database, on the same server, as who may do anything."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def cut_connections(stack: Standing) -> int:
    """Every session on its database is ended by the server; how many there were."""
    name = urlsplit(stack.told["DATABASE_URL"]).path[1:]
    with connected() as beside:
        ended = beside.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        return ended.rowcount


def kill(name: str) -> Callable[[Standing], None]:
    """SIGKILL to a part."""
    return lambda stack: os.kill(stack.pid(name), signal.SIGKILL)


def kill_worker_of_pages(stack: Standing) -> None:
    """SIGKILL to the one that answers, not to the one that has started it."""
    children = Path(f"/proc/{stack.pid('pages-1')}/task/{stack.pid('pages-1')}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)


def the_one_who_sequences(stack: Standing) -> str:
    """Who got the lock last says so last."""
    said = {name: stack.folder / "logs" / f"{name}.log" for name in ("sequencer-1", "sequencer-2")}
    taken = {name: file for name, file in said.items() if "sequences from now on" in file.read_text()}
    return max(taken, key=lambda name: taken[name].stat().st_mtime_ns)


def test_all_of_it_runs_and_the_front_page_comes_through_nginx(stack):
    status, headers, body = asked(stack, "/")
    script = next(word for word in body.split('"') if word.startswith("/static/") and word.endswith(".js"))

    assert status == 200 and headers["Server"] == "nginx" and "明标" in body
    kinds = {"redis", "s3", "sequencer-1", "sequencer-2", "witness", "notifier", "worker-1", "beat"}
    assert set(stack.now["parts"]) == kinds | {"pages-1", "pages-2", "sockets-1", "sockets-2", "nginx"}
    assert len({stack.pid(name) for name in stack.now["parts"]}) == 13
    # Served by nginx with what the house itself would say: a worker obeys the policy its file came with.
    assert "default-src 'none'" in asked(stack, script)[1]["Content-Security-Policy"]
    assert "immutable" in asked(stack, script)[1]["Cache-Control"]
    # Who says himself when he came is not believed.
    assert 'data-clock datetime="20' in asked(stack, "/accounts/login/", **{"X-Arrival": "1"})[2]
    # Those who fork have read nothing of the house before: what is made after the fork is made for one alone.
    for name in ("pages-1", "pages-2"):
        assert "psycopg" not in Path(f"/proc/{stack.pid(name)}/maps").read_text()
    eventually(lambda: well(stack))


def test_nginx_takes_in_what_is_slow_and_refuses_what_is_too_long(stack):
    where = urlsplit(stack.base)
    slow = [socket.create_connection((where.hostname, where.port)) for _ in range(40)]  # more than threads there are
    for each in slow:
        each.sendall(b"POST /api/keys HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{")
    try:
        assert asked(stack, "/")[0] == 200
    finally:
        for each in slow:
            each.close()
    with socket.create_connection((where.hostname, where.port)) as long:
        long.sendall(b"POST /api/keys HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n")
        told = long.recv(9999).decode()
    assert "413" in told.splitlines()[0] and "提交的内容过大" in told


def test_a_server_that_is_ended_in_order_is_passed_by_and_nobody_notices(stack):
    eventually(lambda: well(stack))
    before, seen = stack.pid("pages-2"), list[int]()
    os.kill(before, signal.SIGTERM)
    with ThreadPoolExecutor(4) as side_by_side:
        while stack.pid("pages-2") == before or len(seen) < 40:
            seen += side_by_side.map(lambda _: asked(stack, "/healthz")[0], range(8))
    assert set(seen) == {200}


def test_an_engine_that_is_away_is_told_and_not_an_error(stack):
    eventually(lambda: well(stack))
    redis, name = stack.pid("redis"), urlsplit(stack.told["DATABASE_URL"]).path[1:]
    os.kill(redis, signal.SIGSTOP)  # it takes connections and answers nothing
    try:
        assert asked(stack, "/api/keys", b"{}", **{"Content-Type": "application/json"})[0] in (403, 409, 422)
    finally:
        os.kill(redis, signal.SIGCONT)
    with connected() as beside:
        beside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            eventually(lambda: cut_connections(stack) == 0)  # one may have been on its way in
            doors = ["/", "/desk/", "/notices/", "/api/keys/x", "/sealed/checkpoint"]
            with ThreadPoolExecutor(7) as side_by_side:
                answers = list(side_by_side.map(lambda path: asked(stack, path, Cookie=f"sessionid={'x' * 32}"), doors))
        finally:
            beside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert {(status, headers.get("Retry-After")) for status, headers, _ in answers} == {(503, "5")}
    eventually(lambda: well(stack))


def test_of_two_sequencers_one_works_and_the_other_follows_it(stack):
    eventually(lambda: well(stack))
    first, name = the_one_who_sequences(stack), urlsplit(stack.told["DATABASE_URL"]).path[1:]
    size = int(asked(stack, "/sealed/checkpoint")[2].splitlines()[1])
    os.kill(stack.pid(first), signal.SIGKILL)

    eventually(lambda: the_one_who_sequences(stack) != first)
    eventually(lambda: int(asked(stack, "/sealed/checkpoint")[2].splitlines()[1]) > size)
    held = (
        "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE locktype = 'advisory' AND granted AND d.datname = %s AND objid = %s"
    )
    from ledger.sequencer import LOCK

    with connected() as beside:
        assert beside.execute(held, [name, LOCK + 1]).fetchone() == (1,)
    # Its session is ended by the server: it knows that it may not be the one any more, and ends.
    second = the_one_who_sequences(stack)
    before = stack.pid(second)
    cut_connections(stack)
    eventually(lambda: stack.pid(second) != before)
    eventually(lambda: well(stack))


POST = (
    "INSERT INTO accounts_message (subject, body, link, topic, to_role, region, posted_at)"
    " SELECT 'x', 'x', %s, 'progress', 'officer', '', now() FROM generate_series(1, %s)"
)
DELIVERED = "SELECT count(*) FROM accounts_message WHERE link = %s AND delivered_at IS NOT NULL"
TOLD = (
    "SELECT count(*), count(DISTINCT (message_id, user_id)) FROM accounts_delivery d JOIN accounts_message m"
    " ON m.id = d.message_id WHERE m.link = %s"
)


def test_what_a_worker_was_about_when_it_was_killed_is_done_once(stack):
    eventually(lambda: well(stack))
    with psycopg.connect(stack.told["DATABASE_URL"], autocommit=True) as database:
        officers = database.execute("SELECT count(*) FROM accounts_user WHERE role = 'officer'").fetchone()[0]
        database.execute(POST, ["/T29/", 300])
        eventually(lambda: database.execute(DELIVERED, ["/T29/"]).fetchone()[0] > 0)
        before = stack.pid("worker-1")  # who delivers them: one killed by another test may just have been replaced
        os.kill(before, signal.SIGKILL)  # some are done, their task is not answered for
        eventually(lambda: database.execute(DELIVERED, ["/T29/"]).fetchone()[0] == 300)
        eventually(lambda: stack.pid("worker-1") != before)
        assert database.execute(TOLD, ["/T29/"]).fetchone() == (300 * officers, 300 * officers)

        # And exactly there: before the commit, and between the commit and the answer to the broker.
        before = stack.pid("worker-1")
        os.killpg(before, signal.SIGSTOP)  # or it would deliver them before the one that is to die
        try:
            database.execute(POST, ["/dying/", 1])
            words = [sys.executable, "-m", "tests.config.dying", "worker"]
            told = {**os.environ, **stack.told}
            done = subprocess.run(words, cwd=ROOT, env=told, text=True, capture_output=True, timeout=300)
        finally:
            os.killpg(before, signal.SIGCONT)
        assert [line[2:] for line in done.stdout.splitlines() if line.startswith("· ")] == [
            "before asked", "before SIGKILL 0",
            "after asked again", "after SIGKILL 1",
            "lives asked again", "lives ended 1",
        ], done.stdout + done.stderr  # fmt: skip
        assert database.execute(TOLD, ["/dying/"]).fetchone() == (officers, officers)


def test_a_redis_lost_mid_hall_costs_a_look_and_no_viewer_his_place(stack):
    eventually(lambda: well(stack))
    hall = stack.base.replace("http", "ws") + f"/ws/streams/{HALL}/"
    with (
        contextlib.ExitStack() as open_, psycopg.connect(stack.told["DATABASE_URL"], autocommit=True) as database,
        Redis.from_url(stack.told["REDIS_URL"]) as redis,
    ):  # fmt: skip
        viewers = [open_.enter_context(connect(hall, origin=Origin(stack.base))) for _ in range(6)]  # of both processes

        def all_are_told(number: int) -> None:
            """Of an entry that nobody is nudged about: what is seen then was looked for."""
            at = clock.system()
            told = {"v": "ev/1", "t": "test.said", "ts": iso(at), "d": {"stream": HALL, "seq": number}}
            leaf = canonical.spelled(told)
            with database.transaction():
                database.execute(COUNTED, [HALL])
                database.execute(ENTRY, [HALL, number, at, leaf.decode(), leaf])
            for each in viewers:
                assert json.loads(each.recv(timeout=60))["seq"] == number

        all_are_told(1)
        redis.flushall()
        all_are_told(2)
        before = stack.pid("redis")
        os.kill(before, signal.SIGKILL)
        all_are_told(3)
        eventually(lambda: stack.pid("redis") != before and heard(redis) >= 2)  # they listen again, by themselves
        all_are_told(4)


HALL = "T29/hall"
COUNTED = (
    "INSERT INTO ledger_stream (log, name, last) VALUES ('public', %s, 1)"
    " ON CONFLICT (log, name) DO UPDATE SET last = ledger_stream.last + 1"
)
ENTRY = (
    "INSERT INTO ledger_entry (log, stream, seq, kind, at, event, leaf)"
    " VALUES ('public', %s, %s, 'test.said', %s, %s, %s)"
)


def heard(redis: "Redis") -> int:
    """How many processes listen for news of the logs."""
    with contextlib.suppress(RedisError):
        return int(redis.publish("ledger", "nothing"))
    return 0


def test_what_is_forked_shares_no_connection_and_no_secret(stack):
    done = subprocess.run(
        [sys.executable, forked.__file__, "worker"], cwd=ROOT, env={**os.environ, **stack.told}, text=True,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    secrets = done.stdout.split()
    assert len(secrets) == len(set(secrets)) == forked.CHILDREN


# After which act of the purchase which fault strikes.
FAULTS: dict[str, Callable[[Standing], object]] = {
    "编制项目": kill("worker-1"),
    "保管人制钥": kill("beat"),
    "审批与发布": kill_worker_of_pages,
    "获取招标文件": cut_connections,
    "封标递交": kill("nginx"),
    "封存": lambda stack: os.kill(stack.pid(the_one_who_sequences(stack)), signal.SIGKILL),
    "开标": kill("redis"),
    "投标人解密": kill("sockets-1"),
    "资格审查": kill("pages-2"),
    "评审打分": cut_connections,
}


@pytest.mark.timeout(1500)
def test_a_whole_purchase_holds_while_one_of_each_kind_is_killed(stack):
    eventually(lambda: well(stack))
    told = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("MINGBIAO_", "DJANGO_"))},
        "BASE_URL": stack.base, "CAST": str(stack.folder / "data" / "demo.json"),
        "PARTIES": str(stack.folder / "parties"), "BIDDERS": "3", "SIZE": "200KB", "SECONDS": "70",
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    lines, struck = list[str](), list[str]()
    secrets, (inside, who) = canaries.planted(stack), canaries.of_bidders(stack, 3)
    words = [sys.executable, "-m", "rehearsal"]
    with subprocess.Popen(
        words, cwd=ROOT, env=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as told_:
        for line in told_.stdout or ():
            lines.append(line)
            for act, strike in FAULTS.items():
                if f" s  {act}" in line:
                    time.sleep(0.5)  # the next act has begun
                    strike(stack)
                    struck.append(act)
                    if act == "封标递交":  # the bids lie here and the deadline is to come
                        eventually(lambda: well(stack))
                        early = canaries.found(stack, {**secrets, **inside})
                        early += canaries.found(stack, who, canaries.LOGS, canaries.REDIS)
                        known = canaries.found(stack, who, canaries.DATABASE)
        code = told_.wait()

    assert code == 0, "".join(lines)[-6_000:] + stack.said()[-3_000:]
    assert struck == list(FAULTS) and "全程成立" in "".join(lines)
    assert early == [] and len(known) == len(who)  # who they are is in the database: the search has teeth
    assert canaries.found(stack, secrets) == []
    assert canaries.found(stack, {**inside, **who, "signed address": "X-Amz-Signature"}, canaries.LOGS) == []
    late = " ".join(canaries.found(stack, inside, canaries.DATABASE, canaries.STORAGE))
    assert "price 1000000.00 in database" in late and "inside" in late, late  # read out, and opened for the panel
    statuses = {line.split()[1] for line in (stack.folder / "logs" / "requests.log").read_text().splitlines()}
    assert not statuses & {"500", "502", "504"}
    for name in ("worker-1", "beat", "pages-1", "nginx", "redis", "sockets-1", "pages-2"):
        assert f"{name} 已重新启动" in stack.said(), name
    checked = [sys.executable, "manage.py", "fsck_ledger"]
    held = subprocess.run(checked, cwd=ROOT, env={**os.environ, **stack.told}, capture_output=True, text=True)
    assert "hold" in held.stdout, held.stdout + held.stderr
