"""Choices in the supermarket told into a log in memory: by lot, by auction, by price, by merit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from proofs import by_lot, canonical, checkpoint, commitment, entrants, lots, merit, note, quotes
from tests.bidding.auction import stories
from tests.proofs.procurement import CONTRIBUTORS, DEADLINE, NUMBER, STREAM, SUPERVISOR, Procurement

FORMULA = {"key": "lowest", "params": {}}
COEFFICIENTS = ["0.95", "0.96", "0.97", "0.98"]
FACTORS = [{"key": "f1", "name": "技术路线", "max": "40"}, {"key": "f2", "name": "人员", "max": "30"}]
REASON = "路线清楚，人员配备与项目相称。"
FIRMS = tuple(stories.ORGS.values())
Lie = Callable[[Any], Any]


@dataclass
class Choice(Procurement):
    """What all of them have.  lies: also of what is in "report", "pool" and "entrants"."""

    method: str = "random"
    asks: Mapping[str, Any] = field(default_factory=dict)

    def tells(self, lies: Mapping[str, Lie]) -> "Choice":
        """And these lies besides."""
        self.lies = {**self.lies, **lies}
        return self

    def lied(self, what: str, told: Any) -> Any:
        return self.lies.get(what, lambda each: each)(told)

    def pinned(self) -> None:
        terms = {"v": "purchase/1", "number": NUMBER, "method": self.method, "selects_at": DEADLINE, **self.asks}
        self.tell("market.purchase-terms", number=NUMBER, terms=terms, sha256="00" * 32)

    def announce(self) -> None:
        """A notice, terms, and the keys of who draws; no offers are taken."""
        for who in (*CONTRIBUTORS, SUPERVISOR):
            said = self.sign("idk/1", who, key=canonical.b64u(who.key), not_before=self.log.at)
            self.log.tell("keys", "accounts.key-registered", statement=said)
        sha256 = self.blob({"title": "检测服务", "number": NUMBER})
        self.tell("market.notice-published", number=NUMBER, notice=1, type="tender", sha256=sha256, edition="zjcs")
        self.pinned()

    def enrol(self, orgs: Iterable[str]) -> None:
        """These enrol, and the closing commits to them."""
        live = []
        for org in orgs:
            event = {"v": "ev/1", "t": entrants.ENROLLED, "ts": self.log.at,
                     "d": {"stream": STREAM, "org": org, "received": self.log.at}}  # fmt: skip
            nonce, index = commitment.fresh(), self.sealed.tree.size
            self.sealed.append(commitment.blinded_entry(event, nonce))
            leaf = entrants.leaf_of(event, nonce).hex()
            live.append({"org": org, "name": org, "event": event, "nonce": nonce.hex(), "index": index, "leaf": leaf})
        self.log.at, signed, nonce = DEADLINE, self.sealed.publish(), commitment.fresh()
        point = checkpoint.parse(note.parse(signed).text)
        root = {"size": point.size, "root": point.root.hex()}
        closing = entrants.commitment(nonce, entrants.build(NUMBER, DEADLINE, live))
        self.tell("selection.enrolment-closed", closing=closing, sealed_log=root, note=signed)
        for row in live:
            del row["leaf"]
            row["proof"] = [digest.hex() for digest in self.sealed.tree.inclusion(row["index"])]
        self.listed_later = {"v": "entrants/1", "number": NUMBER, "deadline": DEADLINE, "closing": closing,
                             "nonce": nonce.hex(), "sealed_log": root, "note": signed, "live": live}  # fmt: skip

    def publish_entrants(self) -> None:
        told = self.lied("entrants", self.listed_later)
        self.tell("selection.entrants-published", sha256=self.blob(told), count=len(told["live"]))

    def award(self, basis: Mapping[str, Any], bids: list[dict[str, Any]]) -> None:
        report = {"v": "selection/1", "number": NUMBER, "method": self.method, "basis": basis, "bids": bids}
        report = self.lied("report", canonical.parse(canonical.dumps(report)))
        sha256 = self.blob({"number": NUMBER, "title": "选取结果公告"})
        self.tell("market.notice-published", number=NUMBER, notice=2, type="award", sha256=sha256, edition="zjcs")
        first = next(bid for bid in report["bids"] if bid["rank"] == 1)
        self.tell("market.award-published", sha256=sha256, report_sha256=self.blob(report), salt="", rank=1,
                  org=first["org"], name=first["name"], amount=first["quote"], sheets_sha256="")  # fmt: skip


def ranked(order: list[str], price: Callable[[str], str], out: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Rows of a `selection/1`, best first, then who is out, and why."""
    rows = [{"org": org, "name": org, "quote": price(org), "rank": place, "compliant": True, "reasons": []}
            for place, org in enumerate(order, start=1)]  # fmt: skip
    left = [{"org": org, "name": org, "quote": price(org), "rank": None, "compliant": False, "reasons": [why]}
            for org, why in (out or {}).items()]  # fmt: skip
    return [*rows, *left]


