"""From a folder into a bucket, while the house stands still: every file under its name, each verified by its hash."""

from collections.abc import Iterator
from pathlib import Path

from ledger.storage import Differs, Store
from ledger.storage.folder import hash_of

FOLDERS = ("blobs", "envelopes", "issued", "evidence", "opened", "archives", "files", "open-data")
NAMED = frozenset({"blobs", "envelopes", "issued", "evidence", "opened", "archives"})  # by their content


def move(place: Path, store: Store) -> Iterator[str]:
    """Put what lies in the data folder into the store; yields the name of each file that is there now.

    What is there already is only looked at, so that it goes on where it broke off. The folder is left as it is.
    Raises Differs where a file is not what its name says, or other bytes lie there under its name; Unavailable.
    """
    for folder in FOLDERS:
        for path in sorted(path for path in (place / folder).rglob("*") if path.is_file()):
            name = path.relative_to(place).as_posix()
            sha256, size = hash_of(path), path.stat().st_size
            if folder in NAMED and sha256 != path.name:
                raise Differs(f"{name}: damaged, its bytes are {sha256}")
            if store.size(name) != size:
                with path.open("rb") as file:
                    store.put(name, file, sha256=sha256, size=size)
            store.confirm(name, sha256)
            yield name
