"""A planted set: 200 tenders, 40 of them with a ring of one of seven kinds, 160 clean ones with honest likenesses.

Made from a number, so that it is the same on every machine. The honest ones share an address (one park, one gateway),
the tender's own form, a brochure, a trade's model text, a market price, a common name: what is mistaken for a ring.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from supervision.clues.rules import Offer, Paper
from tests.cast import NOON

KINDS = ("device", "author", "contact", "account", "price", "text", "pdf")
TENDERS, RINGS = 200, 40
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"
WORDS = (
    "采样监测设备校准现场人员培训质量进度安全运行维护数据传输平台接口备件巡检响应方案保证措施流程记录验收标准参数精度"
)


@dataclass(frozen=True)
class Planted:
    """kind: of the ring, empty where there is none.  ring: whose it is.  given: the tender's own files."""

    kind: str
    ring: frozenset[str]
    offers: tuple[Offer, ...]
    given: tuple[Paper, ...]


def planted(*, seed: int = 4711) -> Iterator[Planted]:
    """The 200 tenders, the same for the same seed."""
    for number in range(TENDERS):
        yield tender(Random(seed * 1000 + number), kind=KINDS[number % len(KINDS)] if number < RINGS else "")


def tender(chance: Random, *, kind: str, bidders: int = 0, clauses: int = 60) -> Planted:
    """One tender with so many bidders (4 to 10 by lot), a ring of three or four of them where a kind is named."""
    form = paper(chance, "投标文件格式.docx", "采购中心", clauses=40)
    trade = [sentence(chance) for _ in range(clauses // 4)]
    brochure = paper(chance, "产品样本.pdf", "", clauses=8)
    market = Decimal(chance.randrange(800_000, 1_200_000))
    coarse = chance.choice((Decimal("0.01"), Decimal(100), Decimal(1000)))
    gateway = chance.choice(("", address(chance)))
    offers = []
    for place in range(bidders or chance.randrange(4, 11)):
        own = paper(chance, "技术方案.docx", name(chance), clauses=clauses)
        written = own.clauses | form.clauses | frozenset(chance.sample(trade, len(trade) * 2 // 3))
        papers = [replace(own, clauses=written)]
        if chance.random() < 0.4:
            papers.append(brochure)
        if chance.random() < 0.5:  # the same form printed: its headings run on into its sentences
            papers.append(
                replace(
                    form,
                    name="投标文件格式.pdf",
                    sha256=digest(chance),
                    author="",
                    editor=name(chance),
                    origins=frozenset({digest(chance)[:32]}),
                    clauses=frozenset(_printed(form)),
                )
            )
        if chance.random() < 0.5:  # the tender's form, filled in: its author and its id are the buyer's
            papers.append(replace(form, sha256=digest(chance), editor=name(chance)))
        spread = market * Decimal(chance.uniform(-0.09, 0.09))
        offers.append(
            Offer(
                org=f"91152900MB{place:07d}X",
                quote=((market + spread) / coarse).quantize(Decimal(1)) * coarse,
                received=(NOON - timedelta(seconds=chance.randrange(60, 90_000)),),
                addresses=frozenset({gateway if gateway and chance.random() < 0.4 else address(chance)}),
                devices=frozenset({digest(chance)[:22]}),
                persons=frozenset({name(chance)}),
                phones=frozenset({f"13{chance.randrange(10**9):09d}"}),
                mails=frozenset({f"{digest(chance)[:8]}@example.com"}),
                accounts=frozenset({str(chance.randrange(10**18, 10**19))}),
                papers=tuple(papers),
            )
        )
    ring = chance.sample(range(len(offers)), min(len(offers), chance.choice((3, 4)))) if kind else []
    _collude(chance, kind, offers, ring)
    given = replace(form, body="。".join(_printed(form)))
    return Planted(kind, frozenset(offers[place].org for place in ring), tuple(offers), (given,))


def _collude(chance: Random, kind: str, offers: list[Offer], ring: list[int]) -> None:
    """What a ring of this kind leaves behind, not quite perfectly."""
    lead = offers[ring[0]] if ring else None
    for step, place in enumerate(ring):
        assert lead is not None
        own, base = offers[place], lead.quote or Decimal(0)
        match kind:
            case "device":
                own = replace(own, devices=own.devices | lead.devices, addresses=lead.addresses)
            case "author":
                writer, copied = person(Random(lead.org)), lead.papers[0].origins if step % 2 else frozenset()
                mine = replace(own.papers[0], author=writer, editor=writer, origins=own.papers[0].origins | copied)
                own = replace(own, papers=(mine, *own.papers[1:]))
            case "contact":
                shared = chance.choice(("phones", "mails", "both"))
                phones = lead.phones if shared != "mails" else own.phones
                mails = lead.mails if shared != "phones" else own.mails
                own = replace(own, phones=phones, mails=mails, persons=lead.persons)
            case "account":
                own = replace(own, accounts=lead.accounts)
            case "price":
                climb = base * Decimal("0.0173") * step
                own = replace(
                    own, quote=(base + climb).quantize(Decimal("0.01")) + Decimal(chance.randrange(-2, 3)) / 100
                )
            case "text" | "pdf":
                words = sorted(lead.papers[0].clauses)
                kept = frozenset(chance.sample(words, len(words) * 3 // 4))
                title = "技术方案.pdf" if kind == "pdf" else own.papers[0].name
                mine = replace(own.papers[0], name=title, clauses=kept | frozenset(sentence(chance) for _ in range(10)))
                own = replace(own, papers=(mine, *own.papers[1:]))
        offers[place] = own


def _printed(form: Paper) -> list[str]:
    """The sentences of the form as a PDF has them: every second one is a heading and has no stop."""
    told = sorted(form.clauses)
    return [heading + sentence for heading, sentence in zip(told[::2], told[1::2], strict=False)]


def paper(chance: Random, title: str, author: str, *, clauses: int) -> Paper:
    """A file by one author, with an id and words of its own."""
    words = frozenset(sentence(chance) for _ in range(clauses))
    return Paper(
        title, digest(chance), author=author, editor=author, tool=chance.choice(("WPS 12.1", "Word 16", "Acrobat 23")),
        origins=frozenset({digest(chance)[:32]}), clauses=words,
    )  # fmt: skip


def name(chance: Random) -> str:
    """A person's; some places of work leave the machine's."""
    if chance.random() < 0.15:
        return chance.choice(("Administrator", "Lenovo", "微软用户"))
    return person(chance)


def person(chance: Random) -> str:
    return chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)


def address(chance: Random) -> str:
    return f"{chance.randrange(1, 223)}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"


def sentence(chance: Random) -> str:
    return "".join(chance.choices(WORDS, k=chance.randrange(9, 40)))


def digest(chance: Random) -> str:
    return hashlib.sha256(chance.randbytes(16)).hexdigest()
