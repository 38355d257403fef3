"""The clients of a house that is killed: `python -m tests.hardening.crashes.clients FOLDER PORT`, a process for each.

Each does real acts through public doors, one after the other, and writes a history of its own: a line before an act is
sent for the first time and one when it has ended, each on the disk before it goes on. What got no answer is sent again,
word for word; now and then a client gives up instead, and nobody ever learns what became of it.
"""

import contextlib
import hashlib
import http.client
import io
import json
import os
import sys
import time
import urllib.parse
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from proofs import canonical, checkpoint, envelope, manifest, receipt, statement
from proofs import draw as arithmetic
from proofs.note import parse as parse_note
from proofs.organisation import Organisation
from tests.hardening.crashes.dice import Dice
from tests.hardening.histories import FAIL, INFO, OK

JOBS, WANTED, OVER = "jobs.json", "wanted.txt", "over.txt"
TIMEOUT = 20.0
REST = 0.1  # seconds before what got no answer is sent again
AGAIN = 60.0  # seconds in which the last act is sent again after all is over
GIVES_UP = 8  # one in so many unanswered acts is never asked about again
EARLY = 40  # so often an act is asked for that waits for others, twice a second
ALL_THE_SAME = 400  # one in so many looks an act is done though another is wanted now
# What has to be done before, or one client is still busy with.
BEFORE = {"reveal": "commit", "commit": "reveal", "open": "release", "release": "open"}
TS = "2026-11-24T04:30:00.000000Z"


class Over(Exception):
    """The campaign has ended."""


