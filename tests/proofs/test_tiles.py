"""Tiles: their paths, what must be written as a log grows, and proofs read from them alone."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.merkle import Tree, consistency_proof, inclusion_proof, leaf_hash, tree_root
from proofs.tiles import Tile, TileNodes, decode_bundle, encode_bundle, parse_path, tile_data, tiles_of


@cache
def tree() -> Tree:
    """Made by who asks for it, not by every worker that only looks which tests there are."""
    return Tree(leaf_hash(b"%d" % number) for number in range(70_000))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067, 256), "tile/0/x001/x234/067"),
        (Tile(1, 5, 7), "tile/1/005.p/7"),
        (Tile(None, 1000, 1), "tile/entries/x001/000.p/1"),
    ],
)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    ["tile/0/00", "tile/0/x000/001", "tile/00/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/1234", "tile/x/000",
     "tile/0/000/", "/tile/0/000", "tile/0/../000", "tile/0/000.p/01"],
)  # fmt: skip
def test_a_path_has_one_spelling(path: str) -> None:
    with pytest.raises(ValueError, match="not a tile"):
        parse_path(path)


def test_a_million_paths_round_trip() -> None:
    for index in (0, 1, 255, 999, 1000, 999_999, 1_000_000, 123_456_789):
        assert parse_path(Tile(2, index, 17).path) == Tile(2, index, 17)


class Shop:
    """A directory of tiles, written as a log grows."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.size = 0

    def grow(self, size: int) -> None:
        for tile in tiles_of(size, since=self.size):
            if tile.level is not None:
                assert tile.path not in self.files
                self.files[tile.path] = tile_data(tile, tree().nodes)
        self.size = size

    def fetch(self, tile: Tile) -> bytes:
        return self.files[tile.path]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 70_000), min_size=1, max_size=6).map(sorted), st.data())
def test_proofs_come_from_the_tiles_written_on_the_way(sizes: list[int], data: st.DataObject) -> None:
    shop = Shop()
    for size in sizes:
        shop.grow(size)
    for size in sizes:
        nodes = TileNodes(size, shop.fetch)
        assert tree_root(size, nodes) == tree().root(size)
        old = data.draw(st.integers(0, size))
        assert consistency_proof(old, size, nodes) == tree().consistency(old, size)
        if size:
            index = data.draw(st.integers(0, size - 1))
            assert inclusion_proof(index, size, nodes) == tree().inclusion(index, size)


def test_growing_writes_every_tile_once_and_bundles_beside_them() -> None:
    assert [tile.path for tile in tiles_of(257)] == [
        "tile/entries/000", "tile/entries/001.p/1", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1",
    ]  # fmt: skip
    assert [tile.path for tile in tiles_of(258, since=257)] == ["tile/entries/001.p/2", "tile/0/001.p/2"]
    assert list(tiles_of(300, since=300)) == []


def test_a_node_outside_the_tree_is_not_made_up() -> None:
    shop = Shop()
    shop.grow(300)
    with pytest.raises(LookupError):
        TileNodes(300, shop.fetch)(8, 1)
    with pytest.raises(LookupError):
        TileNodes(300, shop.fetch)(0, 300)


def test_a_tile_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        tree_root(300, TileNodes(300, lambda tile: b"short"))


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_bundles_round_trip(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


def test_a_cut_bundle_is_refused_and_a_long_entry_too() -> None:
    for cut in (1, 2, 3):
        with pytest.raises(ValueError, match="cut short"):
            decode_bundle(encode_bundle([b"abc"])[:-cut])
    with pytest.raises(ValueError, match="64 KiB"):
        encode_bundle([bytes(65_536)])
    with pytest.raises(ValueError, match="256"):
        encode_bundle([b""] * 257)
