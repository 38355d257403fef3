"""A log as static files: tiles of hashes and bundles of entries.

Spec: C2SP tlog-tiles (tile height 8). A tile at level L holds up to 256 consecutive node hashes of tree level 8·L;
a bundle holds the 256 entries beneath a level-0 tile. All are written once; what is not full yet is partial
(`.p/W`) and stays valid beside the full one that follows it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from proofs.merkle import HASH_SIZE, Nodes, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
MAX_ENTRY = 0xFFFF
_PATH = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


@dataclass(frozen=True)
class Tile:
    """One tile: level (None for a bundle of entries), index, and how many hashes or entries it holds (1–256)."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its path beneath the log's prefix, `tile/0/x001/234.p/5`."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level is None else str(self.level)
        return f"tile/{level}/{number}" + (f".p/{self.width}" if self.width < WIDTH else "")


def parse_path(path: str) -> Tile:
    """The tile a path names. Raises ValueError unless it is spelt exactly as `Tile.path` spells it."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise ValueError(f"not a tile's path: {path!r}")
    level, number, width = found.groups()
    tile = Tile(
        level=None if level == "entries" else int(level),
        index=int(number.replace("x", "").replace("/", "")),
        width=WIDTH if width is None else int(width),
    )
    if tile.path != path:
        raise ValueError(f"not a tile's path: {path!r}")
    return tile


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """The hash tiles and bundles to write when a log grows from `since` to `size` entries, partial ones last cut."""
    if not 0 <= since <= size:
        raise ValueError(f"a log does not grow from {since} to {size}")
    for level in (None, *range(64 // HEIGHT)):
        shift = HEIGHT * (level or 0)
        had, has = since >> shift, size >> shift
        for index in range(had // WIDTH, -(-has // WIDTH)):
            width = min(WIDTH, has - index * WIDTH)
            if index * WIDTH + width > had:
                yield Tile(level, index, width)


def tile_data(tile: Tile, nodes: Nodes) -> bytes:
    """The bytes of a hash tile."""
    if tile.level is None:
        raise ValueError("a bundle of entries is made of entries: encode_bundle")
    level = tile.level * HEIGHT
    return b"".join(nodes(level, tile.index * WIDTH + at) for at in range(tile.width))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The entries of one bundle, each with its length in two bytes before it.

    Raises ValueError for more than 256 entries or an entry of more than 65 535 bytes.
    """
    if len(entries) > WIDTH:
        raise ValueError("a bundle holds 256 entries")
    if any(len(entry) > MAX_ENTRY for entry in entries):
        raise ValueError("an entry must be shorter than 64 KiB: log the hash of a large thing")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ValueError when the lengths do not fit."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > len(data) or len(data) - at < 2:
            raise ValueError("a bundle is cut short")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries


Fetch = Callable[[Tile], bytes]
"""The bytes of a tile or bundle. May raise LookupError or OSError."""


class TileNodes:
    """The nodes of a tree of `size` leaves, read from its tiles as they are needed and kept.

    Call it as `merkle.Nodes`. ValueError when a tile has the wrong length.
    """

    def __init__(self, size: int, fetch: Fetch) -> None:
        self._size = size
        self._fetch = fetch
        self._tiles: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree of the tree."""
        if (index + 1) << level > self._size or index < 0:
            raise LookupError(f"node {level}/{index} is not complete in a tree of {self._size}")
        tile_level, above = divmod(level, HEIGHT)
        first = index << above
        data = self._tile(tile_level, first // WIDTH)
        at = first % WIDTH * HASH_SIZE
        row = [data[at + i * HASH_SIZE : at + (i + 1) * HASH_SIZE] for i in range(1 << above)]
        while len(row) > 1:
            row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
        return row[0]

    def _tile(self, level: int, index: int) -> bytes:
        data = self._tiles.get((level, index))
        if data is None:
            width = min(WIDTH, (self._size >> HEIGHT * level) - index * WIDTH)
            data = self._fetch(Tile(level, index, width))
            if len(data) != width * HASH_SIZE:
                raise ValueError(f"{Tile(level, index, width).path} has {len(data)} bytes")
            self._tiles[level, index] = data
        return data
