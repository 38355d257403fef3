"""The same procurement with talks: responses without prices, last quotes in rounds that are hidden until the result."""

from pathlib import Path
from typing import Any

from proofs import checkpoint, commitment, note
from proofs.record.room import KINDS
from tests.proofs.procurement import AFTER, HOLDERS, SCORING, STREAM, Procurement, Unit

ROUNDS = ("2026-11-21T10:00:00.000000Z", "2026-11-21T11:00:00.000000Z", "2026-11-21T12:00:00.000000Z")
UNTIL = ("2026-11-21T10:30:00.000000Z", "2026-11-21T11:30:00.000000Z", "2026-11-21T12:30:00.000000Z")
FACTORS = [{**SCORING["factors"][0], "technical": True}, SCORING["factors"][1]]  # type: ignore[index]


class Quoted(Procurement):
    """Technical envelopes, the panel's judgement, one round of quotes after the other, the result, the quotes."""

    def __init__(self, folder: Path, *, rounds: int = 2, order: tuple[str, ...] = ("total", "quote", "technical"),
                 **lies: Any) -> None:  # fmt: skip
        scoring = {**SCORING, "factors": FACTORS, "order": list(order)}
        super().__init__(folder, parts=("tech", "price"), lies=lies, read_out=(), scoring=scoring,
                         terms={"rounds": True, "edition": "214-2014"})  # fmt: skip
        self.rounds = rounds

    def play(self) -> "Quoted":
        self.respond()
        self.draw()
        self.quote()
        self.evaluate()
        self.disclose()
        return self

    def respond(self) -> None:
        self.prepare()
        self.submit("tech")
        self.close()
        self.open()
        self.tell("tech.passed", passed=[who.org for who in self.bidders])

    def offer(self, n: int) -> dict[str, Any]:
        return super().offer((n - 1) % 3 + 1)

    def quote(self) -> None:
        self.quotes: list[dict[str, Any]] = []
        for number in range(1, self.rounds + 1):
            self.log.at = ROUNDS[number - 1]
            last, until = number == self.rounds, UNTIL[number - 1]
            orgs = [who.org for who in self.bidders]
            self.tell("bidding.round-called", round=number, last=last, until=until, invited=orgs)
            self.submit("price", first=1 + 3 * number)
            self.log.at = until
            self.close("bidding.round-closed", round=number)
            self.tell("opening.session-opened", round=number, session=number + 1, bidders=orgs, window_ends=AFTER,
                      **self.listed())  # fmt: skip
            self.session(self.units)
            self.quotes += [self._row(unit) for unit in self.units]

    def disclose(self) -> None:
        self.tell("opening.quotes-disclosed", sha256=self.blob(self.lies.get("quotes", list)(self.quotes)))

    def _row(self, unit: Unit) -> dict[str, Any]:
        self.blob(unit.data)
        said = [self._half(unit), *(self._slot_key(who, i, unit) for i, who in enumerate(HOLDERS[:2], start=1))]
        return {"eid": unit.eid, "sheet": self._sheet(unit), "releases": said}


class Behind(Quoted):
    """The same behind closed doors: what happens at the openings goes to the sealed log, and is public at the end.

    room: a lie about all of it.
    """

    def __init__(self, folder: Path, **lies: Any) -> None:
        super().__init__(folder, rounds=1, **lies)
        self.terms = {**self.terms, "closed_hall": True}
        self.facts: list[dict[str, Any]] = []

    def tell(self, kind: str, **data: Any) -> None:
        if not kind.startswith(KINDS) or kind in ("opening.quotes-disclosed", "opening.room-disclosed"):
            super().tell(kind, **data)
            return
        data = self.lies.get(kind, lambda told: told)(data)
        place = {"stream": STREAM, "seq": len(self.facts) + 1, "after": self.log.seq[STREAM]}
        event = {"v": "ev/1", "t": kind, "ts": self.log.at, "d": {**place, **data}}
        nonce = commitment.fresh()
        self.facts.append({"event": event, "nonce": nonce.hex(), "index": self.sealed.tree.size})
        self.sealed.append(commitment.blinded_entry(event, nonce))
        self.sealed.append(commitment.dummy_entry())

    def disclose(self) -> None:
        super().disclose()
        text = self.sealed.publish()
        point = checkpoint.parse(note.parse(text).text)
        rows = [{**row, "proof": [each.hex() for each in self.sealed.tree.inclusion(row["index"])]}
                for row in self.facts]  # fmt: skip
        rows = self.lies.get("room", list)(rows)
        self.tell("opening.room-disclosed", count=len(rows), sha256=self.blob(rows), note=text,
                  sealed={"size": point.size, "root": point.root.hex()})  # fmt: skip
