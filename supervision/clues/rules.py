"""What opened bids have in common that bids made apart seldom have. Pure.

A clue is never a verdict: it says what was found, how seldom that is by chance, and leaves the rest to people. Points
are those of public rule sets for clearing bids (30, 20, 10, 5); an alert is raised where two bidders share 30 or more.
Law: 87号令 第37条; 招标投标法实施条例 第39、40条; 政府采购法实施条例 第74条.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import combinations, pairwise
from typing import Any

from supervision.clues.prices import patterns

ALERT = 30  # points two bidders share
SHARED_BY_MANY = 5  # behind one address: a hall, a print shop, an operator's gateway
CLOSE_UPLOADS = timedelta(seconds=90)
LEAST_CLAUSES = 12  # of a bidder's own words, for their likeness to say anything
ALIKE, VERY_ALIKE = 0.3, 0.5  # share of the shorter bid's own words that is in the other one too
SHOWN = 5  # examples of what is shared, in the evidence
# What machines and offices put where a name should stand.
NOBODY = frozenset(
    ["administrator", "admin", "user", "users", "owner", "unknown", "author", "windowsuser", "microsoftofficeuser"]
    + ["root", "lenovo", "dell", "hp", "huawei", "thinkpad", "pc", "wps", "wpsoffice", "python-docx", "openpyxl"]
    + ["anonymous", "微软用户", "用户", "管理员", "未知", "作者", "匿名", "系统管理员", "雨林木风", "番茄花园"]
)


class Kind(StrEnum):
    """What is shared."""

    ADDRESS = "address"
    DEVICE = "device"
    ORIGIN = "origin"  # the document's own id
    AUTHOR = "author"
    EDITOR = "editor"
    TOOL = "tool"
    FILE = "file"
    PERSON = "person"
    PHONE = "phone"
    MAIL = "mail"
    ACCOUNT = "account"
    PRICE = "price"
    TEXT = "text"
    TIME = "time"


POINTS: Mapping[Kind, int] = {
    Kind.ADDRESS: 10, Kind.DEVICE: 30, Kind.ORIGIN: 30, Kind.AUTHOR: 20, Kind.EDITOR: 20, Kind.TOOL: 5, Kind.FILE: 5,
    Kind.PERSON: 20, Kind.PHONE: 30, Kind.MAIL: 30, Kind.ACCOUNT: 30, Kind.PRICE: 30, Kind.TEXT: 30, Kind.TIME: 5,
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """What one opened file says of itself.

    clauses: its sentences, or digests of its pages and pictures.  body: of the tender's own, all its words in a row.
    """

    name: str
    sha256: str
    author: str = ""
    editor: str = ""
    tool: str = ""
    origins: frozenset[str] = frozenset()
    clauses: frozenset[str] = frozenset()
    body: str = ""


@dataclass(frozen=True)
class Offer:
    """One opened bid as the rules see it.  quote: yuan.  items: price of each line.  received: its handings in."""

    org: str
    quote: Decimal | None = None
    items: Mapping[str, Decimal] = field(default_factory=dict)
    received: tuple[datetime, ...] = ()
    addresses: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True)
class Clue:
    """What these bidders share.  orgs: in order.  evidence: words and figures that can be looked at again."""

    kind: Kind
    orgs: tuple[str, ...]
    points: int
    evidence: Mapping[str, Any]


def clues(offers: Sequence[Offer], *, given: Iterable[Paper] = ()) -> list[Clue]:
    """Everything these bids share, most telling first.  given: the tender's own files, which all have in common."""
    own = list(given)
    found = [
        *_same(Kind.ADDRESS, offers, lambda offer: map(network, offer.addresses), points=_address_points),
        *_same(Kind.DEVICE, offers, lambda offer: offer.devices),
        *_same(Kind.PERSON, offers, lambda offer: map(_squeezed, offer.persons)),
        *_same(Kind.PHONE, offers, lambda offer: map(digits, offer.phones)),
        *_same(Kind.MAIL, offers, lambda offer: map(_squeezed, offer.mails)),
        *_same(Kind.ACCOUNT, offers, lambda offer: map(_squeezed, offer.accounts)),
        *_of_files(offers, own),
        *_alike(offers, own),
        *_priced(offers),
        *_at_once(offers),
    ]
    return sorted(found, key=lambda clue: (-clue.points, clue.kind, clue.orgs))


def strength(found: Iterable[Clue]) -> dict[tuple[str, str], int]:
    """Points each two bidders share; a kind counts once for a pair, however often it is found."""
    seen: dict[tuple[str, str], dict[Kind, int]] = {}
    for clue in found:
        for pair in combinations(sorted(clue.orgs), 2):
            kinds = seen.setdefault(pair, {})
            kinds[clue.kind] = max(kinds.get(clue.kind, 0), clue.points)
    return {pair: sum(kinds.values()) for pair, kinds in seen.items()}


def suspected(found: Sequence[Clue]) -> list[tuple[str, ...]]:
    """Groups of bidders that are worth an owner and a finding: linked by pairs that share enough."""
    linked = [pair for pair, points in strength(found).items() if points >= ALERT]
    groups: list[set[str]] = []
    for pair in linked:
        touching = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touching] + [set(pair).union(*touching)]
    return sorted(tuple(sorted(group)) for group in groups)


