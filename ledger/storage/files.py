"""The same storage for fields of tables: files under random names, never changed, deleted with a draft."""

from typing import IO, Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from ledger import blobs, storage

FOLDER = "files"


@deconstructible
class Files(Storage):
    """What a FileField needs of the house's storage."""

    def _open(self, name: str, mode: str = "rb") -> File:
        return File(cast(IO[Any], blobs.opened(stored_as(name))), name)

    def _save(self, name: str, content: File) -> str:
        blobs.keep_as(stored_as(name), cast(BinaryIO, content))
        return name

    def delete(self, name: str) -> None:
        blobs.forget_as(stored_as(name))

    def exists(self, name: str) -> bool:
        return storage.store().size(stored_as(name)) is not None

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """As it is: the names are random, and asking takes as long as putting."""
        return name

    def size(self, name: str) -> int:
        found = storage.store().size(stored_as(name))
        if found is None:
            raise FileNotFoundError(name)
        return found


def stored_as(name: str) -> str:
    """Under which name a field's file lies in the storage."""
    return f"{FOLDER}/{name}"
