"""The trees of the two logs, read from their tiles: no proof ever hashes history again."""

from ledger.models import Edge, Tile
from proofs import tiles
from proofs.merkle import HASH_SIZE
from proofs.tiles import WIDTH, TileNodes

BUNDLE = -1  # the level under which bundles of entries are kept


def nodes(log: str, size: int) -> TileNodes:
    """The nodes of a log's first `size` leaves; keep it for several proofs, it reads each tile once."""
    return TileNodes(size, lambda tile: fetch(log, tile))


def fetch(log: str, tile: tiles.Tile) -> bytes:
    """The bytes of a tile or bundle, full or partial. LookupError when the log does not reach so far.

    What is partial is looked for at the edge first: should the edge become a full tile meanwhile, the full one is
    there by the time it is asked for.
    """
    if tile.width < WIDTH:
        found = _bundle_at_edge(log, tile) if tile.level is None else _hashes_at_edge(log, tile.level, tile)
        if found is not None:
            return found
    row = Tile.objects.filter(log=log, level=BUNDLE if tile.level is None else tile.level, n=tile.index).first()
    if row is None:
        raise LookupError(tile.path)
    data = bytes(row.data)
    if tile.width == WIDTH:
        return data
    if tile.level is None:
        return tiles.encode_bundle(tiles.decode_bundle(data)[: tile.width])
    return data[: tile.width * HASH_SIZE]


def edge(log: str, start: int, end: int) -> list[Edge]:
    """The rows of the leaves [start, end) at the edge, in order."""
    return list(Edge.objects.filter(log=log, index__gte=start, index__lt=end).order_by("index"))


def roots(log: str, level: int, start: int, end: int) -> list[bytes]:
    """The roots of the full tiles [start, end) of a level, in order."""
    found = Tile.objects.filter(log=log, level=level, n__gte=start, n__lt=end).order_by("n")
    return [bytes(root) for root in found.values_list("root", flat=True)]


def _hashes_at_edge(log: str, level: int, tile: tiles.Tile) -> bytes | None:
    start = tile.index * WIDTH
    end = start + tile.width
    found = roots(log, level - 1, start, end) if level else [bytes(row.hash) for row in edge(log, start, end)]
    return b"".join(found) if len(found) == tile.width else None


def _bundle_at_edge(log: str, tile: tiles.Tile) -> bytes | None:
    start = tile.index * WIDTH
    found = [bytes(row.leaf) for row in edge(log, start, start + tile.width)]
    return tiles.encode_bundle(found) if len(found) == tile.width else None
