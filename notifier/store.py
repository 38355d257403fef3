"""What the notifier keeps: who is behind each mask. Rows are added; nothing changes but how far a draw is."""

import secrets
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proofs import lots

_TABLES = """
CREATE TABLE IF NOT EXISTS candidate (
    cid TEXT PRIMARY KEY, list TEXT NOT NULL, stream TEXT NOT NULL, person TEXT NOT NULL, handle TEXT NOT NULL,
    number TEXT NOT NULL, salt TEXT NOT NULL, employer TEXT NOT NULL, employer_salt TEXT NOT NULL, org TEXT NOT NULL,
    strata TEXT NOT NULL, code TEXT NOT NULL, drawn INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS candidate_list ON candidate (list);
CREATE INDEX IF NOT EXISTS candidate_drawn ON candidate (person) WHERE drawn = 1;
CREATE TABLE IF NOT EXISTS sent (
    reference TEXT PRIMARY KEY, channel TEXT NOT NULL, number TEXT NOT NULL, words TEXT NOT NULL,
    arrived INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS early (
    list TEXT PRIMARY KEY, fixed INTEGER NOT NULL DEFAULT 0, opened INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS pinned (name TEXT PRIMARY KEY, vkey TEXT NOT NULL);
"""
_COLUMNS = (
    "cid", "list", "stream", "person", "handle", "number", "salt", "employer", "employer_salt", "org", "strata",
    "code", "drawn",
)  # fmt: skip
_ADD = f"INSERT INTO candidate ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
MOST_ASKED = 500  # masks in one statement
Row = dict[str, Any]


class Unknown(Exception):
    """A mask that was not made here."""


