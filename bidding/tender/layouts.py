"""How a bid is cut into sealed parts, and which of them are opened together. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rulebook.law import Article
from rulebook.refusal import Kind, Reason

READ_OUT = frozenset({"sheet", "price"})  # parts whose contents the law reads out; all others stay with the panel
PRICES_AT_OPENING = Article("87号令", "第41条")
TWO_ENVELOPES = Article("公路工程建设项目招标投标管理办法", "第41条")  # to verify


class Envelopes(StrEnum):
    """What is sealed, and whether price and documents are opened in one session or in two."""

    ONE = "one"
    TWO = "two"
    QUOTE = "quote"  # a price and nothing else; a procedure says so, no officer chooses it


@dataclass(frozen=True)
class Layout:
    """The parts of a bid by the session in which they are opened.

    sessions: in order; whoever fails the judgement after one is not opened in the next.
    rounds: what the last session opens is not sealed with the rest but later, round by round, each with a session of
    its own.
    """

    sessions: tuple[tuple[str, ...], ...]
    rounds: bool = False

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
        """The part that holds the business and technical files; empty where a price is all there is."""
        return next((part for part in self.parts if part not in READ_OUT), "")

    @property
    def judged_before_price(self) -> bool:
        """Whether the panel judges and scores before any price is known."""
        return self.price not in self.sessions[0]

    @property
    def read_out(self) -> frozenset[str]:
        """The parts whose contents everybody learns when they are opened; quotes of rounds, only with the result."""
        return frozenset() if self.rounds else READ_OUT

    @property
    def at_deadline(self) -> tuple[str, ...]:
        """The parts that are due at the deadline."""
        return self.sessions[0] if self.rounds else self.parts

    def parts_in(self, session: int) -> tuple[str, ...]:
        """The parts opened in a session, 1 first."""
        return self.sessions[min(session, len(self.sessions)) - 1]

    def session_of(self, part: str) -> int:
        """The session, 1 first, in which a part is opened."""
        return next(number for number, parts in enumerate(self.sessions, start=1) if part in parts)


LAYOUTS: Mapping[Envelopes, Layout] = {
    Envelopes.ONE: Layout((("sheet", "body"),)),
    Envelopes.TWO: Layout((("tech",), ("price",))),
    Envelopes.QUOTE: Layout((("sheet",),)),
}
ROUNDS = Layout((("tech",), ("price",)), rounds=True)  # two envelopes, the second sealed after a negotiation
ALL_PARTS = tuple(dict.fromkeys(part for layout in LAYOUTS.values() for part in layout.parts))


def why_not_envelopes(*, envelopes: str, allowed: bool, keyed: Collection[str]) -> tuple[Reason, ...]:
    """Reasons against a form of envelopes.

    allowed: the procedure's row lets prices be opened later.  keyed: parts for which key holders were asked already.

    Law: 87号令 第41条 (prices are read out at the opening).
    """
    if Envelopes(envelopes) is Envelopes.TWO and not allowed:
        text = "本程序应当在{terms.opening}时宣读价格，不得采用双信封"
        return (Reason("tender.two-envelopes", Kind.NOT_VALID, text, PRICES_AT_OPENING),)
    if keyed and set(keyed) != set(LAYOUTS[Envelopes(envelopes)].parts):
        text = "已请密钥保管人制钥，不能再更改{terms.file}的信封形式"
        return (Reason("tender.envelopes-fixed", Kind.NOT_NOW, text),)
    return ()
