"""Which large objects a record must hold: those its entries name."""

from collections.abc import Iterator, Sequence

from proofs.record.archive import READ_OUT
from proofs.record.proven import Proven


def named_blobs(entries: Sequence[Proven]) -> Iterator[str]:
    """The hashes of the large objects that entries of these kinds always name."""
    always = {
        "market.notice-published": ("sha256",),
        "opening.hall-opened": ("live_sha256", "sealed_sha256", "bidders_sha256"),
        "opening.bidders-done": ("releases_sha256",),
        "opening.record": ("sha256",),
        "opening.quotes-disclosed": ("sha256",),
        "opening.room-disclosed": ("sha256",),
        "draw.spec": ("pool_sha256",),
        "draw.deal": ("deal_sha256",),
        "market.award-published": ("report_sha256",),
        "selection.entrants-published": ("sha256",),
        "selection.pool-frozen": ("sha256",),
    }
    released: set[str] = set()
    rounds = any(entry.kind == "tender.terms" and entry.data.get("rounds") is True for entry in entries)
    alone = any(entry.kind == "tender.terms" and entry.data["pol"] == "C" for entry in entries)
    disclosed = any(entry.kind == "opening.quotes-disclosed" for entry in entries)
    read_out, opened = (() if rounds else READ_OUT), (READ_OUT if disclosed or not rounds else ())
    for entry in entries:
        within = entry.kind == "opening.hall-opened" and "bidders" in entry.data  # once, they were told in the entry
        yield from (entry.data[key] for key in always.get(entry.kind, ()) if not (within and key == "bidders_sha256"))
        if entry.kind == "opening.session-opened" and "round" in entry.data:
            yield from (entry.data["live_sha256"], entry.data["sealed_sha256"])
        if entry.kind == "market.award-published" and entry.data.get("sheets_sha256"):
            yield entry.data["sheets_sha256"]
        if entry.kind == "market.award-published":
            yield from (each["report_sha256"] for each in entry.data.get("earlier", ()))
        if entry.kind == "tender.terms":
            yield from entry.data["units"].values()
        if entry.kind == "opening.holder-released" and entry.data["part"] in read_out:
            yield entry.data["releases_sha256"]
        if entry.kind == "opening.rescued" and entry.data["part"] in read_out:
            yield entry.data["statement_sha256"]
        if entry.kind == "opening.bidders-done":
            released.update(*entry.data["released"].values())
        if entry.kind == "opening.verdict" and entry.data["part"] in opened:
            yield from [entry.data["env_sha256"]] if alone or entry.data["eid"] in released else ()