class Store:
    """The notifier's own database: one file, one connection, one caller at a time."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()

    def make_list(
        self, *, key: str, stream: str, people: Sequence[Mapping[str, Any]], before: Collection[str] = (),
        sitting: Collection[str] = (), seated: Collection[str] = (), most: int, early: bool = False,
    ) -> dict[str, list[Row]]:  # fmt: skip
        """Mask these people: {"pool": [{cid, org, strata}], "out": [{cid, code}]}, each sorted by mask.

        key: the caller's name of this list; asked again, the answer is the same.  people: {"person", "handle",
        "number", "employers" (the main one first), "strata", "code" (why the site leaves him out, or ""), "panels"
        (how many he sat on that the site itself knows of)}.  before: masks drawn for this panel already.  sitting:
        those of them who sit or are asked.  seated: masks of everybody who took a seat lately, of whom nobody may have
        more than `most`.  Whoever is left out for what only this process knows is left out with its code.
        Salts are fresh for each list, so that two lists cannot be compared.
        early: it is drawn from before the opening, and nobody on it is called before `strike`.
        """
        with self._lock:
            if not self._of_list(key):
                drawn = {row["person"] for row in self.rows(before)}
                employers = {row["employer"] for row in self.rows(sitting)}
                panels = Counter(row["person"] for row in self._known(seated))
                salts: dict[str, str] = {}
                made = []
                for each in people:
                    code = str(each["code"])
                    if each["person"] in drawn:
                        code = "called-before"
                    elif not code and employers & set(each["employers"]):
                        code = "employer-on-panel"
                    elif not code and each["panels"] + panels[each["person"]] >= most:
                        code = "too-many-panels"
                    made.append(_masked(key, stream, each, salts, code=code))
                self._db.execute("BEGIN IMMEDIATE")
                self._db.executemany(_ADD, made)
                if early:
                    self._db.execute("INSERT INTO early (list) VALUES (?)", (key,))
                self._db.execute("COMMIT")
            rows = self._of_list(key)
        told: dict[str, list[Row]] = {"pool": [], "out": []}
        for row in rows:
            if row["code"]:
                told["out"].append({"cid": row["cid"], "code": row["code"]})
            else:
                told["pool"].append({"cid": row["cid"], "org": row["org"], "strata": row["strata"].split()})
        return told

    def name(self, *, key: str, stream: str, people: Sequence[Mapping[str, Any]]) -> list[str]:
        """Mask people who are not drawn here but named: their masks, in the order of the people."""
        with self._lock:
            if not self._of_list(key):
                salts: dict[str, str] = {}
                self._db.execute("BEGIN IMMEDIATE")
                self._db.executemany(_ADD, [_masked(key, stream, each, salts, code="", drawn=1) for each in people])
                self._db.execute("COMMIT")
            masks = {row["person"]: row["cid"] for row in self._of_list(key)}
        return [str(masks[each["person"]]) for each in people]

    def drawn(self, cids: Collection[str]) -> None:
        """These masks have been drawn. Raises Unknown."""
        with self._lock:
            self.rows(cids)
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("UPDATE candidate SET drawn = 1 WHERE cid = ?", [(cid,) for cid in cids])
            self._db.execute("COMMIT")

    def fix(self, cids: Collection[str]) -> None:
        """The order over the early list of these masks is known: it is opened to nobody any more. Raises Unknown."""
        with self._lock:
            lists = {row["list"] for row in self.rows(cids)}
            self._db.executemany("UPDATE early SET fixed = 1 WHERE list = ?", [(each,) for each in lists])

    def is_fixed(self, cid: str) -> bool:
        """Whether the order over the list this mask is of is known already. Raises Unknown."""
        return self._early(cid, "fixed = 1")

    def waits(self, cid: str) -> bool:
        """Whether nobody on the list this mask is of may be called yet. Raises Unknown."""
        return self._early(cid, "opened = 0")

    def _early(self, cid: str, state: str) -> bool:
        with self._lock:
            (row,) = self.rows([cid])
            found = self._db.execute(f"SELECT 1 FROM early WHERE list = ? AND {state}", (row["list"],)).fetchone()
        return found is not None

    def strike(self, cids: Collection[str], people: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Which of these masks of an early list may not judge, and why: [{cid, code}], sorted; the others may be
        called from now on.  people: {"person", "code"}, everybody with a conflict. Raises Unknown.
        """
        codes = {each["person"]: str(each["code"]) for each in people}
        with self._lock:
            rows = self.rows(cids)
            free = [row["cid"] for row in rows if row["person"] not in codes]
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("UPDATE early SET opened = 1 WHERE list = ?", [(each["list"],) for each in rows])
            self._db.executemany("UPDATE candidate SET drawn = 1 WHERE cid = ?", [(cid,) for cid in free])
            self._db.execute("COMMIT")
        return [{"cid": row["cid"], "code": codes[row["person"]]} for row in rows if row["person"] in codes]

    def whose(self, people: Collection[str], cids: Collection[str] | None = None) -> list[tuple[str, str]]:
        """(person, mask) for the drawn masks of these people, of all or of those asked about."""
        found = []
        with self._lock:
            for person in people:
                rows = self._db.execute("SELECT cid FROM candidate WHERE drawn = 1 AND person = ?", (person,))
                found += [(person, str(row["cid"])) for row in rows]
        wanted = None if cids is None else set(cids)
        return sorted(pair for pair in found if wanted is None or pair[1] in wanted)

    def groups(self, cids: Collection[str]) -> dict[str, int]:
        """Which of these work for one employer: mask → a number that means nothing else. Raises Unknown."""
        rows = self.rows(cids)
        numbers = {employer: n for n, employer in enumerate(sorted({row["employer"] for row in rows}))}
        return {str(row["cid"]): numbers[row["employer"]] for row in rows}

    def list_of(self, cid: str) -> list[Row]:
        """Everybody in the pool of the list this mask is of, sorted by mask. Raises Unknown."""
        with self._lock:
            (row,) = self.rows([cid])
            return [each for each in self._of_list(row["list"]) if not each["code"]]

    def rows(self, cids: Iterable[str]) -> list[Row]:
        """The rows of these masks, sorted. Raises Unknown for one that was not made here."""
        wanted = set(cids)
        found = self._known(wanted)
        if len(found) < len(wanted):
            raise Unknown
        return found

    def sent(self, reference: str) -> bool | None:
        """Whether a message has arrived; None for one that was not sent."""
        with self._lock:
            row = self._db.execute("SELECT arrived FROM sent WHERE reference = ?", (reference,)).fetchone()
        return None if row is None else bool(row["arrived"])

    def keep_sent(self, *, reference: str, channel: str, number: str, words: str, arrived: bool) -> None:
        """Remember a message that a gateway took."""
        with self._lock:
            values = (reference, channel, number, words, int(arrived))
            self._db.execute("INSERT OR IGNORE INTO sent VALUES (?, ?, ?, ?, ?)", values)

    def last_sent(self, count: int) -> list[Row]:
        """The newest messages first."""
        with self._lock:
            return [dict(row) for row in self._db.execute("SELECT * FROM sent ORDER BY rowid DESC LIMIT ?", (count,))]

    def pinned(self, name: str, vkey: str = "") -> str:
        """The key kept under a name; the first one told stays."""
        with self._lock:
            if vkey:
                self._db.execute("INSERT OR IGNORE INTO pinned VALUES (?, ?)", (name, vkey))
            row = self._db.execute("SELECT vkey FROM pinned WHERE name = ?", (name,)).fetchone()
        return str(row["vkey"]) if row else ""

    def _known(self, cids: Iterable[str]) -> list[Row]:
        wanted = sorted(set(cids))
        found: list[sqlite3.Row] = []
        with self._lock:
            for start in range(0, len(wanted), MOST_ASKED):
                part = wanted[start : start + MOST_ASKED]
                marks = ", ".join("?" * len(part))
                found += self._db.execute(f"SELECT * FROM candidate WHERE cid IN ({marks}) ORDER BY cid", part)
        return [dict(row) for row in found]

    def _of_list(self, key: str) -> list[Row]:
        rows = self._db.execute("SELECT * FROM candidate WHERE list = ? ORDER BY cid", (key,))
        return [dict(row) for row in rows]


def _masked(
    key: str, stream: str, each: Mapping[str, Any], salts: dict[str, str], *, code: str, drawn: int = 0
) -> tuple[Any, ...]:
    """One row: cid = HMAC(salt of the person, number), org = HMAC(salt of the employer, credit code)."""
    salt, employer = secrets.token_hex(32), str(each["employers"][0])
    employer_salt = salts.setdefault(employer, secrets.token_hex(32))
    return (
        lots.masked(each["number"], bytes.fromhex(salt)), key, stream, each["person"], each["handle"], each["number"],
        salt, employer, employer_salt, lots.masked(employer, bytes.fromhex(employer_salt)), " ".join(each["strata"]),
        code, drawn,
    )  # fmt: skip