class Client:
    """One process.  wrong: answers no house may give."""

    def __init__(self, name: str, folder: Path, port: int, seed: str) -> None:
        self.name, self.folder, self.port, self.dice = name, folder, port, Dice(seed, name)
        self._file = os.open(folder / f"{name}.history", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self._acts = 0
        self._quiet: dict[str, Any] = {}

    def note(self, **told: Any) -> None:
        """A line of the history, on the disk when this returns."""
        os.write(self._file, json.dumps(told, ensure_ascii=False).encode() + b"\n")
        os.fsync(self._file)

    @property
    def over(self) -> bool:
        return (self.folder / OVER).exists()

    def wanted(self, op: str) -> bool:
        """Whether an act of this sort is to be done now: there are few of them, and they are kept for their kills."""
        try:
            now = (self.folder / WANTED).read_text()
        except FileNotFoundError:
            now = ""
        return op in (now, BEFORE.get(now)) or self.dice.below(ALL_THE_SAME) == 0

    def act(self, op: str, facts: Sequence[Mapping[str, Any]], cookies: str, method: str, path: str, body: Any = None,
            *, form: bool = False, patient: bool = False) -> tuple[str, Any]:  # fmt: skip
        """Do an act; `ok`, `fail` or `info`, and what the house said.  patient: never give it up."""
        self._acts += 1
        key = f"{self.name}/{self._acts}"
        self.note(key=key, op=op, facts=list(facts), invoke=time.monotonic_ns())
        unanswered, met, ends = False, {"refused": 0, "cut": 0, "503": 0, "429": 0}, 0.0
        while True:
            status, headers, told = self.sent(method, path, body, cookies, form=form)
            if status in (200, 201, 302) and "/accounts/" not in headers.get("location", ""):
                return self._ended(key, OK, met, said=told)
            if status in (-1, 0, 429, 503):
                met[{-1: "refused", 0: "cut"}.get(status, str(status))] += 1
                unanswered = unanswered or status in (0, 503)
                if status == 503 and "retry-after" not in headers:
                    self.note(wrong=f"{op} {path}: 503 without Retry-After")
            elif status >= 500:
                self.note(wrong=f"{op} {path}: {status} {told[:300]!r}")
                unanswered = True
            else:
                return self._ended(key, INFO if unanswered else FAIL, met, status=status, said=told)
            if self.over:
                ends = ends or time.monotonic() + AGAIN
            if (status == 0 and not patient and self.dice.below(GIVES_UP) == 0) or (ends and time.monotonic() > ends):
                return self._ended(key, INFO, met)
            time.sleep(REST)

    def _ended(self, key: str, how: str, met: Mapping[str, int], *, status: int = 0, said: bytes = b"") -> Any:
        told, leaves = None, []
        with contextlib.suppress(ValueError):
            told = json.loads(said) if said else None
        if how == OK and isinstance(told, dict) and "receipts" in told:
            leaves = [receipt.parse(parse_note(row["note"]).text).leaf for row in told["receipts"]]
            self.note(receipts=[row["note"] for row in told["receipts"]])
        said_of = {"status": status, "said": said[:200].decode(errors="replace")} if how != OK and status else {}
        self.note(key=key, type=how, done=time.monotonic_ns(), leaves=leaves, met=dict(met), **said_of)
        return how, told

    def need(self, cookies: str, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> Any:
        """Something an act is prepared with, asked for until it comes; None where it is refused. Over at the end."""
        while True:
            status, headers, told = self.sent(method, path, body if raw is None else raw, cookies)
            if status in (200, 201):
                return json.loads(told) if told else None
            if status == 401:
                self.note(wrong=f"{method} {path}: not signed in any more")
            if 400 <= status < 500 and status != 429:
                return None
            if status >= 500 and not (status == 503 and "retry-after" in headers):
                self.note(wrong=f"{method} {path}: {status} {told[:300]!r}")
            if self.over:
                raise Over
            time.sleep(REST)

    def sent(self, method: str, path: str, body: Any, cookies: str, *, form: bool = False) -> Any:
        """Status, headers and body; 0 where the line was cut, -1 where nobody took it."""
        headers = {"Cookie": cookies, "X-CSRFToken": "t" * 32, "Accept": "application/json"}
        data = body if isinstance(body, bytes) else None
        if body is not None and data is None:
            data = urllib.parse.urlencode(body).encode() if form else json.dumps(body).encode()
        headers["Content-Type"] = (
            "application/x-www-form-urlencoded" if form else
            "application/octet-stream" if isinstance(body, bytes) else "application/json"
        )  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            told = answer.read()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, told
        except ConnectionRefusedError:
            return -1, {}, b""
        except (OSError, http.client.HTTPException):
            return 0, {}, b""
        finally:
            connection.close()


def bids(client: Client, job: Mapping[str, Any]) -> None:
    """One bidder of several tenders: seals, uploads and hands in version after version, and takes some back."""
    tenders = list(job["tenders"])
    key = Organisation(job["org"], 1, bytes.fromhex(job["seed"]))
    while tenders and not client.over:
        told = client.dice.one_of(tenders)
        number, path = told["number"], f"/api/projects/{told['number']}"
        mine = client.need(job["cookies"], "GET", f"{path}/my-bid")
        if mine is None:
            tenders.remove(told)
            continue
        live = {row["part"]: row for row in mine["versions"] if row["live"]}
        if live and (client.wanted("withdraw") if client.dice.below(2) else client.dice.below(6) == 0):
            wds = [
                statement.sign("wd/1", {"unit": {"tender": number, "lot": "1", "part": part}, "eid": row["eid"],
                                        "seq": mine["next"][part]["seq"]}, by=key, ts=TS)
                for part, row in live.items()
            ]  # fmt: skip
            facts = [
                {"kind": "bidding.bid-withdrawn", "stream": f"project/{number}",
                 "has": {"org": job["org"], "part": part, "version": mine["next"][part]["seq"]}} for part in live
            ]  # fmt: skip
            client.act("withdraw", facts, job["cookies"], "POST", f"{path}/withdrawals", {"wds": wds})
            continue
        subs = _sealed(client, job, told, mine["next"], key)
        if subs is None:
            tenders.remove(told)
            continue
        facts = [
            {"kind": "bidding.bid-sealed", "stream": f"project/{number}", "has": {"env_sha256": sub["env_sha256"]}}
            for sub in subs
        ]  # fmt: skip
        how, _ = client.act("submit", facts, job["cookies"], "POST", f"{path}/bids", {"subs": subs})
        if how == FAIL:
            tenders.remove(told)  # it is over, or as many versions as there may be
        time.sleep(client.dice.between(0, job["rest"]))


def _sealed(client: Client, job: Mapping[str, Any], told: Mapping[str, Any], following: Any, key: Organisation) -> Any:
    """Both parts sealed and uploaded: the sub/1 of each; None where the house takes no more."""
    path = f"/api/projects/{told['number']}"
    slots = client.need(job["cookies"], "POST", f"{path}/slots", {})
    if slots is None:
        return None
    subs = []
    for part, slot in slots.items():
        made, target = manifest.parse(told["manifests"][part].encode()), io.BytesIO()
        sheet = {"price": "1000000.00", "delivery": "45 日", "small": False, "note": ""} if part == "sheet" else {}
        done = envelope.seal(target, by=key, manifest=made, slot=slot, policy="A", sheet=sheet, files=[], ts=TS)
        if client.need(job["cookies"], "PUT", f"{path}/envelopes/{part}", raw=target.getvalue()) is None:
            return None
        fields = {
            "unit": dict(made.unit), "eid": done.eid, "slot": slot, "cmh": made.cmh.hex(),
            "env_sha256": done.env_sha256, "size": done.size, **following[part],
        }  # fmt: skip
        subs.append(statement.sign("sub/1", fields, by=key, ts=TS))
    return subs


def quotes(client: Client, job: Mapping[str, Any]) -> None:
    """One bidder of an auction. The price falls with the clock, so that no two quotes are ever the same."""
    path = f"/api/projects/{job['number']}"
    alias = client.need(job["cookies"], "GET", f"{path}/my-quotes")["alias"]
    while not client.over:
        price = f"{job['start'] - 1 - int((time.monotonic() - job['began']) * 8)}.00"
        fact = {"kind": "auction.quoted", "stream": f"project/{job['number']}",
                "has": {"alias": alias, "price": price}}  # fmt: skip
        body = {"quote": str(uuid.uuid4()), "price": price}
        client.act("quote", [fact], job["cookies"], "POST", f"{path}/quotes", body)
        time.sleep(client.dice.between(0.15, 0.6))


def steps(client: Client, job: Mapping[str, Any]) -> None:
    """Acts that were written down beforehand, one after the other, when their sort is wanted."""
    for step in job["steps"]:
        while not client.wanted(step["op"]):
            if client.over:
                return
            time.sleep(client.dice.between(0.1, 0.3))
        if client.over:
            return
        for _ in range(EARLY if step.get("waits") else 1):
            how, _ = client.act(step["op"], step.get("facts", ()), step["cookies"], step["method"], step["path"],
                                step.get("body"), form=step.get("form", False),
                                patient=step.get("patient", False))  # fmt: skip
            if how != FAIL or client.over:
                break
            time.sleep(0.5)


def extends(client: Client, job: Mapping[str, Any]) -> None:
    """Two officers, who move a deadline again and again, each time with a correction."""
    path = f"/api/projects/{job['number']}/changes"
    for n, deadline in enumerate(job["deadlines"]):
        while not client.wanted("extend"):
            if client.over:
                return
            time.sleep(client.dice.between(0.1, 0.3))
        if client.over:
            return
        row = {"place": f"第{n}页", "was": "旧", "now": "新"}
        body = {"text": "", "answers": {}, "differences": [row], "may_affect": True, "closes_at": deadline}
        client.act("propose", (), job["officer"], "POST", path, body, patient=True)
        waits = client.need(job["approver"], "GET", f"{path}/pending")
        fact = {"kind": "tender.deadline-moved", "stream": f"project/{job['number']}", "has": {"deadline": deadline}}
        if waits:
            yes = {"seen": waits["seen"]}
            client.act("extend", [fact], job["approver"], "POST", f"{path}/approval", yes, patient=True)


class Contributor:
    """One contributor of one draw, with what he keeps secret until he reveals it."""

    def __init__(self, draw: str, j: int, count: int, seed: str, org: str) -> None:
        self.draw, self.j, self.count = draw, j, count
        self.signer = Organisation(org, 1, bytes.fromhex(seed))
        self.coefficients: list[bytes] = []
        self.deal = ""

    def says(self, v: str, fields: Mapping[str, Any], **more: str) -> dict[str, Any]:
        return {"statement": statement.sign(v, {**fields, "j": self.j}, by=self.signer, ts=TS), **more}

    def body(self, kind: str, spec: arithmetic.Spec | None) -> dict[str, Any]:
        if kind == "draw.key":
            public = self.signer.slot_keys(unit={"draw": self.draw}, role="d", count=self.count, first=1)
            fields = {"id": self.draw, "keys_sha256": hashlib.sha256(public).hexdigest()}
            return self.says("dk/1", fields, keys=canonical.b64u(public))
        assert spec is not None
        sid = spec.sid.hex()
        if kind == "draw.committed":
            self.coefficients = arithmetic.random_coefficients(spec)
            self.deal = arithmetic.make_deal(spec, self.j, self.coefficients)
            return self.says("dc/1", {"sid": sid, "h": arithmetic.deal_commitment(spec, self.j, self.deal)})
        if kind == "draw.deal":
            sha256 = hashlib.sha256(self.deal.encode()).hexdigest()
            return self.says("dd/1", {"sid": sid, "deal_sha256": sha256}, deal=self.deal)
        return self.says("dr/1", {"sid": sid, "r": [c.hex() for c in self.coefficients]})


TURNS = {"keys": "draw.key", "commits": "draw.committed", "deals": "draw.deal", "reveals": "draw.revealed"}


def draws(client: Client, job: Mapping[str, Any]) -> None:
    """The contributors and the supervisor of one draw after the other, from their keys to the result."""
    for told in job["draws"]:
        people = [
            Contributor(told["id"], j, len(told["people"]), row["seed"], row["org"])
            for j, row in enumerate(told["people"], 1)
        ]
        said = set[tuple[str, int]]()
        while not client.over:
            state = client.need("", "GET", f"/api/draws/{told['id']}")
            phase = state["phase"]
            if phase in ("settled", "void"):
                break
            op = "reveal" if phase in ("complaints", "reveals") else "commit"
            if phase == "pool" and ("pool", 0) not in said:
                by = Organisation(told["bureau"]["org"], 1, bytes.fromhex(told["bureau"]["seed"]))
                made = statement.sign("pool/1", {"pool_sha256": state["pool_sha256"]}, by=by, ts=TS)
                turns = [("pool", 0, {"statement": made}, "draw.pool-attested", {"id": told["id"]})]
            elif phase in TURNS and state["gate_open"]:
                spec = arithmetic.parse_spec(state["spec"]) if state["spec"] else None
                kind = TURNS[phase]
                turns = [
                    (phase, c.j, c.body(kind, spec), kind, {"id": told["id"]} | ({} if phase == "keys" else {"j": c.j}))
                    for c in people if (phase, c.j) not in said
                ]  # fmt: skip
            else:
                turns = []
            for name, j, body, kind, has in turns[:1]:
                if client.wanted(op):
                    facts = [{"kind": kind, "stream": told["stream"], "has": has | _of_key(kind, body)}]
                    # Given up it would never come, and the draw would stand still for the rest of the campaign.
                    client.act(op, facts, "", "POST", f"/api/draws/{told['id']}/statements", body, patient=True)
                    said.add((name, j))
            time.sleep(client.dice.between(0.05, 0.2))


def _of_key(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A key's entry does not number its contributor: it is known by the keys."""
    return {"keys": body["keys"]} if kind == "draw.key" else {}


def looks(client: Client, job: Mapping[str, Any]) -> None:
    """Who keeps every checkpoint he is shown."""
    while not client.over:
        for log in ("log", "sealed"):
            invoke = time.monotonic_ns()
            status, _, told = client.sent("GET", f"/{log}/checkpoint", None, "")
            if status == 200:
                said = checkpoint.parse(parse_note(told.decode()).text)
                name = "public" if log == "log" else "sealed"
                client.note(head=[name, said.size, said.root.hex(), invoke, time.monotonic_ns()])
        time.sleep(0.1)


KINDS = {"bids": bids, "quotes": quotes, "steps": steps, "extends": extends, "draws": draws, "looks": looks}


def main() -> None:
    """Fork a process for every job, and wait for all."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    told = json.loads((folder / JOBS).read_text())
    for n, job in enumerate(told["jobs"]):
        if not os.fork():
            client = Client(f"{job['kind']}-{n}", folder, port, told["seed"])
            with contextlib.suppress(Over):
                KINDS[job["kind"]](client, job)
            os._exit(0)
    ends = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in told["jobs"]]
    sys.exit(any(ends))


if __name__ == "__main__":
    main()