@dataclass
class ByLot(Choice):
    """Four enrol, one is out on the day; by credit two lots make a short list, and the buyer picks its second."""

    picked: bool = False

    def play(self) -> "ByLot":
        self.method = "credit" if self.picked else "random"
        self.announce()
        self.enrol(FIRMS)
        self.publish_entrants()
        *left, out = FIRMS
        tickets = {org: 2 if self.picked and org == left[0] else 1 for org in left}
        pool = {"v": "pool/1", "number": NUMBER, "out": [{"org": out, "name": out, "reasons": ["证书到期"]}],
                "eligible": [{"org": org, "name": org, "tickets": tickets[org]} for org in left]}  # fmt: skip
        pool = self.lied("pool", pool)
        self.tell("selection.pool-frozen", sha256=self.blob(pool), eligible=len(left), out=1)
        rows = [{"cid": org if n == 1 else f"{org}.{n}", "org": org, "strata": ["provider"]}
                for org in left for n in range(1, tickets[org] + 1)]  # fmt: skip
        rows.sort(key=lambda row: str(row["cid"]))
        strata = [{"key": "provider", "need": 2 if self.picked else 1, "standby": 0 if self.picked else 2}]
        outcome = self.ceremony(f"{NUMBER}/provider/1", rows, strata)
        basis = {"draw": f"{NUMBER}/provider/1", "seed": outcome.seed.hex(), "pool": rows, "strata": strata}
        order = by_lot.drawn(basis)
        if self.picked:
            order = order[::-1]
            basis |= {"picked": order[0], "reason": "同类业绩最多"}
            self.tell("selection.picked", org=order[0], name=order[0], reason=basis["reason"])
        rest = {org: "未抽中" for org in left if org not in order} | {out: "证书到期"}
        self.award(basis, ranked(order, lambda _: "3000.00", rest))
        return self


@dataclass
class Auctioned(Choice):
    """Scenario 10, as it was logged.  halted: before its result."""

    halted: bool = False

    def play(self) -> "Auctioned":
        self.method = "auction"
        story = stories.told(NUMBER)
        terms = story.terms
        self.asks = {
            "auction": {"start": str(terms.start), "step": str(terms.step), "minutes": 5, "most": terms.most,
                        "window": int(terms.window.total_seconds())}, **self.asks}  # fmt: skip
        self.announce()
        self.enrol(FIRMS)
        logged = self.lied("entries", story.entries)
        for entry in logged:
            self.log.at = entry["at"]
            self.tell(entry["kind"], **entry["data"])
        if self.halted:
            return self
        self.publish_entrants()
        last = {row["data"]["alias"]: row["data"]["price"] for row in logged if row["kind"] == "auction.quoted"}
        price = {stories.ORGS[alias]: last[alias] for alias in last}
        order = sorted(price, key=lambda org: Decimal(price[org]))
        for kind in ("auction.explanation-asked", "auction.explanation-judged"):
            for told in self.lied(kind + "s", []):
                self.tell(kind, **told)
        entries = [{key: row[key] for key in ("kind", "at", "data")} for row in logged]
        bids = ranked(order, lambda org: price[org])
        for bid in bids:
            bid["name"] = stories.cast.NAMES[bid["org"]]
        self.award({"entries": entries}, bids)
        return self


