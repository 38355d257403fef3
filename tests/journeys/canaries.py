"""What must lie nowhere on a stack, looked for in all that its parts have said and keep."""

import json
import re
import subprocess
from base64 import b32decode
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

import boto3
from redis import Redis

from config.up import engines
from config.up.standing import Standing
from rehearsal.cast import Cast
from rehearsal.client import Client
from rulebook import clock
from tests.make.factors import code

QUOTES = ("1000000.00", "1250000.00")  # what bidders of the rehearsal ask; the second's was an amount of 2021, too
OURS = {"secret", "demo.json"}  # files of secrets, in the data folder; the others are in `keys`
LOGS, REDIS, DATABASE, STORAGE, FILES, TEMP = "logs", "redis", "database", "storage", "files", "temp"
ALL = (LOGS, REDIS, DATABASE, STORAGE, FILES, TEMP)


def cast(stack: Standing) -> Cast:
    """Whom its demo has."""
    return Cast(stack.base, json.loads((stack.folder / "data" / "demo.json").read_text()))


def planted(stack: Standing) -> dict[str, str]:
    """What is nobody's business for good, by its name: a person has signed in and added an app for it."""
    data, person = stack.folder / "data", cast(stack).people["auditor"]
    client = Client(stack.base, patience=60)
    client.sign_in(person.username, person.password)
    page = client.press("/accounts/security/", "/authenticator/begin/")
    spelt = re.search(r'translate="no">([A-Z2-7 ]+)<', page.html)
    assert spelt
    totp = spelt[1].replace(" ", "")
    secret = b32decode(totp + "=" * (-len(totp) % 8))
    client.submit(page.form("/authenticator/"), code=code(clock.system(), secret))
    found = {"password": person.password, "cookie": client.cookies()["sessionid"], "totp": totp}
    found |= {"totp, raw": secret.hex(), "house": (data / "secret").read_text().strip()}
    found |= {"notifier": (stack.folder / "notifier" / "token").read_text().strip()}
    for file in sorted((data / "keys").glob("*.key")):  # PRIVATE+KEY+name+hash+what is secret
        found[file.name] = file.read_text().strip().split("+", 4)[-1]
    return found


def of_bidders(stack: Standing, count: int) -> tuple[dict[str, str], dict[str, str]]:
    """What their bids say, and who they are."""
    people = cast(stack)
    codes = [people.people[name].org for name in ("hetao", "yinshan", "wuliangsu")][:count]
    inside = {f"inside {org}": org * 3 for org in codes} | {f"price {price}": price for price in QUOTES}
    return inside, {org: org for org in codes} | {f"name {org}": people.names[org] for org in codes}


def found(stack: Standing, secrets: Mapping[str, str], *where: str) -> list[str]:
    """Where which of these texts lies; nowhere is well.  where: some of `ALL`, all of them unless told."""
    assert all(len(text) > 7 for text in secrets.values()), secrets
    marks = {name: (text.encode(), text.encode().hex().encode()) for name, text in secrets.items()}  # bytes in a dump
    return [
        f"{name} in {place}"
        for one in where or ALL
        for place, held in HOLD[one](stack)
        for name, forms in marks.items()
        if any(form in held for form in forms)
    ]


Held = Iterable[tuple[str, bytes]]


def _logs(stack: Standing) -> Held:
    yield "what it said", stack.said().encode()
    for file in (stack.folder / "logs").iterdir():
        yield file.name, file.read_bytes()


def _redis(stack: Standing) -> Held:
    with Redis.from_url(stack.told["REDIS_URL"]) as redis:
        read = {
            b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers,
            b"list": lambda key: redis.lrange(key, 0, -1), b"zset": lambda key: redis.zrange(key, 0, -1),
        }  # fmt: skip
        for key in redis.scan_iter():
            look = read.get(redis.type(key))  # none where its time has come since; nor may there be a value then
            yield key.decode(), key + _flat((look and look(key)) or b"")


def _flat(told: object) -> bytes:
    if isinstance(told, bytes):
        return told
    rows: Iterable[object] = told.items() if isinstance(told, dict) else told  # type: ignore[assignment]
    return b"\n".join(each if isinstance(each, bytes) else b" ".join(each) for each in rows)  # type: ignore[arg-type]


def _database(stack: Standing) -> Held:
    told = urlsplit(stack.told["DATABASE_URL"])
    owner = told._replace(netloc=f"postgres@{told.netloc.rpartition('@')[2]}").geturl()
    done = subprocess.run([engines.of_postgres("pg_dump"), "--data-only", owner], capture_output=True, check=True)
    yield DATABASE, done.stdout


def _storage(stack: Standing) -> Held:
    told = {name.removeprefix("MINGBIAO_S3_"): value for name, value in stack.told.items() if "_S3_" in name}
    s3 = boto3.client(
        "s3", endpoint_url=told["ENDPOINT"], region_name=told["REGION"], aws_access_key_id=told["KEY"],
        aws_secret_access_key=told["SECRET"],
    )  # fmt: skip
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=told["BUCKET"]):
        for each in page.get("Contents", ()):
            yield each["Key"], s3.get_object(Bucket=told["BUCKET"], Key=each["Key"])["Body"].read()


def _files(stack: Standing) -> Iterator[tuple[str, bytes]]:
    data = stack.folder / "data"
    for file in data.rglob("*"):
        if file.is_file() and file.name not in OURS and not {"keys", "static"} & {*file.relative_to(data).parts}:
            yield str(file.relative_to(data)), file.read_bytes()


def _temp(stack: Standing) -> Held:
    return [(str(file), file.read_bytes()) for file in (stack.folder / "tmp").rglob("*") if file.is_file()]


HOLD = {LOGS: _logs, REDIS: _redis, DATABASE: _database, STORAGE: _storage, FILES: _files, TEMP: _temp}
