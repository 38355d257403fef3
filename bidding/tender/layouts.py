"""How a bid is cut into sealed parts, and which of them are opened together. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rulebook.law import Article

READ_OUT = frozenset({"sheet", "price"})  # parts whose contents the law reads out; all others stay with the panel
TWO_ENVELOPES = Article("公路工程建设项目招标投标管理办法", "第41条")  # to verify


class Envelopes(StrEnum):
    """Whether price and technical documents are opened in one session or in two."""

    ONE = "one"
    TWO = "two"


@dataclass(frozen=True)
class Layout:
    """The parts of a bid by the session in which they are opened.

    sessions: in order; whoever fails the judgement after one is not opened in the next.
    """

    sessions: tuple[tuple[str, ...], ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part, in the order in which they are opened."""
        return tuple(part for session in self.sessions for part in session)

    @property
    def price(self) -> str:
        """The part that names the price."""
        return next(part for part in self.parts if part in READ_OUT)

    @property
    def documents(self) -> str:
        """The part that holds the business and technical files."""
        return next(part for part in self.parts if part not in READ_OUT)

    @property
    def judged_before_price(self) -> bool:
        """Whether the panel judges and scores before any price is known."""
        return self.price not in self.sessions[0]

    def session_of(self, part: str) -> int:
        """The session, 1 first, in which a part is opened."""
        return next(number for number, parts in enumerate(self.sessions, start=1) if part in parts)


LAYOUTS: Mapping[Envelopes, Layout] = {
    Envelopes.ONE: Layout((("sheet", "body"),)),
    Envelopes.TWO: Layout((("tech",), ("price",))),
}
ALL_PARTS = tuple(part for layout in LAYOUTS.values() for part in layout.parts)
