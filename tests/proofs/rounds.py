"""The same procurement with talks: responses without prices, last quotes in rounds that are hidden until the result."""

from pathlib import Path
from typing import Any

from tests.proofs.procurement import AFTER, HOLDERS, SCORING, Procurement, Unit

ROUNDS = ("2026-11-21T10:00:00.000000Z", "2026-11-21T11:00:00.000000Z", "2026-11-21T12:00:00.000000Z")
UNTIL = ("2026-11-21T10:30:00.000000Z", "2026-11-21T11:30:00.000000Z", "2026-11-21T12:30:00.000000Z")
FACTORS = [{**SCORING["factors"][0], "technical": True}, SCORING["factors"][1]]  # type: ignore[index]


class Quoted(Procurement):
    """Technical envelopes, the panel's judgement, one round of quotes after the other, the result, the quotes."""

    def __init__(self, folder: Path, *, rounds: int = 2, order: tuple[str, ...] = ("total", "quote", "technical"),
                 **lies: Any) -> None:  # fmt: skip
        scoring = {**SCORING, "factors": FACTORS, "order": list(order)}
        super().__init__(folder, parts=("tech", "price"), lies=lies, read_out=(), scoring=scoring,
                         terms={"rounds": True})  # fmt: skip
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