def network(address: str) -> str:
    """An IPv4 address, or the /64 an IPv6 line is given whole."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address


def digits(phone: str) -> str:
    """A telephone number without what people put between its digits; empty where it is none."""
    plain = "".join(sign for sign in phone if sign.isdigit()).removeprefix("0086")
    plain = plain[2:] if len(plain) == 13 and plain.startswith("86") else plain
    return plain if len(plain) >= 7 else ""


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _same(
    kind: Kind,
    offers: Iterable[Offer],
    values: Callable[[Offer], Iterable[str]],
    *,
    points: Callable[[int], int] | None = None,
) -> list[Clue]:
    """A clue for every value that several bidders have."""
    holders: dict[str, set[str]] = {}
    for offer in offers:
        for value in set(values(offer)) - {""}:
            holders.setdefault(value, set()).add(offer.org)
    by_orgs: dict[tuple[str, ...], list[str]] = {}
    for value, orgs in holders.items():
        if len(orgs) > 1:
            by_orgs.setdefault(tuple(sorted(orgs)), []).append(value)
    return [
        Clue(
            kind,
            orgs,
            points(len(orgs)) if points else POINTS[kind],
            {"values": sorted(shared)[:SHOWN], "count": len(shared)},
        )
        for orgs, shared in by_orgs.items()
    ]


def _address_points(bidders: int) -> int:
    return POINTS[Kind.ADDRESS] if bidders < SHARED_BY_MANY else POINTS[Kind.ADDRESS] // 2


def _of_files(offers: Sequence[Offer], given: Sequence[Paper]) -> list[Clue]:
    """Who wrote the files, with what, from which original. What the tender's own files say tells nothing, and one and
    the same file in two bids, a maker's brochure, says who wrote it and nothing of who wrote the bids."""
    writers = NOBODY | {_squeezed(who) for paper in given for who in (paper.author, paper.editor)}
    origins = frozenset().union(*(paper.origins for paper in given))
    files = {paper.sha256 for paper in given}
    copies = _same(Kind.FILE, offers, lambda offer: {paper.sha256 for paper in offer.papers} - files)
    times = Counter(digest for offer in offers for digest in {paper.sha256 for paper in offer.papers} - {""})
    shared = {digest for digest, bidders in times.items() if bidders > 1}

    def own(offer: Offer) -> list[Paper]:
        return [paper for paper in offer.papers if paper.sha256 not in shared]

    tools = _same(Kind.TOOL, offers, lambda offer: {paper.tool for paper in own(offer)})
    return [
        *copies,
        *_same(Kind.ORIGIN, offers, lambda offer: {one for paper in own(offer) for one in paper.origins - origins}),
        *_same(Kind.AUTHOR, offers, lambda offer: {_squeezed(paper.author) for paper in own(offer)} - writers),
        *_same(Kind.EDITOR, offers, lambda offer: {_squeezed(paper.editor) for paper in own(offer)} - writers),
        *(clue for clue in tools if 2 * len(clue.orgs) <= len(offers)),  # what most use tells nothing
    ]


def _alike(offers: Sequence[Offer], given: Sequence[Paper]) -> list[Clue]:
    """Pairs whose own words are largely the same, the tender's own words left out.

    Where one program ends a sentence another reads on, over a heading or the end of a line: what several have and the
    tender says too, wherever it has its stops, is the tender's.
    """
    common = set().union(*(paper.clauses for paper in given))
    held = Counter(clause for offer in offers for clause in set().union(*(paper.clauses for paper in offer.papers)))
    bodies = [paper.body for paper in given if paper.body]
    several = (clause for clause, bidders in held.items() if bidders > 1 and clause not in common)
    common |= {clause for clause in several if any(clause in body for body in bodies)} if bodies else set()
    words = {offer.org: frozenset().union(*(paper.clauses for paper in offer.papers)) - common for offer in offers}
    told = {org: own for org, own in words.items() if len(own) >= LEAST_CLAUSES}
    found = []
    for one, other in combinations(sorted(told), 2):
        shared = told[one] & told[other]
        share = len(shared) / min(len(told[one]), len(told[other]))
        if share >= ALIKE:
            points = POINTS[Kind.TEXT] if share >= VERY_ALIKE else POINTS[Kind.TEXT] // 3
            examples = sorted(shared, key=lambda clause: (-len(clause), clause))[:SHOWN]
            evidence = {"share": f"{share:.2f}", "shared": len(shared), "values": [text[:120] for text in examples]}
            found.append(Clue(Kind.TEXT, (one, other), points, evidence))
    return found


def _priced(offers: Sequence[Offer]) -> list[Clue]:
    quotes = {offer.org: offer.quote for offer in offers if offer.quote}
    items = {offer.org: offer.items for offer in offers}
    return [
        Clue(Kind.PRICE, tuple(sorted(found.orgs)), POINTS[Kind.PRICE], found.evidence)
        for found in patterns(quotes, items)
    ]


def _at_once(offers: Sequence[Offer]) -> list[Clue]:
    """Bidders whose last handings in came one right after the other, where not everybody's did."""
    last = sorted((max(offer.received), offer.org) for offer in offers if offer.received)
    runs: list[list[tuple[datetime, str]]] = [[one] for one in last[:1]]
    for before, after in pairwise(last):
        if after[0] - before[0] <= CLOSE_UPLOADS:
            runs[-1].append(after)
        else:
            runs.append([after])
    return [
        Clue(
            Kind.TIME,
            tuple(sorted(org for _, org in run)),
            POINTS[Kind.TIME],
            {"seconds": int((run[-1][0] - run[0][0]).total_seconds())},
        )
        for run in runs
        if 1 < len(run) <= max(2, len(last) // 2)
    ]