@dataclass
class Priced(Choice):
    """Quotes opened without a host, and chosen by price or by merit.  prices: in the order of the bidders."""

    prices: tuple[str, ...] = ("2600.00", "2500.00", "2500.00")
    formula: str = "lowest"
    factors: bool = False
    policy: str = "C"
    parts: tuple[str, ...] = ("sheet",)

    def offer(self, n: int) -> dict[str, Any]:
        return {"price": self.prices[n - 1], "delivery": "45 日", "small": False, "note": ""}

    def play(self) -> "Priced":
        self.method = "merit" if self.factors else "sealed_price"
        told = {**FORMULA, "key": self.formula}
        self.asks = {"formula": told, "factors": FACTORS, "coefficients": COEFFICIENTS, **self.asks}
        self.prepare()
        self.pinned()
        self.submit()
        self.close()
        self.open()
        self.price = {who.org: self.prices[n] for n, who in enumerate(self.bidders)}
        rows = [{"org": org, "name": org, "quote": price, "reasons": []} for org, price in self.price.items()]
        self.tell("sealed.quotes-fixed", rows=rows, formula=told)
        for each in self.lied("sealed.explanations", []):
            self.tell("sealed.explanation-judged", **each)
        prices = {org: Decimal(price) for org, price in self.price.items()}
        (self.judged if self.factors else self.measured)(prices)
        return self

    def measured(self, prices: quotes.Prices) -> None:
        given: dict[str, Any] = {}
        if self.formula == quotes.REFERENCE:
            draw = f"{NUMBER}/coefficient/1"
            strata = [{"key": quotes.COEFFICIENT, "need": 1, "standby": 0}]
            outcome = self.ceremony(draw, quotes.coefficient_pool(COEFFICIENTS), strata)
            value = outcome.result[0]["chosen"][0]
            given = {"values": COEFFICIENTS, "coefficient": value, "coefficient_draw": draw}
        standing = quotes.groups(self.formula, prices, Decimal(given["coefficient"]) if given else None)
        orders = self.settled(standing)
        basis = quotes.basis(self.formula, prices, orders=orders, tie_draw=f"{NUMBER}/tie/1" if orders else "", **given)
        order = quotes.ranking(standing, orders)
        out = {org: "最高或者最低报价，不参与中选" for org in self.price if org not in order}
        self.award(basis, ranked(order, self.price.__getitem__, out))

    def settled(self, standing: list[list[str]]) -> list[list[str]]:
        if not quotes.tied(standing):
            return []
        outcome = self.ceremony(f"{NUMBER}/tie/1", quotes.tie_pool(standing), quotes.tie_strata(standing))
        found = lots.summary(outcome.result)
        return [[*found[key]["chosen"], *found[key]["standby"]] for key in sorted(found)]

    def judged(self, prices: quotes.Prices) -> None:
        for seat in (1, 2, 3, 4):
            self.tell("sealed.judge-declared", seat=seat, recused=seat == 2)
        seats = ["1", "3", "4"]
        scores = {
            org: {seat: {"f1": "30.5", "f2": str(20 + (n > 0))} for seat in seats} for n, org in enumerate(prices)
        }
        for seat in (1, 3, 4):
            for given in range(1, len(prices) + 1):
                self.tell("sealed.assessed", seat=seat, given=given)
        weight = Decimal(30)
        standing = merit.groups(scores, prices, weight)
        orders = self.settled(standing)
        basis = {
            "factors": FACTORS, "weight": "30",
            "judges": [{"seat": int(seat), "name": f"评审{seat}"} for seat in seats],
            "scores": scores, "reasons": {org: dict.fromkeys(seats, REASON) for org in prices},
            "ties": quotes.told_ties(standing, orders, f"{NUMBER}/tie/1"),
        }  # fmt: skip
        self.award(basis, ranked(quotes.ranking(standing, orders), self.price.__getitem__))


def on_basis(change: Lie) -> Lie:
    return lambda told: {**told, "basis": change(told["basis"])}


def swapped(told: dict[str, Any]) -> dict[str, Any]:
    """The first two change places."""
    ranks = {1: 2, 2: 1}
    return {**told, "bids": [{**bid, "rank": ranks.get(bid["rank"], bid["rank"])} for bid in told["bids"]]}


def other_quote(told: dict[str, Any]) -> dict[str, Any]:
    first, *rest = told["bids"]
    return {**told, "bids": [{**first, "quote": "1.00"}, *rest]}


def less(key: str, cut: Lie = lambda rows: rows[1:]) -> Lie:
    return lambda told: {**told, key: cut(told[key])}


def points(first: str) -> dict[str, dict[str, str]]:
    """The same from every judge."""
    return {seat: {"f1": first, "f2": "30"} for seat in "134"}


