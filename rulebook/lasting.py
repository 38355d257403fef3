"""Names that survive a power cut: a file's bytes are safe once it is synced, its name only once its folder is."""

import os
from pathlib import Path

_known: set[Path] = set()  # folders whose own names were seen to the disk by this process


def make_last(path: Path) -> None:
    """See a name of a file to the disk, and with it, once a process, the name of every folder it lies in.

    Also those that were there already: whoever has just made one may not have come so far.
    """
    folder = path.absolute().parent
    _sync(folder)
    while folder not in _known and folder != folder.parent:
        try:
            _sync(folder.parent)
        except PermissionError:
            return  # not ours to read: it stood before us
        _known.add(folder)
        folder = folder.parent


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
