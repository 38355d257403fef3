"""The parties beside the site: each with a key file of its own, each a process of its own.

Everything they do goes through `python -m proofs` and the site's public doors; the site never sees a seed.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from proofs import keyfile, note, organisation, statement
from proofs.canonical import b64u
from proofs.commands.inputs import now
from proofs.organisation import Organisation
from rehearsal.cast import ROOT, Cast, Person
from rehearsal.client import Client, Refusal


class DoesNotHold(Exception):
    """A `proofs` command answered that something does not hold, or could not run."""


class Keys:
    """One visible folder with every party's key file and the passphrase they share in a rehearsal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._open: dict[str, Organisation] = {}
        self.passphrase = self.folder / "passphrase.txt"
        if not self.passphrase.exists():
            self.passphrase.touch(mode=0o600)
            self.passphrase.write_text(secrets.token_urlsafe(12) + "\n")

    def path(self, org: str) -> Path:
        """An organisation's key file, made when it is not there yet."""
        path = self.folder / f"{org}.key"
        if not path.exists():
            self._open[org] = organisation.generate(org)
            path.touch(mode=0o600)
            path.write_text(keyfile.seal(self._open[org], self.passphrase.read_text().strip()))
        return path

    def opened(self, org: str) -> Organisation:
        """An organisation's key, opened once: its client holds it while it works."""
        path = self.path(org)
        if org not in self._open:
            self._open[org] = keyfile.unseal(path.read_text(), self.passphrase.read_text().strip())
        return self._open[org]

    def run(self, *words: str, holds: bool = True) -> Any:
        """A `proofs` command with the passphrase; its JSON. DoesNotHold unless it exits with 0 (or 1, if told)."""
        keyed = words[0] in ("keygen", "identity", "sign", "seal", "withdraw", "release", "slots", "witness")
        command = [*proofs(*words), *(["--passphrase-file", str(self.passphrase)] if keyed else []), "--json"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode != 0 and (holds or done.returncode != 1):
            raise DoesNotHold(
                f"proofs {' '.join(words[:3])}: {done.returncode} {done.stderr[-800:]}{done.stdout[-800:]}"
            )
        return json.loads(done.stdout) if done.stdout.strip() else None

    def sign(self, org: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """A statement signed by an organisation."""
        given = {key: value for key, value in fields.items() if key != "v"}
        return statement.sign(str(fields["v"]), given, by=self.opened(org), ts=now())

    def scratch(self, name: str, value: Any) -> Path:
        """A JSON file for a command to read."""
        folder = self.folder / "scratch"
        folder.mkdir(exist_ok=True)
        path = folder / f"{secrets.token_hex(6)}-{name}"
        path.write_text(json.dumps(value, ensure_ascii=False))
        return path

    def register(self, org: str, cast: Cast) -> None:
        """Make sure the log knows the organisation's key, and that it is the one in the folder."""
        key, ts = b64u(self.opened(org).key), now()
        known = Client(cast.base).json(f"/api/keys/{org}")["keys"]
        if not known:
            said = self.sign(org, {"v": "idk/1", "key": key, "not_before": ts})
            cast.client(cast.for_org(org)).post("/api/keys", {"statement": said})
        elif key not in [registered["key"] for registered in known]:
            raise DoesNotHold(f"{org} is registered with a key that is not in {self.folder}")


class Actors:
    """The processes that run beside a site; stopped together."""

    def __init__(self, keys: Keys, base: str) -> None:
        self.keys, self.base = keys, base
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, words: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start a process; what it says goes to a log of its own in the folder."""
        logs = self.keys.folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                list(words), cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **(environment or {})}
            )

    def holders(self, orgs: Sequence[str], *, every: float = 1.0) -> None:
        """An unattended release service for each holder, which looks every so many seconds."""
        words = ("--site", self.base, "--every", str(every))
        for org in orgs:
            self._keyed("holder", org, "release-service", str(self.keys.path(org)), *words)

    def contributors(self, orgs: Sequence[str]) -> None:
        """An unattended contributor for each, in every draw of the site that names it."""
        for org in orgs:
            self._keyed("contributor", org, "contribute", str(self.keys.path(org)), "--site", self.base, "--unattended")

    def supervisor(self, person: Person) -> None:
        """The supervisor's client: it looks behind the masks of every pool and signs for it."""
        password = self.keys.folder / f"{person.username}.password"
        password.touch(mode=0o600)
        password.write_text(person.password + "\n")
        words = ["attest-pool", str(self.keys.path(person.org)), "--site", self.base, "--user", person.username]
        words += ["--password-file", str(password), "--unattended", "--passphrase-file", str(self.keys.passphrase)]
        self.start("supervisor", proofs(*words))

    def witness(self, logs: Sequence[str], *, name: str, port: int) -> None:
        """The witness of the site's logs."""
        state = self.keys.folder / "state" / "witness"
        words = ["witness", "--key", str(self.keys.folder / "witness.key"), "--name", name, "--port", str(port)]
        for vkey in logs:
            words += ["--log", vkey]
        self.start("witness", [*proofs(*words), "--state", str(state)])

    def notifier(self, told: Mapping[str, str], *, log: str) -> None:
        """The process that alone knows who was drawn; a page of it shows what it sent."""
        port = told["MINGBIAO_NOTIFIER"].rpartition(":")[2]
        folder = Path(told["MINGBIAO_NOTIFIER_TOKEN"]).parent
        words = [sys.executable, "-m", "notifier", "--folder", str(folder), "--port", port, "--log", log, "--show"]
        self.start("notifier", words, told)

    def all_alive(self) -> None:
        """DoesNotHold, with its last words, when one has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                words = (self.keys.folder / "logs" / f"{name}.log").read_text(errors="replace")[-1_000:]
                raise DoesNotHold(f"{name} ended with {process.returncode}: {words}")

    def stop(self) -> None:
        """End them all."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
        self._running.clear()

    def _keyed(self, role: str, org: str, *words: str) -> None:
        state = self.keys.folder / "state" / f"{role}-{org}"
        state.mkdir(parents=True, exist_ok=True)
        more = ["--state", str(state), "--passphrase-file", str(self.keys.passphrase)]
        self.start(f"{role}-{org}", [*proofs(*words), *more])


def proofs(*words: str) -> list[str]:
    """The command line of `proofs`."""
    return [sys.executable, "-m", "proofs", *words]


def witness_vkey(keys: Keys, name: str) -> str:
    """The witness's public key; its key file is made when it is not there yet."""
    path = keys.folder / "witness.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(note.generate(name) + "\n")
    return note.parse_private(path.read_text(), kind=note.COSIGNATURE).verifier.vkey


def register_all(keys: Keys, cast: Cast, orgs: Sequence[str]) -> None:
    """Every organisation's identity key is in the public log."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda org: keys.register(org, cast), orgs))


def until_answering(base: str, *, seconds: float = 60.0) -> None:
    """Wait for a site to be able to accept bids."""
    ends = time.monotonic() + seconds
    while True:
        try:
            Client(base).get("/readyz")
            return
        except Refusal:
            if time.monotonic() > ends:
                raise
            time.sleep(0.3)
