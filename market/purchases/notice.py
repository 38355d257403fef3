"""What is pinned when a purchase is published, and what its notice says."""

from collections.abc import Mapping
from typing import Any

from market.catalogue import words as catalogue_words
from market.catalogue.models import ItemVersion
from market.purchases.models import Purchase
from rulebook.times import iso


def terms(row: Purchase, *, more: Mapping[str, Any]) -> dict[str, Any]:
    """`purchase/1`: everything the choice follows from.  more: what sealed offers need besides."""
    project = row.project
    return {
        "v": "purchase/1", "number": project.number, "method": project.method, "edition": project.edition,
        "item": {"code": row.item, "version": row.item_version, "sha256": row.item_sha256},
        "fund": row.fund, "least": row.least, "price_cap": str(project.price_cap), "price_known": row.price_known,
        "need": row.need, "excluded": row.excluded, "closes_at": iso(row.closes_at), "selects_at": iso(row.selects_at),
        "payment": row.payment, "attachments": files(row), **offered(row),
        **{name: getattr(row, name) for name in _asked(row)}, **more,
    }  # fmt: skip


def files(row: Purchase) -> list[dict[str, Any]]:
    """What the notice says of its attachments: the hash is what anyone compares a download with."""
    return [{name: each[name] for name in ("name", "size", "sha256")} for each in row.attachments]


def offered(row: Purchase) -> dict[str, Any]:
    """How quotes are sealed, where any are: by amount or by a rate off the cap, and for how long they bind."""
    if not row.project.procedure.takes_offers:
        return {}
    return {"valid_days": row.valid_days, **({"rate": row.rate} if row.rate else {})}


def content(row: Purchase, version: ItemVersion) -> dict[str, Any]:
    """The facts of the notice, in plain values."""
    project, procedure = row.project, row.project.procedure
    selection = procedure.selection
    assert selection is not None  # a purchase has a row of the supermarket
    return {
        "service": {"code": row.item, "version": row.item_version, "sha256": row.item_sha256, "name": version.name},
        "method": procedure.title,
        "says": selection.says,
        "picks": selection.picks,
        "item": project.item,
        "category": project.category,
        "demand": project.demand,
        "scale": row.scale,
        "region": row.region,
        "days": row.days,
        **_tariff(row, version),
        "price_cap": str(project.price_cap),
        "price_known": row.price_known,
        "payment": row.payment,
        **offered(row),
        "attachments": row.attachments,
        "fund": row.fund,
        "fund_percent": f"{row.fund_share * 100:.0f}",
        "need": row.need,
        "excluded": row.excluded,
        "least": row.least,
        "deadline": iso(row.closes_at),
        "selects_at": iso(row.selects_at),
        **{name: getattr(row, name) for name in _asked(row)},
        "coefficients": list(selection.coefficients),
        "publicity": procedure.publicity.words if procedure.publicity else "",
        "accept": selection.accept.words,
        "objection": procedure.objection.words,
        "remedy": procedure.remedy,
        "again": row.again,
        "reason": row.reason,
        "terms_sha256": row.terms_sha256,
        "documents": [],
    }


def _tariff(row: Purchase, version: ItemVersion) -> dict[str, Any]:
    """What the government lets the item cost, and how much of it is bought."""
    if row.quantity is None or not (words := catalogue_words.tariff(version.content)):
        return {}
    return {"tariff": words, "quantity": f"{row.quantity.normalize():f}"}


def _asked(row: Purchase) -> tuple[str, ...]:
    """Which further terms its way of choosing has."""
    selection = row.project.procedure.selection
    return selection.asks if selection else ()
