"""Who plays: the accounts of the demo world, as `manage.py seed_demo --json` prints them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.client import PATIENCE, Client

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Person:
    """An account."""

    username: str
    password: str
    name: str
    role: str
    org: str


class Cast:
    """The people and organisations of a site, and one signed-in client for each person who acts."""

    def __init__(self, base: str, seeded: Mapping[str, Any]) -> None:
        self.base = base
        self.people = {each["username"]: _person(each) for each in seeded["users"]}
        self.names: dict[str, str] = {each["code"]: each["name"] for each in seeded["organisations"]}
        self.kinds: dict[str, str] = {each["code"]: each["kind"] for each in seeded["organisations"]}
        self.small = {each["code"] for each in seeded["organisations"] if each.get("is_small")}
        self._clients: dict[str, Client] = {}

    def of_role(self, role: str) -> list[Person]:
        """Everybody in a role, in the order of the world."""
        return [person for person in self.people.values() if person.role == role]

    def org_of_kind(self, kind: str) -> str:
        """The first organisation of a kind."""
        return next(code for code, its in self.kinds.items() if its == kind)

    @property
    def holders(self) -> list[str]:
        """The standing key holders: buyer, trading centre, notary."""
        return [self.org_of_kind(kind) for kind in ("buyer", "centre", "notary")]

    @property
    def contributors(self) -> list[str]:
        """Who contributes to draws: buyer (in a choice of the supermarket the notary), trading centre, platform."""
        return [self.org_of_kind(kind) for kind in ("buyer", "centre", "notary", "platform")]

    def client(self, person: Person) -> Client:
        """The person, signed in."""
        if person.username not in self._clients:
            made = Client(self.base, patience=PATIENCE)
            made.sign_in(person.username, person.password)
            self._clients[person.username] = made
        return self._clients[person.username]

    @property
    def acting(self) -> list[str]:
        """Organisations for which somebody acts; others are only named."""
        return sorted({person.org for person in self.people.values() if person.org})

    def for_org(self, org: str) -> Person:
        """Somebody who acts for an organisation."""
        return next(person for person in self.people.values() if person.org == org)


def seed() -> dict[str, Any]:
    """Make the demo world in the site's database (once; again it only tells) and read who is in it.

    `CAST=FILE` takes what another machine's `manage.py seed_demo --json` printed.
    """
    given = os.environ.get("CAST")
    if given:
        return dict(json.loads(Path(given).read_text()))
    done = subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--json"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(done.stdout))


def _person(each: Mapping[str, Any]) -> Person:
    return Person(each["username"], each["password"], each["name"], each["role"], each["organisation"] or "")
