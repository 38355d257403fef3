"""A file that is kept keeps its name through a power cut: every folder above it is synced before anybody is told."""

import hashlib
import io
import os
from pathlib import Path

import pytest

from ledger import keys
from ledger.storage.folder import Folder
from rulebook import lasting


@pytest.fixture
def synced(monkeypatch):
    """The paths that are synced, in their order."""
    found, sync = list[Path](), os.fsync

    def noted(handle: int) -> None:
        found.append(Path(os.readlink(f"/proc/self/fd/{handle}")))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(lasting, "_known", set())
    return found


def test_a_file_put_into_a_new_folder_is_named_on_the_disk_up_to_the_top(tmp_path, synced):
    data = b"envelope"
    for name in ("envelopes/ab/one", "envelopes/ab/two"):
        Folder(tmp_path).put(name, io.BytesIO(data), sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    draft, *folders = synced
    assert draft.name.startswith("one.")
    above = [tmp_path / "envelopes/ab", tmp_path / "envelopes", tmp_path, *tmp_path.parents]
    assert folders[: len(above)] == above
    # The folders above are known now; its own is synced for every name.
    assert [path.name for path in synced[1 + len(above) + 1 :]] == ["ab"]


def test_a_folder_above_that_may_not_be_read_is_not_ours_to_sync(tmp_path, synced, monkeypatch):
    opened = os.open

    def may_open(path, flags, *more, **told):
        if path == tmp_path.parent:
            raise PermissionError(path)
        return opened(path, flags, *more, **told)

    monkeypatch.setattr(os, "open", may_open)
    lasting.make_last(tmp_path / "file")
    assert synced == [tmp_path]


def test_a_public_key_is_whole_and_not_touched_again(tmp_path, settings):
    settings.KEYS = tmp_path
    kept = tmp_path / "log.vkey"
    keys.signer("log")
    written, before = kept.read_text(), kept.stat().st_ino
    keys._signer.cache_clear()
    keys.signer("log")
    assert kept.stat().st_ino == before
    kept.write_text("")  # as a power cut may leave it
    keys._signer.cache_clear()
    keys.signer("log")
    assert kept.read_text() == written and sorted(tmp_path.iterdir()) == [tmp_path / "log.key", kept]