def cheaper(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The third quote is told a step too dear."""
    return [
        {**row, "data": {**row["data"], "price": "94900.00"}} if row["data"].get("number") == 3 else row
        for row in entries
    ]


def unexplained(accepted: bool | None) -> dict[str, Lie]:
    """The winner was asked to explain, and it was taken, was not, or nobody said."""
    asked = {"org": FIRMS[1], "price": "86500.00", "grounds": ["低"], "until": DEADLINE}
    judged = [] if accepted is None else [{"org": FIRMS[1], "accepted": accepted, "reason": "有依据"}]
    return {"auction.explanation-askeds": lambda _: [asked], "auction.explanation-judgeds": lambda _: judged}


def logged(kind: str, **changes: Any) -> dict[str, Lie]:
    return {kind: lambda told: {**told, **changes}}


# Honest choices: how each is made, and what its report's line says.
HONEST: dict[str, tuple[Callable[..., Choice], str]] = {
    "lots": (ByLot, "3 家进入抽取，1 家不进入"),
    "credit": (lambda folder, **more: ByLot(folder, picked=True, **more), "3 家进入抽取"),
    "auction": (Auctioned, "5 次报价逐次重放，延时 2 次"),
    "explained": (lambda folder, **more: Auctioned(folder, lies=unexplained(True), **more), "5 次报价逐次重放"),
    "lowest": (Priced, "3 份报价与开启时相同"),
    "reference": (lambda folder, **more: Priced(
        folder, formula="reference", prices=("2600.00", "2500.00", "2700.01"), **more), "3 份报价与开启时相同"),
    "merit": (lambda folder, **more: Priced(folder, factors=True, **more), "3 份报价与开启时相同"),
}  # fmt: skip

# What is told instead of the truth, of which choice; the line of the report finds every one of them.
LIES: tuple[tuple[str, dict[str, Lie]], ...] = (
    ("lots", {"report": swapped}),
    ("lots", {"report": on_basis(lambda basis: {**basis, "seed": "00" * 32})}),
    ("lots", {"report": on_basis(less("pool"))}),
    ("lots", {"report": less("bids", lambda rows: rows[:-1])}),
    ("lots", {"report": lambda told: {**told, "method": "direct"}}),
    ("lots", {"pool": less("out")}),
    ("lots", {"pool": less("eligible", lambda rows: [{**rows[0], "tickets": 2}, *rows[1:]])}),
    ("lots", {"entrants": less("live")}),
    ("credit", {"report": on_basis(lambda basis: {**basis, "reason": "熟人"})}),
    ("credit", {"report": on_basis(lambda basis: {**basis, "picked": FIRMS[3]})}),
    ("auction", {"report": swapped}),
    ("auction", {"report": other_quote}),
    ("auction", {"report": on_basis(less("entries", lambda rows: rows[:2] + rows[3:]))}),
    ("auction", {"entries": cheaper}),
    ("auction", {"entrants": less("live")}),
    ("auction", {"market.purchase-terms": lambda told: {
        **told, "terms": {**told["terms"], "auction": {**told["terms"]["auction"], "step": "400.00"}}}}),
    ("auction", unexplained(False)),
    ("auction", unexplained(None)),
    ("lowest", {"report": swapped}),
    ("lowest", {"report": other_quote}),
    ("lowest", {"report": on_basis(less("ties"))}),
    ("lowest", {"report": on_basis(lambda basis: {**basis, "formula": "reference"})}),
    ("lowest", {"sealed.quotes-fixed": less("rows")}),
    ("lowest", {"sealed.quotes-fixed": lambda told: {**told, "formula": {**FORMULA, "key": "reference"}}}),
    ("lowest", {"sealed.explanations": lambda _: [{"org": "BIDDER2", "accepted": False, "reason": "没有依据"}]}),
    ("reference", {"report": on_basis(lambda basis: {**basis, "mean": "2600.01"})}),
    ("reference", {"report": on_basis(lambda basis: {
        **basis, "coefficient": {**basis["coefficient"], "values": ["0.95", "0.96"]}})}),
    ("merit", {"report": on_basis(lambda basis: {**basis, "weight": "29"})}),
    ("merit", {"report": on_basis(lambda basis: {**basis, "judges": basis["judges"][:2]})}),
    ("merit", {"report": on_basis(less("scores", lambda told: {**told, "BIDDER1": points("40.5")}))}),
    ("merit", {"report": on_basis(less("scores", lambda told: {**told, "BIDDER1": points("40")}))}),
    ("merit", {"report": swapped}),
    ("merit", logged("sealed.judge-declared", recused=False)),
    ("merit", {"sealed.assessed": lambda told: {**told, "given": 2}}),
    ("merit", {"market.purchase-terms": lambda told: {**told, "terms": {**told["terms"], "factors": FACTORS[::-1]}}}),
)  # fmt: skip
